package document

import (
	"image"
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imagefile"
)

// meta is what an image file says about itself beside its pixels.
type meta imagefile.Meta

// Pixels are oblong by intent from 1.1 on; fax has 1.04 and 2.08, a ratio of more
// than 4 is nonsense.
const minOblong, maxOblong = 1.1, 4

// squeeze is how many times higher than wide the pixels are: 2.08 for fax of 204 x
// 98 dpi, 1 for square ones and those that may be.
func (t meta) squeeze() float64 {
	if t.XDPI <= 0 || t.YDPI <= 0 {
		return 1
	}
	r := t.XDPI / t.YDPI
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
		t.XDPI = max(t.XDPI, t.YDPI)
	}
	m = exifOrientations[t.Orientation].apply(m)
	return m, t.dpi(m.Bounds())
}

// dpi returns the resolution of a page of that size, or 0 if it is not known or
// cannot be true: cameras and editors write 72 or 96 into whatever they save.
func (t meta) dpi(size image.Rectangle) int {
	v := t.XDPI
	if v == 0 {
		v = t.YDPI
	}
	if t.Ratio || v < 70 || v > 2400 {
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
		return meta(imagefile.PNG(data))
	case JPEG:
		return meta(imagefile.JPEG(data))
	case BMP:
		return meta(imagefile.BMP(data))
	case WebP:
		return meta(imagefile.WebP(data))
	}
	return meta{}
}
