package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// speck adds the arcs of a mark that is dirt on the page: it goes if it is no mark
// of Vietnamese text, and between two words it stands for their space. It reports
// whether the mark, as it is, is dirt.
func (w *worker) speck(i int, from place, s string, ch *channel.Model) bool {
	b := &w.lat
	u := b.units[i]
	inside := u.glued && i+1 < len(b.units) && b.units[i+1].glued
	word := func(k int) bool { return b.units[k].class == token.Word }
	gone := func(instead string) {
		b.tally.Add(evidence.Speck, 1)
		b.arc(from.node, b.ends[i], ngram.None, b.instead(u, instead))
	}
	switch {
	case inside && word(i-1) && word(i+1) && strings.ContainsAny(s, ".,'’‘:;_") && !ofName(s, ch) && !b.isNameBefore(i) && !b.isShortened(i):
		gone(" ")
	case strings.ContainsAny(s, "_|~^¬¦") && len(s) <= 2 && !inside && (u.glued || i+1 < len(b.units) && b.units[i+1].glued):
		gone("")
		return true
	}
	return false
}

// ofName reports whether a mark, inside a word, is the apostrophe of a name (M'Drắk), which
// a reader that keeps marks reads as it is.
func ofName(s string, ch *channel.Model) bool {
	return ch.KeepsMarks() && strings.Trim(s, "'’‘") == ""
}

// isNameBefore reports whether mark i is an apostrophe after letters that are no word, for
// want of a vowel, but begin a name: M'Um, Bh'Noong.
func (b *builder) isNameBefore(i int) bool {
	u, before := b.units[i], b.text[b.units[i-1].start:b.units[i-1].end]
	first, _ := utf8.DecodeRuneInString(before)
	return strings.Trim(b.text[u.start:u.end], "'’‘") == "" && unicode.IsUpper(first) && !strings.ContainsFunc(before, viet.IsVowel)
}

// isShortened reports whether mark i is the full stop between two abbreviations: TT.VHTT.
func (b *builder) isShortened(i int) bool {
	short := func(k int) bool { return isAbbreviation(b.text[b.units[k].start:b.units[k].end]) }
	return b.text[b.units[i].start:b.units[i].end] == "." && short(i-1) && short(i+1)
}

// isInside reports whether a mark stands between two letters or digits, without
// space, where texts have no such mark.
func (b *builder) isInside(i int) bool {
	u := b.units[i]
	if !u.glued || i+1 >= len(b.units) || !b.units[i+1].glued || strings.ContainsAny(b.text[u.start:u.end], "-–/.,&+'’:") {
		return false
	}
	for k := i - 1; ; k-- {
		if b.units[k].isWord() {
			break
		}
		if !b.units[k].glued || b.units[k].class != token.Punct {
			return false
		}
	}
	for k := i + 1; k < len(b.units) && b.units[k].glued; k++ {
		if b.units[k].isWord() {
			return true
		}
		if b.units[k].class != token.Punct {
			return false
		}
	}
	return false
}

// signsInside counts the marks that stand where texts have none.
func (b *builder) signsInside() (n int) {
	for i, u := range b.units {
		if u.class == token.Punct && b.isInside(i) {
			n++
		}
	}
	return n
}

// trailingDigits is where the digits at the end of s begin.
func trailingDigits(s string) int { return len(strings.TrimRight(s, "0123456789")) }

// swallowsNumber reports whether s taken for a word loses a number that was
// glued to one: "có3" is not "có".
func swallowsNumber(s string) bool {
	k := trailingDigits(s)
	return k > 0 && k < len(s) && strings.ContainsFunc(s[:k], viet.IsVowel)
}

func leadingDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

// amount adds the amount of money that unit i begins and a space divides:
// "5.000. 000". No sentence begins with 000.
func (w *worker) amount(i int) {
	b := &w.lat
	if i+2 >= len(b.units) {
		return
	}
	dot, rest := b.units[i+1], b.units[i+2]
	if dot.line || rest.line || b.text[dot.start:dot.end] != "." || !strings.HasPrefix(b.text[rest.start:rest.end], "000") {
		return
	}
	start := b.units[i].start
	whole := b.text[start:dot.start] + "." + b.text[rest.start:rest.end]
	if isAmount(whole) {
		id, _ := w.spelledBy(whole, token.Number)
		c := taken(start, rest.end)
		b.write(&c, whole)
		b.arc(b.nodes[i], b.ends[i+2], id, c)
	}
}
