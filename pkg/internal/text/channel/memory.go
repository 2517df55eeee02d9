package channel

import (
	"hash/maphash"
	"iter"
	"math/bits"
	"slices"
)

// memory is what became of the words that the training saw often. Words are
// sorted, and so are the readings of each.
type memory struct {
	words  []remembered
	reads  []recalled
	byWord chains
	byRead chains
}

// remembered is a word, cased, and the share of its readings that is left to the
// edits.
type remembered struct {
	word     string
	rest     float32
	from, to int32 // its readings
}

// recalled is a reading of a word and its share.
type recalled struct {
	read  string
	share float32
	word  int32
}

// grow makes room for so many words.
func (m *memory) grow(words int) {
	m.words = slices.Grow(m.words, words)
	m.reads = slices.Grow(m.reads, 3*words) // more than the shipped ones have of each
}

// add adds a word without readings, or the next reading of the word added last.
// Sorted words and readings come in their order, and link after the last.
func (m *memory) add(word string, rest float32) {
	n := int32(len(m.reads))
	m.words = append(m.words, remembered{word, rest, n, n})
}

func (m *memory) addRead(read string, share float32) {
	last := len(m.words) - 1
	m.reads = append(m.reads, recalled{read, share, int32(last)})
	m.words[last].to++
}

// link makes words and readings ready to be found.
func (m *memory) link() {
	m.byWord = newChains(len(m.words), func(i int32) string { return m.words[i].word })
	m.byRead = newChains(len(m.reads), func(i int32) string { return m.reads[i].read })
}

// word returns what became of a word, nil if that is not remembered.
func (m *memory) word(word string) *remembered {
	for i := range m.byWord.all(word) {
		if w := &m.words[i]; w.word == word {
			return w
		}
	}
	return nil
}

// seen returns the share of a reading of w.
func (m *memory) seen(w *remembered, read string) float32 {
	for _, r := range m.reads[w.from:w.to] {
		if r.read == read {
			return r.share
		}
	}
	return 0
}

// recall gives the words that were read so.
func (m *memory) recall(read string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range m.byRead.all(read) {
			if r := &m.reads[i]; r.read == read && !yield(m.words[r.word].word) {
				return
			}
		}
	}
}

// chains is a hash table of the items of a list by their names, of which several
// may be equal. It is made in a tenth of the time of a map.
type chains struct {
	seed maphash.Seed
	head []int32 // number + 1 of the first item, by hash
	next []int32 // the same of the item after each one
}

func newChains(n int, name func(i int32) string) chains {
	c := chains{maphash.MakeSeed(), make([]int32, 1<<bits.Len(uint(n))), make([]int32, n)}
	for i := int32(n) - 1; i >= 0; i-- {
		h := c.slot(name(i))
		c.next[i], c.head[h] = c.head[h], i+1
	}
	return c
}

func (c *chains) slot(name string) int {
	return int(maphash.String(c.seed, name) & uint64(len(c.head)-1))
}

// all gives, in order, the numbers of the items that may have a name.
func (c *chains) all(name string) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i := c.head[c.slot(name)]; i > 0; i = c.next[i-1] {
			if !yield(i - 1) {
				return
			}
		}
	}
}
