package synth

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A4 in points, the unit of everything that is typeset.
const (
	A4Width  = 595.28
	A4Height = 841.89
)

// Style is how a stretch of text is set. The zero value lacks a family and a
// size and can't be used.
type Style struct {
	Family    *Family
	Size      float64 // points
	Track     float64 // space added after every letter, in points; may be negative
	Bold      bool
	Italic    bool
	Underline bool
}

func (s Style) bold() Style              { s.Bold = true; return s }
func (s Style) italic() Style            { s.Italic = true; return s }
func (s Style) underline() Style         { s.Underline = true; return s }
func (s Style) sized(size float64) Style { s.Size = size; return s }
func (s Style) tracked(pt float64) Style { s.Track = pt; return s }
func (s Style) width(text string) float64 {
	f, err := s.Family.face(s.Bold, s.Italic)
	if err != nil {
		return 0
	}
	w := 0.0
	for _, r := range text {
		w += f.glyph(r).advance*s.Size/f.em + s.Track
	}
	return w
}

// has reports whether the style's font can set every character of a text.
func (s Style) has(text string) bool {
	f, err := s.Family.face(s.Bold, s.Italic)
	return err == nil && f.has(norm.NFC.String(text))
}

// A Page is one page as typeset: what to draw and the truth about its text.
type Page struct {
	Width, Height float64 // points
	Lines         []Line  // as typeset, in the order they were set
	glyphs        []placedGlyph
	column        int // that is being set
	rules         []rule
	marks         []mark
}

// Line is one line of text as typeset. A row of a two-column head is two lines.
type Line struct {
	Text   string
	X0, X1 float64 // points
	Y      float64 // of the baseline, in points
	Size   float64 // of the type, in points
	Column int     // of a head or foot: 1, 2, …; 0 elsewhere
}

type placedGlyph struct {
	path  *glyph
	x, y  float64
	scale float64
	angle float64 // radians, for text on a circle
	ink   ink
}

// rule is a filled rectangle, in points.
type rule struct{ x0, y0, x1, y1 float64 }

// mark is a stroked curve: stamp rings, signatures.
type mark struct {
	points [][2]float64
	width  float64
	ink    ink
}

type ink uint8

const (
	inkBlack ink = iota
	inkStamp
	inkPen
	inkWater
	inks int = iota
)

// Text returns the truth of the page in the order a person reads it: a column
// of the head or the foot after the other, tables row by row.
func (p *Page) Text() string {
	var b strings.Builder
	for start := 0; start < len(p.Lines); {
		end := start
		for end < len(p.Lines) && p.Lines[end].Column == p.Lines[start].Column {
			end++
		}
		part := Page{Lines: p.Lines[start:end]}
		b.WriteString(part.RowText())
		start = end
	}
	return b.String()
}

// RowText returns the truth of the page in the order a reader goes that does
// not see columns: row by row from the top, lines that stand side by side
// joined by a space.
func (p *Page) RowText() string {
	var b strings.Builder
	for _, row := range p.rows() {
		for i, l := range row {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(p.Lines[l].Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// A Span is a stretch of text in one style; a paragraph is a few of them.
type Span struct {
	Text  string
	Style Style
}

// word is what stands between two spaces. It may change style inside.
type word struct {
	spans []Span
	width float64
	space float64 // natural width of the space before it
}

func words(spans []Span) []word {
	var out []word
	var cur word
	flush := func() {
		if len(cur.spans) > 0 {
			out = append(out, cur)
		}
		cur = word{}
	}
	for _, s := range spans {
		text := norm.NFC.String(s.Text)
		for i, part := range strings.Split(text, " ") {
			if i > 0 {
				flush()
			}
			if part == "" {
				continue
			}
			if len(cur.spans) == 0 {
				cur.space = s.Style.width(" ")
			}
			part = strings.ReplaceAll(part, "\u00a0", " ")
			cur.spans = append(cur.spans, Span{part, s.Style})
			cur.width += s.Style.width(part)
		}
	}
	flush()
	return out
}

func lineText(ws []word) string {
	var b strings.Builder
	for i, w := range ws {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, s := range w.spans {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Align is where a line stands between its edges.
type Align int

const (
	Justify Align = iota
	Left
	Center
	Right
)

// Box is a column to set text in.
type Box struct {
	X0, X1  float64 // points
	Indent  float64 // of a paragraph's first line
	Hang    float64 // of all its other lines
	Leading float64 // from baseline to baseline, in parts of the size; 0 means 1.2
	Shrink  float64 // how narrow a space may become, in parts of its width; 0 means 1
	Align   Align
}

func (b Box) leading(size float64) float64 {
	if b.Leading == 0 {
		return 1.2 * size
	}
	return b.Leading * size
}

// wrap divides words into lines that fit the box.
func (b Box) wrap(ws []word) [][]word {
	shrink := b.Shrink
	if shrink == 0 {
		shrink = 1
	}
	var lines [][]word
	start, width := 0, b.Indent
	for i, w := range ws {
		need := w.width
		if i > start {
			need += w.space * shrink
		}
		if i > start && b.X0+width+need > b.X1 {
			lines = append(lines, ws[start:i])
			start, width, need = i, b.Hang, w.width
		}
		width += need
	}
	if start < len(ws) {
		lines = append(lines, ws[start:])
	}
	return lines
}

// put sets one line of words with its baseline at y. A justified line is
// stretched to the box unless it is the last of its paragraph.
func (p *Page) put(b Box, ws []word, y, indent float64, last bool) {
	if len(ws) == 0 {
		return
	}
	natural, spaces := 0.0, 0.0
	for i, w := range ws {
		natural += w.width
		if i > 0 {
			spaces += w.space
		}
	}
	room := b.X1 - b.X0 - indent
	stretch := 1.0
	if spaces > 0 && (natural+spaces > room || b.Align == Justify && !last) {
		stretch = max((room-natural)/spaces, 0.2)
	}
	x := b.X0 + indent
	switch slack := room - natural - spaces*stretch; b.Align {
	case Center:
		x += slack / 2
	case Right:
		x += slack
	}
	l := Line{Text: lineText(ws), X0: x, Y: y, Column: p.column}
	for i, w := range ws {
		if i > 0 {
			gap := w.space * stretch
			if prev := ws[i-1].spans; w.spans[0].Style.Underline && prev[len(prev)-1].Style.Underline {
				p.underline(w.spans[0].Style, x, x+gap, y)
			}
			x += gap
		}
		for _, s := range w.spans {
			x = p.set(s, x, y, inkBlack)
			l.Size = max(l.Size, s.Style.Size)
		}
	}
	l.X1 = x
	p.Lines = append(p.Lines, l)
}

// set draws a text that starts at x and returns where it ends.
func (p *Page) set(s Span, x, y float64, in ink) float64 {
	f, err := s.Style.Family.face(s.Style.Bold, s.Style.Italic)
	if err != nil {
		return x
	}
	x0, scale := x, s.Style.Size/f.em
	for _, r := range s.Text {
		g := f.glyph(r)
		p.glyphs = append(p.glyphs, placedGlyph{path: g, x: x, y: y, scale: scale, ink: in})
		x += g.advance*scale + s.Style.Track
	}
	if s.Style.Underline {
		p.underline(s.Style, x0, x, y)
	}
	return x
}

func (p *Page) underline(s Style, x0, x1, y float64) {
	p.rule(x0, y+0.11*s.Size, x1, y+0.11*s.Size+0.05*s.Size)
}

func (p *Page) rule(x0, y0, x1, y1 float64) { p.rules = append(p.rules, rule{x0, y0, x1, y1}) }

// A Sheet is typeset from top to bottom and breaks into pages where the text
// does not fit.
type Sheet struct {
	Pages                    []*Page
	Width, Height            float64 // of a page, in points; 0 means A4
	Left, Right, Top, Bottom float64 // margins, in points
	Y                        float64 // where the next line goes, top of the line
	// NumberStyle sets page numbers at the head of all pages but the first;
	// without a family there are none.
	NumberStyle Style
}

// Page returns the page that is being set.
func (s *Sheet) Page() *Page {
	if len(s.Pages) == 0 {
		s.newPage()
	}
	return s.Pages[len(s.Pages)-1]
}

func (s *Sheet) newPage() {
	if s.Width == 0 {
		s.Width, s.Height = A4Width, A4Height
	}
	p := &Page{Width: s.Width, Height: s.Height}
	s.Pages = append(s.Pages, p)
	s.Y = s.Top
	if n := len(s.Pages); n > 1 && s.NumberStyle.Family != nil {
		b := Box{X0: s.Left, X1: s.Width - s.Right, Align: Center}
		p.put(b, words([]Span{{fmt.Sprint(n), s.NumberStyle}}), s.Top-0.6*s.NumberStyle.Size, 0, true)
		s.Y += 0.5 * s.NumberStyle.Size
	}
}

// Body returns the box between the margins.
func (s *Sheet) Body() Box {
	s.Page()
	return Box{X0: s.Left, X1: s.Width - s.Right}
}

// Room is the height that is left on the page, in points.
func (s *Sheet) Room() float64 {
	s.Page()
	return s.Height - s.Bottom - s.Y
}

// Need starts a new page unless h points are left on this one.
func (s *Sheet) Need(h float64) {
	if s.Room() < h && s.Y > s.Top+20 {
		s.newPage()
	}
}

// Skip leaves h points empty.
func (s *Sheet) Skip(h float64) { s.Page(); s.Y += h }

// Para sets a paragraph and returns how many lines it took.
func (s *Sheet) Para(b Box, spans ...Span) int {
	lines := b.wrap(words(spans))
	for i, l := range lines {
		size := 0.0
		for _, w := range l {
			size = max(size, w.spans[0].Style.Size)
		}
		s.Need(b.leading(size))
		indent := b.Hang
		if i == 0 {
			indent = b.Indent
		}
		s.Page().put(b, l, s.Y+b.leading(size)-0.28*size, indent, i == len(lines)-1)
		s.Y += b.leading(size)
	}
	return len(lines)
}

// Columns sets blocks side by side that are read one after the other.
func (s *Sheet) Columns(blocks ...func(*Sheet)) {
	for i, set := range blocks {
		blocks[i] = func(s *Sheet) { s.Page().column = i + 1; set(s) }
	}
	s.beside(blocks...)
	s.Page().column = 0
}

// beside sets blocks side by side, all starting at the same height, and goes
// on below the longest.
func (s *Sheet) beside(blocks ...func(*Sheet)) {
	top, deepest := s.Y, s.Y
	for _, set := range blocks {
		s.Y = top
		set(s)
		deepest = max(deepest, s.Y)
	}
	s.Y = deepest
}
