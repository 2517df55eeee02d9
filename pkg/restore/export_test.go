package restore

import "math"

// Inherit gives r what o has found so far, where that does not depend on
// weights: the search of a channel for the candidates of a token is what takes
// most of the time.
func (r *Restorer) Inherit(o *Restorer) {
	r.words.Lexicon, r.spell, r.vocab = o.words.Lexicon, o.spell, o.vocab
	r.words.Inherit(o.words)
}

// OddsOf weighs a channel against a block as it was read: the block as a whole, in pieces
// to the end, and in pieces until it is beyond hope.
func (r *Restorer) OddsOf(source, block string) (whole, pieces, hopeless float64) {
	w := r.workers.Get().(*worker)
	defer r.workers.Put(w)
	w.recent = r.model.NewRecent()
	w.lat.reset(block)
	w.asClean(&w.read)
	w.read.foreign = w.asForeign()
	all := len(w.lat.units)
	h := scoring{few: true, fluent: w.read.fluent}
	sum, _ := w.score(source, &h, w.read.states[0], 0, all)
	whole = sum - w.read.left()[all] - authorsErr*float64(w.read.words[all])
	pieces, _ = w.oddsOf(source, authorsErr, math.Inf(-1), h)
	hopeless, _ = w.oddsOf(source, authorsErr, -beyondHope, h)
	return whole, pieces, hopeless
}
