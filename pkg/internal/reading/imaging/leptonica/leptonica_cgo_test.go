//go:build cgo

package leptonica

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"
)

// What is opened is covered by bricks of ink, what is dilated is near ink, at the edges
// too.
func TestBricks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const w, h = 70, 40
	for range 20 {
		m := image.NewGray(image.Rect(0, 0, w, h))
		for range 12 {
			x, y := random.IntN(w), random.IntN(h)
			for i := range m.Pix {
				if px, py := i%w, i/w; px >= x && px < x+random.IntN(40) && py >= y && py < y+9 {
					m.Pix[i] = 255
				}
			}
		}
		grey, err := FromGray(m)
		if err != nil {
			t.Fatal(err)
		}
		ink, err := grey.Threshold(128)
		grey.Free()
		if err != nil {
			t.Fatal(err)
		}
		black := func(p *Pix, x, y int) bool {
			return x >= 0 && y >= 0 && x < w && y < h && p.Bits(y)[x>>5]>>(31-x&31)&1 == 1
		}
		brick := func(x, y, bw, bh int) (all, any bool) {
			all = true
			for j := range bh {
				for i := range bw {
					b := black(ink, x+i, y+j)
					all, any = all && b, any || b
				}
			}
			return all, any
		}
		bw, bh := 1+random.IntN(12), 1+random.IntN(7)
		opened, err := ink.Open(bw, bh)
		if err != nil {
			t.Fatal(err)
		}
		dilated, err := ink.Dilate(bw, bh)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for y := range h {
			for x := range w {
				if all, _ := brick(x, y, bw, bh); all {
					for j := range bh {
						for i := range bw {
							want[fmt.Sprint("opened ", x+i, y+j)] = true
						}
					}
				}
				if _, any := brick(x-(bw-1-bw/2), y-(bh-1-bh/2), bw, bh); any {
					want[fmt.Sprint("dilated ", x, y)] = true
				}
			}
		}
		for y := range h {
			for x := range w {
				if black(opened, x, y) != want[fmt.Sprint("opened ", x, y)] || black(dilated, x, y) != want[fmt.Sprint("dilated ", x, y)] {
					t.Fatalf("brick %d x %d, at %d, %d: opened %t, dilated %t", bw, bh, x, y, black(opened, x, y), black(dilated, x, y))
				}
			}
		}
		ink.Free()
		opened.Free()
		dilated.Free()
	}
}
