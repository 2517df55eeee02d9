package ccitt

import (
	"bytes"
	"image"
	"io"
	"math/rand/v2"
	"testing"

	xccitt "golang.org/x/image/ccitt"
)

// decodeG4 is what another implementation makes of our data.
func decodeG4(t *testing.T, data []byte, w, h int) *image.Gray {
	t.Helper()
	r := xccitt.NewReader(bytes.NewReader(data), xccitt.MSB, xccitt.Group4, w, h, &xccitt.Options{})
	packed, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("decoding %dx%d: %v", w, h, err)
	}
	img := image.NewGray(image.Rect(0, 0, w, h))
	row := (w + 7) / 8
	for y := range h {
		for x := range w {
			if packed[y*row+x/8]>>(7-x%8)&1 != 0 {
				img.Pix[y*img.Stride+x] = 255
			}
		}
	}
	return img
}

func TestG4(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	check := func(name string, img *image.Gray) {
		t.Helper()
		b := img.Bounds()
		if got := decodeG4(t, Group4(img), b.Dx(), b.Dy()); !bytes.Equal(got.Pix, img.Pix) {
			t.Errorf("%s: pixels changed", name)
		}
	}
	// Every run length that has a code of its own, of either colour, after a
	// row that gives vertical mode nothing to lean on.
	var lengths []int
	for n := range 2700 {
		if n < 64 || n%64 == 0 || n%64 == 63 && n > 2560 {
			lengths = append(lengths, n)
		}
	}
	wide := image.NewGray(image.Rect(0, 0, 6000, 2*len(lengths)))
	for i, n := range lengths {
		for y := 2 * i; y < 2*i+2; y++ {
			row := wide.Pix[y*wide.Stride:][:6000]
			for x := range row {
				if y%2 == 0 && x%2 == 0 || y%2 == 1 && (x < n || x >= 2*n) {
					row[x] = 255
				}
			}
		}
	}
	check("runs", wide)
	for i := range 60 {
		img := image.NewGray(image.Rect(0, 0, 1+rnd.IntN(90), 1+rnd.IntN(40)))
		density := rnd.Float64()
		v := byte(255)
		for j := range img.Pix {
			if rnd.Float64() < density*density {
				v = ^v
			}
			img.Pix[j] = v
		}
		check(string(rune('a'+i%26)), img)
	}
}

// Grey is black from 127 down.
func TestGrey(t *testing.T) {
	grey := &image.Gray{Pix: []byte{0, 100, 127, 128, 200, 255}, Stride: 6, Rect: image.Rect(0, 0, 6, 1)}
	if got := decodeG4(t, Group4(grey), 6, 1).Pix; !bytes.Equal(got, []byte{0, 0, 0, 255, 255, 255}) {
		t.Errorf("got %v", got)
	}
	if Bilevel(grey) || !Bilevel(decodeG4(t, Group4(grey), 6, 1)) {
		t.Error("grey is bilevel, or black and white is not")
	}
}

func BenchmarkG4(b *testing.B) {
	img := image.NewGray(image.Rect(0, 0, 2480, 3508))
	for i := range img.Pix {
		if i%17 > 2 || i/2480%60 > 30 {
			img.Pix[i] = 255
		}
	}
	b.SetBytes(int64(len(img.Pix)))
	for b.Loop() {
		Group4(img)
	}
}
