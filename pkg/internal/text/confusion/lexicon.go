package confusion

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Lexicon is the vocabulary of a language model as the channels search it. Words of other
// languages are in it, too: they are found where their own letters were read, if without
// their marks, and for nothing else.
type Lexicon struct {
	*channel.Lexicon            // of what a token may stand for, however it was read
	IDs              []ngram.ID // of its words, by their index, then of those others

	model *ngram.Model
}

// NewLexicon makes the lexicon of a model.
func NewLexicon(m *ngram.Model) *Lexicon {
	l := &Lexicon{model: m}
	words, shares := make([]string, 0, m.Len()), make([]float32, 0, m.Len())
	var others []ngram.ID
	for id := range ngram.ID(m.Len()) {
		w := m.Word(id)
		switch kind := m.Kind(id); {
		case kind == ngram.NoWord:
		case kind == ngram.Word && strings.ContainsFunc(w, viet.IsVowel):
			others = append(others, id)
		default:
			words, shares, l.IDs = append(words, w), append(shares, m.Share(id)), append(l.IDs, id)
		}
	}
	l.IDs = append(l.IDs, others...)
	l.Lexicon = channel.NewLexicon(words, shares)
	return l
}

// Word returns the word of a candidate.
func (l *Lexicon) Word(c channel.Candidate) string { return l.model.Word(l.IDs[c.Word]) }

// leastOther is log10 of the least chance with which another word is found.
const leastOther = -11

// others appends the words of other languages that have the letters of a token; for a
// channel that keeps marks, those that are the token.
func (l *Lexicon) others(dst []channel.Candidate, ch *channel.Model, token string, c viet.Case) []channel.Candidate {
	known := len(l.Words)
	for _, id := range l.model.ByStrip(strings.ToLower(viet.Strip(token))) {
		i, ok := slices.BinarySearch(l.IDs[known:], id)
		word := l.model.Word(id)
		if !ok || ch.KeepsMarks() && word != viet.Fold(token) {
			continue
		}
		if p := ch.Log10(c.Apply(word), token); p > leastOther {
			dst = append(dst, channel.Candidate{Word: int32(known + i), Case: c, Log10: channel.Rounded(p)})
		}
	}
	return dst
}
