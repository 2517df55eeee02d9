package ngram

import "github.com/congvan-cli/congvan/pkg/viet"

// ByStrip returns the words of the vocabulary that, with all marks taken off,
// read like stripped, which is lower-case: for "da" these are da, đa, dạ, đã
// and so on. The caller must not change the slice.
func (m *Model) ByStrip(stripped string) []ID {
	ix := m.strip()
	n, ok := ix.number[stripped]
	if !ok {
		return nil
	}
	return ix.ids[ix.first[n]:ix.first[n+1]]
}

// stripped lists words by their stripped form, the lists one after the other.
type stripped struct {
	number map[string]int32 // of a form
	first  []int32          // of the words of each form
	ids    []ID
	bit    []uint16 // of each word in rows; those of a form are side by side
	none   uint16   // the bit of no word
	cells  int      // that hold the bits
}

func (m *Model) stripIndex() *stripped {
	ix := &stripped{number: make(map[string]int32, len(m.words)/2)}
	forms := make([]int32, len(m.words))
	var sizes []int32
	for id := int(NumSpecial); id < len(m.words); id++ {
		s := viet.Strip(m.words[id])
		n, ok := ix.number[s]
		if !ok {
			n = int32(len(sizes))
			ix.number[s] = n
			sizes = append(sizes, 0)
		}
		forms[id] = n
		sizes[n]++
	}
	ix.first = make([]int32, len(sizes)+1)
	for n, size := range sizes {
		ix.first[n+1] = ix.first[n] + size
	}
	ix.ids = make([]ID, ix.first[len(sizes)])
	next := sizes // free now
	copy(next, ix.first)
	for id := int(NumSpecial); id < len(m.words); id++ {
		ix.ids[next[forms[id]]] = ID(id)
		next[forms[id]]++
	}
	ix.bit = make([]uint16, len(m.words))
	for k, id := range ix.ids {
		ix.bit[id] = bitNumber(k)
	}
	for id := range NumSpecial {
		ix.bit[id] = bitNumber(len(ix.ids) + int(id))
	}
	ix.none = bitNumber(len(m.words))
	ix.cells = len(m.words)/cellWords + 1
	return ix
}
