package ngram

import "math"

// Recent remembers the words of a document. A choice between words that look
// alike without their marks is often one that the document has made before:
// where elephants are the subject, "voi" is "voi" and not "với".
//
// On the development texts, restoring stripped text with Recent makes 20 % fewer
// errors in official documents, 6 % in news, 10 % in Wikipedia articles.
type Recent struct {
	model  *Model
	counts []float32 // by word, in units of unit
	unit   float32   // what a word adds now; it grows instead of all counts shrinking
}

const (
	recentDecay  = 0.999 // a word's count shrinks by this with each word after it
	recentWeight = 0.4   // share of the document in a choice
	recentPrior  = 2     // words that the language at large counts for
	recentMost   = 0.8   // log10 that a document says for a word at most: it decides doubts, and overturns no collocation
)

// NewRecent returns an empty memory.
func (m *Model) NewRecent() *Recent {
	return &Recent{model: m, counts: make([]float32, m.Len()), unit: 1}
}

// Add remembers that the next word of the document is w.
func (r *Recent) Add(w ID) {
	if int(w) >= len(r.counts) {
		return
	}
	r.counts[w] += r.unit
	if r.unit /= recentDecay; r.unit > 1e6 {
		for i := range r.counts {
			r.counts[i] /= r.unit
		}
		r.unit = 1
	}
}

// Boosts appends to dst, for each of the words among which there is a choice,
// log10 of how much likelier the document makes it than the language at large
// does. It is negative for words that the document avoids.
func (r *Recent) Boosts(dst []float32, choice []ID) []float32 {
	seen, all := float32(0), 0.0
	for _, w := range choice {
		if int(w) < len(r.counts) {
			seen += r.counts[w]
		}
	}
	if seen /= r.unit; seen < 1e-3 || len(choice) < 2 {
		for range choice {
			dst = append(dst, 0)
		}
		return dst
	}
	shares := r.model.shares()
	for _, w := range choice {
		if int(w) < len(shares) {
			all += float64(shares[w])
		}
	}
	unseen := float32(math.Log10(1 - recentWeight + recentWeight*recentPrior/(float64(seen)+recentPrior)))
	for _, w := range choice {
		if int(w) >= len(r.counts) || r.counts[w] == 0 {
			dst = append(dst, unseen)
			continue
		}
		share := max(float64(shares[w])/all, 1e-9)
		count := float64(r.counts[w] / r.unit)
		here := (count + recentPrior*share) / (float64(seen) + recentPrior)
		dst = append(dst, min(float32(math.Log10(1-recentWeight+recentWeight*here/share)), recentMost))
	}
	return dst
}
