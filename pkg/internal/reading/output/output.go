// Package output writes what was read from a document: plain text, JSON, TSV,
// hOCR, ALTO, searchable PDF, and a page for checking by eye. Every writer
// takes a document page by page and holds at most one page, so that the number
// of pages does not matter. Reading a JSON file back and correcting it is here
// too; where files are and how they are replaced is for the callers.
package output

import (
	"fmt"
	"image"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Document is what is known of the source of pages.
type Document struct {
	Path   string // as the user named it; "-" is standard input
	Size   int64  // in bytes
	SHA256 string // in hexadecimal
	Pages  int    // that are read; 0 if not known before the end
	Whole  int    // pages of the source, where not all are read; 0: no more than Pages
	Reader string // what read it: "vie,eng", "text layer"; may be empty
	Model  string // what corrected it; may be empty

	// PDF is the path of the source when it is a PDF whose pages the PDF writer
	// is to keep; empty for any other source.
	PDF string

	// Notes say what of the source an output does not keep. Writers add to them at
	// End.
	Notes []string

	// Letter holds the fields of an official letter; nil if there are none.
	// It may be set as late as End.
	Letter *letter.Letter

	// Corrections are those that a person made in the text.
	Corrections []Correction
}

// Page is one page of a document. The embedded page may be nil or empty: a
// page that could not be read is still a page. It is one that Clean returned, in
// reading order (layout.Columns). Its Turn is from the page as a viewer shows it;
// boxes are in pixels of the turned page.
type Page struct {
	*ocr.Page
	Number int // from 1

	// Image returns the image of the page. It is nil if there is none. The PDF
	// writer needs it where the source is no PDF; the report, always.
	Image func() (Image, error)

	// Keep is set when the text is that of the source PDF itself: the PDF writer
	// then leaves the page as it is.
	Keep bool

	// Over is set when the source PDF has text of its own on the page that is not
	// to be found beside this.
	Over bool

	Err error // why the page, or parts of it, could not be read; nil if it was
}

// Image is a page image before the turn of its page. One of Data and Pixels is
// enough.
type Image struct {
	// Data is an encoded image of one page: PNG, JPEG, GIF, TIFF, WebP or BMP. A
	// JPEG or PNG goes into a PDF as it is. The orientation in the EXIF data of
	// a JPEG counts.
	Data   []byte
	Pixels image.Image // upright
	DPI    int         // 0 if unknown
}

// A Writer writes one document: Begin, Page for every page in order, End.
type Writer interface {
	Begin(*Document) error
	Page(*Page) error
	End(*Document) error
}

// A Format is a kind of output.
type Format struct {
	Name      string // as on the command line
	Extension string // with its dot
	About     string
	Binary    bool // not for a terminal

	open func(io.Writer, Options) Writer
}

// Options of the writers. The zero value is ready to use.
type Options struct {
	Layout     bool   // text: keep columns and indents with spaces
	Paragraphs bool   // text: a paragraph a line, words cut at the end of a line put together
	Lang       string // of the review page: one of ReportLanguages; the first if empty
	PDFA       bool   // PDF: PDF/A-2b, of page images
	Generator  string // name and version of this program, for the formats that record it; "congvan" if empty
}

func (o Options) generator() string {
	if o.Generator == "" {
		return "congvan"
	}
	return clean(o.Generator)
}

var formats = []Format{
	{Name: "txt", Extension: ".txt", About: "plain text in reading order, pages parted by form feeds", open: newText},
	{Name: "json", Extension: ".json", About: "everything: lines, words, boxes, confidences, alternatives, letter fields", open: newJSON},
	{Name: "pdf", Extension: ".pdf", About: "the pages as they were, with the text as an invisible layer", Binary: true, open: newPDF},
	{Name: "hocr", Extension: ".hocr", About: "hOCR 1.2", open: newHOCR},
	{Name: "alto", Extension: ".alto.xml", About: "ALTO 4", open: newALTO},
	{Name: "html", Extension: ".html", About: "a page for checking by eye and correcting, images included", open: newReport},
	{Name: "tsv", Extension: ".tsv", About: "a word a line, columns as Tesseract has them", open: newTSV},
	{Name: "tables", Extension: ".tables.tsv", About: "the tables alone, a row a line, cells parted by tabs", open: newTables},
}

// Formats returns the formats that New knows.
func Formats() []Format { return slices.Clone(formats) }

// Names returns the names of the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// Lookup returns the format of that name.
func Lookup(name string) (Format, error) {
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("unknown format %q, want one of %s", name, strings.Join(Names(), ", "))
}

// New returns a writer of the named format.
func New(name string, w io.Writer, opts Options) (Writer, error) {
	f, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	return f.open(w, opts), nil
}

// Write writes a whole document in the named format.
func Write(w io.Writer, name string, doc *Document, pages iter.Seq2[*Page, error], opts Options) error {
	out, err := New(name, w, opts)
	if err != nil {
		return err
	}
	if err := out.Begin(doc); err != nil {
		return err
	}
	for p, err := range pages {
		if err != nil {
			return err
		}
		if err := out.Page(p); err != nil {
			return fmt.Errorf("page %d: %w", p.Number, err)
		}
	}
	return out.End(doc)
}

// turn of the page before it was read.
func (p *Page) turn() int {
	if p.Page == nil {
		return 0
	}
	return p.Turn
}

// size of the page in pixels.
func (p *Page) size() image.Point {
	if p.Page == nil {
		return image.Point{}
	}
	return p.Size
}

// lines of the page.
func (p *Page) lines() []ocr.Line {
	if p.Page == nil {
		return nil
	}
	return p.Lines
}

// printed returns the lines of the page without what is written by hand, or stamped.
func (p *Page) printed() []ocr.Line {
	var out []ocr.Line
	for _, l := range p.lines() {
		if l.Role == ocr.RoleReceived {
			continue
		}
		if slices.ContainsFunc(l.Words, func(w ocr.Word) bool { return w.Hand }) {
			l.Words = slices.DeleteFunc(slices.Clone(l.Words), func(w ocr.Word) bool { return w.Hand })
		}
		if len(l.Words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// blocks groups lines by block, and those of a block by paragraph, where they
// follow each other.
func blocks(lines []ocr.Line) [][][]ocr.Line {
	var out [][][]ocr.Line
	for i, l := range lines {
		switch {
		case i == 0 || l.Block != lines[i-1].Block:
			out = append(out, [][]ocr.Line{{l}})
		case l.Par != lines[i-1].Par || l.Role != lines[i-1].Role:
			out[len(out)-1] = append(out[len(out)-1], []ocr.Line{l})
		default:
			b := out[len(out)-1]
			b[len(b)-1] = append(b[len(b)-1], l)
		}
	}
	return out
}
