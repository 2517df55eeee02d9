//go:build cgo

package tesseract

import (
	"image"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A doubted word with digits is read again, and is what the page shows, where it stands;
// one that is sure, has no digits, or looks like a number is left alone.
func TestReadDigitsAgain(t *testing.T) {
	eng := newEngine(t).(*engine)
	img := letter(t, "bao-cao.png")
	p := read(t, eng, img, "vie")
	pix, err := leptonica.Decode(img.Data, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Free()
	bare := func(w ocr.Word) string { return strings.TrimRight(w.Read, ".,") }
	boxes := map[string]image.Rectangle{} // of words that are to be read again
	for _, l := range p.Lines {
		for j := range l.Words {
			w := &l.Words[j]
			w.Confidence = 1
			switch s := bare(*w); s {
			case "18/5/2020":
				boxes[s] = w.Box
				w.Read, w.Confidence = "l8/S6", 0.5
			case "47/BC-THCS": // strokes
				w.Read, w.Confidence = "4Ž/BC-THCS", 0.3
			case "312/PGDĐT-THCS": // looks like a number
				w.Read, w.Confidence = "512/PGDĐT-THCS", 0.5
			case "kiến": // sure
				w.Read = "k1ến"
			case "Thư": // no digits
				w.Read, w.Confidence = "Thu", 0.1
			}
		}
	}
	a := again{client: eng.clients["vie"], pix: pix, page: p}
	if err := a.digits(); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, l := range p.Lines {
		for _, w := range l.Words {
			found[bare(w)]++
			if box, ok := boxes[bare(w)]; ok && !w.Box.In(box.Inset(-4)) {
				t.Errorf("%s stands at %v, not %v", w.Read, w.Box, box)
			}
		}
	}
	for s, n := range map[string]int{"18/5/2020": 1, "l8/S6": 0, "4Ž/BC-THCS": 1, "512/PGDĐT-THCS": 1, "k1ến": 2, "Thu": 1} {
		if found[s] != n {
			t.Errorf("%s: %d times, want %d, in\n%s", s, found[s], n, p.Text())
		}
	}
}

func TestAreSurer(t *testing.T) {
	for _, tt := range []struct {
		read      string
		sure, was float64
		want      bool
	}{
		{"31", 0.95, 0.72, true},
		{"4 ảnh", 0.96, 0.74, true},
		{"31", 0.84, 0.72, false},
		{"31", 0.87, 0.8, false},
		{"3l", 0.95, 0.72, false}, // what is odd is no surer for being read twice
		{"đàn", 0.99, 0.3, false},
		{"", 1, 0.3, false},
	} {
		var words []ocr.Word
		for _, s := range strings.Fields(tt.read) {
			words = append(words, ocr.Word{Read: s, Confidence: tt.sure})
		}
		if got := areSurer(words, ocr.Word{Read: "3l", Confidence: tt.was}); got != tt.want {
			t.Errorf("%q, %.2f after %.2f: %v", tt.read, tt.sure, tt.was, got)
		}
	}
}
