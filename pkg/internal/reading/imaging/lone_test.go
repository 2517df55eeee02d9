package imaging

import (
	"image"
	"image/draw"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A digit or two that stand alone above or below the text may be the number of the page.
func TestFindNumbers(t *testing.T) {
	needLeptonica(t)
	const w, h, dpi = 1654, 2339, 200
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 13, DPI: dpi})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	for _, tt := range []struct {
		name  string
		texts map[image.Point]string // by where they begin, on their base line
		turn  int
		want  int
	}{
		{"none", nil, 0, 0},
		{"above", map[image.Point]string{{820, 120}: "2"}, 0, 1},
		{"between dashes", map[image.Point]string{{800, 120}: "- 12 -"}, 0, 1},
		{"below at the right", map[image.Point]string{{1450, 2250}: "3"}, 0, 1},
		{"on its side", map[image.Point]string{{820, 120}: "2"}, 1, 1},
		{"dirt beside it", map[image.Point]string{{820, 120}: "2", {1500, 100}: "i"}, 0, 1},
		{"a heading", map[image.Point]string{{700, 120}: "Phu luc 2"}, 0, 0},
		{"beside a heading", map[image.Point]string{{820, 120}: "2", {300, 120}: "Nghi quyet"}, 0, 0},
		{"at the left", map[image.Point]string{{250, 120}: "2"}, 0, 0},
		{"beside the first line", map[image.Point]string{{1550, 194}: "2"}, 0, 0},
	} {
		m := newText(t, w, h, dpi)
		d := font.Drawer{Dst: m, Src: image.Black, Face: face}
		for at, s := range tt.texts {
			d.Dot = fixed.P(at.X, at.Y)
			d.DrawString(s)
		}
		src := grey(m)
		if tt.turn > 0 {
			src = quarterTurned(m, tt.turn)
		}
		_, rep := prepare(t, src, Orient, dpi)
		if len(rep.Numbers) != tt.want {
			t.Errorf("%s: %v", tt.name, rep.Numbers)
			continue
		}
		for _, b := range rep.Numbers { // it holds ink, and paper around
			if black := inkIn(src, b); black == 0 || inkIn(src, b.Inset(-4)) != black {
				t.Errorf("%s: %v has %d black pixels", tt.name, b, black)
			}
		}
	}
}

func inkIn(m *image.Gray, b image.Rectangle) (n int) {
	part := image.NewGray(b)
	draw.Draw(part, b, m, b.Min, draw.Src)
	for _, v := range part.Pix {
		if v < 128 {
			n++
		}
	}
	return n
}
