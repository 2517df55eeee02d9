package reading

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// Options say how documents are opened, read and written.
type Options struct {
	Reader   Reader
	Document document.Options
	Model    string   // what reads and corrects, for the outputs that say so
	Formats  []string // names that output.Lookup knows
	Output   output.Options
	Pages    Pages  // that are read; nil: all
	Review   string // a file for the review page of the one document there is; empty: none
	Reviews  bool   // Review is a folder for those of all documents
	Images   string // a folder for the images as they were read; empty: not kept
}

// A Source is a document to be read.
type Source struct {
	Path   string // the file
	Name   string // below the inputs, with slashes: what outputs call it
	Size   int64
	SHA256 string
}

// A Job is a document on its way to its outputs. Read may be called for several
// pages at once; Emit takes them in order, each after its Read.
type Job struct {
	writing
	opts   *Options
	source Source
	doc    *document.Document
	pages  []int         // that are read, counted from 0
	letter letter.Parser // of the pages emitted
	order  order         // of the same

	mu    sync.Mutex
	reads map[int]*Page // read, not emitted yet
}

// Open starts on a document. create makes the output with the given ending.
func (o *Options) Open(ctx context.Context, src Source, create func(ending string) (io.Writer, error)) (*Job, error) {
	from := o.Document
	from.Sound = o.Reader.sound
	doc, err := document.Open(ctx, src.Path, from)
	if err != nil {
		return nil, err
	}
	j := &Job{opts: o, source: src, doc: doc, pages: o.Pages.of(doc.NumPages()), reads: map[int]*Page{}}
	if len(j.pages) == 0 {
		doc.Close()
		return nil, fault.Errorf(fault.NoPages, "none of the pages %s is among its %d", o.Pages, doc.NumPages())
	}
	j.about = output.Document{Path: src.Name, Size: src.Size, SHA256: src.SHA256, Pages: len(j.pages), Reader: strings.Join(o.Reader.Langs, ","), Model: o.Model}
	if n := doc.NumPages(); n > len(j.pages) {
		j.about.Whole = n
	}
	file, mended := doc.PDF()
	if j.about.PDF = file; mended {
		j.about.Notes = append(j.about.Notes, "damaged: the PDF was read as qpdf has mended it")
	}
	if err := j.begin(o, create); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

// Pages is the number of pages that are read.
func (j *Job) Pages() int { return len(j.pages) }

// Number is the number, from 1, of the n-th page that is read.
func (j *Job) Number(n int) int { return j.pages[n] + 1 }

// Read reads the n-th page, counted from 0. An error that is Kept is about a page of
// which parts may be missing.
func (j *Job) Read(ctx context.Context, n int) error {
	n = j.pages[n]
	p, err := j.opts.Reader.Page(ctx, j.doc, n)
	if err != nil {
		return err
	}
	if err := j.keepImage(p); err != nil {
		return err
	}
	p.Page = layout.Columns(output.Clean(p.Page))
	if !j.opts.Reader.AsRead && !p.Own {
		mendInOrder(p.Lines)
	}
	p.Language = source.Language(p.Text())
	j.mu.Lock()
	j.reads[n] = p
	j.mu.Unlock()
	var damage *fault.Error
	if errors.As(p.Damage, &damage) {
		kept := *damage
		kept.Kept = true
		return &kept
	}
	return p.Damage
}

// keepImage writes the image of a page as it was read.
func (j *Job) keepImage(p *Page) error {
	if len(p.Seen) == 0 || !filepath.IsLocal(j.source.Name) {
		return nil
	}
	data, err := document.ToPNG(p.Seen)
	if err != nil {
		return err
	}
	p.Seen = nil
	name := filepath.Join(j.opts.Images, filepath.FromSlash(j.source.Name), fmt.Sprintf("%04d.png", p.Number))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return whole.WriteBytes(name, data)
}

// Emit takes the n-th page into the outputs. readErr is why it, or a part of it, could
// not be read.
func (j *Job) Emit(n int, readErr error) error {
	n = j.pages[n]
	j.mu.Lock()
	p := j.reads[n]
	delete(j.reads, n)
	j.mu.Unlock()
	page := &output.Page{Number: n + 1, Err: readErr, Image: func() (output.Image, error) { return imageOf(j.doc, n) }}
	if p != nil {
		if !j.opts.Reader.AsRead && !p.Own {
			j.order.mend(p.Lines)
		}
		page.Page, page.Keep, page.Over = p.Page, p.Own, p.Over
		j.letter.Add(p.Number, p.Page)
	}
	return j.page(page)
}

// Finish completes the outputs.
func (j *Job) Finish() error {
	j.about.Letter = j.letter.Letter()
	return j.finish()
}

// Close frees what the job holds; outputs that are not finished are for the caller
// to discard.
func (j *Job) Close() error {
	j.discard()
	return j.doc.Close()
}
