package lm

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// estimate is an interpolated modified Kneser-Ney model (Chen and Goodman 1998)
// over those n-grams of some counts that are kept apart.
//
// The count that an n-gram passes on to the one without its first word is 1, as
// Kneser and Ney have it, when it is kept, and its whole count when it is not
// (Siivola and others 2007). So the model of what pruning left is estimated
// from the counts anew, and a model whose longer n-grams are all gone is that
// of the shorter order.
type estimate struct {
	*Counts
	order int
	kept  [format.MaxOrder + 1][]bool
	adj   [format.MaxOrder + 1][]uint32  // adjusted counts
	total [format.MaxOrder + 1][]float64 // adjusted counts of a context summed over all words
	gamma [format.MaxOrder + 1][]float32 // back-off weight of each context
	prob  [format.MaxOrder + 1][]float32 // of kept n-grams; prob[1] by word
	disc  [format.MaxOrder + 1][4]float64
}

// newEstimate estimates a model of the kept n-grams. With kept == nil all are.
func (c *Counts) newEstimate(order int, kept *[format.MaxOrder + 1][]bool) *estimate {
	e := &estimate{Counts: c, order: order}
	for n := 2; n <= order; n++ {
		if kept != nil {
			e.kept[n] = kept[n]
		} else {
			e.kept[n] = make([]bool, len(c.levels[n].word))
			for i := range e.kept[n] {
				e.kept[n][i] = true
			}
		}
		e.adj[n] = make([]uint32, len(c.levels[n].word))
		e.total[n] = make([]float64, len(c.levels[n].total))
		e.gamma[n] = make([]float32, len(c.levels[n].total))
		e.prob[n] = make([]float32, len(c.levels[n].word))
		e.disc[n] = discounts(c.CountOfCounts[n])
	}
	eachIndex(len(c.Vocab), e.adjust)
	e.unigram()
	eachIndex(len(c.Vocab), e.interpolate)
	return e
}

// span is a range of contexts.
type span struct{ lo, hi uint32 }

// spans returns the contexts of each level that end in the word x.
func (c *Counts) spans(x int) (s [format.MaxOrder + 1]span) {
	s[2] = span{uint32(x), uint32(x) + 1}
	for n := 3; n <= c.Order; n++ {
		kids := c.levels[n-1].kids
		s[n] = span{kids[s[n-1].lo], kids[s[n-1].hi]}
	}
	return s
}

// adjust passes counts down from the longest n-grams of one bucket.
func (e *estimate) adjust(x int) {
	spans := e.spans(x)
	for n := e.order; n >= 2; n-- {
		l, s := &e.levels[n], spans[n]
		for ctx := s.lo; ctx < s.hi; ctx++ {
			e.total[n][ctx] += float64(l.total[ctx])
			for i := l.start[ctx]; i < l.start[ctx+1]; i++ {
				e.adj[n][i] += l.count[i] // what longer ones took off is there already, below zero
				if n > 2 && e.kept[n][i] {
					less := l.count[i] - 1
					e.adj[n-1][l.suf[i]] -= less
					e.total[n-1][l.parent[ctx]] -= float64(less)
				}
			}
		}
	}
}

// unigram estimates single words; what their discount leaves goes to all words
// alike. Start is never predicted.
func (e *estimate) unigram() {
	adj := make([]float64, len(e.Vocab))
	for w, n := range e.unigrams {
		adj[w] = float64(n)
	}
	for i, w := range e.levels[2].word {
		if e.kept[2][i] {
			adj[w] -= float64(e.levels[2].count[i] - 1)
		}
	}
	sum, words := 0.0, 0.0
	for w, n := range adj {
		if sum += n; ngram.ID(w) != ngram.None && ngram.ID(w) != ngram.Start {
			words++
		}
	}
	const d = 0.5
	e.prob[1] = make([]float32, len(adj))
	free := 0.0
	for _, n := range adj {
		free += min(n, d)
	}
	for w, n := range adj {
		if ngram.ID(w) != ngram.None && ngram.ID(w) != ngram.Start {
			e.prob[1][w] = float32((n-min(n, d))/sum + free/sum/words)
		}
	}
}

// interpolate computes back-off weights and probabilities of one bucket, short
// n-grams first.
func (e *estimate) interpolate(x int) {
	spans := e.spans(x)
	for n := 2; n <= e.order; n++ {
		l, s := &e.levels[n], spans[n]
		for ctx := s.lo; ctx < s.hi; ctx++ {
			sum := 0.0
			for i := l.start[ctx]; i < l.start[ctx+1]; i++ {
				if e.kept[n][i] {
					sum += e.discounted(n, e.adj[n][i])
				}
			}
			gamma := 1.0
			if e.total[n][ctx] > 0 {
				gamma = max(1-sum/e.total[n][ctx], 1e-7)
			}
			e.gamma[n][ctx] = float32(gamma)
			for i := l.start[ctx]; i < l.start[ctx+1]; i++ {
				if e.kept[n][i] {
					lower := float64(e.prob[n-1][l.suf[i]])
					e.prob[n][i] = float32(e.discounted(n, e.adj[n][i])/e.total[n][ctx] + gamma*lower)
				}
			}
		}
	}
}

// discounted is an adjusted count less its discount.
func (e *estimate) discounted(n int, count uint32) float64 {
	return float64(count) - e.disc[n][min(count, 3)]
}

// discounts returns the modified Kneser-Ney discounts of counts 1, 2, and 3 and
// more, from how many n-grams have the counts 1 to 4. Where a tiny text lacks
// some, absolute discounting takes their place.
func discounts(coc [5]uint64) (d [4]float64) {
	n := [5]float64{}
	for k := range coc {
		n[k] = float64(coc[k])
	}
	if n[1] == 0 || n[2] == 0 {
		return [4]float64{0, 0.5, 0.5, 0.5}
	}
	y := n[1] / (n[1] + 2*n[2])
	for k := 1; k <= 3; k++ {
		d[k] = float64(k) - float64(k+1)*y*n[k+1]/n[k]
		if n[k] == 0 || n[k+1] == 0 || d[k] <= 0 || d[k] >= float64(k) || math.IsNaN(d[k]) {
			d[k] = y
		}
	}
	return d
}
