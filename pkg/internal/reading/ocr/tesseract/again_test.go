//go:build cgo

package tesseract

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Lines that are read again get better by Tesseract's own measure, their words
// lie on them, and the other lines stay as they were.
func TestReadAgain(t *testing.T) {
	once := newEngine(t)
	twice, err := New(Options{Again: true})
	if err != nil {
		t.Fatal(err)
	}
	defer twice.Close()
	img := letter(t, "giay-moi.jpg")
	img.Data, _, err = imaging.Prepare(img.Data, imaging.Options{DPI: 300})
	if err != nil {
		t.Fatal(err)
	}
	a, b := read(t, once, img, "vie"), read(t, twice, img, "vie")
	before, after := doubtfulRuns(a.Lines), doubtfulRuns(b.Lines)
	if len(before) == 0 || len(after) >= len(before) {
		t.Errorf("%d places were doubtful, and %d are after they were read again", len(before), len(after))
	}
	sureA, allA := weight(a.Lines)
	sureB, allB := weight(b.Lines)
	if sureB < sureA || sureB/allB <= sureA/allA {
		t.Errorf("%.0f of %.0f characters are right, and %.0f of %.0f when doubtful lines are read again", sureA, allA, sureB, allB)
	}
	rest := map[string]int{}
	for i := range a.Lines {
		if l := &a.Lines[i]; !doubtful(l) && !dirt(*l) {
			rest[fmt.Sprint(*l)]++
		}
	}
	for _, l := range b.Lines {
		rest[fmt.Sprint(l)]--
		for _, w := range l.Words {
			if !w.Box.Overlaps(l.Box) || !w.Box.In(image.Rectangle{Max: b.Size}) {
				t.Errorf("%v is not in its line %v", w, l.Box)
			}
		}
	}
	for l, n := range rest {
		if n > 0 {
			t.Errorf("a line that was not doubtful is gone: %s", l)
		}
	}
}

// A number that stands alone is read where it is said to stand, once; nothing comes of
// bare paper.
func TestReadNumber(t *testing.T) {
	eng, err := New(Options{Again: true})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	newEngine(t) // skips without data
	img := numbered(t, "27", image.Pt(820, 120))
	page := read(t, eng, img, "vie")
	at := slices.IndexFunc(page.Lines, isNumber)
	if at < 0 {
		t.Fatalf("no number is read: %s", page.Text())
	}
	number := page.Lines[at]
	img.Numbers = []image.Rectangle{number.Box, image.Rect(20, 20, 60, 60)}
	if again := read(t, eng, img, "vie"); len(again.Lines) != len(page.Lines) {
		t.Errorf("%d lines, want %d: the number was read already", len(again.Lines), len(page.Lines))
	}
	lost := *page
	lost.Lines = slices.Delete(slices.Clone(page.Lines), at, at+1)
	c, err := eng.(*engine).client("vie")
	if err != nil {
		t.Fatal(err)
	}
	pix, err := leptonica.Decode(img.Data, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Free()
	if err := c.readAgain(t.Context(), img, pix, &lost); err != nil {
		t.Fatal(err)
	}
	if n := slices.IndexFunc(lost.Lines, func(l ocr.Line) bool { return l.Box.Overlaps(number.Box) }); n < 0 || lost.Lines[n].Words[0].Read != number.Words[0].Read {
		t.Errorf("%q was not read: %v", number.Words[0].Read, lost.Lines)
	}
}

// numbered is a page of ten lines, with a number at a point.
func numbered(t *testing.T, number string, at image.Point) ocr.Image {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 13, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	m := image.NewGray(image.Rect(0, 0, 1654, 1200))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: m, Src: image.Black, Face: face, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(number)
	for i := range 10 {
		d.Dot = fixed.P(200, 300+70*i)
		d.DrawString("The quick brown fox jumps over the lazy dog in the park")
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return ocr.Image{Data: b.Bytes(), DPI: 200}
}

func TestIsNumber(t *testing.T) {
	for _, tt := range []struct {
		text string
		sure float64
		want bool
	}{
		{"2", 0.9, true}, {"- 12 -", 0.8, true}, {"§", 0.9, true},
		{"2", 0.3, false}, {"l2", 0.9, false}, {"—", 0.9, false}, {"12345", 0.9, false},
	} {
		if got := isNumber(ocr.Line{Words: []ocr.Word{{Read: tt.text, Confidence: tt.sure}}}); got != tt.want {
			t.Errorf("%s, %v sure: %v", tt.text, tt.sure, got)
		}
	}
}
