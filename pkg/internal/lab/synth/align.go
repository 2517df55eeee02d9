package synth

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Pair is a stretch of true text and what a reader made of it, both NFC, on
// one line each. Usually it is a line of the page; where the two sides broke
// lines at different places it is the shortest run of lines that agrees.
type Pair struct {
	Gold, Read string
}

// Costs of the alignment, in quarters of a character. Letters that differ only
// in their marks are close, letters are never taken for spaces, and a line
// break prefers a line break.
const (
	costMark   = 1  // same letter under the marks
	costShape  = 3  // any other pair of letters, digits or signs
	costGap    = 3  // a character that the other side lacks
	costSpace  = 2  // a space lost or added
	costBreak  = 3  // a line break lost or added
	costReflow = 1  // a line break on one side, a space on the other
	costNever  = 12 // a space or a break against a character
)

// AlignLines pairs the lines of a page with those of its reading by an
// alignment of all their characters. Lines that one side lacks or that can't
// be recognised are left out, so the pairs need not cover the page.
func AlignLines(gold, read []string) []Pair {
	gold, read = cleanLines(gold), cleanLines(read)
	for {
		g, r := joinLines(gold), joinLines(read)
		path := align(g, r)
		badGold, badRead := hopeless(g, r, path)
		if len(badGold)+len(badRead) == 0 {
			return cut(g, r, path)
		}
		gold, read = without(gold, badGold), without(read, badRead)
	}
}

// cleanLines returns the lines that hold text, valid and NFC, white space
// folded.
func cleanLines(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(l, "\ufffd"))), " "); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// joined is a page as one string of characters; every line ends in '\n'.
type joined struct {
	text []rune
	base []rune  // text without marks and case
	line []int32 // line of each character
}

func joinLines(lines []string) joined {
	var j joined
	for i, l := range lines {
		for _, r := range l + "\n" {
			j.text = append(j.text, r)
			j.base = append(j.base, baseRune(r))
			j.line = append(j.line, int32(i))
		}
	}
	return j
}

// baseRune takes marks and case off: Ộ and o are the same letter to align by.
func baseRune(r rune) rune {
	if r < 0x80 {
		return unicode.ToLower(r)
	}
	switch r {
	case 'đ', 'Đ':
		return 'd'
	case '“', '”', '„', '″':
		return '"'
	case '‘', '’', '′':
		return '\''
	case '–', '—':
		return '-'
	}
	for _, b := range norm.NFD.String(string(r)) {
		return unicode.ToLower(b)
	}
	return r
}

func substitution(a, b, baseA, baseB rune) int32 {
	switch {
	case a == b:
		return 0
	case a == '\n' || b == '\n':
		if a == ' ' || b == ' ' {
			return costReflow
		}
		return costNever
	case a == ' ' || b == ' ':
		return costNever
	case baseA == baseB:
		return costMark
	}
	return costShape
}

func gap(r rune) int32 {
	switch r {
	case ' ':
		return costSpace
	case '\n':
		return costBreak
	}
	return costGap
}

// A step of an alignment takes characters g and r as one; -1 is a gap.
type step struct{ g, r int32 }

const (
	fromBoth = iota
	fromGold
	fromRead
)

// maxCells is how large a matrix is kept whole, a byte a cell: that of two pages
// of 4,000 characters.
const maxCells = 16 << 20

// align finds the cheapest path through two texts. One longer than a page is
// divided where the cheapest path crosses its middle, so that memory grows with
// the characters and not with their square (Hirschberg 1975). A page of 3,000
// characters on both sides takes 9 MB and about 60 ms.
func align(g, r joined) []step { return alignWithin(g, r, maxCells) }

func alignWithin(g, r joined, most int) []step {
	n, m := len(g.text), len(r.text)
	if (n+1)*(m+1) <= most || n < 2 {
		return alignWhole(g, r)
	}
	mid := n / 2
	before, after := costs(g.part(0, mid), r), costs(g.part(mid, n).reversed(), r.reversed())
	at := 0
	for j := range before {
		if before[j]+after[m-j] < before[at]+after[m-at] {
			at = j
		}
	}
	path := alignWithin(g.part(0, mid), r.part(0, at), most)
	for _, s := range alignWithin(g.part(mid, n), r.part(at, m), most) {
		if s.g >= 0 {
			s.g += int32(mid)
		}
		if s.r >= 0 {
			s.r += int32(at)
		}
		path = append(path, s)
	}
	return path
}

func (j joined) part(from, to int) joined {
	return joined{j.text[from:to], j.base[from:to], j.line[from:to]}
}

func (j joined) reversed() joined {
	j = joined{slices.Clone(j.text), slices.Clone(j.base), j.line}
	slices.Reverse(j.text)
	slices.Reverse(j.base)
	return j
}

// costs returns the cost of aligning g with each beginning of r.
func costs(g, r joined) []int32 {
	row := make([]int32, len(r.text)+1)
	for j, c := range r.text {
		row[j+1] = row[j] + gap(c)
	}
	for i, a := range g.text {
		diag := row[0]
		row[0] += gap(a)
		for j, c := range r.text {
			best := min(diag+substitution(a, c, g.base[i], r.base[j]), row[j+1]+gap(a), row[j]+gap(c))
			diag, row[j+1] = row[j+1], best
		}
	}
	return row
}

// alignWhole is align with the whole matrix in memory.
func alignWhole(g, r joined) []step {
	n, m := len(g.text), len(r.text)
	from := make([]uint8, (n+1)*(m+1))
	row := make([]int32, m+1)
	for j := 1; j <= m; j++ {
		row[j] = row[j-1] + gap(r.text[j-1])
		from[j] = fromRead
	}
	gapR := make([]int32, m)
	for j, c := range r.text {
		gapR[j] = gap(c)
	}
	for i := 1; i <= n; i++ {
		a, ba := g.text[i-1], g.base[i-1]
		gapG := gap(a)
		diag := row[0]
		row[0] += gapG
		f := from[i*(m+1) : (i+1)*(m+1)]
		f[0] = fromGold
		for j := 1; j <= m; j++ {
			best, dir := diag+substitution(a, r.text[j-1], ba, r.base[j-1]), uint8(fromBoth)
			if c := row[j] + gapG; c < best {
				best, dir = c, fromGold
			}
			if c := row[j-1] + gapR[j-1]; c < best {
				best, dir = c, fromRead
			}
			diag = row[j]
			row[j], f[j] = best, dir
		}
	}
	path := make([]step, 0, n+m/4)
	for i, j := n, m; i > 0 || j > 0; {
		switch from[i*(m+1)+j] {
		case fromBoth:
			i, j = i-1, j-1
			path = append(path, step{int32(i), int32(j)})
		case fromGold:
			i--
			path = append(path, step{int32(i), -1})
		default:
			j--
			path = append(path, step{-1, int32(j)})
		}
	}
	for a, b := 0, len(path)-1; a < b; a, b = a+1, b-1 {
		path[a], path[b] = path[b], path[a]
	}
	return path
}

// hopeless returns the lines of either side of which less than two fifths of
// the characters met their own letter on the other.
func hopeless(g, r joined, path []step) (gold, read map[int32]bool) {
	type count struct{ met, all int }
	var goldCount, readCount []count
	grow := func(s []count, line int32) []count {
		for int(line) >= len(s) {
			s = append(s, count{})
		}
		return s
	}
	for _, s := range path {
		met := 0
		if s.g >= 0 && s.r >= 0 && g.base[s.g] == r.base[s.r] {
			met = 1
		}
		if s.g >= 0 && g.base[s.g] > ' ' {
			l := g.line[s.g]
			goldCount = grow(goldCount, l)
			goldCount[l].met += met
			goldCount[l].all++
		}
		if s.r >= 0 && r.base[s.r] > ' ' {
			l := r.line[s.r]
			readCount = grow(readCount, l)
			readCount[l].met += met
			readCount[l].all++
		}
	}
	bad := func(s []count) map[int32]bool {
		out := map[int32]bool{}
		for l, c := range s {
			if 5*c.met < 2*c.all {
				out[int32(l)] = true
			}
		}
		return out
	}
	return bad(goldCount), bad(readCount)
}

func without(lines []string, bad map[int32]bool) []string {
	var out []string
	for i, l := range lines {
		if !bad[int32(i)] {
			out = append(out, l)
		}
	}
	return out
}

// cut makes a pair of every stretch of the path that ends with a line break of
// the truth met by a break or a space of the reading.
func cut(g, r joined, path []step) []Pair {
	var pairs []Pair
	var gold, read []rune
	cost, n := int32(0), 0
	for _, s := range path {
		switch {
		case s.g < 0:
			cost += gap(r.text[s.r])
			read = append(read, r.text[s.r])
			continue
		case s.r < 0:
			cost += gap(g.text[s.g])
		default:
			cost += substitution(g.text[s.g], r.text[s.r], g.base[s.g], r.base[s.r])
			read = append(read, r.text[s.r])
		}
		gold = append(gold, g.text[s.g])
		n++
		if g.text[s.g] != '\n' || s.r < 0 || r.text[s.r] > ' ' {
			continue
		}
		// At 1.5 a character every other letter is wrong under its marks.
		if 2*cost < 3*int32(n) {
			pairs = append(pairs, Pair{oneLine(gold), oneLine(read)})
		}
		gold, read, cost, n = gold[:0], read[:0], 0, 0
	}
	return pairs
}

func oneLine(text []rune) string { return strings.Join(strings.Fields(string(text)), " ") }
