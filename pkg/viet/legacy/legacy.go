// Package legacy reads and writes Vietnamese text as it was before Unicode in
// NFC: TCVN3 (the ABC fonts), TCVN 5712, VNI for Windows, VISCII, CP1258, VIQR,
// and two accidents that Unicode text meets, decomposed letters and UTF-8 that
// was encoded twice. Each is an encoding.Encoding of golang.org/x/text, so that
// it works with transform.NewReader and everything else built on that package;
// Detect tells which one a text is in.
//
// Decoders return UTF-8 in NFC and never fail: a byte that means nothing becomes
// U+FFFD. Encoders take UTF-8 in any normal form and stop at the first letter
// that the encoding lacks, unless wrapped in encoding.ReplaceUnsupported.
package legacy

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Names of encodings, as Detect returns them and Lookup takes them.
const (
	NameUTF8     = "utf-8"
	NameUTF16LE  = "utf-16le"
	NameUTF16BE  = "utf-16be"
	NameNFD      = "nfd"         // UTF-8 with decomposed letters
	NameDouble   = "double-utf8" // UTF-8 read as Windows-1252 and encoded again
	NameTCVN3    = "tcvn3"
	NameTCVN5712 = "tcvn5712"
	NameVNI      = "vni"
	NameVISCII   = "viscii"
	NameCP1258   = "cp1258"
	NameVIQR     = "viqr"
)

// Names lists what Lookup takes, in the order in which help should show it.
func Names() []string {
	return []string{NameTCVN3, NameTCVN5712, NameVNI, NameVISCII, NameCP1258, NameVIQR,
		NameUTF8, NameNFD, NameDouble, NameUTF16LE, NameUTF16BE}
}

var aliases = map[string]string{
	"abc": NameTCVN3, "tcvn": NameTCVN3, "tcvn-3": NameTCVN3,
	"vn1": NameTCVN5712, "tcvn-5712": NameTCVN5712, "tcvn5712-1": NameTCVN5712,
	"vni-win": NameVNI, "vni-windows": NameVNI,
	"windows-1258": NameCP1258, "cp-1258": NameCP1258, "1258": NameCP1258,
	"vietnet": NameVIQR,
	"utf8":    NameUTF8, "nfc": NameUTF8, "unicode": NameUTF8,
	"utf-8-nfd": NameNFD, "decomposed": NameNFD,
	"utf-16": NameUTF16LE, "utf16": NameUTF16LE, "utf16le": NameUTF16LE, "utf16be": NameUTF16BE,
	"double": NameDouble, "mojibake": NameDouble,
}

// Lookup returns the encoding of a name or of one of its aliases, in any case,
// with the name under which Detect knows it.
func Lookup(name string) (encoding.Encoding, string, error) {
	n := strings.ToLower(strings.TrimSpace(name))
	if a, ok := aliases[n]; ok {
		n = a
	}
	if e, ok := encodings[n]; ok {
		return e, n, nil
	}
	known := Names()
	slices.Sort(known)
	return nil, "", fmt.Errorf("unknown encoding %q: know %s", name, strings.Join(known, ", "))
}

// The encodings.
var (
	UTF8     encoding.Encoding = codec{NameUTF8, newNFC, newNFC}
	NFD      encoding.Encoding = codec{NameNFD, newNFC, func() transform.Transformer { return norm.NFD }}
	Double   encoding.Encoding = codec{NameDouble, newUndouble, newRedouble}
	TCVN3    encoding.Encoding = codec{NameTCVN3, newTCVN3Decoder, newTCVN3Encoder}
	TCVN5712 encoding.Encoding = tableCodec(NameTCVN5712, tcvn5712)
	VNI      encoding.Encoding = tableCodec(NameVNI, vni)
	VISCII   encoding.Encoding = tableCodec(NameVISCII, viscii)
	CP1258   encoding.Encoding = tableCodec(NameCP1258, cp1258)
	VIQR     encoding.Encoding = codec{NameVIQR, newVIQRDecoder, newVIQREncoder}
)

var encodings = map[string]encoding.Encoding{
	NameUTF8: UTF8, NameNFD: NFD, NameDouble: Double,
	NameTCVN3: TCVN3, NameTCVN5712: TCVN5712, NameVNI: VNI, NameVISCII: VISCII, NameCP1258: CP1258, NameVIQR: VIQR,
	NameUTF16LE: utf16{unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), NameUTF16LE},
	NameUTF16BE: utf16{unicode.UTF16(unicode.BigEndian, unicode.UseBOM), NameUTF16BE},
}

// codec is an encoding made of two constructors.
type codec struct {
	name     string
	dec, enc func() transform.Transformer
}

func tableCodec(name string, t func() *table) codec {
	return codec{name,
		func() transform.Transformer { return t().newDecoder() },
		func() transform.Transformer { return t().newEncoder() }}
}

func (c codec) NewDecoder() *encoding.Decoder { return &encoding.Decoder{Transformer: c.dec()} }
func (c codec) NewEncoder() *encoding.Encoder { return &encoding.Encoder{Transformer: c.enc()} }
func (c codec) String() string                { return c.name }

// utf16 decodes to NFC, like the others here.
type utf16 struct {
	encoding.Encoding
	name string
}

func (u utf16) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: transform.Chain(u.Encoding.NewDecoder(), norm.NFC)}
}
func (u utf16) String() string { return u.name }

// newNFC decodes UTF-8: a byte order mark is dropped, invalid bytes become
// U+FFFD, letters are composed.
func newNFC() transform.Transformer {
	return transform.Chain(unicode.UTF8BOM.NewDecoder(), norm.NFC)
}

// An UnsupportedError is a letter that an encoding can't write.
type UnsupportedError struct {
	Rune     rune
	Encoding string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s can't write %q (%U)", e.Encoding, e.Rune, e.Rune)
}

// Replacement is what encoding.ReplaceUnsupported puts in the letter's place.
func (e *UnsupportedError) Replacement() byte { return '?' }
