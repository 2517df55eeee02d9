package imaging

import (
	"image"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// White letters on black, a whole page of microfilm or the head of a table, are
// made black on white before anything else: the steps after this one take what is
// dark for ink. Where most of the surroundings of a place are black, the place is
// dark: black text, however bold and close, covers less than half of its lines,
// and white letters leave more than half of theirs black.
const (
	darkDPI    = 75   // resolution at which darkness is looked for
	darkWindow = 9    // side of the surroundings in pixels at that: 3 mm, a line of text
	darkShare  = 0.58 // of them that is black: bold white capitals of 14 pt leave 0.62
	darkPage   = 0.5  // share of dark places from which the page as a whole is dark
	darkHigh   = 3.5  // smallest height of a dark band in mm: a line of 10 pt in a bar
	darkWide   = 10.0 // smallest width in mm
	darkSolid  = 0.8  // share of a band's box that is dark: what is less is a drawing
	darkHoles  = 3    // fewest white things in a band that may be letters
)

// invert makes what is white on black black on white.
func (p *page) invert() error {
	if !p.on(Invert) {
		return nil
	}
	start := time.Now()
	done := false
	// A dark page may have light bands, which are dark after the first turn.
	for range 2 {
		d, err := p.darkness()
		if err != nil {
			return err
		}
		areas := d.bands()
		if d.share() > darkPage && d.holes(d.ink.Rect) >= darkHoles {
			areas = []image.Rectangle{{Max: image.Pt(p.pix.Width(), p.pix.Height())}}
		}
		if len(areas) == 0 {
			break
		}
		if err := p.pix.Invert(areas...); err != nil {
			return err
		}
		done = true
		if d.share() <= darkPage {
			break
		}
	}
	if done {
		p.did("invert", start)
	}
	return nil
}

// darkness is a small image of a page, and which of its places are dark.
type darkness struct {
	ink, dark *image.Gray // black is 0
	scale     float64     // of the page against them
	mm        float64     // in their pixels
}

func (p *page) darkness() (*darkness, error) {
	ink, err := p.roughInk()
	if err != nil {
		return nil, err
	}
	defer ink.Free()
	small, dpi := ink, p.dpi
	for dpi >= 2*darkDPI {
		half, err := small.Reduce(2)
		if err != nil {
			return nil, err
		}
		if small != ink {
			small.Free()
		}
		small, dpi = half, dpi/2
	}
	if small != ink {
		defer small.Free()
	}
	d := &darkness{ink: small.Gray(), scale: float64(p.pix.Width()) / float64(small.Width()), mm: float64(dpi) / mmPerInch}
	grey, err := leptonica.FromGray(d.ink)
	if err != nil {
		return nil, err
	}
	defer grey.Free()
	if min(grey.Width(), grey.Height()) <= 2*darkWindow {
		d.dark = image.NewGray(image.Rectangle{})
		return d, nil
	}
	soft, err := grey.Blur(darkWindow)
	if err != nil {
		return nil, err
	}
	defer soft.Free()
	black := 1 - darkShare
	dark, err := soft.Threshold(int(black * 255))
	if err != nil {
		return nil, err
	}
	defer dark.Free()
	whole, err := dark.Close(darkWindow, darkWindow)
	if err != nil {
		return nil, err
	}
	defer whole.Free()
	solid, err := whole.Open(int(darkWide*d.mm), max(int((darkHigh-1)*d.mm), 1))
	if err != nil {
		return nil, err
	}
	defer solid.Free()
	d.dark = solid.Gray()
	return d, nil
}

// roughInk is the page in black and white, parted by one level: dark is black.
func (p *page) roughInk() (*leptonica.Pix, error) {
	grey := p.pix
	switch p.pix.Depth() {
	case 1:
		return p.pix.Clone()
	case 32:
		g, err := p.pix.Luminance()
		if err != nil {
			return nil, err
		}
		defer g.Free()
		grey = g
	}
	var hist [256]int
	row := make([]byte, grey.Width())
	for y := 0; y < grey.Height(); y += 8 {
		grey.Row(y, row)
		for _, v := range row {
			hist[v]++
		}
	}
	return grey.Threshold(otsu(&hist))
}

// share is the part of the page that is dark.
func (d *darkness) share() float64 {
	n := 0
	for _, v := range d.dark.Pix {
		if v == 0 {
			n++
		}
	}
	return float64(n) / float64(max(len(d.dark.Pix), 1))
}

// bands returns the dark boxes that hold white letters, in pixels of the page.
func (d *darkness) bands() []image.Rectangle {
	var out []image.Rectangle
	for _, b := range d.boxes(d.dark, image.Rectangle{Max: d.dark.Rect.Max}, 0) {
		if float64(d.count(d.dark, b)) < darkSolid*float64(b.Dx()*b.Dy()) {
			continue
		}
		b = d.grown(b)
		if d.holes(b) >= darkHoles {
			out = append(out, image.Rect(int(float64(b.Min.X)*d.scale), int(float64(b.Min.Y)*d.scale), int(float64(b.Max.X)*d.scale), int(float64(b.Max.Y)*d.scale)))
		}
	}
	return out
}

// holes is how many white things of the size of letters lie within a box.
func (d *darkness) holes(b image.Rectangle) (n int) {
	const low, high, wide = 0.8, 8, 10 // mm: from an x of 5 points to a heading
	for _, w := range d.boxes(d.ink, b, 255) {
		if h := float64(w.Dy()); h >= low*d.mm && h <= high*d.mm && float64(w.Dx()) <= wide*d.mm && w.In(b.Inset(1)) {
			n++
		}
	}
	return n
}

// grown returns b with the rows and columns at its edges that are mostly black,
// too: the surroundings of an edge are not dark.
func (d *darkness) grown(b image.Rectangle) image.Rectangle {
	for range darkWindow {
		for _, side := range []image.Rectangle{
			{image.Pt(b.Min.X, b.Min.Y-1), image.Pt(b.Max.X, b.Min.Y)}, {image.Pt(b.Min.X, b.Max.Y), image.Pt(b.Max.X, b.Max.Y+1)},
			{image.Pt(b.Min.X-1, b.Min.Y), image.Pt(b.Min.X, b.Max.Y)}, {image.Pt(b.Max.X, b.Min.Y), image.Pt(b.Max.X+1, b.Max.Y)},
		} {
			if side.In(d.ink.Rect) && 3*d.count(d.ink, side) > 2*side.Dx()*side.Dy() {
				b = b.Union(side)
			}
		}
	}
	return b
}

// count is the number of black pixels in a box.
func (d *darkness) count(m *image.Gray, b image.Rectangle) (n int) {
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for _, v := range m.Pix[y*m.Stride+b.Min.X : y*m.Stride+b.Max.X] {
			if v == 0 {
				n++
			}
		}
	}
	return n
}

// boxes returns the boxes of the parts of m within an area that have a value and
// hang together, corners included.
func (d *darkness) boxes(m *image.Gray, area image.Rectangle, value byte) []image.Rectangle {
	seen := make([]bool, area.Dx()*area.Dy())
	at := func(p image.Point) *bool { return &seen[(p.Y-area.Min.Y)*area.Dx()+p.X-area.Min.X] }
	var out []image.Rectangle
	var todo []image.Point
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			start := image.Pt(x, y)
			if m.Pix[y*m.Stride+x] != value || *at(start) {
				continue
			}
			*at(start) = true
			box := image.Rectangle{}
			for todo = append(todo[:0], start); len(todo) > 0; {
				q := todo[len(todo)-1]
				todo = todo[:len(todo)-1]
				box = box.Union(image.Rect(q.X, q.Y, q.X+1, q.Y+1))
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						n := q.Add(image.Pt(dx, dy))
						if n.In(area) && m.Pix[n.Y*m.Stride+n.X] == value && !*at(n) {
							*at(n) = true
							todo = append(todo, n)
						}
					}
				}
			}
			out = append(out, box)
		}
	}
	return out
}
