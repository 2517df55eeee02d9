package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

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
