package imaging

import (
	"image"
	"slices"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// A watermark, large pale words or a figure behind the print, makes letters of its own
// edges and darkens those that it lies under. In squares of half a millimetre print leaves
// some paper nearly everywhere, and the strokes of a watermark fill them: the lightest
// level of each square shows what the sheet would be without its print. Where that is pale
// in large shapes with sharp edges, the page is divided by it. Shadows have no edges, the
// shades of tables are boxes, pictures have dark places.
const (
	waterCell  = 0.5 // mm: side of a square
	waterLeast = 12  // levels by which it is darker than paper, and
	waterMost  = 0.6 // of the way from paper to ink
	waterArea  = 200 // mm² that a watermark has at least
	waterLong  = 50  // mm that it reaches in one direction, and
	waterShort = 15  // in the other
	waterGap   = 16  // mm between its words

	waterLetter = 3    // mm that what is left of a letter between lines of print is high or wide, and
	waterMark   = 2    // a mark or a point
	waterSharp  = 0.6  // of its darkness must be gained within waterEdge of its edge
	waterEdge   = 2    // squares
	waterDark   = 0.2  // squares that are darker, against those of the watermark, at most
	waterSolid  = 0.85 // of its box: what fills that is a shade
	waterEven   = 0.4  // of the way from paper to ink are nine tenths of its levels apart at most
)

// water is a page in squares: the lightest level of each.
type water struct {
	*image.Gray
	cell  int     // pixels
	mm    float64 // in squares
	paper int     // their usual level
	dark  int     // level below which one is too dark for a watermark
	pale  int     // and above which it is paper
}

// watermarks takes the watermarks off a grey page, of which the levels are known, and
// reports whether there were any.
func (p *page) watermarks(g greys) (found bool, err error) {
	if !p.on(Flatten) || g.paper-g.ink < minContrast/2 {
		return false, nil
	}
	start := time.Now()
	w := newWater(p.pix, g, p.dpi)
	if w == nil {
		return false, nil
	}
	marks, boxes, err := w.find()
	if err != nil || len(boxes) == 0 {
		return false, err
	}
	out := p.pix.Gray()
	w.lift(out, marks)
	q, err := leptonica.FromGray(out)
	if err != nil {
		return false, err
	}
	p.set(q)
	for _, b := range boxes {
		full := image.Rectangle{b.Min.Mul(w.cell), b.Max.Mul(w.cell)}
		p.rep.Regions = append(p.rep.Regions, Region{Watermark, full.Intersect(out.Rect)})
	}
	p.did("watermark", start)
	return true, nil
}

// newWater looks at a page in squares; nil if nearly all of them are paper.
func newWater(pix *leptonica.Pix, g greys, dpi int) *water {
	cell := max(2, int(waterCell*float64(dpi)/mmPerInch+0.5))
	cw, ch := pix.Width()/cell, pix.Height()/cell
	w := &water{Gray: image.NewGray(image.Rect(0, 0, cw, ch)), cell: cell, mm: float64(dpi) / mmPerInch / float64(cell)}
	every := max(1, cell/2)
	row := make([]byte, pix.Width())
	for cy := range ch {
		dst := w.Pix[cy*w.Stride : cy*w.Stride+cw]
		for y := cy * cell; y < (cy+1)*cell; y += every {
			pix.Row(y, row)
			for cx := range dst {
				most := dst[cx]
				for _, v := range row[cx*cell : (cx+1)*cell] {
					most = max(most, v)
				}
				dst[cx] = most
			}
		}
	}
	least := int(waterArea * w.mm * w.mm)
	w.levels(g)
	if w.count(0) < least {
		return nil
	}
	w.close()
	w.levels(g)
	if w.count(w.dark) < least {
		return nil
	}
	return w
}

// levels finds what is paper, and what is too dark for a watermark.
func (w *water) levels(g greys) {
	var hist [256]int
	for _, v := range w.Pix {
		hist[v]++
	}
	w.paper = quantile(hist[:], 0.5)
	w.dark = max(w.paper-int(waterMost*float64(w.paper-g.ink)), 0)
	w.pale = w.paper - max(waterLeast, int(2*g.noise))
}

// count is how many squares are no paper, and no darker than a level.
func (w *water) count(dark int) (n int) {
	for _, v := range w.Pix {
		if int(v) >= dark && int(v) <= w.pale {
			n++
		}
	}
	return n
}

// close lightens what is dark over less than three squares: print that is bold, or blurred.
func (w *water) close() {
	w.lighten()
	w.negate()
	w.lighten()
	w.negate()
}

// lighten makes each square as light as the lightest beside it.
func (w *water) lighten() {
	n := w.Stride
	above, row := slices.Clone(w.Pix[:n]), make([]byte, n)
	for y := range w.Rect.Dy() {
		dst := w.Pix[y*n : (y+1)*n]
		below := dst
		if y+1 < w.Rect.Dy() {
			below = w.Pix[(y+1)*n : (y+2)*n]
		}
		copy(row, dst)
		for x := range dst {
			dst[x] = max(above[x], row[x], below[x])
		}
		above, row = row, above
		left := dst[0]
		for x, v := range dst {
			dst[x] = max(left, v, dst[min(x+1, n-1)])
			left = v
		}
	}
}

func (w *water) negate() {
	for i, v := range w.Pix {
		w.Pix[i] = 255 - v
	}
}

func (w *water) is(v byte) bool { return int(v) >= w.dark && int(v) <= w.pale }

// find returns the squares of the watermarks, black, and their boxes.
func (w *water) find() (marks *image.Gray, boxes []image.Rectangle, err error) {
	mask := image.NewGray(w.Rect)
	for i, v := range w.Pix {
		if !w.is(v) {
			mask.Pix[i] = 255
		}
	}
	pix, err := leptonica.FromGray(mask)
	if err != nil {
		return nil, nil, err
	}
	defer pix.Free()
	bits, err := pix.Threshold(128)
	if err != nil {
		return nil, nil, err
	}
	defer bits.Free()
	shapes, err := bits.Larger(int(waterLetter * w.mm))
	if err != nil {
		return nil, nil, err
	}
	defer shapes.Free()
	comps, err := shapes.Components()
	if err != nil {
		return nil, nil, err
	}
	side := max(int(waterGap*w.mm), 3)
	joined, err := shapes.Close(side, side)
	if err != nil {
		return nil, nil, err
	}
	defer joined.Free()
	groups, err := joined.Boxes()
	if err != nil {
		return nil, nil, err
	}
	all, err := bits.Larger(int(waterMark * w.mm))
	if err != nil {
		return nil, nil, err
	}
	defer all.Free()
	marks = shapes.Gray()
	for _, g := range merged(groups) {
		in := slices.DeleteFunc(slices.Clone(comps), func(c leptonica.Component) bool { return !c.Box.In(g) })
		if w.isMark(marks, g, in) {
			boxes = append(boxes, g)
		}
	}
	marks = all.Gray()
	for y := range marks.Rect.Dy() { // those of other things are left alone
		for x := range marks.Rect.Dx() {
			if at := image.Pt(x, y); !slices.ContainsFunc(boxes, at.In) {
				marks.Pix[y*marks.Stride+x] = 255
			}
		}
	}
	return marks, boxes, nil
}

// merged makes one of boxes that overlap.
func merged(boxes []image.Rectangle) (out []image.Rectangle) {
	for _, b := range boxes {
		for i := 0; i < len(out); i++ {
			if out[i].Overlaps(b) {
				b = b.Union(out[i])
				out = slices.Delete(out, i, i+1)
				i = -1
			}
		}
		out = append(out, b)
	}
	return out
}

// isMark reports whether a group of shapes is a watermark.
func (w *water) isMark(marks *image.Gray, group image.Rectangle, shapes []leptonica.Component) bool {
	long, short := float64(max(group.Dx(), group.Dy())), float64(min(group.Dx(), group.Dy()))
	area, solid := 0, 0
	for _, c := range shapes {
		area += c.Area
		if float64(c.Area) > waterSolid*float64(c.Box.Dx()*c.Box.Dy()) {
			solid += c.Area
		}
	}
	if long < waterLong*w.mm || short < waterShort*w.mm || float64(area) < waterArea*w.mm*w.mm || 2*solid > area {
		return false
	}
	var levels [256]int
	dark, edges, sharp := 0, 0, 0
	for y := group.Min.Y; y < group.Max.Y; y++ {
		for x := group.Min.X; x < group.Max.X; x++ {
			v := w.Pix[y*w.Stride+x]
			switch {
			case int(v) < w.dark:
				dark++
			case marks.Pix[y*marks.Stride+x] == 0:
				levels[v]++
			}
		}
	}
	usual := quantile(levels[:], 0.5)
	if float64(dark) > waterDark*float64(area) ||
		float64(quantile(levels[:], 0.95)-quantile(levels[:], 0.05)) > waterEven*float64(w.paper-w.dark)/waterMost {
		return false
	}
	for y := group.Min.Y; y < group.Max.Y; y++ {
		for x := group.Min.X + 1; x < group.Max.X; x++ {
			a, b := marks.Pix[y*marks.Stride+x-1], marks.Pix[y*marks.Stride+x]
			if a == b {
				continue
			}
			from, to := max(x-1-waterEdge, 0), min(x+waterEdge, w.Rect.Dx()-1)
			l, r := int(w.Pix[y*w.Stride+from]), int(w.Pix[y*w.Stride+to])
			edges++
			if float64(max(l-r, r-l)) >= waterSharp*float64(w.paper-usual) {
				sharp++
			}
		}
	}
	return 3*sharp > 2*edges
}

// lift divides the squares of watermarks, and those beside, by what they are without print.
func (w *water) lift(m *image.Gray, marks *image.Gray) {
	for cy := range marks.Rect.Dy() {
		for cx := range marks.Rect.Dx() {
			level := w.paper
			for y := max(cy-1, 0); y <= min(cy+1, marks.Rect.Dy()-1); y++ {
				for x := max(cx-1, 0); x <= min(cx+1, marks.Rect.Dx()-1); x++ {
					if marks.Pix[y*marks.Stride+x] == 0 {
						level = min(level, int(w.Pix[y*w.Stride+x]))
					}
				}
			}
			if level == w.paper {
				continue
			}
			for y := cy * w.cell; y < (cy+1)*w.cell; y++ {
				row := m.Pix[y*m.Stride+cx*w.cell : y*m.Stride+(cx+1)*w.cell]
				for i, v := range row {
					row[i] = byte(min(int(v)*w.paper/level, w.paper))
				}
			}
		}
	}
}
