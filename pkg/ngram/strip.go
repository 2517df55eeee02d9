package ngram

import "github.com/congvan-cli/congvan/pkg/viet"

// ByStrip returns the words of the vocabulary that, with all marks taken off,
// read like stripped, which is lower-case: for "da" these are da, đa, dạ, đã
// and so on. The caller must not change the slice.
func (m *Model) ByStrip(stripped string) []ID { return m.strip()[stripped] }

func (m *Model) stripIndex() map[string][]ID {
	index := make(map[string][]ID, len(m.words))
	for id := int(numSpecial); id < len(m.words); id++ {
		s := viet.Strip(m.words[id])
		index[s] = append(index[s], ID(id))
	}
	return index
}
