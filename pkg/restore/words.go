package restore

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// lexicon is the vocabulary of the language model as the channels search it.
func (w *worker) lexicon() *confusion.Lexicon { return w.words.Lexicon() }

// candidates returns the words that read may stand for in channel c.
func (w *worker) candidates(ch *channel.Model, read string, c viet.Case) []channel.Candidate {
	return w.finder.Find(ch, read, c, w.few)
}

// reading is what a word, as it was read, tells by itself.
type reading struct {
	id      ngram.ID // see spelledBy
	cost    float32
	foreign float32     // see speller; 0: not known yet
	alike   bool        // it looks like a syllable once its marks are gone
	bare    bool        // it has no marks, and a word of the model looks like it without its own
	by      []rightness // by channel
}

// rightness is log10 of the chance that a channel reads a word right, and of the
// most that it gives to a reading.
type rightness struct {
	known       bool
	right, most float32
}

// reading returns what is known of a word, remembered.
func (w *worker) reading(s string) *reading {
	if r, ok := w.readings[s]; ok {
		return r
	}
	if len(w.readings) >= w.bounds.Readings {
		clear(w.readings)
	}
	s = strings.Clone(s)
	r := &reading{by: make([]rightness, len(w.channels))}
	sym := token.Symbol(s, token.Word)
	if r.id = w.model.ID(sym); r.id == ngram.Foreign || r.id == ngram.Unknown {
		r.cost = -w.spell().Log10(sym)
	}
	words := w.model.ByStrip(strings.ToLower(viet.Strip(s)))
	r.bare = len(words) > 0 && !viet.HasMarks(s)
	if len(words) == 0 {
		words = w.model.ByStrip(strings.ToLower(source.Bare(s)))
	}
	r.alike = slices.ContainsFunc(words, func(id ngram.ID) bool { return viet.IsSyllable(w.model.Word(id)) })
	if len(s) < w.bounds.LongWord {
		w.readings[s] = r
	}
	return r
}

// foreign is log10 of the probability of a word as one of another language.
func (w *worker) foreign(s string) float32 {
	r := w.reading(s)
	if r.foreign == 0 {
		r.foreign = w.spell().Foreign(s)
	}
	return r.foreign
}

// readBy returns what a channel makes of a word.
func (w *worker) readBy(ch *channel.Model, s string) rightness {
	i := slices.Index(w.channels, ch)
	if i < 0 {
		return rightness{}
	}
	by := &w.reading(s).by[i]
	if !by.known {
		*by = rightness{true, float32(ch.Log10(s, s)), float32(ch.Most(s))}
	}
	return *by
}
