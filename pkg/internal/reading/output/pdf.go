package output

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // decoders of page images
	_ "image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
)

// pdfWriter writes searchable PDF. A source that is a PDF is copied byte for
// byte, and the text of its pages is appended as an incremental update; other
// sources become a new file of their page images.
type pdfWriter struct {
	w       io.Writer
	opts    Options
	source  *pdf.Reader
	refs    []pdf.Ref
	update  *pdf.Updater
	builder *pdf.Builder
}

func newPDF(w io.Writer, opts Options) Writer { return &pdfWriter{w: w, opts: opts} }

func (p *pdfWriter) Begin(d *Document) error {
	if d.PDF == nil {
		return p.build()
	}
	src, size, err := d.PDF()
	if err != nil {
		return err
	}
	if p.source, err = pdf.Open(src, size); err == nil {
		p.refs, err = p.source.Pages()
	}
	if err != nil {
		// Encrypted or damaged: nothing can be added to it. Its page images, if
		// the caller has them, still make a PDF.
		p.source = nil
		return p.build()
	}
	p.update, err = pdf.NewUpdater(p.w, p.source)
	return err
}

func (p *pdfWriter) build() (err error) {
	p.builder, err = pdf.NewBuilder(p.w, p.opts.generator())
	return err
}

func (p *pdfWriter) Page(page *Page) error {
	if page.Keep {
		if p.update != nil {
			return nil
		}
	}
	text := page.layer()
	if p.update != nil {
		if page.Page == nil {
			return nil
		}
		if page.Number < 1 || page.Number > len(p.refs) {
			return fmt.Errorf("the source has no such page, only %d", len(p.refs))
		}
		target, err := p.source.Page(p.refs[page.Number-1])
		if err != nil {
			return err
		}
		return p.update.Replace(target, text)
	}
	img, dpi, err := page.image()
	if err != nil && page.Err == nil {
		return err
	}
	if page.Page != nil && page.DPI > 0 {
		dpi = page.DPI
	}
	return p.builder.Add(img, float64(dpi), text)
}

func (p *pdfWriter) End(*Document) error {
	if p.update != nil {
		return p.update.Close()
	}
	return p.builder.Close()
}

// layer returns the text of the page for a PDF.
func (p *Page) layer() pdf.Text {
	size := p.size()
	t := pdf.Text{Width: float64(size.X), Height: float64(size.Y), Turn: p.turn()}
	if t.Width == 0 || t.Height == 0 {
		t.Width, t.Height = 595, 842 // a page of text without boxes
	}
	for i, l := range p.lines() {
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

// image returns the image of the page for a PDF, as it is where that can be;
// nil for a page without one, and with an error.
func (p *Page) image() (*pdf.Image, int, error) {
	if p.Image == nil {
		return nil, 0, nil
	}
	src, err := p.Image()
	if err != nil {
		return nil, 0, err
	}
	copied, err := pdf.Copy(src.Data)
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
