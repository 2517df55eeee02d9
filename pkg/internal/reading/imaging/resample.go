package imaging

import (
	"image"
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// resample scales an image of 1 or 8 bits by s, weighting the samples around
// each point by a Gaussian of sigma source pixels, wide enough besides to
// leave no gap between the points. It is one pass over the rows with integer
// weights, and rows of blank paper cost nothing in a bilevel image: A4 at 300
// dpi takes 60 ms, where the library's Gaussian and area-mapped scaling take
// 300, and its own scaling sharpens or steps.
func resample(p *leptonica.Pix, s, sigma float64) *image.Gray {
	w, h := p.Width(), p.Height()
	ow, oh := max(1, int(math.Round(float64(w)*s))), max(1, int(math.Round(float64(h)*s)))
	sx, sy := float64(ow)/float64(w), float64(oh)/float64(h)
	across, down := newTaps(w, ow, sx, sigma), newTaps(h, oh, sy, sigma)

	out := image.NewGray(image.Rect(0, 0, ow, oh))
	rows := rowCache{src: p, taps: across, line: make([]byte, w+4), slot: make([]cachedRow, down.width)}
	sum := make([]uint32, ow)
	for y := range oh {
		dst := out.Pix[y*out.Stride : y*out.Stride+ow]
		clear(sum)
		blank := true
		for i, wt := range down.weights(y) {
			if wt == 0 {
				continue
			}
			row := rows.get(down.first[y] + i)
			if row.blank {
				for x := range sum {
					sum[x] += uint32(wt) * (255 * unit)
				}
				continue
			}
			blank = false
			for x, v := range row.v[:len(sum)] {
				sum[x] += uint32(wt) * uint32(v)
			}
		}
		if blank {
			for x := range dst {
				dst[x] = 255
			}
			continue
		}
		for x, v := range sum {
			dst[x] = byte((v + unit*unit/2) / (unit * unit))
		}
	}
	return out
}

// unit is the sum of the weights of one point: 255·unit fits 16 bits and
// 255·unit² fits 32.
const unit = 256

// taps are the weights with which the samples of a row or column make up the
// points of the scaled one.
type taps struct {
	first []int    // first sample of each point
	w     []uint16 // width weights a point
	width int
}

func newTaps(n, out int, s, sigma float64) taps {
	// A point covers 1/s samples: a box of standard deviation 0.29/s. Between
	// samples, 0.45 is the narrowest bell without ripples.
	sd := math.Hypot(sigma, max(0.29/s, 0.45))
	reach := 2.6 * sd
	width := min(n, int(math.Ceil(2*reach))+1)
	t := taps{make([]int, out), make([]uint16, out*width), width}
	f := make([]float64, width)
	for i := range out {
		c := (float64(i)+0.5)/s - 0.5
		first := min(max(int(math.Ceil(c-reach)), 0), n-width)
		t.first[i] = first
		total := 0.0
		for k := range f {
			d := (float64(first+k) - c) / sd
			f[k] = math.Exp(-d * d / 2)
			total += f[k]
		}
		// Rounding the running sum keeps the total exact.
		run, given := 0.0, 0
		for k, v := range f {
			run += v
			upTo := int(math.Round(run / total * unit))
			t.w[i*width+k] = uint16(upTo - given)
			given = upTo
		}
	}
	return t
}

func (t *taps) weights(i int) []uint16 { return t.w[i*t.width : (i+1)*t.width] }

// rowCache holds the scaled rows that the next points need.
type rowCache struct {
	src  *leptonica.Pix
	taps taps
	line []byte
	slot []cachedRow // row y is in slot y mod len
}

type cachedRow struct {
	y     int // plus one; 0 is none
	blank bool
	v     []uint16
}

func (c *rowCache) get(y int) *cachedRow {
	r := &c.slot[y%len(c.slot)]
	if r.y == y+1 {
		return r
	}
	r.y = y + 1
	n := c.src.Width()
	if c.src.Depth() == 1 {
		bits := c.src.Bits(y)
		if r.blank = isBlank(bits, n); r.blank {
			return r
		}
		expandBits(c.line[:n], bits)
	} else {
		r.blank = false
		c.src.Row(y, c.line[:n])
	}
	if r.v == nil {
		r.v = make([]uint16, len(c.taps.first))
	}
	line, k := c.line[:n], c.taps.width
	for x, first := range c.taps.first {
		wts := c.taps.w[x*k : x*k+k]
		in := line[first : first+k]
		var s uint32
		for i, wt := range wts {
			s += uint32(wt) * uint32(in[i])
		}
		r.v[x] = uint16(s)
	}
	return r
}

// isBlank reports whether the first n bits are white.
func isBlank(bits []uint32, n int) bool {
	for _, b := range bits[:n/32] {
		if b != 0 {
			return false
		}
	}
	return n%32 == 0 || bits[n/32]>>(32-n%32) == 0
}

// expandBits turns bits into samples: 1 is black.
func expandBits(dst []byte, bits []uint32) {
	for len(dst) >= 32 {
		b := bits[0]
		for i := range 4 {
			*(*[8]byte)(dst[8*i:]) = samples[byte(b>>(24-8*i))]
		}
		dst, bits = dst[32:], bits[1:]
	}
	for i := range dst {
		dst[i] = byte(bits[0]>>(31-i)&1) - 1
	}
}

// samples holds the eight samples of each byte of bits.
var samples = func() (t [256][8]byte) {
	for v := range t {
		for i := range 8 {
			t[v][i] = byte(v>>(7-i)&1) - 1
		}
	}
	return t
}()
