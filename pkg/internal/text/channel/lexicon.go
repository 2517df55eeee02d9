package channel

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lexicon is the trie of the words that a token may stand for, folded.
type Lexicon struct {
	Words   []string
	share   []float32 // weight of the probability of each word by itself
	nodes   []node
	tails   []tail
	next    []int32 // tails that may follow each, see tail
	longest int     // letters of a word
}

// node is a letter after the letters above it. Children stand in a row.
type node struct {
	letter      rune
	first, size int32   // children
	word        int32   // that ends here, or -1
	tail        int32   // its letter and what may follow
	best        float32 // probability of the most frequent word from here on
}

// tail is what many nodes have in common: a letter, and all that may follow it. The trie
// with equal tails made one is the smallest automaton of the words (Daciuk and others,
// "Incremental construction of minimal acyclic finite-state automata", 2000). A tail
// comes after those that may follow it.
type tail struct {
	letter      rune
	word        bool  // one may end here
	first, size int32 // in Lexicon.next
}

// NewLexicon makes a trie of words in their folded form (viet.Fold), all
// different, with their log10 probabilities.
func NewLexicon(words []string, log10 []float32) *Lexicon {
	l := &Lexicon{Words: words, share: make([]float32, len(words))}
	for i := range words {
		l.longest = max(l.longest, utf8.RuneCountInString(words[i]))
		l.share[i] = weight(float32(math.Pow(10, float64(log10[i]))))
	}
	l.nodes = append(make([]node, 0, 2*len(words)), node{word: -1})
	l.grow(0, sorted(words), 0)
	l.merge()
	return l
}

// weight tempers the frequency of a word: the context will say more.
func weight(p float32) float32 { return float32(math.Sqrt(float64(p))) }

// sorted returns the numbers of the words in alphabetical order. Most words
// differ in their first eight bytes, and numbers are compared faster.
func sorted(words []string) []int32 {
	type item struct {
		first uint64
		word  int32
	}
	items := make([]item, len(words))
	for i, w := range words {
		var b [8]byte
		copy(b[:], w)
		items[i] = item{binary.BigEndian.Uint64(b[:]), int32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return strings.Compare(words[a.word], words[b.word])
	})
	order := make([]int32, len(words))
	for i, it := range items {
		order[i] = it.word
	}
	return order
}

// grow hangs the words in order, which share their first depth bytes, under
// node n.
func (l *Lexicon) grow(n int32, order []int32, depth int) {
	if len(order) > 0 && len(l.Words[order[0]]) == depth {
		l.nodes[n].word = order[0]
		l.nodes[n].best = l.share[order[0]]
		order = order[1:]
	}
	first := int32(len(l.nodes))
	for i, word := range order {
		letter, _ := utf8.DecodeRuneInString(l.Words[word][depth:])
		if last := len(l.nodes) - 1; i > 0 && l.nodes[last].letter == letter {
			l.nodes[last].size++ // words from here on, until they grow
		} else {
			l.nodes = append(l.nodes, node{letter: letter, size: 1, word: -1})
		}
	}
	end := int32(len(l.nodes))
	l.nodes[n].first, l.nodes[n].size = first, end-first
	for child := first; child < end; child++ {
		words := l.nodes[child].size
		l.grow(child, order[:words], depth+utf8.RuneLen(l.nodes[child].letter))
		order = order[words:]
		l.nodes[n].best = max(l.nodes[n].best, l.nodes[child].best)
	}
}

// merge finds the tails. Children stand after their node, so that they are known first.
func (l *Lexicon) merge() {
	numbers := map[string]int32{}
	var key []byte
	for i := len(l.nodes) - 1; i >= 0; i-- {
		nd := &l.nodes[i]
		t := tail{nd.letter, nd.word >= 0, int32(len(l.next)), nd.size}
		key = binary.LittleEndian.AppendUint32(key[:0], uint32(nd.letter)<<1)
		if t.word {
			key[0] |= 1
		}
		for child := nd.first; child < nd.first+nd.size; child++ {
			key = binary.LittleEndian.AppendUint32(key, uint32(l.nodes[child].tail))
		}
		number, ok := numbers[string(key)]
		if !ok {
			number = int32(len(l.tails))
			numbers[string(key)] = number
			l.tails = append(l.tails, t)
			for child := nd.first; child < nd.first+nd.size; child++ {
				l.next = append(l.next, l.nodes[child].tail)
			}
		}
		nd.tail = number
	}
}

// find returns the number of a word, -1 if the lexicon lacks it.
func (l *Lexicon) find(word string) int32 {
	nd := &l.nodes[0]
	for _, r := range word {
		below := l.nodes[nd.first : nd.first+nd.size]
		i, ok := slices.BinarySearchFunc(below, r, func(nd node, r rune) int { return cmp.Compare(nd.letter, r) })
		if !ok {
			return -1
		}
		nd = &below[i]
	}
	return nd.word
}
