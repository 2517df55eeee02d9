package cli

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/document"
	"github.com/congvan-cli/congvan/pkg/ocr"
)

// A pipeline takes a page from its document to what the readers made of it.
// Its fields are the steps; the zero value of a step leaves it out. It is used
// by several goroutines at a time.
type pipeline struct {
	engine  ocr.Engine // safe for several goroutines: an *ocr.Pool
	readers []string   // languages; each reads every page
	prepare func(ctx context.Context, img *document.Image) (*document.Image, error)
	// takeLayer decides whether a PDF page's own text is taken as it is and its
	// image left unread. It is asked about layers that can be the text of their
	// page; nil: the layers are not looked at.
	takeLayer func(*document.TextLayer) bool
}

// A pageRead is one page after the readers.
type pageRead struct {
	number   int                 // from 0
	image    *document.Image     // as read, after preparation; nil if the layer was taken
	layer    *document.TextLayer // nil if there is none that counts
	readings []*ocr.Page         // one a reader, in their order; or that of the layer
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
	if err == nil && p.prepare != nil {
		img, err = p.prepare(ctx, img)
	}
	if err != nil {
		return nil, pageError(ctx, doc, n, err)
	}
	r.image, r.readings = img, make([]*ocr.Page, len(p.readers))
	raw := ocr.FromImage(img.Image, img.DPI)
	g, gctx := errgroup.WithContext(ctx)
	for i, lang := range p.readers {
		g.Go(func() (err error) {
			r.readings[i], err = p.engine.Read(gctx, raw, lang)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, pageError(ctx, doc, n, err)
	}
	return r, nil
}

// pageError makes err an error about page n of doc.
func pageError(ctx context.Context, doc *document.Document, n int, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if document.ClassOf(err) == document.ClassTool {
		return err
	}
	return doc.PageError(n, err)
}
