package synth

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/congvan-cli/congvan/pkg/internal/ccitt"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// sentences to set; written for this test.
const sentences = `Căn cứ biên bản làm việc ngày 03/9/2021 giữa hai bên, Phòng Kỹ thuật kính trình Giám đốc xem xét.
1. Hợp đồng số 17/HĐ-KT có hiệu lực kể từ ngày ký; mọi sửa đổi, bổ sung phải lập thành phụ lục.
a) Bên nhận khoán chịu trách nhiệm về chất lượng vật tư, thiết bị đưa vào công trình;
b) Trường hợp chậm tiến độ quá 15 ngày thì bị phạt 0,5% giá trị phần việc chưa hoàn thành.
Điều 4. Trách nhiệm của các đơn vị
Khi có mưa lũ, tổ trực ban thông báo ngay cho người dân ở hai bên bờ suối để sơ tán kịp thời.
`

func composer(t *testing.T) *Composer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat(sentences, 200)), 0o666); err != nil {
		t.Fatal(err)
	}
	src, err := NewSource(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	return &Composer{Library: library(t), Sources: []*Source{src}}
}

func pixels(img image.Image) []uint8 {
	switch m := img.(type) {
	case *image.Gray:
		return m.Pix
	case *image.RGBA:
		return m.Pix
	}
	return nil
}

// inkFraction is how much of an image is dark.
func inkFraction(img image.Image) float64 {
	g, ok := img.(*image.Gray)
	if !ok {
		return 0
	}
	n := 0
	for _, v := range g.Pix {
		if v < 100 {
			n++
		}
	}
	return float64(n) / float64(len(g.Pix))
}

func TestComposeFollowsFromSeed(t *testing.T) {
	c := composer(t)
	for n := range 3 {
		var texts, metas [2]string
		var scans [2][]uint8
		for i := range 2 {
			s, rng, err := c.Compose(99, n)
			if err != nil {
				t.Fatal(err)
			}
			texts[i], metas[i] = s.Page.Text(), s.Meta
			s.Wear.DPI = 100 // small is enough here
			scans[i] = pixels(s.Wear.Scan(s.Page, rng))
		}
		if texts[0] != texts[1] || metas[0] != metas[1] || !slices.Equal(scans[0], scans[1]) {
			t.Errorf("page %d differs from one time to the next", n)
		}
	}
}

func TestComposedPagesAreWhole(t *testing.T) {
	c := composer(t)
	for n := range 40 {
		s, rng, err := c.Compose(5, n)
		if err != nil {
			t.Fatal(err)
		}
		p := s.Page
		if len(p.Lines) == 0 {
			t.Errorf("page %d is empty: %s", n, s.Meta)
		}
		for _, l := range p.Lines {
			if l.X0 < 10 || l.X1 > p.Width-5 || l.Y < l.Size/2 || l.Y > p.Height-2 {
				t.Errorf("page %d: %q stands at %.0f-%.0f, %.0f: outside the page", n, l.Text, l.X0, l.X1, l.Y)
			}
		}
		if n%8 != 0 {
			continue
		}
		s.Wear.DPI = 72
		img := s.Wear.Scan(p, rng)
		if b := img.Bounds(); b.Dx() != int(p.Width+0.5) || b.Dy() != int(p.Height+0.5) {
			t.Errorf("page %d: scan is %v for a page of %.0f by %.0f points at 72 dpi", n, b, p.Width, p.Height)
		}
		if f := inkFraction(img); f > 0.4 {
			t.Errorf("page %d: %.2f of the scan is black: %s", n, f, s.Meta)
		}
	}
}

func TestEveryFieldOfWearShows(t *testing.T) {
	st := Style{Family: library(t).Families()[0], Size: 13}
	sheet := &Sheet{Width: 220, Height: 60, Left: 12, Right: 12, Top: 8}
	sheet.Para(sheet.Body(), Span{"Độc lập - Tự do - Hạnh phúc", st})
	sheet.Page().stamp(170, 30, "ỦY BAN", st, rand.New(rand.NewPCG(1, 1)))
	scan := func(change func(*Wear)) image.Image {
		w := Wear{}
		w.DPI = 150
		change(&w)
		return w.Scan(sheet.Pages[0], rand.New(rand.NewPCG(3, 4)))
	}
	clean := scan(func(*Wear) {})
	if f := inkFraction(clean); f < 0.02 || f > 0.2 {
		t.Errorf("a clean scan is %.3f black", f)
	}
	for name, change := range map[string]func(*Wear){
		"skew":     func(w *Wear) { w.Skew = 1 },
		"bend":     func(w *Wear) { w.Bend = 1 },
		"tilt":     func(w *Wear) { w.Tilt = 0.05 },
		"drift":    func(w *Wear) { w.Drift = 0.01 },
		"spread":   func(w *Wear) { w.Spread = 0.2 },
		"rough":    func(w *Wear) { w.Rough = 0.5 },
		"copies":   func(w *Wear) { w.Generations = 2 },
		"fade":     func(w *Wear) { w.Fade = 0.3 },
		"blotch":   func(w *Wear) { w.Blotch = 0.3 },
		"blur":     func(w *Wear) { w.Blur = 1 },
		"paper":    func(w *Wear) { w.Paper = 0.2 },
		"gradient": func(w *Wear) { w.Gradient = 0.2 },
		"shadow":   func(w *Wear) { w.Shadow = 0.4 },
		"bleed":    func(w *Wear) { w.Bleed = 0.2 },
		"noise":    func(w *Wear) { w.Noise = 0.05 },
		"grain":    func(w *Wear) { w.Grain = 0.05 },
		"speckles": func(w *Wear) { w.Speckles = 20 },
		"streaks":  func(w *Wear) { w.Streaks = 3 },
		"bilevel":  func(w *Wear) { w.Bilevel = true },
		"fax":      func(w *Wear) { w.Bilevel, w.FaxDPI = true, 100 },
		"jpeg":     func(w *Wear) { w.JPEG = 20 },
		"color":    func(w *Wear) { w.Color = true },
	} {
		got := scan(change)
		if slices.Equal(pixels(got), pixels(clean)) {
			t.Errorf("%s changes nothing", name)
		}
		if !slices.Equal(pixels(got), pixels(scan(change))) {
			t.Errorf("%s is not the same twice", name)
		}
		if g, ok := got.(*image.Gray); ok && (name == "bilevel" || name == "fax") && !ccitt.Bilevel(g) {
			t.Errorf("%s holds greys", name)
		}
	}
	fat := inkFraction(scan(func(w *Wear) { w.Bilevel, w.Spread = true, 0.25 }))
	thin := inkFraction(scan(func(w *Wear) { w.Bilevel, w.Spread = true, -0.1 }))
	if fat < 1.2*thin {
		t.Errorf("spread toner covers %.3f, thin toner %.3f", fat, thin)
	}
}

func TestPlacementInverts(t *testing.T) {
	place := Placement{DPI: 240, Skew: 1.5, Bend: 1.4, Phase: 2, Drift: -0.02, Tilt: 0.05}
	place.fit(&Page{Width: A4Width, Height: A4Height})
	for _, p := range [][2]float64{{0, 0}, {100, 700}, {595, 842}, {300, 400}} {
		x, y := place.invert(place.apply(p[0], p[1]))
		if math.Hypot(x-p[0], y-p[1]) > 0.01 {
			t.Errorf("%v comes back as %.3f, %.3f", p, x, y)
		}
	}
}

// readAs makes a reading of the page: for each row the words of its lines, all
// in one line, as a reader that runs columns together gives them.
func readAs(p *Page, place *Placement, merge bool) *ocr.Page {
	place.fit(p)
	out := &ocr.Page{}
	for _, row := range p.rows() {
		for i, l := range row {
			line := p.Lines[l]
			if i == 0 || !merge {
				out.Lines = append(out.Lines, ocr.Line{})
			}
			into := &out.Lines[len(out.Lines)-1]
			words := strings.Fields(line.Text)
			for k, w := range words {
				x0 := line.X0 + (line.X1-line.X0)*float64(k)/float64(len(words))
				x1 := line.X0 + (line.X1-line.X0)*float64(k+1)/float64(len(words))
				ax, ay := place.apply(x0, line.Y-0.7*line.Size)
				bx, by := place.apply(x1, line.Y)
				box := image.Rect(int(ax), int(ay), int(bx), int(by))
				into.Words = append(into.Words, ocr.Word{Text: w, Box: box})
			}
		}
	}
	return out
}

func TestPairLinesByBoxes(t *testing.T) {
	st := Style{Family: library(t).Families()[0], Size: 13}
	s := &Sheet{Left: 80, Right: 45, Top: 50, Bottom: 50}
	s.Head(Head{Parent: "TỈNH GÒ CÁT", Body: "SỞ XÂY DỰNG", Number: "Số: 9/SXD", Place: "Gò Cát, ngày 2 tháng 5 năm 2020"}, st)
	s.Para(s.Body(), Span{"Nội dung công văn.", st})
	p := s.Pages[0]
	if got, want := p.Text(), "TỈNH GÒ CÁT\nSỞ XÂY DỰNG\nSố: 9/SXD\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nGò Cát, ngày 2 tháng 5 năm 2020\nNội dung công văn.\n"; got != want {
		t.Errorf("in the order of reading: %q", got)
	}
	if got, want := p.RowText(), "TỈNH GÒ CÁT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ XÂY DỰNG Độc lập - Tự do - Hạnh phúc\nSố: 9/SXD Gò Cát, ngày 2 tháng 5 năm 2020\nNội dung công văn.\n"; got != want {
		t.Errorf("row by row: %q", got)
	}
	place := &Placement{DPI: 300, Skew: 1.2, Bend: 1}
	dirt := ocr.Line{Words: []ocr.Word{{Text: "|~", Box: image.Rect(5, 3000, 30, 3030)}}}

	read := readAs(p, place, true)
	read.Lines = append(read.Lines, dirt)
	var got []string
	for _, pair := range PairLines(p, place, read) {
		got = append(got, pair.Gold)
		if pair.Gold != pair.Read {
			t.Errorf("read %q as %q", pair.Gold, pair.Read)
		}
	}
	want := []string{
		"TỈNH GÒ CÁT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"SỞ XÂY DỰNG Độc lập - Tự do - Hạnh phúc",
		"Số: 9/SXD Gò Cát, ngày 2 tháng 5 năm 2020",
		"Nội dung công văn.",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("columns run together: got %q, want %q", got, want)
	}
	if n := len(PairLines(p, place, readAs(p, place, false))); n != len(p.Lines) {
		t.Errorf("columns read apart: %d pairs for %d lines", n, len(p.Lines))
	}
	if pairs := PairLines(p, place, &ocr.Page{}); pairs != nil {
		t.Errorf("nothing read: got %q", pairs)
	}
}

// parrot reads every page as one line of its own.
type parrot struct{ err error }

func (e parrot) Read(context.Context, ocr.Image, string) (*ocr.Page, error) {
	return &ocr.Page{Lines: []ocr.Line{{Words: []ocr.Word{{Text: "xin chào"}}}}}, e.err
}
func (parrot) Close() error { return nil }

func TestMakeWritesMetaLast(t *testing.T) {
	m := &Maker{Composer: *composer(t), Engine: parrot{}, Readers: []string{"eng"}, Dir: t.TempDir()}
	if m.Made(7, 0) {
		t.Error("a page is there before it was made")
	}
	failing := *m
	failing.Engine = parrot{context.Canceled}
	if err := failing.Make(t.Context(), 7, 0); err == nil || m.Made(7, 0) {
		t.Errorf("after a failed reading: error %v, made %v", err, m.Made(7, 0))
	}
	if err := m.Make(t.Context(), 7, 0); err != nil || !m.Made(7, 0) {
		t.Errorf("error %v, made %v", err, m.Made(7, 0))
	}
	for _, suffix := range []string{".gold.txt", ".eng.txt", ".pairs.eng.tsv", ".meta"} {
		if _, err := os.Stat(filepath.Join(m.Dir, "s7_0000"+suffix)); err != nil {
			t.Error(err)
		}
	}
}

func TestStackedMarks(t *testing.T) {
	for _, name := range []string{"Tinos", "Liberation Serif", "TeX Gyre Termes", "FreeSerif"} {
		fam := library(t).Family(name)
		if fam == nil {
			continue
		}
		own, err := fam.face(false, false)
		if err != nil {
			t.Fatal(err)
		}
		stacked, err := fam.stacked(rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(err)
		}
		f, _ := stacked.face(false, false)
		for _, r := range letters {
			if g := f.glyph(r); g.index == 0 || r != ' ' && len(g.path) == 0 {
				t.Errorf("%s: no %c", name, r)
			}
		}
		// The dot of "ệ" stays below the line, its hat above the letter.
		e, dotted := bounds(own.glyph('e').path), bounds(f.glyph('ệ').path)
		if dotted.y1 <= e.y1 || dotted.y0 >= e.y0 {
			t.Errorf("%s: ệ reaches from %.0f to %.0f, e from %.0f to %.0f", name, dotted.y0, dotted.y1, e.y0, e.y1)
		}
		if bounds(f.glyph('ổ').path).y0 >= bounds(f.glyph('ô').path).y0 {
			t.Errorf("%s: the hook of ổ does not stand on its hat", name)
		}
	}
}

func TestEncodeTIFF(t *testing.T) {
	a, b := image.NewGray(image.Rect(0, 0, 61, 9)), image.NewGray(image.Rect(0, 0, 10, 4))
	for i := range a.Pix {
		a.Pix[i] = uint8(255 * (i / 7 % 2))
	}
	data := encodeTIFF([]image.Image{a, b}, 200)
	img, err := tiff.Decode(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Pix {
		x, y := i%61, i/61
		r, _, _, _ := img.At(x, y).RGBA()
		if uint8(r>>8) != a.Pix[i] {
			t.Fatalf("pixel %d,%d: %d, want %d", x, y, r>>8, a.Pix[i])
		}
	}
}
