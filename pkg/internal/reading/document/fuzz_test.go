package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
	"time"
)

// FuzzImage opens a file from end to end: whatever is in it, there are pages or
// an error, each page is an image no larger than allowed or an error, and none
// of it takes long.
func FuzzImage(f *testing.F) {
	page := scanLike(40, 50, 1)
	var p, j bytes.Buffer
	png.Encode(&p, page)
	jpeg.Encode(&j, page, nil)
	for _, data := range [][]byte{p.Bytes(), j.Bytes(), tiffFileOf(binary.BigEndian, page, page), []byte("P4\n9 2\n\xff\x80\x00\x00"), []byte("BM"), []byte("RIFF\x00\x00\x00\x00WEBPVP8 ")} {
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 16
		if k, _ := Sniff(data); k == PDF {
			return // poppler's
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		d, err := Open(ctx, writeFile(t, "a", data), Options{MaxPixels: most})
		if err != nil {
			return
		}
		defer d.Close()
		if d.NumPages() > len(data) {
			t.Fatalf("%d pages in %d bytes", d.NumPages(), len(data))
		}
		for n := range min(d.NumPages(), 8) {
			img, err := d.Image(ctx, n)
			if errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("page %d takes for ever", n)
			}
			if err != nil {
				continue
			}
			if b := img.Bounds(); b.Dx()*b.Dy() > most || b == (image.Rectangle{}) {
				t.Errorf("page %d is %v", n, b)
			}
		}
	})
}
