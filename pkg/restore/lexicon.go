package restore

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// lexicon is the vocabulary of the language model as the channels search it.
type lexicon struct {
	*channel.Lexicon
	ids     []ngram.ID // by the index of a word in the lexicon
	foreign []bool     // the same: no syllable, but a word of another language or a name
}

func newLexicon(m *ngram.Model) *lexicon {
	l := &lexicon{ids: make([]ngram.ID, 0, m.Len())}
	words := make([]string, 0, m.Len())
	logs := make([]float32, 0, m.Len())
	for id := ngram.ID(0); int(id) < m.Len(); id++ {
		if w := m.Word(id); isWord(w) {
			words = append(words, w)
			logs = append(logs, m.LogProb(ngram.State{}, id))
			l.ids = append(l.ids, id)
			l.foreign = append(l.foreign, !viet.IsSyllable(w) && strings.ContainsFunc(w, viet.IsVowel))
		}
	}
	l.Lexicon = channel.NewLexicon(words, logs)
	return l
}

// isWord tells words from classes and punctuation.
func isWord(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return s != ""
}

// finds remembers the candidates of tokens; the same garble recurs. When young
// is full it becomes old, and what was old and not asked for since is forgotten.
type finds struct {
	mu         sync.RWMutex
	young, old map[find][]channel.Candidate
	size, most int // candidates in young
}

func (f *finds) get(k find) ([]channel.Candidate, bool) {
	f.mu.RLock()
	got, ok := f.young[k]
	old, was := f.old[k]
	f.mu.RUnlock()
	if ok || !was {
		return got, ok
	}
	f.put(k, old)
	return old, true
}

func (f *finds) put(k find, got []channel.Candidate) {
	k.token = strings.Clone(k.token) // or it would keep the block
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.young == nil || f.size >= f.most {
		if f.old == nil {
			f.old = map[find][]channel.Candidate{}
		}
		clear(f.old)
		f.young, f.old, f.size = f.old, f.young, 0
	}
	f.young[k] = got
	f.size += len(got) + 8 // for the key
}

type find struct {
	channel *channel.Model
	token   string
	c       viet.Case
	few     bool
}

// candidates returns the words that read may stand for in channel c.
func (w *worker) candidates(ch *channel.Model, read string, c viet.Case) []channel.Candidate {
	few := w.few && (!ch.KeepsMarks() || w.isKnown(read))
	k := find{ch, read, c, few}
	if got, ok := w.found.get(k); ok {
		return got
	}
	s, ok := w.searches[ch]
	if !ok {
		s = channel.NewSearch(ch, w.lexicon().Lexicon)
		w.searches[ch] = s
	}
	if s.Limit(w.bounds.Candidates, w.bounds.Worst); k.few {
		s.Limit(w.bounds.FewCandidates, w.bounds.FewWorst)
	}
	got := append([]channel.Candidate(nil), s.Find(read, c)...)
	w.found.put(k, got)
	return got
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
	r.alike = slices.ContainsFunc(words, func(id ngram.ID) bool { return viet.IsSyllable(w.model.Word(id)) })
	r.bare = len(words) > 0 && !viet.HasMarks(s)
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

// isKnown reports whether the vocabulary has a word.
func (w *worker) isKnown(s string) bool {
	id := w.reading(s).id
	return id != ngram.Foreign && id != ngram.Unknown
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
