package restore

// Inherit gives r what o has found so far, where that does not depend on
// weights: the search of a channel for the candidates of a token is what takes
// most of the time.
func (r *Restorer) Inherit(o *Restorer) {
	r.words.Lexicon, r.spell, r.vocab = o.words.Lexicon, o.spell, o.vocab
	r.words.Inherit(o.words)
}
