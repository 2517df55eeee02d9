package output

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// SchemaName and SchemaVersion open every JSON file. A new version number
// means that something was taken away or changed its meaning; additions keep it.
const (
	SchemaName    = "congvan"
	SchemaVersion = 1
)

// Schema is the JSON Schema of what the JSON writer writes.
//
//go:embed schema.json
var Schema []byte

// File is a whole JSON output in memory.
type File struct {
	Schema    string         `json:"schema"`
	Version   int            `json:"version"`
	Generator string         `json:"generator"`
	Source    Source         `json:"source"`
	Pages     []FilePage     `json:"pages"`
	Letter    *letter.Letter `json:"letter"`
	Language  string         `json:"language,omitempty"` // that most words are in, by ISO 639

	Corrections []Correction `json:"corrections,omitempty"` // that a person made, in this order, each for the text after those before it
}

// Source says what a JSON file was made from.
type Source struct {
	Path   string `json:"path"`
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Pages  int    `json:"pages,omitempty"` // of the document, where not all were read
	Reader string `json:"reader,omitempty"`
	Model  string `json:"model,omitempty"`
}

// FilePage is a page of a File.
type FilePage struct {
	Number int    `json:"number"`
	Width  int    `json:"width"`  // of the image that was read, in pixels
	Height int    `json:"height"` // the same
	DPI    int    `json:"dpi,omitempty"`
	Turn   int    `json:"turn,omitempty"`
	Keep   bool   `json:"keep,omitempty"`
	Over   bool   `json:"over,omitempty"`
	Error  string `json:"error,omitempty"`

	Language string `json:"language,omitempty"` // by ISO 639

	Regions []FileRegion `json:"regions,omitempty"`
	LeftOut []FileLine   `json:"left_out,omitempty"` // words taken for noise: in no other output
	Lines   []FileLine   `json:"lines"`
}

// FileRegion is a place of a FilePage that is no print.
type FileRegion struct {
	Kind ocr.RegionKind `json:"kind"`
	Box  Box            `json:"box"`
}

// FileLine is a line of a FilePage.
type FileLine struct {
	Box       Box        `json:"box"`
	Block     int        `json:"block"`
	Paragraph int        `json:"paragraph"`
	Cell      ocr.Cell   `json:"cell,omitzero"`
	Role      ocr.Role   `json:"role,omitempty"`
	Words     []FileWord `json:"words"`
}

// FileWord is a word of a FileLine.
type FileWord struct {
	Box          Box               `json:"box"`
	Text         string            `json:"text"`
	Read         string            `json:"read,omitempty"` // where it differs from text
	Confidence   float64           `json:"confidence"`
	Alternatives []ocr.Alternative `json:"alternatives,omitempty"`
	Corrected    bool              `json:"corrected,omitempty"` // by a person
	Hand         bool              `json:"hand,omitempty"`      // written by hand: in no other output
}

// Box is [left, top, right, bottom] in pixels; right and bottom lie outside.
type Box [4]int

// Rectangle returns b as an image rectangle.
func (b Box) Rectangle() image.Rectangle { return image.Rect(b[0], b[1], b[2], b[3]) }

func toBox(r image.Rectangle) Box { return Box{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y} }

// jsonWriter writes a File page by page, a line of text a line.
type jsonWriter struct {
	w         *bufio.Writer
	opts      Options
	pages     int
	languages ocr.Languages
}

func newJSON(w io.Writer, opts Options) Writer { return &jsonWriter{w: bufio.NewWriter(w), opts: opts} }

func (j *jsonWriter) Begin(d *Document) error {
	fmt.Fprintf(j.w, "{\n\"schema\": %q,\n\"version\": %d,\n\"generator\": ", SchemaName, SchemaVersion)
	j.value(j.opts.generator())
	j.w.WriteString(",\n\"source\": ")
	j.value(Source{Path: clean(d.Path), Size: d.Size, SHA256: d.SHA256, Pages: d.Whole, Reader: d.Reader, Model: d.Model})
	_, err := j.w.WriteString(",\n\"pages\": [")
	return err
}

func (j *jsonWriter) Page(p *Page) error { return j.filePage(toFilePage(p)) }

func (j *jsonWriter) filePage(p FilePage) error {
	if j.pages > 0 {
		j.w.WriteByte(',')
	}
	j.pages++
	for _, l := range p.Lines {
		j.languages.Add(p.Language, len(l.Words))
	}
	head := p
	head.Lines = nil
	var buf bytes.Buffer
	if err := encode(&buf, head); err != nil {
		return err
	}
	j.w.WriteByte('\n')
	j.w.Write(bytes.TrimSuffix(buf.Bytes(), []byte("null}\n"))) // "lines" is the last field
	j.w.WriteByte('[')
	writeItems(j, p.Lines)
	j.w.WriteString("]}")
	return j.w.Flush()
}

// writeItems writes what is in an array, an item a line.
func writeItems[T any](j *jsonWriter, items []T) {
	for i, item := range items {
		if i > 0 {
			j.w.WriteByte(',')
		}
		j.w.WriteByte('\n')
		j.value(item)
	}
}

func (j *jsonWriter) End(d *Document) error {
	j.w.WriteString("\n],\n\"letter\": ")
	j.value(d.Letter)
	if lang := j.languages.Most(); lang != "" {
		j.w.WriteString(",\n\"language\": ")
		j.value(lang)
	}
	if len(d.Corrections) > 0 {
		j.w.WriteString(",\n\"corrections\": [")
		writeItems(j, d.Corrections)
		j.w.WriteString("\n]")
	}
	j.w.WriteString("\n}\n")
	return j.w.Flush()
}

// value writes v; the bufio.Writer keeps the first error for Flush.
func (j *jsonWriter) value(v any) {
	var buf bytes.Buffer
	if err := encode(&buf, v); err != nil {
		panic(err) // our own types
	}
	j.w.Write(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func toFilePage(p *Page) FilePage {
	size := p.size()
	f := FilePage{Number: p.Number, Width: size.X, Height: size.Y, Turn: p.turn(), Keep: p.Keep, Over: p.Over}
	if p.Page != nil {
		f.DPI, f.Language = p.DPI, p.Language
		for _, r := range p.Regions {
			f.Regions = append(f.Regions, FileRegion{r.Kind, toBox(r.Box)})
		}
	}
	if p.Err != nil {
		f.Error = p.Err.Error()
	}
	f.Lines = toFileLines(p.lines())
	if p.Page != nil {
		f.LeftOut = toFileLines(p.LeftOut)
	}
	return f
}

func toFileLines(lines []ocr.Line) (out []FileLine) {
	for _, l := range lines {
		fl := FileLine{Box: toBox(l.Box), Block: l.Block, Paragraph: l.Par, Cell: l.Cell, Role: l.Role}
		for _, w := range l.Words {
			fw := FileWord{Box: toBox(w.Box), Text: w.Text, Confidence: w.Confidence, Alternatives: w.Alternatives, Hand: w.Hand}
			if w.Read != w.Text {
				fw.Read = w.Read
			}
			fl.Words = append(fl.Words, fw)
		}
		out = append(out, fl)
	}
	return out
}

// Encode writes f as the JSON writer does.
func (f *File) Encode(w io.Writer) error {
	j := &jsonWriter{w: bufio.NewWriter(w), opts: Options{Generator: f.Generator}}
	if err := j.Begin(f.Document()); err != nil {
		return err
	}
	for _, p := range f.Pages {
		if err := j.filePage(p); err != nil {
			return err
		}
	}
	return j.End(f.Document())
}

// Decode reads a JSON output.
func Decode(r io.Reader) (*File, error) {
	var f File
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		return nil, fmt.Errorf("not a JSON output of congvan: %w", err)
	}
	if f.Schema != SchemaName {
		return nil, errors.New(`not a JSON output of congvan: no "schema": "congvan"`)
	}
	if f.Version != SchemaVersion {
		return nil, fmt.Errorf("JSON output of version %d, this program reads version %d", f.Version, SchemaVersion)
	}
	return &f, nil
}

// Document returns what f says of its source.
func (f *File) Document() *Document {
	s := f.Source
	return &Document{Path: s.Path, Size: s.Size, SHA256: s.SHA256, Pages: len(f.Pages), Whole: s.Pages, Reader: s.Reader, Model: s.Model, Letter: f.Letter, Corrections: f.Corrections}
}

// Page returns p in the form that writers take. Its lines are in reading order
// already.
func (p *FilePage) Page() *Page {
	page := &Page{Number: p.Number, Keep: p.Keep, Over: p.Over, Page: &ocr.Page{Size: image.Pt(p.Width, p.Height), DPI: p.DPI, Turn: p.Turn, Language: p.Language}}
	if p.Error != "" {
		page.Err = errors.New(p.Error)
	}
	for _, r := range p.Regions {
		page.Regions = append(page.Regions, ocr.Region{Kind: r.Kind, Box: r.Box.Rectangle()})
	}
	page.Lines, page.LeftOut = fromFileLines(p.Lines), fromFileLines(p.LeftOut)
	page.Page = Clean(page.Page)
	return page
}

func fromFileLines(lines []FileLine) (out []ocr.Line) {
	for _, l := range lines {
		line := ocr.Line{Box: l.Box.Rectangle(), Block: l.Block, Par: l.Paragraph, Cell: l.Cell, Role: l.Role}
		for _, w := range l.Words {
			word := ocr.Word{Box: w.Box.Rectangle(), Read: w.Read, Text: w.Text, Confidence: w.Confidence, Alternatives: w.Alternatives, Hand: w.Hand}
			if w.Read == "" {
				word.Read = w.Text
			}
			line.Words = append(line.Words, word)
		}
		out = append(out, line)
	}
	return out
}
