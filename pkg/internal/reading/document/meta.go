package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
)

// meta is what an image file says about itself beside its pixels.
type meta struct {
	xdpi, ydpi float64 // 0 if not given; only their ratio counts if ratio is set
	ratio      bool    // they are no resolution, but say how wide pixels are for their height
	orient     orientation
}

// Pixels are oblong by intent from 1.1 on; fax has 1.04 and 2.08, a ratio of more
// than 4 is nonsense.
const minOblong, maxOblong = 1.1, 4

// squeeze is how many times higher than wide the pixels are: 2.08 for fax of 204 x
// 98 dpi, 1 for square ones and those that may be.
func (t meta) squeeze() float64 {
	if t.xdpi <= 0 || t.ydpi <= 0 {
		return 1
	}
	r := t.xdpi / t.ydpi
	if a := max(r, 1/r); a < minOblong || a > maxOblong {
		return 1
	}
	return r
}

// upright returns an image as it is meant to be seen, with square pixels, and its
// resolution.
func (t meta) upright(m image.Image) (image.Image, int) {
	m = normal(m)
	if r := t.squeeze(); r != 1 {
		m = stretch(m, max(1/r, 1), max(r, 1))
		t.xdpi = max(t.xdpi, t.ydpi)
	}
	m = t.orient.apply(m)
	return m, t.dpi(m.Bounds())
}

// dpi returns the resolution of a page of that size, or 0 if it is not known or
// cannot be true: cameras and editors write 72 or 96 into whatever they save.
func (t meta) dpi(size image.Rectangle) int {
	v := t.xdpi
	if v == 0 {
		v = t.ydpi
	}
	if t.ratio || v < 70 || v > 2400 {
		return 0
	}
	short := min(size.Dx(), size.Dy())
	if v <= 120 && float64(short)/v > 17 { // wider than A2, at the resolution of a screen
		return 0
	}
	return int(math.Round(v))
}

// readMeta never fails: what cannot be read is not there.
func readMeta(k Kind, data []byte) meta {
	switch k {
	case PNG:
		return pngMeta(data)
	case JPEG:
		return jpegMeta(data)
	case BMP:
		return bmpMeta(data)
	case WebP:
		return webpMeta(data)
	}
	return meta{}
}

const perMetre = 0.0254

func pngMeta(data []byte) (t meta) {
	for b := data[min(8, len(data)):]; len(b) >= 12; {
		n := int(binary.BigEndian.Uint32(b))
		name := string(b[4:8])
		if n < 0 || n > len(b)-12 || name == "IDAT" {
			return t
		}
		body := b[8 : 8+n]
		switch {
		case name == "pHYs" && n == 9:
			t.xdpi = float64(binary.BigEndian.Uint32(body)) * perMetre
			t.ydpi = float64(binary.BigEndian.Uint32(body[4:])) * perMetre
			t.ratio = body[8] != 1
		case name == "eXIf":
			t.addEXIF(body)
		}
		b = b[12+n:]
	}
	return t
}

func bmpMeta(data []byte) (t meta) {
	if len(data) >= 46 && binary.LittleEndian.Uint32(data[14:]) >= 40 {
		t.xdpi = float64(int32(binary.LittleEndian.Uint32(data[38:]))) * perMetre
		t.ydpi = float64(int32(binary.LittleEndian.Uint32(data[42:]))) * perMetre
	}
	return t
}

func webpMeta(data []byte) (t meta) {
	for b := data[min(12, len(data)):]; len(b) >= 8; {
		n := int(binary.LittleEndian.Uint32(b[4:]))
		if n < 0 || n > len(b)-8 {
			return t
		}
		if string(b[:4]) == "EXIF" {
			t.addEXIF(bytes.TrimPrefix(b[8:8+n], []byte("Exif\x00\x00")))
		}
		b = b[min(len(b), 8+n+n&1):]
	}
	return t
}

func jpegMeta(data []byte) (t meta) {
	for b := data[min(2, len(data)):]; len(b) >= 4 && b[0] == 0xff; {
		marker, n := b[1], int(binary.BigEndian.Uint16(b[2:]))
		if marker == 0xff { // fill byte
			b = b[1:]
			continue
		}
		if marker == 0xda || n < 2 || n > len(b)-2 { // the image itself
			return t
		}
		body := b[4 : 2+n]
		switch {
		case marker == 0xe0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 12:
			t.addDensity(body[7], binary.BigEndian.Uint16(body[8:]), binary.BigEndian.Uint16(body[10:]))
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			t.addEXIF(body[6:])
		}
		b = b[2+n:]
	}
	return t
}

func (t *meta) addDensity(unit byte, x, y uint16) {
	f := 1.0
	if unit == 2 { // dots a centimetre
		f = 2.54
	}
	t.xdpi, t.ydpi, t.ratio = f*float64(x), f*float64(y), unit == 0
}

// addEXIF reads the first directory of EXIF data, which is a small TIFF file.
func (t *meta) addEXIF(data []byte) {
	f, err := parseTIFFHeader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	dir, err := f.readDir(f.first)
	if err != nil {
		return
	}
	if o := dir.value(tagOrientation, 1); o >= 1 && o <= 8 {
		t.orient = exifOrientations[o]
	}
	if r := dir.resolution(); t.xdpi == 0 || t.ratio && !r.ratio && r.xdpi > 0 {
		t.xdpi, t.ydpi, t.ratio = r.xdpi, r.ydpi, r.ratio
	}
}
