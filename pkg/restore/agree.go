package restore

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
)

// A word that stands beside the same neighbour in two places of a block is the
// same word in both: one sense per collocation (Yarowsky 1993). Who is "Vân Anh"
// in one line is not "Văn Anh" in the next. On development texts this mends one
// error in twenty of those that the second look leaves.
// doubt is a choice that the language model leaves open.
type doubt struct {
	sense.Choice
	arcs   []int32
	sum    float32   // what the words have of the probability, taken together
	agreed []float32 // Logs, when other places were asked
}

// doubts are the doubtful places of a reading, and where else their words stand.
type doubts struct {
	list   []doubt
	at     []int32          // by place: its number in list, -1 if it is not doubted
	before []int32          // by place: the place before with the same letters, -1 if there is none
	last   map[uint32]int32 // by the letters: the last place with them
}

// add keeps a doubt.
func (s *doubts) add(c sense.Choice, arcs []int32, sum float32) {
	s.list = slices.Grow(s.list, 1)[:len(s.list)+1]
	d := &s.list[len(s.list)-1] // its slices may be used again
	d.At, d.sum = c.At, sum
	d.Words, d.Logs, d.arcs = append(d.Words[:0], c.Words...), append(d.Logs[:0], c.Logs...), append(d.arcs[:0], arcs...)
}

// index finds the places of a text that have the same letters.
func (s *doubts) index(text []sense.Word, vocab *sense.Vocab) {
	s.at, s.before = s.at[:0], s.before[:0]
	if s.last == nil {
		s.last = map[uint32]int32{}
	}
	clear(s.last)
	for i, w := range text {
		form := vocab.Form(w.ID)
		before, ok := s.last[form]
		if !ok {
			before = -1
		}
		s.last[form] = int32(i)
		s.at, s.before = append(s.at, -1), append(s.before, before)
	}
	for n, d := range s.list {
		s.at[d.At] = int32(n)
	}
}

// agree asks, for each doubt, the places with the same letters beside the same
// neighbour.
func (w *worker) agree(s *doubts, text []sense.Word) {
	if len(s.list) == 0 {
		return
	}
	vocab := w.vocab()
	s.index(text, vocab)
	alike := func(i, j int) bool {
		return min(i, j) >= 0 && max(i, j) < len(text) && vocab.Alike(text[i].ID, text[j].ID) && w.model.Kind(text[i].ID) != ngram.NoWord
	}
	for n := range s.list {
		d := &s.list[n]
		d.agreed = append(d.agreed[:0], d.Logs...)
		asked := 0
		for p := s.last[vocab.Form(d.Words[0])]; p >= 0 && asked < w.bounds.MostPlaces; p = s.before[p] {
			j := int(p)
			if j == d.At {
				continue
			}
			weight := float32(0)
			for _, side := range [...]int{-1, 1} {
				if alike(d.At+side, j+side) {
					weight += w.weights.Of(evidence.Agreement)
				}
			}
			if weight == 0 {
				continue
			}
			asked++
			for k, word := range d.Words {
				d.agreed[k] += weight * s.log(j, text, word, -w.bounds.Against)
			}
		}
		sense.Normalise(d.agreed)
	}
}

// log is the natural logarithm of what is believed of a word at a place, at least
// as much as that.
func (s *doubts) log(at int, text []sense.Word, word ngram.ID, least float32) float32 {
	if n := s.at[at]; n >= 0 {
		if k := slices.Index(s.list[n].Words, word); k >= 0 {
			return max(least, s.list[n].Logs[k])
		}
	} else if text[at].ID == word {
		return 0
	}
	return least
}
