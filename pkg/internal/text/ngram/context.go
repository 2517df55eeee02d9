package ngram

import (
	"math/bits"
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

// Cache remembers the contexts of one word that were looked for. It is for one model
// and one goroutine.
type Cache struct {
	roots   [1 << rootBits]cachedRoot
	none    list    // that of no context
	touched uint64  // sum of what was read so that it is near when it is needed
	steps   []int32 // that have come to a context of so many words
}

const rootBits = 9

type cachedRoot struct {
	word ID
	list list
}

// touch reads the head of a node.
func (c *Cache) touch(tree []byte, node uint32) {
	c.touched += format.Window(tree, uint64(node)*format.Unit)
}

// NewCache returns an empty cache.
func (m *Model) NewCache() *Cache { return new(Cache) }

// Open prepares a state for scoring.
func (m *Model) Open(c *Context, s State) {
	c.state = s
	parent := uint32(m.Len())
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

// Bigrams is what the lists of some words, the last of contexts, have of others, and the
// probabilities of these as far as two words tell.
type Bigrams struct {
	words []ID
	spans []span
	found []found   // of each span, after each of the last words
	logp  []float32 // of each word, after each of the last words
}

// span is words with numbers side by side.
type span struct{ key, size uint32 }

const mostSpan = 64 // words

// found is what a list has of the words of a span.
type found struct {
	first uint32 // place of the first
	set   uint64 // which it has
}

// Of prepares for looking words up.
func (b *Bigrams) Of(m *Model, words []ID) {
	b.words, b.spans, b.found, b.logp = append(b.words[:0], words...), b.spans[:0], b.found[:0], b.logp[:0]
	s := &span{}
	for _, w := range words {
		if key := m.key(w); s.size > 0 && s.size < mostSpan && key == s.key+s.size {
			s.size++
		} else {
			b.spans = append(b.spans, span{key, 1})
			s = &b.spans[len(b.spans)-1]
		}
	}
}

// Add looks the words up in the list of each of lasts.
func (b *Bigrams) Add(m *Model, lasts []ID, cache *Cache) {
	// Lists are far apart in memory. All are touched before the first is read, so that
	// the memory works on them at the same time.
	for _, last := range lasts {
		if m.isContext(last) {
			cache.touch(m.tree, m.roots[last])
		}
	}
	for _, last := range lasts {
		l := m.root(last, cache)
		for _, s := range b.spans {
			cache.touched += l.entries.Touch(m.tree, s.key)
		}
	}
	asked := len(b.found)
	for _, last := range lasts {
		l := m.root(last, cache)
		for _, s := range b.spans {
			first, set := l.entries.Span(m.tree, s.key, int(s.size))
			b.found = append(b.found, found{first, set})
		}
	}
	for _, last := range lasts {
		l := m.root(last, cache)
		back := float32(0)
		if l.entries.Len > 0 {
			back = m.backs[2][l.back]
		}
		words := b.words
		for _, s := range b.spans {
			f := b.found[asked]
			asked++
			for _, w := range words[:s.size] {
				if f.set&1 == 0 {
					b.logp = append(b.logp, m.Unigram(w)+back)
				} else {
					b.logp = append(b.logp, m.probs[2][l.entries.PayloadAt(m.tree, f.first)])
					f.first++
				}
				f.set >>= 1
			}
			words = words[s.size:]
		}
	}
}

// After are the probabilities of the words after one of the last words, log10.
func (b *Bigrams) After(last int) []float32 { return b.logp[last*len(b.words):][:len(b.words)] }

// root returns the list of the context of one word. It holds until the next call.
func (m *Model) root(w ID, cache *Cache) *list {
	if !m.isContext(w) {
		return &cache.none
	}
	c := &cache.roots[w&(1<<rootBits-1)]
	if c.word != w {
		*c = cachedRoot{w, m.head(1, m.roots[w], uint32(m.Len()))}
	}
	return &c.list
}

// LogProbs appends to dst what LogProb returns for each of the words in a context that
// ends in one of the last words.
func (m *Model) LogProbs(dst []float32, c *Context, b *Bigrams, last int) []float32 {
	at, n := len(dst), int(c.state.n)
	for _, p := range b.After(last) {
		dst = append(dst, p+c.backs[min(1, n)])
	}
	if n > 1 {
		out := dst[at:]
		for i, s := range b.spans {
			if f := b.found[last*len(b.spans)+i]; f.set != 0 {
				m.longer(out, c, f)
			}
			out = out[s.size:]
		}
	}
	return dst
}

// longer puts the probabilities of those words of a span in their place that a list of
// two words of the context has, or of more.
func (m *Model) longer(out []float32, c *Context, f found) {
	var word [mostSpan]uint8 // that each place in the list is about
	n := 0
	for set := f.set; set != 0; set &= set - 1 {
		word[n] = uint8(bits.TrailingZeros64(set))
		n++
	}
	for d := 1; d < int(c.state.n); d++ {
		t := &c.lists[d].entries
		first, set := t.Span(m.tree, f.first, n)
		f.first, n = first, 0
		for ; set != 0; set &= set - 1 {
			w := word[bits.TrailingZeros64(set)]
			out[w] = m.probs[d+2][t.PayloadAt(m.tree, first+uint32(n))] + c.backs[d+1]
			word[n] = w
			n++
		}
		if n == 0 {
			return
		}
	}
}

// Step is a word after a context.
type Step struct {
	From int32 // number of the context
	Word ID    // None leaves the context as it is
}

// Follow appends to contexts the one that each step comes to.
func (m *Model) Follow(contexts []Context, steps []Step, cache *Cache) []Context {
	// The nodes of different steps are far apart in memory, see Bigrams.Add. All steps go
	// one word further before any goes two.
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
			if old := &contexts[steps[i].From].state; int(old.n) >= d {
				cache.touched += next[i].lists[d-1].kids.Touch(m.tree, m.key(old.words[d-1]))
			}
		}
		for _, i := range cache.steps {
			c, old := &next[i].state, &contexts[steps[i].From].state
			if int(old.n) < d {
				continue
			}
			left := old.words[d-1]
			node, ok := m.kid(&next[i].lists[d-1], left)
			if ok {
				c.nodes[d] = node
				cache.touch(m.tree, node)
				c.words[d] = left
				c.n++
				longer = append(longer, i)
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
