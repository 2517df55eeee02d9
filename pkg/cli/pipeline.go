package cli

import (
	"context"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A pipeline takes a page from its document to what the readers made of it.
// Its fields are the steps; the zero value of a step leaves it out. It is used
// by several goroutines at a time.
type pipeline struct {
	readers interface { // an *ocr.Pool, whose workers also prepare the image
		Do(context.Context, ocr.Task) (*ocr.Reading, error)
	}
	langs []string // one reading each
	keep  bool     // return the images as the readers saw them
	// takeLayer decides whether a PDF page's own text is taken as it is and its
	// image left unread. It is asked about layers that can be the text of their
	// page; nil: the layers are not looked at.
	takeLayer func(*document.TextLayer) bool
}

// A pageRead is one page after the readers.
type pageRead struct {
	number   int                 // from 0
	layer    *document.TextLayer // nil if there is none that counts
	readings []*ocr.Page         // one a language, in their order; or that of the layer
	seen     []byte              // the image file that was read, if it was to be kept
	damage   error               // parts of the page may be missing
}

// read reads page n of doc. Errors are of type *document.Error, but for those
// that concern every page (*ocr.DataError) and those of ctx.
func (p *pipeline) read(ctx context.Context, doc *document.Document, n int) (*pageRead, error) {
	r := &pageRead{number: n}
	if p.takeLayer != nil {
		// A layer that cannot be read is no reason not to read the image.
		if l, err := doc.TextLayer(ctx, n); err == nil && l.Counts() {
			r.layer = l
			if p.takeLayer(l) {
				r.readings = []*ocr.Page{l.Page}
				return r, nil
			}
		}
	}
	img, err := doc.Image(ctx, n)
	if err != nil {
		return nil, pageError(ctx, doc, n, err)
	}
	if img.Damage != nil {
		r.damage = doc.PageError(n, img.Damage)
	}
	task := ocr.Task{Image: ocr.FromImage(img.Image, img.DPI), Langs: p.langs, Keep: p.keep}
	img = nil // the encoded image is enough to wait with
	reading, err := p.readers.Do(ctx, task)
	if err != nil {
		return nil, pageError(ctx, doc, n, err)
	}
	r.readings, r.seen = reading.Pages, reading.Prepared
	return r, nil
}

// pageError makes err an error about page n of doc.
func pageError(ctx context.Context, doc *document.Document, n int, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault.ClassOf(err) == fault.Tool {
		return err
	}
	return doc.PageError(n, err)
}
