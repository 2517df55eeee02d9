package imaging

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// boxed draws the sides of a box, so many pixels thick.
func boxed(m draw.Image, r image.Rectangle, thick int, ink color.Color) {
	src := image.NewUniform(ink)
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+thick)}, {image.Pt(r.Min.X, r.Max.Y-thick), r.Max},
		{r.Min, image.Pt(r.Min.X+thick, r.Max.Y)}, {image.Pt(r.Max.X-thick, r.Min.Y), r.Max},
	} {
		draw.Draw(m, side, src, image.Point{}, draw.Src)
	}
}

// A frame of the size of a stamp is found, in black and a little aslant, and in colour
// where print crosses it. Tables, marks of secrecy, rings and patterns are none.
func TestFrames(t *testing.T) {
	needLeptonica(t)
	const w, h, dpi, mm = 1654, 2339, 200, 8
	text := newText(t, w, h, dpi)
	at := image.Rect(120*mm, 262*mm, 170*mm, 287*mm) // below the text
	for _, tt := range []struct {
		name string
		deg  float64
		draw func(m *image.Gray)
		want int
	}{
		{"frame", 0, func(m *image.Gray) { boxed(m, at, 4, color.Black) }, 1},
		{"aslant", 1.5, func(m *image.Gray) { boxed(m, at, 4, color.Black) }, 1},
		{"double", 0, func(m *image.Gray) { boxed(m, at, 3, color.Black); boxed(m, at.Inset(8), 3, color.Black) }, 1},
		{"with signs in it", 0, func(m *image.Gray) {
			boxed(m, at, 4, color.Black)
			draw.Draw(m, at.Inset(5*mm), text, image.Pt(300, 300), draw.Src)
		}, 1},
		{"none", 0, func(*image.Gray) {}, 0},
		{"three sides", 0, func(m *image.Gray) {
			boxed(m, at, 4, color.Black)
			draw.Draw(m, image.Rect(at.Max.X-4, at.Min.Y+4, at.Max.X, at.Max.Y-4), image.White, image.Point{}, draw.Src)
		}, 0},
		{"a table", 0, func(m *image.Gray) {
			boxed(m, at, 4, color.Black)
			draw.Draw(m, image.Rect(at.Min.X, at.Min.Y+11*mm, at.Max.X, at.Min.Y+11*mm+3), image.Black, image.Point{}, draw.Src)
		}, 0},
		{"a low box", 0, func(m *image.Gray) { boxed(m, image.Rect(at.Min.X, at.Min.Y, at.Max.X, at.Min.Y+8*mm), 4, color.Black) }, 0},
		{"a ring", 0, func(m *image.Gray) { ringed(m, text, image.Pt(1200, 2170), 130, 4, color.Black) }, 0},
		{"a pattern", 0, func(m *image.Gray) {
			rng := rand.New(rand.NewPCG(1, 1))
			for y := at.Min.Y; y < at.Max.Y; y += 6 {
				for x := at.Min.X; x < at.Min.X+25*mm; x += 6 {
					if rng.IntN(5) < 3 {
						draw.Draw(m, image.Rect(x, y, x+6, y+6), image.Black, image.Point{}, draw.Src)
					}
				}
			}
		}, 0},
	} {
		m := grey(text)
		tt.draw(m)
		if _, rep := prepare(t, turned(m, tt.deg), Stamps, dpi); len(rep.Frames) != tt.want || tt.want > 0 && maxDiff(rep.Frames[0], at) > 4*mm {
			t.Errorf("%s: %v", tt.name, rep.Frames)
		}
	}
	m := image.NewRGBA(text.Rect)
	draw.Draw(m, m.Rect, text, image.Point{}, draw.Src)
	over := image.Rect(300, 480, 650, 660)
	boxed(m, over, 5, color.RGBA{214, 40, 52, 255})
	for y := over.Min.Y; y < over.Max.Y; y++ { // the print lies over it
		for x := over.Min.X; x < over.Max.X; x++ {
			if text.GrayAt(x, y).Y < 128 {
				m.Set(x, y, color.Black)
			}
		}
	}
	if _, rep := prepare(t, m, Colour, dpi); len(rep.Regions) != 1 || rep.Regions[0].Kind != Framed || maxDiff(rep.Regions[0].Box, over) > 12 {
		t.Errorf("in colour: %v", rep.Regions)
	}
}
