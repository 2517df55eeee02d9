package imaging

import (
	"image"
	"math"
	"slices"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// A paper is uneven from so many levels on, and from a quarter of the way between it
// and the ink.
const unevenLevels, unevenShare = 24, 4

// flatten divides a grey page by its background if that varies: the reader
// separates ink from paper by one level for the whole page.
func (p *page) flatten() error {
	if p.pix.Depth() != 8 {
		return nil
	}
	start := time.Now()
	g, err := measureGrey(p.pix)
	if err != nil {
		return err
	}
	if !g.bilevel {
		found, err := p.watermarks(g)
		if err != nil {
			return err
		}
		if found {
			if g, err = measureGrey(p.pix); err != nil {
				return err
			}
		}
	}
	p.grey = g
	m := &p.rep.Measure
	m.Paper, m.Ink, m.Uneven, m.Noise = g.paper, g.ink, g.uneven, math.Round(g.noise*10)/10
	if g.bilevel {
		b, err := p.pix.Threshold(128)
		if err != nil {
			return err
		}
		p.set(b)
		p.rep.Kind = Bilevel
		return nil
	}
	if !p.on(Flatten) || g.uneven < max(unevenLevels, (g.paper-g.ink)/unevenShare) {
		return nil
	}
	q, err := p.pix.Flatten()
	if err != nil {
		return err
	}
	p.set(q)
	if p.grey, err = measureGrey(p.pix); err != nil {
		return err
	}
	p.did("flatten", start)
	return nil
}

// smoothings are the deviations, in pixels, of the bell for a noise above a share of
// the contrast between paper and ink, the strongest first.
var smoothings = []struct{ noise, sd float64 }{{1.5, 1.8}, {0.4, 1.1}, {0.2, 0.9}, {0.05, 0.7}}

const (
	calmNoise = 0.1 // the noise from which ink is looked for in a smoother image
	calmMore  = 0.3 // than the reader's, by so many pixels of deviation
	lostNoise = 0.4 // the noise from which letters can't be measured
)

// denoise decides how much smoothing a grey page needs. The smoothing itself
// is part of rescale, which weights with a bell anyway.
func (p *page) denoise() error {
	if p.pix.Depth() != 8 || !p.on(Denoise) {
		return nil
	}
	r := p.grey.noise / float64(max(p.grey.paper-p.grey.ink, 1))
	for _, s := range smoothings {
		if r > s.noise {
			p.sd = s.sd
			break
		}
	}
	if r > calmNoise {
		p.calm = p.sd + calmMore
	}
	p.noisy = r > lostNoise
	return nil
}

// A page is dirty, and its specks are taken off it, from so many on, and from so many
// for a hundred components that are larger.
const dirtySpecks, dirtyPercent = 200, 60

// findInk makes the bilevel image on which geometry is measured, takes specks
// off it, and measures the rest.
func (p *page) findInk() error {
	p.bin = p.pix
	if p.pix.Depth() == 8 {
		src := p.pix
		if p.calm > 0 {
			q, err := leptonica.FromGray(resample(src, 1, p.calm))
			if err != nil {
				return err
			}
			defer q.Free()
			src = q
		}
		b, err := src.Threshold((p.grey.ink + p.grey.paper + 1) / 2)
		if err != nil {
			return err
		}
		p.bin = b
	}
	boxes, err := p.bin.Boxes()
	if err != nil {
		return err
	}
	n := p.speck()
	p.boxes = slices.DeleteFunc(boxes, func(b image.Rectangle) bool { return b.Dx() <= n && b.Dy() <= n })
	m := &p.rep.Measure
	m.Components, m.Specks = len(p.boxes), len(boxes)-len(p.boxes)
	m.Letters = countLetters(p.boxes, p.dpi)
	m.XHeight = math.Round(xHeight(p.boxes, p.dpi)*10) / 10
	if m.Specks < dirtySpecks || 100*m.Specks < dirtyPercent*m.Components {
		return nil
	}
	start := time.Now()
	q, err := p.bin.Larger(n)
	if err != nil {
		return err
	}
	if p.bin != p.pix {
		p.bin.Free()
		p.bin = q
		return nil
	}
	if !p.on(Denoise) {
		p.bin = q
		return nil
	}
	p.set(q)
	p.bin = q
	p.did("despeckle", start)
	return nil
}

// speck is the side of the largest component that can't be a dot: a quarter of
// a millimetre, where the dots of 13-point type are 0.4 mm wide.
func (p *page) speck() int { return min(max(p.dpi/100, 1), 6) }

// orient finds out how the page lies and turns it upright.
func (p *page) orient() error {
	if !p.on(Orient) || len(p.boxes) > 30000 {
		return nil
	}
	across, along := stand(p.boxes, p.dpi), stand(transpose(p.boxes), p.dpi)
	m := &p.rep.Measure
	m.Across, m.Along = across.level, along.level
	m.Up, m.Left = math.Round(across.sure()*10)/10, math.Round(along.sure()*10)/10
	if p.opts.Turn != 0 {
		return p.turn(p.opts.Turn & 3)
	}
	return p.turn(quarters(across, along))
}

// turnSmall turns an image that is too small to be measured as it was told.
func (p *page) turnSmall() error {
	if p.opts.Turn&3 == 0 {
		return nil
	}
	if p.pix.Depth() == 32 {
		g, err := p.pix.Luminance()
		if err != nil {
			return err
		}
		p.set(g)
	}
	p.bin = p.pix
	return p.turn(p.opts.Turn & 3)
}

// turn turns the page clockwise by quarters.
func (p *page) turn(turns int) error {
	if turns == 0 {
		return nil
	}
	start := time.Now()
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
	turned := quarterTurns(turns, w, h)
	for i, b := range p.boxes {
		p.boxes[i] = turned.box(b)
	}
	if m := &p.rep.Measure; turns&1 == 1 {
		m.XHeight = xHeight(p.boxes, p.dpi)
	}
	p.rep.Quarters = turns
	p.rep.to = p.rep.to.then(turned)
	p.did("orient", start)
	return nil
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
// bilevel scans and costs time. On 35 pages at 300 dpi and 6 at 200, bilevel,
// Tesseract alone misreads 1011 syllables, and 655 after this; on 19 of them
// the target hardly matters from 14 to 17 (425 to 445, of 613), at 13 all is
// lost (784).
const readerX = 15.5

// usualX is the x-height of 13-point type in inches, and nearUsual by what share of it
// print of a page differs whose letters can't be trusted.
const usualX, nearUsual = 0.083, 0.15

// How images are scaled: the least and the most, and where it is not worth the blur.
const leastScale, mostScale, sameScale = 0.2, 2.0, 0.03

// smoothing is the deviation, in x-heights, of the bell that takes the steps
// out of bilevel letters: 1.3 pixels at 300 dpi. Alone, without scaling, it
// takes a fifth of the errors away; 0.04 and 0.065 do the same.
const smoothing = 0.052

// sizeOfPrint is the height of an x, in pixels of the page before it is rescaled: as its
// letters have it, and where they can't be measured that of usual print; 0 if nothing
// tells how large that is.
func (p *page) sizeOfPrint() float64 {
	x, usual := p.rep.Measure.XHeight, usualX*float64(p.dpi)
	switch m := &p.rep.Measure; {
	case x == 0 && p.rep.DPI == 0:
		return 0
	case x == 0:
		return usual
	case p.noisy || m.Components > 300 && 20*(m.Across+m.Along) < m.Components:
		// Noise and broken or clotted letters give wrong sizes.
		return min(max(x, (1-nearUsual)*usual), (1+nearUsual)*usual)
	}
	return x
}

// rescale brings letters to the reader's size, smoothing bilevel and noisy
// images on the way.
func (p *page) rescale() error {
	x := p.sizeOfPrint()
	if x == 0 {
		return nil
	}
	s := 1.0
	if p.on(Scale) {
		// Without letters to measure, nothing says that more pixels help.
		largest := mostScale
		if p.rep.Measure.XHeight == 0 {
			largest = 1
		}
		if s = min(max(readerX/x, leastScale), largest); s > 1-sameScale && s < 1+sameScale {
			s = 1
		}
	}
	sd := p.sd
	if p.pix.Depth() == 1 && p.on(Scale) {
		sd = smoothing * x
	}
	faint := p.faint()
	if s == 1 && sd == 0 && !faint {
		return nil
	}
	start := time.Now()
	w, h := p.pix.Width(), p.pix.Height()
	var g *image.Gray
	if s == 1 && sd == 0 {
		g = p.pix.Gray()
	} else {
		g = resample(p.pix, s, sd)
	}
	if faint {
		p.stretch(g)
	}
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
	case s == 1 && sd == 0: // the contrast alone
	case s == 1:
		p.did("smooth", start)
	default:
		p.did("scale", start)
	}
	return nil
}

// faint reports whether ink and paper are so close to each other that the
// reader, which parts them by one level for the page, may not find the text.
func (p *page) faint() bool {
	d := p.grey.paper - p.grey.ink
	return p.pix.Depth() == 8 && p.on(Contrast) && d > 0 && (d < minContrast || p.sd > 0)
}

const minContrast = 120

// stretch makes the paper white and the ink black. What is left of the noise
// on the paper becomes white where the ink is dark enough to tell.
func (p *page) stretch(g *image.Gray) {
	var hist [256]int
	for y := 0; y < g.Rect.Dy(); y += 4 {
		for _, v := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			hist[v]++
		}
	}
	low, high := span(&hist)
	var to [256]byte
	for v := range to {
		to[v] = byte(min(max((v-low)*255/(high-low), 0), 255))
	}
	for i, v := range g.Pix {
		g.Pix[i] = to[v]
	}
	p.grey.ink, p.grey.paper = 0, 255
	p.rep.Steps = append(p.rep.Steps, Step{Name: "contrast"})
}

// span returns the levels of a page that become black and white.
func span(hist *[256]int) (low, high int) {
	paper := mode(func(v int) int { return hist[v] }, 1, 256)
	// The lighter half of the paper's levels is free of ink.
	sd := 0.5
	if n := quantile(hist[paper:], 0.68); n > 0 {
		sd = float64(n)
	}
	t := min(otsu(hist), paper-int(3*sd))
	ink := quantile(hist[:max(t, 1)], 0.3)
	d := float64(paper - ink)
	return ink, max(paper-int(min(2*sd, 0.35*d)), ink+1)
}

// How lines are made level: angles in degrees. A lesser turn than leastSkew only
// costs sharpness; a wider one than usualSkew is only looked for where none of those
// is sure, as Leptonica says it (Pix.Skew).
const (
	skewDPI              = 150
	leastSkew            = 0.1
	usualSkew, mostSkew  = 7, 20
	skewSure             = 3
	skewSweep, skewExact = 2, 1 // reductions at which it is looked for
)

// deskew makes lines level.
func (p *page) deskew() error {
	if !p.on(Deskew) {
		return nil
	}
	start := time.Now()
	b, err := p.reduced(skewDPI)
	if err != nil {
		return err
	}
	defer b.Free()
	angle, conf, ok := b.Skew(skewSweep, skewExact, usualSkew)
	if ok && conf < skewSure {
		angle, conf, ok = b.Skew(skewSweep, skewExact, mostSkew)
	}
	if !ok {
		return nil
	}
	m := &p.rep.Measure
	m.Skew, m.SkewConf = math.Round(angle*100)/100, math.Round(conf*100)/100
	if conf < skewSure || math.Abs(angle) < leastSkew {
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
