package ngram

import (
	"math/bits"
	"sync/atomic"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// row is the list of a context of one word, unpacked so that words which look
// alike without their marks are found side by side: a bit for each word of the
// vocabulary tells whether the list has it, and the number of bits set before it
// where (Jacobson 1989). The tree is small, rows are fast. They are made of the
// lists that are searched most.
type row struct {
	list    list
	entries []uint32 // place in the list and code of the probability, in the order of the bits
	cells   [format.MaxVocab/cellWords + 1]uint64
}

const (
	cellWords = 48  // bits of a cell for words; the others tell how many are set in the cells before
	rowLeast  = 128 // words in a list that is worth a row
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
	bit := m.strip().bit
	r := &row{list: *l}
	l.entries.Each(m.tree, func(key, _ uint32) {
		if int(key) < len(bit) {
			r.cells[bit[key]>>6] |= 1 << (bit[key] & 63)
		}
	})
	before := 0
	for i, c := range r.cells {
		r.cells[i] |= uint64(before) << cellWords
		before += bits.OnesCount64(c)
	}
	r.entries = make([]uint32, before) // n, unless the model is damaged
	place := uint32(0)
	l.entries.Each(m.tree, func(key, code uint32) {
		if int(key) < len(bit) {
			r.entries[r.index(bit[key])] = place<<m.probBits | code
		}
		place++
	})
	m.rows[w].Store(r)
}

// index returns the number of the entry of a word, given its bitNumber; -1 if there is
// none. It does not branch, so that the next look-up need not wait for the cell.
func (r *row) index(bit uint16) int32 {
	c := r.cells[bit>>6]
	before := c & (1<<(bit&63) - 1)
	here := int32(c >> (bit & 63) & 1)
	return int32(c>>cellWords) + int32(bits.OnesCount64(before)) | (here - 1)
}

// rowEntries appends the number of the entry of each word, -1 for those without.
func (m *Model) rowEntries(dst []int32, r *row, words []ID) []int32 {
	bit := m.strip().bit
	for _, w := range words {
		if int(w) < len(bit) {
			dst = append(dst, r.index(bit[w]))
		} else {
			dst = append(dst, -1)
		}
	}
	return dst
}

// rowBigrams appends what the entries that rowEntries found say of the words.
func (m *Model) rowBigrams(dst []Bigram, r *row, words []ID, entries []int32) []Bigram {
	back := m.backs[2][r.list.back]
	for k, w := range words {
		if i := entries[k]; i >= 0 {
			e := r.entries[i]
			dst = append(dst, Bigram{m.probs[2][e&(1<<m.probBits-1)], e >> m.probBits})
		} else {
			dst = append(dst, Bigram{m.Unigram(w) + back, noPlace})
		}
	}
	return dst
}
