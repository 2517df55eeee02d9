package imaging

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// What stands on a page shows in the boxes of its connected components. Most
// letters are as high as an x and stand side by side: this gives their size
// and the direction of the lines. Those that are taller rise above their
// neighbours or hang below them, and small marks stand over letters or under
// them. In Vietnamese there is more of both above, by far; in other languages
// of this alphabet, somewhat. Leptonica's count of ascenders needs x-heights
// of 25 pixels (at 200 dpi it leaves a third of turned pages undecided) and 60
// ms a page; this needs the boxes, which are there, and 1 ms.

// Of letters, in x-heights.
const (
	signMost   = 2.5  // sides of what may be a letter or a mark, at most
	signLeast  = 0.12 // the longer of them, at least: a dot
	edgeTol    = 0.13 // edges that far apart are level
	plainLeast = 0.85 // height of a letter without stem or mark
	plainMost  = 1.18
	plainWide  = 1.8  // and its width, at most
	tallLeast  = 1.22 // height of one with a stem or a mark
	tallMost   = 1.9
	markMost   = 0.6 // height of a mark by itself, and how far it is from its letter, at most
	overlapMax = 0.2 // of letters side by side
)

// largestX is the x-height of type of 30 points, in inches.
const largestX = 0.2

// xHeight returns the height of the commonest letters: those without stem or
// mark are more than half of any text. 0 means too few letters to tell.
func xHeight(boxes []image.Rectangle, dpi int) float64 {
	var n [256]int
	total := 0
	for _, b := range boxes {
		h := b.Dy()
		if !letterLike(b, dpi) || h >= len(n)-2 {
			continue
		}
		n[h]++
		total++
	}
	if total < 40 {
		return 0
	}
	count := func(h int) int { return n[h-1] + 2*n[h] + n[h+1] }
	at := mode(count, 2, len(n)-2)
	// On a blurred page most letters touch one that is taller; those that
	// stand free still show.
	if low := mode(count, max(2, at*10/19), at*10/13); 5*count(low) >= 2*count(at) {
		at = low
	}
	sum, weight := 0, 0
	for h := at - 2; h <= at+2; h++ {
		sum, weight = sum+h*n[h], weight+n[h]
	}
	x := float64(sum) / float64(weight)
	// Type of 5 to 30 points. What is smaller is noise, larger a drawing.
	if x > largestX*float64(dpi) {
		return 0
	}
	return x
}

// letterLike reports whether a box may be that of a letter: from the x-height of 5
// points on, and no line.
func letterLike(b image.Rectangle, dpi int) bool {
	w, h := b.Dx(), b.Dy()
	return h >= max(5, dpi*7/200) && w <= 3*h && h <= 5*w
}

// countLetters is how many boxes may be those of letters, up to 30 points high.
func countLetters(boxes []image.Rectangle, dpi int) (n int) {
	for _, b := range boxes {
		if letterLike(b, dpi) && b.Dy() <= dpi*30/72 {
			n++
		}
	}
	return n
}

// mode returns the argument in [from, to) for which count is largest.
func mode(count func(int) int, from, to int) int {
	at := from
	for h := from + 1; h < to; h++ {
		if count(h) > count(at) {
			at = h
		}
	}
	return at
}

// standing is the evidence that boxes give about lines that run across.
type standing struct {
	level    int // pairs of letters side by side
	up, down int // tall letters and marks that say the page stands upright, or on its head
}

// stand collects the evidence.
func stand(boxes []image.Rectangle, dpi int) standing {
	var s standing
	x := xHeight(boxes, dpi)
	if x == 0 {
		return s
	}
	var sorted []image.Rectangle
	for _, b := range boxes {
		if w, h := float64(b.Dx()), float64(b.Dy()); w < signMost*x && h < signMost*x && max(w, h) >= signLeast*x {
			sorted = append(sorted, b)
		}
	}
	slices.SortFunc(sorted, func(a, b image.Rectangle) int { return cmp.Compare(a.Min.X, b.Min.X) })

	tol := int(math.Round(edgeTol * x))
	near := func(a, b int) bool { return a-b <= tol && b-a <= tol }
	used := make([]bool, len(sorted))
	start := 0
	for i, b := range sorted {
		h, w := float64(b.Dy()), float64(b.Dx())
		if h < plainLeast*x || h > plainMost*x || w > plainWide*x {
			continue
		}
		for start < i && float64(b.Min.X-sorted[start].Min.X) > 4*x {
			start++
		}
		for j := start; j < len(sorted); j++ {
			o := sorted[j]
			if float64(o.Min.X-b.Max.X) > x {
				break
			}
			if j == i || used[j] {
				continue
			}
			switch gap := float64(max(o.Min.X-b.Max.X, b.Min.X-o.Max.X)); {
			case gap > x:
			case float64(o.Dy()) < markMost*x && gap < 0:
				over := min(o.Max.X, b.Max.X) - max(o.Min.X, b.Min.X)
				if 2*over < o.Dx() {
					break
				}
				if d := float64(b.Min.Y - o.Max.Y); d >= 0 && d < markMost*x {
					s.up, used[j] = s.up+1, true
				} else if d := float64(o.Min.Y - b.Max.Y); d >= 0 && d < markMost*x {
					s.down, used[j] = s.down+1, true
				}
			case gap < -overlapMax*x:
			case near(o.Min.Y, b.Min.Y) && near(o.Max.Y, b.Max.Y):
				if j > i {
					s.level++
				}
			case float64(o.Dy()) < tallLeast*x || float64(o.Dy()) > tallMost*x:
			case near(o.Max.Y, b.Max.Y):
				s.up, used[j] = s.up+1, true
			case near(o.Min.Y, b.Min.Y):
				s.down, used[j] = s.down+1, true
			}
		}
	}
	return s
}

// sure is how many standard deviations the evidence is away from a draw.
func (s standing) sure() float64 {
	if s.up+s.down == 0 {
		return 0
	}
	return float64(s.up-s.down) / math.Sqrt(float64(s.up+s.down))
}

// transpose exchanges the axes.
func transpose(boxes []image.Rectangle) []image.Rectangle {
	out := make([]image.Rectangle, len(boxes))
	for i, b := range boxes {
		out[i] = image.Rect(b.Min.Y, b.Min.X, b.Max.Y, b.Max.X)
	}
	return out
}

// quarters returns the clockwise quarter turns that bring text upright, given
// the evidence for lines across and, with the axes exchanged, along the page.
// A page that may be right is not turned: it takes plain evidence to turn one.
func quarters(across, along standing) int {
	const plenty, strong = 60, 5
	if along.level > plenty && along.level > 3*across.level {
		if along.sure() < 0 {
			return 3
		}
		return 1
	}
	if across.level > along.level && across.up+across.down > plenty && across.sure() < -strong {
		return 2
	}
	return 0
}
