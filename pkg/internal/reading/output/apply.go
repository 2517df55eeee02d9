package output

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// CorrectionsSchema opens a file of corrections, as the report makes it.
const CorrectionsSchema = "congvan-corrections"

// Corrections are what a person changed in one document.
type Corrections struct {
	Schema      string       `json:"schema"`
	Version     int          `json:"version"`
	Document    string       `json:"document"` // Source.Path of the File they are for
	SHA256      string       `json:"sha256,omitempty"`
	Base        int          `json:"base,omitempty"` // how many corrections had been made in the text that these are for
	Corrections []Correction `json:"corrections"`
}

// Correction changes one thing: gives a word another text, adds words or a line, or
// sets a field of the letter. Page is a page's number; Line and Word count from 1 in
// the File as it was when the corrections were made, none of them counted in.
type Correction struct {
	Page int    `json:"page,omitempty"`
	Line int    `json:"line,omitempty"`
	Word int    `json:"word,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to"`            // several words split the word, none removes it; From again: it is right as it is
	Add  Adding `json:"add,omitempty"` // what is added instead
	Box  *Box   `json:"box,omitempty"` // where it stands; nil: beside what it is added to

	Field  string `json:"field,omitempty"`  // of the letter, by its name; Page to Box are not for it
	Letter int    `json:"letter,omitempty"` // which of the letters in the file, from 0

	// Emptied says that the line went with its last word. It is only known of what has
	// been made.
	Emptied bool `json:"emptied,omitempty"`
}

// Adding says what a Correction adds.
type Adding string

// What is added stands after the word or the line that the Correction names, 0 being
// the place before the first.
const (
	AddWords Adding = "words"
	AddLine  Adding = "line"
)

// DecodeCorrections reads corrections.
func DecodeCorrections(r io.Reader) (*Corrections, error) {
	var c Corrections
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return nil, fmt.Errorf("not a file of corrections: %w", err)
	}
	if c.Schema != CorrectionsSchema {
		return nil, fmt.Errorf("not a file of corrections: no \"schema\": %q", CorrectionsSchema)
	}
	if c.Version != 1 {
		return nil, fmt.Errorf("corrections of version %d, this program reads version 1", c.Version)
	}
	return &c, nil
}

// ErrMismatch reports corrections that were made on another text.
var ErrMismatch = errors.New("the corrections are for another text")

// Apply makes the corrections in f, finds the fields of the letter again and sets those
// that a person has corrected. It returns how many it made: what was made before, by
// this file of corrections or one that it goes on from, is not made again. If any does
// not fit, f stays as it is.
func (f *File) Apply(c *Corrections) (made int, err error) {
	if c.SHA256 != "" && f.Source.SHA256 != "" && c.SHA256 != f.Source.SHA256 {
		return 0, fmt.Errorf("%w: they are for %s", ErrMismatch, c.Document)
	}
	if c.Base < 0 || c.Base > len(f.Corrections) {
		return 0, fmt.Errorf("%w: it had %d corrections then, and has %d; the review page is of another reading", ErrMismatch, c.Base, len(f.Corrections))
	}
	if err := c.twice(); err != nil {
		return 0, err
	}
	g := f.Clone()
	words := false
	for _, fields := range []bool{false, true} { // fields are set last: words change them
		if fields && words {
			g.findLetter()
		}
		for _, k := range c.Corrections {
			if (k.Field != "") != fields {
				continue
			}
			k.To = strings.Join(strings.Fields(norm.NFC.String(clean(k.To))), " ")
			k.Emptied = false
			if k, err = g.now(k, c.Base); err != nil {
				return 0, err
			} else if k == (Correction{}) {
				continue
			}
			changed, err := g.make(&k)
			if err != nil {
				return 0, err
			}
			if changed {
				made++
				words = words || !fields
				g.Corrections = append(g.Corrections, k)
			}
		}
	}
	*f = *g
	return made, nil
}

// twice is an error if a word or a field is given two texts.
func (c *Corrections) twice() error {
	seen := map[string]string{}
	for _, k := range c.Corrections {
		if k.Add != "" {
			continue
		}
		at := k.place()
		if to, ok := seen[at]; ok && to != k.To {
			return fmt.Errorf("%w: %s is corrected twice", ErrMismatch, at)
		}
		seen[at] = k.To
	}
	return nil
}

// place says where a correction is, for messages.
func (k *Correction) place() string {
	switch {
	case k.Field != "" && k.Letter > 0:
		return fmt.Sprintf("the %s of letter %d", k.Field, k.Letter+1)
	case k.Field != "":
		return "the " + k.Field
	case k.Add == AddLine:
		return fmt.Sprintf("page %d, line %d", k.Page, k.Line)
	}
	return fmt.Sprintf("page %d, line %d, word %d", k.Page, k.Line, k.Word)
}

// now returns a correction for the text as it is after all that were made since base,
// or none if it is one of them.
func (f *File) now(k Correction, base int) (Correction, error) {
	for _, made := range f.Corrections[base:] {
		if k.same(made) {
			return Correction{}, nil
		}
		var ok bool
		if k, ok = k.after(made); !ok {
			return k, fmt.Errorf("%w: %s was taken out or divided since", ErrMismatch, k.place())
		}
	}
	return k, nil
}

// same reports whether a correction is one that was made.
func (k Correction) same(made Correction) bool {
	if (k.Box == nil) != (made.Box == nil) || k.Box != nil && *k.Box != *made.Box {
		return false
	}
	k.Box, made.Box, made.Emptied = nil, nil, false
	return k == made
}

// after returns a correction for the text after another one, which was made before it.
// It is not ok if that took away what it is for.
func (k Correction) after(made Correction) (_ Correction, ok bool) {
	if k.Field != "" || made.Field != "" {
		if k.Field == made.Field && k.Letter == made.Letter && k.From == made.From {
			k.From = made.To // the last word counts
		}
		return k, true
	}
	n := len(strings.Fields(made.To))
	here := k.Page == made.Page && k.Line == made.Line && k.Add != AddLine
	switch {
	case k.Page != made.Page:
	case made.Add == AddLine && (k.Line > made.Line || k.Line == made.Line && k.Add == AddLine):
		k.Line++
	case made.Add == AddWords && here && (k.Word > made.Word || k.Word == made.Word && k.Add == AddWords):
		k.Word += n
	case made.Add != "":
	case made.Emptied && (k.Line > made.Line || k.Line == made.Line && k.Add == AddLine):
		k.Line--
	case made.Emptied && here:
		return k, false
	case here && (k.Word > made.Word || k.Word == made.Word && k.Add == AddWords):
		k.Word += n - 1
	case here && k.Word == made.Word && k.From == made.From:
		k.From = made.To
		return k, n == 1
	}
	return k, true
}

// make makes a correction, and reports whether it changed anything.
func (f *File) make(k *Correction) (changed bool, err error) {
	if k.Field != "" {
		return f.setField(k)
	}
	i := slices.IndexFunc(f.Pages, func(p FilePage) bool { return p.Number == k.Page })
	if i < 0 || k.Line < 0 || k.Line > len(f.Pages[i].Lines) {
		return false, fmt.Errorf("%w: there is no %s", ErrMismatch, k.place())
	}
	page := &f.Pages[i]
	if k.Add == AddLine {
		return page.addLine(k)
	}
	least := 1
	if k.Add == AddWords {
		least = 0
	}
	if k.Line == 0 || k.Word < least || k.Word > len(page.Lines[k.Line-1].Words) {
		return false, fmt.Errorf("%w: there is no %s", ErrMismatch, k.place())
	}
	line := &page.Lines[k.Line-1]
	switch k.Add {
	case AddWords:
		return line.addWords(k, page)
	case "":
	default:
		return false, fmt.Errorf("%w: nothing is known of adding %q", ErrMismatch, k.Add)
	}
	word := &line.Words[k.Word-1]
	switch {
	case word.Text == k.To && (word.Corrected || k.From != k.To):
		return false, nil
	case word.Text != k.From:
		return false, fmt.Errorf("%w: %s is %q, not %q", ErrMismatch, k.place(), word.Text, k.From)
	case word.Text == k.To:
		word.Confidence, word.Alternatives, word.Corrected = 1, nil, true
		return true, nil
	}
	line.Words = slices.Replace(line.Words, k.Word-1, k.Word, split(*word, strings.Fields(k.To))...)
	if len(line.Words) == 0 {
		k.Emptied = true
		page.Lines = slices.Delete(page.Lines, k.Line-1, k.Line)
	}
	return true, nil
}

// split returns a word with another text; its box is shared out by letters.
func split(w FileWord, to []string) []FileWord {
	out := inBox(w.Box.Rectangle(), to)
	if len(out) > 0 {
		out[0].Read = cmp.Or(w.Read, w.Text)
	}
	return out
}

// inBox returns words that share a box by their letters.
func inBox(b image.Rectangle, words []string) []FileWord {
	total := 0
	for _, s := range words {
		total += utf8.RuneCountInString(s) + 1
	}
	out := make([]FileWord, len(words))
	at := 0
	for i, s := range words {
		n := utf8.RuneCountInString(s)
		out[i] = FileWord{Text: s, Confidence: 1, Corrected: true, Box: toBox(image.Rect(
			b.Min.X+b.Dx()*at/(total-1), b.Min.Y, b.Min.X+b.Dx()*(at+n)/(total-1), b.Max.Y))}
		at += n + 1
	}
	return out
}

// addWords adds words to a line.
func (l *FileLine) addWords(k *Correction, p *FilePage) (bool, error) {
	words := strings.Fields(k.To)
	if len(words) == 0 {
		return false, nil
	}
	b := l.gap(k.Word, len(k.To))
	if k.Box != nil {
		b = k.Box.Rectangle().Canon()
	}
	b = within(b, p)
	l.Words = slices.Insert(l.Words, k.Word, inBox(b, words)...)
	l.Box = toBox(l.Box.Rectangle().Union(b))
	return true, nil
}

// gap is the place between two words of a line, or before the first or after the last
// one for so many letters, each half as wide as the line is high.
func (l *FileLine) gap(after, letters int) image.Rectangle {
	line := l.Box.Rectangle()
	b := line
	width := line.Dy() * letters / 2
	switch {
	case after == 0:
		b.Max.X = l.Words[0].Box[0] - 1
		b.Min.X = b.Max.X - width
	case after == len(l.Words):
		b.Min.X = l.Words[after-1].Box[2] + 1
		b.Max.X = b.Min.X + width
	default:
		b.Min.X, b.Max.X = l.Words[after-1].Box[2], l.Words[after].Box[0]
	}
	b.Max.X = max(b.Max.X, b.Min.X+1)
	return b
}

// within moves a box into a page of a known size.
func within(b image.Rectangle, p *FilePage) image.Rectangle {
	page := image.Rect(0, 0, p.Width, p.Height)
	if in := b.Intersect(page); !in.Empty() {
		return in
	}
	return image.Rect(0, min(max(b.Min.Y, 0), max(p.Height-1, 0)), 1, min(max(b.Max.Y, 1), max(p.Height, 1)))
}

// addLine adds a line to a page, in the paragraph of the one before it.
func (p *FilePage) addLine(k *Correction) (bool, error) {
	words := strings.Fields(k.To)
	if len(words) == 0 {
		return false, nil
	}
	line := FileLine{Block: 1, Paragraph: 1}
	b := image.Rect(0, 0, p.Width, max(p.Height/60, 1))
	if beside := max(k.Line, 1) - 1; beside < len(p.Lines) {
		at := p.Lines[beside]
		line.Block, line.Paragraph, line.Cell = at.Block, at.Paragraph, at.Cell
		b = at.Box.Rectangle()
		if k.Line > 0 {
			b = b.Add(image.Pt(0, b.Dy()))
		} else {
			b = b.Sub(image.Pt(0, b.Dy()))
		}
	}
	if k.Box != nil {
		b = k.Box.Rectangle().Canon()
	}
	b = within(b, p)
	line.Box, line.Words = toBox(b), inBox(b, words)
	p.Lines = slices.Insert(p.Lines, k.Line, line)
	return true, nil
}

// setField sets a field of a letter.
func (f *File) setField(k *Correction) (bool, error) {
	if f.Letter == nil && k.Letter == 0 {
		f.Letter = &letter.Letter{}
	}
	l := f.letterAt(k.Letter)
	if l == nil {
		return false, fmt.Errorf("%w: there is no letter %d", ErrMismatch, k.Letter+1)
	}
	i := slices.IndexFunc(letter.Fields(), func(field letter.Field) bool { return field.Name == k.Field })
	if i < 0 {
		return false, fmt.Errorf("%w: there is no field %q", ErrMismatch, k.Field)
	}
	if letter.Fields()[i].Of(l) == k.To && slices.Contains(l.Corrected, k.Field) {
		return false, nil
	}
	if err := l.Correct(k.Field, k.To); err != nil {
		return false, fmt.Errorf("%s: %w", k.place(), err)
	}
	return true, nil
}

// letterAt returns one of the letters, nil if there is none.
func (f *File) letterAt(n int) *letter.Letter {
	switch {
	case n == 0:
		return f.Letter
	case f.Letter == nil || n < 0 || n > len(f.Letter.More):
		return nil
	}
	return f.Letter.More[n-1]
}

// findLetter finds the fields again, and keeps those that a person has set.
func (f *File) findLetter() {
	before := *f
	pages := make([]*ocr.Page, len(f.Pages))
	for i := range f.Pages {
		pages[i] = f.Pages[i].Page().Page
	}
	f.Letter = letter.Parse(pages)
	for n := 0; before.letterAt(n) != nil; n++ {
		old := before.letterAt(n)
		if len(old.Corrected) == 0 {
			continue
		}
		if f.Letter == nil {
			f.Letter = &letter.Letter{}
		}
		now := f.letterAt(n)
		if now == nil {
			now = f.Letter
		}
		now.Keep(old)
	}
}

// PageSeq returns the pages of f in the form that writers take.
func (f *File) PageSeq() func(yield func(*Page, error) bool) {
	return func(yield func(*Page, error) bool) {
		for i := range f.Pages {
			if !yield(f.Pages[i].Page(), nil) {
				return
			}
		}
	}
}

// Corrected returns how many corrections a person has made.
func (f *File) Corrected() (n int) {
	for _, p := range f.Pages {
		for _, l := range p.Lines {
			for _, w := range l.Words {
				if w.Corrected {
					n++
				}
			}
		}
	}
	return max(n, len(f.Corrections))
}
