//go:build cgo

package tesseract

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/otiai10/gosseract/v2"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Available reports whether this binary can read images.
const Available = true

// engine keeps one Tesseract handle a language, so that two readers can take
// turns on a page without loading their data again.
type engine struct {
	opts    Options
	clients map[string]*client
}

type client struct {
	*gosseract.Client
	dpi int // last set
}

// New returns an Engine that reads in this process. Only a worker process
// should call it: see the package comment.
func New(opts Options) (ocr.Engine, error) {
	return &engine{opts: opts, clients: map[string]*client{}}, nil
}

// Read implements ocr.Engine. A Tesseract call cannot be interrupted: ctx is
// looked at before it only.
func (e *engine) Read(ctx context.Context, img ocr.Image, lang string) (*ocr.Page, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !leptonica.Readable(img.Data) {
		return nil, errors.New("Tesseract cannot decode this image")
	}
	c, err := e.client(lang)
	if err != nil {
		return nil, err
	}
	if err := c.setDPI(img.DPI); err != nil {
		return nil, err
	}
	p, err := c.read(img.Data)
	if err != nil {
		return nil, err
	}
	p.DPI = img.DPI
	if e.opts.Again {
		if err := c.readAgain(ctx, img, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// read reads an image file.
func (c *client) read(data []byte) (*ocr.Page, error) {
	if err := c.SetImageFromBytes(data); err != nil {
		return nil, err
	}
	hocr, err := c.HOCRText()
	if err != nil {
		return nil, err
	}
	p, err := parseHOCR([]byte(hocr))
	if err != nil {
		return nil, fmt.Errorf("Tesseract's answer: %w", err)
	}
	return p, nil
}

func (e *engine) Close() error {
	for _, c := range e.clients {
		c.Close()
	}
	e.clients = nil
	return nil
}

// client returns the handle for lang. The data file is looked at first: on
// failure gosseract's Init writes Tesseract's complaint into a buffer of 512
// bytes that stdio takes for 8 kB.
func (e *engine) client(lang string) (*client, error) {
	if c := e.clients[lang]; c != nil {
		return c, nil
	}
	dir, err := FindData(e.opts.DataDir, lang)
	if err != nil {
		return nil, err
	}
	c := &client{Client: gosseract.NewClient()}
	c.SetTessdataPrefix(dir)
	c.SetLanguage(lang)
	// The library's own default is "one block"; the command's is "auto".
	if err := c.setMode(gosseract.PSM_AUTO); err != nil {
		return nil, err
	}
	e.clients[lang] = c
	return c, nil
}

// setMode says what an image holds.
func (c *client) setMode(m gosseract.PageSegMode) error {
	return c.SetVariable("tessedit_pageseg_mode", strconv.Itoa(int(m)))
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
	return c.SetVariable("user_defined_dpi", strconv.Itoa(dpi))
}
