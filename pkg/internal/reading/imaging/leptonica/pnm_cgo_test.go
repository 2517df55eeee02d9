//go:build cgo

package leptonica

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// A comment in the head makes the library read the file.
func TestPNMAsTheLibraryReadsIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []struct {
		head, most string
		stride     func(w int) int
	}{
		{"P4", "", func(w int) int { return (w + 7) / 8 }},
		{"P5", "255\n", func(w int) int { return w }},
		{"P6", "255\n", func(w int) int { return 3 * w }},
	} {
		for _, w := range []int{1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100} {
			const h = 3
			samples := make([]byte, h*kind.stride(w))
			for i := range samples {
				samples[i] = byte(random.Uint32())
			}
			own := append(fmt.Appendf(nil, "%s\n%d %d\n%s", kind.head, w, h, kind.most), samples...)
			if _, ok := parsePNM(own); !ok {
				t.Fatalf("%s, %d wide: not taken for PNM", kind.head, w)
			}
			foreign := append(fmt.Appendf(nil, "%s\n# \n%d %d\n%s", kind.head, w, h, kind.most), samples...)
			if _, ok := parsePNM(foreign); ok {
				t.Fatalf("%s with a comment: the library should read it", kind.head)
			}
			if got, want := rows(t, own), rows(t, foreign); !bytes.Equal(got, want) {
				t.Errorf("%s, %d wide:\n% x\nthe library reads\n% x", kind.head, w, got, want)
			}
			if _, err := Decode(own, w*h-1); !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s, %d wide, of fewer pixels allowed: %v", kind.head, w, err)
			}
			if _, ok := parsePNM(own[:len(own)-1]); ok {
				t.Errorf("%s, %d wide, cut short: taken", kind.head, w)
			}
		}
	}
}

// rows decodes an image and returns its size, depth and samples.
func rows(t *testing.T, data []byte) []byte {
	t.Helper()
	p, err := Decode(data, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Free()
	out := fmt.Appendf(nil, "%d %d %d ", p.Width(), p.Height(), p.Depth())
	for y := range p.Height() {
		if p.Depth() == 1 {
			for x := range p.Width() {
				out = append(out, byte(p.Bits(y)[x>>5]>>(31-x&31)&1))
			}
			continue
		}
		row := make([]byte, p.Width()*p.Depth()/8)
		p.Row(y, row)
		out = append(out, row...)
	}
	return out
}

func FuzzPNM(f *testing.F) {
	for _, s := range []string{"P4\n9 1\n\x00\x01", "P5\n1 1\n255\n\xff", "P6\n1 1\n255\nabc", "P6\n99999999 99999999\n255\n", "P5\n-1 -1\n255\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, ok := parsePNM(data)
		if !ok {
			return
		}
		words := make([]uint32, (r.width*r.depth+31)/32)
		for y := range r.height {
			r.row(y, words)
		}
	})
}
