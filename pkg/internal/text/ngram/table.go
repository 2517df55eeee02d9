package ngram

import "math/bits"

// table is a list of ascending numbers, each with a payload of a few bits, read
// in place. It takes
//
//	2^dir × len bits   a directory: how many numbers are less than 0, 1, 2, …
//	                   times 2^(width-dir)
//	n × (width-dir + payload) bits   the low bits of each number, its payload
//
// where len is the length of n in bits and dir is len-4, but at least 0 and at
// most width. So a directory entry stands for 8 to 16 numbers on average, and
// finding one costs a look at the directory and a short binary search.
//
// Example: the numbers 3, 5 and 6 of width 3 with payloads 1, 0, 1 of one bit
// have len 2 and dir 0: no directory, and the bits, each field lowest first,
// 110 1, 101 0, 011 1.
type table struct {
	at      uint64 // bit position
	n       uint32
	width   uint8
	dir     uint8
	payload uint8
}

func newTable(n uint32, width int, payload uint) table {
	dir := min(max(bits.Len32(n)-4, 0), width)
	return table{n: n, width: uint8(width), dir: uint8(dir), payload: uint8(payload)}
}

// rankWidth is the bits of a place in a list of n words.
func rankWidth(n uint32) int { return bits.Len32(max(n, 1) - 1) }

// size is the bits of an entry.
func (t *table) size() uint64 { return uint64(t.width-t.dir) + uint64(t.payload) }

// first is the position of the first entry.
func (t *table) first() uint64 {
	if t.dir == 0 {
		return t.at
	}
	return t.at + uint64(bits.Len32(t.n))<<t.dir
}

// end is the position after the table.
func (t *table) end() uint64 { return t.first() + uint64(t.n)*t.size() }

// bucket returns the places of the numbers that share the high bits of key.
func (t *table) bucket(data []byte, key uint32) (lo, hi uint32) {
	if t.dir == 0 {
		return 0, t.n
	}
	width := uint(bits.Len32(t.n))
	b := key >> (t.width - t.dir) & (1<<t.dir - 1)
	w := window(data, t.at+uint64(b)*uint64(width))
	lo, hi = uint32(w)&(1<<width-1), t.n
	if b+1 < 1<<t.dir {
		hi = min(uint32(w>>width)&(1<<width-1), t.n)
	}
	return lo, hi
}

// find looks for a number and returns its place among them and its payload.
func (t *table) find(data []byte, key uint32) (place, payload uint32, ok bool) {
	lo, hi := t.bucket(data, key)
	if lo >= hi {
		return 0, 0, false
	}
	first, size := t.first(), t.size()
	low := uint64(1)<<(t.width-t.dir) - 1
	want := uint64(key) & low
	place = lo
	for n := hi - lo; n > 1; {
		half := n / 2
		if window(data, first+uint64(place+half)*size)&low <= want {
			place += half // compiles to a conditional move: no branch to guess
		}
		n -= half
	}
	w := window(data, first+uint64(place)*size)
	return place, uint32(w>>(t.width-t.dir)) & (1<<t.payload - 1), w&low == want
}

// each calls f for all numbers. A damaged table may hold others than were put in,
// and more than n.
func (t *table) each(data []byte, f func(key, payload uint32)) {
	first, size := t.first(), t.size()
	shift := t.width - t.dir
	for b := range uint32(1) << t.dir {
		lo, hi := t.bucket(data, b<<shift)
		for i := lo; i < hi; i++ {
			w := window(data, first+uint64(i)*size)
			f(b<<shift|uint32(w&(1<<shift-1)), uint32(w>>shift)&(1<<t.payload-1))
		}
	}
}

// putTable appends a table of the given keys and payloads.
func (b *bitString) putTable(keys, payloads []uint32, width int, payload uint) {
	t := newTable(uint32(len(keys)), width, payload)
	shift := int(t.width - t.dir)
	if t.dir > 0 {
		at := 0
		for d := range 1 << t.dir {
			for at < len(keys) && int(keys[at]>>shift) < d {
				at++
			}
			b.put(uint64(at), bits.Len(uint(len(keys))))
		}
	}
	for i, k := range keys {
		b.put(uint64(k)&(1<<shift-1), shift)
		b.put(uint64(payloads[i]), int(payload))
	}
}
