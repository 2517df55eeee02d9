package check

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// DefaultGain is how many times more likely another word must make the text, as
// a power of ten, for a word to be likely wrong.
const DefaultGain = 5

// A word is looked at more closely when log10 of its probability is below
// lowWord, and below lowPair together with that of the word after it. That holds
// for 4 % of correct words and for 9 of 10 that would be reported if all were
// looked at. Whether it can hold is first asked of pairs of words alone, which
// are remembered: pairs come again and again, longer n-grams hardly, and finding
// those takes most of the time. screen is how much lower the limits are there.
const (
	lowWord = -2.8
	lowPair = -5.2
	screen  = 0.3
)

// Model is the LM over an n-gram model.
type Model struct {
	m                *ngram.Model
	gain             float32
	lowWord, lowPair float32

	spell func() *source.Speller

	toks  []token.Token
	items []item
	logps []float32 // of items in their states, and a 0

	pairs []pairScore
}

// pairScore is log10 of the probability of the second of two words after the
// first, whatever stands before.
type pairScore struct {
	key  uint32
	logp float32
}

const pairBits = 17

// item is a token that the model counts.
type item struct {
	id         ngram.ID
	start, end int
	word       bool
}

// NewModel judges words by m. gain 0 is DefaultGain. The result is for one
// goroutine.
func NewModel(m *ngram.Model, gain float64) *Model {
	if gain == 0 {
		gain = DefaultGain
	}
	return &Model{
		m: m, gain: float32(gain), lowWord: lowWord, lowPair: lowPair,
		spell: sync.OnceValue(func() *source.Speller { return source.NewSpeller(m) }),
		pairs: make([]pairScore, 1<<pairBits),
	}
}

// pair looks a pair up. No pair has the key 0: nothing follows None.
func (l *Model) pair(a, b ngram.ID) float32 {
	key := uint32(a)<<16 | uint32(b)
	e := &l.pairs[key*0x9E3779B1>>(32-pairBits)]
	if e.key != key {
		e.key, e.logp = key, l.m.LogProb(l.m.Next(ngram.State{}, a), b)
	}
	return e.logp
}

// Suspects implements LM. A word is compared with those that differ from it in
// nothing but marks, or with those that it may be made of, in its place between
// its neighbours.
func (l *Model) Suspects(text string, report Report) {
	at := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			l.judge(text, report)
			l.items = l.items[:0]
		} else {
			l.toks = token.Append(l.toks[:0], strings.TrimRight(line, "\r\n"))
			for _, t := range l.toks {
				w := line[t.Start:t.End]
				if s := token.Symbol(w, t.Class); s != "" {
					l.items = append(l.items, item{l.m.ID(s), at + t.Start, at + t.End, t.Class == token.Word})
				}
			}
		}
		at += len(line)
	}
	l.judge(text, report)
	l.items = l.items[:0]
}

// judge looks at one paragraph.
func (l *Model) judge(text string, report Report) {
	l.logps = l.logps[:0]
	last := ngram.Start
	for _, it := range l.items {
		l.logps = append(l.logps, l.pair(last, it.id))
		last = it.id
	}
	l.logps = append(l.logps, 0)
	for i, it := range l.items {
		if it.word {
			l.glued(text, i, report)
		}
		if lp := l.logps[i]; it.word && lp < l.lowWord+screen && lp+l.logps[i+1] < l.lowPair+2*screen {
			l.suspect(text, i, report)
		}
	}
}

// suspect compares word i with its alternatives.
func (l *Model) suspect(text string, i int, report Report) {
	it := l.items[i]
	w := text[it.start:it.end]
	if utf8.RuneCountInString(w) < 2 || it.id <= ngram.Foreign || !viet.IsSyllable(w) {
		return
	}
	before := l.before(i)
	own, s := l.m.Score(before, it.id)
	if own >= l.lowWord {
		return
	}
	for k := i + 1; k < min(len(l.items), i+l.m.Order()); k++ {
		var lp float32
		lp, s = l.m.Score(s, l.items[k].id)
		own += lp
		if k == i+1 && own >= l.lowPair {
			return
		}
	}
	if len(l.items) == i+1 && own >= l.lowPair {
		return
	}
	least := own + l.limit(text, w, i)
	best := ngram.None
	for _, a := range l.m.ByStrip(strings.ToLower(viet.Strip(w))) {
		if a == it.id {
			continue
		}
		if lp := l.with(i, a, before, least); lp >= least && viet.IsSyllable(l.m.Word(a)) {
			best, least = a, lp
		}
	}
	if best != ngram.None {
		report("CV010", it.start, it.end, viet.CaseOf(w).Apply(l.m.Word(best)))
	}
}

// startsSentence reports whether word i stands after a mark that ends one, or
// at the start of a line.
func (l *Model) startsSentence(text string, i int) bool {
	between := text[l.items[i-1].start:l.items[i].start]
	return strings.ContainsAny(between, ".!?:;\n")
}

// before is the state before place i.
func (l *Model) before(i int) ngram.State {
	from := i - l.m.Order() + 1
	s := ngram.State{}
	if from < 0 {
		from, s = 0, l.m.Begin()
	}
	for _, it := range l.items[from:i] {
		s = l.m.Next(s, it.id)
	}
	return s
}

// limit is the gain that a word must pass. Names are what people want, whatever
// is frequent.
func (l *Model) limit(text, w string, i int) float32 {
	if i > 0 && viet.CaseOf(w) == viet.Title && !l.startsSentence(text, i) {
		return l.gain + 1.5
	}
	return l.gain
}

// with is log10 of the probability of the words from place i on with another
// one there. It gives up when that falls below least.
func (l *Model) with(i int, w ngram.ID, before ngram.State, least float32) float32 {
	sum := l.m.LogProb(before, w)
	if sum < least {
		return sum
	}
	s := l.m.Next(before, w)
	for k := i + 1; k < min(len(l.items), i+l.m.Order()) && sum >= least; k++ {
		var lp float32
		lp, s = l.m.Score(s, l.items[k].id)
		sum += lp
	}
	return sum
}
