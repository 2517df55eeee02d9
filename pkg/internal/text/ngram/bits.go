package ngram

import (
	"encoding/binary"
	"math/bits"
)

// bitString is a string of bits, lowest bit of the first byte first.
type bitString struct {
	buf  []byte
	size int // in bits
}

func (b *bitString) reset() { b.buf, b.size = b.buf[:0], 0 }

// put appends the low width bits of v; width is at most 32.
func (b *bitString) put(v uint64, width int) {
	for width > 0 {
		at := b.size % 8
		if at == 0 {
			b.buf = append(b.buf, 0)
		}
		n := min(8-at, width)
		b.buf[len(b.buf)-1] |= byte(v&(1<<n-1)) << at
		v >>= n
		width -= n
		b.size += n
	}
}

// putGamma appends a number from 1 up in Elias' gamma code: as many zeros as it
// has bits after its highest, a one, then those bits.
func (b *bitString) putGamma(v uint64) {
	n := bits.Len64(v) - 1
	b.put(1<<n, n+1)
	b.put(v&(1<<n-1), n)
}

// align fills up to a multiple of unit bits.
func (b *bitString) align(unit int) {
	for b.size%unit != 0 {
		b.put(0, 1)
	}
}

// append adds another string, which must begin on a multiple of four bits.
func (b *bitString) append(o *bitString) {
	if b.size%8 == 0 {
		b.buf = append(b.buf, o.buf...)
		b.size += o.size
		return
	}
	for i := 0; i < o.size; i += 8 {
		b.put(uint64(o.buf[i/8]), min(8, o.size-i))
	}
}

// padding is how many bytes must follow the last bit that is read.
const padding = 8

// window returns the 57 or more bits of data from the bit pos on, zeros outside
// of it. All reads of the tree come through here.
func window(data []byte, pos uint64) uint64 {
	i := pos >> 3
	if i+padding > uint64(len(data)) {
		return 0
	}
	return binary.LittleEndian.Uint64(data[i:]) >> (pos & 7)
}

// gamma decodes a number in Elias' gamma code from the low bits of w and
// returns how many bits it took. Of no number it makes 0.
func gamma(w uint64) (v uint32, size uint) {
	n := uint(bits.TrailingZeros64(w))
	if n > 24 {
		return 0, 1
	}
	return uint32(1<<n | w>>(n+1)&(1<<n-1)), 2*n + 1
}
