package restore

import "maps"

// Inherit gives r what o has found so far, where that does not depend on
// weights: the search of a channel for the candidates of a token is what takes
// most of the time.
func (r *Restorer) Inherit(o *Restorer) {
	r.lexicon, r.spell, r.vocab = o.lexicon, o.spell, o.vocab
	o.found.mu.RLock()
	defer o.found.mu.RUnlock()
	r.found.young, r.found.old, r.found.size = maps.Clone(o.found.young), maps.Clone(o.found.old), o.found.size
}
