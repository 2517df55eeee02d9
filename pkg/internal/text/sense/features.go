package sense

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/viet"
)

const (
	near      = 6   // words to either side whose place counts
	far       = 50  // words to either side that count wherever they stand
	alongside = 3   // the nearest of these
	common    = 100 // words from the top of the vocabulary that say nothing from afar
)

// pairs are the places, from the word in question, of two words that count
// together.
var pairs = [...][2]int{{-2, -1}, {-1, 1}, {1, 2}, {-2, 1}, {-1, 2}, {-3, -1}, {1, 3}, {-3, -2}, {2, 3}}

// Kinds of features.
const (
	kindBias = iota
	kindCase
	kindBefore // the name that this may be part of
	kindAfter
	kindFar
	kindPair  // and the numbers from here, one for each of pairs
	kindPlace = 32
)

// AppendFeatures appends to dst what surrounds word i of a text.
func (v *Vocab) AppendFeatures(dst []uint64, text []Word, i int) []uint64 {
	add := func(kind int, a, b uint64) { dst = append(dst, Mix(Mix(uint64(kind)<<32|a)+b)) }
	at := func(d int) uint64 {
		if j := i + d; j >= 0 && j < len(text) {
			return uint64(v.words[text[j].ID])
		}
		return 0
	}
	caseAt := func(d int) uint64 {
		if j := i + d; j >= 0 && j < len(text) {
			return uint64(text[j].Case)
		}
		return uint64(viet.Mixed) + 1
	}
	add(kindBias, 0, 0)
	add(kindCase, caseAt(0), caseAt(-1)<<8|caseAt(1))
	if text[i].Case == viet.Title {
		add(kindBefore, at(-1), caseAt(-1))
		add(kindAfter, at(1), caseAt(1))
	}
	for d := 1; d <= near; d++ {
		add(kindPlace-d, at(-d), 0)
		add(kindPlace+d, at(d), 0)
	}
	for k, p := range pairs {
		add(kindPair+k, at(p[0]), at(p[1]))
	}
	first := len(dst)
	var some [4]uint64 // a bit for each of the words so far, which may share it
	for j := max(0, i-far); j < min(len(text), i+far+1); j++ {
		if j > i-alongside && j < i+alongside || text[j].ID < common {
			continue
		}
		f := Mix(uint64(kindFar)<<32 | uint64(v.words[text[j].ID]))
		if bit := uint64(1) << (f & 63); some[f>>6&3]&bit == 0 || !slices.Contains(dst[first:], f) {
			some[f>>6&3] |= bit
			dst = append(dst, f)
		}
	}
	return dst
}
