// Package document opens what an archive holds (PDF, TIFF of many pages,
// PNG, JPEG, BMP, WebP, …) and gives its pages one at a time, as images at
// the resolution of the scan. Nothing is decoded before its turn, so a
// document of ten thousand pages costs no more memory than one of a single
// page. Reading the images is left to package ocr.
//
// PDF is read by the programs of poppler-utils, in processes of their own
// with a time limit: a file made to harm, or one that sends a parser round in
// circles, costs that file only.
package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Options tune Open. The zero value is ready to use.
type Options struct {
	// MaxPixels is the largest page image that is decoded; 0 means
	// DefaultMaxPixels. It stops files of a few bytes that unfold into
	// gigabytes.
	MaxPixels int
	// DPI is the resolution at which PDF pages that are not one scanned image
	// are drawn; 0 means 300.
	DPI int
	// Sound says whether the text that a page shows over its scan can be taken as it
	// is. nil: it is drawn, and read with the scan.
	Sound func(text string) bool
	// Timeout limits each run of a poppler program; 0 means two minutes.
	Timeout time.Duration
	// Decode has package codec decode an image file, in a process of its own: the
	// page of a TIFF file whose directory is at an offset, or the one image of
	// another kind (at is 0). use takes raw PNM; damage is what the library said of
	// damage that it got over. nil: TIFF, and what Go's decoders do not know, are
	// errors.
	Decode func(ctx context.Context, path string, at int64, use func(io.Reader) error) (damage string, err error)
}

// DefaultMaxPixels is an A0 sheet at 300 dpi, and half as much again.
const DefaultMaxPixels = 250_000_000

const (
	defaultDPI     = 300
	defaultTimeout = 2 * time.Minute
)

func (o Options) withDefaults() Options {
	if o.MaxPixels <= 0 {
		o.MaxPixels = DefaultMaxPixels
	}
	if o.DPI <= 0 {
		o.DPI = defaultDPI
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return o
}

// An Image is the image of one page, upright, with its origin at 0,0. The
// concrete type of Image is *image.Gray, or *image.RGBA (opaque) if the page
// has colours.
type Image struct {
	image.Image
	DPI    int   // 0 if unknown
	Damage error // what is wrong with the file, so that parts of the page may be missing; nil if nothing is known

	// Over is text that the page shows over a scan, and which Image is without; nil:
	// it is in Image, or there is none. Boxes are in pixels of Image.
	Over []ocr.Line
	// Regions are what else the page shows over it, and Image is without: watermarks.
	Regions []ocr.Region
}

// A Document is an open document. Its methods may be called by several
// goroutines at a time.
type Document struct {
	path  string
	kind  Kind
	opts  Options
	pages pages
}

// pages is what differs between kinds of documents. Page numbers start at 0.
type pages interface {
	count() int
	image(ctx context.Context, page int) (*Image, error)
	close() error
}

// Open looks at the file and counts its pages. Errors of Open and of the
// Document's methods are of type *fault.Error, but for those of ctx.
func Open(ctx context.Context, path string, opts Options) (*Document, error) {
	d := &Document{path: path, opts: opts.withDefaults()}
	head, err := d.head()
	if err != nil {
		return nil, err
	}
	var looks string
	d.kind, looks = Sniff(head)
	switch d.kind {
	case PDF:
		d.pages, err = openPDF(ctx, d)
	case TIFF:
		d.pages, err = openTIFF(d)
	case Text, Other:
		err = d.unknown(looks)
	default:
		d.pages = &single{d}
	}
	if err != nil {
		return nil, d.fail(0, "", err, "")
	}
	if d.pages.count() == 0 {
		d.pages.close()
		return nil, d.fail(0, fault.NoPages, fmt.Errorf("this %s has no pages", d.kind), "scan or export it again")
	}
	return d, nil
}

// head returns the first bytes of the file.
func (d *Document) head() ([]byte, error) {
	fi, err := os.Stat(d.path)
	if err != nil {
		return nil, d.fail(0, "", plain(err), "")
	}
	if !fi.Mode().IsRegular() {
		return nil, d.fail(0, fault.Unsupported, errors.New("not a regular file"), "")
	}
	f, err := os.Open(d.path)
	if err != nil {
		return nil, d.fail(0, "", plain(err), "")
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, SniffLen))
	if err != nil {
		return nil, d.fail(0, "", plain(err), "")
	}
	if len(head) == 0 {
		return nil, d.fail(0, fault.Empty, errors.New("the file is empty"), "copy or scan it again")
	}
	return head, nil
}

func (d *Document) unknown(looks string) error {
	switch {
	case looks == "text":
		return d.fail(0, fault.Unsupported, errors.New("this is text, where a PDF or an image is expected"), "use 'congvan restore' for text")
	case looks != "":
		return d.fail(0, fault.Unsupported, fmt.Errorf("this looks like %s, where a PDF or an image is expected", looks), "")
	case HasKnownName(d.path):
		return d.fail(0, fault.Damaged, fmt.Errorf("the start of the file is not that of a PDF or an image, whatever its name says"), "copy or scan it again")
	}
	return d.fail(0, fault.Unsupported, errors.New("not a PDF or an image that is known"), "")
}

// plain takes the path off an error of package os: Error names it already.
func plain(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Path returns the path given to Open.
func (d *Document) Path() string { return d.path }

// Kind returns the kind of the file.
func (d *Document) Kind() Kind { return d.kind }

// PDF returns the path of the PDF that is read: that of the document, or what qpdf has
// made of it while it is open, as mended says. It is empty for any other kind.
func (d *Document) PDF() (path string, mended bool) {
	if p, ok := d.pages.(*pdfPages); ok {
		return p.file, p.dir != ""
	}
	return "", false
}

// NumPages returns the number of pages, at least 1.
func (d *Document) NumPages() int { return d.pages.count() }

// Image decodes or draws a page, counted from 0.
func (d *Document) Image(ctx context.Context, page int) (*Image, error) {
	if page < 0 || page >= d.NumPages() {
		return nil, d.fail(page+1, fault.Other, fmt.Errorf("there are %d pages", d.NumPages()), "")
	}
	img, err := d.pages.image(ctx, page)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, d.fail(page+1, "", err, "")
	}
	return img, nil
}

// Encoded returns the image of a page as an image file and its resolution (0 if
// unknown): the file itself if it is one upright image of a common kind, else
// a PNG file.
func (d *Document) Encoded(ctx context.Context, page int) ([]byte, int, error) {
	if d.kind == PNG || d.kind == JPEG {
		data, err := os.ReadFile(d.path)
		if err != nil {
			return nil, 0, d.fail(page+1, "", plain(err), "")
		}
		if t := readMeta(d.kind, data); exifOrientations[t.Orientation] == (orientation{}) && t.squeeze() == 1 {
			cfg, err := codecs[d.kind].config(bytes.NewReader(data))
			if err != nil {
				return nil, 0, d.decodeError(page, err)
			}
			if err := d.checkSize(page, cfg.Width, cfg.Height); err != nil {
				return nil, 0, err
			}
			return data, t.dpi(image.Rect(0, 0, cfg.Width, cfg.Height)), nil
		}
	}
	img, err := d.Image(ctx, page)
	if p, ok := d.pages.(*pdfPages); ok && err == nil && len(img.Over) > 0 {
		img, err = p.shown(ctx, page)
	}
	if err != nil {
		return nil, 0, err
	}
	data, err := encodePNG(img.Image)
	return data, img.DPI, err
}

// ToPNG converts an image file of a kind that Go decodes, such as what a
// worker has read, to PNG.
func ToPNG(data []byte) ([]byte, error) {
	k, _ := Sniff(data)
	var m image.Image
	var err error
	if c, ok := codecs[k]; ok {
		m, err = c.decode(bytes.NewReader(data))
	} else {
		m, err = decodePNM(bytes.NewReader(data), func(int, int) error { return nil })
	}
	if err != nil {
		return nil, err
	}
	return encodePNG(m)
}

func encodePNG(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m)
	return b.Bytes(), err
}

// Close frees what the document holds.
func (d *Document) Close() error { return d.pages.close() }

// checkSize guards every decoder.
func (d *Document) checkSize(page, w, h int) error {
	if w <= 0 || h <= 0 {
		return d.fail(page+1, fault.Damaged, fmt.Errorf("an image of %d x %d pixels", w, h), "")
	}
	if w > d.opts.MaxPixels/h {
		return d.fail(page+1, fault.TooLarge, fmt.Errorf("an image of %d x %d pixels, where at most %d pixels are allowed", w, h, d.opts.MaxPixels),
			"if it is meant to be that large, raise --max-pixels")
	}
	return nil
}
