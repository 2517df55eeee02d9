package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Case is the pattern of capitals in a word.
type Case uint8

const (
	Lower Case = iota // lower, or no letters at all
	Title             // first letter capital, the rest lower
	Upper             // all capitals, two letters or more
	Mixed             // anything else
)

// CaseOf returns the pattern of the letters in s. A single capital is Title.
func CaseOf(s string) Case {
	letters, upper, firstUpper := 0, 0, false
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.IsUpper(r) {
			upper++
			firstUpper = firstUpper || letters == 0
		}
		letters++
	}
	switch {
	case upper == 0:
		return Lower
	case firstUpper && upper == 1:
		return Title
	case upper == letters:
		return Upper
	}
	return Mixed
}

// Apply writes a lower-case word in the pattern. Mixed leaves it as it is.
func (c Case) Apply(s string) string {
	switch c {
	case Title:
		r, n := utf8.DecodeRuneInString(s)
		return string(unicode.ToUpper(r)) + s[n:]
	case Upper:
		return strings.ToUpper(s)
	}
	return s
}
