package restore

import (
	"math"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// second is the scratch space of a second look at the words of a block: once all
// of them are known, each helps to choose the others.
type second struct {
	weigher *sense.Weigher
	text    []sense.Word
	choice  sense.Choice
	before  []float32 // Logs of choice, before the sense model had its say
	arcs    []int32   // of the words of choice
	doubts  doubts
}

// lookAgain chooses anew among words alike but for their marks, where the
// language model is unsure.
func (w *worker) lookAgain(res *lattice.Result) {
	if w.sense == nil {
		return
	}
	s := &w.second
	if s.weigher == nil {
		s.weigher = sense.NewWeigher(w.sense, w.vocab())
	}
	s.doubts.list = s.doubts.list[:0]
	w.eachDoubt(res, w.bounds.LeastChance, func(sum float32) {
		s.before = append(s.before[:0], s.choice.Logs...)
		s.weigher.Weigh(s.text, s.choice)
		w.temper(s.choice.Logs, s.before)
		s.doubts.add(s.choice, s.arcs, sum)
	})
	w.agree(&s.doubts, s.text)
	for _, d := range s.doubts.list {
		best := 0
		for k, l := range d.agreed {
			// Places err together, so that they make less sure than they say: the mean
			// of before and after is wrong as often as confidence was without them.
			res.Posterior[d.arcs[k]] = d.sum * float32(math.Exp(float64(l))+math.Exp(float64(d.Logs[k]))) / 2
			if l > d.agreed[best] {
				best = k
			}
		}
		res.Path[d.At] = d.arcs[best]
	}
}

// temper gives what the sense model added to the logarithms before its weight.
func (w *worker) temper(logs, before []float32) {
	weight := w.weights.Of(evidence.Sense)
	if weight == 1 {
		return
	}
	for k, was := range before {
		logs[k] = was + weight*(logs[k]-was)
	}
	sense.Normalise(logs)
}

// eachDoubt sets second to one doubtful place of a reading after the other and
// calls f with what its words have of the probability, those with at least so much.
func (w *worker) eachDoubt(res *lattice.Result, least float32, f func(sum float32)) {
	b, s, vocab := &w.lat, &w.second, w.vocab()
	s.text = s.text[:0]
	for _, a := range res.Path {
		c := &b.choices[a]
		pattern := c.c
		if c.word == ngram.None || pattern == viet.Mixed {
			pattern = viet.CaseOf(b.read(*c))
		}
		s.text = append(s.text, sense.Word{ID: b.arcs[a].Word, Case: pattern})
	}
	for k, a := range res.Path {
		c := &b.choices[a]
		if c.word == ngram.None || c.fixed != 0 || res.Posterior[a] > w.bounds.Doubtful {
			continue
		}
		s.choice.Words, s.choice.Logs, s.arcs = s.choice.Words[:0], s.choice.Logs[:0], s.arcs[:0]
		sum := float32(0)
		from, to := b.arcsAt(int(c.start))
		for i := from; i < to; i++ {
			o := &b.choices[i]
			if p := res.Posterior[i]; p > least && o.word != ngram.None && o.c == c.c && b.arcs[i].From == b.arcs[a].From && b.arcs[i].To == b.arcs[a].To && vocab.Alike(o.word, c.word) {
				s.choice.Words, s.choice.Logs, s.arcs = append(s.choice.Words, o.word), append(s.choice.Logs, p), append(s.arcs, int32(i))
				sum += p
			}
		}
		if len(s.arcs) < 2 || res.Posterior[a] > w.bounds.Doubtful*sum {
			continue
		}
		for i, p := range s.choice.Logs {
			s.choice.Logs[i] = float32(math.Log(float64(p / sum)))
		}
		s.choice.At = k
		f(sum)
	}
}

// Vocab is how the words of the language model look to a sense model.
func (r *Restorer) Vocab() *sense.Vocab { return r.vocab() }

// Lesson restores a correct text, in NFC, without its marks and tells where there was a
// choice, and which word is right: for senses.Trainer.Add in lab, together with
// Restorer.Vocab.
func (d *Document) Lesson(text string) (words []sense.Word, choices []sense.Choice, right []int) {
	w := d.r.workers.Get().(*worker)
	defer d.r.workers.Put(w)
	w.recent = d.recent
	truth := builder{bounds: w.bounds}
	truth.reset(text)
	w.lat.reset(viet.Strip(text))
	if len(truth.units) != len(w.lat.units) {
		return nil, nil, nil
	}
	w.eachDoubt(w.putMarks(Strip), w.bounds.LeastTaught, func(float32) {
		c := w.second.choice
		u := truth.units[c.At]
		id := d.r.model.Lookup(token.Symbol(text[u.start:u.end], u.class))
		c.Words, c.Logs = slices.Clone(c.Words), slices.Clone(c.Logs)
		choices, right = append(choices, c), append(right, slices.Index(c.Words, id))
	})
	return slices.Clone(w.second.text), choices, right
}
