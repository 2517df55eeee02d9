package output

import (
	"bytes"
	"errors"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
)

// Every output that was written from a JSON can be written again from it, and
// one that was changed since is not.
func TestRewrite(t *testing.T) {
	scan := write(t, "pdf", &Document{}, []*Page{{Number: 1, Page: page(1).Page, Image: page(1).Image}}, Options{})
	doc := &Document{Path: "a.pdf", PDF: file(t, scan)}
	p := letterPage(1, "   Các đơn vị báo cáo về cô phần trước ngày mười lăm", "tháng sau.")
	const close = 0.944996 // to 0.945, which rounds up where it does not
	p.Lines[0].Words[0].Confidence = close
	ready(p)
	gen := Options{Generator: "congvan 1.0"}
	before, err := Decode(bytes.NewReader(write(t, "json", doc, []*Page{p}, gen)))
	if err != nil {
		t.Fatal(err)
	}
	after := before.Clone()
	if n, err := after.Apply(&Corrections{Corrections: []Correction{{Page: 1, Line: 1, Word: 7, From: "cô", To: "cổ"}}}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if before.Pages[0].Lines[0].Words[6].Text != "cô" {
		t.Fatal("Clone shares words")
	}
	q := letterPage(1, "   Các đơn vị báo cáo về cổ phần trước ngày mười lăm", "tháng sau.")
	q.Lines[0].Words[0].Confidence = close
	w := &q.Lines[0].Words[6]
	w.Read, w.Confidence = "cô", 1
	ready(q)
	for _, tt := range []struct {
		format string
		opts   Options
		pdf    bool
	}{{"txt", Options{}, true}, {"txt", Options{Layout: true}, true}, {"txt", Options{Paragraphs: true}, true}, {"tsv", gen, true}, {"hocr", gen, true},
		{"alto", gen, true}, {"html", gen, true}, {"html", Options{Lang: "en", Generator: gen.Generator}, true}, {"pdf", gen, true}} {
		old := write(t, tt.format, doc, []*Page{p}, tt.opts)
		corrected := *doc
		corrected.Corrections = after.Corrections
		want := write(t, tt.format, &corrected, []*Page{q}, tt.opts)
		var b bytes.Buffer
		if err := Rewrite(&b, tt.format, old, before, after, false); err != nil {
			t.Errorf("%s %+v: %v", tt.format, tt.opts, err)
			continue
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s %+v: written again it is not what it would have been", tt.format, tt.opts)
		}
		changed := append(bytes.Clone(old), "by hand\n"...)
		b.Reset()
		if err := Rewrite(&b, tt.format, changed, before, after, false); !errors.Is(err, ErrChanged) || b.Len() > 0 {
			t.Errorf("%s %+v, changed by hand: %v, %d bytes", tt.format, tt.opts, err, b.Len())
		}
		if err := Rewrite(&b, tt.format, changed, before, after, true); err != nil || b.Len() == 0 {
			t.Errorf("%s %+v, forced: %v", tt.format, tt.opts, err)
		}
	}
}

// A PDF that was built from images has its images kept, turned as they are.
func TestRewriteBuiltPDF(t *testing.T) {
	p := letterPage(1, "một hai")
	p.Turn = 90
	doc := &Document{Path: "a.tif"}
	f, err := Decode(bytes.NewReader(write(t, "json", doc, []*Page{p}, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	built := write(t, "pdf", doc, []*Page{p}, Options{})
	for _, to := range []string{"hài", "hãi"} {
		after := f.Clone()
		if _, err := after.Apply(&Corrections{Corrections: []Correction{{Page: 1, Line: 1, Word: 2, From: f.Pages[0].Lines[0].Words[1].Text, To: to}}}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := Rewrite(&b, "pdf", built, f, after, false); err != nil {
			t.Fatal(err)
		}
		if got := flat(readPDF(t, b.Bytes(), "pdftotext")); got != "một "+to {
			t.Errorf("got %q", got)
		}
		if got := rotation(t, b.Bytes()); got != 90 {
			t.Errorf("the page is turned by %d degrees", got)
		}
		if b.Len() > 2*len(built)+4000 {
			t.Errorf("%d bytes became %d", len(built), b.Len())
		}
		built, f = b.Bytes(), after
	}
}

// rotation is that of the first page of a PDF.
func rotation(t *testing.T, file []byte) int {
	t.Helper()
	r, err := pdf.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := r.Pages()
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Page(leaves[0])
	if err != nil {
		t.Fatal(err)
	}
	return p.Rotate
}
