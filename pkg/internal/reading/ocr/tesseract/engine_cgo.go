//go:build cgo

package tesseract

import (
	"context"
	"fmt"

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
	c, err := e.client(lang)
	if err != nil {
		return nil, err
	}
	pix, err := leptonica.Decode(img.Data, 0)
	if err != nil {
		return nil, fmt.Errorf("decoding the image: %w", err)
	}
	defer pix.Free()
	c.setDPI(img.DPI)
	p, err := c.read(pix)
	if err != nil {
		return nil, err
	}
	p.DPI = img.DPI
	if e.opts.Again {
		if err := c.readAgain(ctx, img, pix, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (e *engine) Close() error {
	for _, c := range e.clients {
		c.close()
	}
	e.clients = nil
	return nil
}

// client returns the handle for lang.
func (e *engine) client(lang string) (*client, error) {
	if c := e.clients[lang]; c != nil {
		return c, nil
	}
	dir, err := FindData(e.opts.DataDir, lang)
	if err != nil {
		return nil, err
	}
	c, err := newClient(dir, lang)
	if err != nil {
		return nil, err
	}
	e.clients[lang] = c
	return c, nil
}
