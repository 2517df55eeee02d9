package document

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A Kind is a kind of file, recognised by its content.
type Kind string

const (
	PDF   Kind = "PDF"
	TIFF  Kind = "TIFF"
	PNG   Kind = "PNG"
	JPEG  Kind = "JPEG"
	BMP   Kind = "BMP"
	WebP  Kind = "WebP"
	GIF   Kind = "GIF"
	PNM   Kind = "PNM"
	JP2   Kind = "JPEG 2000"
	Text  Kind = "text"
	Other Kind = ""
)

// SniffLen is how much of a file Sniff looks at. Some producers put up to a
// kilobyte of their own before "%PDF-".
const SniffLen = 1024

// Sniff returns the kind of a file that starts with head, and for a kind we
// do not read what it looks like ("a Word document"), if that is known.
func Sniff(head []byte) (k Kind, looks string) {
	has := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case has("\x89PNG\r\n\x1a\n"):
		return PNG, ""
	case has("\xff\xd8\xff"):
		return JPEG, ""
	case has("II*\x00"), has("MM\x00*"), has("II+\x00"), has("MM\x00+"):
		return TIFF, ""
	case has("BM") && len(head) > 14 && bytes.IndexByte(head[6:10], 0) >= 0:
		return BMP, ""
	case has("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return WebP, ""
	case has("GIF8"):
		return GIF, ""
	case len(head) > 2 && head[0] == 'P' && head[1] >= '4' && head[1] <= '6' && isSpace(head[2]):
		return PNM, ""
	case has("\x00\x00\x00\x0cjP  "), has("\xff\x4f\xff\x51"):
		return JP2, ""
	case bytes.Contains(head[:min(len(head), SniffLen)], []byte("%PDF-")):
		return PDF, ""
	case has("PK\x03\x04"):
		return Other, "a ZIP archive or an Office document"
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return Other, "an old Word or Excel document"
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return Other, "a HEIC picture or a film"
	case has("AT&TFORM"):
		return Other, "a DjVu document"
	case has("{\\rtf"):
		return Other, "an RTF document"
	case has("%!PS"):
		return Other, "a PostScript file"
	case has("version https://git-lfs"):
		return Other, "a git-lfs pointer, not the file itself"
	case len(head) > 0 && isText(head):
		return Text, "text"
	case bytes.Contains(head[:min(len(head), SniffLen)], []byte(" 0 obj")): // without its head
		return PDF, ""
	}
	return Other, ""
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// isText reports whether head looks like UTF-8 text, cut off anywhere.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if r < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b", r) {
			return false
		}
		head = head[n:]
	}
	return true
}

// extensions are those of the kinds we read.
var extensions = map[string]bool{
	".pdf": true, ".tif": true, ".tiff": true, ".png": true, ".jpg": true, ".jpeg": true, ".jpe": true,
	".bmp": true, ".webp": true, ".gif": true, ".pbm": true, ".pgm": true, ".ppm": true, ".pnm": true,
	".jp2": true, ".j2k": true,
}

// HasKnownName reports whether a file met in a folder has the name of a kind we
// read, sound or not.
func HasKnownName(name string) bool {
	return extensions[strings.ToLower(filepath.Ext(name))]
}
