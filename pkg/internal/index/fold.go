package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// fold writes s in small letters without marks, đ as d. What is alike but for case,
// marks and the place of the tone folds alike.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	r = unicode.ToLower(r)
	if r < utf8.RuneSelf {
		b.WriteByte(byte(r))
		return
	}
	if bare := viet.StripRune(r); bare != r {
		b.WriteRune(bare)
		return
	}
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
}

// A term is a run of letters and digits of a text, as the index counts words.
type term struct {
	start, end int // bytes of the text
	folded     string
	marked     string // in small letters with its marks, if it was typed with some
}

// terms cuts a text where FTS5's tokenizer unicode61 does.
func terms(text string) []term {
	var out []term
	start := -1
	flush := func(end int) {
		if start >= 0 {
			if f := fold(text[start:end]); f != "" {
				out = append(out, term{start: start, end: end, folded: f})
			}
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r):
			if start < 0 {
				start = i
			}
		case unicode.Is(unicode.Mn, r): // of a letter before it
		default:
			flush(i)
		}
	}
	flush(len(text))
	return out
}

// typed is terms of what a person typed, whose marks count.
func typed(text string) []term {
	words := terms(text)
	for i, t := range words {
		if m := viet.Fold(norm.NFC.String(text[t.start:t.end])); m != t.folded {
			words[i].marked = m
		}
	}
	return words
}
