// Package imaging prepares the image of a page for a reader: it turns it
// upright and level, takes stamps, scanner borders and punch holes
// off it, evens out the background, calms noise, and brings its letters to the
// size the reader was trained on.
//
// Every step is decided by a measurement of the page, and one that is not
// needed is not done. Prepare works on one image, in memory, without side
// effects; the work on bilevel images is Leptonica's (package leptonica),
// which is linked with Tesseract anyway, so Prepare belongs into the worker
// process that reads the page. What the boxes of a reading mean on the original
// page is the Report's to say.
package imaging

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// Steps is a set of preparation steps.
type Steps uint

// The steps, in the order in which they are applied.
const (
	Invert   Steps = 1 << iota // make white on black black on white
	Colour                     // take coloured stamps, pen strokes and lines off, keep black under them
	Flatten                    // even out the background
	Contrast                   // make faint text black on white
	Denoise                    // calm noise and remove specks
	Orient                     // turn by quarters until the text stands upright
	Clean                      // remove scanner borders and punch holes
	Scale                      // bring letters to the reader's size, smooth bilevel steps
	Deskew                     // make lines level
	Stamps                     // take the rings of black stamps off
	Rules                      // take the rules of tables and forms off

	None Steps = 0
	All        = Rules<<1 - 1
)

var stepNames = []string{"invert", "colour", "flatten", "contrast", "denoise", "orient", "clean", "scale", "deskew", "stamps", "rules"}

// Names returns the names that ParseSteps takes.
func Names() []string { return append([]string{"auto", "none"}, stepNames...) }

// ParseSteps reads "auto" (all steps, each where it is needed), "none", or a
// list of step names with commas.
func ParseSteps(s string) (Steps, error) {
	switch s {
	case "auto":
		return All, nil
	case "none":
		return None, nil
	}
	var set Steps
	for name := range strings.SplitSeq(s, ",") {
		i := slices.Index(stepNames, strings.TrimSpace(name))
		if i < 0 {
			return 0, fmt.Errorf("unknown preparation step %q (known: %s)", name, strings.Join(Names(), ", "))
		}
		set |= 1 << i
	}
	return set, nil
}

// String is the inverse of ParseSteps.
func (s Steps) String() string {
	switch s & All {
	case All:
		return "auto"
	case None:
		return "none"
	}
	var names []string
	for i, n := range stepNames {
		if s&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ",")
}

// Options tunes Prepare. The zero value prepares automatically.
type Options struct {
	Skip      Steps // not to be done even where they are needed
	DPI       int   // resolution of the image; 0 if unknown
	MaxPixels int   // larger images are refused; 0 means 200 million

	// Turn is the number of clockwise quarter turns that bring the page upright,
	// 1 to 4, where that is known better than its letters show; 0: it is not.
	Turn int

	// Pale has print in a pale colour (Measure.Pale), such as yellow, made as dark as it
	// is in its darkest channel. What else is as pale, as a pattern, gets dark, too.
	Pale bool
}

// Prepare returns the image in data, made ready for a reader, as an
// uncompressed grey PGM file, or data itself where nothing was to be done.
func Prepare(data []byte, o Options) ([]byte, *Report, error) {
	start := time.Now()
	if o.MaxPixels == 0 {
		o.MaxPixels = 200e6
	}
	src, err := leptonica.Decode(data, o.MaxPixels)
	if err != nil {
		return nil, nil, err
	}
	p := newPage(src, o)
	defer p.free()
	if o.Skip&All != All {
		if err := p.prepare(); err != nil {
			return nil, nil, err
		}
	}
	out := data
	if p.rep.Changed() {
		if out, err = p.encode(); err != nil {
			return nil, nil, err
		}
	}
	p.rep.Millis = millis(time.Since(start))
	return out, &p.rep, nil
}

func millis(d time.Duration) float64 { return math.Round(d.Seconds()*1e5) / 100 }

// page is an image on its way through the steps.
type page struct {
	opts  Options
	rep   Report
	pix   *leptonica.Pix // 1, 8 or 32 bits
	bin   *leptonica.Pix // the same as ink on paper, once needed; may be pix itself
	dpi   int            // of pix, guessed from A4 if the file does not say
	sd    float64        // of the smoothing that noise asks for, in pixels
	grey  greys          // levels of pix, while it is grey
	calm  float64        // the same before ink is looked for
	noisy bool           // too much so for letters to be measured

	boxes []image.Rectangle // of the components of bin
}

func newPage(src *leptonica.Pix, o Options) *page {
	p := &page{opts: o, pix: src}
	size := image.Pt(src.Width(), src.Height())
	p.rep = Report{Source: size, Size: size, DPI: o.DPI, Scale: 1, to: identity}
	if p.rep.DPI == 0 {
		p.rep.DPI = src.DPI()
	}
	p.dpi = p.rep.DPI
	if !isSheet(size, p.dpi) {
		p.dpi, p.rep.DPI = int(float64(max(size.X, size.Y))/sheetInches), 0
	}
	switch src.Depth() {
	case 1:
		p.rep.Kind = Bilevel
	case 8:
		p.rep.Kind = Grey
	default:
		p.rep.Kind = Coloured
	}
	return p
}

const mmPerInch = 25.4

// sheetInches is the longer side of A4.
const sheetInches = 11.7

// isSheet reports whether an image may be a page at a resolution that its file states.
// Many state 72 dpi for want of knowledge, and others keep that of the scanner when they
// are made smaller: a sheet of half a metre or more, or one with the shape of A4 and the
// size of A6, is taken for A4, as one of unknown size is.
func isSheet(size image.Point, dpi int) bool {
	long, short := max(size.X, size.Y), min(size.X, size.Y)
	isSmall := long < 7*dpi && 135*short < 100*long && 100*long < 150*short
	return dpi >= 70 && dpi <= 1200 && long <= 20*dpi && !isSmall
}

func (p *page) free() {
	if p.bin != p.pix {
		p.bin.Free()
	}
	p.pix.Free()
}

// set replaces the image; what was known as its ink is no longer.
func (p *page) set(q *leptonica.Pix) {
	p.free()
	p.pix, p.bin = q, nil
}

func (p *page) on(s Steps) bool { return p.opts.Skip&s == 0 }

func (p *page) did(name string, since time.Time) {
	p.rep.Steps = append(p.rep.Steps, Step{name, millis(time.Since(since))})
}

// prepare applies the steps. Images too small to hold lines of text, or
// narrower than the kernels of C functions, are turned at most.
func (p *page) prepare() error {
	if min(p.pix.Width(), p.pix.Height()) < 64 {
		return p.turnSmall()
	}
	for _, step := range []func() error{
		p.invert, p.dropColour, p.flatten, p.denoise, p.findInk, p.orient, p.findNumbers, p.findFrames, p.clean, p.rescale, p.deskew, p.stamps, p.rules,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) encode() ([]byte, error) {
	if p.pix.Depth() != 8 {
		g, err := leptonica.FromGray(p.pix.Gray())
		if err != nil {
			return nil, err
		}
		p.set(g)
	}
	p.rep.Size = image.Pt(p.pix.Width(), p.pix.Height())
	return p.pix.PGM(), nil
}
