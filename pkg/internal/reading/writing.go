package reading

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// writing is the outputs of a document in the making.
type writing struct {
	about   output.Document
	writers []output.Writer
	review  *whole.File // nil: none is wanted

	confidence float64 // sum over words
	words      int
	leftOut    int
	blank      []int // pages without words, from 1
}

// begin starts all outputs. create makes the one with the given ending.
func (w *writing) begin(o *Options, create func(ending string) (io.Writer, error)) error {
	for _, name := range o.Formats {
		f, err := output.Lookup(name)
		if err != nil {
			return err
		}
		to, err := create(f.Extension)
		if err != nil {
			return err
		}
		if err := w.add(name, to, o.Output); err != nil {
			return err
		}
	}
	if o.Review == "" {
		return nil
	}
	file := o.Review
	if o.Reviews {
		if file = filepath.FromSlash(w.about.Path); !filepath.IsLocal(file) {
			return nil
		}
		file = filepath.Join(o.Review, file+".html")
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
	}
	var err error
	if w.review, err = whole.Create(file); err != nil {
		return err
	}
	return w.add("html", w.review, o.Output)
}

// add starts an output.
func (w *writing) add(format string, to io.Writer, opts output.Options) error {
	ow, err := output.New(format, to, opts)
	if err != nil {
		return err
	}
	w.writers = append(w.writers, ow)
	return ow.Begin(&w.about)
}

// page takes the next page into all outputs.
func (w *writing) page(p *output.Page) error {
	if p.Page != nil {
		before := w.words
		for _, l := range p.Lines {
			for _, word := range l.Words {
				w.confidence += word.Confidence
				w.words++
			}
		}
		for _, l := range p.LeftOut {
			w.leftOut += len(l.Words)
		}
		if w.words == before && p.Err == nil {
			w.blank = append(w.blank, p.Number)
		}
	}
	for _, ow := range w.writers {
		if err := ow.Page(p); err != nil {
			return err
		}
	}
	return nil
}

// imageOf returns the image of page n, counted from 0, as the writers take it.
func imageOf(doc *document.Document, n int) (output.Image, error) {
	data, dpi, err := doc.Encoded(context.Background(), n)
	return output.Image{Data: data, DPI: dpi}, err
}

// finish completes all outputs.
func (w *writing) finish() error {
	for _, ow := range w.writers {
		if err := ow.End(&w.about); err != nil {
			return err
		}
	}
	if w.review == nil {
		return nil
	}
	err := w.review.Commit()
	w.review = nil
	return err
}

// discard takes back the review page if it is not finished; the other outputs are for
// the caller.
func (w *writing) discard() {
	if w.review != nil {
		w.review.Discard()
	}
}

// Confidence is the mean over the words, 0 to 1; 0 if there are none.
func (w *writing) Confidence() float64 { return w.confidence / float64(max(w.words, 1)) }

// Words is how many words the outputs have.
func (w *writing) Words() int { return w.words }

// LeftOut is how many words were read and taken for noise.
func (w *writing) LeftOut() int { return w.leftOut }

// Blank returns the pages, from 1, that were read and have no words.
func (w *writing) Blank() []int { return w.blank }

// Notes say what the outputs do not keep of the document. They are known after
// Finish.
func (w *writing) Notes() []string { return w.about.Notes }
