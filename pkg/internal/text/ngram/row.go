package ngram

import (
	"math/bits"
	"slices"
	"sync/atomic"
)

// row is the list of a context of one word, unpacked so that words which look
// alike without their marks are found side by side. In a long list a bit for each word
// of the vocabulary tells whether the list has it, and the number of bits set before it
// where (Jacobson 1989); a short one has the words themselves. The tree is small, rows
// are fast. They are made of the lists that are searched most.
type row struct {
	list    list
	entries []uint32 // place in the list and code of the probability, in the order of the bits
	cells   []uint64 // of a long list
	bits    []uint16 // of a short one: the bitNumber of each entry
}

const (
	cellWords = 48  // bits of a cell for words; the others tell how many are set in the cells before
	rowLeast  = 8   // words in a list that is worth a row
	longRow   = 128 // words in a list that is worth cells
)

// bitNumber is where a row has the bit of its k-th word: 64 times the cell, and
// the bit in the cell.
func bitNumber(k int) uint16 { return uint16(k/cellWords<<6 | k%cellWords) }

// row returns the row of the context w, nil if there is none.
func (m *Model) row(w ID) *row {
	if int(w) >= len(m.rows) {
		return nil
	}
	return m.rows[w].Load()
}

// unpack makes a row of the list of the context w once searching the list for
// words has cost as much as that takes.
func (m *Model) unpack(w ID, l *list, words int) {
	n := l.entries.Len
	if n < rowLeast || int(n) > len(m.words) || atomic.AddUint32(&m.searched[w], uint32(words)) < n {
		return
	}
	ix := m.strip()
	r := &row{list: *l}
	// The bit of each entry, and after it what the row says of it.
	found := make([]uint64, 0, n)
	place := uint32(0)
	l.entries.Each(m.tree, func(key, code uint32) {
		if int(key) < len(ix.bit) {
			found = append(found, uint64(ix.bit[key])<<32|uint64(place<<m.probBits|code))
		}
		place++
	})
	slices.Sort(found)
	r.entries = make([]uint32, len(found))
	for i, f := range found {
		r.entries[i] = uint32(f)
	}
	if n < longRow {
		r.bits = make([]uint16, len(found))
		for i, f := range found {
			r.bits[i] = uint16(f >> 32)
		}
	} else {
		r.cells = make([]uint64, ix.cells)
		for _, f := range found {
			r.cells[f>>38] |= 1 << (f >> 32 & 63)
		}
		before := 0
		for i, c := range r.cells {
			r.cells[i] |= uint64(before) << cellWords
			before += bits.OnesCount64(c)
		}
	}
	m.rows[w].Store(r)
}

// find returns the number of the first entry from a bit on and, of so many bits from
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
		at := ix.none
		if int(w) < len(ix.bit) {
			at = ix.bit[w]
		}
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
	first int32  // number of the first entry
	set   uint64 // which words have one
}

// rowBigrams appends what a row says of words, given what it has of their spans.
func (m *Model) rowBigrams(dst []Bigram, r *row, words []ID, spans []span, found []found) []Bigram {
	back := m.backs[2][r.list.back]
	probs, codes := m.probs[2], uint32(1)<<m.probBits-1
	for i := range spans {
		at, set := found[i].first, found[i].set
		for _, w := range words[:spans[i].size] {
			if set&1 != 0 {
				e := r.entries[at]
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
