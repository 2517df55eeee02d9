package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// letterPages is a letter of two pages, each with a drawing, visible text in a font
// of its own and an image. Page n has the objects 10n (page), 10n+1 (contents),
// 10n+2 (resources), 10n+3 (image) and 10n+4 (font).
func letterPages(page func(n int) string) []string {
	objects := make([]string, 24)
	for i := range objects {
		objects[i] = "null"
	}
	objects[0] = catalog
	objects[1] = "<</Type/Pages/Kids[10 0 R 20 0 R]/Count 2/MediaBox[0 0 300 400]>>"
	for n := 1; n <= 2; n++ {
		k := 10*n - 1
		objects[k] = page(n)
		objects[k+1] = streamOf("", fmt.Sprintf("q 20 %d 60 40 re f Q BT /F 18 Tf 100 250 Td (Page %d) Tj ET q 200 0 0 100 50 50 cm /I Do Q", 300-50*n, n))
		objects[k+2] = fmt.Sprintf("<</Font<</F %d 0 R>>/XObject<</I %d 0 R>>>>", k+5, k+4)
		objects[k+3] = streamOf(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", 1+n), "\x00\xa0\x50\xf0\x30\xc0"[:2+2*n])
		objects[k+4] = helv
	}
	return objects
}

func letterFile() []byte {
	return source(letterPages(func(n int) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d1 0 R/Resources %d2 0 R>>", n, n)
	})...)
}

// entryOf replaces the row of object num in the table of cross-references.
func entryOf(num int, row string) func([]byte) []byte {
	return func(b []byte) []byte {
		table := bytes.LastIndex(b, []byte("\nxref\n0 ")) + 1
		rows := table + bytes.IndexByte(b[table+5:], '\n') + 6
		b = slices.Clone(b)
		copy(b[rows+20*num:], row)
		return b
	}
}

// instead replaces the first old by new, which must be as long.
func instead(old, new string) func([]byte) []byte {
	return func(b []byte) []byte {
		if len(old) != len(new) || !bytes.Contains(b, []byte(old)) {
			panic("bad replacement: " + old)
		}
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
}

// rewritten is what qpdf makes of a file.
func rewritten(t *testing.T, b []byte, options ...string) []byte {
	t.Helper()
	tool(t, "qpdf")
	in, out := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("qpdf", append(options, in, out)...).CombinedOutput(); err != nil {
		t.Fatalf("qpdf %v: %v\n%s", options, err, msg)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// addText adds a line to both pages of a letter and returns the copy.
func addText(t *testing.T, src []byte) ([]byte, Kept, error) {
	t.Helper()
	for _, name := range []string{"qpdf", "pdfinfo", "pdfimages", "pdftoppm", "pdftotext"} {
		tool(t, name)
	}
	file := filepath.Join(t.TempDir(), "source.pdf")
	if err := os.WriteFile(file, src, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	kept, err := AddText(t.Context(), &out, file, aboutLetter, func(yield func(int, Text) bool) {
		for n := 1; n <= 2; n++ {
			if !yield(n, Text{Lines: [][]Word{line(100, 100, 40, fmt.Sprintf("dòng thứ %d", n))}, Width: 600, Height: 800}) {
				return
			}
		}
	})
	return out.Bytes(), kept, err
}

// Whatever is wrong with a file that poppler draws, the copy has all pages, looks
// the same, has its text where it belongs, and is sound.
func TestDamagedFiles(t *testing.T) {
	inherited := source(letterPages(func(n int) string {
		return fmt.Sprintf("<</Type/Page/Contents %d1 0 R>>", n)
	})...)
	inherited = bytes.Replace(inherited, []byte("/MediaBox[0 0 300 400]>>"), []byte("/MediaBox[0 0 300 400]/Resources 12 0 R>>"), 1)
	inherited = rebuilt(inherited)
	comment := rebuilt(bytes.ReplaceAll(letterFile(), []byte("/I Do Q\nendstream"), []byte("/I Do Q % the end\nendstream")))
	comment = bytes.ReplaceAll(comment, []byte("/Length 90>>"), []byte("/Length 100>>"))
	ending := func(end string) []byte { // contents end so
		b := bytes.ReplaceAll(letterFile(), []byte("/I Do Q\nendstream"), []byte("/I Do Q "+end+"\nendstream"))
		return rebuilt(bytes.ReplaceAll(b, []byte("/Length 90>>"), fmt.Appendf(nil, "/Length %d>>", 91+len(end))))
	}
	objectStreams := func(b []byte) []byte { return rewritten(t, b, "--object-streams=generate") }
	linearized := func(b []byte) []byte { return rewritten(t, b, "--linearize") }
	for _, tt := range []struct {
		name string
		src  []byte
		edit func([]byte) []byte
		want Kept
	}{
		{"sound", letterFile(), nil, Appended},
		{"Parent is missing, and what is inherited comes down the tree", inherited, nil, Appended},
		{"Parent leads elsewhere", letterFile(), instead("/Parent 2 0 R", "/Parent 1 0 R"), Appended},
		{"contents end in a comment", rebuilt(comment), nil, Appended},
		{"contents end in a string", ending("(not closed"), nil, Appended},
		{"contents end in a dictionary", ending("<</A ["), nil, Appended},
		{"contents end in an operator that lacks operands", ending("/Span BDC"), nil, Appended},
		{"contents end in a q and a clip", ending("q 0 0 1 1 re W n"), nil, Appended},
		{"contents end in more Q than q", ending("Q Q Q"), nil, Appended},
		{"contents at another offset", letterFile(), entryOf(11, "0000000020"), Mended},
		{"resources at another offset", letterFile(), entryOf(12, "0000000020"), Mended},
		{"an image at another offset", letterFile(), entryOf(13, "0000000020"), Mended},
		{"a page at another offset", letterFile(), entryOf(10, "0000000020"), Mended},
		{"the page tree at another offset", letterFile(), entryOf(2, "0000000020"), Mended},
		{"contents are free", letterFile(), entryOf(11, "0000000000 65535 f"), Mended},
		{"resources are free", letterFile(), entryOf(12, "0000000000 65535 f"), Mended},
		{"resources of a page without images are free", bytes.Replace(letterFile(), []byte("200 0 0 100 50 50 cm /I Do"), []byte("                          "), 1), entryOf(12, "0000000000 65535 f"), Mended},
		{"a page is free", letterFile(), entryOf(20, "0000000000 65535 f"), Mended},
		{"Length is too short", letterFile(), instead("/Length 90", "/Length 33"), Mended},
		{"Length is too long", letterFile(), instead("/Length 90", "/Length 96"), Mended},
		{"Length is missing", letterFile(), instead("/Length 90", "/Langth 90"), Mended},
		{"startxref is wrong", letterFile(), func(b []byte) []byte {
			return regexp.MustCompile(`startxref\n\d+`).ReplaceAll(b, []byte("startxref\n7"))
		}, Mended},
		{"cut off after the trailer", letterFile(), func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("startxref"))] }, Mended},
		{"contents that can't be decoded", rebuilt(bytes.Replace(letterFile(), []byte("/Length 90>>"), []byte("/Length 90/Filter/DCTDecode>>"), 1)), nil, Appended},
		{"an answer of a web server before it", letterFile(), func(b []byte) []byte { return append([]byte("HTTP/1.1 200 OK\r\n\r\n"), b...) }, Mended},
		{"zeros after the end", letterFile(), func(b []byte) []byte { return append(slices.Clone(b), make([]byte, 4096)...) }, Mended},
		{"object streams", letterFile(), objectStreams, Appended},
		{"object streams, and zeros after the end", letterFile(), func(b []byte) []byte {
			return append(objectStreams(b), make([]byte, 4096)...)
		}, Mended},
		{"linearized", letterFile(), linearized, Appended},
		{"a page twice in the tree", letterFile(), instead("[10 0 R 20 0 R]", "[10 0 R 10 0 R]"), Mended},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			src := tt.src
			if tt.edit != nil {
				src = tt.edit(slices.Clone(src))
			}
			out, kept, err := addText(t, src)
			if err != nil || kept != tt.want {
				t.Fatalf("kept as %d, want %d: %v", kept, tt.want, err)
			}
			sameLook(t, src, out)
			for n := 1; n <= 2; n++ {
				page := strings.Join(strings.Fields(plain(t, out, "pdftotext", "-f", fmt.Sprint(n), "-l", fmt.Sprint(n), "FILE", "-")), " ")
				if want := fmt.Sprintf("dòng thứ %d", n); !strings.Contains(page, want) || strings.Count(page, "dòng") != 1 {
					t.Errorf("page %d reads %q, want %q in it", n, page, want)
				}
			}
			if kept == Mended {
				qpdfCheck(t, out)
			} else if !bytes.HasPrefix(out, src) {
				t.Error("the bytes of the source were changed")
			}
			if again, _, err := addText(t, src); err != nil || !bytes.Equal(again, out) {
				t.Errorf("a second run gives other bytes: %v", err)
			}
			twice, _, err := addText(t, out)
			if err != nil || strings.Count(plain(t, twice, "pdftotext", "FILE", "-"), "dòng") != 2 {
				t.Errorf("a second layer lies on the first: %v", err)
			}
		})
	}
}

// rebuilt gives a file that was edited its cross-references again.
func rebuilt(b []byte) []byte {
	var objects []string
	for _, m := range regexp.MustCompile(`(?s)\d+ 0 obj\n(.*?)\nendobj\n`).FindAllSubmatch(b, -1) {
		objects = append(objects, string(m[1]))
	}
	return source(objects...)
}

// plain is what a program says of a PDF, whatever it complains of.
func plain(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Errorf("%s %v: %v", name, args, err)
	}
	return string(out)
}

// sameLook compares all pages, drawn at 72 dpi, point by point. None may be blank.
func sameLook(t *testing.T, a, b []byte) {
	t.Helper()
	before := plain(t, a, "pdftoppm", "-r", "72", "-gray", "FILE")
	if white := strings.Count(before, "\xff"); len(before)-white < 100 { // headers are 30 bytes
		t.Error("the source is blank")
	}
	if before != plain(t, b, "pdftoppm", "-r", "72", "-gray", "FILE") {
		t.Error("the pages look different")
	}
}

// Files that only an owner's password protects keep their permissions.
func TestEncryptedFiles(t *testing.T) {
	for _, how := range [][]string{
		{"--allow-weak-crypto", "--encrypt", "", "owner", "40", "--extract=n", "--"},
		{"--allow-weak-crypto", "--encrypt", "", "owner", "128", "--modify=none", "--use-aes=n", "--"},
		{"--allow-weak-crypto", "--encrypt", "", "owner", "128", "--extract=n", "--use-aes=y", "--"},
		{"--encrypt", "", "owner", "256", "--print=low", "--modify=none", "--"},
		{"--encrypt", "", "owner", "256", "--cleartext-metadata", "--object-streams=generate", "--"},
	} {
		if how[len(how)-2] == "--object-streams=generate" { // which is no option of encryption
			how = append([]string{"--object-streams=generate"}, append(slices.Clone(how[:len(how)-2]), "--")...)
		}
		src := rewritten(t, letterFile(), how...)
		out, kept, err := addText(t, src)
		if err != nil || kept != Reencrypted {
			t.Fatalf("%v: kept as %d: %v", how, kept, err)
		}
		sameLook(t, src, out)
		of := func(b []byte) string {
			return regexp.MustCompile(`Encrypted:.*`).FindString(plain(t, b, "pdfinfo", "FILE"))
		}
		if of(src) != of(out) {
			t.Errorf("%v: %q became %q", how, of(src), of(out))
		}
		if got := plain(t, out, "pdftotext", "FILE", "-"); strings.Count(got, "dòng thứ") != 2 {
			t.Errorf("%v: pdftotext reads %q", how, got)
		}
	}
}

// A signature stays valid where the file is sound.
func TestSigned(t *testing.T) {
	tool(t, "openssl")
	tool(t, "pdfsig")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	openssl := func(args ...string) {
		t.Helper()
		if msg, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, msg)
		}
	}
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("key"), "-out", at("cert"), "-subj", "/CN=Van thu", "-days", "9")
	const room = 8192 // hexadecimal digits
	objects := letterPages(func(n int) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d1 0 R/Resources %d2 0 R>>", n, n)
	})
	objects[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]/SigFlags 3>>>>"
	objects[2] = "<</FT/Sig/T(s)/V 4 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 10 0 R>>"
	objects[3] = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 000000 000000 000000]/Contents<" + strings.Repeat("0", room) + ">>>"
	src := source(objects...)
	from := bytes.Index(src, []byte("/Contents<0000")) + len("/Contents")
	to := from + room + 2
	src = bytes.Replace(src, []byte("[0 000000 000000 000000]"), fmt.Appendf(nil, "[0 %06d %06d %06d]", from, to, len(src)-to), 1)
	if err := os.WriteFile(at("data"), slices.Concat(src[:from], src[to:]), 0o600); err != nil {
		t.Fatal(err)
	}
	openssl("cms", "-sign", "-binary", "-in", at("data"), "-signer", at("cert"), "-inkey", at("key"), "-outform", "DER", "-md", "sha256", "-out", at("sig"))
	sig, err := os.ReadFile(at("sig"))
	if err != nil {
		t.Fatal(err)
	}
	copy(src[from+1:], fmt.Sprintf("%x", sig))
	if got := plain(t, src, "pdfsig", "-nocert", "FILE"); !strings.Contains(got, "Signature is Valid") {
		t.Fatalf("the source: %s", got)
	}
	out, kept, err := addText(t, src)
	if err != nil || kept != Appended {
		t.Fatalf("kept as %d: %v", kept, err)
	}
	if got := plain(t, out, "pdfsig", "-nocert", "FILE"); !strings.Contains(got, "Signature is Valid") {
		t.Errorf("the copy: %s", got)
	}
	sameLook(t, src, out)
}

// A run over a copy gives the same copy, and one with nothing to add gives its bytes. What
// others put after our text, and text that a page would lose, stays.
func TestRunsDoNotPileUp(t *testing.T) {
	add := func(src []byte, a About, pages ...int) []byte {
		t.Helper()
		file := filepath.Join(t.TempDir(), "source.pdf")
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		kept, err := AddText(t.Context(), &out, file, a, func(yield func(int, Text) bool) {
			for _, n := range pages {
				if !yield(n, Text{Lines: [][]Word{line(100, 100, 40, fmt.Sprintf("dòng thứ %d", n))}, Width: 600, Height: 800}) {
					return
				}
			}
		})
		if err != nil || kept != Appended {
			t.Fatalf("kept as %d: %v", kept, err)
		}
		return out.Bytes()
	}
	one := add(letterFile(), aboutLetter, 1, 2)
	if !bytes.Equal(add(one, aboutLetter, 1, 2), one) {
		t.Error("a second run gives another copy")
	}
	if !bytes.Equal(add(one, aboutLetter), one) {
		t.Error("a run that adds nothing gives another copy")
	}
	if out := add(one, aboutLetter, 1); !bytes.HasPrefix(out, one) || !strings.Contains(text(t, out), "dòng thứ 2") {
		t.Errorf("a page lost its text: %q", text(t, out))
	}
	// A program that signs, say, keeps the entries of the trailer that it does not know.
	r, err := Open(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	size, ok := r.Original()
	if !ok || size != int64(len(letterFile())) {
		t.Fatalf("the source has %d bytes, found %d", len(letterFile()), size)
	}
	others := fmt.Appendf(slices.Clone(one), "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %d/Root 1 0 R/%s %d/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		r.next, originalKey, size, r.start, len(one))
	if out := add(others, aboutLetter, 1, 2); !bytes.HasPrefix(out, others) {
		t.Error("what others added is gone")
	}
}

// Outlines, attachments, forms and page labels are there after a file was mended.
func TestMendedKeepsTheRest(t *testing.T) {
	objects := letterPages(func(n int) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d1 0 R/Resources %d2 0 R/Annots[%d 0 R]>>", n, n, 3+n)
	})
	objects[0] = "<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R/AcroForm<</Fields[4 0 R 5 0 R]>>/PageLabels<</Nums[0<</S/r>>]>>/Names<</EmbeddedFiles<</Names[(a.txt) 6 0 R]>>>>>>"
	objects[2] = "<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>"
	for n := 1; n <= 2; n++ {
		objects[2+n] = fmt.Sprintf("<</FT/Tx/T(field%d)/V(v)/Type/Annot/Subtype/Widget/Rect[10 10 50 30]/P %d0 0 R>>", n, n)
	}
	objects[5] = "<</Type/Filespec/F(a.txt)/EF<</F 7 0 R>>>>"
	objects[6] = streamOf("/Type/EmbeddedFile", "attached")
	objects[7] = "<</Title(Chapter)/Parent 3 0 R/Dest[20 0 R/Fit]>>"
	src := source(objects...)
	for name, b := range map[string][]byte{"sound": src, "damaged": append(slices.Clone(src), make([]byte, 4096)...)} {
		out, _, err := addText(t, b)
		if err != nil {
			t.Fatal(name, err)
		}
		got := plain(t, out, "qpdf", "--json=1", "--json-key=outlines", "--json-key=acroform", "--json-key=pagelabels", "--json-key=attachments", "FILE")
		for _, want := range []string{`"title": "Chapter"`, `"destpageposfrom1": 2`, `"fullname": "field1"`, `"fullname": "field2"`, `"/S": "/r"`, `"a.txt"`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", name, want, got)
			}
		}
	}
}

// What can't be kept is an error, with nothing written, and names its causes.
func TestNotKept(t *testing.T) {
	for name, src := range map[string][]byte{
		"one page":   source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 400]>>", "<</Type/Page/Parent 2 0 R>>"),
		"no PDF":     []byte("Kính gửi"),
		"half a PDF": letterFile()[:200],
		"Count":      instead("/Count 2", "/Count 9")(letterFile()), // of which poppler makes 9 pages
	} {
		out, _, err := addText(t, src)
		if !errors.Is(err, ErrNotKept) || len(out) > 0 {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
		}
	}
}

// A copy with a page lost, turned, blank, or with anything missing on it is seen
// to be different.
func TestCompare(t *testing.T) {
	for _, name := range []string{"pdfinfo", "pdfimages", "pdftoppm"} {
		tool(t, name)
	}
	dir := t.TempDir()
	write := func(b []byte) string {
		f, err := os.CreateTemp(dir, "*.pdf")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.Write(b)
		return f.Name()
	}
	v, err := lookAt(t.Context(), write(letterFile()))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		edit func([]byte) []byte
		want string
	}{
		"nothing":        {instead("/Parent 2 0 R", "/Parent 1 0 R"), ""},
		"a page less":    {instead("20 0 R]/Count 2", "      ]/Count 1"), "2 pages became 1"},
		"other size":     {instead("[0 0 300 400]", "[0 0 300 401]"), "page 1 has another size"},
		"no image":       {instead("/I Do", "/I Dx"), "page 1 has other images"},
		"another image":  {instead("/I 23 0 R", "/I 13 0 R"), "page 2 has other images"},
		"no text":        {instead("(Page 2) Tj", "(      ) Tj"), "page 2 looks different"},
		"other drawings": {instead("60 40 re", "60 44 re"), "page 1 looks different"},
	} {
		got := ""
		if err := v.compare(t.Context(), write(tt.edit(letterFile())), v.all()); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if _, err := lookAt(t.Context(), filepath.Join(dir, "none.pdf")); !errors.As(err, new(*pdftools.ExitError)) {
		t.Errorf("no file: %v", err)
	}
}
