package document

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"

	xdraw "golang.org/x/image/draw"
)

// normal returns m as *image.Gray, or *image.RGBA if it has colours, with its
// origin at 0,0 and what is transparent shown on white.
func normal(m image.Image) image.Image {
	switch m := m.(type) {
	case *image.Gray:
		if m.Rect.Min == (image.Point{}) {
			return m
		}
	case *image.Gray16:
		return toGray(m)
	case *image.YCbCr:
		if g := grayYCbCr(m); g != nil {
			return g
		}
	case *image.Paletted:
		if g := grayPalette(m); g != nil {
			return g
		}
	}
	rgba, ok := m.(*image.RGBA)
	if !ok || rgba.Rect.Min != (image.Point{}) || !rgba.Opaque() {
		rgba = flatten(m)
	}
	return dropColour(rgba)
}

func toGray(m image.Image) *image.Gray {
	b := m.Bounds()
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(g, g.Rect, m, b.Min, draw.Src)
	return g
}

func flatten(m image.Image) *image.RGBA {
	b := m.Bounds()
	rgba := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	op := draw.Src
	if o, ok := m.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(rgba, rgba.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		op = draw.Over
	}
	draw.Draw(rgba, rgba.Rect, m, b.Min, op)
	return rgba
}

// grayPalette turns a black-and-white or grey palette image (what 1-bit PNG
// and BMP decode to) into grey, or returns nil if it has colours.
func grayPalette(m *image.Paletted) *image.Gray {
	var lut [256]uint8
	for i, c := range m.Palette {
		r, g, b, a := c.RGBA()
		if r != g || g != b || a != 0xffff {
			return nil
		}
		lut[i] = uint8(r >> 8)
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		src, dst := m.Pix[y*m.Stride:y*m.Stride+w], out.Pix[y*out.Stride:]
		for x, v := range src {
			dst[x] = lut[v]
		}
	}
	return out
}

// grayYCbCr returns the brightness of a JPEG image that has no colours to speak
// of, or nil.
func grayYCbCr(m *image.YCbCr) *image.Gray {
	if m.Rect.Min != (image.Point{}) {
		return nil
	}
	for _, plane := range [2][]uint8{m.Cb, m.Cr} {
		for _, v := range plane {
			if v-128+tolerance/2 > tolerance {
				return nil
			}
		}
	}
	return &image.Gray{Pix: m.Y, Stride: m.YStride, Rect: m.Rect}
}

// tolerance is how far the colours of a grey pixel may lie apart: JPEG of a
// grey page is off by this much at edges.
const tolerance = 8

// dropColour returns m as grey if no pixel has a colour to speak of: many
// scanners store grey pages as RGB, which take four times the memory.
func dropColour(m *image.RGBA) image.Image {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		if coloured(m.Pix[i], m.Pix[i+1], m.Pix[i+2]) {
			return m
		}
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	g := image.NewGray(m.Rect)
	for y := range h {
		src, dst := m.Pix[y*m.Stride:], g.Pix[y*g.Stride:y*g.Stride+w]
		for x := range dst {
			dst[x] = src[4*x+1]
		}
	}
	return g
}

// coloured reports whether a pixel has a colour to speak of.
func coloured(r, g, b uint8) bool {
	return r-g+tolerance > 2*tolerance || b-g+tolerance > 2*tolerance
}

// stretch returns m, as normal returns it, wider and higher by whole and broken
// numbers: rows and columns are repeated.
func stretch(m image.Image, wider, higher float64) image.Image {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	to := image.Rect(0, 0, int(float64(w)*wider+0.5), int(float64(h)*higher+0.5))
	var dst draw.Image = image.NewRGBA(to)
	if _, ok := m.(*image.Gray); ok {
		dst = image.NewGray(to)
	}
	xdraw.NearestNeighbor.Scale(dst, to, m, m.Bounds(), draw.Src, nil)
	return dst
}

// An orientation is one of the eight ways to lay down a sheet: first
// transposed (mirrored at the main diagonal), then flipped left to right,
// then top to bottom. The zero value is upright.
type orientation struct{ transpose, flipX, flipY bool }

// exifOrientations is indexed by the value that EXIF and TIFF use.
var exifOrientations = [9]orientation{
	2: {flipX: true},
	3: {flipX: true, flipY: true},
	4: {flipY: true},
	5: {transpose: true},
	6: {transpose: true, flipX: true},
	7: {transpose: true, flipX: true, flipY: true},
	8: {transpose: true, flipY: true},
}

// apply returns m, as normal returns it, laid down as o says.
func (o orientation) apply(m image.Image) image.Image {
	if o == (orientation{}) {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	switch m := m.(type) {
	case *image.Gray:
		out := image.NewGray(o.bounds(w, h))
		o.each(w, h, func(to, x, y int) { out.Pix[to] = m.Pix[y*m.Stride+x] })
		return out
	case *image.RGBA:
		out := image.NewRGBA(o.bounds(w, h))
		o.each(w, h, func(to, x, y int) { copy(out.Pix[4*to:4*to+4], m.Pix[y*m.Stride+4*x:]) })
		return out
	}
	return o.apply(normal(m))
}

func (o orientation) bounds(w, h int) image.Rectangle {
	if o.transpose {
		w, h = h, w
	}
	return image.Rect(0, 0, w, h)
}

// each calls f with the index of every pixel of the result and the place in a
// w x h source that it comes from.
func (o orientation) each(w, h int, f func(to, x, y int)) {
	b := o.bounds(w, h)
	to := 0
	for v := range b.Dy() {
		for u := range b.Dx() {
			x, y := u, v
			if o.flipX {
				x = b.Dx() - 1 - u
			}
			if o.flipY {
				y = b.Dy() - 1 - v
			}
			if o.transpose {
				x, y = y, x
			}
			f(to, x, y)
			to++
		}
	}
}

// decodePNM reads the raw kinds of PNM (P4, P5, P6; one byte a sample), which
// is what poppler's programs write. check is asked before memory is taken.
func decodePNM(r io.Reader, check func(w, h int) error) (image.Image, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	kind, w, h, err := pnmHeader(br)
	if err != nil {
		return nil, err
	}
	if err := check(w, h); err != nil {
		return nil, err
	}
	switch kind {
	case '4':
		return readBits(br, w, h)
	case '5':
		g := image.NewGray(image.Rect(0, 0, w, h))
		_, err := io.ReadFull(br, g.Pix)
		return g, err
	}
	return readPixels(br, w, h)
}

// readPixels reads red, green and blue, as grey for as long as that is what
// they are.
func readPixels(r io.Reader, w, h int) (image.Image, error) {
	gray := image.NewGray(image.Rect(0, 0, w, h))
	var rgba *image.RGBA
	row := make([]byte, 3*w)
	for y := range h {
		if _, err := io.ReadFull(r, row); err != nil {
			return nil, err
		}
		if rgba == nil {
			if grayRow(gray.Pix[y*gray.Stride:y*gray.Stride+w], row) {
				continue
			}
			clear(gray.Pix[y*gray.Stride:])
			rgba = flatten(gray)
			gray = nil
		}
		dst := rgba.Pix[y*rgba.Stride : y*rgba.Stride+4*w]
		for i, j := 0, 0; i+3 <= len(row) && j+4 <= len(dst); i, j = i+3, j+4 {
			dst[j], dst[j+1], dst[j+2], dst[j+3] = row[i], row[i+1], row[i+2], 255
		}
	}
	if rgba != nil {
		return rgba, nil
	}
	return gray, nil
}

// grayRow sets dst to the row unless that has colours.
func grayRow(dst, row []byte) bool {
	for x := range dst {
		r, g, b := row[3*x], row[3*x+1], row[3*x+2]
		if coloured(r, g, b) {
			return false
		}
		dst[x] = g
	}
	return true
}

// readBits reads packed bits, 1 for black.
func readBits(r io.Reader, w, h int) (*image.Gray, error) {
	g := image.NewGray(image.Rect(0, 0, w, h))
	row := make([]byte, (w+7)/8)
	for y := range h {
		if _, err := io.ReadFull(r, row); err != nil {
			return nil, err
		}
		dst := g.Pix[y*g.Stride : y*g.Stride+w]
		for x := range dst {
			dst[x] = row[x>>3]>>(7-x&7)&1 - 1 // 0 for 1, 255 for 0
		}
	}
	return g, nil
}

func pnmHeader(br *bufio.Reader) (kind byte, w, h int, err error) {
	var magic [2]byte
	if _, err := io.ReadFull(br, magic[:]); err != nil {
		return 0, 0, 0, err
	}
	kind = magic[1]
	if magic[0] != 'P' || kind < '4' || kind > '6' {
		return 0, 0, 0, fmt.Errorf("not a raw PNM image: %q", magic)
	}
	fields := []*int{&w, &h}
	depth := 255
	if kind != '4' {
		fields = append(fields, &depth)
	}
	for _, f := range fields {
		if *f, err = pnmNumber(br); err != nil {
			return 0, 0, 0, err
		}
	}
	if depth != 255 {
		return 0, 0, 0, fmt.Errorf("PNM with samples up to %d, where 255 is expected", depth)
	}
	return kind, w, h, nil
}

// pnmNumber reads white space and comments, a number, and the one white space
// character after it.
func pnmNumber(br *bufio.Reader) (int, error) {
	n, digits := 0, 0
	for {
		c, err := br.ReadByte()
		if err != nil {
			return 0, err
		}
		switch {
		case c >= '0' && c <= '9':
			n = 10*n + int(c-'0')
			if digits++; digits > 9 {
				return 0, errors.New("PNM header: a number too large")
			}
		case digits > 0 && isSpace(c):
			return n, nil
		case c == '#' && digits == 0:
			if _, err := br.ReadString('\n'); err != nil {
				return 0, err
			}
		case !isSpace(c):
			return 0, fmt.Errorf("PNM header: unexpected %q", c)
		}
	}
}
