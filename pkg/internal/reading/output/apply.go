package output

import (
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
	Corrections []Correction `json:"corrections"`
}

// Correction gives one word another text. Page is a page's number; Line and
// Word count from 1 in the File.
type Correction struct {
	Page int    `json:"page"`
	Line int    `json:"line"`
	Word int    `json:"word"`
	From string `json:"from"`
	To   string `json:"to"` // several words split the word, none removes it
}

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

// Apply makes the corrections in f and finds the fields of the letter again. It
// returns how many words it changed; words that have the corrected text already
// are left alone. If any correction does not fit, f stays as it is.
func (f *File) Apply(c *Corrections) (changed int, err error) {
	if c.SHA256 != "" && f.Source.SHA256 != "" && c.SHA256 != f.Source.SHA256 {
		return 0, fmt.Errorf("%w: they are for %s", ErrMismatch, c.Document)
	}
	type target struct {
		line *FileLine
		word int
		to   []string
	}
	var targets []target
	pages := map[int]*FilePage{}
	for i := range f.Pages {
		pages[f.Pages[i].Number] = &f.Pages[i]
	}
	seen := map[[3]int]bool{}
	for _, k := range c.Corrections {
		at := fmt.Sprintf("page %d, line %d, word %d", k.Page, k.Line, k.Word)
		page := pages[k.Page]
		if page == nil || k.Line < 1 || k.Line > len(page.Lines) || k.Word < 1 || k.Word > len(page.Lines[k.Line-1].Words) {
			return 0, fmt.Errorf("%w: there is no %s", ErrMismatch, at)
		}
		if seen[[3]int{k.Page, k.Line, k.Word}] {
			return 0, fmt.Errorf("%w: %s is corrected twice", ErrMismatch, at)
		}
		seen[[3]int{k.Page, k.Line, k.Word}] = true
		line := &page.Lines[k.Line-1]
		to := strings.Fields(norm.NFC.String(clean(k.To)))
		switch word := line.Words[k.Word-1]; {
		case word.Text == strings.Join(to, " "):
			continue
		case word.Text != k.From:
			return 0, fmt.Errorf("%w: %s is %q, not %q", ErrMismatch, at, word.Text, k.From)
		}
		targets = append(targets, target{line, k.Word - 1, to})
	}
	// From the end, so that splitting a word does not move those to come.
	slices.SortFunc(targets, func(a, b target) int { return b.word - a.word })
	for _, t := range targets {
		t.line.Words = slices.Replace(t.line.Words, t.word, t.word+1, split(t.line.Words[t.word], t.to)...)
	}
	for i := range f.Pages {
		f.Pages[i].Lines = slices.DeleteFunc(f.Pages[i].Lines, func(l FileLine) bool { return len(l.Words) == 0 })
	}
	if len(targets) > 0 {
		f.Letter = f.letter()
	}
	return len(targets), nil
}

// split returns a word with another text; its box is shared out by letters.
func split(w FileWord, to []string) []FileWord {
	total := 0
	for _, s := range to {
		total += utf8.RuneCountInString(s) + 1
	}
	out := make([]FileWord, len(to))
	b, at := w.Box.Rectangle(), 0
	for i, s := range to {
		n := utf8.RuneCountInString(s)
		out[i] = FileWord{Text: s, Confidence: 1, Corrected: true, Box: toBox(image.Rect(
			b.Min.X+b.Dx()*at/(total-1), b.Min.Y, b.Min.X+b.Dx()*(at+n)/(total-1), b.Max.Y))}
		at += n + 1
	}
	if len(out) > 0 {
		if out[0].Read = w.Read; out[0].Read == "" {
			out[0].Read = w.Text
		}
	}
	return out
}

func (f *File) letter() *letter.Letter {
	pages := make([]*ocr.Page, len(f.Pages))
	for i := range f.Pages {
		pages[i] = f.Pages[i].Page().Page
	}
	return letter.Parse(pages)
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

// Corrected returns how many words a person has corrected.
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
	return n
}
