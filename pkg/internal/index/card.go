package index

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// Card is what is known of a document. Text fields are empty where it has none.
type Card struct {
	Path        string   `json:"path"`             // of the JSON output, from the folder of the index, with slashes
	Source      string   `json:"source"`           // the document itself, as its reader named it
	SHA256      string   `json:"sha256,omitempty"` // of the document itself
	Size        int64    `json:"size,omitempty"`
	Reader      string   `json:"reader,omitempty"` // "vie", "text layer"
	Parent      string   `json:"parent,omitempty"`
	Issuer      string   `json:"issuer,omitempty"`
	Number      string   `json:"number,omitempty"`
	NumberRead  string   `json:"number_read,omitempty"` // what a handwritten "?" of number was read as, doubtful
	Place       string   `json:"place,omitempty"`
	Issued      string   `json:"issued,omitempty"` // 2021-05-07 or 2021-05 or 2021
	Type        string   `json:"type,omitempty"`
	Subject     string   `json:"subject,omitempty"`
	Addressees  string   `json:"addressees,omitempty"`  // parted by semicolons
	Recipients  string   `json:"recipients,omitempty"`  // the same
	Attachments string   `json:"attachments,omitempty"` // headings of appendices, the same
	Authority   string   `json:"authority,omitempty"`
	Capacity    string   `json:"capacity,omitempty"`
	Title       string   `json:"title,omitempty"`
	Signer      string   `json:"signer,omitempty"`
	Urgency     string   `json:"urgency,omitempty"`
	Secrecy     string   `json:"secrecy,omitempty"`
	Copy        string   `json:"copy,omitempty"`
	Language    string   `json:"language,omitempty"` // by ISO 639
	Pages       int      `json:"pages"`
	Confidence  *float64 `json:"confidence"` // mean over words; null where nothing was read
}

// cardColumns are the columns of documents that a Card holds, in the order of
// fields.
const cardColumns = `path, source, sha256, size, reader, parent, issuer, number, number_read, place, issued, type, subject,
	addressees, recipients, attachments, authority, capacity, title, signer, urgency, secrecy, copy, language, pages, confidence`

// fields returns pointers to the fields, to be read or filled.
func (c *Card) fields() []any {
	return []any{&c.Path, &c.Source, &c.SHA256, &c.Size, &c.Reader, &c.Parent, &c.Issuer, &c.Number, &c.NumberRead, &c.Place, &c.Issued, &c.Type, &c.Subject,
		&c.Addressees, &c.Recipients, &c.Attachments, &c.Authority, &c.Capacity, &c.Title, &c.Signer, &c.Urgency, &c.Secrecy, &c.Copy, &c.Language, &c.Pages, &c.Confidence}
}

// outputFile is what an index needs of an output.File: to read the boxes and
// alternatives, too, would take twice the time.
type outputFile struct {
	Schema   string
	Version  int
	Source   output.Source
	Letter   letter.Letter
	Language string
	Pages    []outputPage
}

type outputPage struct {
	Number int
	Lines  []struct {
		Words []struct {
			Text       string
			Confidence float64
		}
	}
}

// ours reports whether JSON looks like an output of this program, however damaged.
func ours(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 200)], []byte(`"schema": "`+output.SchemaName+`"`))
}

// decode reads a JSON output.
func decode(data []byte) (*outputFile, error) {
	var f outputFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("not a whole JSON output of congvan: %w", err)
	}
	if f.Version != output.SchemaVersion {
		return nil, fmt.Errorf("JSON output of version %d, this program reads version %d", f.Version, output.SchemaVersion)
	}
	return &f, nil
}

// cardOf makes the card of a JSON output, by one of the letters in it.
func cardOf(name string, f *outputFile, l *letter.Letter) Card {
	c := Card{Path: name, Source: f.Source.Path, SHA256: f.Source.SHA256, Size: f.Source.Size, Reader: f.Source.Reader, Pages: len(f.Pages), Confidence: f.confidence()}
	c.Parent, c.Issuer, c.Number, c.Place, c.Issued = l.Parent, l.Issuer, l.Number, l.Place, l.Date
	c.Type, c.Subject, c.Authority, c.Capacity, c.Signer = l.Type, l.Subject, l.Authority, l.Capacity, l.Signer
	c.NumberRead, c.Urgency, c.Secrecy, c.Copy, c.Title = l.NumberRead, l.Urgency, l.Secrecy, l.Copy, l.Title
	c.Addressees, c.Recipients, c.Attachments = strings.Join(l.Addressees, "; "), strings.Join(l.Recipients, "; "), strings.Join(l.Attachments, "; ")
	c.Language = cmp.Or(l.Language, f.Language)
	return c
}

// folder is the folder of the JSON output; "." is that of the index.
func (c *Card) folder() string { return path.Dir(c.Path) }

// confidence is the mean over all words; nil if there are none.
func (f *outputFile) confidence() *float64 {
	sum, n := 0.0, 0
	for _, p := range f.Pages {
		for _, l := range p.Lines {
			for _, w := range l.Words {
				sum += w.Confidence
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	mean := sum / float64(n)
	return &mean
}

// text is the text of a page, a line a line.
func (p *outputPage) text() string {
	var b strings.Builder
	for i, l := range p.Lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		for k, w := range l.Words {
			if k > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

// dayBits is how many lower bits of the id of a page are its running number.
const dayBits = 20

var firstDay = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// day counts the days from 1900 to a date, or to the first day of a date that is
// not whole; 0 stands for none.
func day(date string) int64 {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, date); err == nil && t.After(firstDay) {
			return int64(t.Sub(firstDay).Hours() / 24)
		}
	}
	return 0
}

// after is the first day after a date, or after the last day of a date that is not
// whole.
func after(date string) int64 {
	for layout, add := range map[string][3]int{time.DateOnly: {0, 0, 1}, "2006-01": {0, 1, 0}, "2006": {1, 0, 0}} {
		if t, err := time.Parse(layout, date); err == nil {
			return day(t.AddDate(add[0], add[1], add[2]).Format(time.DateOnly))
		}
	}
	return 0
}

// deflaters are kept: each holds 600 kB.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is right
	}
	return w
}}

// deflate packs the text of a page.
func deflate(s string) []byte {
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	io.WriteString(w, s)
	w.Close()
	return b.Bytes()
}

// inflaters are kept: each holds 40 kB.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func inflate(packed []byte) (string, error) {
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
		return "", err
	}
	var text strings.Builder
	text.Grow(3 * len(packed))
	_, err := io.Copy(&text, r)
	return text.String(), err
}
