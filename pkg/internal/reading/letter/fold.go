package letter

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
)

// near reports whether a and b differ in at most a quarter of b's letters.
func near(a, b string) bool {
	limit := len(b) / 4
	if a == b {
		return true
	}
	if len(a) > len(b)+limit || len(b) > len(a)+limit {
		return false
	}
	return layout.Distance(a, b) <= limit
}

// startsLike returns how many words of ws read like the folded formula, or 0.
func startsLike(ws []string, formula string) int {
	s := ""
	for i, w := range ws {
		s += layout.Fold(w)
		if len(s)+1 >= len(formula) {
			if near(s, formula) {
				return i + 1
			}
			if len(s) > len(formula) {
				break
			}
		}
	}
	return 0
}

// isCaps reports whether s is a heading: three capitals at least, and no more
// than one small letter in ten.
func isCaps(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 3 && 10*lower <= upper
}

// letters counts the letters of s.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// startsLower reports whether the first letter of s is small.
func startsLower(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}

// isItem reports whether s starts with the dash of a list, specks before it or
// not.
func isItem(s string) bool {
	s = strings.TrimLeft(s, "'`\"“‘«*.,· ")
	return strings.HasPrefix(s, "-") || strings.HasPrefix(s, "–") || strings.HasPrefix(s, "~") || strings.HasPrefix(s, "+ ") || strings.HasPrefix(s, "• ")
}

// item returns s without its dash and its closing mark.
func item(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, "-–~+•'\"“‘«*. "), " ;:.,_")
}

func words(s string) []string { return strings.Fields(s) }
