//go:build cgo

package leptonica

/*
#cgo LDFLAGS: -Wl,--as-needed
#cgo pkg-config: lept
#include <stdlib.h>
#include <leptonica/allheaders.h>

// Pixels are passed by value to free, so that the Go side needs no pointer to
// a pointer.
static void congvan_pix_free(PIX *p) { pixDestroy(&p); }

static l_int32 congvan_pixa_area(PIXA *a, l_int32 i) {
	l_int32 n = 0;
	PIX *p = pixaGetPix(a, i, L_CLONE);
	pixCountPixels(p, &n, NULL);
	pixDestroy(&p);
	return n;
}
static l_int32 congvan_pix_invert(PIX *p, l_int32 x, l_int32 y, l_int32 w, l_int32 h) {
	return pixRasterop(p, x, y, w, h, PIX_NOT(PIX_DST), NULL, 0, 0);
}

// Combines an image with itself moved by 1 to n-1 steps: black where all are, or where any
// is. It doubles what it has, where the library's bricks go step by step.
static void congvan_run(PIX *p, l_int32 n, l_int32 dx, l_int32 dy, l_int32 all) {
	l_int32 w = pixGetWidth(p), h = pixGetHeight(p);
	for (l_int32 done = 1, k; p != NULL && done < n; done += k) {
		k = done < n - done ? done : n - done;
		PIX *moved = pixCreate(w, h, 1);
		if (moved == NULL) return;
		pixRasterop(moved, k * dx, k * dy, w, h, PIX_SRC, p, 0, 0);
		pixRasterop(p, 0, 0, w, h, all ? PIX_SRC & PIX_DST : PIX_SRC | PIX_DST, moved, 0, 0);
		pixDestroy(&moved);
	}
}

static PIX *congvan_open(PIX *p, l_int32 w, l_int32 h) {
	PIX *q = pixCopy(NULL, p);
	congvan_run(q, w, -1, 0, 1);
	congvan_run(q, h, 0, -1, 1);
	congvan_run(q, w, 1, 0, 0);
	congvan_run(q, h, 0, 1, 0);
	return q;
}

static PIX *congvan_dilate(PIX *p, l_int32 w, l_int32 h) {
	PIX *q = pixCopy(NULL, p);
	congvan_run(q, w / 2 + 1, -1, 0, 0);
	congvan_run(q, w - w / 2, 1, 0, 0);
	congvan_run(q, h / 2 + 1, 0, -1, 0);
	congvan_run(q, h - h / 2, 0, 1, 0);
	return q;
}
*/
import "C"

import (
	"encoding/binary"
	"image"
	"math"
	"sync"
	"unsafe"

	"github.com/congvan-cli/congvan/pkg/internal/reading/clib"
)

// Available reports whether this binary holds Leptonica.
const Available = true

// load makes the library ready, which each way to a Pix asks for first.
var load = sync.OnceValue(func() error {
	err := clib.Load(clib.Leptonica)
	if err == nil {
		C.setMsgSeverity(C.L_SEVERITY_NONE)
	}
	return err
})

// Pix is an image in C memory. It is used by one goroutine at a time and must
// be freed.
type Pix struct {
	p *C.PIX
}

func wrap(p *C.PIX) (*Pix, error) {
	if p == nil {
		return nil, errFailed
	}
	return &Pix{p}, nil
}

// Free gives the memory back. Freeing twice, or freeing nil, is allowed.
func (p *Pix) Free() {
	if p != nil && p.p != nil {
		C.congvan_pix_free(p.p)
		p.p = nil
	}
}

// Decode reads an encoded PNG, JPEG, PNM, BMP, TIFF (its first page) or
// whatever else the library was built for. Colour maps and transparency are
// resolved: the result is 1, 8 or 32 bits deep.
func Decode(data []byte, maxPixels int) (*Pix, error) {
	if len(data) == 0 {
		return nil, ErrDecode
	}
	if err := load(); err != nil {
		return nil, err
	}
	if r, ok := parsePNM(data); ok {
		if maxPixels > 0 && r.width*r.height > maxPixels {
			return nil, ErrTooLarge
		}
		return fromRaster(r)
	}
	b, n := (*C.l_uint8)(unsafe.Pointer(&data[0])), C.size_t(len(data))
	var format, w, h, bps, spp, cmap C.l_int32
	if C.pixReadHeaderMem(b, n, &format, &w, &h, &bps, &spp, &cmap) == 0 && maxPixels > 0 &&
		int64(w)*int64(h) > int64(maxPixels) {
		return nil, ErrTooLarge
	}
	p := C.pixReadMem(b, n)
	if p == nil {
		return nil, ErrDecode
	}
	if maxPixels > 0 && int64(C.pixGetWidth(p))*int64(C.pixGetHeight(p)) > int64(maxPixels) {
		C.congvan_pix_free(p)
		return nil, ErrTooLarge
	}
	for _, simplify := range []func(*C.PIX) *C.PIX{
		func(p *C.PIX) *C.PIX { return C.pixRemoveAlpha(p) },
		func(p *C.PIX) *C.PIX { return C.pixRemoveColormap(p, C.REMOVE_CMAP_BASED_ON_SRC) },
		func(p *C.PIX) *C.PIX {
			switch C.pixGetDepth(p) {
			case 1, 8, 32:
				return C.pixClone(p)
			}
			return C.pixConvertTo8(p, 0)
		},
	} {
		q := simplify(p)
		C.congvan_pix_free(p)
		if q == nil {
			return nil, ErrDecode
		}
		p = q
	}
	return wrap(p)
}

// Pointer is the image for other C libraries.
func (p *Pix) Pointer() unsafe.Pointer { return unsafe.Pointer(p.p) }

// Width is the width in pixels.
func (p *Pix) Width() int { return int(C.pixGetWidth(p.p)) }

// Height is the height in pixels.
func (p *Pix) Height() int { return int(C.pixGetHeight(p.p)) }

// Depth is the number of bits a pixel.
func (p *Pix) Depth() int { return int(C.pixGetDepth(p.p)) }

// DPI is the resolution the file states, 0 if it states none.
func (p *Pix) DPI() int { return int(C.pixGetXRes(p.p)) }

// words returns the samples: rows of 32-bit words, the leftmost pixel in the
// highest bits.
func (p *Pix) words() (w []uint32, perRow int) {
	perRow = int(C.pixGetWpl(p.p))
	return unsafe.Slice((*uint32)(unsafe.Pointer(C.pixGetData(p.p))), perRow*int(C.pixGetHeight(p.p))), perRow
}

// Row copies row y of an 8-bit image to dst, or of a 32-bit image as red,
// green, blue, unused.
func (p *Pix) Row(y int, dst []byte) {
	words, n := p.words()
	row := words[y*n : (y+1)*n]
	full := min(len(dst)/4, len(row))
	for i, w := range row[:full] {
		binary.BigEndian.PutUint32(dst[4*i:], w)
	}
	if rest := dst[4*full:]; len(rest) > 0 && full < len(row) {
		var last [4]byte
		binary.BigEndian.PutUint32(last[:], row[full])
		copy(rest, last[:])
	}
}

// Bits returns row y of a 1-bit image, as words with the leftmost pixel in
// the highest bit. The slice is valid until Free.
func (p *Pix) Bits(y int) []uint32 {
	words, n := p.words()
	return words[y*n : (y+1)*n]
}

// Gray copies an 8-bit image, or a 1-bit image as 0 and 255.
func (p *Pix) Gray() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, p.Width(), p.Height()))
	for y := range p.Height() {
		row := m.Pix[y*m.Stride : (y+1)*m.Stride]
		if p.Depth() == 8 {
			p.Row(y, row)
			continue
		}
		bits := p.Bits(y)
		for x := range row {
			row[x] = byte(bits[x>>5]>>(31-x&31)&1) - 1
		}
	}
	return m
}

// FromGray copies m to C memory.
func FromGray(m *image.Gray) (*Pix, error) {
	if err := load(); err != nil {
		return nil, err
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	p, err := wrap(C.pixCreateNoInit(C.l_int32(w), C.l_int32(h), 8))
	if err != nil {
		return nil, err
	}
	words, n := p.words()
	for y := range h {
		pack(words[y*n:(y+1)*n], m.Pix[y*m.Stride:y*m.Stride+w])
	}
	return p, nil
}

// fromRaster copies r to C memory.
func fromRaster(r raster) (*Pix, error) {
	p, err := wrap(C.pixCreateNoInit(C.l_int32(r.width), C.l_int32(r.height), C.l_int32(r.depth)))
	if err != nil {
		return nil, err
	}
	words, n := p.words()
	for y := range r.height {
		r.row(y, words[y*n:(y+1)*n])
	}
	return p, nil
}

// Luminance returns an 8-bit image of a 32-bit one.
func (p *Pix) Luminance() (*Pix, error) { return wrap(C.pixConvertTo8(p.p, 0)) }

// Clip returns a part of an image of any depth.
func (p *Pix) Clip(r image.Rectangle) (*Pix, error) {
	b := C.boxCreate(C.l_int32(r.Min.X), C.l_int32(r.Min.Y), C.l_int32(r.Dx()), C.l_int32(r.Dy()))
	defer C.boxDestroy(&b)
	return wrap(C.pixClipRectangle(p.p, b, nil))
}

// Threshold returns the 1-bit image of an 8-bit one: black below t.
func (p *Pix) Threshold(t int) (*Pix, error) {
	return wrap(C.pixThresholdToBinary(p.p, C.l_int32(t)))
}

// Reduce halves a 1-bit image once for each rank.
func (p *Pix) Reduce(ranks ...Rank) (*Pix, error) {
	var l [4]C.l_int32
	for i, r := range ranks {
		l[i] = C.l_int32(r)
	}
	return wrap(C.pixReduceRankBinaryCascade(p.p, l[0], l[1], l[2], l[3]))
}

// Clone returns another handle for the same image.
func (p *Pix) Clone() (*Pix, error) { return wrap(C.pixClone(p.p)) }

// Expand repeats each pixel of a 1-bit image n times in both directions;
// n is 1, 2, 4, 8 or 16.
func (p *Pix) Expand(n int) (*Pix, error) {
	return wrap(C.pixExpandBinaryPower2(p.p, C.l_int32(n)))
}

// Skew returns the angle in degrees by which a 1-bit image must be turned
// clockwise to make its lines of text level, and how sure that is: the ratio
// of the best to the worst score in the sweep; below 3 is doubtful. sweep and
// search are the reductions (1, 2, 4, 8) at which the angle is looked for
// coarsely and finely, limit the largest angle.
func (p *Pix) Skew(sweep, search int, limit float64) (angle, conf float64, ok bool) {
	var a, c C.l_float32
	if C.pixFindSkewSweepAndSearch(p.p, &a, &c, C.l_int32(sweep), C.l_int32(search),
		C.l_float32(limit), 1, 0.01) != 0 {
		return 0, 0, false
	}
	return float64(a), float64(c), true
}

// RotateQuarters turns an image clockwise by n quarters.
func (p *Pix) RotateQuarters(n int) (*Pix, error) {
	return wrap(C.pixRotateOrth(p.p, C.l_int32(n&3)))
}

// Rotate turns an 8-bit image clockwise about its middle by an angle in
// degrees, interpolating; what comes in from outside is white. The size stays.
func (p *Pix) Rotate(angle float64) (*Pix, error) {
	return wrap(C.pixRotateAMGray(p.p, C.l_float32(angle*math.Pi/180), 255))
}

// Flatten divides an 8-bit image by its background, which becomes 200.
func (p *Pix) Flatten() (*Pix, error) {
	return wrap(C.pixBackgroundNormSimple(p.p, nil, nil))
}

// Blur averages n×n pixels of an 8-bit image, n odd.
func (p *Pix) Blur(n int) (*Pix, error) {
	return wrap(C.pixBlockconvGray(p.p, nil, C.l_int32(n/2), C.l_int32(n/2)))
}

// Dilate thickens the black of a 1-bit image by a w×h brick.
func (p *Pix) Dilate(w, h int) (*Pix, error) {
	return wrap(C.congvan_dilate(p.p, C.l_int32(w), C.l_int32(h)))
}

// Open leaves the black of a 1-bit image that holds a w×h brick.
func (p *Pix) Open(w, h int) (*Pix, error) {
	return wrap(C.congvan_open(p.p, C.l_int32(w), C.l_int32(h)))
}

// Close fills the white of a 1-bit image that holds no w×h brick.
func (p *Pix) Close(w, h int) (*Pix, error) {
	return wrap(C.pixCloseSafeBrick(nil, p.p, C.l_int32(w), C.l_int32(h)))
}

// Fill returns the parts of mask that are connected with a pixel of p.
func (p *Pix) Fill(mask *Pix) (*Pix, error) {
	return wrap(C.pixSeedfillBinary(nil, p.p, mask.p, 8))
}

// And returns the pixels that are black in both.
func (p *Pix) And(q *Pix) (*Pix, error) { return wrap(C.pixAnd(nil, p.p, q.p)) }

// Or returns the pixels that are black in either.
func (p *Pix) Or(q *Pix) (*Pix, error) { return wrap(C.pixOr(nil, p.p, q.p)) }

// Minus returns the pixels that are black in p and not in q.
func (p *Pix) Minus(q *Pix) (*Pix, error) { return wrap(C.pixSubtract(nil, p.p, q.p)) }

// Invert exchanges dark and light in boxes of an image of any depth.
func (p *Pix) Invert(boxes ...image.Rectangle) error {
	for _, r := range boxes {
		if r = r.Intersect(image.Rect(0, 0, p.Width(), p.Height())); r.Empty() {
			continue
		}
		if C.congvan_pix_invert(p.p, C.l_int32(r.Min.X), C.l_int32(r.Min.Y), C.l_int32(r.Dx()), C.l_int32(r.Dy())) != 0 {
			return errFailed
		}
	}
	return nil
}

// Paint sets the pixels of p, 1 or 8 bits deep, that are black in mask to v.
func (p *Pix) Paint(mask *Pix, v byte) error {
	if C.pixSetMasked(p.p, mask.p, C.l_uint32(v)) != 0 {
		return errFailed
	}
	return nil
}

// Larger returns the components of a 1-bit image that are more than n pixels
// wide or high.
func (p *Pix) Larger(n int) (*Pix, error) {
	return wrap(C.pixSelectBySize(p.p, C.l_int32(n), C.l_int32(n), 8,
		C.L_SELECT_IF_EITHER, C.L_SELECT_IF_GT, nil))
}

// Blank returns a white 1-bit image of p's size.
func (p *Pix) Blank() (*Pix, error) {
	return wrap(C.pixCreate(C.pixGetWidth(p.p), C.pixGetHeight(p.p), 1))
}

// Frame returns a 1-bit image of p's size with n black pixels along its edge.
func (p *Pix) Frame(n int) (*Pix, error) {
	q, err := p.Blank()
	if err != nil {
		return nil, err
	}
	b := C.l_int32(n)
	C.pixSetOrClearBorder(q.p, b, b, b, b, C.PIX_SET)
	return q, nil
}

// Blacken fills boxes of a 1-bit image with black.
func (p *Pix) Blacken(boxes ...image.Rectangle) error {
	bounds := image.Rect(0, 0, p.Width(), p.Height())
	for _, r := range boxes {
		if r = r.Intersect(bounds); r.Empty() {
			continue
		}
		if C.pixRasterop(p.p, C.l_int32(r.Min.X), C.l_int32(r.Min.Y), C.l_int32(r.Dx()), C.l_int32(r.Dy()),
			C.PIX_SET, nil, 0, 0) != 0 {
			return errFailed
		}
	}
	return nil
}

// Fit returns a 1-bit image of w×h pixels, cut from this one or extended by
// its last row and column.
func (p *Pix) Fit(w, h int) (*Pix, error) {
	q, err := wrap(C.pixCreate(C.l_int32(w), C.l_int32(h), 1))
	if err != nil {
		return nil, err
	}
	pw, ph := C.l_int32(p.Width()), C.l_int32(p.Height())
	copied := C.pixRasterop(q.p, 0, 0, pw, ph, C.PIX_SRC, p.p, 0, 0)
	for x := pw; x < C.l_int32(w); x++ {
		copied |= C.pixRasterop(q.p, x, 0, 1, ph, C.PIX_SRC, q.p, pw-1, 0)
	}
	for y := ph; y < C.l_int32(h); y++ {
		copied |= C.pixRasterop(q.p, 0, y, C.l_int32(w), 1, C.PIX_SRC, q.p, 0, ph-1)
	}
	if copied != 0 {
		q.Free()
		return nil, errFailed
	}
	return q, nil
}

// Count returns the number of black pixels of a 1-bit image.
func (p *Pix) Count() int {
	var n C.l_int32
	C.pixCountPixels(p.p, &n, nil)
	return int(n)
}

// Components returns the connected components (of eight neighbours) of a
// 1-bit image, with the number of their pixels.
func (p *Pix) Components() ([]Component, error) {
	var pa *C.PIXA
	ba := C.pixConnComp(p.p, &pa, 8)
	if ba == nil {
		return nil, errFailed
	}
	defer C.boxaDestroy(&ba)
	defer C.pixaDestroy(&pa)
	boxes := rectangles(ba)
	out := make([]Component, len(boxes))
	for i, r := range boxes {
		out[i] = Component{r, int(C.congvan_pixa_area(pa, C.l_int32(i)))}
	}
	return out, nil
}

// Boxes returns the boxes alone, which is faster.
func (p *Pix) Boxes() ([]image.Rectangle, error) {
	ba := C.pixConnCompBB(p.p, 8)
	if ba == nil {
		return nil, errFailed
	}
	defer C.boxaDestroy(&ba)
	return rectangles(ba), nil
}

func rectangles(ba *C.BOXA) []image.Rectangle {
	out := make([]image.Rectangle, int(C.boxaGetCount(ba)))
	for i := range out {
		var x, y, w, h C.l_int32
		C.boxaGetBoxGeometry(ba, C.l_int32(i), &x, &y, &w, &h)
		out[i] = image.Rect(int(x), int(y), int(x+w), int(y+h))
	}
	return out
}
