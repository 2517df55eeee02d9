//go:build cgo

package tesseract

/*
#cgo LDFLAGS: -Wl,--as-needed
#cgo CXXFLAGS: -fno-exceptions
#cgo pkg-config: tesseract lept
#include <stdlib.h>
#include <leptonica/allheaders.h>
#include "words_cgo.h"
*/
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/otiai10/gosseract/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/reading/clib"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// client is a handle of Tesseract for one language. gosseract starts and ends it. Images
// are handed over in memory, and words taken word by word, past gosseract (as of v2.4.1),
// which decodes an image file for each reading and knows boxes without lines, or hOCR: 6 %
// of a page.
type client struct {
	tesseract *gosseract.Client
	api       *C.TessBaseAPI // its own
	dpi       int            // last set
}

// mode says what an image holds.
type mode C.TessPageSegMode

const (
	wholePage = mode(C.PSM_AUTO) // the library's own default is one block
	oneBlock  = mode(C.PSM_SINGLE_BLOCK)
	oneLine   = mode(C.PSM_SINGLE_LINE)
	oneWord   = mode(C.PSM_SINGLE_WORD)
)

// newClient returns a handle that reads whole pages with the data for lang in dir.
func newClient(dir, lang string) (*client, error) {
	for _, l := range []clib.Library{clib.Leptonica, clib.Tesseract} {
		if err := clib.Load(l); err != nil {
			return nil, err
		}
	}
	c := &client{tesseract: gosseract.NewClient()}
	c.api = (*C.TessBaseAPI)(reflect.ValueOf(c.tesseract).Elem().FieldByName("api").UnsafePointer())
	err := errors.Join(c.tesseract.SetTessdataPrefix(dir), c.tesseract.SetLanguage(lang))
	c.tesseract.Text() // starts, and then misses an image
	if err != nil || *C.TessBaseAPIGetInitLanguagesAsString(c.api) == 0 {
		c.tesseract.Close()
		return nil, errors.Join(fmt.Errorf("Tesseract cannot use its data for %s in %s", lang, dir), err)
	}
	c.setMode(wholePage)
	return c, nil
}

func (c *client) close() { c.tesseract.Close() }

// read reads an image.
func (c *client) read(img *leptonica.Pix) (*ocr.Page, error) {
	C.TessBaseAPISetImage2(c.api, (*C.struct_Pix)(img.Pointer()))
	C.TessBaseAPISetSourceResolution(c.api, max(C.int(c.dpi), leastDPI))
	if C.TessBaseAPIRecognize(c.api, nil) != 0 {
		return nil, errors.New("Tesseract cannot read this image")
	}
	p := &ocr.Page{Size: image.Pt(img.Width(), img.Height())}
	it := C.TessBaseAPIGetIterator(c.api)
	defer C.TessResultIteratorDelete(it)
	var w C.struct_congvan_word
	for block, par := 0, 0; C.congvan_word(it, &w) != 0; {
		if w.starts_block != 0 {
			block, par = block+1, 0
		}
		if w.starts_par != 0 {
			par++
		}
		if w.starts_line != 0 || len(p.Lines) == 0 {
			p.Lines = append(withWordsOnly(p.Lines), ocr.Line{Box: image.Rect(int(w.line_left), int(w.line_top), int(w.line_right), int(w.line_bottom)), Block: block, Par: par})
		}
		l := &p.Lines[len(p.Lines)-1]
		if text := textOf(w.text); text != "" {
			sure := float64(min(max(int(w.sure), 0), 100)) / 100
			l.Words = append(l.Words, ocr.Word{
				Read: text, Text: text, Sure: sure, Confidence: sure,
				Box: image.Rect(int(w.left), int(w.top), int(w.right), int(w.bottom)),
			})
		}
	}
	p.Lines = withWordsOnly(p.Lines)
	return p, nil
}

// withWordsOnly leaves the last line out if it has no words: Tesseract makes words of
// white space of pictures and rules.
func withWordsOnly(lines []ocr.Line) []ocr.Line {
	if n := len(lines); n > 0 && len(lines[n-1].Words) == 0 {
		return lines[:n-1]
	}
	return lines
}

// textOf takes a text from Tesseract.
func textOf(text *C.char) string {
	defer C.TessDeleteText(text)
	s := bytes.ToValidUTF8([]byte(C.GoString(text)), []byte("\uFFFD"))
	return norm.NFC.String(string(bytes.TrimSpace(s)))
}

// setMode says what an image holds.
func (c *client) setMode(m mode) { C.TessBaseAPISetPageSegMode(c.api, C.TessPageSegMode(m)) }

// A resolution below the least or above the most Tesseract does not believe.
const leastDPI, mostDPI = 70, 2400

// setDPI tells Tesseract the resolution. 0 lets it estimate.
func (c *client) setDPI(dpi int) {
	if dpi < leastDPI || dpi > mostDPI {
		dpi = 0
	}
	if dpi == c.dpi {
		return
	}
	c.dpi = dpi
	name, value := C.CString("user_defined_dpi"), C.CString(strconv.Itoa(dpi))
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(value))
	C.TessBaseAPISetVariable(c.api, name, value)
}
