package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
)

// meta is what an image file says about itself beside its pixels.
type meta struct {
	xdpi, ydpi float64 // 0 if not given
	orient     orientation
}

// dpi returns the resolution of a page of that size, or 0 if it is not known or
// cannot be true: cameras and editors write 72 or 96 into whatever they save.
func (t meta) dpi(size image.Rectangle) int {
	v := t.xdpi
	if v == 0 {
		v = t.ydpi
	}
	if v < 70 || v > 2400 {
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
		case name == "pHYs" && n == 9 && body[8] == 1:
			t.xdpi = float64(binary.BigEndian.Uint32(body)) * perMetre
			t.ydpi = float64(binary.BigEndian.Uint32(body[4:])) * perMetre
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
	f := map[byte]float64{1: 1, 2: 2.54}[unit]
	t.xdpi, t.ydpi = f*float64(x), f*float64(y)
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
	if x, y := dir.resolution(); t.xdpi == 0 && x > 0 {
		t.xdpi, t.ydpi = x, y
	}
}
