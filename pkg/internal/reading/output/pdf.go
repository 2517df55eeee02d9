package output

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoders of page images
	_ "image/jpeg"
	_ "image/png"
	"io"
	"iter"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// pdfWriter writes searchable PDF. Pages that are images go into a new file one
// by one. If the source is a PDF, what is added to it waits for the end: only then
// does it show whether a copy keeps all pages as they are, and if none does, their
// images make a new file.
type pdfWriter struct {
	w       io.Writer
	opts    Options
	source  string // empty: none
	waiting *spool
	images  []func() (Image, error) // of the pages that wait
	builder *pdf.Builder
}

func newPDF(w io.Writer, opts Options) Writer { return &pdfWriter{w: w, opts: opts} }

func (p *pdfWriter) Begin(d *Document) (err error) {
	if p.source = d.PDF; p.source != "" {
		p.waiting, err = newSpool()
		return err
	}
	p.builder, err = pdf.NewBuilder(p.w, p.opts.generator(), p.opts.PDFA)
	return err
}

func (p *pdfWriter) Page(page *Page) error {
	sheet := pdfSheet{Number: page.Number, Text: page.layer(), Keep: page.Keep || page.Page == nil, Failed: page.Err != nil}
	if page.Page != nil {
		sheet.DPI = page.DPI
	}
	sheet.Text.Over = page.Over
	if p.waiting != nil {
		p.images = append(p.images, page.Image)
		return p.waiting.add(sheet)
	}
	if err := p.build(sheet, page.Image, pdftools.Size{}); err != nil && page.Err == nil {
		return err
	}
	return nil
}

// build adds a page to a new file, of a size if that is known. A page without an image
// has its text alone.
func (p *pdfWriter) build(s pdfSheet, get func() (Image, error), size pdftools.Size) error {
	img, dpi, err := pdfImage(get, p.opts.PDFA)
	if w, h := size.Shown(); w > 0 && h > 0 && img != nil && img.Turn == 0 {
		return cmp.Or(p.builder.AddSized(img, w, h, s.Text), err)
	}
	if s.DPI > 0 {
		dpi = s.DPI
	}
	return cmp.Or(p.builder.Add(img, float64(dpi), s.Text), err)
}

func (p *pdfWriter) End(d *Document) error {
	about := aboutOf(d)
	if p.waiting == nil {
		about.Title = cmp.Or(about.Title, nameOf(d))
		p.builder.Describe(about)
		return p.builder.Close()
	}
	defer p.waiting.close()
	if p.opts.PDFA {
		if nature, ok := pdf.NatureOf(p.source); !ok || !nature.Archive {
			return p.archive(d, about, nature.Extras, ok)
		}
	}
	kept, err := pdf.AddText(context.Background(), p.w, p.source, about, func(yield func(int, pdf.Text) bool) {
		for s := range p.waiting.all() {
			if !s.Keep && !yield(s.Number, s.Text) {
				return
			}
		}
	})
	switch {
	case p.waiting.err != nil:
		return p.waiting.err
	case err == nil && kept == pdf.Mended:
		d.note("damaged: the PDF copy was mended by qpdf", p.source)
	case err == nil && kept == pdf.Reencrypted:
		d.note("encrypted: the PDF copy was written anew by qpdf, with the same permissions", p.source)
	case errors.Is(err, pdf.ErrNotKept) && !slices.ContainsFunc(p.images, func(f func() (Image, error)) bool { return f == nil }):
		d.note(fmt.Sprintf("the PDF copy was made anew of page images, without links, outlines and attachments: %v", err), p.source)
		return p.rebuild(d, about)
	}
	return err
}

// archive makes PDF/A of a PDF: of the images of its pages. known: extras is all that
// it has beside them.
func (p *pdfWriter) archive(d *Document, about pdf.About, extras []string, known bool) error {
	var born []string
	for s := range p.waiting.all() {
		if s.Keep && len(s.Text.Lines) > 0 {
			born = append(born, fmt.Sprint(s.Number))
		}
	}
	if p.waiting.err != nil {
		return p.waiting.err
	}
	if len(born) > 0 {
		d.note("PDF/A: page images stand for the born-digital pages "+strings.Join(born, ", "), p.source)
	}
	switch {
	case !known:
		d.note("PDF/A: made of page images, without links, outlines and attachments, if there are any", p.source)
	case len(extras) > 0:
		d.note("PDF/A: made of page images, without "+strings.Join(extras, ", "), p.source)
	}
	return p.rebuild(d, about)
}

// rebuild makes a file of the images of all pages.
func (p *pdfWriter) rebuild(d *Document, about pdf.About) (err error) {
	if d.Whole > 0 {
		return fmt.Errorf("a PDF of page images would lack the pages that were not read: %w", pdf.ErrNotKept)
	}
	if p.builder, err = pdf.NewBuilder(p.w, p.opts.generator(), p.opts.PDFA); err != nil {
		return err
	}
	about.Title = cmp.Or(about.Title, nameOf(d))
	p.builder.Describe(about)
	// As far as can be asked for, each page keeps its size to the point.
	info, _ := pdftools.AskInfo(context.Background(), p.source, pdftools.Pages{First: 1, Last: math.MaxInt32}, 0)
	i := 0
	for s := range p.waiting.all() {
		if err := p.build(s, p.images[i], info.Sizes[s.Number]); err != nil && !s.Failed {
			return fmt.Errorf("page %d: %w", s.Number, err)
		}
		i++
	}
	return cmp.Or(p.waiting.err, p.builder.Close())
}

// aboutOf is what the letter says of itself.
func aboutOf(d *Document) pdf.About {
	l := d.Letter
	if l == nil {
		return pdf.About{}
	}
	a := pdf.About{Creator: clean(l.Issuer), Date: l.Date, Number: clean(l.Number), Subject: clean(l.Subject), Kind: clean(l.Type)}
	if l.Language != "und" {
		a.Lang = l.Language
	}
	if strings.Contains(a.Number, "?") { // a part of it is doubtful
		a.Number = ""
	}
	a.Title = strings.TrimSpace(a.Kind + " " + a.Number)
	if a.Subject != "" {
		a.Title = strings.TrimPrefix(a.Title+": "+a.Subject, ": ")
	}
	for _, f := range letter.Fields() {
		if f.Name == "language" || f.Name == "attachments" { // About.Lang has the one; the others are pages of the file
			continue
		}
		var values []string
		for _, v := range f.Values(l) {
			if v = clean(v); v != "" {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			a.Fields = append(a.Fields, pdf.Property{Name: f.Name, Values: values, List: f.List})
		}
	}
	return a
}

// nameOf is the name of a document's file, without its ending: a title for want of a
// better one.
func nameOf(d *Document) string {
	name := path.Base(filepath.ToSlash(d.Path))
	return clean(strings.TrimSuffix(name, path.Ext(name)))
}

// note adds a note on the copy of the PDF at path that is not the source with
// something after it.
func (d *Document) note(s, path string) {
	if pdf.Signed(path) {
		s += "; its digital signature does not hold for the copy"
	}
	d.Notes = append(d.Notes, s)
}

// pdfSheet is a page that waits for the end of its document.
type pdfSheet struct {
	Number int // from 1
	DPI    int // of the image; 0 if unknown
	Text   pdf.Text
	Keep   bool // the source has this text already
	Failed bool // the page could not be read
}

// spool keeps pages in a file: a document may have thousands.
type spool struct {
	f   *os.File
	enc *json.Encoder
	err error // of reading
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "congvan-")
	if err != nil {
		return nil, err
	}
	return &spool{f: f, enc: json.NewEncoder(f)}, nil
}

func (s *spool) add(p pdfSheet) error { return s.enc.Encode(p) }

// all yields the pages in the order of add.
func (s *spool) all() iter.Seq[pdfSheet] {
	return func(yield func(pdfSheet) bool) {
		if _, s.err = s.f.Seek(0, io.SeekStart); s.err != nil {
			return
		}
		dec := json.NewDecoder(s.f)
		for {
			var p pdfSheet
			if err := dec.Decode(&p); err != nil {
				if err != io.EOF {
					s.err = err
				}
				return
			}
			if !yield(p) {
				return
			}
		}
	}
}

func (s *spool) close() {
	s.f.Close()
	os.Remove(s.f.Name())
}

// layer returns the text of the page for a PDF.
func (p *Page) layer() pdf.Text {
	size := p.size()
	t := pdf.Text{Width: float64(size.X), Height: float64(size.Y), Turn: p.turn()}
	if t.Width == 0 || t.Height == 0 {
		t.Width, t.Height = 595, 842 // a page of text without boxes
	}
	for i, l := range p.printed() {
		words := make([]pdf.Word, len(l.Words))
		at := l.Box
		if at.Empty() {
			at = image.Rect(36, 36+16*i, 559, 48+16*i)
		}
		for j, w := range l.Words {
			b := w.Box
			if b.Empty() { // share the line out
				b = image.Rect(at.Min.X+at.Dx()*j/len(l.Words), at.Min.Y, at.Min.X+at.Dx()*(j+1)/len(l.Words)-1, at.Max.Y)
			}
			words[j] = pdf.Word{Text: w.Text, X0: float64(b.Min.X), Y0: float64(b.Min.Y), X1: float64(b.Max.X), Y1: float64(b.Max.Y)}
		}
		t.Lines = append(t.Lines, words)
	}
	return t
}

var errPrinter = errors.New("the colours are a printer's")

// pdfImage returns the image of a page for a PDF, as it is where that can be;
// nil for a page without one, and with an error. screen has a printer's colours made a
// screen's.
func pdfImage(get func() (Image, error), screen bool) (*pdf.Image, int, error) {
	if get == nil {
		return nil, 0, nil
	}
	src, err := get()
	if err != nil {
		return nil, 0, err
	}
	copied, err := pdf.Copy(src.Data)
	if err == nil && screen && copied.Printer() {
		copied, err = nil, errPrinter
	}
	if err == nil && !copied.MayBeBilevel() {
		return copied, src.DPI, nil
	}
	pix, decodeErr := src.decode()
	if decodeErr != nil {
		return nil, 0, decodeErr
	}
	img := pdf.Encode(pix)
	if err == nil && copied.Len() <= img.Len() {
		img = copied
	}
	return img, src.DPI, nil
}

// exifTurn is the turn that the EXIF data of an encoded image ask for.
func (i Image) exifTurn() int {
	if i.Pixels == nil {
		if img, err := pdf.Copy(i.Data); err == nil {
			return img.Turn
		}
	}
	return 0
}

// decode returns the pixels of an image.
func (i Image) decode() (image.Image, error) {
	if i.Pixels != nil {
		return i.Pixels, nil
	}
	img, _, err := image.Decode(bytes.NewReader(i.Data))
	if err != nil {
		return nil, fmt.Errorf("decoding the page image: %w", err)
	}
	return img, nil
}
