// Package senses trains sense models: it learns from choices in correct texts
// which of the words that look alike without their marks fits its surroundings.
// What a model is, and how it is asked, is in text/sense.
package senses

import (
	"math"
	"slices"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Defaults of TrainOptions.
const (
	DefaultBits   = 24
	DefaultRounds = 2
)

// TrainOptions shape a model. The zero value is ready to use.
type TrainOptions struct {
	Bits    int    // log2 of the number of cells, half a byte each; 0 means DefaultBits
	Rounds  int    // times the lessons are gone through; 0 means DefaultRounds
	Summary string // goes into the file
	Log     func(format string, args ...any)
}

// Trainer collects lessons: choices in correct texts.
type Trainer struct {
	texts  []text
	length int
}

type text struct {
	vocab   *sense.Vocab
	words   []uint32 // case in the high half
	choices []lesson
}

// lesson is a Choice and which of its words is right.
type lesson struct {
	at    int32
	right uint8
	shard uint8
	words []ngram.ID
	logs  []float32
}

// Len is the number of lessons.
func (t *Trainer) Len() int { return t.length }

// Add adds a text in words of a vocabulary, with its choices and, for each, the
// place of the right word in its Words. A choice that lacks the right word, a
// negative place, is left out. It keeps nothing of its arguments but the
// vocabulary.
func (t *Trainer) Add(v *sense.Vocab, words []sense.Word, choices []sense.Choice, right []int) {
	x := text{vocab: v}
	size := 0
	for _, c := range choices {
		size += len(c.Words)
	}
	ids, logs := make([]ngram.ID, 0, size), make([]float32, 0, size)
	for i, c := range choices {
		if right[i] < 0 || right[i] > math.MaxUint8 {
			continue
		}
		n := len(ids)
		ids, logs = append(ids, c.Words...), append(logs, c.Logs...)
		x.choices = append(x.choices, lesson{int32(c.At), uint8(right[i]), uint8(v.Shard(c.Words[0])), ids[n:], logs[n:]})
	}
	if len(x.choices) == 0 {
		return
	}
	x.words = make([]uint32, len(words))
	for i, w := range words {
		x.words[i] = uint32(w.Case)<<16 | uint32(w.ID)
	}
	t.texts = append(t.texts, x)
	t.length += len(x.choices)
}

// Train learns the weights and returns the file of the model. The same lessons
// give the same bytes, on any number of cores.
func (t *Trainer) Train(opt TrainOptions) []byte {
	if opt.Bits == 0 {
		opt.Bits = DefaultBits
	}
	if opt.Rounds == 0 {
		opt.Rounds = DefaultRounds
	}
	if opt.Log == nil {
		opt.Log = func(string, ...any) {}
	}
	shuffle(t.texts)
	var shards [sense.Shards]learner
	for i := range shards {
		shards[i] = newLearner((1 << opt.Bits) / sense.Shards)
	}
	for round := range opt.Rounds {
		var wg sync.WaitGroup
		for i := range shards {
			wg.Go(func() { shards[i].learn(t, uint8(i), opt.Bits) })
		}
		wg.Wait()
		before, after, n := 0.0, 0.0, 0
		for i := range shards {
			before, after, n = before+shards[i].before, after+shards[i].after, n+shards[i].lessons
		}
		opt.Log("round %d: %d lessons, %.4f nats each instead of %.4f", round+1, n, after/float64(n), before/float64(n))
	}
	return pack(shards[:], opt)
}

// shuffle puts texts in an order that does not follow that of the corpus.
func shuffle(texts []text) {
	for i := len(texts) - 1; i > 0; i-- {
		j := sense.Mix(uint64(i)) % uint64(i+1)
		texts[i], texts[j] = texts[j], texts[i]
	}
}

// learner holds the weights of a shard while they are learned, by the proximal
// follow-the-regularised-leader of McMahan (2011): most weights stay zero, and
// each has a rate of its own.
type learner struct {
	z, n     []float32 // by cell: sum of gradients less what the weight owes them; of squared gradients
	trust    float32
	trustN   float32
	weights  []float32 // of the features at hand, by word
	cells    []uint32
	features []uint64
	words    []sense.Word
	probs    []float32
	lessons  int
	before   float64 // loss of the n-gram model, nats
	after    float64 // loss of the model so far
}

const (
	rate       = 0.08
	lasso      = 1 // strength of the pull to zero
	ridge      = 1
	trustRate  = 0.05
	leastSlope = 1e-3 // gradients below are not followed
)

func newLearner(cells int) learner {
	return learner{z: make([]float32, cells), n: make([]float32, cells), trust: 0.8}
}

func (l *learner) weight(cell uint32) float32 {
	z := l.z[cell]
	pull := max(z-lasso, 0) + min(z+lasso, 0)
	if pull == 0 {
		return 0
	}
	return -pull / ((1+sqrt(l.n[cell]))/rate + ridge)
}

// learn goes once through the lessons of a shard.
func (l *learner) learn(t *Trainer, shard uint8, cellBits int) {
	l.before, l.after, l.lessons = 0, 0, 0
	mask := uint32(len(l.z) - 1)
	for _, x := range t.texts {
		if !slices.ContainsFunc(x.choices, func(c lesson) bool { return c.shard == shard }) {
			continue
		}
		l.words = l.words[:0]
		for _, w := range x.words {
			l.words = append(l.words, sense.Word{ID: ngram.ID(w), Case: viet.Case(w >> 16)})
		}
		for i := range x.choices {
			if c := &x.choices[i]; c.shard == shard {
				l.features = x.vocab.AppendFeatures(l.features[:0], l.words, int(c.at))
				l.lesson(c, x.vocab, cellBits, mask)
			}
		}
	}
}

// lesson moves the weights of the features at hand towards the right word.
func (l *learner) lesson(c *lesson, v *sense.Vocab, cellBits int, mask uint32) {
	l.cells, l.weights, l.probs = l.cells[:0], l.weights[:0], l.probs[:0]
	for k, id := range c.words {
		sum := l.trust * c.logs[k]
		for _, f := range l.features {
			cell := v.Cell(f, id, cellBits) & mask
			w := l.weight(cell)
			l.cells, l.weights = append(l.cells, cell), append(l.weights, w)
			sum += w
		}
		l.probs = append(l.probs, sum)
	}
	sense.Normalise(l.probs)
	l.lessons++
	l.before -= float64(c.logs[c.right])
	l.after -= float64(l.probs[c.right])
	slope := float32(0)
	for k := range c.words {
		g := float32(math.Exp(float64(l.probs[k])))
		if k == int(c.right) {
			g--
		}
		slope += g * c.logs[k]
		if g < leastSlope && g > -leastSlope {
			continue
		}
		from := k * len(l.features)
		for i, cell := range l.cells[from : from+len(l.features)] {
			n := l.n[cell] + g*g
			l.z[cell] += g - (sqrt(n)-sqrt(l.n[cell]))/rate*l.weights[from+i]
			l.n[cell] = n
		}
	}
	l.trustN += slope * slope
	l.trust -= trustRate * slope / (1 + sqrt(l.trustN))
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// levels are what a cell can have, in nats. Most are small, and their rounding
// hardly matters: on development texts one error in fifty that would be mended is not.
var levels = [sense.Levels]float32{0, 0.05, 0.1, 0.18, 0.3, 0.5, 0.8, 1.3, 2, -0.05, -0.1, -0.18, -0.3, -0.5, -0.8, -1.3}

// pack writes the file of a model.
func pack(shards []learner, opt TrainOptions) []byte {
	c := sense.Content{Bits: opt.Bits, Levels: levels, Summary: opt.Summary}
	trust, lessons := 0.0, 0
	for i := range shards {
		trust += float64(shards[i].trust) * float64(shards[i].lessons)
		lessons += shards[i].lessons
	}
	c.Trust = float32(trust / float64(max(lessons, 1)))
	for i := range shards {
		s := &shards[i]
		for cell := uint32(0); int(cell) < len(s.z); cell += 2 {
			c.Cells = append(c.Cells, nearest(s.weight(cell))|nearest(s.weight(cell+1))<<4)
		}
	}
	return c.File()
}

// nearest returns the place in levels of the one next to w.
func nearest(w float32) (best byte) {
	off := func(i byte) float32 { return max(levels[i]-w, w-levels[i]) }
	for i := range byte(sense.Levels) {
		if off(i) < off(best) {
			best = i
		}
	}
	return best
}
