package imaging

import (
	"cmp"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// A stamp in black shows by its rings: thin circles of known sizes, broken by wear and
// by the print that they cross. Their strokes bind letters of several lines together, and
// a reader makes one of what it can't part. They are found by circles through three
// points of a piece (Fischler and Bolles, "Random sample consensus", 1981), which the
// ink of the page must bear out all around, and taken off where nothing crosses them.
const (
	ringLeast, ringMost = 13.0, 22.0 // mm of radius
	ringPiece           = 3.2        // x-heights that a piece of a ring is long: letters are not
	ringPieceMM         = 3          // the same in colour, in mm
	ringInk             = 0.35       // share of a piece's box that is ink at most
	ringTries           = 250        // circles tried a piece
	ringPieces          = 40         // largest pieces that are looked at
	ringShare           = 0.3        // of a circle that must be ink
	ringInner           = 0.3        // the same of those around the same middle
	ringSharp           = 0.15       // by how much it has more ink than what lies beside it
	ringThick           = 1.1        // mm: what is thicker along the radius crosses the ring
	ringBlur            = 0.3        // mm off the circle that its ink may lie
	ringBeside          = 1.4        // mm from a ring lies what is beside it
	ringApart           = 0.5        // mm between rings around the same middle
	ringsFrom, ringsTo  = 0.5, 1.3   // of a ring's radius are those around the same middle
	ringNarrow          = 0.7        // mm: a piece that is narrower is straight
	mostStamps          = 4          // on a page
)

// stamps takes the rings of black stamps off the page.
func (p *page) stamps() error {
	start := time.Now()
	b, x, err := p.inkFor(Stamps)
	if b == nil {
		return err
	}
	defer b.Free()
	large, err := b.Larger(int(ringPiece * x))
	if err != nil {
		return err
	}
	defer large.Free()
	pieces, err := large.Components()
	if err != nil {
		return err
	}
	r := newRings(b, large, float64(p.dpi)*p.rep.Scale/mmPerInch)
	found := r.find(pieces)
	if len(found) == 0 {
		return nil
	}
	g := p.pix.Gray()
	var outers []circle
	for _, c := range found {
		place := p.rep.ToOriginal(c.box())
		if slices.ContainsFunc(p.rep.Regions, func(r Region) bool { return r.Kind == Stamp && place.Overlaps(r.Box) }) {
			continue // it was in colour, and this is what is left of it
		}
		outer := c
		for _, ring := range r.concentric(c) {
			r.wipe(g, ring, p.paper())
			outer.r = max(outer.r, ring.r)
		}
		outers = append(outers, outer)
		p.rep.Regions = append(p.rep.Regions, Region{Stamp, p.rep.ToOriginal(outer.box().Inset(-int(r.mm)).Intersect(g.Rect))})
	}
	q, err := leptonica.FromGray(g)
	if err != nil {
		return err
	}
	p.set(q)
	for _, c := range outers {
		if err := p.empty(c, x); err != nil {
			return err
		}
	}
	p.did("stamps", start)
	return nil
}

// empty takes off the page what stands within a stamp and in no row of print that goes
// on outside of it; x is the height of an x.
func (p *page) empty(c circle, x float64) error {
	b, err := p.ink()
	if err != nil {
		return err
	}
	defer b.Free()
	around := c.box().Inset(-int(c.r)).Intersect(image.Rect(0, 0, b.Width(), b.Height()))
	part, err := b.Clip(around)
	if err != nil {
		return err
	}
	defer part.Free()
	boxes, err := part.Boxes()
	if err != nil {
		return err
	}
	c.x, c.y = c.x-float64(around.Min.X), c.y-float64(around.Min.Y)
	own := c.alone(boxes, x)
	if len(own) == 0 {
		return nil
	}
	mask, err := b.Blank()
	if err != nil {
		return err
	}
	defer mask.Free()
	for i := range own {
		own[i] = own[i].Add(around.Min).Inset(-1)
	}
	if err := mask.Blacken(own...); err != nil {
		return err
	}
	return p.pix.Paint(mask, p.paper())
}

// rowReach is how far from a stamp, in x-heights, the print stands that goes on under it.
const rowReach = 4

// letterLeast is the height, in x-heights, of what may be a letter in a row, and
// rowEdge how far a row reaches beyond its letters.
const letterLeast, rowEdge = 0.6, 0.4

// alone returns the boxes within a circle that are in no row of letters that goes on
// just outside of it, nor near one.
func (c circle) alone(boxes []image.Rectangle, x float64) (own []image.Rectangle) {
	wide := circle{c.x, c.y, c.r + rowReach*x}
	var rows []image.Rectangle
	for _, b := range boxes {
		if h := float64(b.Dy()); h > letterLeast*x && h < ringPiece*x && !c.holds(b) && wide.holds(b) {
			rows = append(rows, b.Inset(-int(rowEdge*x)))
		}
	}
	for _, b := range boxes {
		if c.holds(b) && float64(max(b.Dx(), b.Dy())) < 2*ringPiece*x &&
			!slices.ContainsFunc(rows, func(r image.Rectangle) bool { return b.Max.Y > r.Min.Y && b.Min.Y < r.Max.Y }) {
			own = append(own, b)
		}
	}
	return own
}

// holds reports whether a box lies within a circle.
func (c circle) holds(b image.Rectangle) bool {
	dx := max(math.Abs(float64(b.Min.X)-c.x), math.Abs(float64(b.Max.X)-c.x))
	dy := max(math.Abs(float64(b.Min.Y)-c.y), math.Abs(float64(b.Max.Y)-c.y))
	return math.Hypot(dx, dy) <= c.r
}

// inkFor returns the ink of the page and the height of an x for a step that looks at them;
// no ink if the step is off or there is no print.
func (p *page) inkFor(step Steps) (ink *leptonica.Pix, x float64, err error) {
	x = p.rep.Measure.XHeight * p.rep.Scale
	if !p.on(step) || p.pix.Depth() != 8 || x == 0 {
		return nil, x, nil
	}
	ink, err = p.ink()
	return ink, x, err
}

// ink is the ink of a grey page, which may have been bilevel.
func (p *page) ink() (*leptonica.Pix, error) {
	ink, paper := 0, int(p.paper())
	if p.rep.Kind != Bilevel {
		ink = p.grey.ink
	}
	return p.pix.Threshold(ink + (paper-ink)*3/5)
}

// paper is the level of its paper.
func (p *page) paper() byte {
	if p.rep.Kind == Bilevel {
		return 255
	}
	return byte(p.grey.paper)
}

// bits are the pixels of a 1-bit image.
type bits struct {
	rows [][]uint32
	w    int
}

func bitsOf(p *leptonica.Pix) bits {
	b := bits{make([][]uint32, p.Height()), p.Width()}
	for y := range b.rows {
		b.rows[y] = p.Bits(y)
	}
	return b
}

func (b bits) at(x, y int) bool {
	return y >= 0 && y < len(b.rows) && x >= 0 && x < b.w && b.rows[y][x>>5]>>(31-x&31)&1 == 1
}

// circle is a ring's middle and radius in pixels.
type circle struct{ x, y, r float64 }

func (c circle) box() image.Rectangle {
	return image.Rect(int(c.x-c.r), int(c.y-c.r), int(c.x+c.r)+1, int(c.y+c.r)+1)
}

// direction is that of a radius.
type direction struct{ sin, cos float64 }

// directions are n all around.
func directions(n int) []direction {
	out := make([]direction, n)
	for i := range out {
		out[i].sin, out[i].cos = math.Sincos(2 * math.Pi * float64(i) / float64(n))
	}
	return out
}

// Those on which rings are looked for.
var (
	few  = sync.OnceValue(func() []direction { return directions(60) })
	some = sync.OnceValue(func() []direction { return directions(180) })
	many = sync.OnceValue(func() []direction { return directions(360) })
)

// point is the point in a direction, off by so many pixels along the radius.
func (c circle) point(d direction, off int) (x, y int) {
	r := c.r + float64(off)
	return int(math.Round(c.x + r*d.cos)), int(math.Round(c.y + r*d.sin))
}

// rings looks for the rings of stamps.
type rings struct {
	ink   bits
	large bits    // of its pieces that are larger than letters
	mm    float64 // pixels
	rng   *rand.Rand
}

// newRings returns what looks for rings in an image, given the pieces of it that are
// larger than letters and how many pixels a millimetre has.
func newRings(ink, large *leptonica.Pix, mm float64) *rings {
	return &rings{bitsOf(ink), bitsOf(large), mm, rand.New(rand.NewPCG(1, 1))}
}

// find returns the rings that are borne out, the best of each stamp.
func (r *rings) find(pieces []leptonica.Component) []circle {
	pieces = slices.DeleteFunc(pieces, func(k leptonica.Component) bool {
		w, h := float64(k.Box.Dx()), float64(k.Box.Dy())
		return min(w, h) < ringNarrow*r.mm || float64(k.Area) > ringInk*w*h
	})
	slices.SortFunc(pieces, func(a, b leptonica.Component) int { return b.Area - a.Area })
	type hit struct {
		circle
		share float64
	}
	var hits []hit
	for _, k := range pieces[:min(len(pieces), ringPieces)] {
		if c, share := r.through(k.Box); share >= ringShare {
			hits = append(hits, hit{c, share})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.share, a.share) })
	var out []circle
	for _, h := range hits {
		if len(out) < mostStamps && !slices.ContainsFunc(out, func(o circle) bool { return math.Hypot(h.x-o.x, h.y-o.y) < 2*o.r }) {
			out = append(out, h.circle)
		}
	}
	return out
}

// through returns the circle through two points of a piece and one around it that has
// most ink.
func (r *rings) through(piece image.Rectangle) (best circle, share float64) {
	own, around := r.points(piece), r.points(piece.Inset(-int(ringMost*r.mm)))
	pick := func(points []image.Point) image.Point { return points[r.rng.IntN(len(points))] }
	for range ringTries {
		c, ok := circleOf(pick(own), pick(own), pick(around))
		if !ok || c.r < ringLeast*r.mm || c.r > ringMost*r.mm {
			continue
		}
		if s := r.sharp(c, few(), share); s > share {
			best, share = c, s
		}
	}
	if share < ringShare/3 {
		return best, 0
	}
	best, share = r.refined(best)
	return best, share
}

// refined moves a circle to where it has most ink.
func (r *rings) refined(c circle) (circle, float64) {
	share := r.sharp(c, many(), -1)
	for step := 4.0; step >= 0.5; step /= 2 {
		for moved := true; moved; {
			moved = false
			for _, d := range [6]circle{{step, 0, 0}, {-step, 0, 0}, {0, step, 0}, {0, -step, 0}, {0, 0, step}, {0, 0, -step}} {
				n := circle{c.x + d.x, c.y + d.y, c.r + d.r}
				if s := r.sharp(n, many(), share); s > share {
					c, share, moved = n, s, true
				}
			}
		}
	}
	return c, share
}

// points are the pixels of larger pieces in a box.
func (r *rings) points(box image.Rectangle) (out []image.Point) {
	box = box.Intersect(image.Rect(0, 0, r.large.w, len(r.large.rows)))
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if r.large.at(x, y) {
				out = append(out, image.Pt(x, y))
			}
		}
	}
	return out
}

// circleOf returns the circle through three points.
func circleOf(p, q, s image.Point) (circle, bool) {
	ax, ay, bx, by := float64(q.X-p.X), float64(q.Y-p.Y), float64(s.X-p.X), float64(s.Y-p.Y)
	d := 2 * (ax*by - ay*bx)
	if math.Abs(d) < 1 {
		return circle{}, false
	}
	a, b := ax*ax+ay*ay, bx*bx+by*by
	x, y := (by*a-ay*b)/d, (ax*b-bx*a)/d
	return circle{float64(p.X) + x, float64(p.Y) + y, math.Hypot(x, y)}, true
}

// sharp is how much of a circle is thin ink, less what is on one just around it: text
// has as much of it everywhere. 0 if it is not more than least.
func (r *rings) sharp(c circle, all []direction, least float64) float64 {
	share := r.share(c, all, least)
	if share <= least {
		return 0
	}
	return share - r.share(circle{c.x, c.y, c.r + ringBeside*r.mm}, all, 0)
}

// share is how much of a circle is ink that is thin along the radius; less than it is, where
// it cannot be as much as least.
func (r *rings) share(c circle, all []direction, least float64) float64 {
	hits, n := 0, float64(len(all))
	for i, d := range all {
		if float64(hits+len(all)-i) < least*n-0.5 {
			break
		}
		if _, _, ok := r.stroke(c, d); ok {
			hits++
		}
	}
	return float64(hits) / n
}

// stroke returns from where to where along the radius a circle's ink reaches in a
// direction, if it has any and that is thin.
func (r *rings) stroke(c circle, d direction) (from, to int, ok bool) {
	at := func(off int) bool { return r.ink.at(c.point(d, off)) }
	tol, thick := max(1, int(ringBlur*r.mm)), int(ringThick*r.mm)
	mid := tol + 1
	for off := 0; off <= tol; off++ {
		if at(off) {
			mid = off
			break
		}
		if at(-off) {
			mid = -off
			break
		}
	}
	if mid > tol {
		return 0, 0, false
	}
	from, to = mid, mid
	for to-from <= thick && at(to+1) {
		to++
	}
	for to-from <= thick && at(from-1) {
		from--
	}
	return from, to, to-from < thick
}

// concentric returns a ring and those around the same middle: where there is more ink
// than a little within and without. Letters around the middle have as much everywhere.
func (r *rings) concentric(c circle) []circle {
	out := []circle{c}
	for rad := ringsFrom * c.r; rad <= min(ringsTo*c.r, ringMost*r.mm); rad++ {
		d := circle{c.x, c.y, rad}
		if math.Abs(rad-c.r) <= ringApart*r.mm {
			continue
		}
		own := r.share(d, some(), ringInner)
		if own < ringInner || own-r.share(circle{c.x, c.y, rad - ringBeside*r.mm}, some(), 0) < ringSharp || own-r.share(circle{c.x, c.y, rad + ringBeside*r.mm}, some(), 0) < ringSharp {
			continue
		}
		out = append(out, d)
	}
	return out
}

// wipe paints over the ink of a ring where it is about as thin as most of it: what is
// thicker crosses it.
func (r *rings) wipe(g *image.Gray, c circle, paper byte) {
	all := directions(int(2 * math.Pi * c.r * 2))
	var thick []int
	for _, d := range all {
		if from, to, ok := r.stroke(c, d); ok {
			thick = append(thick, to-from)
		}
	}
	if len(thick) == 0 {
		return
	}
	slices.Sort(thick)
	most := thick[len(thick)/2]*3/2 + 1
	for _, d := range all {
		from, to, ok := r.stroke(c, d)
		if !ok || to-from > most {
			continue
		}
		for off := from - 1; off <= to+1; off++ {
			if x, y := c.point(d, off); image.Pt(x, y).In(g.Rect) {
				g.Pix[y*g.Stride+x] = paper
			}
		}
	}
}
