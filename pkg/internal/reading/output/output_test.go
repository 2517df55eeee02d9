package output

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/ocrtest"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
)

// page sets rows of text on a grid of cells of 20 by 40 pixels, as a reader
// would find them.
func page(number int, rows ...string) *Page {
	p := ocrtest.Page(80, 100, rows...)
	p.Size, p.DPI = image.Pt(1654, 2339), 200
	return ready(&Page{Page: p, Number: number, Image: func() (Image, error) {
		return Image{Pixels: image.NewGray(image.Rect(0, 0, 1654, 2339)), DPI: 200}, nil
	}})
}

// ready makes what was read what writers take.
func ready(p *Page) *Page {
	p.Page = layout.Columns(Clean(p.Page))
	return p
}

// sample is a document of three pages with what gives writers trouble: a
// two-column head, delimiters of every format, control characters, an
// alternative, a page that could not be read, and a turned page.
func sample() (*Document, []*Page) {
	one := page(1,
		"SỞ NỘI VỤ          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"Số: 5/SNV               Độc lập - Tự do - Hạnh phúc",
		"",
		"Kính gửi: \"A&B\" <Công ty> 'C' ]]> \\(x)",
		"tab\tvà\x00chữ\xff xuống\ndòng")
	w := &one.Lines[0].Words[1]
	w.Read, w.Confidence = "NỌI", 0.61
	w.Alternatives = []ocr.Alternative{{Text: "NỌI", Confidence: 0.3}, {Text: "<b>", Confidence: 0.05}}
	damaged := errors.New("the image is damaged")
	two := &Page{Number: 2, Err: damaged, Image: func() (Image, error) { return Image{}, damaged }}
	three := page(3, "trang ba")
	three.Turn = 90
	three.Regions = []ocr.Region{{Kind: ocr.Stamp, Box: image.Rect(900, 1200, 1300, 1600)}, {Kind: ocr.Rule, Box: image.Rect(100, 300, 800, 304)}}
	three.Lines[0].Words[1].Box.Max.X = 99999 // outside the page, and the page has to grow
	doc := &Document{Path: `a"b<c>.tif`, Size: 12, SHA256: strings.Repeat("0f", 32), Reader: "vie", Letter: &letter.Letter{Number: "5/SNV"}}
	return doc, []*Page{ready(one), two, ready(three)}
}

// sampleWords are the words of the sample in reading order.
const sampleWords = `SỞ NỘI VỤ Số: 5/SNV CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ` +
	`Kính gửi: "A&B" <Công ty> 'C' ]]> \(x) tab vàchữ� xuống dòng trang ba`

func each(pages []*Page) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func write(t *testing.T, format string, doc *Document, pages []*Page, opts Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, doc, each(pages), opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestText(t *testing.T) {
	doc, pages := sample()
	want := `SỞ NỘI VỤ
Số: 5/SNV

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Kính gửi: "A&B" <Công ty> 'C' ]]> \(x)
tab vàchữ� xuống dòng
` + "\f\ftrang ba\n"
	if diff := cmp.Diff(want, string(write(t, "txt", doc, pages, Options{}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTextLayout(t *testing.T) {
	doc := &Document{Path: "x"}
	p := page(1,
		"SỞ NỘI VỤ              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"  Số: 5/SNV               Độc lập - Tự do - Hạnh phúc",
		"",
		"1    Cầu Sông Lam        300",
		"22   Đường  ven biển     150")
	want := `SỞ NỘI VỤ              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
  Số: 5/SNV               Độc lập - Tự do - Hạnh phúc

1    Cầu Sông Lam        300
22   Đường ven biển      150
`
	if diff := cmp.Diff(want, string(write(t, "txt", doc, []*Page{p}, Options{Layout: true}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTextParagraphs(t *testing.T) {
	p := page(1, "   Cơ quan gửi báo cáo về Văn phòng trước ngày mít-", "tinh.")
	got := string(write(t, "txt", &Document{}, []*Page{p}, Options{Paragraphs: true}))
	if want := "Cơ quan gửi báo cáo về Văn phòng trước ngày mít-tinh.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	doc, pages := sample()
	out := write(t, "json", doc, pages, Options{Generator: "congvan 1.0"})
	f, err := Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := f.Encode(&again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(out), again.String()); diff != "" {
		t.Errorf("decoding and encoding again, -want +got:\n%s", diff)
	}
	var back []*Page
	for i := range f.Pages {
		back = append(back, f.Pages[i].Page())
	}
	for _, format := range []string{"txt", "tsv", "hocr", "alto"} {
		if diff := cmp.Diff(string(write(t, format, doc, pages, Options{})), string(write(t, format, f.Document(), back, Options{}))); diff != "" {
			t.Errorf("%s from the JSON, -want +got:\n%s", format, diff)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, in := range []string{"", "{}", "[1]", `{"schema":"congvan","version":99}`, `{"schema":"other","version":1}`, `{"schema":"congvan","version":1`} {
		if _, err := Decode(strings.NewReader(in)); err == nil {
			t.Errorf("Decode(%q) found nothing wrong", in)
		}
	}
}

func TestTSV(t *testing.T) {
	doc, pages := sample()
	out := string(write(t, "tsv", doc, pages, Options{}))
	var words []string
	for i, row := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		f := strings.Split(row, "\t")
		if len(f) != 13 {
			t.Fatalf("row %d has %d columns: %q", i, len(f), row)
		}
		if f[0] == "5" {
			words = append(words, f[11])
		}
	}
	if got := strings.Join(words, " "); got != sampleWords {
		t.Errorf("got  %s\nwant %s", got, sampleWords)
	}
	if want := "5\t1\t1\t1\t1\t2\t140\t100\t60\t40\t61.00\tNỘI\tNỌI\n"; !strings.Contains(out, want) {
		t.Errorf("no row %q in\n%s", want, out)
	}
}

// element is any XML element.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func parseXML(t *testing.T, b []byte) *element {
	t.Helper()
	var e element
	d := xml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&e); err != nil {
		t.Fatalf("not well-formed: %v\n%s", err, b)
	}
	for {
		rest, err := d.Token()
		if err == io.EOF {
			break
		}
		if c, ok := rest.(xml.CharData); err != nil || !ok || len(bytes.TrimSpace(c)) > 0 {
			t.Fatalf("something follows the root element: %v, %v", rest, err)
		}
	}
	ids := map[string]bool{}
	e.walk(func(e *element) {
		id := e.attr("ID") + e.attr("id")
		if id != "" && ids[id] {
			t.Errorf("id %q stands twice", id)
		}
		ids[id] = true
	})
	return &e
}

func (e *element) walk(f func(*element)) {
	f(e)
	for i := range e.Children {
		e.Children[i].walk(f)
	}
}

var bboxTitle = regexp.MustCompile(`bbox (\d+) (\d+) (\d+) (\d+)`)

func TestHOCR(t *testing.T) {
	doc, pages := sample()
	var words []string
	var bounds image.Rectangle
	parseXML(t, write(t, "hocr", doc, pages, Options{})).walk(func(e *element) {
		class := e.attr("class")
		m := bboxTitle.FindStringSubmatch(e.attr("title"))
		if m == nil {
			if strings.HasPrefix(class, "ocr") {
				t.Errorf("%s without a box", class)
			}
			return
		}
		var v [4]int
		for i := range v {
			v[i], _ = strconv.Atoi(m[i+1])
		}
		box := image.Rect(v[0], v[1], v[2], v[3])
		if class == "ocr_page" {
			bounds = box
		} else if !box.In(bounds) {
			t.Errorf("%s %v is outside the page %v", class, box, bounds)
		}
		if class == "ocrx_word" {
			words = append(words, e.Text)
		}
	})
	if got := strings.Join(words, " "); got != sampleWords {
		t.Errorf("got  %s\nwant %s", got, sampleWords)
	}
}

func TestALTO(t *testing.T) {
	doc, pages := sample()
	out := write(t, "alto", doc, pages, Options{})
	var words []string
	var bounds image.Rectangle
	parseXML(t, out).walk(func(e *element) {
		if e.XMLName.Space != "http://www.loc.gov/standards/alto/ns-v4#" {
			t.Errorf("%v is in another name space", e.XMLName)
		}
		n := func(name string) int { v, _ := strconv.Atoi(e.attr(name)); return v }
		if e.XMLName.Local == "Page" {
			bounds = image.Rect(0, 0, n("WIDTH"), n("HEIGHT"))
		} else if e.attr("HPOS") != "" {
			if box := image.Rect(n("HPOS"), n("VPOS"), n("HPOS")+n("WIDTH"), n("VPOS")+n("HEIGHT")); !box.In(bounds) {
				t.Errorf("%s %v is outside the page %v", e.XMLName.Local, box, bounds)
			}
		}
		if e.XMLName.Local == "String" {
			words = append(words, e.attr("CONTENT"))
		}
	})
	if got := strings.Join(words, " "); got != sampleWords {
		t.Errorf("got  %s\nwant %s", got, sampleWords)
	}
	// Against the schema itself, where there is a copy of it.
	xsd := os.Getenv("ALTO_XSD")
	if _, err := exec.LookPath("xmllint"); err != nil || xsd == "" {
		t.Log("NOT CHECKED against the XSD: that takes xmllint, and ALTO_XSD set to a copy of alto-4-4.xsd")
		return
	}
	cmd := exec.Command("xmllint", "--noout", "--nonet", "--schema", xsd, "-")
	cmd.Stdin = bytes.NewReader(out)
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, msg)
	}
}

// readPDF runs a program of poppler-utils on a PDF.
func readPDF(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("SKIPPED: %s is not installed", name)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(name, append(args, file, "-")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestPDFOfImages(t *testing.T) {
	doc, pages := sample()
	pages[2].Lines[0].Words[1].Box.Max.X = 300 // else the layer is wider than the image
	out := write(t, "pdf", doc, pages, Options{})
	if got := flat(readPDF(t, out, "pdftotext", "-raw")); got != sampleWords {
		t.Errorf("got  %s\nwant %s", got, sampleWords)
	}
	if got := strings.Count(readPDF(t, out, "pdftotext"), "\f"); got != 3 {
		t.Errorf("%d pages, want 3", got)
	}
}

func TestPDFOfPDF(t *testing.T) {
	_, pages := sample()
	pages[2].Lines[0].Words[1].Box.Max.X = 300
	for i := range pages {
		if pages[i].Page != nil {
			pages[i].Turn = 0
		}
		pages[i].Image = page(1).Image
	}
	first := write(t, "pdf", &Document{}, []*Page{page(1, "V6inhirng t6"), page(2, "ngay 3 thang 4"), page(3, "tr4ng")}, Options{})
	doc := &Document{PDF: file(t, first)}
	out := write(t, "pdf", doc, pages, Options{})
	if !bytes.HasPrefix(out, first) {
		t.Error("the bytes of the source were changed")
	}
	// Page 2 could not be read: it keeps what it had.
	want := strings.Replace(sampleWords, " trang ba", " ngay 3 thang 4 trang ba", 1)
	if got := flat(readPDF(t, out, "pdftotext", "-raw")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	pages[0].Keep = true
	if got := flat(readPDF(t, write(t, "pdf", doc, pages, Options{}), "pdftotext", "-raw")); got != "V6inhirng t6 ngay 3 thang 4 trang ba" {
		t.Errorf("with page 1 kept: %s", got)
	}
	if len(doc.Notes) > 0 {
		t.Errorf("notes: %q", doc.Notes)
	}
}

// file writes a file and returns its name.
func file(t *testing.T, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "source.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A PDF that can't be added to is built again from its page images, and the notes
// say so. Pages whose images can't be had are an error, unless they were said to
// be unreadable.
func TestPDFOfDamagedPDF(t *testing.T) {
	doc := &Document{PDF: file(t, []byte("%PDF-1.4 nothing /ByteRange"))}
	lost := &Page{Number: 2, Err: errors.New("cannot be drawn"), Image: func() (Image, error) { return Image{}, errors.New("no image") }}
	out := write(t, "pdf", doc, []*Page{page(1, "một hai"), lost}, Options{})
	if got := flat(readPDF(t, out, "pdftotext")); got != "một hai" {
		t.Errorf("got %q", got)
	}
	if len(doc.Notes) != 1 || !strings.Contains(doc.Notes[0], "page images") || !strings.Contains(doc.Notes[0], "signature") {
		t.Errorf("notes: %q", doc.Notes)
	}
	lost.Err = nil
	if err := Write(io.Discard, "pdf", doc, each([]*Page{page(1, "một"), lost}), Options{}); err == nil || !strings.Contains(err.Error(), "page 2") {
		t.Errorf("an image that can't be had: %v", err)
	}
	bare := page(1, "một")
	bare.Image = nil
	if err := Write(io.Discard, "pdf", doc, each([]*Page{bare}), Options{}); !errors.Is(err, pdf.ErrNotKept) {
		t.Errorf("no images at all: %v", err)
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New("docx", io.Discard, Options{}); err == nil || !strings.Contains(err.Error(), "txt, json") {
		t.Errorf("got %v", err)
	}
}

// failing refuses to write after n bytes.
type failing struct{ n int }

func (f *failing) Write(b []byte) (int, error) {
	if f.n -= len(b); f.n < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// A full disk is an error, whenever it is full.
func TestWriteErrors(t *testing.T) {
	for _, format := range Names() {
		doc, pages := sample()
		size := len(write(t, format, doc, pages, Options{}))
		for _, n := range []int{0, size / 2, size - 1} {
			if err := Write(&failing{n}, format, doc, each(pages), Options{}); !errors.Is(err, io.ErrShortWrite) {
				t.Errorf("%s, %d bytes of %d: %v", format, n, size, err)
			}
		}
	}
}

// Whatever a reader returns, the XML is well-formed with its boxes inside the
// page, a row of TSV has its columns, and the JSON can be read back.
func FuzzWriters(f *testing.F) {
	f.Add("a\x00<b>&\"'\t\n]]>", "\ufffe\xff", 10, 20, 300, -5, 0.5)
	f.Add("", " ", 0, 0, 0, 0, -1.0)
	f.Fuzz(func(t *testing.T, a, b string, x, y, w, h int, c float64) {
		box := image.Rect(x, y, x+w%5000, y+h%5000)
		p := ready(&Page{Number: 1, Page: &ocr.Page{Size: image.Pt(2000, 3000), Lines: []ocr.Line{
			{Box: box, Words: []ocr.Word{{Text: a, Read: b, Box: box, Confidence: c}, {Text: b, Box: box, Alternatives: []ocr.Alternative{{Text: a, Confidence: c}}}}},
		}}})
		doc := &Document{Path: a, Reader: b, Model: a}
		size := p.size()
		for _, format := range []string{"hocr", "alto"} {
			parseXML(t, write(t, format, doc, []*Page{p}, Options{Generator: b}))
		}
		for _, l := range p.lines() {
			for _, w := range l.Words {
				if !w.Box.In(image.Rectangle{Max: size}) {
					t.Errorf("box %v is outside the page %v", w.Box, size)
				}
			}
		}
		for row := range strings.Lines(string(write(t, "tsv", doc, []*Page{p}, Options{}))) {
			if n := strings.Count(row, "\t"); n != 12 {
				t.Errorf("%d tabs in %q", n, row)
			}
		}
		if _, err := Decode(bytes.NewReader(write(t, "json", doc, []*Page{p}, Options{}))); err != nil {
			t.Error(err)
		}
		if html := string(write(t, "html", doc, []*Page{p}, Options{Generator: a})); strings.Count(html, "<script")-strings.Count(html, `<script type="text/plain"`) != 1 {
			t.Errorf("another script in the report:\n%s", html)
		}
		write(t, "pdf", doc, []*Page{p}, Options{})
	})
}

// Lines that are no running text say so where a format can, what is stamped is in JSON
// and on the review page alone, and a page's number is in no paragraph.
func TestRoles(t *testing.T) {
	line := func(y int, role ocr.Role, text string) ocr.Line {
		var words []ocr.Word
		for i, s := range strings.Fields(text) {
			words = append(words, ocr.Word{Text: s, Read: s, Confidence: 1, Box: image.Rect(100+100*i, y, 190+100*i, y+30)})
		}
		return ocr.Line{Box: ocr.Around(words), Block: 1, Par: 1, Words: words, Role: role}
	}
	page := &Page{Number: 1, Page: &ocr.Page{Size: image.Pt(1200, 1700), Lines: []ocr.Line{
		line(40, ocr.RoleReceived, "CÔNG VĂN ĐẾN"), line(80, ocr.RoleOverlay, "Thời gian ký: 19/10/2023"), line(120, ocr.RoleNumber, "2"),
		line(160, "", "đề nghị các đơn vị thực hiện"), line(200, "", "theo quy định"),
	}, Regions: []ocr.Region{{Kind: ocr.Received, Box: image.Rect(90, 30, 400, 75)}}}}
	pages := []*Page{page}
	const text = "Thời gian ký: 19/10/2023\n\n2\n\nđề nghị các đơn vị thực hiện\ntheo quy định\n"
	if got := writeText(t, "txt", &Document{}, pages, Options{}); got != text {
		t.Errorf("text %q, want %q", got, text)
	}
	if got := writeText(t, "txt", &Document{}, pages, Options{Paragraphs: true}); !strings.Contains(got, "\n2\n") {
		t.Errorf("the number is in a paragraph: %q", got)
	}
	hocr := writeText(t, "hocr", &Document{}, pages, Options{})
	for _, want := range []string{`class="ocr_pageno"`, "x_role overlay", "x_kind received"} {
		if !strings.Contains(hocr, want) {
			t.Errorf("hOCR has no %s", want)
		}
	}
	if strings.Contains(hocr, "ĐẾN") {
		t.Error("hOCR has what is stamped")
	}
	f, err := Decode(strings.NewReader(writeText(t, "json", &Document{}, pages, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	var roles []ocr.Role
	for _, l := range f.Pages[0].Page().Lines {
		roles = append(roles, l.Role)
	}
	if want := []ocr.Role{ocr.RoleReceived, ocr.RoleOverlay, ocr.RoleNumber, "", ""}; !slices.Equal(roles, want) {
		t.Errorf("JSON keeps the roles as %q, want %q", roles, want)
	}
	for _, l := range reportLines(page.lines()) {
		roles = append(roles, l.Role)
	}
	if !slices.Equal(roles[:5], roles[5:]) {
		t.Errorf("the review page has the roles as %q, want %q", roles[5:], roles[:5])
	}
}

func writeText(t *testing.T, format string, doc *Document, pages []*Page, opts Options) string {
	t.Helper()
	return string(write(t, format, doc, pages, opts))
}
