package imaging

import (
	"image"
	"slices"
)

// A stamp in a frame, such as the one of who received a letter, has ink along all four of
// its sides, and no rule through its middle, as the cells of a table have. It is set on
// the sheet by hand, so that its sides are a little aslant.
const (
	frameLow, frameHigh    = 14, 60  // mm: marks of secrecy and urgency, which are text, are 8 mm high
	frameNarrow, frameWide = 18, 100 // mm
	frameTol               = 2.0     // mm within which a side lies
	frameSide              = 0.75    // share of a side that is ink
	frameRule              = 0.9     // the same of a rule through it
	frameInk               = 0.35    // share of what is in it that is ink, at most
)

// findFrames looks for black frames. What stands in them tells whether they are stamps.
func (p *page) findFrames() error {
	if p.bin == nil || !p.on(Stamps) {
		return nil
	}
	mm := float64(p.dpi) / mmPerInch
	for _, b := range p.boxes {
		if !isFrameSized(float64(b.Dx())/mm, float64(b.Dy())/mm) || !bitsOf(p.bin).isFrame(b, int(frameTol*mm)) {
			continue
		}
		isInner := func(o image.Rectangle) bool { return p.rep.ToOriginal(b).In(o) }
		if !slices.ContainsFunc(p.rep.Frames, isInner) { // of a double one
			p.rep.Frames = append(p.rep.Frames, p.rep.ToOriginal(b))
		}
	}
	return nil
}

// isFrameSized reports whether a thing may be a stamp in a frame, by its size in mm.
func isFrameSized(w, h float64) bool {
	return h >= frameLow && h <= frameHigh && w >= frameNarrow && w <= frameWide
}

// isFrame reports whether a box has ink along its sides, to within tol pixels, none
// throughout its middle, and little in it.
func (b bits) isFrame(box image.Rectangle, tol int) bool {
	tol = max(tol, 1)
	left, right, upper, lower := box, box, box, box
	left.Max.X, right.Min.X = box.Min.X+tol, box.Max.X-tol
	upper.Max.Y, lower.Min.Y = box.Min.Y+tol, box.Max.Y-tol
	if b.lines(left) < frameSide || b.lines(right) < frameSide || b.columns(upper) < frameSide || b.columns(lower) < frameSide {
		return false
	}
	inner := box.Inset(2 * tol)
	for y := inner.Min.Y; y+tol <= inner.Max.Y; y += max(tol/2, 1) {
		if b.columns(image.Rect(inner.Min.X, y, inner.Max.X, y+tol)) > frameRule {
			return false
		}
	}
	for x := inner.Min.X; x+tol <= inner.Max.X; x += max(tol/2, 1) {
		if b.lines(image.Rect(x, inner.Min.Y, x+tol, inner.Max.Y)) > frameRule {
			return false
		}
	}
	ink := 0
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			if b.at(x, y) {
				ink++
			}
		}
	}
	return !inner.Empty() && float64(ink) <= frameInk*float64(inner.Dx()*inner.Dy())
}

// columns is the share of the columns of a box that have ink.
func (b bits) columns(box image.Rectangle) float64 {
	return inked(box.Dx(), box.Dy(), func(i, j int) bool { return b.at(box.Min.X+i, box.Min.Y+j) })
}

// lines is the share of the rows of a box that have ink.
func (b bits) lines(box image.Rectangle) float64 {
	return inked(box.Dy(), box.Dx(), func(i, j int) bool { return b.at(box.Min.X+j, box.Min.Y+i) })
}

// inked is the share of n strips that have ink somewhere along their length.
func inked(n, length int, at func(i, j int) bool) float64 {
	have := 0
	for i := range n {
		for j := range length {
			if at(i, j) {
				have++
				break
			}
		}
	}
	return float64(have) / float64(max(n, 1))
}
