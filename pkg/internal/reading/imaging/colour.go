package imaging

import (
	"image"
	"slices"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// A red stamp over black text is nearly as dark as the text once the page is
// grey. In the lightest of the three channels, though, red ink is as light as
// paper and black stays black. That channel is taken where coloured ink lies,
// but not for the whole page: it would wipe out letters printed in colour.
// Coloured marks to drop are told from coloured letters by their size: a
// stamp's ring and the strokes of a signature are connected over most of a
// centimetre in both directions and leave much paper between them, rules are
// long and thin.

// minChroma is the difference between the lightest and darkest channel above
// which a pixel has a colour. JPEG gives black letters a chroma of up to 40.
const minChroma = 50

const (
	// cellsPerInch is how many squares an inch has in which marks are looked for.
	cellsPerInch = 75
	cellsPerMM   = cellsPerInch / mmPerInch
	// minColoured is the share of coloured pixels below which no mark is looked for:
	// of an A4 page at 300 dpi 1,700, a tenth of a ring.
	minColoured = 0.0002
	// minPaper is the least level of a channel that is taken for paper: a darker
	// page is not brought to white.
	minPaper = 96
	// minWhite is the level of a mark's ink, in its lightest channel, below which
	// it is too dark to be told from what is printed under it.
	minWhite = 90
)

// dropColour makes a colour page grey, without its coloured marks.
func (p *page) dropColour() error {
	if p.pix.Depth() != 32 {
		return nil
	}
	start := time.Now()
	var marks []mark
	c := newColours(p.pix, p.dpi)
	p.rep.Measure.Coloured = c.share
	if p.on(Colour) && c.share > minColoured {
		var err error
		if marks, err = c.marks(); err != nil {
			return err
		}
	}
	pale, err := c.pale(marks)
	if err != nil {
		return err
	}
	for _, b := range pale {
		if float64(b.Dy()) >= paleLeast*cellsPerMM {
			p.rep.Measure.Pale++
		}
	}
	if !p.opts.Pale || !p.on(Colour) {
		pale = nil
	}
	if len(marks) == 0 && len(pale) == 0 {
		q, err := p.pix.Luminance()
		if err != nil {
			return err
		}
		p.set(q)
		return nil
	}
	p.rep.Regions = c.regions(marks)
	q, err := leptonica.FromGray(c.grey(marks, pale))
	if err != nil {
		return err
	}
	p.set(q)
	p.did("colour", start)
	return nil
}

// colours is a colour page seen through squares of a third of a millimetre.
type colours struct {
	pix    *leptonica.Pix
	w, h   int
	level  [3][256]byte // takes the paper of each channel to white
	share  float64      // of coloured pixels
	faint  float64      // of pale pixels
	cell   int          // side of a square in pixels
	cw, ch int          // squares across and down
}

func newColours(pix *leptonica.Pix, dpi int) *colours {
	c := &colours{pix: pix, w: pix.Width(), h: pix.Height(), cell: max(1, (dpi+cellsPerInch/2)/cellsPerInch)}
	c.cw, c.ch = (c.w+c.cell-1)/c.cell, (c.h+c.cell-1)/c.cell
	row := make([]byte, 4*c.w)
	var hist [3][256]int
	const every = 8
	for y := every / 2; y < c.h; y += every {
		pix.Row(y, row)
		for i := 0; i < len(row); i += 4 {
			hist[0][row[i]]++
			hist[1][row[i+1]]++
			hist[2][row[i+2]]++
		}
	}
	for i := range hist {
		paper := max(quantile(hist[i][:], 0.6), minPaper)
		for v := range c.level[i] {
			c.level[i][v] = byte(min(255, v*255/paper))
		}
	}
	coloured, faint, seen := 0, 0, 0
	for y := every / 2; y < c.h; y += every {
		pix.Row(y, row)
		for i := 0; i < len(row); i += 4 {
			if lo, hi := c.range3(row[i:]); hi-lo > minChroma {
				coloured++
				if c.isPale(row[i:]) {
					faint++
				}
			}
		}
		seen += c.w
	}
	c.share, c.faint = float64(coloured)/float64(max(seen, 1)), float64(faint)/float64(max(seen, 1))
	return c
}

// range3 returns the darkest and the lightest channel of a pixel.
func (c *colours) range3(px []byte) (lo, hi int) {
	r, g, b := int(c.level[0][px[0]]), int(c.level[1][px[1]]), int(c.level[2][px[2]])
	return min(r, g, b), max(r, g, b)
}

func (c *colours) isColoured(px []byte) bool {
	lo, hi := c.range3(px)
	return hi-lo > minChroma
}

// isPale reports whether a pixel is plainly darker than paper in one channel, and nearly
// paper in the grey of all three.
func (c *colours) isPale(px []byte) bool {
	lo, hi := c.range3(px)
	grey := int(luminance(px))
	return hi-lo > minChroma && grey > paleGrey && grey-lo >= paleGain
}

func luminance(px []byte) byte {
	return byte((77*int(px[0]) + 128*int(px[1]) + 51*int(px[2])) >> 8)
}

// Yellow has a luminance of 200 to 230, cyan, which is read, one of 130 to 150.
const (
	paleGrey  = 160 // luminance from which colour is lost beside black print
	paleGain  = 30  // what the darkest channel must be darker than that
	paleThick = 5   // squares: what is as thick is an area, such as a highlighter leaves
)

// pale finds print in a pale colour: what is no higher than letters, without thick
// parts, outside of the marks. Boxes are in squares.
func (c *colours) pale(marks []mark) ([]image.Rectangle, error) {
	if c.faint <= minColoured {
		return nil, nil
	}
	m, err := leptonica.FromGray(c.mask(c.isPale))
	if err != nil {
		return nil, err
	}
	defer m.Free()
	bits, err := m.Threshold(128)
	if err != nil {
		return nil, err
	}
	defer bits.Free()
	thick, err := bits.Open(paleThick, paleThick)
	if err != nil {
		return nil, err
	}
	defer thick.Free()
	areas, err := thick.Fill(bits)
	if err != nil {
		return nil, err
	}
	defer areas.Free()
	thin, err := bits.Minus(areas)
	if err != nil {
		return nil, err
	}
	defer thin.Free()
	boxes, err := thin.Boxes()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(boxes, func(b image.Rectangle) bool {
		return float64(b.Dy()) > paleMost*cellsPerMM || slices.ContainsFunc(marks, func(m mark) bool { return b.Overlaps(m.box) })
	}), nil
}

// Letters are so high, in mm; marks and points are smaller.
const paleLeast, paleMost = 1.2, 12

// regions are the places of the marks, without those that lie in another: the
// strokes of a stamp. A stamp that lies in a signature is one all the same.
func (c *colours) regions(marks []mark) []Region {
	var out []Region
	for i, m := range marks {
		in := func(o mark) bool {
			if m.kind != o.kind && o.kind == Stamp {
				return m.box.In(o.box.Inset(-4)) // what is left of its ring
			}
			return m.box.In(o.box) && (m.kind != Stamp || o.kind == Stamp)
		}
		if !slices.ContainsFunc(marks[:i], in) &&
			!slices.ContainsFunc(marks[i+1:], func(o mark) bool { return in(o) && m.box != o.box }) {
			out = append(out, Region{m.kind, c.pixels(m.box)})
		}
	}
	return out
}

// mark is a coloured thing to drop.
type mark struct {
	kind  RegionKind
	box   image.Rectangle // in squares
	white int             // level of its ink in the lightest channel
}

// marks finds the coloured things that are no letters.
func (c *colours) marks() ([]mark, error) {
	mask := c.mask(c.isColoured)
	b, err := leptonica.FromGray(mask)
	if err != nil {
		return nil, err
	}
	defer b.Free()
	bits, err := b.Threshold(128)
	if err != nil {
		return nil, err
	}
	defer bits.Free()
	comps, err := bits.Components()
	if err != nil {
		return nil, err
	}
	joined, err := bits.Close(7, 7)
	if err != nil {
		return nil, err
	}
	defer joined.Free()
	groups, err := joined.Boxes()
	if err != nil {
		return nil, err
	}
	var marks []mark
	drop := func(kind RegionKind, box image.Rectangle) {
		marks = append(marks, mark{kind: kind, box: box.Inset(-2).Intersect(mask.Rect)})
	}
	tol := frameTol * cellsPerMM
	for _, k := range comps {
		w, h := float64(k.Box.Dx())/cellsPerMM, float64(k.Box.Dy())/cellsPerMM
		switch {
		case min(w, h) >= strokesLeast && max(w, h) > strokesMost: // a frame, or a table: what stands in it may be text
		case min(w, h) >= strokesLeast && float64(k.Area) < strokesInk*float64(k.Box.Dx()*k.Box.Dy()):
			// Letters break a ring that they cross: its pieces belong to it.
			for _, g := range groups {
				if k.Box.In(g) && (len(marks) == 0 || !g.In(marks[len(marks)-1].box)) {
					kind, w, h := Handwriting, float64(g.Dx())/cellsPerMM, float64(g.Dy())/cellsPerMM
					switch {
					case isFrameSized(w, h) && bitsOf(bits).isFrame(g, int(tol)):
						kind = Framed
					case isStampSized(w, h):
						kind = Stamp
					}
					drop(kind, g)
				}
			}
		case max(w, h) >= penRuleLong && float64(k.Area)/max(w, h)/cellsPerMM <= penRuleThick:
			drop(Rule, k.Box)
		}
	}
	rings, err := c.rings(bits)
	if err != nil {
		return nil, err
	}
	for _, box := range rings {
		if box = box.Intersect(mask.Rect); !slices.ContainsFunc(marks, func(m mark) bool { return m.kind == Stamp && box.In(m.box) }) {
			drop(Stamp, box)
		}
	}
	return c.inkLevels(marks), nil
}

// rings finds round stamps whose rings are worn to pieces.
func (c *colours) rings(mask *leptonica.Pix) (boxes []image.Rectangle, err error) {
	large, err := mask.Larger(ringPieceMM * cellsPerInch / 25)
	if err != nil {
		return nil, err
	}
	defer large.Free()
	pieces, err := large.Components()
	if err != nil {
		return nil, err
	}
	r := newRings(mask, large, cellsPerMM)
	for _, ring := range r.find(pieces) {
		boxes = append(boxes, ring.box())
	}
	return boxes, nil
}

// What tells the marks from letters in colour: capitals of 30 points are 7.5 mm high.
const (
	strokesLeast = 8    // mm that a ring or the strokes of a signature reach in both directions
	strokesMost  = 100  // mm: no stamp or signature is larger
	strokesInk   = 0.35 // of their box is ink, no more
	penRuleLong  = 20   // mm
	penRuleThick = 3.5  // squares, the mean over its length
)

// Stamps of offices are round, of 30 to 40 mm (Decree 30/2020, circular
// 21/2012/TT-BCA), or square; with the print that touches them, and less what the
// paper's edge cuts off, they are this large. Signatures are wider than high.
const (
	stampLeast, stampMost = 22, 62 // mm
	stampAspect           = 1.5    // of the longer side against the shorter
)

// isStampSized tells a stamp from a signature by its size in mm.
func isStampSized(w, h float64) bool {
	return min(w, h) >= stampLeast && max(w, h) <= stampMost && max(w, h) <= stampAspect*min(w, h)
}

// mask is black where a quarter of a square is so.
func (c *colours) mask(is func(px []byte) bool) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, c.cw, c.ch))
	row := make([]byte, 4*c.w)
	count := make([]int, c.cw)
	for cy := range c.ch {
		clear(count)
		for y := cy * c.cell; y < min((cy+1)*c.cell, c.h); y++ {
			c.pix.Row(y, row)
			for x := range c.w {
				if is(row[4*x:]) {
					count[x/c.cell]++
				}
			}
		}
		for x, n := range count {
			if 4*n < c.cell*c.cell {
				m.Pix[cy*m.Stride+x] = 255
			}
		}
	}
	return m
}

// inkLevels finds how light the ink of each mark is in its lightest channel,
// and leaves out the marks that are too dark there to be dropped.
func (c *colours) inkLevels(marks []mark) []mark {
	row := make([]byte, 4*c.w)
	for i := range marks {
		var hist [256]int
		r := c.pixels(marks[i].box)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			c.pix.Row(y, row)
			for x := r.Min.X; x < r.Max.X; x++ {
				if lo, hi := c.range3(row[4*x:]); hi-lo > minChroma {
					hist[hi]++
				}
			}
		}
		marks[i].white = quantile(hist[:], 0.3)
	}
	return slices.DeleteFunc(marks, func(m mark) bool { return m.white < minWhite })
}

func (c *colours) pixels(cells image.Rectangle) image.Rectangle {
	return image.Rectangle{cells.Min.Mul(c.cell), cells.Max.Mul(c.cell)}.Intersect(image.Rect(0, 0, c.w, c.h))
}

// grey returns the luminance of the page; in boxes of pale print the darkest channel;
// and in the boxes of the marks the lightest channel with the ink of the mark brought
// up to white.
func (c *colours) grey(marks []mark, pale []image.Rectangle) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, c.w, c.h))
	row := make([]byte, 4*c.w)
	for y := range c.h {
		c.pix.Row(y, row)
		dst := out.Pix[y*out.Stride : y*out.Stride+c.w]
		for x := range dst {
			dst[x] = luminance(row[4*x:])
		}
		for _, b := range pale {
			r := c.pixels(b.Inset(-1))
			if y < r.Min.Y || y >= r.Max.Y {
				continue
			}
			for x := r.Min.X; x < r.Max.X; x++ {
				lo, _ := c.range3(row[4*x:])
				dst[x] = min(dst[x], byte(lo))
			}
		}
		for _, m := range marks {
			r := c.pixels(m.box)
			if y < r.Min.Y || y >= r.Max.Y {
				continue
			}
			for x := r.Min.X; x < r.Max.X; x++ {
				_, hi := c.range3(row[4*x:])
				dst[x] = max(dst[x], byte(min(255, hi*255/m.white)))
			}
		}
	}
	return out
}
