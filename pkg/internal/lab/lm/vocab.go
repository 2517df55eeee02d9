package lm

import (
	"cmp"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
	"github.com/congvan-cli/congvan/pkg/viet"
)

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
		case slices.Contains(format.Specials[:], w):
		case counts[i] < uint64(least):
		case isSymbol(w), viet.IsSyllable(w):
			list = append(list, candidate{w, counts[i], 0})
		case ngram.OutOfVocab(w) == ngram.Foreign:
			list = append(list, candidate{w, counts[i], 1})
		}
	}
	byCount := func(a, b candidate) int {
		return cmp.Or(-cmp.Compare(a.count, b.count), strings.Compare(a.word, b.word))
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.class, b.class), byCount(a, b))
	})
	list = list[:min(len(list), limit-int(ngram.NumSpecial))]
	slices.SortFunc(list, byCount)
	vocab := slices.Clone(format.Specials[:])
	for _, c := range list {
		vocab = append(vocab, c.word)
	}
	return vocab
}

// isSymbol reports whether w stands for a class or is punctuation.
func isSymbol(w string) bool {
	return w != "" && (w[0] < '0' || w[0] > '9' && w[0] < 'a') || w == "•" || w == "…"
}
