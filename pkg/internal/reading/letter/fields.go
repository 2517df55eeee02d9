package letter

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Field is one thing that a letter says about itself, by the name that it has in
// JSON.
type Field struct {
	Name string
	List bool // of items, parted by "; " in texts

	text func(*Letter) *string
	list func(*Letter) *[]string
}

var fields = []Field{
	{Name: "parent", text: func(l *Letter) *string { return &l.Parent }},
	{Name: "issuer", text: func(l *Letter) *string { return &l.Issuer }},
	{Name: "number", text: func(l *Letter) *string { return &l.Number }},
	{Name: "place", text: func(l *Letter) *string { return &l.Place }},
	{Name: "date", text: func(l *Letter) *string { return &l.Date }},
	{Name: "type", text: func(l *Letter) *string { return &l.Type }},
	{Name: "subject", text: func(l *Letter) *string { return &l.Subject }},
	{Name: "urgency", text: func(l *Letter) *string { return &l.Urgency }},
	{Name: "secrecy", text: func(l *Letter) *string { return &l.Secrecy }},
	{Name: "copy", text: func(l *Letter) *string { return &l.Copy }},
	{Name: "addressees", List: true, list: func(l *Letter) *[]string { return &l.Addressees }},
	{Name: "authority", text: func(l *Letter) *string { return &l.Authority }},
	{Name: "capacity", text: func(l *Letter) *string { return &l.Capacity }},
	{Name: "title", text: func(l *Letter) *string { return &l.Title }},
	{Name: "signer", text: func(l *Letter) *string { return &l.Signer }},
	{Name: "recipients", List: true, list: func(l *Letter) *[]string { return &l.Recipients }},
	{Name: "attachments", List: true, list: func(l *Letter) *[]string { return &l.Attachments }},
	{Name: "language", text: func(l *Letter) *string { return &l.Language }},
}

// Fields returns the fields that a person may correct, in the order of a letter.
func Fields() []Field { return slices.Clone(fields) }

// Values returns the items of the field of a letter: one, if it is no list.
func (f Field) Values(l *Letter) []string {
	if f.List {
		return *f.list(l)
	}
	return []string{*f.text(l)}
}

// Of returns the field of a letter as text.
func (f Field) Of(l *Letter) string { return strings.Join(f.Values(l), "; ") }

// set gives the field another value.
func (f Field) set(l *Letter, value string) {
	if !f.List {
		*f.text(l) = value
		return
	}
	var items []string
	for s := range strings.SplitSeq(value, ";") {
		if s = strings.TrimSpace(s); s != "" {
			items = append(items, s)
		}
	}
	*f.list(l) = items
}

// Correct sets a field as a person has it; an empty value says that the letter has none.
// It is an error if there is no such field, or the value can't be one.
func (l *Letter) Correct(name, value string) error {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no field %q", name)
	}
	if name == "date" && value != "" && !isDate(value) {
		return fmt.Errorf("%q is no date: expected 2021-05-07, 2021-05 or 2021", value)
	}
	fields[i].set(l, value)
	switch name {
	case "number":
		l.NumberRead = ""
	case "date":
		l.DateRead = ""
	case "authority", "capacity", "title", "signer":
		if n := len(l.Signatures); n > 0 {
			l.Signatures[n-1] = l.Signature
		}
	}
	if !slices.Contains(l.Corrected, name) {
		l.Corrected = append(l.Corrected, name)
		slices.Sort(l.Corrected)
	}
	return nil
}

// Keep sets the fields that a person has corrected in before, which l was found anew
// for.
func (l *Letter) Keep(before *Letter) {
	for _, f := range fields {
		if slices.Contains(before.Corrected, f.Name) {
			_ = l.Correct(f.Name, f.Of(before)) // it was one
		}
	}
}

// Clone returns a copy of l that shares nothing with it that Correct changes.
func (l *Letter) Clone() *Letter {
	if l == nil {
		return nil
	}
	c := *l
	c.Corrected, c.Signatures = slices.Clone(l.Corrected), slices.Clone(l.Signatures)
	c.More = slices.Clone(l.More)
	for i, m := range c.More {
		c.More[i] = m.Clone()
	}
	return &c
}

// isDate reports whether s is a date, or the year or the year and month of one.
func isDate(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
