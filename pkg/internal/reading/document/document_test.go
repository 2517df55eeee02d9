package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/codec"
)

func open(t *testing.T, path string, opts Options) *Document {
	t.Helper()
	d, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func pageOf(t *testing.T, d *Document, n int) *Image {
	t.Helper()
	m, err := d.Image(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func encode(t *testing.T, f func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every input that cannot be read is an error that names the file, has a class
// that programs can tell, and says what was found.
func TestErrors(t *testing.T) {
	needs(t, "pdfinfo", "pdftoppm", "qpdf")
	whole := encode(t, func(b *bytes.Buffer) error { return png.Encode(b, scanLike(300, 400, 1)) })
	pdf := pdfFile(testPage{w: 200, h: 300, scan: scanLike(300, 450, 1)})
	encrypted := filepath.Join(t.TempDir(), "locked.pdf")
	run(t, "qpdf", "--encrypt", "secret", "owner", "256", "--", writeFile(t, "open.pdf", pdf), encrypted)
	circle := tiffFileOf(binary.LittleEndian, scanLike(50, 60, 1))
	binary.LittleEndian.PutUint32(circle[len(circle)-4:], binary.LittleEndian.Uint32(circle[4:]))

	le := binary.LittleEndian
	rle := append([]byte("BM"), make([]byte, 12)...) // of 4 x 4 pixels, run-length encoded
	le.PutUint32(rle[10:], 54)
	for _, v := range []uint32{40, 4, 4, 8<<16 | 1, 1, 0, 0, 0, 256, 0} {
		rle = le.AppendUint32(rle, v)
	}
	rle = append(rle, make([]byte, 1100)...)

	for _, tt := range []struct {
		name  string
		path  string
		class fault.Class
		say   string
	}{
		{"run-length encoded BMP", writeFile(t, "a.bmp", rle), fault.Unsupported, "a variant of BMP"},
		{"missing", filepath.Join(t.TempDir(), "gone.pdf"), fault.Missing, "no such file"},
		{"folder", t.TempDir(), fault.Unsupported, "not a regular file"},
		{"empty", writeFile(t, "a.png", nil), fault.Empty, "the file is empty"},
		{"cut PNG", writeFile(t, "a.png", whole[:len(whole)/2]), fault.Damaged, "cut off"},
		{"cut PDF", writeFile(t, "a.pdf", pdf[:100]), fault.Damaged, "damaged PDF"},
		{"PDF without pages", writeFile(t, "a.pdf", pdfFile()), fault.NoPages, "this PDF has no pages"},
		{"PDF with a password", encrypted, fault.Encrypted, "a password is needed"},
		{"noise with a scan's name", writeFile(t, "a.pdf", []byte{1, 2, 3, 0, 5}), fault.Damaged, "whatever its name says"},
		{"noise", writeFile(t, "a.xyz", []byte{1, 2, 3, 0, 5}), fault.Unsupported, "not a PDF or an image"},
		{"text", writeFile(t, "a.pdf", []byte("Kính gửi: Sở Nội vụ\n")), fault.Unsupported, "this is text"},
		{"Word", writeFile(t, "a.pdf", []byte("PK\x03\x04 and so on")), fault.Unsupported, "Office document"},
		{"PNG bomb", writeFile(t, "a.png", hugePNG(whole)), fault.TooLarge, "60000 x 60000"},
		{"TIFF in a circle", writeFile(t, "a.tif", circle), fault.Damaged, "round in a circle"},
		{"cut TIFF", writeFile(t, "a.tif", circle[:30]), fault.Damaged, "past the end"},
	} {
		err := firstError(t.Context(), tt.path)
		var de *fault.Error
		if !errors.As(err, &de) {
			t.Errorf("%s: %v, want a *fault.Error", tt.name, err)
			continue
		}
		if fault.ClassOf(err) != tt.class || !strings.Contains(err.Error(), tt.say) || !strings.Contains(err.Error(), tt.path) {
			t.Errorf("%s: class %s, %q; want %s, %q", tt.name, fault.ClassOf(err), err, tt.class, tt.say)
		}
		if fault.ClassOf(err).Retryable() {
			t.Errorf("%s is retryable: nothing changes by trying again", tt.name)
		}
	}
}

// firstError opens and reads a whole document.
func firstError(ctx context.Context, path string) error {
	d, err := Open(ctx, path, Options{Decode: inProcess})
	if err != nil {
		return err
	}
	defer d.Close()
	for i := range d.NumPages() {
		if _, err := d.Image(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// hugePNG changes a PNG's header to claim 60,000 x 60,000 pixels.
func hugePNG(whole []byte) []byte {
	b := bytes.Clone(whole)
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[29:], crc(b[12:29]))
	return b
}

func TestPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	path := writeFile(t, "a.png", []byte("x"))
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); fault.ClassOf(err) != fault.Permission {
		t.Errorf("class %s: %v", fault.ClassOf(err), err)
	}
}

// Kinds are known by their content, under any name.
func TestSingleImages(t *testing.T) {
	gray := scanLike(300, 400, 1)
	colour := image.NewRGBA(image.Rect(0, 0, 30, 40))
	for i := range colour.Pix {
		colour.Pix[i] = 255
	}
	colour.Set(5, 6, color.RGBA{200, 10, 20, 255})
	bilevel := image.NewPaletted(gray.Rect, color.Palette{color.Black, color.White})
	for i, v := range gray.Pix {
		bilevel.Pix[i] = v & 1
	}
	for _, tt := range []struct {
		name string
		data []byte
		kind Kind
		want image.Image
	}{
		{"grey PNG", encode(t, func(b *bytes.Buffer) error { return png.Encode(b, gray) }), PNG, gray},
		{"1-bit PNG", encode(t, func(b *bytes.Buffer) error { return png.Encode(b, bilevel) }), PNG, gray},
		{"colour PNG", encode(t, func(b *bytes.Buffer) error { return png.Encode(b, colour) }), PNG, colour},
		{"BMP", encode(t, func(b *bytes.Buffer) error { return bmp.Encode(b, gray) }), BMP, gray},
		{"PGM", append([]byte("P5\n# a comment\n300 400\n255\n"), gray.Pix...), PNM, gray},
		{"JPEG", encode(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, gray, &jpeg.Options{Quality: 100}) }), JPEG, gray},
	} {
		d := open(t, writeFile(t, "-name without extension", tt.data), Options{})
		m := pageOf(t, d, 0)
		if d.Kind() != tt.kind || d.NumPages() != 1 || fmt.Sprintf("%T", m.Image) != fmt.Sprintf("%T", tt.want) {
			t.Errorf("%s: kind %s, %d pages, %T", tt.name, d.Kind(), d.NumPages(), m.Image)
		}
		if diff := difference(t, m.Image, tt.want); diff > 1 {
			t.Errorf("%s: pixels differ by %d in the mean", tt.name, diff)
		}
	}
}

// difference is the mean difference of the samples of two images.
func difference(t *testing.T, a, b image.Image) int {
	t.Helper()
	if a.Bounds() != b.Bounds() {
		t.Fatalf("bounds %v, want %v", a.Bounds(), b.Bounds())
	}
	sum, n := 0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			sum += abs(int(r1)-int(r2)) + abs(int(g1)-int(g2)) + abs(int(b1)-int(b2))
			n += 3
		}
	}
	return sum / n >> 8
}

// The eight orientations of EXIF, by hand: the letters of a sheet as stored,
// and as they must come out.
func TestOrientations(t *testing.T) {
	const sheet = "abc/def"
	for o, stored := range map[int]string{
		1: "abc/def", 2: "cba/fed", 3: "fed/cba", 4: "def/abc",
		5: "ad/be/cf", 6: "cf/be/ad", 7: "fc/eb/da", 8: "da/eb/fc",
	} {
		m := letterImage(stored)
		for _, in := range []image.Image{m, flatten(m)} {
			if got := imageLetters(exifOrientations[o].apply(in)); got != sheet {
				t.Errorf("orientation %d of %s (%T) = %s, want %s", o, stored, in, got, sheet)
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, scanLike(64, 48, 1), nil); err != nil {
			t.Fatal(err)
		}
		if got := readMeta(JPEG, withEXIF(b.Bytes(), o)); got.Orientation != o || got.XDPI != 300 {
			t.Errorf("EXIF %d read as %+v", o, got)
		}
	}
}

func letterImage(s string) *image.Gray {
	rows := strings.Split(s, "/")
	m := image.NewGray(image.Rect(0, 0, len(rows[0]), len(rows)))
	copy(m.Pix, strings.Join(rows, ""))
	return m
}

func imageLetters(m image.Image) string {
	var rows []string
	for y := range m.Bounds().Dy() {
		row := ""
		for x := range m.Bounds().Dx() {
			row += string(rune(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y))
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "/")
}

// A document of several pages in TIFF, in either byte order, page by page.
func TestTIFF(t *testing.T) {
	a, b := scanLike(100, 140, 1), scanLike(120, 90, 2)
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := tiffFileOf(order, a, b, a)
		d := open(t, writeFile(t, "three.tif", data), Options{Decode: inProcess})
		if d.NumPages() != 3 {
			t.Fatalf("%d pages, want 3", d.NumPages())
		}
		for i, want := range []*image.Gray{a, b, a} {
			m := pageOf(t, d, i)
			if m.DPI != 300 || difference(t, m.Image, want) != 0 {
				t.Errorf("%v: page %d is not what was written (%d dpi)", order, i+1, m.DPI)
			}
		}
		// Cut in the last page: the pages before it are read all the same.
		d = open(t, writeFile(t, "cut.tif", data[:len(data)-100]), Options{Decode: inProcess})
		if d.NumPages() != 3 {
			t.Fatalf("cut: %d pages, want 3 of which the last is an error", d.NumPages())
		}
		pageOf(t, d, 1)
		if _, err := d.Image(t.Context(), 2); fault.ClassOf(err) != fault.Damaged || !strings.Contains(err.Error(), "page 3") {
			t.Errorf("cut: page 3: %v", err)
		}
	}
}

// inProcess is Options.Decode without a process of its own.
func inProcess(_ context.Context, path string, at int64, use func(io.Reader) error) (string, error) {
	var b bytes.Buffer
	said, err := codec.Decode(&b, path, at, DefaultMaxPixels)
	if err != nil {
		return said, err
	}
	return said, use(&b)
}

// What Go's decoders do not know goes to Options.Decode, and what that can't make
// anything of is an error of the kind it says.
func TestDecodeOutside(t *testing.T) {
	jp2 := writeFile(t, "a.jp2", []byte("\x00\x00\x00\x0cjP  \r\n\x87\n"))
	if _, err := open(t, jp2, Options{}).Image(t.Context(), 0); fault.ClassOf(err) != fault.Unsupported {
		t.Errorf("without a decoder: %v", err)
	}
	for _, tt := range []struct {
		err   error
		class fault.Class
	}{
		{&codec.Error{Kind: codec.ErrUnsupported, Said: "no way"}, fault.Unsupported},
		{&codec.Error{Kind: codec.ErrDamaged, Said: "no way"}, fault.Damaged},
	} {
		decode := func(context.Context, string, int64, func(io.Reader) error) (string, error) { return "", tt.err }
		if _, err := open(t, jp2, Options{Decode: decode}).Image(t.Context(), 0); fault.ClassOf(err) != tt.class || !strings.Contains(err.Error(), "no way") {
			t.Errorf("class %s, want %s: %v", fault.ClassOf(err), tt.class, err)
		}
	}
	m := pageOf(t, open(t, jp2, Options{Decode: func(_ context.Context, p string, at int64, use func(io.Reader) error) (string, error) {
		if p != jp2 || at != 0 {
			t.Errorf("asked for %d of %s", at, p)
		}
		return "", use(strings.NewReader("P5 2 1 255 \x00\xff"))
	}}), 0)
	if m.Bounds() != image.Rect(0, 0, 2, 1) || m.Damage != nil {
		t.Errorf("bounds %v, damage %v", m.Bounds(), m.Damage)
	}
}

// Pixels that are not square are made so, in every kind of file that can say it.
func TestOblongPixels(t *testing.T) {
	m := scanLike(200, 100, 1)
	png := encode(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
	jpg := encode(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
	phys := func(x, y uint32, unit byte) []byte {
		body := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("pHYs"), x), y), unit)
		chunk := append(binary.BigEndian.AppendUint32(nil, 9), body...)
		return slices.Concat(png[:33], binary.BigEndian.AppendUint32(chunk, crc(body)), png[33:])
	}
	jfif := func(unit byte, x, y uint16) []byte {
		seg := append([]byte("\xff\xe0\x00\x10JFIF\x00\x01\x01"), unit)
		seg = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(seg, x), y)
		return slices.Concat(jpg[:2], seg, []byte{0, 0}, jpg[2:])
	}
	for _, tt := range []struct {
		name string
		data []byte
		size image.Point
		dpi  int
	}{
		{"square.png", phys(8031, 8031, 1), image.Pt(200, 100), 204},
		{"fax.png", phys(8031, 3858, 1), image.Pt(200, 208), 204},
		{"ratio.png", phys(2, 1, 0), image.Pt(200, 200), 0},
		{"wide.png", phys(3858, 8031, 1), image.Pt(416, 100), 204},
		{"nonsense.png", phys(8031, 1000, 1), image.Pt(200, 100), 204},
		{"fax.jpg", jfif(1, 204, 98), image.Pt(200, 208), 204},
		{"cm.jpg", jfif(2, 80, 40), image.Pt(200, 200), 203},
		{"ratio.jpg", jfif(0, 1, 2), image.Pt(400, 100), 0},
		{"nothing.jpg", jfif(0, 1, 1), image.Pt(200, 100), 0},
	} {
		d := open(t, writeFile(t, tt.name, tt.data), Options{Decode: inProcess})
		if m := pageOf(t, d, 0); m.Bounds().Size() != tt.size || m.DPI != tt.dpi {
			t.Errorf("%s: %v at %d dpi, want %v at %d", tt.name, m.Bounds().Size(), m.DPI, tt.size, tt.dpi)
		}
		data, dpi, err := d.Encoded(t.Context(), 0)
		cfg, _, cfgErr := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || cfgErr != nil || dpi != tt.dpi || image.Pt(cfg.Width, cfg.Height) != tt.size {
			t.Errorf("%s: for a writer %d x %d at %d dpi: %v, %v", tt.name, cfg.Width, cfg.Height, dpi, err, cfgErr)
		}
	}
}

// An image that is too large is too large for writers as well.
func TestEncodedTooLarge(t *testing.T) {
	path := writeFile(t, "a.png", encode(t, func(b *bytes.Buffer) error { return png.Encode(b, scanLike(300, 400, 1)) }))
	if _, _, err := open(t, path, Options{MaxPixels: 300 * 399}).Encoded(t.Context(), 0); fault.ClassOf(err) != fault.TooLarge {
		t.Errorf("the error is %v", err)
	}
}

// Images that go with a page are no pages.
func TestReducedImages(t *testing.T) {
	small, large := scanLike(50, 70, 1), scanLike(200, 300, 2)
	entry := func(tag, value byte) []byte { return []byte{tag, 0, 4, 0, 1, 0, 0, 0, value, 0, 0, 0} }
	for name, e := range map[string][]byte{"new": entry(254, 1), "mask": entry(254, 4), "old": entry(255, 2)} {
		data := tiffFileOf(binary.LittleEndian, small, large)
		at := bytes.Index(data, []byte{12, 0, 0, 1, 4, 0}) // the first directory: its width becomes the tag
		data = slices.Concat(data[:at], []byte{13, 0}, e, data[at+2:])
		for _, p := range []int{4, at + 2 + 12*13} { // what lies after has moved
			if v := binary.LittleEndian.Uint32(data[p:]); int(v) > at {
				binary.LittleEndian.PutUint32(data[p:], v+12)
			}
		}
		d := open(t, writeFile(t, name+".tif", data), Options{Decode: inProcess})
		if d.NumPages() != 1 {
			t.Errorf("%s: %d pages", name, d.NumPages())
		}
	}
}

// A page whose data are damaged is read as far as it goes, and says so.
func TestDamage(t *testing.T) {
	hole := func(name string, from, size int) string {
		data, err := os.ReadFile("../../../../testdata/letters/" + name)
		if err != nil {
			t.Fatal(err)
		}
		clear(data[from : from+size])
		return writeFile(t, name, data)
	}
	d := open(t, hole("quyet-dinh.tif", 20000, 20000), Options{Decode: inProcess})
	if img := pageOf(t, d, 0); fault.ClassOf(img.Damage) != fault.Damaged {
		t.Errorf("TIFF: %v", img.Damage)
	}
	if img := pageOf(t, d, 2); img.Damage != nil {
		t.Errorf("another page of the TIFF: %v", img.Damage)
	}
	t.Run("PDF", func(t *testing.T) {
		needsPoppler(t)
		d := open(t, hole("to-trinh.pdf", 120000, 600), Options{})
		if img := pageOf(t, d, 0); img.Damage != nil {
			t.Errorf("page 1: %v", img.Damage)
		}
		if img := pageOf(t, d, 1); fault.ClassOf(img.Damage) != fault.Damaged || !strings.Contains(img.Damage.Error(), "JPEG") {
			t.Errorf("page 2: %v", img.Damage)
		}
	})
}
