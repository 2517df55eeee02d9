package restore

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Arc is one way to take a part of a block that was weighed: a word that it may
// stand for, or the part as it was read.
type Arc struct {
	In        Span       // where it is, in bytes of the input
	Read      string     // what stands there
	Text      string     // what it is taken for
	Word      string     // of the language model, printed in Case; empty if it is taken as it is
	Case      viet.Case  // in which the word was printed; viet.Mixed: as it was read
	Glued     bool       // a space was lost before it
	Chosen    bool       // it is part of the best reading
	Posterior float64    // share of the readings that it is part of
	Score     float64    // the sum of the evidence
	Evidence  []Evidence // without what is 0
}

// Evidence is one thing that speaks for or against an arc: it adds Value times
// Weight to the score, in log10.
type Evidence struct {
	Name          string
	Value, Weight float32
}

// arcs describes the arcs of the lattice, once it is decoded. before is the
// posteriors before the second look.
func (w *worker) arcs(d *Document, got *lattice.Result, before []float32) []Arc {
	b := &w.lat
	states, chosen := w.states(got.Path)
	out := make([]Arc, 0, len(b.arcs))
	for i, c := range b.choices {
		if b.arcs[i].Word == ngram.End {
			continue // of a sentence
		}
		a := Arc{
			In: Span{int(c.start), int(c.end)}, Read: b.read(c), Text: w.spelled(d, c), Case: c.c, Glued: c.split,
			Chosen: chosen[int32(i)], Posterior: float64(got.Posterior[i]), Score: -float64(b.arcs[i].Cost),
		}
		if c.word != ngram.None {
			a.Word = w.model.Word(c.word)
		}
		add := func(f evidence.Feature, value float32) {
			a.Evidence = append(a.Evidence, Evidence{f.String(), value, w.weights.Of(f)})
		}
		for _, p := range b.partsOf(i) {
			add(p.Feature, p.Value)
		}
		if s, ok := states[c.start]; ok && b.arcs[i].Word != ngram.None {
			p, _ := w.model.Score(s, b.arcs[i].Word)
			add(evidence.Language, p)
			a.Score += float64(w.weights.Of(evidence.Language) * p)
		}
		if now, was := got.Posterior[i], before[i]; now != was && now > 0 && was > 0 {
			add(evidence.Sense, log10(float64(now/was)))
			a.Score += math.Log10(float64(now / was))
		}
		out = append(out, a)
	}
	return out
}

// partsOf is the evidence of an arc.
func (b *builder) partsOf(i int) []evidence.Part {
	if i+1 < len(b.first) {
		return b.parts[b.first[i]:b.first[i+1]]
	}
	return b.parts[b.first[i]:]
}

// states are the contexts of the language model along the best reading, by where
// its arcs start, and its arcs.
func (w *worker) states(path []int32) (map[int32]ngram.State, map[int32]bool) {
	states, chosen := map[int32]ngram.State{}, map[int32]bool{}
	s := w.model.Begin()
	for _, a := range path {
		arc := &w.lat.arcs[a]
		if arc.From == 0 { // of a sentence
			s = w.model.Begin()
		}
		states[w.lat.choices[a].start], chosen[a] = s, true
		if arc.Word != ngram.None {
			_, s = w.model.Score(s, arc.Word)
		}
	}
	return states, chosen
}
