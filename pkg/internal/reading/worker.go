package reading

import (
	"image"
	"io"
	"math"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// A Worker is what a process does that prepares and reads pages for an ocr.Pool.
type Worker struct {
	Tesseract tesseract.Options
	Prepare   imaging.Steps
}

// Serve answers requests until they end. It leaves the process if that happens
// while a page is read: nothing else stops C code.
func (w Worker) Serve(requests io.Reader, answers io.Writer) error {
	eng, err := tesseract.New(w.Tesseract)
	if err != nil {
		return err
	}
	s := ocr.Server{Engine: eng, Prepare: preparer(w.Prepare), Gone: func() { os.Exit(0) }}
	return s.Serve(requests, answers)
}

// The letters of a page tell whether its reading has lost text only if they are
// some, and not more than a page holds: noise and halftone look like letters.
const fewLetters, manyLetters = 40, 8000

// Of a page with more letters than manyToTurn, some fifteen lines, the letters
// show how it lies; one with fewer than fewToTurn holds no text to tell by.
const fewToTurn, manyToTurn = 10, 1000

// preparer returns the preparation of page images by package imaging, or nil
// for none. A page that cannot be prepared is read as it is.
func preparer(steps imaging.Steps) ocr.Preparer {
	if steps == imaging.None {
		return nil
	}
	return func(img ocr.Image) ocr.Prepared {
		ready, rep := prepared(img, steps, 0)
		if rep == nil || steps&imaging.Orient == 0 || !short(rep) {
			return ready
		}
		ways := ways(rep)
		if (ways[0]-rep.Quarters)&3 != 0 {
			ready, _ = prepared(img, steps, ways[0])
		}
		ready.Turned = func(yield func(ocr.Prepared) bool) {
			for _, turn := range ways[1:] {
				if other, _ := prepared(img, steps, turn); !yield(other) {
					return
				}
			}
		}
		return ready
	}
}

// prepared prepares an image, turned by so many quarters if that is not 0; the
// report is nil if that failed.
func prepared(img ocr.Image, steps imaging.Steps, turn int) (ocr.Prepared, *imaging.Report) {
	o := imaging.Options{Skip: imaging.All &^ steps, DPI: img.DPI, MaxPixels: math.MaxInt32, Turn: turn}
	ready, rep := preparedBy(img, o)
	if rep != nil && steps&imaging.Colour != 0 && rep.Measure.Pale >= fewPale {
		ready.Other = func() ocr.Prepared {
			o.Pale = true
			other, _ := preparedBy(img, o)
			return other
		}
	}
	return ready, rep
}

// wordHeight is the height of a usual word in x-heights.
const wordHeight = 1.5

// fewPale is how many things in a pale colour may be words.
const fewPale = 3

func preparedBy(img ocr.Image, o imaging.Options) (ocr.Prepared, *imaging.Report) {
	data, rep, err := imaging.Prepare(img.Data, o)
	if err != nil {
		return ocr.Prepared{Image: img}, rep
	}
	for _, b := range rep.Numbers {
		img.Numbers = append(img.Numbers, rep.ToPrepared(b))
	}
	if !rep.Changed() {
		return ocr.Prepared{Image: img}, rep
	}
	ready := ocr.Prepared{Image: ocr.Image{Data: data, DPI: rep.DPI, Numbers: img.Numbers}, Back: func(p *ocr.Page) { takeBack(p, rep, img.DPI) }}
	for _, r := range rep.Regions {
		if r.Kind == imaging.Stamp {
			ready.Marks = append(ready.Marks, rep.ToPrepared(r.Box))
		}
	}
	ready.Cells = layout.Cells(rep.Rules, wordHeight*rep.Measure.XHeight*rep.Scale)
	if n := rep.Measure.Letters; rep.Quarters == 0 && n >= fewLetters && n <= manyLetters {
		ready.Letters = n
	}
	return ready, rep
}

// short reports whether a page has text, but too little to be sure that it lies
// as its letters say. A strip that is too small to be measured may hold a line.
func short(rep *imaging.Report) bool {
	m := &rep.Measure
	strip := m.Components == 0 && min(rep.Source.X, rep.Source.Y) >= 16
	return strip || m.Letters >= fewToTurn && m.Letters <= manyToTurn
}

// ways returns the clockwise quarter turns that may bring a short page upright,
// likeliest first; 4 leaves it as it lies. Few letters are enough to show which way
// the lines run, but not which way is up.
func ways(rep *imaging.Report) []int {
	across, along := rep.Measure.Across, rep.Measure.Along
	if rep.Measure.Components == 0 { // a strip
		across, along = rep.Source.X, rep.Source.Y
	}
	plain := func(a, b int) bool { return a >= 8 && a > 3*b }
	switch lies := rep.Quarters & 3; {
	case plain(across, along) && lies == 2:
		return []int{2, 4}
	case plain(across, along):
		return []int{4, 2}
	case plain(along, across) && lies == 3:
		return []int{3, 1, 4}
	case plain(along, across):
		return []int{1, 3, 4}
	}
	return []int{4, 1, 3, 2}
}

// turnedUp takes a box of an image to where it is on the image turned upright.
func turnedUp(r image.Rectangle, rep *imaging.Report) image.Rectangle {
	w, h := rep.Source.X, rep.Source.Y
	switch rep.Quarters & 3 {
	case 1:
		return image.Rect(h-r.Min.Y, r.Min.X, h-r.Max.Y, r.Max.X)
	case 2:
		return image.Rect(w-r.Min.X, h-r.Min.Y, w-r.Max.X, h-r.Max.Y)
	case 3:
		return image.Rect(r.Min.Y, w-r.Min.X, r.Max.Y, w-r.Max.X)
	}
	return r
}

// takeBack takes the boxes of a page from the prepared image to the original,
// turned upright. Tables are put in order before, while their rules are level.
func takeBack(p *ocr.Page, rep *imaging.Report, dpi int) {
	p.Lines = layout.Ruled(p.Lines, rep.Rules)
	w, h := rep.Source.X, rep.Source.Y
	turn := func(r image.Rectangle) image.Rectangle { return turnedUp(rep.ToOriginal(r), rep) }
	p.Size, p.DPI, p.Turn = rep.Source, dpi, 90*(rep.Quarters&3)
	if rep.Quarters&1 != 0 {
		p.Size = image.Pt(h, w)
	}
	for _, r := range rep.Regions {
		box := turnedUp(r.Box, rep)
		kind := ocr.RegionKind(r.Kind)
		if r.Kind == imaging.Framed {
			kind = framedKind(p, box)
		}
		p.Regions = append(p.Regions, ocr.Region{Kind: kind, Box: box})
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		l.Box = turn(l.Box)
		for j := range l.Words {
			l.Words[j].Box = turn(l.Words[j].Box)
		}
	}
	for _, b := range rep.Frames {
		if box := turnedUp(b, rep); isStampIn(p, box) {
			p.Regions = append(p.Regions, ocr.Region{Kind: framedKind(p, box), Box: box})
		}
	}
}

// framedKind tells the stamp of who received a letter, which stands beside its head, from
// others in a frame.
func framedKind(p *ocr.Page, box image.Rectangle) ocr.RegionKind {
	if box.Min.Y+box.Max.Y < p.Size.Y {
		return ocr.Received
	}
	return ocr.Stamp
}

// A note that is printed in a frame has so many letters, and its reader is as sure of them.
const noteLetters, noteSure = 10, 0.75

// isStampIn reports whether a black frame is a stamp: the table or the note that another
// frame holds is read well.
func isStampIn(p *ocr.Page, frame image.Rectangle) bool {
	sure, letters := 0.0, 0
	for _, l := range p.Lines {
		in := l.Box.Intersect(frame)
		if l.Box.Empty() || 2*in.Dx()*in.Dy() < l.Box.Dx()*l.Box.Dy() {
			continue
		}
		if isReceivedTitle(l) {
			return true
		}
		if l.Cell.Table > 0 {
			return false
		}
		for _, w := range l.Words {
			n := alnums(w.Text)
			sure, letters = sure+w.Confidence*float64(n), letters+n
		}
	}
	return letters < noteLetters || sure < noteSure*float64(letters)
}
