package letter

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// fold leaves of s its letters a to z, in lower case and without marks: what
// survives a bad reading of a formula.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(viet.Strip(s)) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// near reports whether a and b differ in at most a quarter of b's letters.
func near(a, b string) bool {
	limit := len(b) / 4
	if a == b {
		return true
	}
	if len(a) > len(b)+limit || len(b) > len(a)+limit {
		return false
	}
	return distance(a, b) <= limit
}

// distance is the edit distance of two short strings of ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// startsLike returns how many words of ws read like the folded formula, or 0.
func startsLike(ws []string, formula string) int {
	s := ""
	for i, w := range ws {
		s += fold(w)
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
