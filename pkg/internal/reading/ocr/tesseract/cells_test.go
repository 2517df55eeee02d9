//go:build cgo

package tesseract

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Cells that have ink and no words are read, and stand before what is beside them; those
// without ink, or with words, are left alone.
func TestUnreadCells(t *testing.T) {
	eng := newEngine(t).(*engine)
	img := letter(t, "bao-cao.png")
	var err error
	if img.Data, _, err = imaging.Prepare(img.Data, imaging.Options{DPI: img.DPI}); err != nil {
		t.Fatal(err)
	}
	p := read(t, eng, img, "vie")
	pix, err := leptonica.Decode(img.Data, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Free()
	at := slices.IndexFunc(p.Lines, func(l ocr.Line) bool { return strings.HasPrefix(l.Words[0].Read, "1.") })
	if at < 1 {
		t.Fatal(p.Text())
	}
	line := p.Lines[at]
	number, rest := line.Words[0].Box, ocr.Around(line.Words[1:])
	lost := image.Rect(0, line.Box.Min.Y-4, (number.Max.X+rest.Min.X)/2, line.Box.Max.Y+4)
	cells := []image.Rectangle{
		image.Rect(0, 0, 100, 20), // without ink
		lost,
		{Min: image.Pt(lost.Max.X, lost.Min.Y), Max: image.Pt(p.Size.X, lost.Max.Y)}, // with words
	}
	want := strings.Replace(p.Text(), "1. ", "1\n", 1) // the stop is lost
	p.Lines[at].Words, p.Lines[at].Box = line.Words[1:], rest
	a := again{client: eng.clients["vie"], pix: pix, page: p}
	if err := a.cells(cells); err != nil {
		t.Fatal(err)
	}
	if got := p.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := p.Lines[at].Box; !got.In(number.Inset(-4)) || 2*got.Dy() < number.Dy() {
		t.Errorf("the number stands at %v, and is found at %v", number, got)
	}
}

// One or two letters are taken for text where they are sure, or number a row.
func TestIsText(t *testing.T) {
	for _, tt := range []struct {
		read        string
		sure, least float64
		want        bool
	}{
		{"7", 0.9, newWord, true},
		{"v", 0.7, newWord, false},
		{"l", 0.7, newLine, true},
		{"Bửu", 0.7, newWord, true},
		{"Bửu", 0.5, newWord, false},
	} {
		l := ocr.Line{Words: []ocr.Word{{Read: tt.read, Confidence: tt.sure}}}
		if got := isText([]ocr.Line{l}, tt.least); got != tt.want {
			t.Errorf("%q, %.1f of %.1f: %v", tt.read, tt.sure, tt.least, got)
		}
	}
	if isText(nil, newLine) {
		t.Error("nothing is text")
	}
}
