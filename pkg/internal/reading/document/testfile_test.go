package document

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// writeFile puts data into a file of a new folder.
func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// needs skips the test, aloud, where a program is not installed.
func needs(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
}

// scanLike returns an image with lines of blots, all towards the top left, so
// that every way to lay it down looks different.
func scanLike(w, h int, seed uint64) *image.Gray {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := h / 12; y < h*2/3; y += 40 {
		for x := w / 12; x < w*3/4-y/4; x += 24 {
			blotW, blotH := 4+r.IntN(16), 8+r.IntN(16)
			for v := range blotH {
				for u := range blotW {
					m.Pix[(y+v)*m.Stride+x+u] = 0
				}
			}
		}
	}
	return m
}

// A testPage is a page of a PDF made by pdfFile.
type testPage struct {
	w, h    int         // points
	rotate  int         // degrees
	scan    *image.Gray // over the whole page; may be nil
	logo    *image.Gray // at the bottom left, 60 points wide; may be nil
	content string      // drawn after them; /F1 is Helvetica
}

// pdfFile returns a PDF of the pages.
func pdfFile(pages ...testPage) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) int {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
		return len(offsets)
	}
	stream := func(dict string, data []byte) int {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(data)
		w.Close()
		return object("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", dict, z.Len(), z.Bytes())
	}
	picture := func(m *image.Gray) int {
		return stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8", m.Rect.Dx(), m.Rect.Dy()), m.Pix)
	}
	b.WriteString("%PDF-1.4\n")
	font := object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	kids := ""
	var pageObjects []string
	for _, p := range pages {
		content, images := "", ""
		if p.scan != nil {
			images += fmt.Sprintf(" /Scan %d 0 R", picture(p.scan))
			content += fmt.Sprintf("q %d 0 0 %d 0 0 cm /Scan Do Q\n", p.w, p.h)
		}
		if p.logo != nil {
			images += fmt.Sprintf(" /Logo %d 0 R", picture(p.logo))
			content += "q 60 0 0 30 10 10 cm /Logo Do Q\n"
		}
		text := stream("", []byte(content+p.content))
		pageObjects = append(pageObjects, fmt.Sprintf("/MediaBox [0 0 %d %d] /Rotate %d /Resources << /Font << /F1 %d 0 R >> /XObject <<%s >> >> /Contents %d 0 R", p.w, p.h, p.rotate, font, images, text))
	}
	tree := len(offsets) + len(pageObjects) + 1
	for _, p := range pageObjects {
		kids += fmt.Sprintf(" %d 0 R", object("<< /Type /Page /Parent %d 0 R %s >>", tree, p))
	}
	object("<< /Type /Pages /Count %d /Kids [%s ] >>", len(pages), kids)
	catalog := object("<< /Type /Catalog /Pages %d 0 R >>", tree)
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, catalog, xref)
	return b.Bytes()
}

// tiffFileOf returns an uncompressed TIFF of the pages. Each page's directory
// follows its samples.
func tiffFileOf(order binary.ByteOrder, pages ...*image.Gray) []byte {
	b := []byte("II")
	if order == binary.BigEndian {
		b = []byte("MM")
	}
	app := order.(binary.AppendByteOrder)
	b = app.AppendUint16(b, 42)
	last := len(b) // where the offset of the next directory goes
	b = app.AppendUint32(b, 0)
	for _, m := range pages {
		data := len(b)
		b = append(b, m.Pix...)
		if len(b)%2 != 0 {
			b = append(b, 0)
		}
		ratio := len(b)
		b = app.AppendUint32(b, 300)
		b = app.AppendUint32(b, 1)
		order.PutUint32(b[last:], uint32(len(b)))
		entries := [][3]int{ // tag, type, value
			{256, 4, m.Rect.Dx()}, {257, 4, m.Rect.Dy()}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1},
			{273, 4, data}, {277, 3, 1}, {278, 4, m.Rect.Dy()}, {279, 4, len(m.Pix)}, {282, 5, ratio}, {283, 5, ratio}, {296, 3, 2},
		}
		b = app.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = app.AppendUint16(b, uint16(e[0]))
			b = app.AppendUint16(b, uint16(e[1]))
			b = app.AppendUint32(b, 1)
			if e[1] == 3 {
				b = app.AppendUint16(b, uint16(e[2]))
				b = app.AppendUint16(b, 0)
			} else {
				b = app.AppendUint32(b, uint32(e[2]))
			}
		}
		last = len(b)
		b = app.AppendUint32(b, 0)
	}
	return b
}
