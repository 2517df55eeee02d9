// Package confusion finds the words that a token may stand for: its confusion set, as
// the literature on spelling correction has it. A search of the channel (see
// channel.Search) costs a hundred times what looking a set up does, so those of the
// most frequent readings are made beforehand (Sets), and those found are remembered.
package confusion

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Limits are how many words a set holds, and how much worse in log10 than the best one
// may be: of a whole set, and of one for who only weighs what made a text.
type Limits struct {
	Most, Few           int
	MostWorse, FewWorse float64
}

// LimitsOf are those of a program with the bounds.
func LimitsOf(b *evidence.Bounds) Limits {
	return Limits{Most: b.Candidates, Few: b.FewCandidates, MostWorse: b.Worst, FewWorse: b.FewWorst}
}

// Store holds the sets that are known, and the lexicon for those that are to be
// searched. It is safe for concurrent use.
type Store struct {
	Lexicon func() *Lexicon

	limits Limits
	sets   []*Sets
	found  finds
}

// NewStore returns a Store. It remembers at least so many candidates, and at most
// twice as many.
func NewStore(lexicon func() *Lexicon, limits Limits, sets []*Sets, remembered int) *Store {
	return &Store{Lexicon: lexicon, limits: limits, sets: sets, found: finds{most: remembered}}
}

// Empty returns a Store like s that remembers nothing yet.
func (s *Store) Empty() *Store { return NewStore(s.Lexicon, s.limits, s.sets, s.found.most) }

// Inherit lets s know what o has found.
func (s *Store) Inherit(o *Store) { s.found.inherit(&o.found) }

// Finder asks a Store. It is for one goroutine.
type Finder struct {
	store    *Store
	searches map[*channel.Model]*channel.Search
}

// NewFinder returns a Finder.
func (s *Store) NewFinder() *Finder {
	return &Finder{s, map[*channel.Model]*channel.Search{}}
}

// Find returns the words that a token, NFC, may stand for in channel ch when it was
// printed in a case pattern, best first; a few where these are enough. They are not to
// be changed.
func (f *Finder) Find(ch *channel.Model, token string, c viet.Case, few bool) []channel.Candidate {
	k := find{ch, token, c, few}
	if got, ok := f.store.found.get(k); ok {
		return got
	}
	got, ok := f.store.set(k)
	if !ok {
		got = f.search(k)
	}
	f.store.found.put(k, got)
	return got
}

// set looks a set up in those that were made beforehand.
func (s *Store) set(k find) ([]channel.Candidate, bool) {
	for _, sets := range s.sets {
		if sets.fits(k.channel, s.limits) {
			return sets.Find(channel.Fold(k.token), k.c, k.few)
		}
	}
	return nil, false
}

func (f *Finder) search(k find) []channel.Candidate {
	s, ok := f.searches[k.channel]
	lexicon := f.store.Lexicon()
	if !ok {
		s = channel.NewSearch(k.channel, lexicon.Trie())
		f.searches[k.channel] = s
	}
	l := f.store.limits
	if s.Limit(l.Most, l.MostWorse); k.few {
		s.Limit(l.Few, l.FewWorse)
	}
	got := lexicon.others(slices.Clone(s.Find(k.token, k.c)), k.channel, k.token, k.c)
	slices.SortStableFunc(got, func(a, b channel.Candidate) int { return cmp.Compare(b.Log10, a.Log10) })
	return got
}

// finds remembers sets; the same garble recurs. When young is full it becomes old, and
// what was old and not asked for since is forgotten.
type finds struct {
	mu         sync.RWMutex
	young, old map[find][]channel.Candidate
	size, most int // candidates in young
}

type find struct {
	channel *channel.Model
	token   string
	c       viet.Case
	few     bool
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

func (f *finds) inherit(o *finds) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	f.young, f.old, f.size = maps.Clone(o.young), maps.Clone(o.old), o.size
}
