package output

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

// letterPage is a page whose words are black boxes where their boxes say.
func letterPage(number int, rows ...string) *Page {
	p := page(number, rows...)
	img := image.NewGray(image.Rect(0, 0, p.Size.X, p.Size.Y))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, l := range p.Lines {
		for _, w := range l.Words {
			for y := w.Box.Min.Y + 8; y < w.Box.Max.Y-8; y++ {
				for x := w.Box.Min.X; x < w.Box.Max.X-4; x++ {
					img.SetGray(x, y, color.Gray{40})
				}
			}
		}
	}
	p.Image = func() (Image, error) { return Image{Pixels: img, DPI: p.DPI}, nil }
	return p
}

// Without a browser: nothing from a document stands in the report unescaped.
func TestReportEscapes(t *testing.T) {
	doc, pages := sample()
	pages[0].Lines[3].Words[0].Text = `"><script>alert(1)</script>`
	pages[0].Lines[0].Words[1].Read = `"><script>alert(2)</script>`
	doc.Path = `"><script>alert(3)</script>`
	doc.Letter.Subject = `<script>alert(4)</script>`
	out := string(write(t, "html", doc, pages, Options{Generator: `"><script>alert(5)</script>`}))
	if n := strings.Count(out, "<script") - strings.Count(out, `<script type="text/plain"`); n != 1 {
		t.Errorf("%d scripts, want 1", n)
	}
	if strings.Contains(out, "http://") || strings.Contains(out, "https://") || strings.Contains(out, "url(") {
		t.Error("the report refers to something outside itself")
	}
	if strings.Contains(reportJS, "innerHTML") || strings.Contains(reportJS, "</") || strings.Contains(reportCSS, "</") {
		t.Error("the script or the style is not safe to embed")
	}
}

func TestTurnedImages(t *testing.T) {
	src := image.NewGray(image.Rect(5, 7, 8, 9)) // 3 by 2, its first pixel white
	src.SetGray(5, 7, color.Gray{255})
	for _, tt := range []struct {
		turn int
		size image.Point
		at   image.Point // of the white pixel
	}{{0, image.Pt(3, 2), image.Pt(0, 0)}, {90, image.Pt(2, 3), image.Pt(1, 0)}, {180, image.Pt(3, 2), image.Pt(2, 1)}, {270, image.Pt(2, 3), image.Pt(0, 2)}, {450, image.Pt(2, 3), image.Pt(1, 0)}} {
		got := turned(src, tt.turn)
		b := got.Bounds()
		if r, _, _, _ := got.At(b.Min.X+tt.at.X, b.Min.Y+tt.at.Y).RGBA(); b.Size() != tt.size || r != 0xffff {
			t.Errorf("turned by %d: %v, white elsewhere", tt.turn, b)
		}
	}
}
