package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
)

// Fields are what a letter says about itself, as a person reads it off the
// page. What the letter does not have is empty.
type Fields struct {
	Parent     string   `json:"parent,omitempty"`
	Issuer     string   `json:"issuer,omitempty"`
	Number     string   `json:"number,omitempty"`
	Place      string   `json:"place,omitempty"`
	Date       string   `json:"date,omitempty"` // 2024-04-08
	Type       string   `json:"type,omitempty"`
	Subject    string   `json:"subject,omitempty"`
	Addressees []string `json:"addressees,omitempty"`
	Recipients []string `json:"recipients,omitempty"`
	Capacity   string   `json:"capacity,omitempty"` // of the signer, lines joined by spaces
	Signer     string   `json:"signer,omitempty"`
	CoCapacity string   `json:"cocapacity,omitempty"` // of who signs on the left
	CoSigner   string   `json:"cosigner,omitempty"`
	Copy       *Fields  `json:"copy,omitempty"` // the copy ("SAO Y") that was made of it
}

// Fields returns the truth about the letter's fields, from its markup.
func (l *Letter) Fields() (*Fields, error) {
	head, body, err := l.source()
	if err != nil {
		return nil, err
	}
	p := parsePaper(head)
	f, err := p.fields()
	if err != nil {
		return nil, fmt.Errorf("letter %s: %w", l.Name, err)
	}
	title, about := titleOf(body)
	f.Type, f.Subject = first(p.kind, sentence(title), "Công văn"), first(p.subject, strings.TrimPrefix(p.head.About, "V/v "), about)
	f.Addressees = addresseesOf(body)
	if p.copy != nil {
		if f.Copy, err = p.copy.fields(); err != nil {
			return nil, fmt.Errorf("letter %s: %w", l.Name, err)
		}
		f.Copy.Type = p.copy.head.Form
	}
	return f, nil
}

func (p *paper) fields() (*Fields, error) {
	f := &Fields{
		Parent: p.head.Parent, Issuer: p.head.Body, Number: strings.TrimPrefix(p.head.Number, "Số: "),
		Capacity: strings.Join(p.foot.Capacity, " "), Signer: p.foot.Name,
		CoCapacity: strings.Join(p.foot.Left.Capacity, " "), CoSigner: p.foot.Left.Name,
	}
	for _, r := range p.foot.Recipients {
		f.Recipients = append(f.Recipients, item(r))
	}
	if p.head.Place == "" {
		return f, nil
	}
	m := placeAndDate().FindStringSubmatch(p.head.Place)
	if m == nil {
		return nil, fmt.Errorf("no place and date: %q", p.head.Place)
	}
	f.Place, f.Date = m[1], fmt.Sprintf("%s-%02s-%02s", m[4], m[3], m[2])
	return f, nil
}

var placeAndDate = lazy.Regexp(`^(.*), ngày (\d+) tháng (\d+) năm (\d{4})$`)

// titleOf returns the first two lines of a body if they are its kind and what
// it is about.
func titleOf(body string) (kind, about string) {
	lines := strings.SplitN(body, "\n", 3)
	kind, ok := strings.CutPrefix(lines[0], "= ")
	if !ok {
		return "", ""
	}
	about, ok = strings.CutPrefix(lines[1], "== ")
	if !ok {
		return kind, ""
	}
	return kind, strings.TrimPrefix(about, "Về việc ")
}

// addresseesOf returns who stands after "Kính gửi" or, in a telegram, "ĐIỆN".
func addresseesOf(body string) []string {
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		if to, ok := strings.CutPrefix(line, ">> Kính gửi:"); ok && to != "" {
			for part := range strings.SplitSeq(to, ";") {
				out = append(out, item(part))
			}
		}
		if to, ok := strings.CutPrefix(line, ">- "); ok {
			out = append(out, item(to))
		}
	}
	return out
}

// item takes the dash and the end from an item of a list.
func item(s string) string {
	return strings.TrimRight(strings.TrimPrefix(strings.TrimSpace(s), "- "), ";.")
}

// sentence returns capitals as the beginning of a sentence: "Tờ trình".
func sentence(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(strings.ToLower(s))
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func (f *Fields) json() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		panic(err) // strings only
	}
	return b.Bytes()
}
