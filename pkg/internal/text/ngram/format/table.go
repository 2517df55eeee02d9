package format

import "math/bits"

// Table is a list of ascending numbers, each with a payload of a few bits, read
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
type Table struct {
	At      uint64 // bit position
	Len     uint32
	Width   uint8
	Dir     uint8
	Payload uint8
}

// NewTable is the shape of a table of n numbers; its place is yet to be set.
func NewTable(n uint32, width int, payload uint) Table {
	dir := min(max(bits.Len32(n)-4, 0), width)
	return Table{Len: n, Width: uint8(width), Dir: uint8(dir), Payload: uint8(payload)}
}

// RankWidth is the bits of a place in a list of n words.
func RankWidth(n uint32) int { return bits.Len32(max(n, 1) - 1) }

// size is the bits of an entry.
func (t *Table) size() uint64 { return uint64(t.Width-t.Dir) + uint64(t.Payload) }

// first is the position of the first entry.
func (t *Table) first() uint64 {
	if t.Dir == 0 {
		return t.At
	}
	return t.At + uint64(bits.Len32(t.Len))<<t.Dir
}

// End is the position after the table.
func (t *Table) End() uint64 { return t.first() + uint64(t.Len)*t.size() }

// bucket returns the places of the numbers that share the high bits of key.
func (t *Table) bucket(data []byte, key uint32) (lo, hi uint32) {
	if t.Dir == 0 {
		return 0, t.Len
	}
	width := uint(bits.Len32(t.Len))
	b := key >> (t.Width - t.Dir) & (1<<t.Dir - 1)
	w := Window(data, t.At+uint64(b)*uint64(width))
	lo, hi = uint32(w)&(1<<width-1), t.Len
	if b+1 < 1<<t.Dir {
		hi = min(uint32(w>>width)&(1<<width-1), t.Len)
	}
	return lo, hi
}

// Find looks for a number and returns its place among them and its payload.
func (t *Table) Find(data []byte, key uint32) (place, payload uint32, ok bool) {
	lo, hi := t.bucket(data, key)
	if lo >= hi {
		return 0, 0, false
	}
	width := t.Width - t.Dir
	first, size, low := t.first(), uint64(width)+uint64(t.Payload), uint64(1)<<width-1
	want := uint64(key) & low
	at := first + uint64(lo)*size
	for n := hi - lo; n > 1; {
		half := n / 2
		if mid := at + uint64(half)*size; Window(data, mid)&low <= want {
			at = mid // compiles to a conditional move: no branch to guess
			lo += half
		}
		n -= half
	}
	w := Window(data, at)
	return lo, uint32(w>>width) & (1<<t.Payload - 1), w&low == want
}

// Span looks for n numbers from key on, at most 64, and returns the place of the first
// that is there and, a bit for each, which are.
func (t *Table) Span(data []byte, key uint32, n int) (first uint32, set uint64) {
	lo, hi := t.bucket(data, key)
	shift := t.Width - t.Dir
	base, size, low := t.first(), t.size(), uint64(1)<<shift-1
	want := uint64(key) & low
	for n := int(hi) - int(lo); n > 0; {
		half := (n + 1) / 2
		if Window(data, base+uint64(int(lo)+half-1)*size)&low < want {
			lo += uint32(half) // compiles to a conditional move: no branch to guess
		}
		n -= half
	}
	first = lo
	for high := key >> shift << shift; ; {
		for ; lo < hi; lo++ {
			d := high | uint32(Window(data, base+uint64(lo)*size)&low) - key
			if d >= uint32(n) {
				return first, set
			}
			set |= 1 << d
		}
		if high += 1 << shift; high-key >= uint32(n) || high >= 1<<t.Width {
			return first, set
		}
		lo, hi = t.bucket(data, high)
	}
}

// Touch reads where Find and Span will.
func (t *Table) Touch(data []byte, key uint32) uint64 {
	lo, _ := t.bucket(data, key)
	return Window(data, t.first()+uint64(lo)*t.size())
}

// PayloadAt returns the payload of the number at a place.
func (t *Table) PayloadAt(data []byte, place uint32) uint32 {
	return uint32(Window(data, t.first()+uint64(place)*t.size())>>(t.Width-t.Dir)) & (1<<t.Payload - 1)
}

// Each calls f for all numbers. A damaged table may hold others than were put in,
// and more than n.
func (t *Table) Each(data []byte, f func(key, payload uint32)) {
	first, size := t.first(), t.size()
	shift := t.Width - t.Dir
	for b := range uint32(1) << t.Dir {
		lo, hi := t.bucket(data, b<<shift)
		for i := lo; i < hi; i++ {
			w := Window(data, first+uint64(i)*size)
			f(b<<shift|uint32(w&(1<<shift-1)), uint32(w>>shift)&(1<<t.Payload-1))
		}
	}
}
