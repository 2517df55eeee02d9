package synth

import (
	"bytes"
	"image"
	"io"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"
)

func TestGroupFour(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []image.Point{{1, 1}, {8, 3}, {17, 40}, {2603, 21}, {5300, 6}} {
		for _, run := range []int{1, 2, 30, 900, 6000} {
			img := image.NewGray(image.Rectangle{Max: size})
			v := uint8(255)
			for i, left := 0, 0; i < len(img.Pix); i++ {
				if left--; left < 0 {
					v, left = ^v, rng.IntN(run)
				}
				img.Pix[i] = v
				if i >= size.X && rng.IntN(3) > 0 { // like the row above, mostly
					img.Pix[i] = img.Pix[i-size.X]
				}
			}
			got, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(groupFour(img)), ccitt.MSB, ccitt.Group4, size.X, size.Y, nil))
			if err != nil {
				t.Fatalf("%v, runs to %d: %v", size, run, err)
			}
			stride := (size.X + 7) / 8
			for i, v := range img.Pix {
				x, y := i%size.X, i/size.X
				if black := got[y*stride+x/8]&(0x80>>(x%8)) == 0; black != (v < 128) {
					t.Fatalf("%v, runs to %d: pixel %d,%d is wrong", size, run, x, y)
				}
			}
		}
	}
}
