package confusion

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Pattern is a case pattern in which a token may have been printed, and what
// speaks against that.
type Pattern struct {
	Case    viet.Case
	Against evidence.Feature
}

// Patterns returns the case patterns that a token may have been printed in, at most
// three; loud is one among capitals.
func Patterns(s string, loud bool) []Pattern {
	upper, lower := CountCases(s)
	first, _ := utf8.DecodeRuneInString(s)
	switch {
	case upper == 0 && lower == 0:
		return []Pattern{{viet.Lower, 0}, {viet.Upper, evidence.OtherCase}}
	case upper == 0 && (first == 'b' || first == 'p' && !strings.HasPrefix(s, "ph")): // of Đ, too
		return []Pattern{{viet.Lower, 0}, {viet.Title, evidence.OtherCase}}
	case upper == 0:
		return []Pattern{{viet.Lower, 0}}
	case upper == 1 && unicode.IsUpper(first):
		if strings.ContainsRune("IJL", first) || isAlike(first) {
			return []Pattern{{viet.Title, 0}, {viet.Lower, evidence.OtherCase}}
		}
		return []Pattern{{viet.Title, 0}}
	case lower == 0 && upper > 3, upper > lower && upper > 2:
		return []Pattern{{viet.Upper, 0}}
	case loud: // "vA" among capitals
		return []Pattern{{viet.Upper, 0}, {viet.Title, evidence.OtherCase}}
	case unicode.IsUpper(first): // "BO" may be "Bộ"
		return []Pattern{{viet.Title, 0}, {viet.Upper, evidence.Shouted}, {viet.Lower, 0}}
	}
	return []Pattern{{viet.Lower, 0}, {viet.Upper, evidence.Shouted}}
}

// CountCases counts the capitals and the small letters of s.
func CountCases(s string) (upper, lower int) {
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	return upper, lower
}

// isAlike reports whether a capital differs from its small letter in size alone.
func isAlike(r rune) bool { return strings.ContainsRune("COPSUVWXZK", viet.StripRune(r)) }
