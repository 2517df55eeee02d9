package ngram

import "github.com/congvan-cli/congvan/pkg/viet"

// ByStrip returns the words of the vocabulary that, with all marks taken off,
// read like stripped, which is lower-case: for "da" these are da, đa, dạ, đã
// and so on. The caller must not change the slice.
func (m *Model) ByStrip(stripped string) []ID { return m.byForm()[stripped] }

// formIndex finds the words of each form.
func (m *Model) formIndex() map[string][]ID {
	ix := make(map[string][]ID, len(m.forms))
	if len(m.forms) == 0 {
		for id := NumSpecial; int(id) < len(m.words); id++ {
			form := viet.Strip(m.words[id])
			ix[form] = append(ix[form], id)
		}
	}
	for i, first := range m.forms {
		end := len(m.numbered)
		if i+1 < len(m.forms) {
			end = int(m.forms[i+1])
		}
		if ids := m.numbered[first:end:end]; ids[0] >= NumSpecial {
			ix[viet.Strip(m.words[ids[0]])] = ids
		}
	}
	return ix
}
