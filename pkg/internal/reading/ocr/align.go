package ocr

import (
	"image"
	"slices"
)

// An Alignment tells which words of two readings of one page stand at the same
// place. The readings may cut the page into lines in different ways.
type Alignment struct {
	// Lines holds, for every line of the first page in its order, the matches
	// that make it up, from left to right.
	Lines [][]Match
	// Only holds the lines of the second page, or what is left of them, where
	// the first has nothing.
	Only []Line
}

// A Match is a run of words of one reading and the run of the other at the
// same place: "của" and "cia"; "V6inhirng" and "Với", "những". One of the two
// is empty where only one reader saw something.
type Match struct{ A, B []Word }

// Align pairs the words of b with the lines and words of a by their boxes,
// which must be in pixels of the same image.
func Align(a, b *Page) Alignment {
	byLine := make([][]Word, len(a.Lines))
	var al Alignment
	at := bandsOf(a)
	for _, l := range b.Lines {
		rest := Line{Block: l.Block, Par: l.Par}
		for _, w := range l.Words {
			if i := at.line(w.Box); i >= 0 {
				byLine[i] = append(byLine[i], w)
			} else {
				rest.Words = append(rest.Words, w)
				rest.Box = rest.Box.Union(w.Box)
			}
		}
		if len(rest.Words) > 0 {
			al.Only = append(al.Only, rest)
		}
	}
	al.Lines = make([][]Match, len(a.Lines))
	for i, l := range a.Lines {
		al.Lines[i] = matchWords(l.Words, byLine[i])
	}
	return al
}

// bands are the lines of a page by the bands of equal height that they touch,
// so that a word meets the lines near it only.
type bands struct {
	lines  []Line
	height int
	at     [][]int
}

// bandHeight is the height of a band in pixels, and mostBands how many there
// are: a page that is higher than that has higher ones.
const (
	bandHeight = 64
	mostBands  = 1024
)

func bandsOf(p *Page) *bands {
	bottom := 0
	for _, l := range p.Lines {
		bottom = max(bottom, l.Box.Max.Y)
	}
	b := &bands{lines: p.Lines, height: max(bandHeight, bottom/mostBands+1)}
	b.at = make([][]int, bottom/b.height+1)
	for i, l := range p.Lines {
		from, to := b.touched(l.Box)
		for y := from; y <= to; y++ {
			b.at[y] = append(b.at[y], i)
		}
	}
	return b
}

// touched returns the first and the last band that a box touches.
func (b *bands) touched(box image.Rectangle) (from, to int) {
	return max(0, box.Min.Y/b.height), min(len(b.at)-1, box.Max.Y/b.height)
}

// line returns the line to which a word in box belongs, or -1. Lines of a
// skewed page overlap in height, so the words near the box decide.
func (b *bands) line(box image.Rectangle) int {
	best, bestScore := -1, 0.5 // at least half of the height
	from, to := b.touched(box)
	for y := from; y <= to; y++ {
		for _, i := range b.at[y] {
			l := b.lines[i]
			if l.Box.Max.Y <= box.Min.Y || l.Box.Min.Y >= box.Max.Y {
				continue
			}
			if s := nearness(l, box); s > bestScore || s == bestScore && i < best {
				best, bestScore = i, s
			}
		}
	}
	return best
}

// nearness scores how well a word in box fits into l: by the overlap in height
// with the nearest word, and more if they overlap in width too.
func nearness(l Line, box image.Rectangle) float64 {
	gap, score := 1<<30, 0.0
	for _, w := range l.Words {
		g := max(w.Box.Min.X, box.Min.X) - min(w.Box.Max.X, box.Max.X)
		high := min(w.Box.Max.Y, box.Max.Y) - max(w.Box.Min.Y, box.Min.Y)
		s := float64(high) / float64(max(1, min(w.Box.Dy(), box.Dy())))
		switch {
		case g < 0 && s > 0.3:
			over := float64(-g) / float64(max(1, min(w.Box.Dx(), box.Dx())))
			score, gap = max(score, s*(1+over)), min(gap, 0)
		case g >= 0 && g < gap && gap > 0:
			gap, score = g, s
		}
	}
	if gap > 4*max(box.Dy(), l.Box.Dy()) {
		return 0
	}
	return score
}

// matchWords groups the words of two readings of a line into matches.
func matchWords(a, b []Word) []Match {
	a, b = byX(a), byX(b)
	var out []Match
	for len(a) > 0 || len(b) > 0 {
		i, j := 0, 0
		// Take the leftmost word, then words of either side for as long as
		// they overlap with what has been taken.
		if len(b) == 0 || len(a) > 0 && a[0].Box.Min.X <= b[0].Box.Min.X {
			i = 1
		} else {
			j = 1
		}
		for grown := true; grown; {
			grown = false
			for j < len(b) && overlaps(a[:i], b[j]) {
				j++
				grown = true
			}
			for i < len(a) && overlaps(b[:j], a[i]) {
				i++
				grown = true
			}
		}
		out = append(out, Match{A: a[:i:i], B: b[:j:j]})
		a, b = a[i:], b[j:]
	}
	return out
}

// overlaps reports whether w shares a third of its width, or of the width of
// one of ws, with that one. Boxes of neighbours may touch.
func overlaps(ws []Word, w Word) bool {
	return slices.ContainsFunc(ws, func(v Word) bool {
		over := min(v.Box.Max.X, w.Box.Max.X) - max(v.Box.Min.X, w.Box.Min.X)
		return over > 0 && 3*over >= min(v.Box.Dx(), w.Box.Dx())
	})
}

// byX returns the words from left to right. A reader's own order is kept
// where boxes begin alike.
func byX(ws []Word) []Word {
	ws = slices.Clone(ws)
	slices.SortStableFunc(ws, func(v, w Word) int { return v.Box.Min.X - w.Box.Min.X })
	return ws
}
