//go:build cgo

package tesseract

import (
	"image"
	"image/draw"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Tesseract passes over cells of tables in which little stands, the numbers of rows
// above all. Those that have ink and no words are read alone.
const (
	maxCells = 60  // a page
	newWord  = 0.8 // confidence of a word of one or two letters that was lost
)

// passedOver returns the cells in which no word with a letter or a digit was read, nil if
// these are too many.
func passedOver(cells []image.Rectangle, lines []ocr.Line) []image.Rectangle {
	out := slices.DeleteFunc(slices.Clone(cells), func(c image.Rectangle) bool {
		return slices.ContainsFunc(lines, func(l ocr.Line) bool {
			return slices.ContainsFunc(l.Words, func(w ocr.Word) bool {
				return w.Box.Min.Add(w.Box.Max).Div(2).In(c) && strings.ContainsFunc(w.Read, isSign)
			})
		})
	})
	if len(out) > maxCells {
		return nil
	}
	return out
}

func isSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cells reads those of the cells of a page that have ink and no words, and puts their
// lines before those beside them.
func (a *again) cells(all []image.Rectangle) error {
	if len(a.page.Lines) == 0 {
		return nil
	}
	h := medianHeight(a.page.Lines)
	for _, c := range passedOver(all, a.page.Lines) {
		ink, err := a.ink(c, h)
		if ink.Empty() {
			if err != nil {
				return err
			}
			continue
		}
		at := slices.IndexFunc(a.page.Lines, func(l ocr.Line) bool { return l.Box.Max.Y > ink.Min.Y && l.Box.Min.X > ink.Min.X })
		if at < 0 {
			at = len(a.page.Lines) - 1
		}
		read, err := a.alone(ink, a.page.Lines[at], h)
		if err != nil {
			return err
		}
		least := newWord
		if !slices.ContainsFunc(all, func(o image.Rectangle) bool {
			return o.Max.X <= c.Min.X && o.Min.Y < c.Max.Y && o.Max.Y > c.Min.Y
		}) {
			least = newLine // a number, by its place
		}
		if isText(read, least) {
			a.page.Lines = slices.Insert(a.page.Lines, at, read...)
		}
	}
	return nil
}

// medianHeight of lines.
func medianHeight(lines []ocr.Line) int {
	hs := make([]int, len(lines))
	for i, l := range lines {
		hs[i] = l.Box.Dy()
	}
	slices.Sort(hs)
	return max(hs[len(hs)/2], 1)
}

// ink returns the place of what may be letters of lines of height h in a cell, with the
// marks and stops beside them; empty without any.
func (a *again) ink(cell image.Rectangle, h int) (ink image.Rectangle, err error) {
	part, err := a.grey(cell)
	if err != nil {
		return ink, err
	}
	defer part.Free()
	bin, err := part.Threshold(128)
	if err != nil {
		return ink, err
	}
	defer bin.Free()
	boxes, err := bin.Boxes()
	for _, b := range boxes {
		if 3*b.Dy() > h && b.Dy() < 2*h {
			ink = ink.Union(b)
		}
	}
	for near, i := ink.Inset(-h/3), 0; i < len(boxes) && !ink.Empty(); i++ {
		if b := boxes[i]; b.In(near) {
			ink = ink.Union(b)
		}
	}
	return ink.Add(cell.Min), err
}

// grey returns a part of the page in grey.
func (a *again) grey(box image.Rectangle) (*leptonica.Pix, error) {
	part, err := a.pix.Clip(box)
	if err != nil {
		return nil, err
	}
	defer part.Free()
	return part.Luminance()
}

// alone reads a place set on white: as a block if it is higher than a line of height h,
// or else as a line and as a word, whichever is surer.
func (a *again) alone(box image.Rectangle, block ocr.Line, h int) (best []ocr.Line, err error) {
	white := h / 3
	set, err := a.onWhite(box, 1, white)
	if err != nil {
		return nil, err
	}
	defer set.Free()
	modes := []mode{oneLine, oneWord}
	if 2*box.Dy() > 3*h {
		modes = []mode{oneBlock}
	}
	for _, m := range modes {
		read, err := a.readPart(set, box.Min.Sub(image.Pt(white, white)), block, m)
		if err != nil {
			return nil, err
		}
		if better(read, best) {
			best = read
		}
	}
	return best, nil
}

// onWhite returns a part of the page in grey with each pixel made n by n, and white around
// it.
func (a *again) onWhite(box image.Rectangle, n, white int) (*leptonica.Pix, error) {
	part, err := a.grey(box)
	if err != nil {
		return nil, err
	}
	defer part.Free()
	m := part.Gray()
	out := image.NewGray(image.Rect(0, 0, n*m.Rect.Dx()+2*white, n*m.Rect.Dy()+2*white))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for y := range n * m.Rect.Dy() {
		row := out.Pix[(y+white)*out.Stride+white:]
		for x := range n * m.Rect.Dx() {
			row[x] = m.Pix[y/n*m.Stride+x/n]
		}
	}
	return leptonica.FromGray(out)
}

// isText reports whether lines that were lost are text, as far as their reader knows;
// one or two letters are from a confidence of least on.
func isText(lines []ocr.Line, least float64) bool {
	sure, all := weight(lines)
	if all > 2 {
		least = newLine
	}
	return all > 0 && sure >= least*all
}
