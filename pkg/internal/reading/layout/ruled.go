package layout

import (
	"image"
	"maps"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// The measures of a ruled table, in heights of a word.
const (
	ruleReach = 0.5 // from the end of a rule to the one that it should meet
	ruleApart = 0.6 // between two rules, at least
)

// Ruled returns lines with those of ruled tables cell by cell, in rows; the rules
// are as found in the image, which is level. Cells that no rule parts are one: it has
// the row and the column of its first. A frame around text is no table.
func Ruled(lines []ocr.Line, rules []image.Rectangle) []ocr.Line {
	h := wordHeight(lines)
	number, block := 0, 0
	for _, l := range lines {
		block = max(block, l.Block)
	}
	var cells []ocr.Line
	found := make(map[image.Rectangle]bool)
	for _, g := range grids(rules, h) {
		out := g.lines(lines, h)
		if out == nil {
			continue
		}
		number++
		for i := range out {
			out[i].Block, out[i].Par, out[i].Cell.Table = block+number, 1, number
			for _, w := range out[i].Words {
				found[w.Box] = true
			}
		}
		cells = append(cells, out...)
	}
	if number == 0 {
		return lines
	}
	return merge(without(lines, found), cells)
}

// Cells returns the places of the cells of ruled tables, from rule to rule, for words of
// height h.
func Cells(rules []image.Rectangle, h float64) []image.Rectangle {
	var out []image.Rectangle
	for _, g := range grids(rules, h) {
		boxes, cols := make(map[int]image.Rectangle), len(g.xs)-1
		for i, root := range g.roots() {
			r, c := i/cols, i%cols
			boxes[root] = boxes[root].Union(image.Rect(g.xs[c], g.ys[r], g.xs[c+1], g.ys[r+1]))
		}
		for _, at := range slices.Sorted(maps.Keys(boxes)) {
			out = append(out, boxes[at])
		}
	}
	return out
}

// grid is rules that meet. Row r lies between ys[r] and ys[r+1], column c between
// xs[c] and xs[c+1].
type grid struct {
	across, along []image.Rectangle
	xs, ys        []int
	reach         int
}

// grids returns the groups of rules that meet and make at least two columns of two
// rows, or two rows of two columns, from the top of the page on.
func grids(rules []image.Rectangle, h float64) []grid {
	reach := max(int(ruleReach*h), 1)
	group := make([]int, len(rules))
	for i := range group {
		group[i] = i
	}
	for i, a := range rules {
		for j, b := range rules[:i] {
			if a.Inset(-reach).Overlaps(b) {
				from, to := group[i], group[j]
				for k := range group {
					if group[k] == from {
						group[k] = to
					}
				}
			}
		}
	}
	byGroup := make(map[int]*grid)
	var out []*grid
	for i, r := range rules {
		g := byGroup[group[i]]
		if g == nil {
			g = &grid{reach: reach}
			byGroup[group[i]] = g
			out = append(out, g)
		}
		if r.Dx() > r.Dy() {
			g.across, g.ys = append(g.across, r), append(g.ys, centreY(r))
		} else {
			g.along, g.xs = append(g.along, r), append(g.xs, centre(r))
		}
	}
	var found []grid
	for _, g := range out {
		g.xs, g.ys = apart(g.xs, int(ruleApart*h)), apart(g.ys, int(ruleApart*h))
		if len(g.xs) > 1 && len(g.ys) > 1 && len(g.xs)+len(g.ys) > 5 {
			found = append(found, *g)
		}
	}
	slices.SortFunc(found, func(a, b grid) int { return a.ys[0] - b.ys[0] })
	return found
}

// apart returns the middles of places that lie nearer to each other than least.
func apart(at []int, least int) []int {
	slices.Sort(at)
	var out []int
	for i := 0; i < len(at); {
		j := i + 1
		for j < len(at) && at[j]-at[j-1] < least {
			j++
		}
		out = append(out, (at[i]+at[j-1])/2)
		i = j
	}
	return out
}

// covered reports whether rules at a place, in the middle of their thickness, cover
// a part of what lies between two others: worn rules have gaps, spanned cells none.
func covered(rules []image.Rectangle, at, reach, from, to int, ends func(image.Rectangle) (middle, from, to int)) bool {
	n := 0
	for _, r := range rules {
		middle, a, b := ends(r)
		if abs(middle-at) <= reach {
			n += max(min(b, to)-max(a, from), 0)
		}
	}
	return 4*n >= to-from
}

// roots returns, for each place of the grid row by row, the first place of the cell
// that it belongs to.
func (g *grid) roots() []int {
	cols := len(g.xs) - 1
	root := make([]int, cols*(len(g.ys)-1))
	join := func(a, b int) {
		from, to := max(root[a], root[b]), min(root[a], root[b])
		for k := range root {
			if root[k] == from {
				root[k] = to
			}
		}
	}
	for i := range root {
		root[i] = i
	}
	for i := range root {
		r, c := i/cols, i%cols
		if c > 0 && !covered(g.along, g.xs[c], g.reach, g.ys[r], g.ys[r+1], func(b image.Rectangle) (int, int, int) { return centre(b), b.Min.Y, b.Max.Y }) {
			join(i, i-1)
		}
		if r > 0 && !covered(g.across, g.ys[r], g.reach, g.xs[c], g.xs[c+1], func(b image.Rectangle) (int, int, int) { return centreY(b), b.Min.X, b.Max.X }) {
			join(i, i-cols)
		}
	}
	return root
}

// lines returns the lines of the cells of a grid, nil if it parts no text into
// columns.
func (g *grid) lines(lines []ocr.Line, h float64) []ocr.Line {
	cols, root := len(g.xs)-1, g.roots()
	cells := make([][]ocr.Line, len(root))
	for _, l := range lines {
		parts := make(map[int]*ocr.Line)
		var order []int
		for _, w := range l.Words {
			r, c := between(g.ys, centreY(w.Box)), between(g.xs, centre(w.Box))
			if r < 0 || c < 0 || isRule(w) {
				continue
			}
			at := root[r*cols+c]
			if parts[at] == nil {
				parts[at] = &ocr.Line{}
				order = append(order, at)
			}
			parts[at].Words = append(parts[at].Words, w)
		}
		for _, at := range order {
			cells[at] = append(cells[at], *parts[at])
		}
	}
	var out []ocr.Line
	filled := make(map[int]bool) // columns
	for at, cell := range cells {
		if len(cell) > 0 {
			filled[at%cols] = true
		}
		for _, b := range bandsOf(cell, ruleApart*h) {
			out = append(out, ocr.Line{Box: ocr.Around(b.words), Words: b.words, Cell: ocr.Cell{Row: at/cols + 1, Column: at%cols + 1}})
		}
	}
	if len(filled) < 2 {
		return nil
	}
	return out
}

// between returns the interval of ascending places that holds n, -1 outside.
func between(places []int, n int) int {
	i, _ := slices.BinarySearch(places, n+1)
	if i == 0 || i == len(places) {
		return -1
	}
	return i - 1
}
