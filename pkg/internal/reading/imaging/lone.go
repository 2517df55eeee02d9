package imaging

import "image"

// A reader of whole pages finds no line in a digit or two that stand alone above or below
// all text: the number of the page. Their boxes tell where one may be.
const (
	loneBand = 0.14 // of the page's height at the top and at the bottom is looked at
	loneMost = 300  // letters there: more are text
	loneLow  = 1.1  // x-heights of a digit, and
	loneHigh = 2.3
	loneThin = 0.2 // of its height, the least that it is wide
	loneWide = 6   // x-heights of a number with what stands around it
	loneGap  = 2.5 // x-heights from one of its signs to the next
	loneFree = 1.0 // x-heights of paper between it and the text
	loneDirt = 5   // things of the size of letters there are dirt
	loneTall = 4   // x-heights of what is looked at, at most
	loneSide = 0.3 // of the page's width at the left has no number
)

// findNumbers looks for where the number of the page may stand.
func (p *page) findNumbers() error {
	for _, b := range lone(p.boxes, image.Pt(p.pix.Width(), p.pix.Height()), p.sizeOfPrint()) {
		p.rep.Numbers = append(p.rep.Numbers, p.rep.ToOriginal(b))
	}
	return nil
}

// lone returns the places where the number of a page may stand, given the boxes of its
// ink and the height of an x: a sign or some that have no print in their row, nor between
// them and the edge.
func lone(boxes []image.Rectangle, size image.Point, x float64) (out []image.Rectangle) {
	if x == 0 {
		return nil
	}
	band := int(loneBand * float64(size.Y))
	for _, isTop := range []bool{true, false} {
		var near []image.Rectangle
		for _, b := range boxes {
			h := float64(b.Dy())
			if h >= letterLeast*x && h <= loneTall*x && b.Dx() <= size.X/4 && (isTop && b.Max.Y < band || !isTop && b.Min.Y > size.Y-band) {
				near = append(near, b)
			}
		}
		if len(near) > loneMost {
			continue
		}
		for _, b := range near {
			if w, h := float64(b.Dx()), float64(b.Dy()); h < loneLow*x || h > loneHigh*x || w > loneHigh*x || w < loneThin*h {
				continue
			}
			if group := rowOf(near, b, x); isLone(near, group, size, x, isTop) {
				out = append(out, group)
				break
			}
		}
	}
	return out
}

// rowOf is the box around what stands beside a sign.
func rowOf(boxes []image.Rectangle, sign image.Rectangle, x float64) image.Rectangle {
	gap := int(loneGap * x)
	for grown := true; grown; {
		grown = false
		wide := image.Rect(sign.Min.X-gap, sign.Min.Y, sign.Max.X+gap, sign.Max.Y)
		for _, b := range boxes {
			if b.Overlaps(wide) && !b.In(sign) {
				sign, grown = sign.Union(b), true
			}
		}
	}
	return sign
}

func isLone(boxes []image.Rectangle, group image.Rectangle, size image.Point, x float64, isTop bool) bool {
	beyond := image.Rect(0, 0, size.X, group.Max.Y+int(loneFree*x))
	if !isTop {
		beyond = image.Rect(0, group.Min.Y-int(loneFree*x), size.X, size.Y)
	}
	others := 0
	for _, b := range boxes {
		if b.Overlaps(beyond) && !b.In(group) && float64(b.Dy()) >= x {
			others++
		}
	}
	return float64(group.Dx()) <= loneWide*x && float64(group.Dy()) <= loneHigh*x &&
		float64(group.Min.X) > loneSide*float64(size.X) && others <= loneDirt
}
