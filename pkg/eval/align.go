package eval

import (
	"math/bits"
	"slices"
	"sort"
)

// Symbols are compared by number: a grapheme cluster or a token of the text.
type symbol = int32

// A pair says that symbol Gold of the one text stands against symbol Pred of the
// other; -1 stands for nothing.
type pair struct{ Gold, Pred int32 }

// align returns an alignment of a and b with the fewest edits (Levenshtein,
// all at cost 1), and their number.
//
// Short texts get the whole table. Longer ones are divided as Hirschberg (1975)
// did, with the columns computed 64 cells at a time (Myers 1999, in blocks as
// Hyyrö 2003) inside a band as wide as the distance (Ukkonen 1985): memory grows
// with the length, time with length × errors / 64. Where even that would take
// long the texts are first cut at long runs that occur once in each; such a
// cut could in theory cost an edit or two.
func align(a, b []symbol) ([]pair, int) {
	al := aligner{pairs: make([]pair, 0, max(len(a), len(b)))}
	al.cut(a, b, 0, 0)
	edits := 0
	for _, p := range al.pairs {
		if p.Gold < 0 || p.Pred < 0 || a[p.Gold] != b[p.Pred] {
			edits++
		}
	}
	return al.pairs, edits
}

const (
	maxTable = 1 << 20 // cells of a whole table
	maxSteps = 1 << 24 // blocks of 64 cells: about a tenth of a second
)

type aligner struct {
	pairs []pair
	dir   []uint8
	prev  []int32
}

// cut divides the texts at anchors if they are too long for the exact way.
func (al *aligner) cut(a, b []symbol, i, j int) {
	if len(a)*len(b) <= maxTable {
		al.table(a, b, i, j)
		return
	}
	d, ok := distance(a, b, maxSteps)
	if ok {
		al.divide(a, b, i, j, d)
		return
	}
	for _, n := range []int{48, 24, 12, 6} {
		cuts := anchors(a, b, n)
		if len(cuts) == 0 {
			continue
		}
		var last pair
		for _, c := range append(cuts, pair{int32(len(a)), int32(len(b))}) {
			al.cut(a[last.Gold:c.Gold], b[last.Pred:c.Pred], i+int(last.Gold), j+int(last.Pred))
			last = c
		}
		return
	}
	d, _ = distance(a, b, 0)
	al.divide(a, b, i, j, d)
}

// divide aligns texts whose distance d is known.
func (al *aligner) divide(a, b []symbol, i, j, d int) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		al.pairs = append(al.pairs, pair{int32(i), int32(j)})
		a, b, i, j = a[1:], b[1:], i+1, j+1
	}
	tail := 0
	for tail < min(len(a), len(b)) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	if len(a)*len(b) <= maxTable {
		al.table(a, b, i, j)
	} else {
		mid := len(b) / 2
		low, left := column(a, b[:mid], d)
		highRev, right := column(reversed(a), reversed(b[mid:]), d)
		// right[r] is for the last highRev+r symbols of a.
		best, at, dl := 1<<30, 0, 0
		for k, l := range left {
			r := len(a) - (low + k) - highRev
			if r >= 0 && r < len(right) && int(l)+int(right[r]) < best {
				best, at, dl = int(l)+int(right[r]), low+k, int(l)
			}
		}
		al.divide(a[:at], b[:mid], i, j, dl)
		al.divide(a[at:], b[mid:], i+at, j+mid, best-dl)
	}
	for k := range tail {
		al.pairs = append(al.pairs, pair{int32(i + len(a) + k), int32(j + len(b) + k)})
	}
}

func reversed(s []symbol) []symbol {
	r := slices.Clone(s)
	slices.Reverse(r)
	return r
}

// table aligns by the whole table. Going back from the end it prefers a match,
// then a substitution, then a symbol missing from b.
func (al *aligner) table(a, b []symbol, i, j int) {
	w := len(b) + 1
	if need := (len(a) + 1) * w; cap(al.dir) < need {
		al.dir = make([]uint8, need)
	}
	const diag, up, left = 0, 1, 2
	dir := al.dir[:(len(a)+1)*w]
	if cap(al.prev) < w {
		al.prev = make([]int32, w)
	}
	row := al.prev[:w]
	for k := range row {
		row[k], dir[k] = int32(k), left
	}
	for x := 1; x <= len(a); x++ {
		corner := row[0]
		row[0], dir[x*w] = int32(x), up
		dr := dir[x*w : x*w+w]
		ax := a[x-1]
		for y := 1; y < w; y++ {
			above := row[y]
			best, d := corner, uint8(diag)
			if ax != b[y-1] {
				best++
			}
			if above+1 < best {
				best, d = above+1, up
			}
			if row[y-1]+1 < best {
				best, d = row[y-1]+1, left
			}
			corner, row[y], dr[y] = above, best, d
		}
	}
	start := len(al.pairs)
	for x, y := len(a), len(b); x > 0 || y > 0; {
		switch dir[x*w+y] {
		case diag:
			x, y = x-1, y-1
			al.pairs = append(al.pairs, pair{int32(i + x), int32(j + y)})
		case up:
			x--
			al.pairs = append(al.pairs, pair{int32(i + x), -1})
		default:
			y--
			al.pairs = append(al.pairs, pair{-1, int32(j + y)})
		}
	}
	slices.Reverse(al.pairs[start:])
}

// distance returns the edit distance of a and b. It tries wider and wider bands
// and gives up when more than limit blocks would have to be computed; limit 0
// is none.
func distance(a, b []symbol, limit int) (d int, ok bool) {
	if len(a) == 0 || len(b) == 0 {
		return max(len(a), len(b)), true
	}
	for k := max(128, abs(len(a)-len(b))); ; k *= 4 {
		blocks := min(2*k/64+2, len(a)/64+1)
		if limit > 0 && blocks*len(b) > limit {
			return 0, false
		}
		low, col := column(a, b, k)
		if d := int(col[len(a)-low]); d <= k || k >= max(len(a), len(b)) {
			return d, true
		}
	}
}

func abs(x int) int { return max(x, -x) }

// masks holds, for each symbol of a text, the blocks of 64 in which it occurs
// and where in them.
type masks map[symbol][]mask

type mask struct {
	block int
	bits  uint64
}

func newMasks(a []symbol) masks {
	m := make(masks, min(len(a), 1<<12))
	for i, s := range a {
		l := m[s]
		if n := len(l); n > 0 && l[n-1].block == i/64 {
			l[n-1].bits |= 1 << (i % 64)
		} else {
			m[s] = append(l, mask{i / 64, 1 << (i % 64)})
		}
	}
	return m
}

// column returns the last column of the table of a against b: scores[i] is the
// distance of a[:low+i] from b. Scores above k are upper bounds only; rows that
// cannot lie on a path of k edits are left out.
func column(a, b []symbol, k int) (low int, scores []int32) {
	nblocks := (len(a) + 63) / 64
	vp, vn := make([]uint64, nblocks), make([]uint64, nblocks)
	// bottom[w] is the score in the last row of block w.
	bottom := make([]int32, nblocks)
	eq := newMasks(a)
	first, last := 0, -1
	grow := func(j int) { // blocks with a row i, 1-based, such that i-j <= k
		for last+1 < nblocks && (last+1)*64+1-j <= k || last < 0 && nblocks > 0 {
			last++
			vp[last], vn[last] = ^uint64(0), 0
			above := int32(j)
			if last > 0 && last > first {
				above = bottom[last-1]
			}
			bottom[last] = above + 64
		}
	}
	grow(0)
	for j, s := range b {
		for first < last && (first+1)*64-(j+1) < -k { // all rows are too high
			first++
		}
		l := eq[s]
		if len(l) > 0 && l[0].block < first {
			n := sort.Search(len(l), func(i int) bool { return l[i].block >= first })
			l = l[n:]
		}
		hin := 1
		for w := first; w <= last; w++ {
			var e uint64
			if len(l) > 0 && l[0].block == w {
				e, l = l[0].bits, l[1:]
			}
			pv, mv := vp[w], vn[w]
			xv := e | mv
			if hin < 0 {
				e |= 1
			}
			xh := (((e & pv) + pv) ^ pv) | e
			ph := mv | ^(xh | pv)
			mh := pv & xh
			hout := int(ph>>63) - int(mh>>63)
			ph, mh = ph<<1, mh<<1
			if hin < 0 {
				mh |= 1
			} else if hin > 0 {
				ph |= 1
			}
			vp[w] = mh | ^(xv | ph)
			vn[w] = ph & xv
			bottom[w] += int32(hout)
			hin = hout
		}
		grow(j + 1)
	}
	if nblocks == 0 {
		return 0, []int32{int32(len(b))}
	}
	// The rows of the band, from the block bottoms upwards.
	low = first * 64
	n := min((last+1)*64, len(a)) - low
	scores = make([]int32, n+1)
	for w := first; w <= last; w++ {
		s := bottom[w] - int32(bits.OnesCount64(vp[w])) + int32(bits.OnesCount64(vn[w]))
		at := w*64 - low
		if w == first {
			scores[at] = s
		}
		for r := 0; r < 64 && at+r < n; r++ {
			s += int32(vp[w]>>r&1) - int32(vn[w]>>r&1)
			scores[at+r+1] = s
		}
	}
	return low, scores
}

// anchors returns the ends of runs of n symbols that occur once in a and once in
// b, as many as stand in the same order in both, and no two closer than 8n.
func anchors(a, b []symbol, n int) []pair {
	type seen struct{ inA, inB int32 } // position+1, -1 when more than one
	runs := map[uint64]seen{}
	const some = 7 // one run in eight, chosen by what it says, is plenty
	eachRun(a, n, func(h uint64, at int) {
		if h>>56&some != 0 {
			return
		}
		s := runs[h]
		if s.inA == 0 {
			s.inA = int32(at + 1)
		} else {
			s.inA = -1
		}
		runs[h] = s
	})
	eachRun(b, n, func(h uint64, at int) {
		if h>>56&some != 0 {
			return
		}
		if s, ok := runs[h]; ok {
			if s.inB == 0 {
				s.inB = int32(at + 1)
			} else {
				s.inB = -1
			}
			runs[h] = s
		}
	})
	var found []pair
	for _, s := range runs {
		if s.inA > 0 && s.inB > 0 && slices.Equal(a[s.inA-1:int(s.inA)-1+n], b[s.inB-1:int(s.inB)-1+n]) {
			found = append(found, pair{s.inA - 1 + int32(n)/2, s.inB - 1 + int32(n)/2})
		}
	}
	slices.SortFunc(found, func(x, y pair) int { return int(x.Gold - y.Gold) })
	found = increasing(found)
	var cuts []pair
	var last pair
	for _, p := range found {
		if int(p.Gold-last.Gold) >= 8*n && int(p.Pred-last.Pred) >= 8*n {
			cuts = append(cuts, p)
			last = p
		}
	}
	return cuts
}

// eachRun calls f with a rolling hash of each run of n symbols.
func eachRun(s []symbol, n int, f func(hash uint64, at int)) {
	const base = 0x9E3779B97F4A7C15
	pow, h := uint64(1), uint64(0)
	for range n {
		pow *= base
	}
	for i, x := range s {
		h = h*base + uint64(x) + 1
		if i >= n {
			h -= pow * (uint64(s[i-n]) + 1)
		}
		if i >= n-1 {
			f(h, i-n+1)
		}
	}
}

// increasing returns a longest subsequence in which Pred rises too.
func increasing(ps []pair) []pair {
	var tails []int // index of the last element of the best sequence of each length
	prev := make([]int, len(ps))
	for i, p := range ps {
		n := sort.Search(len(tails), func(k int) bool { return ps[tails[k]].Pred >= p.Pred })
		prev[i] = -1
		if n > 0 {
			prev[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	if len(tails) == 0 {
		return nil
	}
	out := make([]pair, len(tails))
	for i, k := tails[len(tails)-1], len(tails)-1; i >= 0; i, k = prev[i], k-1 {
		out[k] = ps[i]
	}
	return out
}
