//go:build cgo

package tesseract

// #cgo LDFLAGS: -lleptonica
// #include <leptonica/allheaders.h>
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// readable reports whether Leptonica knows the image's format and can read its
// header. gosseract passes on a null pointer for an image that it cannot
// decode, and Tesseract follows it.
func readable(data []byte) bool {
	if len(data) == 0 {
		return false
	}
	return C.pixReadHeaderMem((*C.l_uint8)(unsafe.Pointer(&data[0])), C.size_t(len(data)), nil, nil, nil, nil, nil, nil) == 0
}

// DecodeImage decodes page (from 0) of an image file of any kind Leptonica
// knows and returns it as a PNM file. It is for what Go's own decoders do not
// cover, such as JPEG in TIFF. Call it from a child process: see the package
// comment.
func DecodeImage(data []byte, page, maxPixels int) ([]byte, error) {
	if len(data) == 0 {
		return nil, errors.New("the file is empty")
	}
	in, n := (*C.l_uint8)(unsafe.Pointer(&data[0])), C.size_t(len(data))
	var w, h C.l_int32
	if page == 0 && C.pixReadHeaderMem(in, n, nil, &w, &h, nil, nil, nil) == 0 && int(w)*int(h) > maxPixels {
		return nil, fmt.Errorf("the image has %d x %d pixels, more than %d", w, h, maxPixels)
	}
	var pix *C.PIX
	if page == 0 {
		pix = C.pixReadMem(in, n)
	} else {
		// Leptonica walks to the page by its offset.
		var offset C.size_t
		for i := 0; i <= page; i++ {
			C.pixDestroy(&pix)
			pix = C.pixReadMemFromMultipageTiff(in, n, &offset)
			if pix == nil || offset == 0 && i < page {
				break
			}
		}
	}
	if pix == nil {
		return nil, errors.New("Leptonica could not decode the image")
	}
	defer C.pixDestroy(&pix)
	return writePNM(pix)
}

func writePNM(pix *C.PIX) ([]byte, error) {
	flat := C.pixRemoveColormap(pix, C.REMOVE_CMAP_BASED_ON_SRC)
	if flat == nil {
		return nil, errors.New("Leptonica could not convert the image")
	}
	defer C.pixDestroy(&flat)
	var out *C.l_uint8
	var n C.size_t
	if C.pixWriteMem(&out, &n, flat, C.IFF_PNM) != 0 {
		return nil, errors.New("Leptonica could not convert the image")
	}
	defer C.free(unsafe.Pointer(out))
	return C.GoBytes(unsafe.Pointer(out), C.int(n)), nil
}
