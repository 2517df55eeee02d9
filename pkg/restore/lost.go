package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Text that was written in an encoding without all of its letters has a sign for each
// that was lost. The others are right, so that a word is one of those of its length that
// have a marked letter wherever a sign stands.

// isLost reports whether a character stands for a letter that was lost.
func isLost(r rune) bool { return r == utf8.RuneError || r == '?' || unicode.Is(unicode.Co, r) }

// joinLost joins the units of words in which letters were lost.
func (b *builder) joinLost() {
	out := b.units[:0]
	for _, u := range b.units {
		if n := len(out); n > 0 && u.glued && b.belongs(out[n-1]) && b.belongs(u) {
			out[n-1].end, out[n-1].class = u.end, token.Word
		} else {
			if s := b.text[u.start:u.end]; len(s) > 1 && strings.Trim(s, "?\uFFFD") == "" { // of a whole word, as of "ở"
				u.class = token.Word
			}
			out = append(out, u)
		}
	}
	b.units = out
}

// belongs reports whether a unit is letters and signs for them.
func (b *builder) belongs(u unit) bool {
	return u.class != token.URL && !strings.ContainsFunc(b.text[u.start:u.end], func(r rune) bool { return !unicode.IsLetter(r) && !isLost(r) })
}

// hasLost reports whether letters of a word were lost.
func hasLost(s string) bool { return strings.ContainsFunc(s, isLost) }

// lost are the words of which s is all but the letters that were lost.
func (w *worker) lost(s string) []ngram.ID {
	if !hasLost(s) || len(s) > w.bounds.LongWord {
		return nil
	}
	pattern := []rune(strings.ToLower(s))
	if w.byLength == nil {
		w.byLength = map[int][]ngram.ID{}
		for id := ngram.ID(0); int(id) < w.model.Len(); id++ {
			if w.model.Kind(id) != ngram.NoWord {
				n := utf8.RuneCountInString(w.model.Word(id))
				w.byLength[n] = append(w.byLength[n], id)
			}
		}
	}
	w.shaped = w.shaped[:0]
	for _, id := range w.byLength[len(pattern)] {
		if fitsLost(pattern, w.model.Word(id)) {
			w.shaped = append(w.shaped, id)
		}
	}
	return w.shaped
}

func fitsLost(pattern []rune, word string) bool {
	i := 0
	for _, r := range word {
		if p := pattern[i]; p != r && !(isLost(p) && viet.IsMarked(r)) {
			return false
		}
		i++
	}
	return true
}

// lostArcs adds the arcs of a choice for unit i, in each case that it may have been in.
func (w *worker) lostArcs(i int, c choice, boost float32) {
	b := &w.lat
	u := b.units[i]
	for _, c.c = range b.lostCases(i) {
		w.capital(u, c.word, c.c)
		b.tally.Add(evidence.Memory, boost)
		b.arc(b.nodes[i], b.nodes[i+1], c.word, c)
	}
}

// lostCases are the case patterns that unit i, of which letters were lost, may have.
func (b *builder) lostCases(i int) []viet.Case {
	u := b.units[i]
	s := b.text[u.start:u.end]
	first, _ := utf8.DecodeRuneInString(s)
	upper, lower := confusion.CountCases(s)
	switch {
	case lower == 0 && (upper > 1 || upper > 0 && isLost(first) || u.inCapitals || u.besideCapitals):
		return []viet.Case{viet.Upper}
	case upper > 0, isLost(first) && b.begins(i):
		return []viet.Case{viet.Title}
	case isLost(first) && u.caseTells:
		return []viet.Case{viet.Lower, viet.Title}
	}
	return []viet.Case{viet.Lower}
}

// begins reports whether unit i begins a line or a sentence.
func (b *builder) begins(i int) bool {
	if b.units[i].line {
		return true
	}
	last := b.units[i-1]
	return last.class == token.Item || last.class == token.Punct && strings.ContainsAny(b.text[last.start:last.end], ".!?")
}
