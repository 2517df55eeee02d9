package serve

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// letterPage is what the page of a document shows.
type letterPage struct {
	view
	*index.Card
	ID       int64
	Number   int // of the page, from 1
	Image    string
	Marks    []mark
	Text     template.HTML
	Empty    bool
	Err      string
	Files    []string // endings of the outputs that are there
	Previous string
	Next     string
	Back     string
}

// mark is where a word that was asked for stands, in hundredths of the image.
type mark struct{ X, Y, Width, Height string }

// document goes to the first page.
func (s *Server) document(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, r.URL.Path+"/1?"+r.URL.RawQuery, http.StatusFound)
	return nil
}

func (s *Server) page(w http.ResponseWriter, r *http.Request) error {
	id, card, err := s.card(r)
	if err != nil {
		return err
	}
	file, err := s.read(card)
	if err != nil {
		return err
	}
	number, page := pageOf(file, r.PathValue("page"))
	if page == nil {
		return errNotFound
	}
	q := r.URL.Query().Get("q")
	v := letterPage{view: newView(w, r), Card: card, ID: id, Number: page.Number, Err: page.Error, Files: s.outputs(card)}
	v.Image = fmt.Sprintf("/image/%d/%d", id, page.Number)
	v.Marks, v.Text = marks(page, &index.Query{Words: q})
	v.Empty = v.Text == ""
	words := url.Values{"q": {q}}.Encode()
	if number > 0 {
		v.Previous = fmt.Sprintf("/document/%d/%d?%s", id, file.Pages[number-1].Number, words)
	}
	if number+1 < len(file.Pages) {
		v.Next = fmt.Sprintf("/document/%d/%d?%s", id, file.Pages[number+1].Number, words)
	}
	v.Back = "/?" + words
	return s.show(w, "page.html", v)
}

// card finds the card of the document that a request names.
func (s *Server) card(r *http.Request) (int64, *index.Card, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, nil, errNotFound
	}
	card, err := s.opts.Index.Card(r.Context(), id)
	return id, card, err
}

// read reads the JSON output of a document.
func (s *Server) read(c *index.Card) (*output.File, error) {
	f, err := os.Open(s.opts.Index.File(c.Path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return output.Decode(f)
}

// pageOf finds a page by its number; nil if there is none.
func pageOf(f *output.File, number string) (int, *output.FilePage) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0, nil
	}
	i := slices.IndexFunc(f.Pages, func(p output.FilePage) bool { return p.Number == n })
	if i < 0 {
		return 0, nil
	}
	return i, &f.Pages[i]
}

// marks finds the words of a query on a page: in the image, and in the text, a line
// a line.
func marks(p *output.FilePage, q *index.Query) (marks []mark, html template.HTML) {
	var text strings.Builder
	var words []word
	for i, l := range p.Lines {
		for k, w := range l.Words {
			switch {
			case k > 0:
				text.WriteByte(' ')
			case i > 0:
				text.WriteByte('\n')
			}
			words = append(words, word{text.Len(), text.Len() + len(w.Text), w.Box})
			text.WriteString(w.Text)
		}
	}
	found := q.Find(text.String())
	var b strings.Builder
	last := 0
	for _, w := range words {
		b.WriteString(template.HTMLEscapeString(text.String()[last:w.start]))
		escaped := template.HTMLEscapeString(text.String()[w.start:w.end])
		if slices.ContainsFunc(found, func(f [2]int) bool { return w.start < f[1] && f[0] < w.end }) {
			marks = append(marks, place(w.box, p))
			escaped = "<mark>" + escaped + "</mark>"
		}
		b.WriteString(escaped)
		last = w.end
	}
	return marks, template.HTML(b.String())
}

// word is one of a page: where it lies in the text and on the image.
type word struct {
	start, end int
	box        output.Box
}

// place is where a box lies on its page.
func place(b output.Box, p *output.FilePage) mark {
	share := func(n, of int) string { return strconv.FormatFloat(100*float64(n)/float64(max(of, 1)), 'f', 2, 64) }
	return mark{share(b[0], p.Width), share(b[1], p.Height), share(b[2]-b[0], p.Width), share(b[3]-b[1], p.Height)}
}

// outputs lists the endings of a document's outputs, its JSON first.
func (s *Server) outputs(c *index.Card) []string {
	var out []string
	base := strings.TrimSuffix(s.opts.Index.File(c.Path), ".json")
	for _, f := range output.Formats() {
		if _, err := os.Stat(base + f.Extension); err == nil {
			out = append(out, strings.TrimPrefix(f.Extension, "."))
		}
	}
	return out
}

func (s *Server) download(w http.ResponseWriter, r *http.Request) error {
	_, card, err := s.card(r)
	if err != nil {
		return err
	}
	ending := r.PathValue("ending")
	if !slices.Contains(s.outputs(card), ending) {
		return errNotFound
	}
	file := strings.TrimSuffix(s.opts.Index.File(card.Path), "json") + ending
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(filepath.Base(file)))
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeFile(w, r, file)
	return nil
}
