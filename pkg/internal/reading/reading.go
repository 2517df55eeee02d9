// Package reading takes a document from its file to corrected words. The walk of
// a page is Reader.Page, to be read from top to bottom; each of its steps is a
// package below this one:
//
//	file ─ document ─ image ─ imaging ─ ocr ─ correct ─ letter ─ output
//	          └ text layer, if sound ──────────┘
//
// A Job does that for all pages of a document and makes its outputs. The steps
// that run C code, imaging and ocr/tesseract, run in worker processes (Serve).
// This package knows no flags, prints nothing, and nothing of other documents.
package reading

import (
	"context"
	"fmt"
	"image"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// A Reader reads pages. It is used by any number of goroutines at a time.
type Reader struct {
	// Engines read images and prepare them for it: an *ocr.Pool.
	Engines interface {
		Do(context.Context, ocr.Task) (*ocr.Reading, error)
	}
	// Langs names the readers, as Tesseract's data are named: "vie", "eng". The
	// words are those of the first, the others are its witnesses.
	Langs []string
	// TextLayer says what is done with text that a PDF page holds already.
	TextLayer LayerMode
	// Deaf leaves out that of a page whose image is read, which is a witness
	// otherwise, where there is no other.
	Deaf bool
	// Restorer corrects what was read, and tells whether a text layer is sound.
	Restorer *restore.Restorer
	// AsRead leaves the words as they were read.
	AsRead bool
	// KeepImages returns the images as the readers saw them.
	KeepImages bool
}

// A Page is a page that was read.
type Page struct {
	*ocr.Page
	Number int    // from 1
	Own    bool   // the text is the page's own, as it stands in the PDF
	Over   bool   // the page has text of its own that this is to stand for
	Seen   []byte // the image file that was read, if it was to be kept
	Damage error  // why parts of the page may be missing; nil: nothing is known
}

// Page reads page n of doc, counted from 0. Errors are of type *fault.Error, but
// for those that concern every page (*ocr.DataError) and those of ctx.
func (r *Reader) Page(ctx context.Context, doc *document.Document, n int) (*Page, error) {
	l := r.layer(ctx, doc, n)
	page := &Page{Number: n + 1, Over: l.page != nil && !l.scan}
	if l.taken {
		page.Page, page.Own = l.page, true
		if !r.AsRead && !l.sound {
			page.Page, page.Own = correct(r.Restorer, []*ocr.Page{l.page}, nil), false
		}
		if !r.AsRead {
			markRoles(page.Page)
		}
		return page, nil
	}
	err := r.image(ctx, doc, n, page, l)
	if fixed := r.instead(l, err); fixed != nil && ctx.Err() == nil {
		page.Page, page.Damage = fixed, doc.PageError(n, fmt.Errorf("%w; its text layer stands in", err))
		return page, nil
	}
	if err != nil {
		return nil, pageError(ctx, doc, n, err)
	}
	if page.Over && page.Text() == "" { // lone letters are too few to be known as sound, or to be read
		page.Page, page.Own = l.page, true
	}
	return page, nil
}

// image reads the image of a page.
func (r *Reader) image(ctx context.Context, doc *document.Document, n int, page *Page, l ownText) error {
	task, err := r.look(ctx, doc, n)
	if err != nil {
		return err
	}
	page.Damage = task.Damage
	if size := task.Size; min(size.X, size.Y) < leastSide {
		page.Page = &ocr.Page{Size: size, DPI: task.Image.DPI}
		return nil
	}
	reading, err := r.Engines.Do(ctx, task.Task)
	if err != nil {
		return err
	}
	page.Seen = reading.Prepared
	page.Page = reading.Pages[0]
	if !r.AsRead {
		page.Page = correct(r.Restorer, reading.Pages, r.Langs)
		if l.page != nil && !r.Deaf && len(r.Langs) == 1 {
			page.Page = hear(r.Restorer, reading.Pages[0], page.Page, l.page, r.Langs[0])
		}
		doubtDigits(page.Page)
	}
	putOver(page.Page, task.Over)
	page.Regions = append(page.Regions, task.Marks...)
	if !r.AsRead {
		mendSigns(page.Page)
		markHand(page.Page)
		markRoles(page.Page)
		leaveOutNoise(page.Page)
	}
	return nil
}

// instead returns what stands in for a page whose image can't be read: its text
// layer, restored as well as can be; nil if there is none, or the document is not
// at fault.
func (r *Reader) instead(l ownText, err error) *ocr.Page {
	if err == nil || l.page == nil || fault.ClassOf(err) == fault.Tool {
		return nil
	}
	if r.AsRead {
		return l.page
	}
	return correct(r.Restorer, []*ocr.Page{l.page}, nil)
}

// leastSide is how many pixels an image must have in either direction to hold text.
const leastSide = 5

// looked is a task for the engines, and what is known of its image besides.
type looked struct {
	ocr.Task
	Size   image.Point  // in pixels
	Over   []ocr.Line   // printed over it, and not in it
	Marks  []ocr.Region // the same, and no text
	Damage error        // what is wrong with its file
}

// look takes the image of a page. It is encoded for the engines: that is enough to
// wait with.
func (r *Reader) look(ctx context.Context, doc *document.Document, n int) (task looked, err error) {
	img, err := doc.Image(ctx, n)
	if err != nil {
		return task, err
	}
	if img.Damage != nil {
		task.Damage = doc.PageError(n, img.Damage)
	}
	task.Task = ocr.Task{Image: ocr.FromImage(img.Image, img.DPI), Langs: r.Langs, Keep: r.KeepImages}
	task.Size, task.Over, task.Marks = img.Image.Bounds().Size(), img.Over, img.Regions
	return task, nil
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
