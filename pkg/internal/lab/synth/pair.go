package synth

import (
	"image"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// PairLines pairs the lines of a page with those a reader found on its scan, by
// where they stand. Lines that the reader ran together, across a two-column
// head or a table, meet the truth of all of them, left to right. Lines it lost
// are left out, and so is what it saw where no text was set.
func PairLines(p *Page, t *Placement, read *ocr.Page) []Pair {
	t.fit(p)
	rows := p.rows()
	// Runs of truth lines that reader lines tie together, by union.
	parent := make([]int, len(p.Lines))
	for i := range parent {
		parent[i] = i
	}
	var root func(int) int
	root = func(i int) int {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	type readLine struct {
		at   int // a truth line it touches
		text string
	}
	var lines []readLine
	for _, l := range read.Lines {
		at := -1
		var kept []string
		for _, w := range l.Words {
			hit := p.lineAt(t, w.Box)
			if hit < 0 {
				continue
			}
			kept = append(kept, w.Text)
			if at >= 0 {
				parent[root(hit)] = root(at)
			}
			at = hit
		}
		if at >= 0 {
			lines = append(lines, readLine{at, norm.NFC.String(strings.Join(kept, " "))})
		}
	}
	texts := map[int][]string{}
	for _, l := range lines {
		r := root(l.at)
		texts[r] = append(texts[r], l.text)
	}
	var pairs []Pair
	done := map[int]bool{}
	for _, row := range rows {
		for _, l := range row {
			r := root(l)
			if done[r] || texts[r] == nil {
				continue
			}
			done[r] = true
			pairs = append(pairs, p.pairRun(rows, func(i int) bool { return root(i) == r }, texts[r])...)
		}
	}
	return pairs
}

// pairRun pairs the truth lines of one run with the text read there. Several
// rows are told apart again by their characters.
func (p *Page) pairRun(rows [][]int, in func(int) bool, read []string) []Pair {
	var gold []string
	for _, row := range rows {
		var parts []string
		for _, l := range row {
			if in(l) {
				parts = append(parts, p.Lines[l].Text)
			}
		}
		if parts != nil {
			gold = append(gold, strings.Join(parts, " "))
		}
	}
	if len(gold) == 1 && len(read) == 1 {
		if pair := (Pair{gold[0], read[0]}); pair.plausible() {
			return []Pair{pair}
		}
		return nil
	}
	return AlignLines(gold, read)
}

// plausible reports whether a reading can teach anything: a third of its
// letters stand in the truth in the same order, and it is about as long.
func (p Pair) plausible() bool {
	g, r := joinLines([]string{p.Gold}), joinLines([]string{p.Read})
	met := 0
	for _, s := range align(g, r) {
		if s.g >= 0 && s.r >= 0 && g.base[s.g] == r.base[s.r] && g.base[s.g] > ' ' {
			met++
		}
	}
	letters := len(slices.DeleteFunc(slices.Clone(g.text), func(c rune) bool { return c <= ' ' }))
	return 3*met > letters && len(r.text) < 2*len(g.text)+4
}

// lineAt returns the truth line that a box of the scan stands on, -1 if none.
func (p *Page) lineAt(t *Placement, box image.Rectangle) int {
	x, y := t.invert(float64(box.Min.X+box.Max.X)/2, float64(box.Min.Y+box.Max.Y)/2)
	best, dist := -1, 0.0
	for i, l := range p.Lines {
		// The middle of the small letters stands 0.25 em above the baseline.
		d := y - (l.Y - 0.27*l.Size)
		if d < 0 {
			d = -d
		}
		if d < 0.62*l.Size && x > l.X0-0.3*l.Size && x < l.X1+0.3*l.Size && (best < 0 || d < dist) {
			best, dist = i, d
		}
	}
	return best
}
