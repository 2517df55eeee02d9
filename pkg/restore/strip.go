package restore

import (
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// putMarks finds the words of a block that lost its marks, or its tones, sentence by sentence,
// so that the document knows the words of one when it comes to the next. The
// result is valid until the next call.
func (w *worker) putMarks(source string) *lattice.Result {
	b := &w.lat
	b.clear()
	res := &w.marks
	*res = lattice.Result{Path: res.Path[:0], Posterior: res.Posterior[:0]}
	for from := 0; from < len(b.units); {
		to := b.sentence(from)
		n := int32(to - from)
		b.chain(from, to)
		first := int32(len(b.arcs))
		w.buildStripped(source, from, to)
		b.arc(n, n+1, ngram.End, choice{})
		got, ok := w.decoder.Decode(int(n+1), b.arcs[first:], w.model.Begin())
		if !ok {
			panic("restore: no way through words of which each has an arc")
		}
		for _, a := range got.Path[:n] {
			res.Path = append(res.Path, first+a)
		}
		w.noteWords(res.Path[from:])
		res.Posterior = append(res.Posterior, got.Posterior...)
		from = to
	}
	return res
}

// leastStripped bounds log10 of the probability of the block, had it lost its marks,
// from below: by the reading that takes the most frequent word each time. It costs a
// tenth of finding the best one, and says as much where that wins by far.
func (w *worker) leastStripped() float64 {
	b := &w.lat
	state := w.model.Begin()
	b.tally.Begin()
	sum := float64(0)
	for _, u := range b.units {
		s := b.text[u.start:u.end]
		var words []ngram.ID
		if u.class == token.Word {
			words = w.unmarked(Strip, s)
		}
		id := ngram.None
		if len(words) > 0 {
			id = words[0]
			w.boosts = w.recent.Boosts(w.boosts[:0], words)
			b.tally.Add(evidence.Memory, w.boosts[0])
		} else {
			id = w.symbol(b.word(u), u.class)
		}
		w.capital(u, id, viet.CaseOf(s))
		if id != ngram.None {
			var p float32
			p, state = w.model.Score(state, id)
			sum += float64(p)
		}
	}
	sum -= float64(b.tally.Cost)
	b.tally.Begin()
	return sum
}

// sentence returns the unit after the sentence that unit i begins. One ends where
// a line does, with a mark that ends sentences or short of the margin, or is a
// line that was never wrapped.
func (b *builder) sentence(i int) int {
	start := b.units[i].start
	for i++; i < len(b.units); i++ {
		if !b.units[i].line {
			continue
		}
		last := b.units[i-1]
		if size := last.end - start; size < b.bounds.LongLine || size > b.bounds.WideLine*b.bounds.LongLine {
			return i
		}
		if last.class == token.Punct && strings.ContainsAny(b.text[last.start:last.end], ".!?…:;") {
			return i
		}
		start = b.units[i].start
	}
	return i
}

// unmarked are the words that read as s does once their marks are off, or with source
// Toneless their tones.
func (w *worker) unmarked(source, s string) []ngram.ID {
	if source == Broken {
		return w.lost(s)
	}
	if source == Strip {
		return w.bare(s)
	}
	lower := strings.ToLower(s)
	if strings.ContainsFunc(s, isToned) {
		return nil
	}
	w.shaped = w.shaped[:0]
	for _, id := range w.model.ByStrip(viet.Strip(lower)) {
		if takeTone(w.model.Word(id)) == lower {
			w.shaped = append(w.shaped, id)
		}
	}
	return w.shaped
}

// bare are the words that read as s does once their marks are off, remembered.
func (w *worker) bare(s string) []ngram.ID {
	words, ok := w.bares[s]
	if !ok {
		if !viet.HasMarks(s) {
			words = w.model.ByStrip(strings.ToLower(s))
		}
		if len(w.bares) >= w.bounds.Readings {
			clear(w.bares)
		}
		if len(s) < w.bounds.LongWord {
			w.bares[strings.Clone(s)] = words
		}
	}
	return words
}

// takeTone takes the tone off a word and keeps the shapes of its letters.
func takeTone(s string) string {
	return strings.Map(func(r rune) rune { l, _ := viet.Split(r); return l }, s)
}
