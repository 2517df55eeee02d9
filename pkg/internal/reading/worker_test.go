package reading

import (
	"image"
	"image/draw"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// testLetter returns a test letter, as a grey image.
func testLetter(t *testing.T) *image.Gray {
	t.Helper()
	d, err := document.Open(t.Context(), "../../../testdata/letters/cong-van.png", document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	img, err := d.Image(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img.Image, image.Point{}, draw.Src)
	return g
}

// Boxes on the prepared image of a page that lay on its side, or upside down,
// come back to where the words stand on the page turned upright.
func TestTakeBack(t *testing.T) {
	upright := testLetter(t)
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	word := image.Rect(w/4, h/5, w/3, h/5+40) // on the upright page
	for quarters, lain := range map[int]image.Image{
		0: upright,
		1: turned(upright, 3),
		2: turned(upright, 2),
		3: turned(upright, 1),
	} {
		_, rep, err := imaging.Prepare(ocr.FromImage(lain, 200).Data, imaging.Options{DPI: 200})
		if err != nil {
			t.Skipf("no Leptonica: %v", err)
		}
		if rep.Quarters&3 != quarters {
			t.Errorf("a page turned by %d quarters is turned back by %d", (4-quarters)%4, rep.Quarters)
			continue
		}
		p := &ocr.Page{Lines: []ocr.Line{{Box: rep.ToPrepared(lainBox(word, quarters, w, h)), Words: []ocr.Word{{}}}}}
		takeBack(p, rep, 200)
		if p.Turn != 90*quarters || p.Size != image.Pt(w, h) || !near(p.Lines[0].Box, word, 4) {
			t.Errorf("%d quarters: box %v of %v, turned by %d; want %v of %v", quarters, p.Lines[0].Box, p.Size, p.Turn, word, image.Pt(w, h))
		}
	}
}

func near(a, b image.Rectangle, off int) bool {
	return a.In(b.Inset(-off)) && b.In(a.Inset(-off))
}

// turned returns m turned clockwise by quarters.
func turned(m *image.Gray, quarters int) *image.Gray {
	for range quarters {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.SetGray(h-1-y, x, m.GrayAt(x, y))
			}
		}
		m = out
	}
	return m
}

// lainBox is where a box of the upright w x h page is on the page that needs
// that many clockwise quarters.
func lainBox(r image.Rectangle, quarters, w, h int) image.Rectangle {
	for range (4 - quarters) % 4 {
		r = image.Rect(h-r.Max.Y, r.Min.X, h-r.Min.Y, r.Max.X)
		w, h = h, w
	}
	return r
}
