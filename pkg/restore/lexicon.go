package restore

import (
	"math"
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
	ids []ngram.ID // by the index of a word in the lexicon
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
		r.cost = -w.spell().log10(sym)
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
		r.foreign = w.spell().foreign(s)
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

// speller is a model of the spelling of words that the vocabulary lacks: names
// and foreign words. It is an interpolated letter trigram learned from the words
// of the vocabulary that are not Vietnamese syllables.
type speller struct {
	one   [letters]float32
	two   [letters * letters]float32
	three []float32
	sum2  [letters]float32
	sum3  [letters * letters]float32
}

// The letters of the speller: the edge of a word, a to z, and any other.
const (
	letters     = 28
	letterEdge  = 0
	letterOther = 27

	shorter = 5  // what a shorter context counts for, in letters
	others  = 50 // letters and signs that letterOther stands for
)

func spellLetter(r rune) int {
	if r = unicode.ToLower(r); r >= 'a' && r <= 'z' {
		return int(r-'a') + 1
	}
	return letterOther
}

func newSpeller(m *ngram.Model) *speller {
	s := &speller{three: make([]float32, letters*letters*letters)}
	for id := ngram.ID(0); int(id) < m.Len(); id++ {
		if w := m.Word(id); isWord(w) && !viet.IsSyllable(w) {
			s.each(w, func(a, b, c int) {
				s.one[c]++
				s.two[b*letters+c]++
				s.three[(a*letters+b)*letters+c]++
				s.sum2[b]++
				s.sum3[a*letters+b]++
			})
		}
	}
	total := float32(0)
	for c := range s.one {
		s.one[c] += 1
		total += s.one[c]
	}
	for c := range s.one {
		s.one[c] /= total
	}
	return s
}

func (s *speller) each(w string, f func(a, b, c int)) {
	a, b := letterEdge, letterEdge
	for _, r := range w {
		c := spellLetter(r)
		f(a, b, c)
		a, b = b, c
	}
	f(a, b, letterEdge)
}

// log10 is the log10 of the probability that a word outside the vocabulary is
// spelled so.
func (s *speller) log10(w string) float32 {
	sum := 0.0
	s.each(w, func(a, b, c int) {
		p := s.one[c]
		p = (s.two[b*letters+c] + shorter*p) / (s.sum2[b] + shorter)
		p = (s.three[(a*letters+b)*letters+c] + shorter*p) / (s.sum3[a*letters+b] + shorter)
		if c == letterOther {
			p /= others
		}
		sum += math.Log10(float64(p))
	})
	return float32(sum)
}
