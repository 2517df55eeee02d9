package imaging

import (
	"image"
	"math"
	"time"

	"github.com/congvan-cli/congvan/pkg/imaging/leptonica"
)

// flatten divides a grey page by its background if that varies: the reader
// separates ink from paper by one level for the whole page.
func (p *page) flatten() error {
	if p.pix.Depth() != 8 {
		return nil
	}
	start := time.Now()
	p.measureGrey()
	m := &p.rep.Measure
	if !p.on(Flatten) || m.Uneven < max(24, (m.Paper-m.Ink)/4) {
		return nil
	}
	q, err := p.pix.Flatten()
	if err != nil {
		return err
	}
	p.set(q)
	u := *m
	p.measureGrey()
	p.rep.Measure.Paper, p.rep.Measure.Ink, p.rep.Measure.Uneven = u.Paper, u.Ink, u.Uneven
	p.did("flatten", start)
	return nil
}

// denoise decides how much smoothing a grey page needs. The smoothing itself
// is part of rescale, which weights with a bell anyway.
func (p *page) denoise() error {
	if p.pix.Depth() != 8 || !p.on(Denoise) {
		return nil
	}
	m := &p.rep.Measure
	contrast := float64(max(m.Paper-m.Ink, 1))
	switch r := m.Noise / contrast; {
	case r > 0.20:
		p.sd = 1.4
	case r > 0.10:
		p.sd = 1.0
	case r > 0.05:
		p.sd = 0.7
	}
	return nil
}

// findInk makes the bilevel image on which geometry is measured, and measures
// its components.
func (p *page) findInk() error {
	p.bin = p.pix
	if p.pix.Depth() == 8 {
		src := p.pix
		if p.sd > 0 {
			q, err := src.Blur(3)
			if err != nil {
				return err
			}
			defer q.Free()
			src = q
		}
		b, err := src.Threshold(p.threshold())
		if err != nil {
			return err
		}
		p.bin = b
	}
	boxes, err := p.bin.Boxes()
	if err != nil {
		return err
	}
	m := &p.rep.Measure
	m.Components = len(boxes)
	m.XHeight = xHeight(boxes, p.dpi)
	if p.pix.Depth() != 1 {
		return nil
	}
	n := p.speck()
	for _, b := range boxes {
		if b.Dx() <= n && b.Dy() <= n {
			m.Specks++
		}
	}
	if !p.on(Denoise) || m.Specks < 200 || m.Specks < (m.Components-m.Specks)/5 {
		return nil
	}
	start := time.Now()
	q, err := p.pix.Larger(n)
	if err != nil {
		return err
	}
	p.set(q)
	p.bin = q
	p.did("despeckle", start)
	return nil
}

// speck is the side of the largest component that can't be a dot: an eighth
// of the height of an x, whose stem is twice as wide.
func (p *page) speck() int {
	x := p.rep.Measure.XHeight
	if x == 0 {
		x = float64(p.dpi) / 12
	}
	return max(1, int(math.Round(x/8)))
}

// orient turns the page by quarters. Counting ascenders and descenders costs a
// tenth at half the size, and serves down to 8 pixels of x-height.
func (p *page) orient() error {
	if !p.on(Orient) {
		return nil
	}
	start := time.Now()
	b, err := p.reduced(150)
	if err != nil {
		return err
	}
	defer b.Free()
	up, left, ok := b.Orient()
	if !ok {
		return nil
	}
	m := &p.rep.Measure
	m.Up, m.Left = float64(up), float64(left)
	turns := quarters(m.Up, m.Left)
	if turns == 0 {
		return nil
	}
	w, h := p.pix.Width(), p.pix.Height()
	q, err := p.pix.RotateQuarters(turns)
	if err != nil {
		return err
	}
	bin := q
	if p.bin != p.pix {
		if bin, err = p.bin.RotateQuarters(turns); err != nil {
			q.Free()
			return err
		}
	}
	p.set(q)
	p.bin = bin
	p.rep.Quarters = turns
	p.rep.to = p.rep.to.then(quarterTurns(turns, w, h))
	p.did("orient", start)
	return nil
}

// quarters returns the clockwise quarter turns that evidence asks for: none
// unless it is strong and clear.
func quarters(up, left float64) int {
	const strong, clear = 7, 2.5
	switch {
	case -up > strong && -up > clear*math.Abs(left):
		return 2
	case left > strong && left > clear*math.Abs(up):
		return 1
	case -left > strong && -left > clear*math.Abs(up):
		return 3
	}
	return 0
}

// reduced returns the ink at no less than dpi, or as it is if that is less.
func (p *page) reduced(dpi int) (*leptonica.Pix, error) {
	var ranks []leptonica.Rank
	for n := p.dpi; n >= 2*dpi && len(ranks) < 4; n /= 2 {
		ranks = append(ranks, 2)
	}
	if len(ranks) == 0 {
		return p.bin.Clone()
	}
	return p.bin.Reduce(ranks...)
}

// readerX is the x-height at which a line of Vietnamese, marks and all, is as
// high as the 36 pixels that Tesseract's network takes in. Larger images are
// scaled down by the reader itself, with sharpening, which raises the steps of
// bilevel scans and costs time.
const readerX = 15.5

// smoothing is the deviation, in x-heights, of the bell that takes the steps
// out of bilevel letters.
const smoothing = 0.052

// rescale brings letters to the reader's size, smoothing bilevel and noisy
// images on the way.
func (p *page) rescale() error {
	x := p.rep.Measure.XHeight
	if x == 0 {
		return nil
	}
	s := 1.0
	if p.on(Scale) {
		if s = min(max(readerX/x, 0.4), 2.5); s > 0.85 && s < 1.25 {
			s = 1
		}
	}
	sd := p.sd
	if p.pix.Depth() == 1 && p.on(Scale) {
		sd = smoothing * x
	}
	if s == 1 && sd == 0 {
		return nil
	}
	start := time.Now()
	w, h := p.pix.Width(), p.pix.Height()
	g := resample(p.pix, s, sd)
	q, err := leptonica.FromGray(g)
	if err != nil {
		return err
	}
	// The ink stays as it was measured: skew is looked for there.
	if p.bin == p.pix {
		p.pix = q
	} else {
		p.pix.Free()
		p.pix = q
	}
	p.rep.Scale = s
	p.rep.DPI = int(math.Round(float64(p.rep.DPI) * s))
	p.rep.to = p.rep.to.then(affine{
		a: float64(q.Width()) / float64(w), e: float64(q.Height()) / float64(h)})
	switch {
	case s == 1:
		p.did("smooth", start)
	default:
		p.did("scale", start)
	}
	return nil
}

// deskew makes lines level. Below 0.15° a turn only costs sharpness.
func (p *page) deskew() error {
	if !p.on(Deskew) {
		return nil
	}
	start := time.Now()
	b, err := p.reduced(150)
	if err != nil {
		return err
	}
	defer b.Free()
	angle, conf, ok := b.Skew(2, 1, 7)
	if ok && conf < 3 {
		angle, conf, ok = b.Skew(2, 1, 20)
	}
	if !ok {
		return nil
	}
	m := &p.rep.Measure
	m.Skew, m.SkewConf = math.Round(angle*100)/100, math.Round(conf*100)/100
	if conf < 3 || math.Abs(angle) < 0.1 {
		return nil
	}
	if p.pix.Depth() == 1 {
		g, err := leptonica.FromGray(p.pix.Gray())
		if err != nil {
			return err
		}
		if p.bin == p.pix {
			p.pix = g
		} else {
			p.pix.Free()
			p.pix = g
		}
	}
	w, h := p.pix.Width(), p.pix.Height()
	q, err := p.pix.Rotate(angle)
	if err != nil {
		return err
	}
	p.set(q)
	p.rep.Skew = angle
	p.rep.to = p.rep.to.then(turn(angle, w, h))
	p.did("deskew", start)
	return nil
}

// xHeight returns the height of the commonest letters: those without stem or
// mark are more than half of any text. 0 means too few letters to tell.
func xHeight(boxes []image.Rectangle, dpi int) float64 {
	var n [256]int
	total := 0
	for _, b := range boxes {
		w, h := b.Dx(), b.Dy()
		if h < max(5, dpi/50) || h >= len(n)-2 || w > 3*h || h > 5*w {
			continue
		}
		n[h]++
		total++
	}
	if total < 40 {
		return 0
	}
	best, at := 0, 0
	for h := 2; h < len(n)-2; h++ {
		if v := n[h-1] + 2*n[h] + n[h+1]; v > best {
			best, at = v, h
		}
	}
	sum, weight := 0, 0
	for h := at - 2; h <= at+2; h++ {
		sum, weight = sum+h*n[h], weight+n[h]
	}
	return float64(sum) / float64(weight)
}
