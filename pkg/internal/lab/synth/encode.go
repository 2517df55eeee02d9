package synth

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/congvan-cli/congvan/pkg/internal/ccitt"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
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
		out = append(out, ccitt.Group4(g)...)
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
	b, err := pdf.NewBuilder(&out, "congvan synth", false)
	if err != nil {
		return nil, err
	}
	for i, img := range pages {
		packed, err := pdfImage(img, dpis[i], quality)
		if err != nil {
			return nil, err
		}
		if err := b.Add(packed, dpis[i], pdf.Text{}); err != nil {
			return nil, err
		}
	}
	err = b.Close()
	return out.Bytes(), err
}

func pdfImage(img image.Image, dpi float64, quality int) (*pdf.Image, error) {
	if g, ok := img.(*image.Gray); ok && ccitt.Bilevel(g) {
		return pdf.Encode(g), nil
	}
	data, err := encodeJPEG(img, dpi, quality)
	if err != nil {
		return nil, err
	}
	return pdf.Copy(data)
}
