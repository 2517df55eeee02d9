package ngram

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// ID is a word of a model's vocabulary. Frequent words have small numbers.
type ID uint16

// The first words of every vocabulary.
const (
	None    ID = iota // no word; also what stands before the start of a text
	Start             // <s>, before the first word
	End               // </s>, after the last word
	Unknown           // <unk>, a word outside the vocabulary that is not Latin
	Foreign           // <foreign>, a word outside the vocabulary in Latin letters
	NumSpecial
)

// AppendSymbols appends the words under which the model knows a line of text:
// one for each token, those left out that the model does not count.
func AppendSymbols(dst []string, line string) []string {
	var buf [64]token.Token
	for _, t := range token.Append(buf[:0], line) {
		if s := token.Symbol(line[t.Start:t.End], t.Class); s != "" {
			dst = append(dst, s)
		}
	}
	return dst
}

// Kind is what a symbol is by its letters.
type Kind uint8

const (
	NoWord   Kind = iota // a class, a sign, or nothing
	Word                 // letters, but no Vietnamese syllable
	Syllable             // see viet.IsSyllable
)

func kindOf(symbol string) Kind {
	switch {
	case viet.IsSyllable(symbol):
		return Syllable
	case symbol == "" || strings.ContainsFunc(symbol, func(r rune) bool { return !unicode.IsLetter(r) }):
		return NoWord
	}
	return Word
}

// isLatin reports whether all letters of a folded word are Latin.
func isLatin(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool {
		return r >= 0x250 && (r < 0x1E00 || r >= 0x1F00) && r != 0x300 && r != 0x301 && r != 0x303 && r != 0x309 && r != 0x323
	})
}

// OutOfVocab is the ID of a folded word that the vocabulary does not hold.
func OutOfVocab(w string) ID {
	if isLatin(w) {
		return Foreign
	}
	return Unknown
}
