package ngram

import (
	"cmp"
	"slices"
	"strings"

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
	numSpecial
)

var specialWords = [numSpecial]string{"", "<s>", "</s>", "<unk>", "<foreign>"}

// idBits bounds the vocabulary, so that four words of context and the word they
// predict fit in a sort key.
const (
	idBits   = 14
	maxVocab = 1 << idBits
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

// chooseVocab picks the words of a vocabulary of at most limit words, all seen
// at least least times: class and punctuation symbols, syllables that
// Vietnamese spelling allows, and of other words the most frequent. It returns
// them in the order of their IDs, specials first, then by falling count.
func chooseVocab(words []string, counts []uint64, limit, least int) []string {
	type candidate struct {
		word  string
		count uint64
		class int // 0 symbols and syllables, 1 the rest
	}
	var list []candidate
	for i, w := range words {
		switch {
		case slices.Contains(specialWords[:], w):
		case counts[i] < uint64(least):
		case isSymbol(w), viet.IsSyllable(w):
			list = append(list, candidate{w, counts[i], 0})
		case isLatin(w):
			list = append(list, candidate{w, counts[i], 1})
		}
	}
	byCount := func(a, b candidate) int {
		return cmp.Or(-cmp.Compare(a.count, b.count), strings.Compare(a.word, b.word))
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.class, b.class), byCount(a, b))
	})
	list = list[:min(len(list), limit-int(numSpecial))]
	slices.SortFunc(list, byCount)
	vocab := slices.Clone(specialWords[:])
	for _, c := range list {
		vocab = append(vocab, c.word)
	}
	return vocab
}

// isSymbol reports whether w stands for a class or is punctuation.
func isSymbol(w string) bool {
	return w != "" && (w[0] < '0' || w[0] > '9' && w[0] < 'a') || w == "•" || w == "…"
}

// isLatin reports whether all letters of a folded word are Latin.
func isLatin(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool {
		return r >= 0x250 && (r < 0x1E00 || r >= 0x1F00) && r != 0x300 && r != 0x301 && r != 0x303 && r != 0x309 && r != 0x323
	})
}

// outOfVocab is the ID of a folded word that the vocabulary does not hold.
func outOfVocab(w string) ID {
	if isLatin(w) {
		return Foreign
	}
	return Unknown
}
