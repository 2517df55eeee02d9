package ngram

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// row is a table of words, unpacked so that words which look alike without their marks
// are found side by side. In a long one a bit for each word of the vocabulary tells
// whether the table has it, and the number of bits set before it where (Jacobson 1989);
// a short one has the words themselves. The tree is small, rows are fast. They are made
// of the tables that are searched most.
type row struct {
	values []uint32 // in the order of the bits
	cells  []uint64 // of a long row
	bits   []uint16 // of a short one: the bitNumber of each value
}

const (
	cellWords = 48  // bits of a cell for words; the others tell how many are set in the cells before
	rowLeast  = 8   // words in a table that is worth a row
	longRow   = 512 // words in a table that is worth cells: they take 3 kB
	rowCost   = 12  // searches that a row costs, whatever its words
)

// bitNumber is where a row has the bit of its k-th word: 64 times the cell, and
// the bit in the cell.
func bitNumber(k int) uint16 { return uint16(k/cellWords<<6 | k%cellWords) }

// unpacked is a word of a table that is made a row, and what is kept of it.
type unpacked struct {
	bit   uint16
	value uint32
}

// newRow unpacks a table. value makes what is kept of the place of a word and its
// payload.
func (m *Model) newRow(t *format.Table, cache *Cache, value func(place, payload uint32) uint32) *row {
	ix := m.strip()
	cells := slices.Grow(cache.cells[:0], ix.cells)[:ix.cells]
	clear(cells)
	in := cache.unpacked[:0]
	place := uint32(0)
	t.Each(m.tree, func(key, payload uint32) {
		if int(key) < len(ix.bit) {
			bit := ix.bit[key]
			cells[bit>>6] |= 1 << (bit & 63)
			in = append(in, unpacked{bit, value(place, payload)})
		}
		place++
	})
	cache.cells, cache.unpacked = cells, in
	before := 0
	for i, c := range cells {
		cells[i] |= uint64(before) << cellWords
		before += bits.OnesCount64(c)
	}
	r := &row{cells: cells, values: make([]uint32, before)}
	order := make([]uint16, before)
	for _, u := range in {
		i, _ := r.find(u.bit, 1)
		r.values[i], order[i] = u.value, u.bit
	}
	if t.Len < longRow {
		r.cells, r.bits = nil, order
	} else {
		r.cells = slices.Clone(cells)
	}
	return r
}

// find returns the number of the first value from a bit on and, of so many bits from
// there, which are set.
func (r *row) find(bit uint16, n int) (first int32, set uint64) {
	mask := uint64(1)<<n - 1
	if r.cells != nil {
		c, at := r.cells[bit>>6], bit&63
		return int32(c>>cellWords) + int32(bits.OnesCount64(c&(1<<at-1))), c >> at & mask
	}
	lo := 0
	for n := len(r.bits); n > 0; {
		half := (n + 1) / 2
		if r.bits[lo+half-1] < bit {
			lo += half
			n -= half
		} else {
			n = half - 1
		}
	}
	for i := lo; i < len(r.bits); i++ {
		d := r.bits[i] - bit
		if int(d) >= n {
			break
		}
		set |= 1 << d
	}
	return int32(lo), set
}

// bitOf is the bit of a word in rows.
func (s *stripped) bitOf(w ID) uint16 {
	if int(w) < len(s.bit) {
		return s.bit[w]
	}
	return s.none
}

// follow is what follows the context of one word: its list, the words in rows.
type follow struct {
	list list
	*row // place in the list and code of the probability
}

// rowAfter returns the row of what follows w, nil if there is none.
func (m *Model) rowAfter(w ID) *follow {
	if int(w) >= len(m.after) {
		return nil
	}
	return m.after[w].Load()
}

// unpack makes a row of the list of the context w once searching the list for
// words has cost as much as that takes.
func (m *Model) unpack(w ID, l *list, words int, cache *Cache) {
	if !worthRow(&l.entries, &m.searched[w], words, len(m.words)) {
		return
	}
	m.after[w].Store(&follow{*l, m.newRow(&l.entries, cache, func(place, code uint32) uint32 { return place<<m.probBits | code })})
}

// worthRow reports whether a table is worth a row, once it is searched for more words:
// to unpack one costs as much as to search for one.
func worthRow(t *format.Table, searched *uint32, words, vocab int) bool {
	return t.Len >= rowLeast && int(t.Len) <= vocab && atomic.AddUint32(searched, uint32(words)) >= rowCost+t.Len
}

// span is words that are side by side in rows.
type span struct {
	bit  uint16 // of the first
	size int
}

// spans divides words into spans.
func (m *Model) spans(dst []span, words []ID) []span {
	ix := m.strip()
	next := uint16(0)
	for k, w := range words {
		at := ix.bitOf(w)
		if k > 0 && at == next && at&63 != 0 {
			dst[len(dst)-1].size++
		} else {
			dst = append(dst, span{at, 1})
		}
		next = at + 1
	}
	return dst
}

// found is what a row has of the words of a span.
type found struct {
	first int32  // number of the first value
	set   uint64 // which words have one
}

// rowBigrams appends what a row says of words, given what it has of their spans.
func (m *Model) rowBigrams(dst []Bigram, r *follow, words []ID, spans []span, found []found) []Bigram {
	back := m.backs[2][r.list.back]
	probs, codes := m.probs[2], uint32(1)<<m.probBits-1
	for i := range spans {
		at, set := found[i].first, found[i].set
		for _, w := range words[:spans[i].size] {
			if set&1 != 0 {
				e := r.values[at]
				at++
				dst = append(dst, Bigram{probs[e&codes], e >> m.probBits})
			} else {
				dst = append(dst, Bigram{m.Unigram(w) + back, noPlace})
			}
			set >>= 1
		}
		words = words[spans[i].size:]
	}
	return dst
}

// pair finds the context of two words. It unpacks those of a word that many are asked of.
func (m *Model) pair(l *list, word, left ID, cache *Cache) (node uint32, ok bool) {
	r := m.before[word].Load()
	if r == nil {
		if worthRow(&l.kids, &m.asked[word], 1, len(m.words)) {
			first := l.firstKid()
			m.before[word].Store(m.newRow(&l.kids, cache, func(_, offset uint32) uint32 { return first + offset }))
		}
		return m.kid(l, left)
	}
	if first, set := r.find(m.strip().bitOf(left), 1); set != 0 {
		return r.values[first], true
	}
	return 0, false
}
