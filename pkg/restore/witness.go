package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// mostWitnesses is how many witnesses may overlap in a place; the last count.
const mostWitnesses = 8

// attachWitnesses gives the units what other readers saw in their place.
func (b *builder) attachWitnesses(witnesses []Witness, channels func(string) *channel.Model) {
	var here []Witness // that begin before the unit at hand and reach into it
	for i := range b.units {
		u := &b.units[i]
		for len(witnesses) > 0 && witnesses[0].Start <= u.start {
			here = append(here, witnesses[0])
			witnesses = witnesses[1:]
		}
		here = slices.DeleteFunc(here, func(x Witness) bool { return x.End <= u.start })
		here = here[max(0, len(here)-mostWitnesses):]
		if u.class != token.Word && u.class != token.Mixed {
			continue
		}
		for _, x := range here {
			by := channels(x.Channel)
			if u.end > x.End || x.Start < 0 || x.End > len(b.text) || by == nil {
				continue
			}
			before, after := b.text[x.Start:u.start], b.text[u.end:x.End]
			if isPunct(before) && isPunct(after) {
				u.witness = trimMarks(norm.NFC.String(x.Read), utf8.RuneCountInString(before), utf8.RuneCountInString(after))
				u.by = by
			}
		}
	}
}

func isPunct(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPunct(r) && !unicode.IsSymbol(r) })
}

// trimMarks takes up to so many marks off the edges of a reading.
func trimMarks(s string, before, after int) string {
	for ; before > 0 && s != ""; before-- {
		if r, n := utf8.DecodeRuneInString(s); isPunct(string(r)) {
			s = s[n:]
		}
	}
	for ; after > 0 && s != ""; after-- {
		if r, n := utf8.DecodeLastRuneInString(s); isPunct(string(r)) {
			s = s[:len(s)-n]
		}
	}
	return s
}

// attest joins the candidates of a unit with those of its witness: what each
// reader saw has its own chance, given the word. It fills in witnessed.
func (w *worker) attest(found []channel.Candidate, u unit, s string, c viet.Case, ch *channel.Model) []channel.Candidate {
	lex := w.lexicon()
	out := slices.Clone(found)
	for _, cand := range found {
		w.witnessed = append(w.witnessed, w.lat.attested(u.by, c.Apply(lex.Word(cand)), u.witness))
	}
	for _, cand := range w.candidates(u.by, u.witness, c) {
		if !slices.ContainsFunc(found, func(o channel.Candidate) bool { return o.Word == cand.Word }) {
			w.witnessed = append(w.witnessed, cand.Log10)
			cand.Log10 = w.lat.attested(ch, c.Apply(lex.Word(cand)), s)
			out = append(out, cand)
		}
	}
	return out
}

// attested is log10 of the chance that a reader saw read where word stands. No
// reading rules a word out: the readers may not have looked at the same place.
func (b *builder) attested(ch *channel.Model, word, read string) float32 {
	return max(float32(ch.Log10(word, read)), b.bounds.LeastWitness)
}
