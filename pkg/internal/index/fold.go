package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// A folded text is what the index has of it: its words in small letters without
// marks, đ as d, a space before, between and after them. What is alike but for case,
// marks, the place of the tone, and signs between words folds alike.
type folded struct {
	words []byte
	at    []int32 // of each byte of words, where in the text it comes from
}

// fold folds a text.
func fold(s string) string { return string(foldPlaces(s, false).words) }

// foldPlaces folds a text and, if asked to, says where each byte comes from.
func foldPlaces(s string, places bool) folded {
	f := folded{words: make([]byte, 1, len(s)+2)}
	f.words[0] = ' '
	if places {
		f.at = make([]int32, 1, len(s)+2)
	}
	for i, r := range s {
		f.rune(r)
		for places && len(f.at) < len(f.words) {
			f.at = append(f.at, int32(i))
		}
	}
	f.space()
	if places {
		f.at = append(f.at, int32(len(s)))
	}
	return f
}

func (f *folded) space() {
	if f.words[len(f.words)-1] != ' ' {
		f.words = append(f.words, ' ')
	}
}

// rune adds what a letter of the text folds to.
func (f *folded) rune(r rune) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		f.words = append(f.words, byte(r))
		return
	case 'A' <= r && r <= 'Z':
		f.words = append(f.words, byte(r)+'a'-'A')
		return
	case r < utf8.RuneSelf:
		f.space()
		return
	}
	if bare := viet.StripRune(r); bare < utf8.RuneSelf {
		f.words = append(f.words, byte(unicode.ToLower(bare)))
		return
	}
	for _, d := range norm.NFKD.String(string(unicode.ToLower(r))) {
		switch {
		case unicode.IsLetter(d) || unicode.IsNumber(d):
			f.words = utf8.AppendRune(f.words, unicode.ToLower(d))
		case !unicode.Is(unicode.Mn, d):
			f.space()
		}
	}
}

// A term is a word that a person typed.
type term struct {
	bare   string // folded
	marked string // in small letters with its marks; empty if it was typed without
}

// typed cuts what a person typed into words.
func typed(text string) (words []term) {
	for _, w := range strings.FieldsFunc(norm.NFC.String(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r)
	}) {
		for _, bare := range strings.Fields(fold(w)) { // one, as a rule
			t := term{bare: bare}
			if m := viet.Fold(w); m != bare {
				t.marked = m
			}
			words = append(words, t)
		}
	}
	return words
}
