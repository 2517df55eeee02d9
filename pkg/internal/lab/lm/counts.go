package lm

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// Counts are the n-grams of a text and how often each occurs, arranged as a
// tree of contexts read backwards: below the context "của" lies "quốc của",
// below it "Trung quốc của". A context's n-grams are those that predict the
// word after it.
type Counts struct {
	Order   int
	Vocab   []string
	Caps    []Caps
	Sources []ngram.SourceInfo

	// CountOfCounts[n][k] is how many n-grams of n words have the adjusted
	// count k, 1 to 4, before any was left out.
	CountOfCounts [format.MaxOrder + 1][5]uint64

	unigrams []uint64                   // by word
	levels   [format.MaxOrder + 1]level // 2 to Order
}

// level holds the n-grams of one order n and their contexts of n-1 words, both
// in the order of the context read backwards, then of the word. Contexts of one
// word are all there, numbered like the words.
type level struct {
	left   []ngram.ID // first word of the context; nil for n = 2
	parent []uint32   // the context without its first word, in the level below
	self   []uint32   // the context as an n-gram of the level below; for n = 2 the word
	start  []uint32   // its first n-gram; one more at the end
	kids   []uint32   // its first longer context, in the level above; one more at the end
	total  []uint64   // how often any word followed it

	word  []ngram.ID
	count []uint32
	suf   []uint32 // the n-gram without its first word, in the level below; for n = 2 the word
}

// join makes levels of the parts of all buckets.
func (c *Counts) join(parts [][]part) {
	type lens struct{ ctxs, words uint32 }
	belowLen := make([]lens, len(parts)) // of each bucket's part one order lower
	for n := 2; n <= c.Order; n++ {
		l := &c.levels[n]
		ctxs, words := 0, 0
		for x := range parts {
			ctxs += len(parts[x][n].ctx)
			words += len(parts[x][n].word)
		}
		l.grow(ctxs, words, n)
		below, belowCtx := uint32(0), uint32(0)
		for x := range parts {
			p := &parts[x][n]
			base := uint32(len(l.word))
			for i := range p.ctx {
				l.start = append(l.start, base+p.start[i])
				l.total = append(l.total, p.total[i])
				if n > 2 {
					l.left = append(l.left, ngram.ID(p.ctx[i]&idMask))
					l.parent = append(l.parent, belowCtx+p.parent[i])
				}
			}
			l.word = append(l.word, p.word...)
			l.count = append(l.count, p.count...)
			for i := range p.word {
				if n > 2 {
					l.suf = append(l.suf, below+p.suf[i])
				} else {
					l.suf = append(l.suf, uint32(p.word[i]))
				}
			}
			below += belowLen[x].words
			belowCtx += belowLen[x].ctxs
			belowLen[x] = lens{uint32(len(p.ctx)), uint32(len(p.word))}
			*p = part{}
		}
		l.start = append(l.start, uint32(len(l.word)))
	}
	c.link()
}

func (l *level) grow(ctxs, words, n int) {
	l.start = make([]uint32, 0, ctxs+1)
	l.total = make([]uint64, 0, ctxs)
	if n > 2 {
		l.left = make([]ngram.ID, 0, ctxs)
		l.parent = make([]uint32, 0, ctxs)
	}
	l.word = make([]ngram.ID, 0, words)
	l.count = make([]uint32, 0, words)
	l.suf = make([]uint32, 0, words)
}

// noGram is the self of a context whose words were never counted as an n-gram.
// That takes a run of words spent before it was seen (see repeats), and is rare.
const noGram = 1<<32 - 1

// link fills what follows from the rest: kids, self and the unigram counts.
func (c *Counts) link() {
	c.unigrams = make([]uint64, len(c.Vocab))
	for i, w := range c.levels[2].word {
		c.unigrams[w] += uint64(c.levels[2].count[i])
	}
	for n := 2; n <= c.Order; n++ {
		l := &c.levels[n]
		l.kids = make([]uint32, len(l.total)+1)
		if n < c.Order {
			for _, p := range c.levels[n+1].parent {
				l.kids[p+1]++
			}
			for i := range l.total {
				l.kids[i+1] += l.kids[i]
			}
		}
	}
	for n := 2; n <= c.Order; n++ {
		l := &c.levels[n]
		l.self = make([]uint32, len(l.total))
		if n == 2 {
			for i := range l.self {
				l.self[i] = uint32(i)
			}
			continue
		}
		c.eachContext(n, func(ctx uint32, words []ngram.ID) {
			i, ok := c.find(words)
			if !ok {
				i = noGram
			}
			l.self[ctx] = i
		})
	}
}

// eachContext calls f on all cores with the contexts of level n and their words
// in reading order.
func (c *Counts) eachContext(n int, f func(ctx uint32, words []ngram.ID)) {
	eachIndex(len(c.Vocab), func(x int) {
		words := make([]ngram.ID, n-1)
		words[n-2] = ngram.ID(x)
		c.walk(2, uint32(x), n, words, f)
	})
}

func (c *Counts) walk(at int, ctx uint32, n int, words []ngram.ID, f func(uint32, []ngram.ID)) {
	if at == n {
		f(ctx, words)
		return
	}
	l := &c.levels[at]
	for k := l.kids[ctx]; k < l.kids[ctx+1]; k++ {
		words[n-1-at] = c.levels[at+1].left[k]
		c.walk(at+1, k, n, words, f)
	}
}

// find returns the index of an n-gram of two words or more in its level.
func (c *Counts) find(words []ngram.ID) (uint32, bool) {
	n := len(words)
	ctx := uint32(words[n-2])
	for at := 3; at <= n; at++ {
		l := &c.levels[at-1]
		lo, hi := l.kids[ctx], l.kids[ctx+1]
		i, ok := slices.BinarySearch(c.levels[at].left[lo:hi], words[n-at])
		if !ok {
			return 0, false
		}
		ctx = lo + uint32(i)
	}
	l := &c.levels[n]
	lo, hi := l.start[ctx], l.start[ctx+1]
	i, ok := slices.BinarySearch(l.word[lo:hi], words[n-1])
	return lo + uint32(i), ok
}
