package document

import (
	"cmp"
	"image"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// upright turns the boxes of a text layer so that its lines run from left to right, and
// notes by how much: wide tables are printed along the sheet, and sheets are bound upside
// down. How lines run is told by the way from each word to the next.
func upright(p *ocr.Page) {
	turn := turnOf(p)
	if turn == 0 {
		return
	}
	size := p.Size
	box := func(r image.Rectangle) image.Rectangle {
		switch turn {
		case 90:
			return image.Rect(size.Y-r.Max.Y, r.Min.X, size.Y-r.Min.Y, r.Max.X)
		case 180:
			return image.Rect(size.X-r.Max.X, size.Y-r.Max.Y, size.X-r.Min.X, size.Y-r.Min.Y)
		}
		return image.Rect(r.Min.Y, size.X-r.Max.X, r.Max.Y, size.X-r.Min.X)
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		l.Box = box(l.Box)
		for j := range l.Words {
			l.Words[j].Box = box(l.Words[j].Box)
		}
	}
	p.Turn = turn
	if turn != 180 {
		p.Size = image.Pt(size.Y, size.X)
	}
	downwards(p.Lines)
}

// downwards puts the blocks of a turned page in order: pdftotext gives them from the foot
// upwards where lines run up the sheet.
func downwards(lines []ocr.Line) {
	top := map[int]int{}
	for _, l := range lines {
		if y, ok := top[l.Block]; !ok || l.Box.Min.Y < y {
			top[l.Block] = l.Box.Min.Y
		}
	}
	slices.SortStableFunc(lines, func(a, b ocr.Line) int {
		return cmp.Or(cmp.Compare(top[a.Block], top[b.Block]), cmp.Compare(a.Block, b.Block))
	})
}

// turnOf returns the degrees by which a page is to be turned clockwise so that most of its
// letters that stand in lines of several words run from left to right.
func turnOf(p *ocr.Page) int {
	var in [4]int // letters of words after which a line goes right, down, left, up
	for _, l := range p.Lines {
		for i := range len(l.Words) - 1 {
			a, b := l.Words[i].Box, l.Words[i+1].Box
			way := b.Min.Add(b.Max).Sub(a.Min.Add(a.Max))
			k := 0
			switch {
			case max(way.Y, -way.Y) > max(way.X, -way.X):
				k = 1
				if way.Y < 0 {
					k = 3
				}
			case way.X < 0:
				k = 2
			}
			in[k] += letters(l.Words[i].Text)
		}
	}
	for k, n := range in {
		if 2*n > in[0]+in[1]+in[2]+in[3] {
			return (360 - 90*k) % 360
		}
	}
	return 0
}
