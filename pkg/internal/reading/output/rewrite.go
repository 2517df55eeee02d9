package output

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
)

// ErrChanged reports an output that is not what was written from its JSON: a
// person or another program has changed it since.
var ErrChanged = errors.New("it was changed after it was written")

// Rewrite writes an output anew after its JSON was corrected. old is the output
// as it is, before and after are the JSON without and with the corrections. If
// old is not what before gives, nothing is written and the error is ErrChanged,
// unless force is set.
func Rewrite(w io.Writer, format string, old []byte, before, after *File, force bool) error {
	if format == "json" {
		return after.Encode(w)
	}
	how, ok := reproduce(format, old, before)
	if !ok && !force {
		return ErrChanged
	}
	return how.write(w, format, after)
}

// rewriting is what it takes to write an output again.
type rewriting struct {
	opts   Options
	source []byte         // PDF without our text layer, or built by us
	built  bool           // by us: its pages are turned already
	images map[int][]byte // of a report, by page
}

func (r rewriting) write(w io.Writer, format string, f *File) error {
	doc := f.Document()
	if r.source != nil {
		dir, err := os.MkdirTemp("", "congvan-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		doc.PDF = filepath.Join(dir, "source.pdf")
		if err := os.WriteFile(doc.PDF, r.source, 0o600); err != nil {
			return err
		}
	}
	return Write(w, format, doc, func(yield func(*Page, error) bool) {
		for p := range f.PageSeq() {
			if r.built {
				p.Turn = 0
			}
			if data, ok := r.images[p.Number]; ok {
				p.Image = func() (Image, error) { return Image{Data: data, DPI: p.DPI}, nil }
			}
			if !yield(p, nil) {
				return
			}
		}
	}, r.opts)
}

// reproduce finds out how old was written from f, and reports whether that
// gives old again, byte for byte; of a PDF, whether its text layer is ours.
func reproduce(format string, old []byte, f *File) (rewriting, bool) {
	how := rewriting{opts: Options{Generator: f.Generator}}
	tries := []Options{how.opts}
	switch format {
	case "txt":
		tries = append(tries, Options{Layout: true}, Options{Paragraphs: true})
	case "html":
		how.images = reportImages(old)
		tries = nil
		for _, lang := range ReportLanguages {
			tries = append(tries, Options{Generator: f.Generator, Lang: lang})
		}
	case "pdf":
		size, ok := originalPDF(old)
		how.source = old[:size]
		inner, ours := originalPDF(how.source)
		how.built = ours && inner == size
		// Another program that adds to a PDF does not end it as we do.
		return how, ok && bytes.HasSuffix(old, []byte("%%EOF\n"))
	}
	for _, opts := range tries {
		how.opts = opts
		var b bytes.Buffer
		if err := how.write(&b, format, f); err == nil && bytes.Equal(b.Bytes(), old) {
			return how, true
		}
	}
	how.opts = tries[0]
	return how, false
}

// originalPDF returns the size of a PDF without the text layer that we gave it.
func originalPDF(b []byte) (size int, ok bool) {
	r, err := pdf.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return len(b), false
	}
	n, ok := r.Original()
	if !ok {
		return len(b), false
	}
	return int(n), true
}

var reportImage = lazy.Regexp(`<section id="page-(\d+)"><script type="text/plain">[A-Za-z0-9+/=]*</script><script type="text/plain">([A-Za-z0-9+/=]+)</script></section>`)

// reportImages takes the page images out of a report.
func reportImages(report []byte) map[int][]byte {
	images := map[int][]byte{}
	for _, m := range reportImage().FindAllSubmatch(report, -1) {
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			continue
		}
		data := make([]byte, base64.StdEncoding.DecodedLen(len(m[2])))
		if k, err := base64.StdEncoding.Decode(data, m[2]); err == nil {
			images[n] = data[:k]
		}
	}
	return images
}

// Clone returns a copy of f that shares nothing with it that Apply changes.
func (f *File) Clone() *File {
	g := *f
	g.Corrections = slices.Clone(f.Corrections)
	g.Letter = f.Letter.Clone()
	g.Pages = slices.Clone(f.Pages)
	for i := range g.Pages {
		g.Pages[i].Lines = slices.Clone(g.Pages[i].Lines)
		for j := range g.Pages[i].Lines {
			g.Pages[i].Lines[j].Words = slices.Clone(g.Pages[i].Lines[j].Words)
		}
	}
	return &g
}
