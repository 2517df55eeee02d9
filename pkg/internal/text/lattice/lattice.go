// Package lattice finds the most probable words among alternatives. A lattice
// is a graph of nodes 0 to n whose arcs bear a word of the language model and
// what it costs to read the word there; every way from node 0 to node n is a
// reading of the text. The decoder searches the readings together with the
// language model and tells the best, and how probable each arc is.
//
// The package knows nothing of where the arcs come from.
package lattice

import (
	"math"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
)

// Arc is an alternative for the text between two nodes, From < To.
type Arc struct {
	From, To int32
	Word     ngram.ID // ngram.None passes the context on as it is
	Cost     float32  // -log10 of the probability of what was observed, given Word
}

// Options tunes a Decoder. The zero value searches exactly.
type Options struct {
	Scale  float32 // weight of the language model; 0 means 1
	Beam   int     // most contexts followed at a node; 0 means all
	Margin float32 // log10; contexts this much worse than the best of their node are dropped; 0 means none

	// Ahead is a second Margin for contexts together with the most that the next
	// word can add to them, as far as two words tell. A context that little can
	// follow goes early, so that it may be narrower. It is used where every arc
	// leads to the next node.
	Ahead float32

	// Posteriors asks for the probability of each arc.
	Posteriors bool
}

// Result is what Decode found. Its slices are valid until the next call.
type Result struct {
	Path  []int32     // arcs of the best reading
	Score float32     // log10 of its probability, language model and costs
	End   ngram.State // context after it

	// Posterior of each arc: the share of the readings that use it. Readings
	// that the beam or the margin dropped do not count.
	Posterior []float32
}

// Decoder searches lattices. It keeps its buffers from one call to the next and
// is for one goroutine at a time.
type Decoder struct {
	model *ngram.Model
	opt   Options
	cache *ngram.Cache

	byTo    []int32 // arcs in the order of To
	toStart []int32 // of each node in byTo
	hyps    []hyp
	first   []int32         // of each node in hyps, one more at the end
	ctx     []ngram.Context // of each hyp
	words   []ngram.ID      // of the arcs at hand
	lasts   []ngram.ID      // last words of the contexts at hand
	bigrams ngram.Bigrams   // of words after lasts
	logps   []float32       // of words after a context
	given   []given         // of words
	ahead   []float32       // the most that any of words adds after each of lasts
	chain   bool            // every arc leads to the next node
	looked  bool            // bigrams holds those of the arcs out of the node at hand
	cands   []cand
	steps   []ngram.Step // of cands
	table   []int32      // open addressing: context -> hyp of the node at hand, +1
	used    []uint32
	edges   []edge
	alpha   []float64
	beta    []float64
	res     Result
}

// hyp is the best reading up to a node that leaves a certain context.
type hyp struct {
	key   uint32 // of the context
	score float32
	back  int32 // hyp it continues
	arc   int32
}

// given is what the arc of a word does to its probability.
type given struct{ scale, cost float32 }

// cand is a reading that may become a hyp.
type cand struct {
	score float32
	last  int32 // in lasts of the word that it ends with
	back  int32
	arc   int32
}

// edge is a step between two hyps that survived.
type edge struct {
	from, to int32
	arc      int32
	score    float32 // of the reading that ends with it; later its share of those into to
}

// New returns a decoder over a model.
func New(m *ngram.Model, opt Options) *Decoder {
	if opt.Scale == 0 {
		opt.Scale = 1
	}
	return &Decoder{model: m, opt: opt, cache: m.NewCache()}
}

// Decode finds the best way from node 0 to node n, read after start. It reports
// false when there is none. Arcs that leave the range or go backwards are not
// used.
func (d *Decoder) Decode(n int, arcs []Arc, start ngram.State) (*Result, bool) {
	d.sortArcs(n, arcs)
	d.ctx = append(d.ctx[:0], ngram.Context{})
	d.model.Open(&d.ctx[0], start)
	d.hyps = append(d.hyps[:0], hyp{key: start.Key(), back: -1, arc: -1})
	d.first = append(d.first[:0], 0, 1)
	d.edges = d.edges[:0]
	d.looked = false
	for v := int32(1); v <= int32(n); v++ {
		best := d.expand(arcs, d.byTo[d.toStart[v]:d.toStart[v+1]])
		d.prune(best)
		d.looked = false
		if d.chain && d.opt.Ahead > 0 && v < int32(n) {
			d.lookAhead(arcs, d.byTo[d.toStart[v+1]:d.toStart[v+2]])
		}
		d.merge(arcs)
		d.first = append(d.first, int32(len(d.hyps)))
	}
	if d.first[n] == d.first[n+1] {
		return nil, false
	}
	best := d.first[n]
	for h := best; h < d.first[n+1]; h++ {
		if d.hyps[h].score > d.hyps[best].score {
			best = h
		}
	}
	d.res = Result{Path: d.res.Path[:0], Posterior: d.res.Posterior[:0], Score: d.hyps[best].score, End: d.ctx[best].State()}
	for h := best; d.hyps[h].back >= 0; h = d.hyps[h].back {
		d.res.Path = append(d.res.Path, d.hyps[h].arc)
	}
	slices.Reverse(d.res.Path)
	if d.opt.Posteriors {
		d.posteriors(len(arcs), n)
	}
	return &d.res, true
}

// sortArcs groups the arcs by the node they lead to and, among these, by the
// node they come from.
func (d *Decoder) sortArcs(n int, arcs []Arc) {
	d.toStart = resize(d.toStart, n+2)
	ok := func(a *Arc) bool { return 0 <= a.From && a.From < a.To && int(a.To) <= n }
	total := int32(0)
	d.chain = true
	sorted := true
	for i := range arcs {
		d.chain = d.chain && arcs[i].To == arcs[i].From+1
		sorted = sorted && (i == 0 || arcs[i-1].To <= arcs[i].To)
		if ok(&arcs[i]) {
			d.toStart[arcs[i].To]++
			total++
		}
	}
	sum := int32(0)
	for v := range d.toStart {
		sum, d.toStart[v] = sum+d.toStart[v], sum
	}
	d.byTo = resize(d.byTo, int(total))
	for i := range arcs {
		if ok(&arcs[i]) {
			at := &d.toStart[arcs[i].To]
			d.byTo[*at] = int32(i)
			*at++
		}
	}
	copy(d.toStart[1:], d.toStart)
	d.toStart[0] = 0
	if d.chain && sorted { // all that lead to a node come from one
		return
	}
	for v := range n {
		in := d.byTo[d.toStart[v+1]:d.toStart[v+2]]
		byFrom := func(a, b int32) int { return int(arcs[a].From) - int(arcs[b].From) }
		if !slices.IsSortedFunc(in, byFrom) {
			slices.SortStableFunc(in, byFrom)
		}
	}
}

func resize(s []int32, n int) []int32 {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// expand lists the readings that the arcs into a node make of the hyps where
// they come from, and returns the score of the best.
func (d *Decoder) expand(arcs []Arc, in []int32) (best float32) {
	best = float32(math.Inf(-1))
	d.cands = d.cands[:0]
	for len(in) > 0 {
		from := arcs[in[0]].From
		d.words = append(d.words[:0], arcs[in[0]].Word)
		for same := 1; same < len(in) && arcs[in[same]].From == from; same++ {
			d.words = append(d.words, arcs[in[same]].Word)
		}
		if !d.looked {
			d.lasts = d.lasts[:0]
			d.bigrams.Of(d.model, d.words)
		}
		for h := d.first[from]; h < d.first[from+1]; h++ {
			ctx := &d.ctx[h]
			base := d.hyps[h].score
			d.logps = d.model.LogProbs(d.logps[:0], ctx, &d.bigrams, d.bigramsAfter(ctx.Last()))
			for i, a := range in[:len(d.words)] {
				arc := &arcs[a]
				score := base - arc.Cost
				if arc.Word != ngram.None {
					score += d.opt.Scale * d.logps[i]
				}
				d.cands = append(d.cands, cand{score: score, back: h, arc: a})
				best = max(best, score)
			}
		}
		in = in[len(d.words):]
	}
	return best
}

// bigramsAfter returns where a word is in d.lasts. Contexts that end in it share its bigrams.
func (d *Decoder) bigramsAfter(last ngram.ID) int {
	i, known := d.lastAt(last)
	if !known {
		d.bigrams.Add(d.model, d.lasts[i:], d.cache)
	}
	return i
}

// lastAt returns where a word is in d.lasts, and whether it was there before.
func (d *Decoder) lastAt(w ngram.ID) (i int, known bool) {
	if i = slices.Index(d.lasts, w); i >= 0 {
		return i, true
	}
	d.lasts = append(d.lasts, w)
	return len(d.lasts) - 1, false
}

// prune drops the readings that are too much worse than the best.
func (d *Decoder) prune(best float32) {
	least := float32(math.Inf(-1))
	if d.opt.Margin > 0 {
		least = best - d.opt.Margin
	}
	if d.opt.Beam > 0 && len(d.cands) > d.opt.Beam {
		least = max(least, d.cutoff(least))
	}
	kept := d.cands[:0]
	for _, c := range d.cands {
		if c.score >= least {
			kept = append(kept, c)
		}
	}
	d.cands = kept
}

// lookAhead drops readings that the next word makes too much worse than the best,
// as far as the two words alone tell.
func (d *Decoder) lookAhead(arcs []Arc, next []int32) {
	d.looked = true
	d.words, d.given = d.words[:0], d.given[:0]
	for _, a := range next {
		arc := &arcs[a]
		d.words = append(d.words, arc.Word)
		g := given{d.opt.Scale, arc.Cost}
		if arc.Word == ngram.None {
			g.scale = 0
		}
		d.given = append(d.given, g)
	}
	d.lasts, d.ahead = d.lasts[:0], d.ahead[:0]
	for k := range d.cands {
		c := &d.cands[k]
		last := arcs[c.arc].Word
		if last == ngram.None {
			last = d.ctx[c.back].Last()
		}
		i, _ := d.lastAt(last)
		c.last = int32(i)
	}
	d.bigrams.Of(d.model, d.words)
	d.bigrams.Add(d.model, d.lasts, d.cache)
	for i := range d.lasts {
		most := float32(math.Inf(-1))
		logps := d.bigrams.After(i)
		for k, s := range d.given[:len(logps)] {
			v := -s.cost
			if s.scale != 0 {
				v += s.scale * logps[k]
			}
			if v > most {
				most = v
			}
		}
		d.ahead = append(d.ahead, most)
	}
	best := float32(math.Inf(-1))
	for _, c := range d.cands {
		best = max(best, c.score+d.ahead[c.last])
	}
	kept := d.cands[:0]
	for _, c := range d.cands {
		if c.score+d.ahead[c.last] >= best-d.opt.Ahead {
			kept = append(kept, c)
		}
	}
	d.cands = kept
}

// merge turns readings into hyps, one for each context.
func (d *Decoder) merge(arcs []Arc) {
	size := 16
	for size < 2*len(d.cands) {
		size *= 2
	}
	if len(d.table) < size {
		d.table = make([]int32, size)
	}
	mask := uint32(size - 1)
	d.used, d.steps = d.used[:0], d.steps[:0]
	for _, c := range d.cands {
		d.steps = append(d.steps, ngram.Step{From: c.back, Word: arcs[c.arc].Word})
	}
	base := len(d.hyps)
	d.ctx = d.model.Follow(d.ctx, d.steps, d.cache)
	for k, c := range d.cands {
		ctx := &d.ctx[base+k]
		key := ctx.Key()
		i := key * 0x9E3779B1 >> 7 & mask
		for d.table[i] != 0 && d.hyps[d.table[i]-1].key != key {
			i = (i + 1) & mask
		}
		h := d.table[i] - 1
		if h < 0 {
			h = int32(len(d.hyps))
			d.table[i] = h + 1
			d.used = append(d.used, i)
			d.hyps = append(d.hyps, hyp{key, c.score, c.back, c.arc})
			if int(h) < base+k {
				d.ctx[h] = *ctx
			}
		} else if c.score > d.hyps[h].score {
			d.hyps[h] = hyp{key, c.score, c.back, c.arc}
		}
		if d.opt.Posteriors {
			d.edges = append(d.edges, edge{c.back, h, c.arc, c.score})
		}
	}
	d.ctx = d.ctx[:len(d.hyps)]
	for _, i := range d.used {
		d.table[i] = 0
	}
}

// cutoff returns a score that about Beam candidates reach: the limit of the
// bin, a thirty-second of the range wide, in which the last of them falls.
func (d *Decoder) cutoff(least float32) float32 {
	lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, c := range d.cands {
		if c.score >= least {
			lo, hi = min(lo, c.score), max(hi, c.score)
		}
	}
	if !(hi > lo) {
		return least
	}
	const bins = 64
	var n [bins]int
	scale := float32(bins-1) / (hi - lo)
	for _, c := range d.cands {
		if c.score >= least {
			n[int((hi-c.score)*scale)]++
		}
	}
	sum := 0
	for b := range n {
		if sum += n[b]; sum > d.opt.Beam {
			return hi - float32(max(b, 1))/scale
		}
	}
	return least
}

// posteriors runs forward and backward over the edges between surviving hyps.
func (d *Decoder) posteriors(arcs, n int) {
	d.res.Posterior = slices.Grow(d.res.Posterior, arcs)[:arcs]
	clear(d.res.Posterior)
	d.alpha = slices.Grow(d.alpha[:0], len(d.hyps))[:len(d.hyps)]
	d.beta = slices.Grow(d.beta[:0], len(d.hyps))[:len(d.hyps)]
	// Sums are kept relative to the best reading of each hyp, so that
	// exponentials stay near 1.
	clear(d.alpha)
	d.alpha[0] = 1
	for i := range d.edges {
		e := &d.edges[i]
		e.score = pow10(e.score - d.hyps[e.to].score)
		d.alpha[e.to] += d.alpha[e.from] * float64(e.score)
	}
	// beta of a hyp is relative to the score of the best reading that passes
	// from it to the end; total over the last node.
	clear(d.beta)
	sum := 0.0
	for h := d.first[n]; h < d.first[n+1]; h++ {
		// beta is scaled by 10^(score of h - best): with it alpha*beta is the
		// share of h.
		d.beta[h] = float64(pow10(d.hyps[h].score - d.res.Score))
		sum += d.alpha[h] * d.beta[h]
	}
	for i := len(d.edges) - 1; i >= 0; i-- {
		e := &d.edges[i]
		step := d.beta[e.to] * float64(e.score)
		d.beta[e.from] += step
		d.res.Posterior[e.arc] += float32(d.alpha[e.from] * step / sum)
	}
}

// pow10 returns 10^x, x not above 0.
func pow10(x float32) float32 {
	if x == 0 { // as of each best reading
		return 1
	}
	return float32(math.Exp(float64(x) * math.Ln10))
}
