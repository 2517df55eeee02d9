package channels

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
)

// A Worth tells how well a channel knows a reader that it has not seen: log10 of the
// chance of a letter as it was read, on average.
type Worth struct {
	Reader string
	Words  int
	Others float64 // by a channel of all other readers
	Own    float64 // by one of this reader, learned from these very pages
}

// Worths leaves out each of several readers in turn. Pages are by reader.
func Worths(readers []string, pages map[string][]Page) ([]Worth, error) {
	var out []Worth
	for _, reader := range readers {
		others := slices.DeleteFunc(slices.Clone(readers), func(r string) bool { return r == reader })
		own, err := trainer([]string{reader}, pages)
		if err != nil {
			return nil, err
		}
		rest, err := trainer(others, pages)
		if err != nil {
			return nil, err
		}
		like := func(t *channel.Trainer) float64 { return t.Train("any", "", nil).Likeness(own.Lessons()) }
		out = append(out, Worth{reader, own.Len(), like(rest), like(own)})
	}
	return out, nil
}

// trainer has the pairs of readers, as for one that it has not seen.
func trainer(readers []string, pages map[string][]Page) (*channel.Trainer, error) {
	t := channel.NewTrainer()
	t.Several = true
	for _, reader := range readers {
		for _, p := range pages[reader] {
			pairs, err := p.Pairs()
			if err != nil {
				return nil, err
			}
			for _, l := range pairs {
				t.Add(l.Gold, l.Read)
			}
		}
	}
	return t, nil
}
