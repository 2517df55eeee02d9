// Package sets chooses the tokens whose confusion sets are made beforehand: those that
// a reader of Vietnamese writes most often, as its channel and the language model expect.
package sets

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// rarest is log10 of the chance of a token, one word in a few million, from which on
// it is left out.
const rarest = -6.5

// What the language model does not know of case, in log10 of the share of words: those in
// capitals throughout, and those that begin a sentence.
const (
	capitals = -1.5
	begins   = -1.2
)

// Tokens returns the n most probable readings of Vietnamese words.
func Tokens(ch *channel.Model, m *ngram.Model, n int) []string {
	chance := map[string]float64{}
	lexicon := confusion.NewLexicon(m)
	for i, word := range lexicon.Trie().Words {
		id := lexicon.IDs[i]
		for c, log := range [...]float64{ // in this order, or sums would differ in their last bit
			viet.Lower: float64(m.CapLogProb(id, false, false)),
			viet.Title: max(float64(m.CapLogProb(id, true, false)), begins),
			viet.Upper: capitals,
		} {
			if log += float64(m.Unigram(id)); log < rarest {
				continue
			}
			for _, placed := range placements(word) {
				for read, l := range ch.Readings(viet.Case(c).Apply(placed), rarest-log) {
					if isToken(read) {
						chance[read] += math.Pow(10, log+l)
					}
				}
			}
		}
	}
	tokens := slices.SortedFunc(maps.Keys(chance), func(a, b string) int {
		return cmp.Or(cmp.Compare(chance[b], chance[a]), strings.Compare(a, b))
	})
	return tokens[:min(n, len(tokens))]
}

// placements are the ways to write the tone of a word, about as frequent as each other.
func placements(word string) []string {
	return slices.Compact([]string{word, viet.PlaceTone(word, viet.New)})
}

// isToken reports whether a reading is looked up as a whole: it begins and ends with a
// letter or a digit.
func isToken(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) == s
}
