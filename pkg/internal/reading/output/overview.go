package output

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"net/url"
	"slices"
	"sync"
)

// Reviewed is a document on the list of review pages.
type Reviewed struct {
	Name       string
	Page       string  // address of its review page from the list, with slashes; empty if there is none
	State      string  // as the journal has it: done, blank, partial, failed
	Why        string  // it is not done
	Pages      int     // of the document
	Confidence float64 // mean over words, 0 to 1
}

// Href is the address of the review page.
func (r Reviewed) Href() string { return (&url.URL{Path: "./" + r.Page}).String() }

// Percent is the confidence.
func (r Reviewed) Percent() int { return int(100*r.Confidence + 0.5) }

//go:embed report/overview.html
var overviewHTML string

var overview = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Parse(overviewHTML))
})

// overviewTexts are those of the list, by language.
var overviewTexts = map[string]map[string]string{
	"vi": {"title": "Văn bản cần xem lại", "name": "Văn bản", "sure": "Độ chắc chắn", "pages": "Số trang", "state": "Kết quả", "order": "Kém chắc chắn nhất đứng đầu.",
		"done": "đã đọc", "blank": "không có chữ", "partial": "thiếu một phần", "failed": "không đọc được"},
	"en": {"title": "Documents to review", "name": "Document", "sure": "Certain", "pages": "Pages", "state": "Outcome", "order": "Least sure first.",
		"done": "read", "blank": "blank", "partial": "in part", "failed": "failed"},
}

// Overview writes a page that lists the review pages of a batch: first what could not be
// read, or not all of it, then the least sure.
func Overview(w io.Writer, lang string, docs []Reviewed) error {
	rank := map[string]int{"failed": 0, "partial": 1, "blank": 2}
	place := func(r Reviewed) int {
		if n, ok := rank[r.State]; ok {
			return n
		}
		return len(rank)
	}
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b Reviewed) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Name, b.Name))
	})
	lang = cmp.Or(lang, ReportLanguages[0])
	return overview().Execute(w, map[string]any{"Lang": lang, "T": overviewTexts[lang], "Docs": docs, "CSS": template.CSS(reportCSS), "Hash": hashOf(reportCSS)})
}
