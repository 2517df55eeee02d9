package format

import (
	"encoding/binary"
	"math/bits"
)

// Padding is how many bytes must follow the last bit that is read.
const Padding = 8

// Window returns the 57 or more bits of data from the bit pos on, zeros outside
// of it. All reads of the tree come through here.
func Window(data []byte, pos uint64) uint64 {
	i := pos >> 3
	if i+Padding > uint64(len(data)) {
		return 0
	}
	return binary.LittleEndian.Uint64(data[i:]) >> (pos & 7)
}

// Gamma decodes a number in Elias' gamma code from the low bits of w and
// returns how many bits it took. Of no number it makes 0.
func Gamma(w uint64) (v uint32, size uint) {
	n := uint(bits.TrailingZeros64(w))
	if n > 24 {
		return 0, 1
	}
	return uint32(1<<n | w>>(n+1)&(1<<n-1)), 2*n + 1
}
