package ngram

// Context is a State with the lists of its contexts found, so that many words
// can be scored in it.
type Context struct {
	state State
	lists [maxOrder - 1]list
	backs [maxOrder]float32 // backs[d]: back-off weights of the contexts of more than d words, summed
}

// State returns the state that the context stands for.
func (c *Context) State() State { return c.state }

// Key is that of the state.
func (c *Context) Key() uint32 { return c.state.Key() }

// Cache remembers where words were found in the contexts of one word, the
// longest lists. It is for one model and one goroutine.
type Cache struct {
	bigrams [1 << cacheBits]cachedBigram
	states  [1 << cacheBits]cachedState
}

const cacheBits = 12

type cachedBigram struct {
	node  uint32
	word  ID
	place uint16
	code  int32 // -1: not in the list
}

// cachedState is the context of two words.
type cachedState struct {
	word, left ID
	node       uint32 // noNode: there is none
}

// NewCache returns an empty cache.
func (m *Model) NewCache() *Cache {
	c := new(Cache)
	for i := range c.bigrams {
		c.bigrams[i].node = noNode
	}
	return c
}

func cacheSlot(a, b uint32) uint32 {
	return (a*0x9E3779B1 ^ b*0x85EBCA6B) >> (32 - cacheBits)
}

// Open prepares a state for scoring.
func (m *Model) Open(c *Context, s State) {
	c.state = s
	parent := uint32(len(m.words))
	for d := range int(s.n) {
		c.lists[d] = m.head(d+1, s.nodes[d], parent)
		parent = c.lists[d].n
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

// LogProbIn returns what LogProb does, faster when more words are scored in the
// same context.
func (m *Model) LogProbIn(c *Context, w ID, cache *Cache) float32 {
	if int(w) >= len(m.unigram) {
		w = Unknown
	}
	if c.state.n == 0 {
		return m.unigram[w]
	}
	b := &cache.bigrams[cacheSlot(c.state.nodes[0], uint32(w))]
	if b.node != c.state.nodes[0] || b.word != w {
		*b = cachedBigram{node: c.state.nodes[0], word: w, code: -1}
		if place, code, ok := m.entry(&c.lists[0], uint32(w)); ok {
			b.place, b.code = uint16(place), int32(code)
		}
	}
	if b.code < 0 {
		return m.unigram[w] + c.backs[0]
	}
	p := m.probs[2][b.code]
	rank := uint32(b.place)
	for d := 1; d < int(c.state.n); d++ {
		place, code, ok := m.entry(&c.lists[d], rank)
		if !ok {
			return p + c.backs[d]
		}
		p = m.probs[d+2][code]
		rank = place
	}
	return p
}

// Follow opens in next the state that follows w in c.
func (m *Model) Follow(next, c *Context, w ID, cache *Cache) {
	next.state = State{}
	if int(w) < len(m.roots) && m.roots[w] != noNode {
		s, old := &next.state, &c.state
		s.words[0], s.nodes[0], s.n = w, m.roots[w], 1
		next.lists[0] = m.head(1, m.roots[w], uint32(len(m.words)))
		for d := 1; d <= int(old.n) && d < m.order-1; d++ {
			var node uint32
			var ok bool
			if d == 1 {
				node, ok = m.pair(&next.lists[0], w, old.words[0], cache)
			} else {
				node, ok = m.kid(&next.lists[d-1], old.words[d-1])
			}
			if !ok {
				break
			}
			s.words[d], s.nodes[d] = old.words[d-1], node
			s.n++
			next.lists[d] = m.head(d+1, node, next.lists[d-1].n)
		}
	}
	m.sumBacks(next)
}

// pair finds the context of two words.
func (m *Model) pair(l *list, word, left ID, cache *Cache) (node uint32, ok bool) {
	c := &cache.states[cacheSlot(uint32(word), uint32(left))]
	if c.word != word || c.left != left {
		*c = cachedState{word: word, left: left, node: noNode}
		if node, ok := m.kid(l, left); ok {
			c.node = node
		}
	}
	return c.node, c.node != noNode
}
