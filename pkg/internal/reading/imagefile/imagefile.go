// Package imagefile reads what image files say about themselves beside their pixels:
// the segments of a JPEG, the chunks of a PNG, the directories of a TIFF and of EXIF
// data. It decodes no image, and what it can't read is not there.
package imagefile

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Meta is the resolution of an image and how it is to be laid down.
type Meta struct {
	XDPI, YDPI  float64 // 0 if not given; only their ratio counts if Ratio is set
	Ratio       bool    // they are no resolution, but say how wide pixels are for their height
	Orientation int     // as EXIF and TIFF count them, 1 to 8; 0 if not given
}

const perMetre = 0.0254

// PNG returns what the chunks before the pixels say.
func PNG(data []byte) (t Meta) {
	for name, body := range Chunks(data) {
		switch {
		case name == "IDAT":
			return t
		case name == "pHYs" && len(body) == 9:
			t.XDPI = float64(binary.BigEndian.Uint32(body)) * perMetre
			t.YDPI = float64(binary.BigEndian.Uint32(body[4:])) * perMetre
			t.Ratio = body[8] != 1
		case name == "eXIf":
			t.addEXIF(body)
		}
	}
	return t
}

// Chunks yields the name and the data of each whole chunk of a PNG file.
func Chunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for b := data[min(8, len(data)):]; len(b) >= 12; {
			n := int(binary.BigEndian.Uint32(b))
			if n < 0 || n > len(b)-12 || !yield(string(b[4:8]), b[8:8+n]) {
				return
			}
			b = b[12+n:]
		}
	}
}

// JPEG returns what the segments before the pixels say.
func JPEG(data []byte) (t Meta) {
	for marker, body := range Segments(data) {
		switch {
		case marker == 0xe0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 12:
			t.addDensity(body[7], binary.BigEndian.Uint16(body[8:]), binary.BigEndian.Uint16(body[10:]))
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			t.addEXIF(body[6:])
		}
	}
	return t
}

// Scan is the marker of the last segment of a JPEG file before pixels.
const Scan = 0xda

// Segments yields the marker and the data of each whole segment of a JPEG file, up to
// the first Scan.
func Segments(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for b := data[min(2, len(data)):]; len(b) >= 4 && b[0] == 0xff; {
			marker, n := b[1], int(binary.BigEndian.Uint16(b[2:]))
			switch {
			case marker == 0xff: // fill byte
				b = b[1:]
				continue
			case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8: // without data
				b = b[2:]
				continue
			case n < 2 || n > len(b)-2 || !yield(marker, b[4:2+n]) || marker == Scan:
				return
			}
			b = b[2+n:]
		}
	}
}

// BMP returns what the header says.
func BMP(data []byte) (t Meta) {
	if len(data) >= 46 && binary.LittleEndian.Uint32(data[14:]) >= 40 {
		t.XDPI = float64(int32(binary.LittleEndian.Uint32(data[38:]))) * perMetre
		t.YDPI = float64(int32(binary.LittleEndian.Uint32(data[42:]))) * perMetre
	}
	return t
}

// WebP returns what the EXIF data say.
func WebP(data []byte) (t Meta) {
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

func (t *Meta) addDensity(unit byte, x, y uint16) {
	f := 1.0
	if unit == 2 { // dots a centimetre
		f = 2.54
	}
	t.XDPI, t.YDPI, t.Ratio = f*float64(x), f*float64(y), unit == 0
}

// addEXIF reads the first directory of EXIF data.
func (t *Meta) addEXIF(data []byte) {
	f, err := OpenTIFF(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	dir, err := f.readDir(f.first)
	if err != nil {
		return
	}
	m := dir.Meta()
	if _, given := dir.values[tagOrientation]; given && m.Orientation >= 1 {
		t.Orientation = m.Orientation
	}
	if t.XDPI == 0 || t.Ratio && !m.Ratio && m.XDPI > 0 {
		t.XDPI, t.YDPI, t.Ratio = m.XDPI, m.YDPI, m.Ratio
	}
}
