package output

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// text writes plain text: a line a line, a row of a table a line with tabs between
// its cells, an empty line between paragraphs, a form feed between pages.
type text struct {
	w     io.Writer
	opts  Options
	pages int
}

func newText(w io.Writer, opts Options) Writer { return &text{w: w, opts: opts} }

func (t *text) Begin(*Document) error { return nil }
func (t *text) End(*Document) error   { return nil }

func (t *text) Page(p *Page) error {
	var b strings.Builder
	if t.pages > 0 {
		b.WriteByte('\f')
	}
	t.pages++
	lines := p.printed()
	switch {
	case t.opts.Layout:
		writeGrid(&b, lines)
	case t.opts.Paragraphs:
		for _, par := range layout.Paragraphs(lines) {
			b.WriteString(layout.Join(par))
			b.WriteByte('\n')
		}
	default:
		writeLines(&b, lines)
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

func writeLines(b *strings.Builder, lines []ocr.Line) {
	p := ocr.Page{Lines: lines}
	b.WriteString(p.Text())
}

// writeGrid sets every word on a grid of characters, so that columns and
// indents show in a fixed-width font. A word is never moved to the left of the
// one before it, and at least one space parts them.
func writeGrid(b *strings.Builder, lines []ocr.Line) {
	cell := cellWidth(lines)
	left := ocr.AroundLines(lines).Min.X
	rows := layout.Rows(lines)
	pitch := rowPitch(rows)
	for i, row := range rows {
		if i > 0 {
			gap := ocr.AroundLines(row).Min.Y - ocr.AroundLines(rows[i-1]).Min.Y
			for range min(2, (gap-pitch/2)/max(pitch, 1)) {
				b.WriteByte('\n')
			}
		}
		col, right := 0, 0
		for _, l := range row {
			for _, w := range l.Words {
				want := col
				if cell > 0 && !w.Box.Empty() {
					want = int(float64(w.Box.Min.X-left)/cell + 0.5)
				}
				// Spaces between words of running text vary with
				// justification; only a wide gap is a column.
				if col > 0 {
					if gap := float64(w.Box.Min.X - right); gap < 2.5*cell || w.Box.Empty() {
						want = col + 1
					}
					want = max(want, col+1)
				}
				b.WriteString(strings.Repeat(" ", max(want-col, 0)))
				b.WriteString(w.Text)
				col = max(want, col) + utf8.RuneCountInString(w.Text)
				right = w.Box.Max.X
			}
		}
		b.WriteByte('\n')
	}
}

// cellWidth is the median width of a character with its share of the space, in
// pixels; 0 without boxes.
func cellWidth(lines []ocr.Line) float64 {
	var ws []float64
	for _, l := range lines {
		for _, w := range l.Words {
			if n := utf8.RuneCountInString(w.Text); n >= 3 && !w.Box.Empty() {
				ws = append(ws, float64(w.Box.Dx())/float64(n))
			}
		}
	}
	if len(ws) == 0 {
		return 0
	}
	slices.Sort(ws)
	return ws[len(ws)/2]
}

// rowPitch is the usual distance from one row to the next, in pixels.
func rowPitch(rows [][]ocr.Line) int {
	var ds []int
	for i := 1; i < len(rows); i++ {
		if d := ocr.AroundLines(rows[i]).Min.Y - ocr.AroundLines(rows[i-1]).Min.Y; d > 0 {
			ds = append(ds, d)
		}
	}
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return ds[len(ds)/2]
}
