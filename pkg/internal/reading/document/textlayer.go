package document

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// A TextLayer is the text that a PDF page holds beside its image: that of a
// born-digital page, that of an earlier OCR run, or a watermark.
type TextLayer struct {
	// Page is the text. Its boxes are in pixels of the page drawn at 300 dpi;
	// ocr.Page.Resize fits them to the image of the page.
	Page *ocr.Page
	// Letters is how many letters and digits there are.
	Letters int
	// Watermark is how many of them look like a watermark: set aslant, outside the
	// sheet, or at the same place on the next page too.
	Watermark int
	// Coverage is the part of the sheet, 0 to 1, under the other words.
	Coverage float64
	// Scan tells that the page is one scanned image.
	Scan bool
}

// Counts reports whether the layer can be the text of the page. On a scan,
// a stamp or a signature's caption does not make a text.
func (t *TextLayer) Counts() bool {
	if t == nil || t.Letters <= t.Watermark {
		return false
	}
	const least = 0.03 // a letter of a dozen lines covers a tenth of its sheet
	return !t.Scan || t.Coverage >= least
}

const layerDPI = 300

// TextLayer returns the text layer of a page, counted from 0; nil if there is
// none, as in all files but PDF.
func (d *Document) TextLayer(ctx context.Context, page int) (*TextLayer, error) {
	p, ok := d.pages.(*pdfPages)
	if !ok || page < 0 || page >= p.n {
		return nil, nil
	}
	t, err := p.textLayer(ctx, page)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, d.fail(page+1, "", err, "")
	}
	return t, nil
}

func (p *pdfPages) textLayer(ctx context.Context, page int) (*TextLayer, error) {
	g, err := p.page(ctx, page)
	if err != nil {
		return nil, err
	}
	text, err := p.words(ctx, page, g)
	if err != nil || len(text.Lines) == 0 {
		return nil, err
	}
	t := &TextLayer{Page: text}
	_, t.Scan = g.scan()
	marks := watermarks(text)
	for _, l := range text.Lines {
		for _, w := range l.Words {
			t.Letters += letters(w.Text)
		}
	}
	// A page of text needs no second look; a few words may recur elsewhere.
	const few = 200
	if t.Letters < few && p.n > 1 {
		other := page + 1
		if other == p.n {
			other = page - 1
		}
		if err := p.markRecurring(ctx, other, text, marks); err != nil {
			return nil, err
		}
	}
	t.sum(marks)
	upright(t.Page)
	return t, nil
}

// markRecurring marks the words that stand at the same place on another page.
func (p *pdfPages) markRecurring(ctx context.Context, other int, text *ocr.Page, marks map[place]bool) error {
	g, err := p.page(ctx, other)
	if err != nil {
		return err
	}
	o, err := p.words(ctx, other, g)
	if err != nil {
		return err
	}
	for at, w := range recurring(text, o) {
		if w {
			marks[at] = true
		}
	}
	return nil
}

// A place is a word of a page, by its line and its number in that.
type place struct{ line, word int }

// sum counts the words that are no watermark.
func (t *TextLayer) sum(marks map[place]bool) {
	t.Watermark = 0
	area := 0
	for i, l := range t.Page.Lines {
		for j, w := range l.Words {
			if marks[place{i, j}] {
				t.Watermark += letters(w.Text)
			} else {
				area += w.Box.Dx() * w.Box.Dy()
			}
		}
	}
	if s := t.Page.Size; s.X > 0 && s.Y > 0 {
		t.Coverage = min(1, float64(area)/float64(s.X*s.Y))
	}
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// watermarks marks the words outside the sheet and those set aslant. The
// latter come from pdftotext as lines of one or two letters, each a step up
// and to the side of its neighbour.
func watermarks(p *ocr.Page) map[place]bool {
	marks := map[place]bool{}
	sheet := image.Rectangle{Max: p.Size}
	for i, l := range p.Lines {
		for j, w := range l.Words {
			if !w.Box.Overlaps(sheet) {
				marks[place{i, j}] = true
			}
		}
		if i > 0 && aslant(p.Lines[i-1], l) {
			marks[place{i - 1, 0}], marks[place{i, 0}] = true, true
		}
	}
	return marks
}

func aslant(a, b ocr.Line) bool {
	if len(a.Words) != 1 || len(b.Words) != 1 || letters(a.Words[0].Text) > 3 || letters(b.Words[0].Text) > 3 {
		return false
	}
	h := float64(max(a.Box.Dy(), b.Box.Dy()))
	dx := math.Abs(float64(a.Box.Min.X+a.Box.Max.X-b.Box.Min.X-b.Box.Max.X)) / 2
	dy := math.Abs(float64(a.Box.Min.Y+a.Box.Max.Y-b.Box.Min.Y-b.Box.Max.Y)) / 2
	gap := max(a.Box.Min.X, b.Box.Min.X) - min(a.Box.Max.X, b.Box.Max.X)
	return dx > 0.1*h && dy > 0.05*h && dy < 1.5*h && float64(gap) < h
}

// recurring marks the words of a that b has at the same place.
func recurring(a, b *ocr.Page) map[place]bool {
	type key struct {
		text string
		at   image.Point
	}
	const grid = layerDPI / 36 // two points
	in := map[key]bool{}
	for _, l := range b.Lines {
		for _, w := range l.Words {
			for dx := -1; dx <= 1; dx++ {
				for dy := -1; dy <= 1; dy++ {
					in[key{w.Text, w.Box.Min.Div(grid).Add(image.Pt(dx, dy))}] = true
				}
			}
		}
	}
	out := map[place]bool{}
	for i, l := range a.Lines {
		for j, w := range l.Words {
			out[place{i, j}] = in[key{w.Text, w.Box.Min.Div(grid)}]
		}
	}
	return out
}

// words returns the words of a page. pdftotext is asked for a run of pages at a
// time, and page by page where that fails.
func (p *pdfPages) words(ctx context.Context, page int, g pdfPage) (*ocr.Page, error) {
	first := page / infoRun * infoRun
	r := p.run(page / infoRun)
	r.textOnce.Do(func() {
		texts, err := p.askWords(ctx, first, min(infoRun, p.n-first), true)
		if err == nil {
			r.texts = texts
		}
	})
	var text ocr.Page
	if r.texts != nil && !g.Uncropped {
		text = *r.texts[page-first]
	} else {
		texts, err := p.askWords(ctx, page, 1, !g.Uncropped)
		if err != nil {
			return nil, p.pageError(page, err)
		}
		text = *texts[0]
	}
	w, h := g.Width, g.Height
	if g.Rotate == 90 || g.Rotate == 270 {
		w, h = h, w
	}
	text.Size, text.DPI = image.Pt(toPixels(w), toPixels(h)), layerDPI
	return &text, nil
}

// askWords asks pdftotext for the words of n pages.
func (p *pdfPages) askWords(ctx context.Context, first, n int, cropped bool) (texts []*ocr.Page, err error) {
	span := []string{"-q", "-bbox-layout", "-f", strconv.Itoa(first + 1), "-l", strconv.Itoa(first + n)}
	if cropped {
		span = append(span, "-cropbox")
	}
	err = p.poppler(ctx, pdftools.Cmd{Program: "pdftotext", Options: span, Output: []string{"-"}, Use: func(r io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(r, 64<<20))
		if err == nil {
			texts, err = parseBBox(data)
		}
		return err
	}}, nil)
	if err == nil && len(texts) != n {
		err = fmt.Errorf("pdftotext: %d pages, not %d", len(texts), n)
	}
	return texts, err
}

func toPixels(pt float64) int {
	return int(math.Round(min(max(pt*layerDPI/72, -1e6), 1e6)))
}

// parseBBox reads the output of pdftotext -bbox-layout:
//
//	<page width="611.51" height="851.51">
//	<flow><block xMin=… yMin=… xMax=… yMax=…>
//	 <line xMin="193.29" yMin="420.79" xMax="218.40" yMax="454.09">
//	  <word xMin=…>ww</word>
func parseBBox(data []byte) ([]*ocr.Page, error) {
	d := xml.NewDecoder(bytes.NewReader(cleanXML(data)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var pages []*ocr.Page
	block := 0
	var line *ocr.Line
	var word *ocr.Word
	var text strings.Builder
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			for _, p := range pages {
				p.Lines = slices.DeleteFunc(p.Lines, func(l ocr.Line) bool { return len(l.Words) == 0 })
			}
			return pages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("pdftotext: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "page":
				pages = append(pages, &ocr.Page{})
				block, line, word = 0, nil, nil
			case "block":
				block++
			case "line":
				if len(pages) == 0 {
					return nil, errors.New("pdftotext: a line outside a page")
				}
				p := pages[len(pages)-1]
				p.Lines = append(p.Lines, ocr.Line{Box: bboxOf(t.Attr), Block: block, Par: 1})
				line = &p.Lines[len(p.Lines)-1]
			case "word":
				word = &ocr.Word{Box: bboxOf(t.Attr), Confidence: 1}
				text.Reset()
			}
		case xml.CharData:
			if word != nil {
				text.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local == "word" && word != nil && line != nil {
				if s := norm.NFC.String(strings.TrimSpace(text.String())); s != "" {
					word.Read, word.Text = s, s
					line.Words = append(line.Words, *word)
				}
				word = nil
			}
		}
	}
}

// cleanXML takes out what XML does not allow; pdftotext copies control
// characters from the PDF.
func cleanXML(data []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(data, []byte("\uFFFD")))
}

func bboxOf(attrs []xml.Attr) image.Rectangle {
	var v [4]int
	for _, a := range attrs {
		i := strings.Index("xMin yMin xMax yMax", a.Name.Local)
		if f, err := strconv.ParseFloat(a.Value, 64); err == nil && i >= 0 && i%5 == 0 && !math.IsNaN(f) {
			v[i/5] = toPixels(f)
		}
	}
	return image.Rect(v[0], v[1], v[2], v[3])
}
