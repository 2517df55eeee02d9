package ngram

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// ByStrip returns the words of the vocabulary that, with all marks taken off,
// read like stripped, which is lower-case: for "da" these are da, đa, dạ, đã
// and so on. The caller must not change the slice.
func (m *Model) ByStrip(stripped string) []ID {
	f := m.byForm()
	i := int(f.slots[f.slot(stripped)]) - 1
	if i < 0 {
		return nil
	}
	end := len(f.ids)
	if i+1 < len(f.first) {
		end = int(f.first[i+1])
	}
	return f.ids[f.first[i]:end:end]
}

// forms finds words by what they are without their marks. It is made in half the time of
// a map, and of a fifth of the memory.
type forms struct {
	ids   []ID     // those of a form side by side
	first []uint16 // of each form
	text  []byte   // the forms, one after the other,
	ends  []uint32 // and where each ends
	slots []uint16 // open addressing by hash of the form: its number + 1
}

// formIndex finds the words of each form.
func (m *Model) formIndex() *forms {
	f := &forms{ids: m.numbered, first: m.forms}
	if len(f.first) == 0 {
		f.group(m)
	}
	f.text, f.ends = make([]byte, 0, 8*len(f.first)), make([]uint32, 0, len(f.first))
	f.slots = make([]uint16, 2<<bits.Len(uint(len(f.first))))
	for i, first := range f.first {
		form := ""
		if id := f.ids[first]; id >= NumSpecial {
			form = viet.Strip(m.Word(id))
			f.slots[f.slot(form)] = uint16(i) + 1
		}
		f.text = append(f.text, form...)
		f.ends = append(f.ends, uint32(len(f.text)))
	}
	return f
}

// group puts words alike side by side, for a model that does not number them so.
func (f *forms) group(m *Model) {
	alike := make([]string, m.Len())
	f.ids = nil
	for id := NumSpecial; int(id) < m.Len(); id++ {
		alike[id], f.ids = viet.Strip(m.Word(id)), append(f.ids, id)
	}
	slices.SortStableFunc(f.ids, func(a, b ID) int { return strings.Compare(alike[a], alike[b]) })
	for i, id := range f.ids {
		if i == 0 || alike[id] != alike[f.ids[i-1]] {
			f.first = append(f.first, uint16(i))
		}
	}
}

// slot is where a form is or would be.
func (f *forms) slot(form string) uint32 {
	mask := uint32(len(f.slots) - 1)
	i := hashWord(form) & mask
	for f.slots[i] != 0 && !f.is(int(f.slots[i])-1, form) {
		i = (i + 1) & mask
	}
	return i
}

// is reports whether a number is that of a form.
func (f *forms) is(i int, form string) bool {
	start := uint32(0)
	if i > 0 {
		start = f.ends[i-1]
	}
	return string(f.text[start:f.ends[i]]) == form
}
