package channel

import (
	"math/bits"
	"slices"
	"sort"
)

// edits are the shares of readings, read-only. The edits of one context are a
// row; a hash table finds the row of a context. Most rows hold two edits, so that
// this is made faster and takes less memory than a hash table of all edits, and
// who asks for a context often keeps the number of its row.
type edits struct {
	rows   []row    // the first is empty, the last one marks the end
	reads  []uint32 // of all rows, sorted within each: the readMask part of a key
	shares []float32
	slots  []int32 // open addressing by hash of the context: numbers of rows, or 0
}

type row struct {
	context uint32  // the part of a key above readMask
	first   int32   // of its edits; they end where the next row begins
	rest    float32 // what the context leaves to a shorter one, 1 if that is all
}

// letter is that of a row of single letters.
func (r row) letter() code { return code(r.context>>9) % maxCodes }

// noRow is the row of contexts that the training did not see.
const noRow = 0

func newEdits(size int) *edits {
	rows := append(make([]row, 0, size/2+2), row{rest: 1})
	return &edits{rows: rows, reads: make([]uint32, 0, size), shares: make([]float32, 0, size)}
}

// add adds an edit. Keys come in ascending order, and link after the last.
func (e *edits) add(k key, share float32) {
	context, read := uint32(k>>27), uint32(k&readMask)
	if last := len(e.rows) - 1; last == noRow || e.rows[last].context != context {
		e.rows = append(e.rows, row{context: context, first: int32(len(e.reads)), rest: 1})
	}
	if read == wildcardRead {
		e.rows[len(e.rows)-1].rest = share
	}
	e.reads, e.shares = append(e.reads, read), append(e.shares, share)
}

// link makes the rows ready to be found.
func (e *edits) link() {
	e.slots = make([]int32, 1<<bits.Len(uint(2*len(e.rows))))
	clear(e.slots) // memory that is read first is fetched again when it is written
	for i, r := range e.rows[1:] {
		e.slots[e.slot(r.context)] = int32(i) + 1
	}
	e.rows = append(e.rows, row{first: int32(len(e.reads))})
}

// slot returns where the row of a context is or would be.
func (e *edits) slot(context uint32) uint32 {
	mask := uint32(len(e.slots) - 1)
	i := uint32(uint64(context)*0x9E3779B97F4A7C15>>32) & mask
	for e.slots[i] != noRow && e.rows[e.slots[i]].context != context {
		i = (i + 1) & mask
	}
	return i
}

// row returns the number of the row that the edit k is in.
func (e *edits) row(k key) int32 { return e.slots[e.slot(uint32(k>>27))] }

// in returns the share of a reading in a row.
func (e *edits) in(row int32, read uint32) (float32, bool) {
	if i, ok := e.place(row, read); ok {
		return e.shares[i], true
	}
	return 0, false
}

// place returns the number of the edit with a reading in a row.
func (e *edits) place(row int32, read uint32) (int32, bool) {
	i, end := e.rows[row].first, e.rows[row+1].first
	for end-i > 8 {
		if mid := (i + end) / 2; e.reads[mid] <= read {
			i = mid
		} else {
			end = mid
		}
	}
	for ; i < end; i++ {
		if e.reads[i] == read {
			return i, true
		}
	}
	return 0, false
}

func (e *edits) get(k key) (float32, bool) { return e.in(e.row(k), uint32(k&readMask)) }

// before is the number of the first row that is not of a lower kind than one.
func (e *edits) before(kind uint32) int {
	return 1 + sort.Search(len(e.rows)-2, func(i int) bool { return e.rows[i+1].context>>27 >= kind })
}

// rest returns what the context of k leaves to others.
func (e *edits) rest(k key) (share float32, ok bool) {
	row := e.row(k)
	return e.rows[row].rest, row != noRow
}

// all calls f for every edit in ascending order.
func (e *edits) all(f func(k key, share float32)) {
	for i, r := range e.rows[:len(e.rows)-1] {
		for j := r.first; j < e.rows[i+1].first; j++ {
			f(key(r.context)<<27|key(e.reads[j]), e.shares[j])
		}
	}
}

// edits returns what the table holds, to be read only. What has no chance is
// left out.
func (t *table) edits() *edits {
	keys := make([]key, 0, t.n)
	for i, k := range t.keys {
		if k != 0 && t.values[i] > 0 {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	e := newEdits(len(keys))
	for _, k := range keys {
		p, _ := t.get(k)
		e.add(k, p)
	}
	e.link()
	return e
}
