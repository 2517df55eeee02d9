package lm

import (
	"math/bits"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
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

// putTable appends a table of the given keys and payloads.
func (b *bitString) putTable(keys, payloads []uint32, width int, payload uint) {
	t := format.NewTable(uint32(len(keys)), width, payload)
	shift := int(t.Width - t.Dir)
	if t.Dir > 0 {
		at := 0
		for d := range 1 << t.Dir {
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
