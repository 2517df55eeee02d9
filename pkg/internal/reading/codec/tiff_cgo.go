//go:build cgo

package codec

/*
#cgo LDFLAGS: -Wl,--as-needed
#cgo pkg-config: libtiff-4
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <tiffio.h>

// The first error of the file that was opened last, and its last warning.
static char said[512], warned[512];

static void on_error(thandle_t h, const char *module, const char *format, va_list args) {
	if (said[0] == 0) vsnprintf(said, sizeof said, format, args);
}

static void on_warning(thandle_t h, const char *module, const char *format, va_list args) {
	vsnprintf(warned, sizeof warned, format, args);
}

static TIFF *congvan_open(const char *path, uint64_t at) {
	said[0] = 0;
	TIFFSetWarningHandler(NULL);
	TIFFSetWarningHandlerExt(on_warning);
	TIFFSetErrorHandler(NULL);
	TIFFSetErrorHandlerExt(on_error);
	TIFF *t = TIFFOpen(path, "r");
	if (t != NULL && at != 0 && !TIFFSetSubDirectory(t, at)) {
		TIFFClose(t);
		return NULL;
	}
	if (t != NULL) said[0] = 0; // of tags: what an image needs is missed when it is read
	return t;
}

static const char *congvan_said(void) { return said; }

// Reads a strip. Of one that fails, libtiff may say no more than a warning.
static int congvan_strip(TIFF *t, uint32_t strip, void *buf) {
	warned[0] = 0;
	if (TIFFReadEncodedStrip(t, strip, buf, -1) >= 0) return 1;
	if (said[0] == 0) snprintf(said, sizeof said, "%s", warned[0] ? warned : "a strip cannot be decoded");
	return 0;
}

// TIFFGetField takes a variable number of arguments, which cgo does not call.
static uint32_t congvan_long(TIFF *t, uint32_t tag) { uint32_t v = 0; TIFFGetFieldDefaulted(t, tag, &v); return v; }
static uint16_t congvan_short(TIFF *t, uint32_t tag, uint16_t otherwise) {
	uint16_t v = otherwise;
	return TIFFGetFieldDefaulted(t, tag, &v) ? v : otherwise;
}
static uint16_t congvan_alpha(TIFF *t) {
	uint16_t n = 0, *types = NULL;
	return TIFFGetFieldDefaulted(t, TIFFTAG_EXTRASAMPLES, &n, &types) && n > 0 && types != NULL ? types[0] : 0;
}
static void congvan_lay_flat(TIFF *t) { TIFFSetField(t, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT); }
*/
import "C"

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unsafe"

	"github.com/congvan-cli/congvan/pkg/internal/reading/clib"
)

// tiffPage is an open TIFF file at one of its pages.
type tiffPage struct {
	t             *C.TIFF
	w, h          int
	bits, samples int // bits a sample, samples a pixel
	photometric   int
}

// decodeTIFF writes the page whose directory is at offset at as PNM, as it lies in
// the file: its orientation is for the caller. It returns what libtiff said of
// damage.
func decodeTIFF(out io.Writer, path string, at int64, maxPixels int) (said string, err error) {
	if err := clib.Load(clib.Leptonica); err != nil {
		return "", err
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	t := C.congvan_open(name, C.uint64_t(at))
	if t == nil {
		return "", errorf(ErrDamaged, "libtiff: %s", libtiffSaid("cannot open it"))
	}
	defer C.TIFFClose(t)
	p := tiffPage{
		t: t, w: int(C.congvan_long(t, C.TIFFTAG_IMAGEWIDTH)), h: int(C.congvan_long(t, C.TIFFTAG_IMAGELENGTH)),
		bits: int(C.congvan_short(t, C.TIFFTAG_BITSPERSAMPLE, 1)), samples: int(C.congvan_short(t, C.TIFFTAG_SAMPLESPERPIXEL, 1)),
		photometric: int(C.congvan_short(t, C.TIFFTAG_PHOTOMETRIC, C.PHOTOMETRIC_MINISWHITE)),
	}
	switch {
	case p.w <= 0 || p.h <= 0:
		return "", errorf(ErrDamaged, "libtiff: an image of %d x %d pixels", p.w, p.h)
	case p.w > maxPixels/p.h:
		return "", tooLarge(p.w, p.h, maxPixels)
	}
	if c := C.congvan_short(t, C.TIFFTAG_COMPRESSION, C.COMPRESSION_NONE); C.TIFFIsCODECConfigured(c) == 0 {
		return "", errorf(ErrUnsupported, "libtiff: compression %d is not known to it", c)
	}
	w := bufio.NewWriterSize(out, 1<<16)
	if p.plain() {
		err = p.strips(w)
	} else {
		err = p.raster(w)
	}
	if err == nil {
		err = w.Flush()
	}
	return libtiffSaid(""), err
}

func libtiffSaid(otherwise string) string {
	if s := C.GoString(C.congvan_said()); s != "" {
		return s
	}
	return otherwise
}

// plain reports whether the strips hold the samples of PNM: one sample a pixel, of
// 1 or 8 bits, black or white at 0.
func (p *tiffPage) plain() bool {
	return p.samples == 1 && (p.bits == 1 || p.bits == 8) && C.TIFFIsTiled(p.t) == 0 &&
		(p.photometric == C.PHOTOMETRIC_MINISWHITE || p.photometric == C.PHOTOMETRIC_MINISBLACK)
}

// strips writes a plain page. What a broken strip does not give stays white; it is
// an error if no strip gives anything but that.
func (p *tiffPage) strips(w io.Writer) error {
	kind, row := "P5\n%d %d\n255\n", p.w
	if p.bits == 1 {
		kind, row = "P4\n%d %d\n", (p.w+7)/8
	}
	// PBM has 1 for black, PGM 255 for white.
	invert := (p.bits == 1) == (p.photometric == C.PHOTOMETRIC_MINISBLACK)
	white := byte(0)
	if p.photometric == C.PHOTOMETRIC_MINISBLACK {
		white = 0xff
	}
	size := int(C.TIFFStripSize(p.t))
	if size <= 0 || size < row {
		return errorf(ErrDamaged, "libtiff: %s", libtiffSaid("no strips"))
	}
	buf := (*C.uint8_t)(C.malloc(C.size_t(size)))
	if buf == nil {
		return errorf(ErrDamaged, "libtiff: a strip of %d bytes", size)
	}
	defer C.free(unsafe.Pointer(buf))
	data := unsafe.Slice((*byte)(unsafe.Pointer(buf)), size)
	fmt.Fprintf(w, kind, p.w, p.h)
	paper := bytes.Repeat([]byte{white}, size)
	empty, left := true, p.h
	for s := C.uint32_t(0); left > 0; s++ {
		copy(data, paper)
		rows := data[:min(left, size/row)*row]
		if s < C.TIFFNumberOfStrips(p.t) {
			good := C.congvan_strip(p.t, s, unsafe.Pointer(buf)) != 0
			empty = empty && !good && bytes.Equal(rows, paper[:len(rows)])
		}
		if invert {
			for i := range rows {
				rows[i] ^= 0xff
			}
		}
		if _, err := w.Write(rows); err != nil {
			return err
		}
		left -= len(rows) / row
	}
	if empty {
		return errorf(ErrDamaged, "libtiff: %s", libtiffSaid("no strips"))
	}
	return nil
}

// raster writes a page of any kind that libtiff converts to red, green and blue.
// What is transparent is shown on white; a fourth sample that is not said to be
// opacity is none.
func (p *tiffPage) raster(w io.Writer) error {
	var emsg [1024]C.char
	if C.TIFFRGBAImageOK(p.t, &emsg[0]) == 0 {
		return errorf(ErrUnsupported, "libtiff: %s", C.GoString(&emsg[0]))
	}
	alpha := C.congvan_alpha(p.t)
	C.congvan_lay_flat(p.t)
	raster := (*C.uint32_t)(C.calloc(C.size_t(p.w)*C.size_t(p.h), 4))
	if raster == nil {
		return errorf(ErrDamaged, "libtiff: no memory for %d x %d pixels", p.w, p.h)
	}
	defer C.free(unsafe.Pointer(raster))
	if C.TIFFReadRGBAImageOriented(p.t, C.uint32_t(p.w), C.uint32_t(p.h), raster, C.ORIENTATION_TOPLEFT, 0) == 0 {
		return errorf(ErrDamaged, "libtiff: %s", libtiffSaid("the image cannot be decoded"))
	}
	pixels := unsafe.Slice((*uint32)(unsafe.Pointer(raster)), p.w*p.h)
	fmt.Fprintf(w, "P6\n%d %d\n255\n", p.w, p.h)
	row := make([]byte, 3*p.w)
	for y := range p.h {
		for x, v := range pixels[y*p.w : (y+1)*p.w] {
			r, g, b := byte(v), byte(v>>8), byte(v>>16)
			if alpha == C.EXTRASAMPLE_ASSOCALPHA || alpha == C.EXTRASAMPLE_UNASSALPHA { // multiplied already
				paper := 0xff - byte(v>>24)
				r, g, b = add(r, paper), add(g, paper), add(b, paper)
			}
			row[3*x], row[3*x+1], row[3*x+2] = r, g, b
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

func add(a, b byte) byte { return byte(min(int(a)+int(b), 0xff)) }
