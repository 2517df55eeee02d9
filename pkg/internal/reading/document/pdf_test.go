package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// needsPoppler skips the test, aloud, where poppler-utils is not installed.
func needsPoppler(t testing.TB) {
	t.Helper()
	needs(t, "pdfinfo", "pdfimages", "pdftoppm", "pdftotext")
}

// A page that is one scanned image comes out as that image, sample by sample,
// at its own resolution, whatever the page's rotation. (poppler draws a page
// turned by 270 degrees so roughly that it is not recognised for certain; such
// a page is drawn, at the resolution of its image.)
func TestPDFScan(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(800, 1000, 1)
	for _, tt := range []struct {
		rotate int
		want   orientation
	}{
		{0, orientation{}},
		{90, exifOrientations[6]},
		{180, exifOrientations[3]},
		{270, exifOrientations[8]},
	} {
		d := open(t, writeFile(t, "-scan of 2010.pdf", pdfFile(testPage{w: 288, h: 360, rotate: tt.rotate, scan: scan})), Options{})
		m := pageOf(t, d, 0)
		most := 0
		if tt.rotate == 270 {
			most = 16
		}
		if m.DPI != 200 || difference(t, m.Image, tt.want.apply(scan)) > most {
			t.Errorf("rotated by %d: not the image that was put in (%d dpi, %v)", tt.rotate, m.DPI, m.Bounds())
		}
	}
}

// What has been printed over a scan is read with it; a text layer, a pale
// watermark and a logo leave the scan as it is.
func TestPDFOverScan(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(1240, 1754, 1) // A4 at 150 dpi
	logo := image.NewGray(image.Rect(0, 0, 60, 30))
	for _, tt := range []struct {
		name    string
		page    testPage
		extract bool
	}{
		{"nothing", testPage{}, true},
		{"an invisible text", testPage{content: "BT 3 Tr /F1 13 Tf 400 780 Td (So: 123/QD-UBND) Tj ET"}, true},
		{"a pale watermark", testPage{content: "0.9 g BT /F1 40 Tf 0.8 0.6 -0.6 0.8 150 30 Tm (www.example.vn) Tj ET"}, true},
		{"a logo", testPage{logo: logo}, true},
		{"a number", testPage{content: "BT /F1 13 Tf 500 780 Td (123) Tj ET"}, false},
		{"a number in red, and a logo", testPage{logo: logo, content: "1 0 0 rg BT /F1 13 Tf 500 780 Td (123) Tj ET"}, false},
		{"a drawing", testPage{content: "400 700 80 80 re f"}, false},
	} {
		tt.page.w, tt.page.h, tt.page.scan = 595, 842, scan
		d := open(t, writeFile(t, "a.pdf", pdfFile(tt.page)), Options{})
		m := pageOf(t, d, 0)
		if got := m.Bounds() == scan.Rect && difference(t, m.Image, scan) == 0; got != tt.extract {
			t.Errorf("%s over a scan: taken out as it is: %t, want %t", tt.name, got, tt.extract)
		}
	}
}

// Sound text over a scan is known without reading it, and the scan is taken out as it
// is; what an earlier reader made of the scan below it does not count. Who wants the
// image as it looks gets it.
func TestPDFOverScanKnown(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(1240, 1754, 1) // A4 at 150 dpi
	const number = "BT /F1 13 Tf 500 780 Td (123 ABC) Tj ET"
	for _, tt := range []struct {
		name, content, want string
		sound               bool
	}{
		{"sound", number, "123 ABC\n", true},
		{"not sound", number, "", false},
		{"over an earlier reading", number + " BT 3 Tr /F1 13 Tf 300 784 Td (CQNG HOA XA HQI CHU NGHIA VIET) Tj ET", "123 ABC\n", true},
		{"beside a drawing", number + " 400 500 80 80 re f", "", true},
	} {
		file := writeFile(t, "a.pdf", pdfFile(testPage{w: 595, h: 842, scan: scan, content: tt.content}))
		d := open(t, file, Options{Sound: func(string) bool { return tt.sound }})
		m := pageOf(t, d, 0)
		if got := (&ocr.Page{Lines: m.Over}).Text(); got != tt.want || sameImage(m.Image, scan) != (tt.want != "") {
			t.Errorf("%s: over the scan %q, want %q; the image is the scan: %t", tt.name, got, tt.want, sameImage(m.Image, scan))
		}
		if tt.want == "" {
			continue
		}
		if b := m.Over[0].Box; b.Min.X < 1000 || b.Min.Y > 150 || !b.In(m.Bounds()) {
			t.Errorf("%s: it stands at %v of %v", tt.name, b, m.Bounds())
		}
		data, _, err := d.Encoded(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := png.Decode(bytes.NewReader(data))
		if err != nil || sameImage(seen, scan) {
			t.Errorf("%s: the image as it looks is without what stands over it (%v)", tt.name, err)
		}
	}
}

// A watermark that a PDF prints over a scan is none of its text: the scan is taken out
// without it, and its place is told.
func TestPDFWatermark(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(1240, 1754, 1) // A4 at 150 dpi
	content := "0.6 g BT /F1 40 Tf 0.866 0.5 -0.5 0.866 150 300 Tm (www.example.vn) Tj ET"
	d := open(t, writeFile(t, "a.pdf", pdfFile(testPage{w: 595, h: 842, scan: scan, content: content})), Options{})
	m := pageOf(t, d, 0)
	if !sameImage(m.Image, scan) || len(m.Over) > 0 {
		t.Errorf("the image is not the scan, or %v is text", m.Over)
	}
	if len(m.Regions) != 1 || m.Regions[0].Kind != ocr.Watermark || !m.Regions[0].Box.In(m.Bounds()) || !image.Pt(430, 900).In(m.Regions[0].Box) {
		t.Errorf("regions %v", m.Regions)
	}
}

// sameImage reports whether two images have the same pixels.
func sameImage(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			if r2, g2, b2, _ := b.At(x, y).RGBA(); r1 != r2 || g1 != g2 || b1 != b2 {
				return false
			}
		}
	}
	return true
}

func TestPDFDrawn(t *testing.T) {
	needsPoppler(t)
	text := testPage{w: 288, h: 144, content: "BT /F1 13 Tf 20 100 Td (Cong ty) Tj ET"}
	d := open(t, writeFile(t, "a.pdf", pdfFile(text, text)), Options{})
	m := pageOf(t, d, 1)
	if m.DPI != 300 || m.Bounds() != image.Rect(0, 0, 1200, 600) {
		t.Errorf("drawn at %d dpi, %v", m.DPI, m.Bounds())
	}
	if _, ok := m.Image.(*image.Gray); !ok {
		t.Errorf("a page without colours is %T", m.Image)
	}
	// A sheet that would be too large is drawn more coarsely, to a limit.
	poster := pdfFile(testPage{w: 2880, h: 2880, content: "100 100 2000 2000 re f"})
	d = open(t, writeFile(t, "a.pdf", poster), Options{MaxPixels: 64_000_000})
	if m := pageOf(t, d, 0); m.DPI != 200 {
		t.Errorf("40 inches square, 64 megapixels: drawn at %d dpi, want 200", m.DPI)
	}
	d = open(t, writeFile(t, "a.pdf", poster), Options{MaxPixels: 1_000_000})
	if _, err := d.Image(t.Context(), 0); fault.ClassOf(err) != fault.TooLarge || !strings.Contains(err.Error(), "page 1") || fault.HintOf(err) == "" {
		t.Errorf("more pixels than allowed: %v", err)
	}
}

// A page that shows an image, and no text, is drawn no finer than that is.
func TestPDFOfCoarseImage(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(150, 75, 1)
	for _, tt := range []struct {
		page testPage
		dpi  int
	}{
		{testPage{w: 64, h: 40, logo: scan}, 180},   // 60 points wide, half as high
		{testPage{w: 350, h: 450, logo: scan}, 300}, // a small part of the page
		{testPage{w: 64, h: 40, logo: scanLike(800, 400, 1)}, 300},
		{testPage{w: 64, h: 40, logo: scan, content: "BT /F1 9 Tf 5 20 Td (Cong ty) Tj ET"}, 300},
	} {
		d := open(t, writeFile(t, "a.pdf", pdfFile(tt.page)), Options{})
		if m := pageOf(t, d, 0); m.DPI != tt.dpi {
			t.Errorf("%+v: drawn at %d dpi, want %d", tt.page.content, m.DPI, tt.dpi)
		}
	}
}

// A strip of paper is read, however narrow.
func TestPDFNarrow(t *testing.T) {
	needsPoppler(t)
	for _, w := range []int{3, 7, 15, 40} {
		d := open(t, writeFile(t, "a.pdf", pdfFile(testPage{w: w, h: 360, scan: scanLike(w*300/72, 1500, 1)})), Options{})
		if m := pageOf(t, d, 0); m.Bounds().Empty() {
			t.Errorf("%d points wide: no image", w)
		}
	}
}

func TestTextLayer(t *testing.T) {
	needsPoppler(t)
	scan := scanLike(1240, 1754, 1)
	lines := func(mode string) string {
		var b strings.Builder
		for y := range 20 {
			fmt.Fprintf(&b, "BT %s /F1 13 Tf 60 %d Td (Dieu %d. Pham vi dieu chinh va doi tuong ap dung) Tj ET\n", mode, 700-20*y, y)
		}
		return b.String()
	}
	watermark := "0.9 g BT /F1 40 Tf 0.866 0.5 -0.5 0.866 150 300 Tm (www.example.vn) Tj ET"
	footer := "BT 3 Tr /F1 9 Tf 60 30 Td (So hoa boi Trung tam luu tru tinh nha) Tj ET"
	for _, tt := range []struct {
		name   string
		pages  []testPage
		counts bool
	}{
		{"born digital", []testPage{{content: lines("")}}, true},
		{"one born-digital line", []testPage{{content: "BT /F1 13 Tf 60 700 Td (Phu luc I) Tj ET"}}, true},
		{"no more than a number that is not on the next page", []testPage{
			{content: "BT /F1 13 Tf 60 700 Td (Trang 1) Tj ET"}, {content: "BT /F1 13 Tf 60 700 Td (Trang 2) Tj ET"},
		}, true},
		{"scan with a whole layer", []testPage{{scan: scan, content: lines("3 Tr")}}, true},
		{"scan with a watermark", []testPage{{scan: scan, content: watermark}}, false},
		{"scan with a footer on every page", []testPage{{scan: scan, content: footer}, {scan: scan, content: footer}}, false},
		{"a picture on a background, with its caption", []testPage{{w: 144, h: 100, scan: scan, logo: scan, content: "BT /F1 9 Tf 80 50 Td (Anh 1) Tj ET"}}, true},
		{"blank sheet with a watermark", []testPage{{content: watermark}}, false},
	} {
		for i := range tt.pages {
			if tt.pages[i].w == 0 {
				tt.pages[i].w, tt.pages[i].h = 595, 842
			}
		}
		d := open(t, writeFile(t, "a.pdf", pdfFile(tt.pages...)), Options{})
		l, err := d.TextLayer(t.Context(), 0)
		if err != nil || l.Counts() != tt.counts {
			t.Errorf("%s: counts: %t, want %t (%+v, %v)", tt.name, l.Counts(), tt.counts, l, err)
		}
	}

	d := open(t, writeFile(t, "a.pdf", pdfFile(testPage{w: 595, h: 842, content: lines("")}, testPage{w: 595, h: 842})), Options{})
	l, err := d.TextLayer(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.SplitN(l.Page.Text(), "\n", 2)[0]; got != "Dieu 0. Pham vi dieu chinh va doi tuong ap dung" {
		t.Errorf("first line %q", got)
	}
	box := l.Page.Lines[0].Words[0].Box // at 60, 842-700 points, above that baseline
	if at := image.Pt(250, 580); !at.In(box) || l.Page.Size != image.Pt(2479, 3508) {
		t.Errorf("the first word is at %v of %v, which does not hold %v", box, l.Page.Size, at)
	}
	if l, err := d.TextLayer(t.Context(), 1); l != nil || err != nil {
		t.Errorf("an empty page has the layer %+v, %v", l, err)
	}
}

// A run past its time is killed and its error is a timeout; one that is
// cancelled says so.
func TestPopplerLimits(t *testing.T) {
	needsPoppler(t)
	path := writeFile(t, "a.pdf", pdfFile(testPage{w: 595, h: 842, content: "0 0 50 50 re f"}))
	if _, err := Open(t.Context(), path, Options{Timeout: time.Nanosecond}); fault.ClassOf(err) != fault.Timeout || !fault.ClassOf(err).Retryable() {
		t.Errorf("class %s: %v", fault.ClassOf(err), err)
	}
	d := open(t, path, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Image(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	pageOf(t, d, 0) // and that is not remembered
}

// None of the parsers of what others write panics, and none returns boxes or
// sizes that later code would stumble over.
func FuzzParsers(f *testing.F) {
	f.Add([]byte(`<page><block xMin="1" yMin="2"><line xMin="NaN"><word xMin="1e300" yMin="-1" xMax="3" yMax="4">S&#7889;</word></line>`))
	f.Add([]byte("P5 2 2 255 \x00\x01\x02\x03"))
	f.Add([]byte("P4\n9 2\n\xff\x80\x00\x00"))
	f.Add(tiffFileOf(binary.LittleEndian, scanLike(50, 60, 1)))
	f.Add(withEXIF([]byte{0xff, 0xd8, 0xff, 0xd9}, 6))
	f.Add([]byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if pages, err := parseBBox(data); err == nil {
			for _, p := range pages {
				watermarks(p)
				recurring(p, p)
			}
		}
		decodePNM(bytes.NewReader(data), func(w, h int) error {
			if w*h > 1<<20 {
				return errors.New("too large")
			}
			return nil
		})
		Sniff(data)
	})
}
