package reading

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// A Rendering makes the outputs of a document from its JSON output, without reading
// a page again: other formats, another layout. Corrections in it are kept.
type Rendering struct {
	writing
	file *output.File
	open func() (*document.Document, error)
	doc  *document.Document // nil until a writer has wanted an image
}

// Again starts on a document that was read before, from its JSON output in the file
// kept.
func (o *Options) Again(ctx context.Context, src Source, kept string, create func(ending string) (io.Writer, error)) (*Rendering, error) {
	f, err := os.Open(kept)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &Rendering{}
	if r.file, err = output.Decode(f); err != nil {
		return nil, err
	}
	if r.file.Source.SHA256 != src.SHA256 || len(r.file.Pages) == 0 {
		return nil, errors.New("it is not of this document")
	}
	r.file.Source.Path = src.Name
	r.about = *r.file.Document()
	if r.about.PDF, err = pdfPath(src.Path); err != nil {
		return nil, err
	}
	r.open = func() (*document.Document, error) { return document.Open(ctx, src.Path, o.Document) }
	if err := r.begin(o, create); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// pdfPath is the path if the file is a PDF, or empty.
func pdfPath(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, document.SniffLen))
	if kind, _ := document.Sniff(head); err != nil || kind != document.PDF {
		return "", err
	}
	return path, nil
}

// Pages is the number of pages.
func (r *Rendering) Pages() int { return len(r.file.Pages) }

// Number is the number, from 1, of page n.
func (r *Rendering) Number(n int) int { return r.file.Pages[n].Number }

// Read does nothing: the page was read.
func (r *Rendering) Read(context.Context, int) error { return nil }

// Emit takes page n, counted from 0, into the outputs.
func (r *Rendering) Emit(n int, _ error) error {
	page := r.file.Pages[n].Page()
	page.Image = func() (_ output.Image, err error) {
		if r.doc == nil {
			if r.doc, err = r.open(); err != nil {
				return output.Image{}, err
			}
		}
		return imageOf(r.doc, page.Number-1)
	}
	return r.page(page)
}

// Finish completes the outputs.
func (r *Rendering) Finish() error { return r.finish() }

// Close frees what the rendering holds.
func (r *Rendering) Close() error {
	r.discard()
	if r.doc == nil {
		return nil
	}
	return r.doc.Close()
}
