package synth

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// The encoders write the resolution into the file, which the standard library
// does not, and nothing that changes from run to run.

// encodePNG writes black and white pages with one bit a pixel.
func encodePNG(img image.Image, dpi float64, bilevel bool) ([]byte, error) {
	if g, ok := img.(*image.Gray); ok && bilevel {
		p := image.NewPaletted(g.Rect, color.Palette{color.Black, color.White})
		for i, v := range g.Pix {
			p.Pix[i] = v >> 7
		}
		img = p
	}
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&buf, img); err != nil {
		return nil, err
	}
	// The resolution goes between the header, 33 bytes, and the pixels.
	perMetre := uint32(dpi/0.0254 + 0.5)
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	out := append([]byte{}, buf.Bytes()[:33]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, buf.Bytes()[33:]...), nil
}

func encodeJPEG(img image.Image, dpi float64, quality int) ([]byte, error) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	app0 := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1}
	app0 = binary.BigEndian.AppendUint16(app0, uint16(dpi))
	app0 = binary.BigEndian.AppendUint16(app0, uint16(dpi))
	app0 = append(app0, 0, 0)
	out := append([]byte{0xff, 0xd8}, app0...)
	return append(out, buf.Bytes()[2:]...), nil
}

// encodeTIFF writes black and white pages as one file, CCITT group 4.
func encodeTIFF(pages []image.Image, dpi float64) []byte {
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the offset of the next directory goes
	for n, img := range pages {
		g := img.(*image.Gray)
		strip := len(out)
		out = append(out, groupFour(g)...)
		size := len(out) - strip
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
		resolution := len(out)
		out = le.AppendUint32(out, uint32(dpi))
		out = le.AppendUint32(out, 1)
		le.PutUint32(out[link:], uint32(len(out)))
		const short, long, rational = 3, 4, 5
		entries := [][4]uint32{
			{254, long, 1, 2}, // one page of several
			{256, long, 1, uint32(g.Rect.Dx())},
			{257, long, 1, uint32(g.Rect.Dy())},
			{258, short, 1, 1}, // bits a sample
			{259, short, 1, 4}, // group 4
			{262, short, 1, 0}, // 0 is white
			{273, long, 1, uint32(strip)},
			{277, short, 1, 1},
			{278, long, 1, uint32(g.Rect.Dy())},
			{279, long, 1, uint32(size)},
			{282, rational, 1, uint32(resolution)},
			{283, rational, 1, uint32(resolution)},
			{296, short, 1, 2}, // inches
			{297, short, 2, uint32(n) | uint32(len(pages))<<16},
		}
		out = le.AppendUint16(out, uint16(len(entries)))
		for _, e := range entries {
			out = le.AppendUint16(out, uint16(e[0]))
			out = le.AppendUint16(out, uint16(e[1]))
			out = le.AppendUint32(out, e[2])
			out = le.AppendUint32(out, e[3])
		}
		link = len(out)
		out = le.AppendUint32(out, 0)
	}
	return out
}

// encodePDF writes pages of one image each: black and white ones as CCITT
// group 4, the others as JPEG.
func encodePDF(pages []image.Image, dpis []float64, quality int) ([]byte, error) {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&out, format, args...)
		out.WriteString("\nendobj\n")
	}
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<< /Type /Pages /Kids [ %s] /Count %d >>", kids, len(pages))
	for i, img := range pages {
		dpi := dpis[i]
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		pw, ph := float64(w)*72/dpi, float64(h)*72/dpi
		first := 3 + 3*i
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R /Resources << /XObject << /Im %d 0 R >> >> >>",
			pw, ph, first+1, first+2)
		content := fmt.Sprintf("q %.2f 0 0 %.2f 0 0 cm /Im Do Q", pw, ph)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
		dict, data, err := pdfImage(img, dpi, quality)
		if err != nil {
			return nil, err
		}
		object("<< /Type /XObject /Subtype /Image /Width %d /Height %d %s /Length %d >>\nstream\n%s\nendstream", w, h, dict, len(data), data)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return out.Bytes(), nil
}

func pdfImage(img image.Image, dpi float64, quality int) (dict string, data []byte, err error) {
	if g, ok := img.(*image.Gray); ok && isBilevel(g) {
		return fmt.Sprintf("/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>",
			g.Rect.Dx(), g.Rect.Dy()), groupFour(g), nil
	}
	space := "/DeviceRGB"
	if _, ok := img.(*image.Gray); ok {
		space = "/DeviceGray"
	}
	data, err = encodeJPEG(img, dpi, quality)
	return fmt.Sprintf("/ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode", space), data, err
}

func isBilevel(g *image.Gray) bool {
	for _, v := range g.Pix {
		if v != 0 && v != 255 {
			return false
		}
	}
	return true
}
