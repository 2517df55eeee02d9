package imaging

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// behind returns a page of text with another image behind it.
func behind(text, back *image.Gray) *image.Gray {
	out := grey(text)
	for i, v := range back.Pix {
		out.Pix[i] = byte(int(out.Pix[i]) * int(v) / 255)
	}
	return out
}

// lettered is white paper with a large pale word across it, aslant by so many degrees.
func lettered(t *testing.T, size image.Point, dpi, points, deg float64, level byte) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(gobold.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: dpi})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	m := image.NewGray(image.Rectangle{Max: size})
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: m, Src: image.NewUniform(color.Gray{level}), Face: face}
	d.Dot = fixed.P(size.X/2-d.MeasureString("BAN SAO").Round()/2, size.Y/2)
	d.DrawString("BAN SAO")
	return turned(m, deg)
}

// A pale word or figure behind the print is found and taken off; the print stays.
func TestWatermark(t *testing.T) {
	needLeptonica(t)
	emblem := func(size image.Point, dpi float64) *image.Gray {
		m := image.NewGray(image.Rectangle{Max: size})
		draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
		for y := range size.Y {
			for x := range size.X {
				dx, dy := float64(x-size.X/2), float64(y-size.Y/2)
				mm, angle := math.Hypot(dx, dy)/dpi*25.4, math.Atan2(dy, dx)
				switch {
				case mm > 45 && mm < 50, mm < 25+10*math.Cos(5*angle):
					m.SetGray(x, y, color.Gray{205})
				}
			}
		}
		return m
	}
	for _, dpi := range []float64{150, 200} {
		size := image.Pt(int(8.27*dpi), int(11.69*dpi))
		text := newText(t, size.X, size.Y, int(dpi))
		for name, back := range map[string]*image.Gray{
			"aslant": lettered(t, size, dpi, 100, -40, 190), "level": lettered(t, size, dpi, 80, 0, 215), "dark": lettered(t, size, dpi, 90, 45, 150), "emblem": emblem(size, dpi),
		} {
			in := behind(text, back)
			out, rep := prepare(t, in, Flatten, int(dpi))
			if len(rep.Regions) != 1 || rep.Regions[0].Kind != Watermark {
				t.Errorf("%s, %v dpi: regions %v", name, dpi, rep.Regions)
				continue
			}
			bare, left, print, lost, outside := 0, 0, 0, 0, 0
			for y := range size.Y {
				for x := range size.X {
					b, v, got := level(back, x, y), level(text, x, y), level(out, x, y)
					if b < 250 && !image.Pt(x, y).In(rep.Regions[0].Box.Inset(-4)) {
						outside++
					}
					switch {
					case v == 255 && b < 250:
						bare++
						if got < 235 {
							left++
						}
					case v < 60:
						print++
						if got > 110 {
							lost++
						}
					}
				}
			}
			if 25*left > bare || 200*lost > print || 100*outside > bare {
				t.Errorf("%s, %v dpi: %d of %d points of it are left, %d of %d of the print lost, %d outside of its region", name, dpi, left, bare, lost, print, outside)
			}
		}
	}
}

// Neither shades of a table, a shadow, a picture, a pale stamp nor noise is a watermark.
func TestWatermarkNot(t *testing.T) {
	needLeptonica(t)
	const dpi = 200
	size := image.Pt(1654, 2339)
	text := newText(t, size.X, size.Y, dpi)
	paper := func(paint func(x, y int) byte) *image.Gray {
		m := image.NewGray(text.Rect)
		for y := range size.Y {
			for x := range size.X {
				m.Pix[y*m.Stride+x] = paint(x, y)
			}
		}
		return behind(text, m)
	}
	for name, in := range map[string]*image.Gray{
		"text": text,
		"shades of rows": paper(func(x, y int) byte {
			if x > 200 && x < 1500 && y > 400 && y < 1200 && y/40%2 == 0 {
				return 205
			}
			return 255
		}),
		"a shadow": paper(func(x, y int) byte { return byte(255 - 60*x/size.X - 60*y/size.Y) }),
		"a soft shadow": paper(func(x, y int) byte {
			d := math.Hypot(float64(x-800), float64(y-900)) / 500
			return byte(255 - 70*math.Exp(-d*d))
		}),
		"a picture": paper(func(x, y int) byte {
			if x > 300 && x < 1000 && y > 500 && y < 1100 {
				return byte(130 + 60*math.Sin(float64(x)/40) + 60*math.Cos(float64(y)/30))
			}
			return 255
		}),
		"a pale stamp": paper(func(x, y int) byte {
			if d := math.Hypot(float64(x-1000), float64(y-1800)); d > 125 && d < 142 || d < 90 {
				return 200
			}
			return 255
		}),
	} {
		if _, rep := prepare(t, in, Flatten, dpi); len(rep.Regions) > 0 {
			t.Errorf("%s: %v", name, rep.Regions)
		}
	}
}
