package synth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Extras are what a page of today may bear besides print, by the names that
// Composer.With takes. Only an overlay is print, and in the truth.
var Extras = []string{
	"stamp",     // a round stamp over the signature of a last page
	"received",  // the framed stamp of who received the letter: CÔNG VĂN ĐẾN
	"framed",    // another stamp in a frame: who signs for whom, ĐÃ KÝ
	"hand",      // a note by hand in the margin
	"overlay",   // the lines of a digital copy across the head: SAO Y
	"watermark", // a large pale word across the sheet: BẢN SAO
	"table",     // a ruled table
	"photo",     // taken with a telephone: perspective, uneven light, blur
}

// kindWith returns the kind of page that holds the extras that are wanted.
func (c *Composer) kindWith(kind string) string {
	switch {
	case slices.Contains(c.With, "stamp"):
		return "last"
	case slices.Contains(c.With, "table"):
		return "table"
	}
	return kind
}

// addExtras puts what is wanted on a page that is set, and into its wear.
func (c *Composer) addExtras(d *draft, w *Wear) {
	for _, name := range c.With {
		switch p := d.sheet.Page(); name {
		case "received":
			p.received(d.sheet.Left-40, 8, d.style, d.rng)
		case "framed":
			p.framed(between(d.rng, 0.3, 0.6)*p.Width, between(d.rng, 0.3, 0.7)*p.Height, d.style, d.rng)
		case "watermark":
			p.watermark(d.style, d.rng)
			w.Bilevel, w.FaxDPI = false, 0
		case "hand":
			p.note(8, between(d.rng, 0.3, 0.7)*p.Height, d.rng)
		case "overlay":
			d.overlay()
		case "photo":
			w.photo(d.rng)
		}
	}
	if len(c.With) > 0 && !w.Bilevel {
		w.Color = true
	}
}

// stampText sets a line in the ink of stamps, which is no truth.
func (p *Page) stampText(x, y float64, text string, st Style) { p.set(Span{text, st}, x, y, inkStamp) }

// received draws the stamp of who received a letter, its upper left corner at a point,
// filled in by hand.
func (p *Page) received(x, y float64, st Style, rng *rand.Rand) {
	const w, h = 110, 58
	p.frame(x, y, w, h)
	st = st.sized(9).bold()
	p.stampText(x+14, y+13, "CÔNG VĂN ĐẾN", st)
	for i, label := range []string{"Số:", "Ngày:", "Chuyển:"} {
		line := y + 27 + 13*float64(i)
		p.stampText(x+6, line, label, st)
		p.scribble(x+44, line, between(rng, 20, 50), 5, rng)
	}
}

// frame draws the double frame of a stamp, its upper left corner at a point.
func (p *Page) frame(x, y, w, h float64) {
	for _, inset := range []float64{0, 2} {
		a, b, c, d := x+inset, y+inset, x+w-inset, y+h-inset
		p.marks = append(p.marks, mark{[][2]float64{{a, b}, {c, b}, {c, d}, {a, d}, {a, b}}, 1, inkStamp})
	}
}

// framed draws a stamp of two lines in a frame, its upper left corner at a point.
func (p *Page) framed(x, y float64, st Style, rng *rand.Rand) {
	p.frame(x, y, 100, 46)
	st = st.sized(11).bold()
	for i, s := range pick(rng, [][]string{{"ĐÃ KÝ", "SỐ HÓA"}, {"BẢN CHÍNH", "LƯU TRỮ"}, {"HỎA TỐC", "ĐẾN 8 GIỜ"}}) {
		p.stampText(x+16, y+19+17*float64(i), s, st)
	}
}

// watermark sets a large pale word aslant across the middle of the sheet.
func (p *Page) watermark(st Style, rng *rand.Rand) {
	text := pick(rng, []string{"BẢN SAO", "DỰ THẢO", "LƯU HÀNH NỘI BỘ"})
	st = st.bold().sized(72)
	f, err := st.Family.face(st.Bold, st.Italic)
	if err != nil {
		return
	}
	width := st.width(text)
	st.Size *= min(1, 0.75*p.Width/width)
	width = st.width(text)
	angle := between(rng, -0.9, -0.3)
	sin, cos := math.Sincos(angle)
	at := -width / 2
	for _, c := range text {
		g := f.glyph(c)
		p.glyphs = append(p.glyphs, placedGlyph{path: g, x: p.Width/2 + at*cos, y: p.Height/2 + at*sin, scale: st.Size / f.em, angle: angle, ink: inkWater})
		at += g.advance*st.Size/f.em + st.Track
	}
}

// note writes a few lines of strokes by hand, from a point on.
func (p *Page) note(x, y float64, rng *rand.Rand) {
	for range 2 + rng.IntN(3) {
		p.scribble(x, y, between(rng, 25, 45), 7, rng)
		y += 15
	}
}

// scribble draws a word as a pen writes it: loops that go on to the right, of the height
// of small letters, some of them tall.
func (p *Page) scribble(x, y, width, high float64, rng *rand.Rand) {
	var pts [][2]float64
	loops := max(2, int(width/6))
	for i := range loops {
		tall := 1.0
		if chance(rng, 0.3) {
			tall = 1.8
		}
		step, slant := width/float64(loops), between(rng, 1, 3)
		for k := range 12 {
			u := 2 * math.Pi * float64(k) / 12
			up := high * tall * (1 - math.Cos(u)) / 2
			pts = append(pts, [2]float64{x + step*(float64(i)+float64(k)/12) + 0.4*step*math.Sin(u) + slant*up/high, y - up})
		}
	}
	p.marks = append(p.marks, mark{pts, 0.9, inkPen})
}

// overlay sets the lines that a system prints over the head of a signed copy.
func (d *draft) overlay() {
	rng, p, st := d.rng, d.sheet.Page(), d.style.sized(8)
	b := Box{X0: p.Width - 210, X1: p.Width - 12, Align: Left}
	for i, s := range []string{
		"SAO Y; " + fill(rng, pick(rng, bodies), true),
		fmt.Sprintf("Thời gian ký: %02d/%02d/%d %02d:%02d:%02d +07:00", 1+rng.IntN(28), 1+rng.IntN(12), 2019+rng.IntN(7), 7+rng.IntN(10), rng.IntN(60), rng.IntN(60)),
	} {
		if st.has(s) {
			p.put(b, words([]Span{{s, st}}), 14+10*float64(i), 0, true)
		}
	}
}

// photo makes a scan one that was taken by hand.
func (w *Wear) photo(rng *rand.Rand) {
	w.Bilevel, w.FaxDPI = false, 0
	w.DPI = pick(rng, []float64{130, 150, 200})
	w.Tilt = pick(rng, []float64{-1, 1}) * between(rng, 0.02, 0.07)
	w.Gradient, w.Shadow = between(rng, 0.15, 0.4), between(rng, 0.1, 0.5)
	w.Blur, w.Noise = between(rng, 1, 2.2), between(rng, 0.01, 0.03)
	w.JPEG = 40 + rng.IntN(40)
}
