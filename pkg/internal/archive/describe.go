package archive

import (
	"cmp"
	"embed"
	"encoding/xml"
	"fmt"
	"net/url"
	"path"
	"strings"
	"sync"
	"text/template"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

//go:embed forms
var formFiles embed.FS

// forms are the files of a package to be filled in. Whatever comes from a document goes
// through x, or href in references.
var forms = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"x": escape, "href": href}).ParseFS(formFiles, "forms/*"))
})

// escape makes a text fit for XML.
func escape(s string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}

// href writes a path as a reference.
func href(p string) (string, error) { return escape((&url.URL{Path: p}).EscapedPath()) }

// pack is a package, as the forms take it.
type pack struct {
	ID           string // its name
	Label        string
	When         string // of the last change of what is in it
	Version      string // of the program that read the document
	Organization string
	Corrected    bool // by a person

	Source         file
	Data           []*file
	Descriptive    []*file
	Preservation   *file
	Schema         *file
	Representation *file

	Letter   described
	More     []described // letters after the first in the same file, with it; none if there is but one
	Circular []entry
	Events   []event
	Agents   []agent

	how    How
	fields map[string]string
	json   *output.File
	files  []*file
}

// described is a document, or one of the letters in it, as EAD has it.
type described struct {
	Number, Title, Date, Extent, Language, Secrecy string
	Origins                                        []entry
	Terms                                          []entry
	Notes                                          []entry
}

// entry is a text under a label, or in an element.
type entry struct{ Element, Label, Text string }

// event is what was done with a document.
type event struct {
	ID, Type, When, Detail, Outcome, Agent string
	Person                                 bool
}

// agent is who did it.
type agent struct {
	Name, Type, Version string
	Notes               []string
}

func newPack(o *Options, fields map[string]string, f *output.File) *pack {
	p := &pack{ID: Name(fields["path"]), Organization: o.Organization, Corrected: len(f.Corrections) > 0, fields: fields, json: f}
	p.Version = strings.TrimSpace(strings.TrimPrefix(f.Generator, "congvan"))
	p.Source = file{Path: f.Source.Path, Size: f.Source.Size, SHA256: f.Source.SHA256, MIME: mimeOf(f.Source.Path)}
	return p
}

// mimeOf is the type of a document by its name.
func mimeOf(name string) string {
	types := map[string]string{".pdf": "application/pdf", ".tif": "image/tiff", ".tiff": "image/tiff", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
		".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp", ".jp2": "image/jp2"}
	return cmp.Or(types[strings.ToLower(path.Ext(name))], "application/octet-stream")
}

// describe says what the document is, and what was done with it.
func (p *pack) describe() {
	l := p.json.Letter
	if l == nil {
		l = &letter.Letter{}
	}
	p.Letter = p.describedAs(l, len(p.json.Pages))
	if len(l.More) > 0 {
		for _, m := range append([]*letter.Letter{l}, l.More...) {
			n := 0
			if m.Pages != nil {
				n = m.Pages.To - m.Pages.From + 1
			}
			p.More = append(p.More, p.describedAs(m, n))
		}
	}
	p.Label = p.Letter.Title
	for _, e := range []string{"arcFileCode FileCode", "mode Mode", "language Language", "keyword Keyword", "numberOfPage PageAmount", "format Format",
		"inforSign InforSign", "confidenceLevel ConfidenceLevel", "description Description", "docCode DocCode", "docOrdinal DocOrdinal", "typeName TypeName",
		"codeNumber CodeNumber", "codeNotation CodeNotation", "issuedDate IssuedDate", "organName OrganName", "subject Subject", "autograph Autograph", "process Process"} {
		element, column, _ := strings.Cut(e, " ")
		p.Circular = append(p.Circular, entry{Element: element, Text: p.fields[column]})
	}
	p.setEvents()
}

// describedAs is a letter as EAD has it.
func (p *pack) describedAs(l *letter.Letter, pages int) described {
	d := described{Number: l.Number, Date: l.Date, Secrecy: l.Secrecy, Language: bibliographic[cmp.Or(l.Language, p.json.Language)]}
	d.Title = cmp.Or(l.Subject, strings.TrimSpace(l.Type+" "+l.Number), p.Source.Path, p.ID)
	if pages > 0 {
		d.Extent = fmt.Sprintf("%d trang", pages)
	}
	for _, f := range []struct {
		to                   *[]entry
		element, label, name string
	}{
		{&d.Origins, "", "Cơ quan chủ quản", "parent"}, {&d.Origins, "", "Cơ quan ban hành", "issuer"},
		{&d.Terms, "genreform", "Tên loại", "type"}, {&d.Terms, "geogname", "Địa danh", "place"}, {&d.Terms, "persname", "Người ký", "signer"},
		{&d.Notes, "", "Độ khẩn", "urgency"}, {&d.Notes, "", "Bản sao", "copy"}, {&d.Notes, "", "Kính gửi", "addressees"}, {&d.Notes, "", "Thẩm quyền ký", "authority"},
		{&d.Notes, "", "Chức vụ", "capacity"}, {&d.Notes, "", "Học hàm, cấp bậc", "title"}, {&d.Notes, "", "Nơi nhận", "recipients"}, {&d.Notes, "", "Phụ lục", "attachments"},
	} {
		for _, field := range letter.Fields() {
			if text := field.Of(l); field.Name == f.name && text != "" {
				*f.to = append(*f.to, entry{f.element, f.label, text})
			}
		}
	}
	for _, doubtful := range []entry{{"", "Số đọc được, còn ngờ", l.NumberRead}, {"", "Ngày đọc được, còn ngờ", l.DateRead}} {
		if doubtful.Text != "" {
			d.Notes = append(d.Notes, doubtful)
		}
	}
	return d
}

// bibliographic has the codes of ISO 639-2 for those of ISO 639-1, as EAD has them.
var bibliographic = map[string]string{"vi": "vie", "en": "eng", "fr": "fre", "de": "ger", "es": "spa", "ru": "rus", "zh": "chi", "ja": "jpn", "ko": "kor",
	"lo": "lao", "km": "khm", "th": "tha", "und": "und"}

// setEvents says who read the document, when and with what, and what a person changed.
func (p *pack) setEvents() {
	reader := cmp.Or(strings.TrimSpace("congvan "+p.Version), "congvan")
	detail := []string{"text read from the page images or taken from the document"}
	for _, s := range []struct{ name, value string }{{"reader", p.json.Source.Reader}, {"options", p.how.Options}, {"models", cmp.Or(p.how.Model, p.json.Source.Model)}} {
		if s.value != "" {
			detail = append(detail, s.name+": "+s.value)
		}
	}
	bad := 0
	for _, page := range p.json.Pages {
		if page.Error != "" {
			bad++
		}
	}
	outcome := fmt.Sprintf("%d pages", len(p.json.Pages))
	if bad > 0 {
		outcome += fmt.Sprintf(", %d of them with errors", bad)
	}
	if c := p.fields["confidence"]; c != "" {
		outcome += ", mean confidence of words " + c
	}
	p.Events = []event{{ID: "reading", Type: "text recognition", When: stamp(p.how.When), Detail: strings.Join(detail, "; "), Outcome: outcome, Agent: reader}}
	p.Agents = []agent{{Name: reader, Type: "software", Version: p.Version, Notes: detail[1:]}}
	if !p.Corrected {
		return
	}
	who := cmp.Or(p.Organization, "a person")
	n := len(p.json.Corrections)
	p.Events = append(p.Events, event{ID: "correction", Type: "modification", When: p.When, Detail: "words and fields corrected by a person on the review page",
		Outcome: fmt.Sprintf("%d corrections", n), Agent: who, Person: true})
	kind := "person"
	if p.Organization != "" {
		kind = "organization"
	}
	p.Agents = append(p.Agents, agent{Name: who, Type: kind})
}
