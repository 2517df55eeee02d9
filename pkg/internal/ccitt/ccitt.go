// Package ccitt packs black and white images as fax machines and archives do.
package ccitt

import (
	"image"
	"strings"
)

// Bilevel reports whether an image is black and white only. In a grey scan the
// first row tells.
func Bilevel(img *image.Gray) bool {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for _, v := range img.Pix[img.PixOffset(b.Min.X, y):][:b.Dx()] {
			if v+1 > 1 {
				return false
			}
		}
	}
	return true
}

// Group4 packs an image as CCITT group 4 (ITU-T T.6): every row as its differences
// from the one above, the first from a white one. Pixels below 128 are black.
func Group4(img *image.Gray) []byte {
	b := img.Bounds()
	var w bitWriter
	var ref, cur []int
	ref = append(ref, b.Dx(), b.Dx(), b.Dx(), b.Dx())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		cur = changes(cur[:0], img.Pix[img.PixOffset(b.Min.X, y):][:b.Dx()])
		w.row(ref, cur, b.Dx())
		ref, cur = cur, ref
	}
	w.code("000000000001") // end of block
	w.code("000000000001")
	return w.bytes()
}

// changes appends the pixels of a row at which the colour changes, from a white
// start: those at even places turn black. The row's end closes the list, often
// enough for looking two ahead.
func changes(to []int, row []byte) []int {
	colour := byte(1)
	for x, v := range row {
		if v >>= 7; v != colour {
			to, colour = append(to, x), v
		}
	}
	return append(to, len(row), len(row), len(row), len(row))
}

type bitWriter struct {
	out []byte
	acc uint32
	n   int
}

func (w *bitWriter) code(s string) {
	for _, c := range []byte(s) {
		w.acc = w.acc<<1 | uint32(c-'0')
		if w.n++; w.n == 8 {
			w.out = append(w.out, byte(w.acc))
			w.acc, w.n = 0, 0
		}
	}
}

func (w *bitWriter) bytes() []byte {
	if w.n > 0 {
		return append(w.out, byte(w.acc<<(8-w.n)))
	}
	return w.out
}

// row codes the changes cur of a row against those of the row above. In the
// terms of T.6, a0 is where coding has got to, a1 and a2 are the next changes in
// cur, b1 and b2 those in ref; b1 changes from the colour at a0.
func (w *bitWriter) row(ref, cur []int, width int) {
	a0, i, j := -1, 0, 0 // the colour at a0 is white if i is even
	for a0 < width {
		j = max(j-2, 0)
		j += (i + j) % 2
		for ref[j] <= a0 && ref[j] < width {
			j += 2
		}
		a1, b1, b2 := cur[i], ref[j], ref[j+1]
		switch d := a1 - b1; {
		case b2 < a1:
			w.code("0001") // pass
			a0 = b2
		case d >= -3 && d <= 3:
			w.code(vertical[d+3])
			a0 = a1
			i++
		default:
			w.code("001") // horizontal
			w.run(a1-max(a0, 0), i)
			w.run(cur[i+1]-a1, i+1)
			a0 = cur[i+1]
			i += 2
		}
	}
}

var vertical = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

// run codes the length of a run; those at even places are white.
func (w *bitWriter) run(n, at int) {
	ends, makeUps := whiteEnds, whiteMakeUps
	if at%2 == 1 {
		ends, makeUps = blackEnds, blackMakeUps
	}
	for n >= 2560 {
		w.code(longMakeUps[12])
		n -= 2560
	}
	switch k := n / 64; {
	case k >= 28:
		w.code(longMakeUps[k-28])
	case k > 0:
		w.code(makeUps[k-1])
	}
	w.code(ends[n%64])
}

// The codes of run lengths 0 to 63, 64 to 1728 in steps of 64, and 1792 to 2560
// for both colours.
var (
	whiteEnds = strings.Fields(`00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101
		101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010
		00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010
		00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100`)
	whiteMakeUps = strings.Fields(`11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 011010011
		011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 010011010 011000 010011011`)
	blackEnds = strings.Fields(`0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000
		0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001
		000001101010 000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111
		000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111`)
	blackMakeUps = strings.Fields(`0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010
		0000001110011 0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 0000001100100 0000001100101`)
	longMakeUps = strings.Fields(`00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 000000011100 000000011101 000000011110 000000011111`)
)
