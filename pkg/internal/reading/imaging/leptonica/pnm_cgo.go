//go:build cgo

package leptonica

import (
	"encoding/binary"
	"fmt"
)

// raster is an image as raw PNM has it: rows of samples, the first of them on top.
type raster struct {
	width, height int
	depth         int // bits a pixel of a Pix that holds it: 1, 8 or 32
	samples       []byte
	stride        int // bytes a row
}

// parsePNM returns the image in raw PNM as we write it: no comments, samples of one
// byte. ok is false for any other file, and for one that is cut short. The library
// reads these, too, but a sample a call: a colour page takes it 0.2 s, and this 0.02.
func parsePNM(data []byte) (r raster, ok bool) {
	var kind byte
	head := data[:min(len(data), 32)]
	if n, _ := fmt.Sscanf(string(head), "P%c\n%d %d\n", &kind, &r.width, &r.height); n != 3 {
		return r, false
	}
	most := "255\n"
	switch kind {
	case '4':
		most, r.depth, r.stride = "", 1, (r.width+7)/8
	case '5':
		r.depth, r.stride = 8, r.width
	case '6':
		r.depth, r.stride = 32, 3*r.width
	}
	written := fmt.Sprintf("P%c\n%d %d\n%s", kind, r.width, r.height, most)
	if r.depth == 0 || r.width <= 0 || r.height <= 0 || len(data) < len(written) || string(data[:len(written)]) != written {
		return r, false
	}
	r.samples = data[len(written):]
	return r, r.height <= len(r.samples)/r.stride
}

// row writes row y as words of a Pix: the leftmost pixel in the highest bits.
func (r *raster) row(y int, words []uint32) {
	src := r.samples[y*r.stride : (y+1)*r.stride]
	if r.depth < 32 {
		pack(words, src)
		return
	}
	for x := range words {
		words[x] = uint32(src[3*x])<<24 | uint32(src[3*x+1])<<16 | uint32(src[3*x+2])<<8
	}
}

// pack writes bytes as words, the first in the highest bits; what is over is 0.
func pack(words []uint32, src []byte) {
	full := len(src) / 4
	for i := range full {
		words[i] = binary.BigEndian.Uint32(src[4*i:])
	}
	if full < len(words) {
		var last [4]byte
		copy(last[:], src[4*full:])
		words[full] = binary.BigEndian.Uint32(last[:])
	}
}

// PGM returns an 8-bit image as an uncompressed file, which Decode copies.
func (p *Pix) PGM() []byte {
	w, h := p.Width(), p.Height()
	head := fmt.Sprintf("P5\n%d %d\n255\n", w, h)
	out := make([]byte, len(head)+w*h)
	copy(out, head)
	for y := range h {
		p.Row(y, out[len(head)+y*w:][:w])
	}
	return out
}
