package document

import (
	"image"
	"reflect"
	"slices"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A layer is turned so that its lines run from left to right and follow each other
// downwards, however the page shows them.
func TestUpright(t *testing.T) {
	page := func() *ocr.Page {
		p := &ocr.Page{Size: image.Pt(600, 800)}
		for i := range 4 {
			l := ocr.Line{Block: i/2 + 1, Par: 1, Box: image.Rect(50, 100+30*i, 330, 120+30*i)}
			for k, s := range []string{"Sở", "Nội", "vụ", "tỉnh"} {
				l.Words = append(l.Words, ocr.Word{Text: s, Box: image.Rect(50+70*k, 100+30*i, 110+70*k, 120+30*i)})
			}
			p.Lines = append(p.Lines, l)
		}
		return p
	}
	// quarter turns all boxes by a quarter clockwise.
	quarter := func(p *ocr.Page) {
		box := func(r image.Rectangle) image.Rectangle {
			return image.Rect(p.Size.Y-r.Max.Y, r.Min.X, p.Size.Y-r.Min.Y, r.Max.X)
		}
		for i := range p.Lines {
			p.Lines[i].Box = box(p.Lines[i].Box)
			for k := range p.Lines[i].Words {
				p.Lines[i].Words[k].Box = box(p.Lines[i].Words[k].Box)
			}
		}
		p.Size = image.Pt(p.Size.Y, p.Size.X)
	}
	for turned := range 4 {
		p := page()
		for range turned {
			quarter(p)
		}
		if turned == 3 { // as pdftotext gives them
			slices.Reverse(p.Lines[:])
			slices.Reverse(p.Lines[:2])
			slices.Reverse(p.Lines[2:])
		}
		upright(p)
		want := page()
		want.Turn = (360 - 90*turned) % 360
		if !reflect.DeepEqual(p, want) {
			t.Errorf("turned by %d: %v, want %v", 90*turned, p, want)
		}
	}
}
