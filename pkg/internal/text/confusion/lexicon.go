package confusion

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Lexicon is the vocabulary of a language model as the channels search it.
type Lexicon struct {
	*channel.Lexicon
	IDs     []ngram.ID // by the index of a word in the lexicon
	Foreign []bool     // the same: no syllable, but a word of another language or a name
}

// NewLexicon makes the lexicon of a model.
func NewLexicon(m *ngram.Model) *Lexicon {
	l := &Lexicon{IDs: make([]ngram.ID, 0, m.Len())}
	words := make([]string, 0, m.Len())
	logs := make([]float32, 0, m.Len())
	for id := ngram.ID(0); int(id) < m.Len(); id++ {
		if w := m.Word(id); IsWord(w) {
			words = append(words, w)
			logs = append(logs, m.LogProb(ngram.State{}, id))
			l.IDs = append(l.IDs, id)
			l.Foreign = append(l.Foreign, !viet.IsSyllable(w) && strings.ContainsFunc(w, viet.IsVowel))
		}
	}
	l.Lexicon = channel.NewLexicon(words, logs)
	return l
}

// IsWord tells words from classes and punctuation.
func IsWord(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return s != ""
}
