package eval

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"sync"
	"unicode"
)

//go:embed report.html
var htmlSource string

var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"pct": percent, "shown": shown,
		"interval": func(i Interval) string { return fmt.Sprintf("%.2f – %.2f", 100*i.Low, 100*i.High) },
		"fold":     foldText,
	}).Parse(htmlSource))
})

// WriteHTML writes the report as one page that needs nothing else: the figures,
// and the two texts of each file that was kept side by side, line by line of the
// truth, with the differences marked.
func (r *Report) WriteHTML(w io.Writer) error {
	return htmlTemplate().Execute(w, r)
}

// A span is a piece of one side of a line in the HTML report.
type span struct {
	Class string // "", or the kind of difference
	Text  string
}

type sides struct {
	Number     int
	Gold, Pred []span
	Differs    bool
}

// Sides are the lines of the truth against what was read. It is called by the
// template; it is empty for a file that was not kept.
func (f *File) Sides() []sides {
	r := f.result
	if r == nil {
		return nil
	}
	lines := make([]sides, max(r.gold.lines, 1))
	for i := range lines {
		lines[i].Number = i + 1
	}
	put := func(to *[]span, class, s string) {
		if n := len(*to); n > 0 && (*to)[n-1].Class == class {
			(*to)[n-1].Text += s
			return
		}
		*to = append(*to, span{class, s})
	}
	at := int32(0)
	for i, q := range r.pairs {
		var g, p string
		if q.Gold >= 0 {
			g, at = r.gold.clusters[q.Gold], r.gold.clusterLine[q.Gold]
		}
		if q.Pred >= 0 {
			p = r.pred.clusters[q.Pred]
		}
		class := ""
		if !r.same(i) {
			class = difference(g, p)
			lines[at].Differs = true
		}
		if g != "" {
			put(&lines[at].Gold, class, visible(g, class))
		}
		if p != "" {
			put(&lines[at].Pred, class, visible(p, class))
		}
	}
	out := lines[:0]
	for _, l := range lines {
		if len(l.Gold)+len(l.Pred) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// visible shows white space where it is wrong.
func visible(s, class string) string {
	if class != "" {
		switch s {
		case " ":
			return "␣"
		case "\n", "\r\n":
			return "⏎"
		}
	}
	return s
}

func difference(g, p string) string {
	switch {
	case g == "":
		return "extra"
	case p == "":
		return "missing"
	}
	a, ok := letter(g)
	b, ok2 := letter(p)
	if !ok || !ok2 || base(a) != base(b) {
		return "base"
	}
	if unicode.ToLower(a) != unicode.ToLower(b) {
		return "marks"
	}
	return "case"
}
