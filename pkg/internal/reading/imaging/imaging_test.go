package imaging

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/image/bmp"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

func needLeptonica(t testing.TB) {
	t.Helper()
	if !leptonica.Available {
		t.Skip("SKIPPED: page preparation needs cgo and Leptonica")
	}
}

// sentences have ascenders, descenders and dots as Vietnamese has them, in the
// letters that the Go fonts hold.
var sentences = []string{
	"Phòng kế hoạch đề nghị các đơn vị gửi báo cáo",
	"quý hai về phòng trước ngày 15 tháng bảy, kèm",
	"bảng kê chi tiết từng hạng mục và lý do chậm.",
	"Mọi vướng mắc xin liên hệ bộ phận tổng hợp để",
	"được hướng dẫn; hồ sơ gửi sau hạn sẽ chuyển kỳ",
}

// newText draws a page of 13-point text, 40 lines of it, black on white.
func newText(t testing.TB, w, h, dpi int) *image.Gray {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 13, DPI: float64(dpi)})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	d := font.Drawer{Dst: m, Src: image.Black, Face: face}
	for i := range 40 {
		d.Dot = fixed.P(w/8, h/12+i*h/48)
		d.DrawString(plain(sentences[i%len(sentences)]))
	}
	return m
}

// plain keeps the letters of goregular, which lacks most Vietnamese ones.
func plain(s string) string {
	var b []rune
	for _, r := range s {
		switch {
		case r < 0x80:
			b = append(b, r)
		default:
			b = append(b, 'á')
		}
	}
	return string(b)
}

func encode(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// prepare runs Prepare with only the given steps and decodes what comes back.
func prepare(t testing.TB, m image.Image, only Steps, dpi int) (*image.Gray, *Report) {
	t.Helper()
	data, rep, err := Prepare(encode(t, m), Options{Skip: All &^ only, DPI: dpi})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Changed() {
		return grey(m), rep
	}
	out := decoded(t, data)
	if out.Bounds().Max != rep.Size {
		t.Errorf("image is %v, report says %v", out.Bounds().Max, rep.Size)
	}
	return out, rep
}

// decoded is the image in a file, in grey.
func decoded(t testing.TB, data []byte) *image.Gray {
	t.Helper()
	pix, err := leptonica.Decode(data, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Free()
	if pix.Depth() < 32 {
		return pix.Gray()
	}
	grey, err := pix.Luminance()
	if err != nil {
		t.Fatal(err)
	}
	defer grey.Free()
	return grey.Gray()
}

func grey(m image.Image) *image.Gray {
	out := image.NewGray(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

func level(m *image.Gray, x, y int) int { return int(m.GrayAt(x, y).Y) }

// turned turns m clockwise about its middle.
func turned(m *image.Gray, deg float64) *image.Gray {
	out := image.NewGray(m.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	a := turn(deg, m.Rect.Dx(), m.Rect.Dy())
	xdraw.BiLinear.Transform(out, f64.Aff3{a.a, a.b, a.c, a.d, a.e, a.f}, m, m.Rect, draw.Src, nil)
	return out
}

func bilevel(m *image.Gray) *image.Paletted {
	out := image.NewPaletted(m.Rect, color.Palette{color.White, color.Black})
	for i, v := range m.Pix {
		if v < 128 {
			out.Pix[i] = 1
		}
	}
	return out
}

func TestParseSteps(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Steps
	}{
		{"auto", All},
		{"none", None},
		{"deskew", Deskew},
		{"colour, scale", Colour | Scale},
	} {
		got, err := ParseSteps(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("ParseSteps(%q) = %v, %v, want %v", tt.in, got, err, tt.want)
		}
		if back, err := ParseSteps(got.String()); err != nil || back != got {
			t.Errorf("ParseSteps(%q) = %v, %v, want %v", got.String(), back, err, got)
		}
	}
	for _, in := range []string{"", "dekew", "auto,none", "scale,"} {
		if _, err := ParseSteps(in); err == nil {
			t.Errorf("ParseSteps(%q) is no error", in)
		}
	}
}

func TestPrepareErrors(t *testing.T) {
	if !leptonica.Available {
		if _, _, err := Prepare(encode(t, image.NewGray(image.Rect(0, 0, 9, 9))), Options{}); !errors.Is(err, leptonica.ErrNoCgo) {
			t.Errorf("without cgo: %v, want ErrNoCgo", err)
		}
		return
	}
	for _, data := range [][]byte{nil, {}, []byte("P5\n"), []byte("%PDF-1.4"), encode(t, newText(t, 300, 300, 100))[:90]} {
		if _, _, err := Prepare(data, Options{}); !errors.Is(err, leptonica.ErrDecode) {
			t.Errorf("Prepare(%.8q) = %v, want ErrDecode", data, err)
		}
	}
	if _, _, err := Prepare(encode(t, newText(t, 300, 300, 100)), Options{MaxPixels: 300*300 - 1}); !errors.Is(err, leptonica.ErrTooLarge) {
		t.Errorf("too large an image: %v, want ErrTooLarge", err)
	}
}

// A sheet that is too large or too small for what its file states is taken for A4; a
// clipping is not.
func TestSheet(t *testing.T) {
	for _, tt := range []struct {
		w, h, dpi int
		want      bool
	}{
		{1654, 2339, 200, true},
		{1654, 2339, 72, false},
		{1654, 2339, 0, false},
		{750, 1034, 200, false}, // made smaller, and its resolution kept
		{1034, 750, 200, false},
		{1165, 1654, 200, true}, // A5
		{750, 500, 200, true},   // a clipping
		{750, 720, 200, true},
	} {
		if got := isSheet(image.Pt(tt.w, tt.h), tt.dpi); got != tt.want {
			t.Errorf("%d×%d at %d: %v", tt.w, tt.h, tt.dpi, got)
		}
	}
}

// What needs no preparation comes back as the very bytes given.
func TestPrepareLeavesAlone(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	white := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	for _, tt := range []struct {
		name string
		m    image.Image
		o    Options
	}{
		{"preparation switched off", text, Options{Skip: All}},
		{"an icon", text.SubImage(image.Rect(200, 200, 240, 260)), Options{}},
		{"a level page in the right place and size", text, Options{Skip: Scale}},
		{"white paper", white, Options{}},
		{"black paper", image.NewGray(white.Rect), Options{}},
	} {
		data := encode(t, tt.m)
		out, rep, err := Prepare(data, tt.o)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Changed() || &out[0] != &data[0] {
			t.Errorf("%s: %v", tt.name, rep.Steps)
		}
		if b := image.Rect(1, 2, 30, 40); rep.ToOriginal(b) != b {
			t.Errorf("%s: box %v became %v", tt.name, b, rep.ToOriginal(b))
		}
	}
}

// White on black is read as black on white is, whether it is the page or a band,
// and whether ink is black or grey. Text, frames, pictures and edges stay.
func TestInvert(t *testing.T) {
	needLeptonica(t)
	negative := func(m *image.Gray, r image.Rectangle, dark byte) *image.Gray {
		out := grey(m)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				i := out.PixOffset(x, y)
				out.Pix[i] = dark + byte(int(255-dark)*int(255-out.Pix[i])/255)
			}
		}
		return out
	}
	text := newText(t, 1240, 1754, 150)
	band := image.Rect(100, 400, 1140, 480)
	framed := grey(text)
	for _, r := range []image.Rectangle{image.Rect(60, 60, 1180, 66), image.Rect(60, 60, 66, 1700)} {
		draw.Draw(framed, r, image.Black, image.Point{}, draw.Src)
	}
	bar := grey(text)
	draw.Draw(bar, image.Rect(0, 0, 40, 1754), image.Black, image.Point{}, draw.Src)
	for _, tt := range []struct {
		name string
		in   *image.Gray
		at   image.Rectangle // inverted; empty: nothing is
	}{
		{"text", text, image.Rectangle{}},
		{"text in a frame", framed, image.Rectangle{}},
		{"a dark edge without letters", bar, image.Rectangle{}},
		{"page", negative(text, text.Rect, 0), text.Rect},
		{"page of grey ink", negative(text, text.Rect, 30), text.Rect},
		{"band", negative(text, band, 0), band},
		{"page with a light band", negative(negative(text, text.Rect, 0), band, 0), image.Rectangle{Max: text.Rect.Max}},
	} {
		out, rep := prepare(t, tt.in, Invert, 150)
		if rep.Changed() != !tt.at.Empty() {
			t.Errorf("%s: steps %v", tt.name, rep.Steps)
			continue
		}
		if tt.at.Empty() {
			continue
		}
		wrong := 0
		for y := tt.at.Min.Y + 6; y < tt.at.Max.Y-6; y++ {
			for x := tt.at.Min.X + 6; x < tt.at.Max.X-6; x++ {
				if a, b := level(out, x, y) < 128, level(text, x, y) < 128; a != b {
					wrong++
				}
			}
		}
		if 200*wrong > tt.at.Dx()*tt.at.Dy() { // edges of letters in grey
			t.Errorf("%s: %d of %d pixels are wrong", tt.name, wrong, tt.at.Dx()*tt.at.Dy())
		}
	}
}

func TestDeskew(t *testing.T) {
	needLeptonica(t)
	page := newText(t, 1654, 2339, 200)
	for i, deg := range []float64{-14, -1.3, -0.4, 0, 0.25, 0.9, 3, 11} {
		var m image.Image = turned(page, deg)
		if i%2 == 1 {
			m = bilevel(m.(*image.Gray))
		}
		if _, rep := prepare(t, m, Deskew, 200); math.Abs(rep.Skew+deg) > 0.1 {
			t.Errorf("page turned by %v°: turned back by %v°", deg, rep.Skew)
		}
	}
}

func TestOrient(t *testing.T) {
	needLeptonica(t)
	for _, dpi := range []int{150, 200, 300} {
		page := newText(t, 827*dpi/100, 1169*dpi/100, dpi)
		for n := range 4 {
			m := quarterTurned(page, n)
			out, rep := prepare(t, m, Orient, dpi)
			if rep.Quarters != (4-n)%4 {
				t.Errorf("%d dpi, turned by %d quarters: turned back by %d (%+v)", dpi, n, rep.Quarters, rep.Measure)
			}
			if n > 0 && out.Bounds().Max != page.Rect.Max {
				t.Errorf("%d dpi, turned by %d quarters: %v after it", dpi, n, out.Bounds())
			}
		}
	}
}

// An image is turned as it was told, be it too small to be measured, or coloured.
func TestTurn(t *testing.T) {
	needLeptonica(t)
	for _, size := range []image.Point{{300, 200}, {300, 40}, {20, 30}} {
		m := image.NewRGBA(image.Rectangle{Max: size})
		draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(m, image.Rect(0, 0, size.X/2, size.Y/2), image.Black, image.Point{}, draw.Src)
		m.Set(size.X-1, 0, color.RGBA{R: 200, A: 255})
		for turn, black := range map[int]image.Point{1: {1, 0}, 2: {1, 1}, 3: {0, 1}, 4: {0, 0}} {
			data, rep, err := Prepare(encode(t, m), Options{Skip: All &^ Orient, Turn: turn})
			if err != nil || rep.Quarters != turn&3 {
				t.Errorf("%v: turned by %d quarters, want %d: %v", size, rep.Quarters, turn, err)
				continue
			}
			out := decoded(t, data)
			w, h := out.Bounds().Dx(), out.Bounds().Dy()
			at := image.Pt(w/4+black.X*w/2, h/4+black.Y*h/2)
			if turn&1 == 1 && w != size.Y || level(out, at.X, at.Y) != 0 {
				t.Errorf("%v: turned by %d quarters, the black corner is not in its place", size, turn)
			}
		}
	}
}

func quarterTurned(m *image.Gray, n int) *image.Gray {
	a := quarterTurns(n, m.Rect.Dx(), m.Rect.Dy())
	out := image.NewGray(a.box(m.Rect))
	xdraw.NearestNeighbor.Transform(out, f64.Aff3{a.a, a.b, a.c, a.d, a.e, a.f}, m, m.Rect, draw.Src, nil)
	return out
}

// A picture, a few letters or a page of dots gives no reason to turn.
func TestOrientDoubtful(t *testing.T) {
	needLeptonica(t)
	rng := rand.New(rand.NewPCG(1, 2))
	dots := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(dots, dots.Rect, image.White, image.Point{}, draw.Src)
	for range 4000 {
		p := image.Pt(rng.IntN(1640), rng.IntN(2320))
		draw.Draw(dots, image.Rectangle{p, p.Add(image.Pt(4+rng.IntN(12), 4+rng.IntN(12)))}, image.Black, image.Point{}, draw.Src)
	}
	word := image.NewGray(dots.Rect)
	draw.Draw(word, word.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(word, image.Rect(200, 180, 800, 260), newText(t, 1654, 2339, 200), image.Pt(200, 180), draw.Src)
	for _, m := range []*image.Gray{dots, word, quarterTurned(word, 2)} {
		if _, rep := prepare(t, m, Orient, 200); rep.Quarters != 0 {
			t.Errorf("turned by %d quarters: %+v", rep.Quarters, rep.Measure)
		}
	}
}

// A red ring goes, the black letters under it and red letters beside it stay.
func TestDropColour(t *testing.T) {
	needLeptonica(t)
	const w, h, dpi = 1654, 2339, 200
	text := newText(t, w, h, dpi)
	m := image.NewRGBA(text.Rect)
	draw.Draw(m, m.Rect, text, image.Point{}, draw.Src)
	red, blue := color.RGBA{214, 40, 52, 255}, color.RGBA{30, 60, 170, 255}
	heading := image.Rect(0, h/12+7*h/48-30, w, h/12+7*h/48+12)
	for y := heading.Min.Y; y < heading.Max.Y; y++ {
		for x := range w {
			if text.GrayAt(x, y).Y < 128 {
				m.Set(x, y, red)
			}
		}
	}
	ringAt := image.Pt(700, 1200)
	var ring, under []image.Point
	for y := -150; y <= 150; y++ {
		for x := -150; x <= 150; x++ {
			if r := math.Hypot(float64(x), float64(y)); r < 134 || r > 146 {
				continue
			}
			p := ringAt.Add(image.Pt(x, y))
			if text.GrayAt(p.X, p.Y).Y < 60 {
				under = append(under, p)
				continue
			}
			ring = append(ring, p)
			if text.GrayAt(p.X, p.Y).Y == 255 {
				m.Set(p.X, p.Y, red)
			}
		}
	}
	draw.Draw(m, image.Rect(150, 2200, 900, 2205), image.NewUniform(blue), image.Point{}, draw.Src)

	out, rep := prepare(t, m, Colour, dpi)
	if rep.Kind != Coloured || len(rep.Steps) != 1 {
		t.Fatalf("%s page, steps %v", rep.Kind, rep.Steps)
	}
	for kind, at := range map[RegionKind]image.Rectangle{Stamp: image.Rect(554, 1054, 847, 1347), Rule: image.Rect(150, 2200, 900, 2205)} {
		if !slices.ContainsFunc(rep.Regions, func(r Region) bool { return r.Kind == kind && at.In(r.Box) && r.Box.In(at.Inset(-12)) }) {
			t.Errorf("no %s at %v: %v", kind, at, rep.Regions)
		}
	}
	if len(under) < 50 {
		t.Fatalf("only %d black pixels under the ring", len(under))
	}
	for _, p := range under {
		if v := level(out, p.X, p.Y); v > 110 {
			t.Fatalf("black at %v under the stamp became %d", p, v)
		}
	}
	for _, p := range ring {
		if v := level(out, p.X, p.Y); text.GrayAt(p.X, p.Y).Y == 255 && v < 235 {
			t.Fatalf("red at %v became %d", p, v)
		}
	}
	if v := level(out, 400, 2202); v < 235 {
		t.Errorf("blue rule became %d", v)
	}
	dark := 0
	for y := heading.Min.Y; y < heading.Max.Y; y++ {
		for x := range w {
			if text.GrayAt(x, y).Y < 40 {
				if level(out, x, y) > 140 {
					t.Fatalf("red letter at %d,%d became %d", x, y, level(out, x, y))
				}
				dark++
			}
		}
	}
	if dark < 1000 {
		t.Errorf("only %d pixels of red letters", dark)
	}
}

// White letters on a coloured field need the field.
func TestDropColourKeepsFields(t *testing.T) {
	needLeptonica(t)
	m := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(200, 300, 1400, 420), image.NewUniform(color.RGBA{20, 70, 190, 255}), image.Point{}, draw.Src)
	if _, rep := prepare(t, m, Colour, 200); rep.Changed() {
		t.Errorf("steps %v", rep.Steps)
	}
}

// Text in colour stays, though it stands in a frame of the same colour, or in a table.
func TestDropColourKeepsFramed(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	green := image.NewUniform(color.RGBA{0, 200, 40, 255})
	m := image.NewRGBA(text.Rect)
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	ink := image.NewAlpha(text.Rect)
	for i, v := range text.Pix {
		ink.Pix[i] = 255 - v
	}
	draw.DrawMask(m, m.Rect, green, image.Point{}, ink, image.Point{}, draw.Over)
	for _, r := range []image.Rectangle{{image.Pt(20, 20), image.Pt(1634, 2319)}, {image.Pt(100, 1000), image.Pt(1500, 1300)}} {
		draw.Draw(m, r, green, image.Point{}, draw.Src)
		draw.DrawMask(m, r.Inset(4), image.White, image.Point{}, image.Opaque, image.Point{}, draw.Src)
		draw.DrawMask(m, r.Inset(4), green, image.Point{}, ink, r.Min.Add(image.Pt(4, 4)), draw.Over)
	}
	if _, rep := prepare(t, m, Colour, 200); rep.Changed() {
		t.Errorf("steps %v, regions %v", rep.Steps, rep.Regions)
	}
}

// The background becomes even, the ink keeps its distance from it.
func TestFlatten(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	m := image.NewGray(text.Rect)
	for y := range 2339 {
		for x := range 1654 {
			paper := 90 + 150*x/1654
			m.SetGray(x, y, color.Gray{uint8(paper * (80 + int(text.GrayAt(x, y).Y)*175/255) / 255)})
		}
	}
	out, rep := prepare(t, m, Flatten, 200)
	if len(rep.Steps) != 1 {
		t.Fatalf("steps %v, measured %+v", rep.Steps, rep.Measure)
	}
	lo, hi, ink, n := 255, 0, 0, 0
	for y := 100; y < 2239; y++ {
		for x := 100; x < 1554; x++ {
			v := level(out, x, y)
			switch text.GrayAt(x, y).Y {
			case 255:
				lo, hi = min(lo, v), max(hi, v)
			case 0:
				ink, n = ink+v, n+1
			}
		}
	}
	if lo < 180 || hi-lo > 40 {
		t.Errorf("paper runs from %d to %d", lo, hi)
	}
	if ink/n > 100 {
		t.Errorf("ink became %d", ink/n)
	}
}

// Faint text under noise becomes black on white, where a reader that parts ink
// from paper by one level finds it.
func TestContrast(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, noise := range []float64{0, 6, 15} {
		m := image.NewGray(text.Rect)
		for i, v := range text.Pix {
			level := 130.0
			if v < 128 {
				level = 95
			}
			m.Pix[i] = uint8(min(max(level+noise*rng.NormFloat64(), 0), 255))
		}
		out, rep := prepare(t, m, Contrast|Denoise, 200)
		var sum, n [2]int // of ink and paper
		for i, v := range text.Pix {
			k := int(v) / 128
			sum[k], n[k] = sum[k]+int(out.Pix[i]), n[k]+1
		}
		if ink, paper := sum[0]/n[0], sum[1]/n[1]; ink > 80 || paper < 215 {
			t.Errorf("noise %.0f: ink became %d, paper %d; measured %+v, steps %v", noise, ink, paper, rep.Measure, rep.Steps)
		}
	}
	if _, rep := prepare(t, text, Contrast, 200); rep.Changed() {
		t.Errorf("black on white needs no contrast: %v", rep.Steps)
	}
}

// Scanner borders and punch holes go, text stays as it was.
func TestClean(t *testing.T) {
	needLeptonica(t)
	const dpi, mm = 200, 8
	text := newText(t, 1654, 2339, dpi)
	for _, isGrey := range []bool{true, false} {
		m := image.NewGray(text.Rect)
		copy(m.Pix, text.Pix)
		draw.Draw(m, image.Rect(0, 0, 6*mm, 2339), image.Black, image.Point{}, draw.Src)
		draw.Draw(m, image.Rect(0, 0, 1654, 4*mm), image.Black, image.Point{}, draw.Src)
		centre := image.Pt(13*mm, 1100)
		for y := range 2339 {
			for x := range 1654 {
				if math.Hypot(float64(x-centre.X), float64(y-centre.Y)) < 3*mm {
					m.SetGray(x, y, color.Gray{25})
				}
			}
		}
		var src image.Image = m
		if !isGrey {
			src = bilevel(m)
		}
		want := grey(src)
		out, rep := prepare(t, src, Clean, dpi)
		if len(rep.Steps) != 1 {
			t.Fatalf("steps %v", rep.Steps)
		}
		var margins []image.Rectangle
		for _, r := range rep.Regions {
			if r.Kind == Margin {
				margins = append(margins, r.Box)
			}
		}
		for _, want := range []image.Rectangle{
			image.Rect(0, 0, 6*mm, 2339), image.Rect(0, 0, 1654, 4*mm), image.Rect(10*mm, 1100-3*mm, 16*mm, 1100+3*mm),
		} {
			if !slices.ContainsFunc(margins, func(b image.Rectangle) bool { return maxDiff(b, want) < 7*mm }) {
				t.Errorf("grey %v: no region at %v: %v", isGrey, want, margins)
			}
		}
		if len(margins) != 3 {
			t.Errorf("grey %v: regions %v", isGrey, margins)
		}
		for _, p := range []image.Point{{0, 0}, {0, 2338}, {5 * mm, 900}, {1653, 2}, centre, centre.Add(image.Pt(0, 22))} {
			if v := level(out, p.X, p.Y); v < 240 {
				t.Errorf("grey %v: %v is still %d", isGrey, p, v)
			}
		}
		for y := 120; y < 2300; y++ {
			for x := 190; x < 1640; x++ {
				if d := level(out, x, y) - level(want, x, y); d > 1 || d < -1 {
					t.Fatalf("grey %v: text at %d,%d changed by %d", isGrey, x, y, d)
				}
			}
		}
	}
}

// The rules of a table go, pieces of them too; letters stay.
func TestRules(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 1654, 2339, 200)
	if _, rep := prepare(t, text, Rules, 200); rep.Changed() {
		t.Errorf("a page without rules: %v", rep.Steps)
	}
	m := image.NewGray(text.Rect)
	copy(m.Pix, text.Pix)
	rules := []image.Rectangle{
		image.Rect(120, 2200, 1000, 2203), image.Rect(1030, 2200, 1400, 2203), // broken
		image.Rect(120, 2040, 123, 2300), image.Rect(1400, 2040, 1402, 2300),
	}
	seam := image.Rect(1620, 300, 1622, 1900)
	for _, r := range append(rules, seam) {
		draw.Draw(m, r, image.Black, image.Point{}, draw.Src)
	}
	out, rep := prepare(t, m, Rules, 200)
	if len(rep.Steps) != 1 {
		t.Fatalf("steps %v", rep.Steps)
	}
	if len(rep.Regions) != 1 || rep.Regions[0].Kind != Margin || maxDiff(rep.Regions[0].Box, seam) > 3 {
		t.Errorf("regions %v, want the seam", rep.Regions)
	}
	for _, r := range rules {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if v := level(out, x, y); v < 230 {
					t.Fatalf("rule %v at %d,%d is %d", r, x, y, v)
				}
			}
		}
	}
	for y := range 2030 {
		for x := range 1654 {
			if level(out, x, y) != level(text, x, y) && x < 1600 {
				t.Fatalf("text at %d,%d became %d", x, y, level(out, x, y))
			}
		}
	}
}

// Specks go, the dots of letters stay.
func TestDespeckle(t *testing.T) {
	needLeptonica(t)
	text := newText(t, 2480, 3508, 300)
	clean := bilevel(text)
	m := bilevel(text)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		x, y := rng.IntN(2478), rng.IntN(3506)
		m.SetColorIndex(x, y, 1)
		m.SetColorIndex(x+1, y+rng.IntN(2), 1)
	}
	out, rep := prepare(t, m, Denoise, 300)
	if len(rep.Steps) != 1 {
		t.Fatalf("steps %v, measured %+v", rep.Steps, rep.Measure)
	}
	wrong := 0
	for y := range 3508 {
		for x := range 2480 {
			if (level(out, x, y) < 128) != (clean.ColorIndexAt(x, y) == 1) {
				wrong++
			}
		}
	}
	// Specks that touch a letter stay.
	if wrong > 1500 {
		t.Errorf("%d pixels differ from the page without specks", wrong)
	}
}

// Boxes found on the prepared page lie on the original where they should.
func TestToOriginal(t *testing.T) {
	needLeptonica(t)
	for quarters, degs := range [][]float64{{0, -2.4}, {1.7}, {0}, {-0.8}} {
		for _, deg := range degs {
			page := newText(t, 1654, 2339, 200)
			block := image.Rect(300, 2120, 420, 2170)
			draw.Draw(page, block, image.Black, image.Point{}, draw.Src)
			m := quarterTurned(turned(page, deg), quarters)
			want := quarterTurns(quarters, 1654, 2339).box(turn(deg, 1654, 2339).box(block))

			out, rep := prepare(t, m, Orient|Scale|Deskew, 200)
			if rep.Scale == 1 || math.Abs(rep.Skew+deg) > 0.1 || rep.Quarters != (4-quarters)%4 {
				t.Fatalf("%d quarters, %v°: %+v", quarters, deg, rep)
			}
			got := rep.ToOriginal(darkBlock(out))
			if d := maxDiff(got, want); d > 5 {
				t.Errorf("%d quarters, %v°: box %v, want %v", quarters, deg, got, want)
			}
			if d := maxDiff(rep.ToPrepared(want), darkBlock(out)); d > 8 {
				t.Errorf("%d quarters, %v°: ToPrepared is %d off", quarters, deg, d)
			}
			if all := rep.ToOriginal(image.Rectangle{Max: rep.Size}); all != m.Rect {
				t.Errorf("%d quarters, %v°: the page is %v, want %v", quarters, deg, all, m.Rect)
			}
		}
	}
}

// darkBlock returns the box of the places amid 15×15 dark pixels, widened again.
func darkBlock(m *image.Gray) image.Rectangle {
	const k = 7
	var r image.Rectangle
	b := m.Bounds()
	for y := k; y < b.Max.Y-k; y++ {
		for x := k; x < b.Max.X-k; x++ {
			dark := level(m, x-k, y-k) < 100
			for d := 0; dark && d < (2*k+1)*(2*k+1); d++ {
				dark = level(m, x-k+d%(2*k+1), y-k+d/(2*k+1)) < 100
			}
			if dark {
				r = r.Union(image.Rect(x-k, y-k, x+k+1, y+k+1))
			}
		}
	}
	return r
}

func maxDiff(a, b image.Rectangle) int {
	d := 0
	for _, v := range []int{a.Min.X - b.Min.X, a.Min.Y - b.Min.Y, a.Max.X - b.Max.X, a.Max.Y - b.Max.Y} {
		d = max(d, v, -v)
	}
	return d
}

// A file that states 72 dpi for a page of 300 is prepared like one that states
// nothing.
func TestWrongResolution(t *testing.T) {
	needLeptonica(t)
	page := bilevel(newText(t, 2480, 3508, 300))
	for _, dpi := range []int{0, 72, 300} {
		if _, rep := prepare(t, page, All, dpi); math.Abs(rep.Scale-0.58) > 0.1 {
			t.Errorf("%d dpi: scaled by %v (%+v)", dpi, rep.Scale, rep.Measure)
		}
	}
}

// An even grey stays what it is at any scale: the weights sum to one.
func TestResampleEven(t *testing.T) {
	needLeptonica(t)
	for _, v := range []byte{0, 1, 77, 254, 255} {
		m := image.NewGray(image.Rect(0, 0, 97, 71))
		for i := range m.Pix {
			m.Pix[i] = v
		}
		p, err := leptonica.FromGray(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []float64{0.05, 0.4, 0.61, 1, 1.3, 2.5} {
			for _, sigma := range []float64{0, 0.5, 1.4, 30} {
				for i, got := range resample(p, s, sigma).Pix {
					if got != v {
						t.Fatalf("scale %v, sigma %v: sample %d of %d is %d", s, sigma, i, v, got)
					}
				}
			}
		}
		p.Free()
	}
}

// A bilevel image and its grey copy are scaled alike.
func TestResampleBilevel(t *testing.T) {
	needLeptonica(t)
	g, err := leptonica.FromGray(newText(t, 611, 403, 150))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Free()
	b, err := g.Threshold(128)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Free()
	g2, err := leptonica.FromGray(b.Gray())
	if err != nil {
		t.Fatal(err)
	}
	defer g2.Free()
	if !bytes.Equal(resample(b, 0.57, 1.2).Pix, resample(g2, 0.57, 1.2).Pix) {
		t.Error("the two differ")
	}
}

// No image makes Prepare panic or name a box outside the original.
func FuzzPrepare(f *testing.F) {
	needLeptonica(f)
	f.Add([]byte("P5\n70 70\n255\n"+string(make([]byte, 4900))), 0)
	f.Add([]byte("P4\n80 80\n"+string(bytes.Repeat([]byte{0xa5}, 800))), 300)
	f.Add([]byte("P6\n64 64\n255\n"+string(bytes.Repeat([]byte{200, 30, 40}, 4096))), 72)
	f.Add(encode(f, newText(f, 331, 468, 40)), 40)
	f.Fuzz(func(t *testing.T, data []byte, dpi int) {
		out, rep, err := Prepare(data, Options{DPI: dpi, MaxPixels: 1e6})
		if err != nil {
			return
		}
		if len(out) == 0 {
			t.Fatal("no image")
		}
		if got := rep.ToOriginal(image.Rect(1, 1, 5, 5)); !got.In(image.Rectangle{Max: rep.Source}) && !got.Empty() && rep.Changed() {
			t.Fatalf("box %v outside %v", got, rep.Source)
		}
	})
}

func BenchmarkPrepare(b *testing.B) {
	needLeptonica(b)
	text := newText(b, 2480, 3508, 300)
	colour := image.NewRGBA(text.Rect)
	draw.Draw(colour, colour.Rect, text, image.Point{}, draw.Src)
	for r := 190.0; r < 212; r += 0.3 {
		for a := range 3000 {
			s, c := math.Sincos(float64(a) / 3000 * 2 * math.Pi)
			colour.Set(int(1200+r*c), int(1800+r*s), color.RGBA{214, 40, 52, 255})
		}
	}
	noisy := image.NewGray(text.Rect)
	rng := rand.New(rand.NewPCG(5, 6))
	for i, v := range text.Pix {
		noisy.Pix[i] = uint8(min(max(90+float64(v)/2.5+25*rng.NormFloat64(), 0), 255))
	}
	for _, bb := range []struct {
		name string
		m    image.Image
	}{
		{"bilevel", bilevel(text)},
		{"skewed", bilevel(turned(text, 1))},
		{"grey", text},
		{"noisy", noisy},
		{"stamp", colour},
	} {
		b.Run(bb.name, func(b *testing.B) {
			data := uncompressed(b, bb.m)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Prepare(data, Options{DPI: 300}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// uncompressed leaves the decoder out of the timing, as far as may be.
func uncompressed(b *testing.B, m image.Image) []byte {
	var w bytes.Buffer
	if p, ok := m.(*image.Paletted); ok {
		fmt.Fprintf(&w, "P4\n%d %d\n", p.Rect.Dx(), p.Rect.Dy())
		for y := range p.Rect.Dy() {
			row := make([]byte, (p.Rect.Dx()+7)/8)
			for x := range p.Rect.Dx() {
				row[x/8] |= p.Pix[y*p.Stride+x] << (7 - x%8)
			}
			w.Write(row)
		}
		return w.Bytes()
	}
	if err := bmp.Encode(&w, m); err != nil {
		b.Fatal(err)
	}
	return w.Bytes()
}
