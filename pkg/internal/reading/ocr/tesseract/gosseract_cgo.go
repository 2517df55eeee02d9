//go:build cgo

package tesseract

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/otiai10/gosseract/v2"

	"github.com/congvan-cli/congvan/pkg/internal/reading/clib"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// client is a handle of Tesseract for one language. gosseract is the binding; this file
// alone knows it, and goes round what it does not do well (as of v2.4.1):
//
//   - It starts Tesseract at the first reading, and if that fails writes the complaint
//     into a buffer of 512 bytes that stdio takes for 8 kB: the data are looked for
//     first (FindData).
//   - An image that Leptonica can't decode is read as none: it is tried first.
//   - What is set before Tesseract starts is not sure to outlast the start, but for
//     variables, which are set again: page mode and resolution are set as such.
//   - It has no iterator over words with their alternatives and lines: hOCR has.
type client struct {
	tesseract *gosseract.Client
	dpi       int // last set
}

// mode says what an image holds.
type mode gosseract.PageSegMode

const (
	wholePage = mode(gosseract.PSM_AUTO) // the library's own default is one block
	oneBlock  = mode(gosseract.PSM_SINGLE_BLOCK)
	oneLine   = mode(gosseract.PSM_SINGLE_LINE)
	oneWord   = mode(gosseract.PSM_SINGLE_WORD)
)

// newClient returns a handle that has not started. dir has the data for lang.
func newClient(dir, lang string) (*client, error) {
	for _, l := range []clib.Library{clib.Leptonica, clib.Tesseract} { // gosseract calls both
		if err := clib.Load(l); err != nil {
			return nil, err
		}
	}
	c := &client{tesseract: gosseract.NewClient()}
	return c, errors.Join(c.tesseract.SetTessdataPrefix(dir), c.tesseract.SetLanguage(lang), c.setMode(wholePage))
}

func (c *client) Close() error { return c.tesseract.Close() }

// read reads an image file.
func (c *client) read(data []byte) (*ocr.Page, error) {
	if !leptonica.Readable(data) {
		return nil, errors.New("Tesseract cannot decode this image")
	}
	if err := c.tesseract.SetImageFromBytes(data); err != nil {
		return nil, err
	}
	hocr, err := c.tesseract.HOCRText()
	if err != nil {
		return nil, err
	}
	p, err := parseHOCR([]byte(hocr))
	if err != nil {
		return nil, fmt.Errorf("Tesseract's answer: %w", err)
	}
	return p, nil
}

// setMode says what an image holds.
func (c *client) setMode(m mode) error {
	return c.tesseract.SetVariable("tessedit_pageseg_mode", strconv.Itoa(int(m)))
}

// setDPI tells Tesseract the resolution, which PNM images do not carry. 0
// lets it estimate.
func (c *client) setDPI(dpi int) error {
	if dpi < 70 || dpi > 2400 {
		dpi = 0
	}
	if dpi == c.dpi {
		return nil
	}
	c.dpi = dpi
	return c.tesseract.SetVariable("user_defined_dpi", strconv.Itoa(dpi))
}
