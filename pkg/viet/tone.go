package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Style is where the tone of an open oa, oe or uy is written.
type Style uint8

const (
	Keep Style = iota // as it is
	Old               // hòa, khỏe, thủy
	New               // hoà, khoẻ, thuỷ (Decision 1989/QĐ-BGDĐT)
)

// PlaceTone writes every open oa, oe, uy of s with its tone in the given style
// and leaves everything else alone. s is NFC, in any case.
func PlaceTone(s string, style Style) string {
	if style == Keep || isASCII(s) {
		return s
	}
	var out []byte // nil until something moves
	last := 0
	eachOpenPair(s, func(at int, a, b rune, first bool) {
		if first == (style == Old) {
			return
		}
		la, ta := Split(a)
		lb, tb := Split(b)
		out = append(out, s[last:at]...)
		out = utf8.AppendRune(out, WithTone(la, tb))
		out = utf8.AppendRune(out, WithTone(lb, ta))
		last = at + utf8.RuneLen(a) + utf8.RuneLen(b)
	})
	if out == nil {
		return s
	}
	return string(append(out, s[last:]...))
}

// CountStyles counts the open oa, oe, uy of s that are written in each style.
func CountStyles(s string) (old, new int) {
	eachOpenPair(s, func(_ int, _, _ rune, first bool) {
		if first {
			old++
		} else {
			new++
		}
	})
	return old, new
}

// eachOpenPair calls f for each oa, oe, uy at the end of a word with a tone on
// one of its letters; first tells on which. "quý" is not one: its u belongs to
// the onset.
func eachOpenPair(s string, f func(at int, a, b rune, first bool)) {
	var before, a rune // the two runes before b
	at := 0            // of a
	for i, b := range s {
		if isOpenPair(before, a, b) && !startsWithLetter(s[i+utf8.RuneLen(b):]) {
			_, ta := Split(a)
			_, tb := Split(b)
			if (ta == Ngang) != (tb == Ngang) {
				f(at, a, b, ta != Ngang)
			}
		}
		before, a, at = a, b, i
	}
}

func isOpenPair(before, a, b rune) bool {
	la, _ := Split(unicode.ToLower(a))
	lb, _ := Split(unicode.ToLower(b))
	switch la {
	case 'o':
		return lb == 'a' || lb == 'e'
	case 'u':
		return lb == 'y' && before != 'q' && before != 'Q'
	}
	return false
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

// Fold is the form under which a word is known to the models: lower case, tone
// in the old place. s is NFC.
func Fold(s string) string { return PlaceTone(strings.ToLower(s), Old) }
