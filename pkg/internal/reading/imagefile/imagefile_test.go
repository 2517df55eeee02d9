package imagefile

import (
	"bytes"
	"testing"
)

// exif is a directory with an orientation and 300 dpi.
func exif(orientation byte) string {
	return "II*\x00\x08\x00\x00\x00" + "\x02\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation, 0, 0, 0}) +
		"\x1a\x01\x05\x00\x01\x00\x00\x00\x26\x00\x00\x00" + "\x00\x00\x00\x00" +
		"\x2c\x01\x00\x00\x01\x00\x00\x00"
}

// segment is one of a JPEG file.
func segment(marker byte, body string) string {
	return string([]byte{0xff, marker, 0, byte(len(body) + 2)}) + body
}

// chunk is one of a PNG file.
func chunk(name, body string) string {
	return string([]byte{0, 0, 0, byte(len(body))}) + name + body + "crc!"
}

const jfif = "JFIF\x00\x01\x02\x02\x00\x76\x00\x76\x00\x00" // 118 dots a centimetre

func TestMeta(t *testing.T) {
	jpeg := func(segments string) Meta { return JPEG([]byte("\xff\xd8" + segments)) }
	png := func(chunks string) Meta { return PNG([]byte("\x89PNG\r\n\x1a\n" + chunks)) }
	metre := func(dots float64) float64 { return dots * perMetre } // rounded as at run time
	for _, tt := range []struct {
		name string
		got  Meta
		want Meta
	}{
		{"JFIF", jpeg(segment(0xe0, jfif)), Meta{XDPI: 118 * 2.54, YDPI: 118 * 2.54}},
		{"fill bytes, a marker without data", jpeg("\xff\xff\xff\x01" + segment(0xe1, "Exif\x00\x00"+exif(6))), Meta{XDPI: 300, Orientation: 6}},
		{"JFIF's resolution before EXIF's", jpeg(segment(0xe0, jfif) + segment(0xe1, "Exif\x00\x00"+exif(3))), Meta{XDPI: 118 * 2.54, YDPI: 118 * 2.54, Orientation: 3}},
		{"EXIF after the scan", jpeg(segment(Scan, "") + segment(0xe1, "Exif\x00\x00"+exif(6))), Meta{}},
		{"no such orientation", jpeg(segment(0xe1, "Exif\x00\x00"+exif(9))), Meta{XDPI: 300}},
		{"cut off", jpeg(segment(0xe1, "Exif\x00\x00"+exif(6))[:40]), Meta{}},
		{"PNG", png(chunk("pHYs", "\x00\x00\x2e\x23\x00\x00\x17\x12\x01") + chunk("eXIf", exif(8))), Meta{XDPI: metre(11811), YDPI: metre(5906), Orientation: 8}},
		{"PNG with a ratio", png(chunk("pHYs", "\x00\x00\x00\x02\x00\x00\x00\x01\x00")), Meta{XDPI: metre(2), YDPI: metre(1), Ratio: true}},
		{"after the pixels", png(chunk("IDAT", "") + chunk("eXIf", exif(8))), Meta{}},
		{"WebP", WebP([]byte("RIFF\x00\x00\x00\x00WEBP" + "VP8 \x01\x00\x00\x00xx" + "EXIF\x2e\x00\x00\x00" + exif(5))), Meta{XDPI: 300, Orientation: 5}},
		{"nothing", JPEG(nil), Meta{}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, tt.got, tt.want)
		}
	}
}

// FuzzFile: whatever the bytes, reading ends, an orientation is one of the nine
// there are, and there are no more pages, segments and chunks than bytes.
func FuzzFile(f *testing.F) {
	for _, s := range []string{"\xff\xd8" + segment(0xe0, jfif) + segment(0xe1, "Exif\x00\x00"+exif(6)) + segment(Scan, ""),
		"\x89PNG\r\n\x1a\n" + chunk("eXIf", exif(8)), exif(3), "MM\x00\x2b\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func([]byte) Meta{JPEG, PNG, BMP, WebP} {
			if m := read(data); m.Orientation < 0 || m.Orientation > 8 {
				t.Errorf("%+v", m)
			}
		}
		n := 0
		for range Segments(data) {
			n++
		}
		for range Chunks(data) {
			n++
		}
		if tiff, err := OpenTIFF(bytes.NewReader(data), int64(len(data))); err == nil {
			tiff.Walk(func(d *Dir) {
				n++
				if m := d.Meta(); m.Orientation < 0 || m.Orientation > 8 {
					t.Errorf("%+v", m)
				}
			})
		}
		if n > len(data) {
			t.Errorf("%d parts in %d bytes", n, len(data))
		}
	})
}
