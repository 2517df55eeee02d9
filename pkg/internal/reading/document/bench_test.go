package document

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// What getting a page's image costs before it is read: an A4 page at 300 dpi.
// Tesseract takes 1.5 s and more for one.
func BenchmarkImage(b *testing.B) {
	m := scanLike(2480, 3508, 1)
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, m); err != nil {
		b.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, flatten(m), nil); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"png":  asPNG.Bytes(),
		"jpeg": asJPEG.Bytes(),
		"pdf":  pdfFile(testPage{w: 595, h: 842, scan: m}),
	} {
		b.Run(name, func(b *testing.B) {
			if name == "pdf" {
				needsPoppler(b)
			}
			d, err := Open(b.Context(), writeFile(b, "a", data), Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				img, err := d.Image(b.Context(), 0)
				if err != nil {
					b.Fatal(err)
				}
				ocr.FromImage(img.Image, img.DPI)
			}
		})
	}
}
