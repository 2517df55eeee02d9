package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"
)

// IsHeading reports whether s stands in capitals: three at least, and no more than
// one small letter in ten.
func IsHeading(s string) bool {
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

// specks are what dirt before the dash of an item is read as.
const specks = "'`\"“‘«*.,· "

// IsDashed reports whether s is an item of a list that opens with a dash, a plus
// or a dot, specks before it or not.
func IsDashed(s string) bool {
	s = strings.TrimLeft(s, specks)
	r, n := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("-–—~", r) || strings.ContainsRune("+•", r) && strings.HasPrefix(s[n:], " ")
}

// Item returns what an item of a list says, without its dash and closing mark.
func Item(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, specks+"-–—~+•"), " ;:.,_")
}

// NextItem returns the marker of an item, given the one before it in its list and how it
// was read: what comes after d) is đ).
func NextItem(last, read string) string {
	if last == "d)" && read == last {
		return "đ)"
	}
	return read
}

// numbered are the parts of laws and plans that bear a number.
var numbered = folded([]string{"Điều", "Chương", "Mục", "Phần"})

// NamesPart reports whether a word, and a number after it, name a part of a text: "Điều".
func NamesPart(word string) bool {
	name, ok := numbered()[Fold(word)]
	return ok && name == word
}

// OpensItem reports whether words open an item of a list or a part of a text:
// "-", "1.", "a)", "A.", "Điều 3".
func OpensItem(ws []string) bool {
	if len(ws) < 2 {
		return false
	}
	if first, n := utf8.DecodeRuneInString(ws[0]); n == len(ws[0]) && strings.ContainsRune("-–—+•*~", first) {
		return true
	}
	if NamesPart(ws[0]) {
		r, _ := utf8.DecodeRuneInString(ws[1])
		return unicode.IsDigit(r) || strings.ContainsRune("IVX", r)
	}
	if s, ok := strings.CutSuffix(ws[0], "."); ok && len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z' {
		return true
	}
	return ws[0] != "" && token.MarkerLen(ws[0]) == len(ws[0])
}
