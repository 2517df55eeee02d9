package confusion

import (
	"slices"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Lexicon is the vocabulary of a language model as the channels search it. Words of other
// languages are in it, too: they are found where their own letters were read, if without
// their marks, and for nothing else.
type Lexicon struct {
	IDs  []ngram.ID              // of its words, by their index; those of other languages last
	Trie func() *channel.Lexicon // of what a token may stand for, however it was read

	model *ngram.Model
	known int // words in the trie
}

// NewLexicon makes the lexicon of a model; the trie when a search first asks for it.
func NewLexicon(m *ngram.Model) *Lexicon {
	l := &Lexicon{IDs: make([]ngram.ID, 0, m.Len()), model: m}
	var others []ngram.ID
	for id := range ngram.ID(m.Len()) {
		switch kind := m.Kind(id); {
		case kind == ngram.NoWord:
		case kind == ngram.Word && strings.ContainsFunc(m.Word(id), viet.IsVowel):
			others = append(others, id)
		default:
			l.IDs = append(l.IDs, id)
		}
	}
	l.known = len(l.IDs)
	l.IDs = append(l.IDs, others...)
	l.Trie = sync.OnceValue(l.trie)
	return l
}

func (l *Lexicon) trie() *channel.Lexicon {
	words, shares := make([]string, l.known), make([]float32, l.known)
	for i, id := range l.IDs[:l.known] {
		words[i], shares[i] = l.model.Word(id), l.model.Share(id)
	}
	return channel.NewLexicon(words, shares)
}

// Word returns the word of a candidate.
func (l *Lexicon) Word(c channel.Candidate) string { return l.model.Word(l.IDs[c.Word]) }

// leastOther is log10 of the least chance with which another word is found.
const leastOther = -11

// others appends the words of other languages that have the letters of a token; for a
// channel that keeps marks, those that are the token.
func (l *Lexicon) others(dst []channel.Candidate, ch *channel.Model, token string, c viet.Case) []channel.Candidate {
	for _, id := range l.model.ByStrip(strings.ToLower(viet.Strip(token))) {
		i, ok := slices.BinarySearch(l.IDs[l.known:], id)
		word := l.model.Word(id)
		if !ok || ch.KeepsMarks() && word != viet.Fold(token) {
			continue
		}
		if p := ch.Log10(c.Apply(word), token); p > leastOther {
			dst = append(dst, channel.Candidate{Word: int32(l.known + i), Case: c, Log10: channel.Rounded(p)})
		}
	}
	return dst
}
