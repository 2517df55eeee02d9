package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"iter"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// page sets rows of text on a grid of cells of 20 by 40 pixels, as a reader
// would find them.
func page(number int, rows ...string) *output.Page {
	p := &ocr.Page{Size: image.Pt(1654, 2339), DPI: 200}
	for i, row := range rows {
		y := 100 + 50*i
		l := ocr.Line{Block: 1, Par: 1}
		x := 4
		for word := range strings.SplitSeq(row, " ") {
			n := utf8.RuneCountInString(word)
			if n > 0 {
				w := ocr.Word{Text: word, Read: word, Confidence: 0.95, Box: image.Rect(20*x, y, 20*(x+n), y+40)}
				l.Words = append(l.Words, w)
				l.Box = l.Box.Union(w.Box)
			}
			x += n + 1
		}
		if len(l.Words) > 0 {
			p.Lines = append(p.Lines, l)
		}
	}
	return ready(&output.Page{Page: p, Number: number, Image: func() (output.Image, error) {
		return output.Image{Pixels: image.NewGray(image.Rect(0, 0, 1654, 2339)), DPI: 200}, nil
	}})
}

// ready makes what was read what writers take.
func ready(p *output.Page) *output.Page {
	p.Page = layout.Columns(output.Clean(p.Page))
	return p
}

// sample is a document of three pages with what gives writers trouble: a
// two-column head, delimiters of every format, control characters, an
// alternative, a page that could not be read, and a turned page.
func sample() (*output.Document, []*output.Page) {
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
	two := &output.Page{Number: 2, Err: damaged, Image: func() (output.Image, error) { return output.Image{}, damaged }}
	three := page(3, "trang ba")
	three.Turn = 90
	three.Lines[0].Words[1].Box.Max.X = 99999 // outside the page, and the page has to grow
	doc := &output.Document{Path: `a"b<c>.tif`, Size: 12, SHA256: strings.Repeat("0f", 32), Reader: "vie", Letter: &letter.Letter{Number: "5/SNV"}}
	return doc, []*output.Page{ready(one), two, ready(three)}
}

func each(pages []*output.Page) iter.Seq2[*output.Page, error] {
	return func(yield func(*output.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func writePages(t *testing.T, format string, doc *output.Document, pages []*output.Page, opts output.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := output.Write(&b, format, doc, each(pages), opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJSONFollowsItsSchema(t *testing.T) {
	s, err := jsonschema.UnmarshalJSON(bytes.NewReader(output.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("congvan.json", s); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("congvan.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, pages := sample()
	out := writePages(t, "json", doc, pages, output.Options{})
	empty := writePages(t, "json", &output.Document{Path: "-"}, nil, output.Options{Generator: "congvan 1.0"})
	for _, b := range [][]byte{out, empty} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v\n%s", err, b)
		}
	}
	// The schema would let a missing or mistyped field pass if it did not know it.
	var m map[string]any
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	known := fmt.Sprint(s)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				if !strings.Contains(known, k+":map[") {
					t.Errorf("the schema does not document %q", k)
				}
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(m)
}
