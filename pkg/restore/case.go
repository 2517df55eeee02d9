package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// pattern is a case pattern in which a token may have been printed, and what
// speaks against that.
type pattern struct {
	c       viet.Case
	against evidence.Feature
}

// patterns returns the case patterns that a token may have been printed in; loud
// is one among capitals.
func patterns(s string, loud bool) []pattern {
	upper, lower := 0, 0
	first, _ := utf8.DecodeRuneInString(s)
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	switch {
	case upper == 0 && lower == 0:
		return []pattern{{viet.Lower, 0}, {viet.Upper, evidence.OtherCase}}
	case upper == 0 && (first == 'b' || first == 'p' && !strings.HasPrefix(s, "ph")): // of Đ, too
		return []pattern{{viet.Lower, 0}, {viet.Title, evidence.OtherCase}}
	case upper == 0:
		return []pattern{{viet.Lower, 0}}
	case upper == 1 && unicode.IsUpper(first):
		if strings.ContainsRune("IJL", first) || isAlike(first) {
			return []pattern{{viet.Title, 0}, {viet.Lower, evidence.OtherCase}}
		}
		return []pattern{{viet.Title, 0}}
	case lower == 0 && upper > 3, upper > lower && upper > 2:
		return []pattern{{viet.Upper, 0}}
	case loud: // "vA" among capitals
		return []pattern{{viet.Upper, 0}, {viet.Title, evidence.OtherCase}}
	case unicode.IsUpper(first): // "BO" may be "Bộ"
		return []pattern{{viet.Title, 0}, {viet.Upper, evidence.Shouted}, {viet.Lower, evidence.Lowered}}
	}
	return []pattern{{viet.Lower, 0}, {viet.Upper, evidence.Shouted}}
}

// isAlike reports whether a capital differs from its small letter in size alone.
func isAlike(r rune) bool { return strings.ContainsRune("COPSUVWXZK", viet.StripRune(r)) }

// isAbbreviation reports whether s is capitals without a vowel, such as HĐND. A
// reader that knows the letters reads them right.
func isAbbreviation(s string) bool {
	return viet.CaseOf(s) == viet.Upper && !strings.ContainsFunc(s, viet.IsVowel)
}

// isAcronym reports whether capitals in the middle of ordinary text are taken for
// a word of other letters: MARC is no garble.
func isAcronym(u unit, read, word string) bool {
	return !u.inCapitals && len(read) >= 3 && viet.CaseOf(read) == viet.Upper && viet.Strip(word) != strings.ToLower(viet.Strip(read))
}

// miscased reports whether a word is a syllable with capitals where nobody writes
// them: "lỆ".
func miscased(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return viet.CaseOf(s) == viet.Mixed && unicode.IsLower(first) && viet.HasMarks(s) && viet.IsSyllable(strings.ToLower(s))
}

// oddPlaces counts the places in a word where a capital follows a small letter, or a
// digit stands between two letters of which one is small.
func oddPlaces(s string) (n float32) {
	var before, last rune
	for _, r := range s {
		switch {
		case unicode.IsUpper(r) && unicode.IsLower(last):
			n++
		case unicode.IsDigit(last) && (unicode.IsLower(before) && unicode.IsLetter(r) || unicode.IsLetter(before) && unicode.IsLower(r)):
			n++
		}
		before, last = last, r
	}
	return n
}
