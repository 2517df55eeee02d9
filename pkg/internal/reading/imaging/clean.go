package imaging

import (
	"image"
	"slices"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// What clean takes off, in mm where nothing else is said. Holes are 6 mm wide and 12
// mm from an edge (ISO 838); other punches, skew and frayed paper take the rest. A
// disc fills 0.79 of its square.
const (
	cleanDPI             = 50 // the least resolution at which both are looked for
	thickest             = 1  // of strokes and rules: what is thicker is solid
	pageShare            = 3  // solid black from the edge over more than one in so many pixels is the page
	holeLeast, holeMost  = 4, 10
	holeEdge             = 25  // from an edge
	holeAspect           = 1.3 // of the longer side against the shorter
	leastRound, mostDisc = 0.68, 0.9
	edgeLeast            = 8 // along a side that is dark
	edgeShare            = 4 // no deeper than one in so many of the page
)

// clean paints over the dark edges that a scanner leaves around a page, and
// over punch holes. Both are looked for at a quarter of the size.
func (p *page) clean() error {
	if !p.on(Clean) {
		return nil
	}
	start := time.Now()
	small, err := p.reduced(cleanDPI)
	if err != nil {
		return err
	}
	defer small.Free()
	factor := 1
	for p.bin.Width()/(2*factor) >= small.Width() {
		factor *= 2
	}
	mm := float64(p.dpi) / float64(factor) / mmPerInch
	mask, err := borders(small, mm)
	if err != nil {
		return err
	}
	defer mask.Free()
	holes, err := holes(small, mm)
	if err != nil {
		return err
	}
	if mask.Count() == 0 && len(holes) == 0 {
		return nil
	}
	for _, b := range slices.Concat(edges(bitsOf(mask), int(edgeLeast*mm)), holes) {
		full := image.Rectangle{b.Min.Mul(factor), b.Max.Mul(factor)}
		p.rep.Regions = append(p.rep.Regions, Region{Margin, p.rep.ToOriginal(full).Intersect(image.Rectangle{Max: p.rep.Source})})
	}
	if err := mask.Blacken(holes...); err != nil {
		return err
	}
	if err := p.paint(mask, factor); err != nil {
		return err
	}
	p.did("clean", start)
	return nil
}

// borders returns a mask over solid black that reaches the edge of the image:
// what is left after taking off all that is thinner than a millimetre, as the
// strokes of letters and the rules of tables are.
func borders(b *leptonica.Pix, mm float64) (*leptonica.Pix, error) {
	side := max(3, int(thickest*mm+0.5))
	solid, err := b.Open(side, side)
	if err != nil {
		return nil, err
	}
	defer solid.Free()
	frame, err := b.Frame(max(1, int(mm)))
	if err != nil {
		return nil, err
	}
	defer frame.Free()
	seed, err := frame.And(solid)
	if err != nil {
		return nil, err
	}
	defer seed.Free()
	found, err := seed.Fill(solid)
	if err != nil {
		return nil, err
	}
	defer found.Free()
	if found.Count() > b.Width()*b.Height()/pageShare {
		return b.Blank() // a dark page, not a dark edge
	}
	return found.Dilate(side, side)
}

// edges returns the strips along the sides of an image that are black, as deep as nine
// tenths of them are; least is how long they are together, in pixels.
func edges(b bits, least int) (out []image.Rectangle) {
	w, h := b.w, len(b.rows)
	for _, side := range []struct {
		long, deep int
		at         func(along, in int) (x, y int)
	}{
		{h, w, func(along, in int) (x, y int) { return in, along }},
		{h, w, func(along, in int) (x, y int) { return w - 1 - in, along }},
		{w, h, func(along, in int) (x, y int) { return along, in }},
		{w, h, func(along, in int) (x, y int) { return along, h - 1 - in }},
	} {
		var along, deep []int
		for i := range side.long {
			in := 0
			for in < side.deep && b.at(side.at(i, in)) {
				in++
			}
			if in > 0 && edgeShare*in <= side.deep { // else it goes along another side
				along, deep = append(along, i), append(deep, in)
			}
		}
		if len(along) < max(least, 1) {
			continue
		}
		slices.Sort(deep)
		x0, y0 := side.at(along[0], 0)
		x1, y1 := side.at(along[len(along)-1], deep[len(deep)*9/10]-1)
		out = append(out, image.Rect(min(x0, x1), min(y0, y1), max(x0, x1)+1, max(y0, y1)+1))
	}
	return out
}

// holes returns the boxes of round black components near an edge, where no text
// stands.
func holes(b *leptonica.Pix, mm float64) ([]image.Rectangle, error) {
	comps, err := b.Components()
	if err != nil {
		return nil, err
	}
	inner := image.Rect(0, 0, b.Width(), b.Height()).Inset(int(holeEdge * mm))
	var out []image.Rectangle
	for _, c := range comps {
		w, h := float64(c.Box.Dx()), float64(c.Box.Dy())
		fill := float64(c.Area) / (w * h)
		if min(w, h) < holeLeast*mm || max(w, h) > holeMost*mm || max(w, h) > holeAspect*min(w, h) ||
			fill < leastRound || fill > mostDisc || c.Box.Overlaps(inner) {
			continue
		}
		out = append(out, c.Box.Inset(-max(1, int(mm/2))))
	}
	return out, nil
}

// paint makes the page white where mask, factor times smaller, is black.
func (p *page) paint(mask *leptonica.Pix, factor int) error {
	big, err := mask.Expand(factor)
	if err != nil {
		return err
	}
	defer big.Free()
	fit, err := big.Fit(p.pix.Width(), p.pix.Height())
	if err != nil {
		return err
	}
	defer fit.Free()
	if p.bin != p.pix {
		if err := p.bin.Paint(fit, 0); err != nil {
			return err
		}
	}
	white := byte(0)
	if p.pix.Depth() == 8 {
		white = byte(p.rep.Measure.Paper)
	}
	return p.pix.Paint(fit, white)
}
