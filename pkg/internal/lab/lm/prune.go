package lm

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/viet"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// A pruner decides which n-grams a model of limited size keeps. The worth of an
// n-gram is what the text it was trained on loses in likelihood when it is
// taken out (Stolcke 1998), in two measures: that of the words, and that of the
// words among those which look alike without their marks. The second is all
// that counts for stripped text.
type pruner struct {
	*estimate
	worth  [format.MaxOrder + 1][]float32 // in nats over the whole text
	class  []uint32                       // of each word: those with the same letters under the marks
	task   float64                        // share of the second measure
	byName map[string]uint32
}

func newPruner(full *estimate, task float64) *pruner {
	p := &pruner{estimate: full, task: task, byName: map[string]uint32{}}
	p.class = make([]uint32, len(full.Vocab))
	for w, s := range full.Vocab {
		name := viet.Strip(s)
		id, ok := p.byName[name]
		if !ok {
			id = uint32(len(p.byName))
			p.byName[name] = id
		}
		p.class[w] = id
	}
	for n := 2; n <= full.order; n++ {
		p.worth[n] = make([]float32, len(full.levels[n].word))
	}
	unigram := make([]float64, len(p.byName))
	for w, c := range p.class {
		unigram[c] += float64(full.prob[1][w])
	}
	eachIndex(len(full.Vocab), func(x int) {
		v := &visitor{pruner: p, unigram: unigram}
		v.visit(2, uint32(x))
	})
	return p
}

// visitor walks the contexts below one word and keeps, for the context at hand
// and each shorter one, what its n-grams add to the probability of each class.
type visitor struct {
	*pruner
	unigram []float64
	gammas  [format.MaxOrder + 1]float64
	extra   [format.MaxOrder + 1]map[uint32]float64
}

func (v *visitor) classProb(n int, class uint32) float64 {
	if n == 1 {
		return v.unigram[class]
	}
	return v.extra[n][class] + v.gammas[n]*v.classProb(n-1, class)
}

func (v *visitor) visit(n int, ctx uint32) {
	l := &v.levels[n]
	lo, hi := l.start[ctx], l.start[ctx+1]
	extra := make(map[uint32]float64, hi-lo)
	listed, lower := 0.0, 0.0
	total := v.total[n][ctx]
	for i := lo; i < hi; i++ {
		add := v.discounted(n, v.adj[n][i]) / total
		extra[v.class[l.word[i]]] += add
		listed += add
		lower += float64(v.prob[n-1][l.suf[i]])
	}
	gamma := float64(v.gamma[n][ctx])
	v.gammas[n], v.extra[n] = gamma, extra
	unlisted := gamma * max(1-lower, 0)
	for i := lo; i < hi; i++ {
		add := v.discounted(n, v.adj[n][i]) / total
		p := float64(v.prob[n][i])
		back := (gamma + add) * float64(v.prob[n-1][l.suf[i]]) // were it taken out
		loss := p * math.Log(p/back)
		class := v.classProb(n, v.class[l.word[i]])
		taskLoss := loss + class*math.Log((class-p+back)/class)
		loss -= unlisted * math.Log((gamma+add)/gamma)
		v.worth[n][i] = float32(float64(l.total[ctx]) * (v.task*max(taskLoss, 0) + (1-v.task)*max(loss, 0)))
	}
	if n < v.order {
		for k := l.kids[ctx]; k < l.kids[ctx+1]; k++ {
			v.visit(n+1, k)
		}
	}
}

// Bits that an n-gram of each order takes in the file beside its probability,
// and a context beside its back-off weight; see package format. They only steer
// which of two n-grams goes first.
var (
	rankBits    = [format.MaxOrder + 1]float64{2: 9, 3: 6.5, 4: 4.5, 5: 3.5}
	contextBits = [format.MaxOrder + 1]float64{2: 0, 3: 30, 4: 30, 5: 27}
)

// choose keeps the n-grams that are worth their bits at a price of nats a bit,
// and with each kept one its first and its last n-1 words, which the tree of
// the file needs.
func (p *pruner) choose(price float64, q Quant) *[format.MaxOrder + 1][]bool {
	kept := new([format.MaxOrder + 1][]bool)
	for n := 2; n <= p.order; n++ {
		kept[n] = make([]bool, len(p.levels[n].word))
	}
	for n := p.order; n >= 2; n-- {
		l := &p.levels[n]
		entry := float32(price * (rankBits[n] + float64(q.Prob)))
		context := float32(price * (contextBits[n] + float64(q.Backoff)))
		for ctx := range l.total {
			lo, hi := l.start[ctx], l.start[ctx+1]
			gain, needed := -context, false
			for i := lo; i < hi; i++ {
				needed = needed || kept[n][i]
				if !kept[n][i] && p.worth[n][i] > entry {
					gain += p.worth[n][i] - entry
				}
			}
			if !needed && gain <= 0 {
				continue
			}
			any := needed
			for i := lo; i < hi; i++ {
				if kept[n][i] = kept[n][i] || p.worth[n][i] > entry; kept[n][i] {
					any = true
					if n > 2 {
						kept[n-1][l.suf[i]] = true
					}
				}
			}
			if any && n > 2 && l.self[ctx] != noGram {
				kept[n-1][l.self[ctx]] = true
			}
		}
	}
	return kept
}
