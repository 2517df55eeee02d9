package check

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/ngram"
	"github.com/congvan-cli/congvan/pkg/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// DefaultGain is how many times more likely another word must make the text, as
// a power of ten, for a word to be likely wrong.
const DefaultGain = 4.5

// A word is looked at more closely when log10 of its probability is below
// lowWord, and below lowPair together with that of the word after it. That holds
// for 4 % of correct words and for 9 of 10 that would be reported if all were
// looked at; it makes the rule fast.
const (
	lowWord = -2.8
	lowPair = -5.2
)

// Model is the LM over an n-gram model.
type Model struct {
	m                *ngram.Model
	gain             float32
	lowWord, lowPair float32
	cache            *ngram.Cache

	toks   []token.Token
	items  []item
	states []ngram.State
	logps  []float32 // of items in their states, and a 0
	ctx    ngram.Context

	seed maphash.Seed
	memo []scored
}

// scored remembers one call of Score. Official texts repeat themselves.
type scored struct {
	scoring
	logp float32
	next ngram.State
}

type scoring struct {
	s ngram.State
	w ngram.ID
}

const memoSize = 1 << 14

// score is the model's, with a memory.
func (l *Model) score(s ngram.State, w ngram.ID) (float32, ngram.State) {
	k := scoring{s, w}
	e := &l.memo[maphash.Comparable(l.seed, k)%memoSize]
	if e.scoring != k {
		e.scoring = k
		e.logp, e.next = l.m.Score(s, w)
	}
	return e.logp, e.next
}

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
	l := &Model{m: m, gain: float32(gain), lowWord: lowWord, lowPair: lowPair, cache: m.NewCache(), seed: maphash.MakeSeed(), memo: make([]scored, memoSize)}
	for i := range l.memo {
		l.memo[i].scoring = scoring{m.Begin(), ngram.None}
		l.memo[i].logp, l.memo[i].next = m.Score(m.Begin(), ngram.None)
	}
	return l
}

// Suspects implements LM. A word is compared with those that differ from it in
// nothing but marks, in its place between its neighbours.
func (l *Model) Suspects(text string, report func(start, end int, propose string)) {
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
func (l *Model) judge(text string, report func(start, end int, propose string)) {
	l.states, l.logps = l.states[:0], l.logps[:0]
	s := l.m.Begin()
	for _, it := range l.items {
		l.states = append(l.states, s)
		var lp float32
		lp, s = l.score(s, it.id)
		l.logps = append(l.logps, lp)
	}
	l.logps = append(l.logps, 0)
	for i, it := range l.items {
		if lp := l.logps[i]; it.word && lp < l.lowWord && lp+l.logps[i+1] < l.lowPair {
			l.suspect(text, i, report)
		}
	}
}

// suspect compares word i with its alternatives.
func (l *Model) suspect(text string, i int, report func(start, end int, propose string)) {
	it := l.items[i]
	w := text[it.start:it.end]
	if utf8.RuneCountInString(w) < 2 || it.id <= ngram.Foreign || !viet.IsSyllable(w) {
		return
	}
	least := l.limit(w, i)
	for k := i; k < min(len(l.items), i+l.m.Order()); k++ {
		least += l.logps[k]
	}
	best := ngram.None
	l.m.Open(&l.ctx, l.states[i])
	for _, a := range l.m.ByStrip(strings.ToLower(viet.Strip(w))) {
		if a == it.id {
			continue
		}
		if lp := l.with(i, a, least); lp >= least && viet.IsSyllable(l.m.Word(a)) {
			best, least = a, lp
		}
	}
	if best != ngram.None {
		report(it.start, it.end, viet.CaseOf(w).Apply(l.m.Word(best)))
	}
}

// limit is the gain that a word must pass. Names are what people want, whatever
// is frequent.
func (l *Model) limit(w string, i int) float32 {
	if i > 0 && viet.CaseOf(w) == viet.Title {
		return l.gain + 1.5
	}
	return l.gain
}

// with is log10 of the probability of the words from place i on with another
// one there. It gives up when that falls below least.
func (l *Model) with(i int, w ngram.ID, least float32) float32 {
	sum := l.m.LogProbIn(&l.ctx, w, l.cache)
	if sum < least {
		return sum
	}
	s := l.m.Next(l.states[i], w)
	for k := i + 1; k < min(len(l.items), i+l.m.Order()) && sum >= least; k++ {
		var lp float32
		lp, s = l.score(s, l.items[k].id)
		sum += lp
	}
	return sum
}
