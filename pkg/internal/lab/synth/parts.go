package synth

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// rows groups the lines of a page that stand side by side, top to bottom and
// left to right, as indexes of Lines.
func (p *Page) rows() [][]int {
	order := make([]int, len(p.Lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.Lines[a].Y, p.Lines[b].Y) })
	var rows [][]int
	for _, i := range order {
		if n := len(rows); n > 0 && p.beside(rows[n-1], i) {
			rows[n-1] = append(rows[n-1], i)
			continue
		}
		rows = append(rows, []int{i})
	}
	for _, r := range rows {
		slices.SortFunc(r, func(a, b int) int { return cmp.Compare(p.Lines[a].X0, p.Lines[b].X0) })
	}
	return rows
}

// beside reports whether a line stands beside all lines of a row: baselines
// less than 0.45 of the type size apart, and no overlap.
func (p *Page) beside(row []int, i int) bool {
	a := p.Lines[i]
	for _, j := range row {
		b := p.Lines[j]
		if math.Abs(a.Y-b.Y) > 0.45*min(a.Size, b.Size) || a.X0 < b.X1 && b.X0 < a.X1 {
			return false
		}
	}
	return true
}

// Head is the two-column head of an official letter.
type Head struct {
	Parent string  // the body above the issuing one; may be empty
	Body   string  // the issuing body
	Number string  // "Số: 12/UBND-VX"
	About  string  // "V/v …" below the number; letters only
	Place  string  // "Bình Sơn, ngày 5 tháng 3 năm 2024"
	Form   string  // of a copy: "SAO Y"; it stands where letters have the national head
	Split  float64 // how much of the width the left column has; 0 means 0.42
}

// Head sets the two-column head.
func (s *Sheet) Head(h Head, st Style) {
	body := s.Body()
	split := h.Split
	if split == 0 {
		split = 0.42
	}
	mid := body.X0 + split*(body.X1-body.X0)
	left := Box{X0: body.X0 - 30, X1: mid - 6, Align: Center}
	right := Box{X0: mid, X1: body.X1 + 8, Align: Center}
	small := st.sized(st.Size - 1)
	s.Columns(
		func(s *Sheet) {
			if h.Parent != "" {
				s.Para(left, Span{h.Parent, small})
			}
			s.Para(left, Span{h.Body, small.bold()})
			s.ruleUnder(left, 0.3)
			s.Skip(0.35 * st.Size)
			s.Para(left, Span{h.Number, st})
			if h.About != "" {
				s.Para(left, Span{h.About, small})
			}
		},
		func(s *Sheet) {
			if h.Form != "" {
				s.Para(right, Span{h.Form, st.bold()})
			} else {
				s.Para(right, Span{formula.Country.Text, small.bold()})
				s.Para(right, Span{formula.Motto.Text, st.bold()})
			}
			s.ruleUnder(right, 0.55)
			s.Skip(0.35 * st.Size)
			s.Para(right, Span{h.Place, st.italic()})
		})
	s.Skip(st.Size)
}

// ruleUnder draws a rule below the last line over part of a box's width.
func (s *Sheet) ruleUnder(b Box, part float64) {
	w, mid := part*(b.X1-b.X0), (b.X0+b.X1)/2
	y := s.Y + 1.5
	s.Page().rule(mid-w/2, y, mid+w/2, y+0.7)
}

// Title sets the kind of a document and what it is about.
func (s *Sheet) Title(kind, about string, st Style) {
	b := s.Body()
	b.Align = Center
	s.Para(b, Span{kind, st.bold()})
	if about != "" {
		b.X0, b.X1 = b.X0+30, b.X1-30
		s.Para(b, Span{about, st.bold()})
		s.ruleUnder(s.Body(), 0.2)
	}
	s.Skip(0.8 * st.Size)
}

// Table sets rows of cells with rules around them. The first row is the head.
// Widths are parts of the text width.
func (s *Sheet) Table(rows [][]string, widths []float64, st Style) {
	body := s.Body()
	edges := []float64{body.X0}
	for _, w := range widths {
		edges = append(edges, edges[len(edges)-1]+w*(body.X1-body.X0))
	}
	const pad = 3.5
	for i, cells := range rows {
		height := 0.0
		var boxes []Box
		var styles []Style
		for c := range cells {
			b := Box{X0: edges[c] + pad, X1: edges[c+1] - pad, Align: Left}
			cs := st
			if i == 0 {
				cs, b.Align = st.bold(), Center
			} else if c == 0 || numeric(cells[c]) {
				b.Align = Center
			}
			n := len(b.wrap(words([]Span{{cells[c], cs}})))
			height = max(height, float64(n)*b.leading(st.Size)+0.35*st.Size)
			boxes, styles = append(boxes, b), append(styles, cs)
		}
		s.Need(height)
		top := s.Y
		var set []func(*Sheet)
		for c := range cells {
			set = append(set, func(s *Sheet) { s.Para(boxes[c], Span{cells[c], styles[c]}) })
		}
		s.beside(set...)
		s.Y = top + height
		p := s.Page()
		p.rule(edges[0], top, edges[len(cells)], top+0.6)
		p.rule(edges[0], s.Y, edges[len(cells)], s.Y+0.6)
		for _, x := range edges[:len(cells)+1] {
			p.rule(x-0.3, top, x+0.3, s.Y+0.6)
		}
	}
	s.Skip(0.5 * st.Size)
}

func numeric(s string) bool { return strings.Trim(s, "0123456789.,%/-+ ") == "" }

// Foot is the end of a letter: recipients on the left, signature on the right.
// A paper that two sign has the second signature on the left and the
// recipients, if any, below.
type Foot struct {
	Recipients []string // "- Như trên;"
	Capacity   []string // "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"
	Name       string   // of the signer
	Stamp      string   // around the stamp; empty for none
	Pen        bool     // signed by hand
	Left       Signer
}

// Signer is who signs a paper beside another.
type Signer struct {
	Capacity []string
	Name     string
}

// Foot sets the end of a letter; rng shapes the signature and turns the stamp.
func (s *Sheet) Foot(f Foot, st Style, rng *rand.Rand) {
	body := s.Body()
	mid := body.X0 + 0.5*(body.X1-body.X0)
	left := Box{X0: body.X0, X1: mid - 12, Align: Left}
	right := Box{X0: mid, X1: body.X1, Align: Center}
	gap := 6.2 * st.Size
	s.Need(gap + (float64(max(len(f.Capacity), len(f.Left.Capacity)))+1.5)*1.2*st.Size)
	s.Skip(0.5 * st.Size)
	recipients := func(s *Sheet) { s.recipients(f.Recipients, left, st) }
	beside := recipients
	if f.Left.Name != "" {
		box := left
		box.Align = Center
		beside = func(s *Sheet) { s.sign(f.Left, "", f.Pen, gap, box, st, rng) }
	}
	s.Columns(beside, func(s *Sheet) { s.sign(Signer{f.Capacity, f.Name}, f.Stamp, f.Pen, gap, right, st, rng) })
	if f.Left.Name != "" {
		s.Skip(0.5 * st.Size)
		recipients(s)
	}
}

func (s *Sheet) recipients(list []string, b Box, st Style) {
	if len(list) == 0 {
		return
	}
	small := st.sized(st.Size - 2.5)
	s.Para(b, Span{formula.Copies.Text + ":", small.sized(small.Size + 1).bold().italic()})
	for _, r := range list {
		s.Para(b, Span{r, small})
	}
}

// sign sets one signature: capacity, pen and stamp in a gap, name.
func (s *Sheet) sign(by Signer, stamp string, pen bool, gap float64, b Box, st Style, rng *rand.Rand) {
	for _, c := range by.Capacity {
		s.Para(b, Span{c, st.bold()})
	}
	cx, cy := (b.X0+b.X1)/2, s.Y+gap/2
	if pen {
		s.Page().signature(cx-5, cy, rng)
	}
	if stamp != "" {
		s.Page().stamp(cx-40+8*rng.Float64(), cy-9+6*rng.Float64(), stamp, st, rng)
	}
	s.Skip(gap)
	s.Para(b, Span{by.Name, st.bold()})
}

// stamp draws a round stamp about 36 mm wide around a point.
func (p *Page) stamp(cx, cy float64, text string, st Style, rng *rand.Rand) {
	turn := (rng.Float64() - 0.5) * 0.3
	for _, ring := range [][2]float64{{51, 1.6}, {48, 0.6}, {32, 0.6}} {
		p.ring(cx, cy, ring[0], ring[1])
	}
	upper, lower := text, "VIỆT NAM"
	if a, b, ok := strings.Cut(text, "|"); ok {
		upper, lower = a, b
	}
	p.arcText(cx, cy, 36.5, upper, st.bold().sized(8.5), turn, false)
	p.arcText(cx, cy, 43.5, lower, st.bold().sized(7.5), turn, true)
	star := make([][2]float64, 0, 11)
	for i := range 11 {
		r := 13.0
		if i%2 == 1 {
			r = 5.2
		}
		sin, cos := math.Sincos(float64(i)*math.Pi/5 + turn - math.Pi/2)
		star = append(star, [2]float64{cx + r*cos, cy + r*sin})
	}
	p.marks = append(p.marks, mark{star, 1.4, inkStamp})
}

func (p *Page) ring(cx, cy, r, width float64) {
	const n = 72
	pts := make([][2]float64, 0, n+1)
	for i := range n + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		pts = append(pts, [2]float64{cx + r*cos, cy + r*sin})
	}
	p.marks = append(p.marks, mark{pts, width, inkStamp})
}

// arcText sets text around a circle, centred at the top, or at the bottom and
// readable from there.
func (p *Page) arcText(cx, cy, r float64, text string, st Style, turn float64, bottom bool) {
	f, err := st.Family.face(st.Bold, st.Italic)
	if err != nil {
		return
	}
	width, dir := st.width(text), 1.0
	if width > 4.2*r { // squeeze what would meet itself
		st.Size *= 4.2 * r / width
		width = 4.2 * r
	}
	at := turn - width/2/r
	if bottom {
		at, dir = turn+math.Pi+width/2/r, -1
	}
	for _, c := range text {
		g := f.glyph(c)
		adv := g.advance*st.Size/f.em + st.Track
		mid := at + dir*adv/2/r
		sin, cos := math.Sincos(mid - math.Pi/2)
		angle := mid
		if bottom {
			angle += math.Pi
		}
		asin, acos := math.Sincos(angle)
		x, y := cx+r*cos, cy+r*sin
		p.glyphs = append(p.glyphs, placedGlyph{path: g, x: x - adv/2*acos, y: y - adv/2*asin, scale: st.Size / f.em, angle: angle, ink: inkStamp})
		at += dir * adv / r
	}
}

// signature scribbles a name with a ball pen.
func (p *Page) signature(cx, cy float64, rng *rand.Rand) {
	var pts [][2]float64
	loops := 4 + rng.IntN(4)
	width := 60 + 40*rng.Float64()
	a, b, c := 8+10*rng.Float64(), 4+8*rng.Float64(), rng.Float64()*6
	for i := range 40 * loops {
		t := float64(i) / float64(40*loops)
		u := 2 * math.Pi * float64(loops) * t
		x := cx - width/2 + width*t + a*math.Sin(u)
		y := cy + (a+b*math.Sin(3*t*c))*math.Cos(u+c*t) - 14*t + 6
		pts = append(pts, [2]float64{x, y})
	}
	pts = append(pts, [2]float64{cx + width*0.7, cy - 4 - 10*rng.Float64()})
	p.marks = append(p.marks, mark{pts, 1.1, inkPen})
}
