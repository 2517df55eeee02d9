package ocr

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/congvan-cli/congvan/pkg/internal/ccitt"
)

// FromImage returns m for an Engine, as PNM: a header and the samples as they
// are, so that neither side spends time on compression.
func FromImage(m image.Image, dpi int) Image {
	switch m := m.(type) {
	case *image.Gray:
		if ccitt.Bilevel(m) {
			return Image{Data: pbm(m), DPI: dpi}
		}
		return Image{Data: pgm(m), DPI: dpi}
	case *image.Gray16:
		g := image.NewGray(m.Bounds())
		draw.Draw(g, g.Rect, m, m.Bounds().Min, draw.Src)
		return Image{Data: pgm(g), DPI: dpi}
	}
	return Image{Data: ppm(m), DPI: dpi}
}

func pbm(m *image.Gray) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	head := fmt.Sprintf("P4\n%d %d\n", w, h)
	b := make([]byte, len(head)+(w+7)/8*h)
	out := b[copy(b, head):]
	for y := range h {
		for x, v := range m.Pix[y*m.Stride : y*m.Stride+w] {
			out[x>>3] |= (v + 1) << (7 - x&7) // 1 is black: 0 gives 1, 255 gives 0
		}
		out = out[(w+7)/8:]
	}
	return b
}

func pgm(m *image.Gray) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	head := fmt.Sprintf("P5\n%d %d\n255\n", w, h)
	b := make([]byte, 0, len(head)+w*h)
	b = append(b, head...)
	for y := range h {
		b = append(b, m.Pix[y*m.Stride:y*m.Stride+w]...)
	}
	return b
}

// ppm flattens m on white.
func ppm(m image.Image) []byte {
	r := m.Bounds()
	w, h := r.Dx(), r.Dy()
	head := fmt.Sprintf("P6\n%d %d\n255\n", w, h)
	b := make([]byte, len(head)+3*w*h)
	out := b[copy(b, head):]
	row := image.NewRGBA(image.Rect(0, 0, w, 1))
	rgba, _ := m.(*image.RGBA)
	if rgba != nil && !rgba.Opaque() {
		rgba = nil
	}
	for y := range h {
		if rgba != nil {
			row.Pix = rgba.Pix[rgba.PixOffset(r.Min.X, r.Min.Y+y):]
		} else {
			draw.Draw(row, row.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
			draw.Draw(row, row.Rect, m, image.Pt(r.Min.X, r.Min.Y+y), draw.Over)
		}
		for x := range w {
			copy(out[3*x:3*x+3], row.Pix[4*x:4*x+3])
		}
		out = out[3*w:]
	}
	return b
}
