package imaging

import (
	"image"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// rules takes the rules of tables and forms off the page. The reader looks for
// tables itself, but a worn rule with gaps sends it across columns, loses cells
// or makes letters of the pieces: on scans of two tables of 60 and 90 words,
// six states of wear, it misread 43 words a page with the rules, 48 with the
// rules drawn anew, 19 without them.
func (p *page) rules() error {
	start := time.Now()
	b, x, err := p.inkFor(Rules)
	if b == nil {
		return err
	}
	defer b.Free()
	closed, err := thinInk(b, x)
	if err != nil {
		return err
	}
	defer closed.Free()
	// The feet of letters in a word may touch and look like a rule of four or
	// five x-heights; upright strokes do not add up.
	found := false
	for _, across := range []bool{true, false} {
		long := int(5 * x)
		if across {
			long = int(9 * x)
		}
		brick := func(along, aside int) (w, h int) {
			if across {
				return along, aside
			}
			return aside, along
		}
		rules, err := p.wipe(closed, long, brick, p.paper())
		if err != nil {
			return err
		}
		for _, r := range rules {
			if !across && p.isSeam(r) {
				p.rep.Regions = append(p.rep.Regions, Region{Margin, p.rep.ToOriginal(r)})
			} else {
				p.rep.Rules = append(p.rep.Rules, r)
			}
		}
		found = found || len(rules) > 0
	}
	if found {
		p.did("rules", start)
	}
	return nil
}

// The edge of a sheet that was copied, or a seam of a scan, is an upright line this near to
// the side of the image, in mm, and at least one in so many of it long.
const seamNear, seamLong = 10, 4

func (p *page) isSeam(r image.Rectangle) bool {
	near := int(seamNear * float64(p.dpi) * p.rep.Scale / mmPerInch)
	return seamLong*r.Dy() >= p.pix.Height() && (r.Max.X <= near || r.Min.X >= p.pix.Width()-near)
}

// ruleThick is the greatest thickness of a rule in x-heights, about a millimetre:
// what is thicker is a bar, or the dark edge of a scan.
const ruleThick = 0.6

// thinInk is the ink of a page with its small gaps closed, but without bars.
func thinInk(b *leptonica.Pix, x float64) (*leptonica.Pix, error) {
	closed, err := b.Close(3, 3)
	if err != nil {
		return nil, err
	}
	side := max(int(ruleThick*x), 3)
	bars, err := closed.Open(side, side)
	if err != nil || bars.Count() == 0 {
		bars.Free()
		return closed, err
	}
	defer closed.Free()
	defer bars.Free()
	around, err := bars.Dilate(side, side)
	if err != nil {
		return nil, err
	}
	defer around.Free()
	return closed.Minus(around)
}

// wipe paints over the straight lines of ink that are longer than long, and
// over the shorter pieces in line with them, and returns where these were.
func (p *page) wipe(ink *leptonica.Pix, long int, brick func(along, aside int) (w, h int), paper byte) (rules []image.Rectangle, err error) {
	var tmp []*leptonica.Pix
	defer func() {
		for _, t := range tmp {
			t.Free()
		}
	}()
	do := func(f func(w, h int) (*leptonica.Pix, error), along, aside int) *leptonica.Pix {
		if err != nil {
			return nil
		}
		var q *leptonica.Pix
		if q, err = f(brick(along, aside)); err == nil {
			tmp = append(tmp, q)
		}
		return q
	}
	lines := do(ink.Open, long, 1)
	if err != nil || lines.Count() == 0 {
		return nil, err
	}
	reach := do(lines.Dilate, long, 3)
	pieces := do(ink.Open, max(long/6, 8), 1)
	if err != nil {
		return nil, err
	}
	inLine := do(func(int, int) (*leptonica.Pix, error) { return reach.And(pieces) }, 0, 0)
	if err != nil {
		return nil, err
	}
	all := do(func(int, int) (*leptonica.Pix, error) { return inLine.Or(lines) }, 0, 0)
	if err != nil {
		return nil, err
	}
	thick := do(all.Dilate, 3, 5)
	if err != nil {
		return nil, err
	}
	if err := p.pix.Paint(thick, paper); err != nil {
		return nil, err
	}
	return all.Boxes()
}
