package imaging

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// ringed draws a ring into a page, every third stretch of it left out, and returns its
// points on bare paper.
func ringed(m draw.Image, text *image.Gray, at image.Point, r, width float64, ink color.Color) (bare []image.Point) {
	for y := int(-r - width); y <= int(r+width); y++ {
		for x := int(-r - width); x <= int(r+width); x++ {
			angle := math.Atan2(float64(y), float64(x)) + math.Pi
			if d := math.Hypot(float64(x), float64(y)); math.Abs(d-r) > width/2 || int(angle*2)%3 == 0 {
				continue
			}
			p := at.Add(image.Pt(x, y))
			if text.GrayAt(p.X, p.Y).Y == 255 {
				bare = append(bare, p)
			}
			m.Set(p.X, p.Y, ink)
		}
	}
	return bare
}

// A stamp in black is found by its rings, which are taken off with the star in it; the
// lines that it lies over stay.
func TestStamps(t *testing.T) {
	needLeptonica(t)
	const w, h, dpi = 1654, 2339, 200
	text := newText(t, w, h, dpi)
	at := image.Pt(900, 2150) // most of it below the text
	m := image.NewGray(text.Rect)
	draw.Draw(m, m.Rect, text, image.Point{}, draw.Src)
	bare := ringed(m, text, at, 142, 4, color.Black)
	ringed(m, text, at, 96, 3, color.Black)
	star := image.Rect(at.X-20, at.Y-20, at.X+20, at.Y+20)
	draw.Draw(m, star, image.Black, image.Point{}, draw.Src)

	out, rep := prepare(t, m, Stamps, dpi)
	if len(rep.Steps) != 1 || rep.Steps[0].Name != "stamps" {
		t.Fatalf("steps %v", rep.Steps)
	}
	place := image.Rect(at.X-142, at.Y-142, at.X+142, at.Y+142)
	if len(rep.Regions) != 1 || rep.Regions[0].Kind != Stamp || maxDiff(rep.Regions[0].Box, place) > 14 {
		t.Errorf("regions %v, want a stamp at %v", rep.Regions, place)
	}
	left := 0
	for _, p := range bare {
		if level(out, p.X, p.Y) < 200 {
			left++
		}
	}
	if 10*left > len(bare) {
		t.Errorf("%d of %d points of the ring are left", left, len(bare))
	}
	if v := level(out, at.X, at.Y); v < 200 {
		t.Errorf("the star is left: %d", v)
	}
	lost, ink := 0, 0
	for y := range h {
		for x := range w {
			if text.GrayAt(x, y).Y < 100 {
				ink++
				if level(out, x, y) > 150 {
					lost++
				}
			}
		}
	}
	if 200*lost > ink {
		t.Errorf("%d of %d points of the text are lost", lost, ink)
	}
}

// A ring in colour that is worn to pieces is still a stamp.
func TestWornColour(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	m := image.NewRGBA(text.Rect)
	draw.Draw(m, m.Rect, text, image.Point{}, draw.Src)
	at := image.Pt(900, 1500)
	ringed(m, text, at, 142, 4, color.RGBA{214, 40, 52, 255})
	_, rep := prepare(t, m, Colour, 200)
	place := image.Rect(at.X-142, at.Y-142, at.X+142, at.Y+142)
	if !slices.ContainsFunc(rep.Regions, func(r Region) bool { return r.Kind == Stamp && maxDiff(r.Box, place) < 20 }) {
		t.Errorf("no stamp at %v: %v", place, rep.Regions)
	}
}

// A stamp is one where a signature in colour, longer than a stamp, goes through its ring,
// and where the edge of the sheet cuts it.
func TestStampSigned(t *testing.T) {
	needLeptonica(t)
	const w, h = 1654, 2339
	text := newText(t, w, h, 200)
	for name, at := range map[string]image.Point{"signed": {800, 1500}, "cut": {w - 10, 1500}} {
		m := image.NewRGBA(text.Rect)
		draw.Draw(m, m.Rect, text, image.Point{}, draw.Src)
		red := color.RGBA{214, 40, 52, 255}
		ringed(m, text, at, 142, 6, red)
		if name == "signed" {
			for i := range 600 {
				draw.Draw(m, image.Rect(at.X+i, at.Y+i/4, at.X+i+6, at.Y+i/4+6), image.NewUniform(red), image.Point{}, draw.Src)
			}
		}
		_, rep := prepare(t, m, Colour, 200)
		place := image.Rect(at.X-142, at.Y-142, at.X+142, at.Y+142).Intersect(m.Rect)
		stamps := slices.DeleteFunc(slices.Clone(rep.Regions), func(r Region) bool { return r.Kind != Stamp })
		if len(stamps) != 1 || maxDiff(stamps[0].Box, place) > 20 {
			t.Errorf("%s: %v, want one stamp at %v", name, rep.Regions, place)
		}
	}
}

// Neither text nor the loops of a pen are rings.
func TestStampsNot(t *testing.T) {
	needLeptonica(t)
	const w, h = 1654, 2339
	text := newText(t, w, h, 200)
	loops := image.NewGray(text.Rect)
	draw.Draw(loops, loops.Rect, text, image.Point{}, draw.Src)
	for i := range 8000 {
		u := float64(i) / 8000
		x, y := 700+400*u+60*math.Sin(40*u), 2100+110*math.Cos(40*u+u)
		draw.Draw(loops, image.Rect(int(x)-2, int(y)-2, int(x)+2, int(y)+2), image.Black, image.Point{}, draw.Src)
	}
	for name, m := range map[string]image.Image{"text": text, "loops": loops} {
		if _, rep := prepare(t, m, Stamps, 200); len(rep.Regions) > 0 {
			t.Errorf("%s: %v", name, rep.Regions)
		}
	}
}

// A ring is taken off where it is as thin as most of it: a stem that it runs along stays.
// The shading of an emblem around its middle is no ring.
func TestWipeRing(t *testing.T) {
	needLeptonica(t)
	m := image.NewGray(image.Rect(0, 0, 400, 400))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	c := circle{200, 200, 142}
	for _, d := range directions(3142) {
		for off := range 2 {
			x, y := c.point(d, off)
			m.SetGray(x, y, color.Gray{})
		}
	}
	for y := range 400 { // dots all over the inner part
		for x := range 400 {
			if d := math.Hypot(float64(x-200), float64(y-200)); d < 120 && x%7 < 4 && y%7 < 4 {
				m.SetGray(x, y, color.Gray{})
			}
		}
	}
	draw.Draw(m, image.Rect(339, 185, 346, 215), image.Black, image.Point{}, draw.Src)
	gray, err := leptonica.FromGray(m)
	if err != nil {
		t.Fatal(err)
	}
	defer gray.Free()
	ink, err := gray.Threshold(128)
	if err != nil {
		t.Fatal(err)
	}
	defer ink.Free()
	r := newRings(ink, ink, 200/25.4)
	if got := r.concentric(c); len(got) != 1 {
		t.Errorf("rings around the same middle: %v", got)
	}
	r.wipe(m, c, 255)
	for _, p := range []struct {
		at   image.Point
		want uint8
	}{{image.Pt(342, 200), 0}, {image.Pt(342, 190), 0}, {image.Pt(200, 58), 255}, {image.Pt(58, 200), 255}} {
		if got := m.GrayAt(p.at.X, p.at.Y).Y; got != p.want {
			t.Errorf("at %v: %d, want %d", p.at, got, p.want)
		}
	}
}
