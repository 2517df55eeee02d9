package synth

import (
	"image"
	"strings"
)

// groupFour encodes a black and white image as CCITT group 4 (ITU-T T.6), the
// form in which archives keep them: every row is the changes of colour that
// differ from the row above. Pixels below 128 are black.
func groupFour(img *image.Gray) []byte {
	var w bitWriter
	width := img.Rect.Dx()
	above := []int{width, width, width} // the row above the first is white
	for y := range img.Rect.Dy() {
		row := changes(img.Pix[y*img.Stride:][:width])
		encodeRow(&w, row, above, width)
		above = row
	}
	w.write("000000000001000000000001")
	return w.out
}

// changes returns where the colour of a row changes, starting from white, and
// its width three times as a sentinel.
func changes(pix []uint8) []int {
	var out []int
	black := false
	for x, v := range pix {
		if (v < 128) != black {
			out = append(out, x)
			black = !black
		}
	}
	return append(out, len(pix), len(pix), len(pix))
}

// verticalModes are the codes for a change at most three pixels away from the
// one above, from three to the left of it to three to the right.
var verticalModes = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

func encodeRow(w *bitWriter, row, above []int, width int) {
	a0, black := -1, false
	for a0 < width {
		a1, a2 := nextChange(row, a0, black, width)
		b1, b2 := nextChange(above, a0, black, width)
		switch {
		case b2 < a1:
			w.write("0001")
			a0 = b2
		case a1-b1 >= -3 && a1-b1 <= 3:
			w.write(verticalModes[a1-b1+3])
			a0, black = a1, !black
		default:
			w.write("001")
			w.run(a1-max(a0, 0), black)
			w.run(a2-a1, !black)
			a0 = a2
		}
	}
}

// nextChange returns the first change to the right of a0 into the colour that
// a0 does not have, and the change after it.
func nextChange(row []int, a0 int, black bool, width int) (first, second int) {
	for i, x := range row {
		if x == width {
			break
		}
		if x > a0 && (i%2 == 1) == black {
			return x, row[i+1]
		}
	}
	return width, width
}

// bitWriter packs codes written as strings of zeros and ones.
type bitWriter struct {
	out  []byte
	bits int
}

func (w *bitWriter) write(code string) {
	for _, c := range code {
		if w.bits%8 == 0 {
			w.out = append(w.out, 0)
		}
		if c == '1' {
			w.out[len(w.out)-1] |= 0x80 >> (w.bits % 8)
		}
		w.bits++
	}
}

// run writes the length of a run of one colour.
func (w *bitWriter) run(n int, black bool) {
	codes := whiteRuns
	if black {
		codes = blackRuns
	}
	for ; n >= 2560; n -= 2560 {
		w.write(codes[63+2560/64])
	}
	if n >= 64 {
		w.write(codes[63+n/64])
	}
	w.write(codes[n%64])
}

// The codes of T.4 for runs of 0 to 63, then 64 to 2560 by 64.
var whiteRuns = strings.Fields("" +
	"00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 " +
	"101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 " +
	"0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 " +
	"00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010 " +
	"01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011 " +
	"00110010 00110011 00110100 11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 " +
	"01100111 011001100 011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 " +
	"011011001 011011010 011011011 010011000 010011001 010011010 011000 010011011 00000001000 " +
	"00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 " +
	"000000010111 000000011100 000000011101 000000011110 000000011111 ")

var blackRuns = strings.Fields("" +
	"0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 " +
	"000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 " +
	"00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 " +
	"000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 000011010100 " +
	"000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 " +
	"000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 " +
	"000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 000001011000 " +
	"000001011001 000000101011 000000101100 000001011010 000001100110 000001100111 0000001111 " +
	"000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 " +
	"0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 " +
	"0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 " +
	"0000001010101 0000001011010 0000001011011 0000001100100 0000001100101 00000001000 00000001100 " +
	"00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 " +
	"000000011100 000000011101 000000011110 000000011111 ")
