package ngram

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// Context is a State with the lists of its contexts found, so that many words
// can be scored in it.
type Context struct {
	state State
	lists [format.MaxOrder - 1]list
	backs [format.MaxOrder]float32 // backs[d]: back-off weights of the contexts of more than d words, summed
}

// State returns the state that the context stands for.
func (c *Context) State() State { return c.state }

// Last is the last word of the context, None when there is no context.
func (c *Context) Last() ID { return c.state.words[0] }

// Key is that of the state.
func (c *Context) Key() uint32 { return c.state.Key() }

// Cache remembers the contexts of one word that were looked for, and has room for what
// is looked for at a time. It is for one model and one goroutine.
type Cache struct {
	roots [1 << rootBits]cachedRoot

	steps []int32   // that have come to a context of so many words
	rows  []*follow // of the contexts at hand
	spans []span    // of the words at hand

	cells    []uint64 // of the row that is made
	unpacked []unpacked
	found    []found // what each of rows has of each of spans
}

const rootBits = 9

type cachedRoot struct {
	word ID
	list list
}

// NewCache returns an empty cache.
func (m *Model) NewCache() *Cache { return new(Cache) }

// Open prepares a state for scoring.
func (m *Model) Open(c *Context, s State) {
	c.state = s
	parent := uint32(len(m.words))
	for d := range int(s.n) {
		c.lists[d] = m.head(d+1, s.nodes[d], parent)
		parent = c.lists[d].entries.Len
	}
	m.sumBacks(c)
}

func (m *Model) sumBacks(c *Context) {
	n := int(c.state.n)
	c.backs[n] = 0
	for d := n - 1; d >= 0; d-- {
		c.backs[d] = c.backs[d+1] + m.backs[d+2][c.lists[d].back]
	}
}

// Bigram is where a word stands in the list of the last word of a context, and
// its probability as far as these two words tell.
type Bigram struct {
	logp  float32
	place uint32 // noPlace: not in the list
}

const noPlace = 1<<32 - 1

// LogProb is log10 of that probability.
func (b Bigram) LogProb() float32 { return b.logp }

// Bigrams looks words up in the list of each of lasts, the last words of contexts,
// and appends what it finds to dst: first all words after the first of lasts.
func (m *Model) Bigrams(dst []Bigram, lasts, words []ID, cache *Cache) []Bigram {
	// Rows are far apart in memory. All are asked before the first answer is
	// needed, so that the memory works on them at the same time.
	cache.rows, cache.spans, cache.found = cache.rows[:0], m.spans(cache.spans[:0], words), cache.found[:0]
	for _, last := range lasts {
		cache.rows = append(cache.rows, m.rowAfter(last))
	}
	for _, r := range cache.rows {
		if r != nil {
			for _, s := range cache.spans {
				first, set := r.find(s.bit, s.size)
				cache.found = append(cache.found, found{first, set})
			}
		}
	}
	in := cache.found
	for i, last := range lasts {
		if r := cache.rows[i]; r != nil {
			dst = m.rowBigrams(dst, r, words, cache.spans, in)
			in = in[len(cache.spans):]
		} else if last != None && m.isContext(last) {
			l := m.root(last, cache)
			if int(l.entries.Len) < scanLess*len(words) {
				dst = m.scan(dst, l, words, cache.spans)
			} else {
				dst = m.bigrams(dst, l, words)
			}
			m.unpack(last, l, len(words), cache)
		} else {
			dst = m.bigrams(dst, nil, words)
		}
	}
	return dst
}

// root returns the list of the context of one word, which is one. It holds until
// the next call.
func (m *Model) root(w ID, cache *Cache) *list {
	if r := m.rowAfter(w); r != nil {
		return &r.list
	}
	c := &cache.roots[w&(1<<rootBits-1)]
	if c.word != w {
		*c = cachedRoot{w, m.head(1, m.roots[w], uint32(len(m.words)))}
	}
	return &c.list
}

func (m *Model) bigrams(dst []Bigram, l *list, words []ID) []Bigram {
	for _, w := range words {
		if l == nil {
			dst = append(dst, Bigram{m.Unigram(w), noPlace})
		} else if place, code, ok := l.entries.Find(m.tree, uint32(w)); ok {
			dst = append(dst, Bigram{m.probs[2][code], place})
		} else {
			dst = append(dst, Bigram{m.Unigram(w) + m.backs[2][l.back], noPlace})
		}
	}
	return dst
}

// scanLess is how many words are looked at in the time in which one is searched for.
const scanLess = 5

// scan does what bigrams does for a list so short that it is quicker to look at all of it.
func (m *Model) scan(dst []Bigram, l *list, words []ID, spans []span) []Bigram {
	back := m.backs[2][l.back]
	out := len(dst)
	for _, w := range words {
		dst = append(dst, Bigram{m.Unigram(w) + back, noPlace})
	}
	bit := m.strip().bit
	place := uint32(0)
	l.entries.Each(m.tree, func(key, code uint32) {
		if int(key) < len(bit) {
			k := out
			for i := range spans {
				if d := int(bit[key]) - int(spans[i].bit); uint(d) < uint(spans[i].size) {
					dst[k+d] = Bigram{m.probs[2][code], place}
				}
				k += spans[i].size
			}
		}
		place++
	})
	return dst
}

// LogProbIn returns what LogProb does, given the word's Bigram in any context
// that ends in the same word.
func (m *Model) LogProbIn(c *Context, b Bigram) float32 {
	if b.place == noPlace {
		return b.logp + c.backs[min(1, c.state.n)]
	}
	p := b.logp
	rank := b.place
	for d := 1; d < int(c.state.n); d++ {
		place, code, ok := c.lists[d].entries.Find(m.tree, rank)
		if !ok {
			return p + c.backs[d]
		}
		p = m.probs[d+2][code]
		rank = place
	}
	return p
}

// Step is a word after a context.
type Step struct {
	From int32 // number of the context
	Word ID    // None leaves the context as it is
}

// Follow appends to contexts the one that each step comes to.
func (m *Model) Follow(contexts []Context, steps []Step, cache *Cache) []Context {
	// The nodes of different steps are far apart in memory. All steps go one word
	// further before any goes two, so that the memory works on them at the same time.
	base := len(contexts)
	contexts = slices.Grow(contexts, len(steps))[:base+len(steps)]
	next := contexts[base:]
	cache.steps = cache.steps[:0]
	for i, s := range steps {
		c := &next[i]
		if s.Word == None {
			*c = contexts[s.From]
			continue
		}
		c.state = State{}
		if m.isContext(s.Word) {
			c.state.words[0], c.state.nodes[0], c.state.n = s.Word, m.roots[s.Word], 1
			c.lists[0] = *m.root(s.Word, cache)
			cache.steps = append(cache.steps, int32(i))
		}
	}
	for d := 1; d < m.order-1 && len(cache.steps) > 0; d++ {
		longer := cache.steps[:0]
		for _, i := range cache.steps {
			c, old := &next[i].state, &contexts[steps[i].From].state
			if int(old.n) < d {
				continue
			}
			var ok bool
			left := old.words[d-1]
			if d == 1 {
				c.nodes[d], ok = m.pair(&next[i].lists[0], c.words[0], left, cache)
			} else {
				c.nodes[d], ok = m.kid(&next[i].lists[d-1], left)
			}
			if ok {
				c.words[d] = left
				c.n++
				longer = append(longer, i)
			} else {
				c.nodes[d] = 0
			}
		}
		for _, i := range longer {
			c := &next[i]
			c.lists[d] = m.head(d+1, c.state.nodes[d], c.lists[d-1].entries.Len)
		}
		cache.steps = longer
	}
	for i := range next {
		m.sumBacks(&next[i])
	}
	return contexts
}
