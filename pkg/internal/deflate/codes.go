package deflate

import (
	"cmp"
	"math/bits"
	"slices"
)

// codes are the tokens of a block, and Huffman codes for them.
type codes struct {
	tokens            []token
	literal, distance []int // lengths of codes, in bits; 0 where a symbol has none
}

func newCodes(tokens []token) *codes {
	literals, distances := make([]int, 286), make([]int, 30)
	literals[end] = 1
	for _, t := range tokens {
		if t.distance == 0 {
			literals[t.length]++
			continue
		}
		s, _, _ := lengthSymbol(t.length)
		literals[s]++
		s, _, _ = distanceSymbol(t.distance)
		distances[s]++
	}
	return &codes{tokens, huffman(literals, 15), huffman(distances, 15)}
}

// costs are the prices at these codes. What is not in use would take a long one.
func (c *codes) costs() *prices {
	var p prices
	for i, n := range c.literal {
		p.literal[i] = float64(cmp.Or(n, 12))
	}
	for i, n := range c.distance {
		p.distance[i] = float64(cmp.Or(n, 10))
	}
	return &p
}

// huffman returns the lengths of the codes of symbols that occur that often, none
// longer than limit. If any occurs, two at least have codes: some programs want it.
func huffman(counts []int, limit int) []int {
	counts = slices.Clone(counts)
	for i := 0; len(counts)-count(counts, 0) < 2; i++ {
		counts[i] = max(counts[i], 1)
	}
	for {
		lengths := tree(counts)
		if slices.Max(lengths) <= limit {
			return lengths
		}
		for i, n := range counts { // flatter
			counts[i] = (n + 1) / 2
		}
	}
}

func count(xs []int, x int) (n int) {
	for _, y := range xs {
		if y == x {
			n++
		}
	}
	return n
}

// tree returns the depths of the leaves of a Huffman tree.
func tree(counts []int) []int {
	type node struct {
		count  int
		leaves []int
	}
	depths := make([]int, len(counts))
	var nodes []node
	for i, n := range counts {
		if n > 0 {
			nodes = append(nodes, node{n, []int{i}})
		}
	}
	for len(nodes) > 1 {
		slices.SortStableFunc(nodes, func(a, b node) int { return cmp.Compare(a.count, b.count) })
		joined := node{nodes[0].count + nodes[1].count, append(nodes[0].leaves, nodes[1].leaves...)}
		for _, i := range joined.leaves {
			depths[i]++
		}
		nodes = append(nodes[2:], joined)
	}
	return depths
}

// canonical returns the codes that lengths stand for, the first bit lowest (RFC 1951,
// 3.2.2).
func canonical(lengths []int) []uint32 {
	out, code := make([]uint32, len(lengths)), uint32(0)
	for n := 1; n <= 15; n++ {
		for i, l := range lengths {
			if l == n {
				out[i] = bits.Reverse32(code) >> (32 - n)
				code++
			}
		}
		code <<= 1
	}
	return out
}

// order is that in which the lengths of the codes of lengths stand.
var order = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// write appends the one block of a deflate stream.
func (c *codes) write(out []byte) []byte {
	w := &bitWriter{out: out}
	w.bits(0b101, 3) // the last block, with codes of its own
	literal, distance := trimmed(c.literal, 257), trimmed(c.distance, 1)
	runs := runsOf(append(slices.Clone(literal), distance...))
	counts := make([]int, 19)
	for _, r := range runs {
		counts[r.symbol]++
	}
	lengths := huffman(counts, 7)
	n := 19
	for n > 4 && lengths[order[n-1]] == 0 {
		n--
	}
	w.bits(uint32(len(literal)-257), 5)
	w.bits(uint32(len(distance)-1), 5)
	w.bits(uint32(n-4), 4)
	for _, i := range order[:n] {
		w.bits(uint32(lengths[i]), 3)
	}
	names := canonical(lengths)
	for _, r := range runs {
		w.bits(names[r.symbol], lengths[r.symbol])
		w.bits(uint32(r.more), r.extra)
	}
	c.writeTokens(w)
	return w.flush()
}

func (c *codes) writeTokens(w *bitWriter) {
	literals, distances := canonical(c.literal), canonical(c.distance)
	for _, t := range c.tokens {
		if t.distance == 0 {
			w.bits(literals[t.length], c.literal[t.length])
			continue
		}
		s, extra, more := lengthSymbol(t.length)
		w.bits(literals[s], c.literal[s])
		w.bits(uint32(more), extra)
		s, extra, more = distanceSymbol(t.distance)
		w.bits(distances[s], c.distance[s])
		w.bits(uint32(more), extra)
	}
	w.bits(literals[end], c.literal[end])
}

// trimmed returns lengths without the zeros at their end, but least of them at least.
func trimmed(lengths []int, least int) []int {
	n := len(lengths)
	for n > least && lengths[n-1] == 0 {
		n--
	}
	return lengths[:n]
}

// run is a length, or a symbol that repeats one.
type run struct{ symbol, extra, more int }

// runsOf packs lengths (RFC 1951, 3.2.7).
func runsOf(lengths []int) (runs []run) {
	for i := 0; i < len(lengths); {
		n := 1
		for i+n < len(lengths) && lengths[i+n] == lengths[i] {
			n++
		}
		i += n
		x := lengths[i-1]
		if x != 0 {
			runs = append(runs, run{x, 0, 0})
			n--
		}
		for n > 0 {
			switch {
			case x == 0 && n >= 11:
				m := min(n, 138)
				runs, n = append(runs, run{18, 7, m - 11}), n-m
			case x == 0 && n >= 3:
				runs, n = append(runs, run{17, 3, n - 3}), 0
			case x != 0 && n >= 3:
				m := min(n, 6)
				runs, n = append(runs, run{16, 2, m - 3}), n-m
			default:
				runs, n = append(runs, run{x, 0, 0}), n-1
			}
		}
	}
	return runs
}

// bitWriter fills bytes from their lowest bit.
type bitWriter struct {
	out  []byte
	bit  uint64
	held int
}

func (w *bitWriter) bits(v uint32, n int) {
	w.bit |= uint64(v) << w.held
	for w.held += n; w.held >= 8; w.held -= 8 {
		w.out = append(w.out, byte(w.bit))
		w.bit >>= 8
	}
}

func (w *bitWriter) flush() []byte {
	if w.held > 0 {
		w.out = append(w.out, byte(w.bit))
	}
	return w.out
}
