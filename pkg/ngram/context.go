package ngram

// Context is a State with the lists of its contexts found, so that many words
// can be scored in it.
type Context struct {
	lists [maxOrder - 1]list
	backs [maxOrder]float32 // backs[d]: back-off weights of the contexts of more than d words, summed
	node  uint32            // of the last word
	n     uint8
}

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

type cachedState struct {
	words [2]ID
	node  uint32 // of the context of both
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

// Open prepares a context for scoring.
func (m *Model) Open(c *Context, s State) {
	c.n = s.n
	parent := uint32(len(m.words))
	for d := range int(s.n) {
		c.lists[d] = m.head(d+1, s.nodes[d], parent)
		parent = c.lists[d].n
	}
	sum := float32(0)
	c.backs[s.n] = 0
	for d := int(s.n) - 1; d >= 0; d-- {
		sum += m.backs[d+2][c.lists[d].back]
		c.backs[d] = sum
	}
	c.node = s.nodes[0]
}

// LogProbIn returns what LogProb does, faster when more words are scored in the
// same context.
func (m *Model) LogProbIn(c *Context, w ID, cache *Cache) float32 {
	if int(w) >= len(m.unigram) {
		w = Unknown
	}
	if c.n == 0 {
		return m.unigram[w]
	}
	b := &cache.bigrams[cacheSlot(c.node, uint32(w))]
	if b.node != c.node || b.word != w {
		*b = cachedBigram{node: c.node, word: w, code: -1}
		if place, code, ok := m.entry(&c.lists[0], uint32(w)); ok {
			b.place, b.code = uint16(place), int32(code)
		}
	}
	if b.code < 0 {
		return m.unigram[w] + c.backs[0]
	}
	p := m.probs[2][b.code]
	rank := uint32(b.place)
	for d := 1; d < int(c.n); d++ {
		place, code, ok := m.entry(&c.lists[d], rank)
		if !ok {
			return p + c.backs[d]
		}
		p = m.probs[d+2][code]
		rank = place
	}
	return p
}

// NextIn returns what Next does, with the help of a cache.
func (m *Model) NextIn(s State, w ID, cache *Cache) State {
	return m.Next(s, w)
}
