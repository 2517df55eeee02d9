package channel

import (
	"unicode"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// code is a character in the alphabet of a model, 9 bits wide.
type code uint16

const (
	none     code = iota // no character
	edge                 // the edge of a word
	unknown              // a character that the training did not see
	wildcard             // in place of a reading: all readings of a context
	firstCode
	maxCodes = 512
)

// alphabet numbers the characters of words and readings. Every model knows
// ASCII and the Vietnamese letters; the rest comes from its training.
type alphabet struct {
	runes []rune
	near  [0x1f00]code  // by rune: Latin letters
	far   map[rune]code // and all others
	kinds []kind        // what the class of a letter depends on, by code
	kin   []code        // base letter with the tone of the letter, in lower case, by code
	lower []code        // by code
	part  []float32     // see partOf, by code
}

func newAlphabet(extra []rune) *alphabet {
	a := &alphabet{runes: make([]rune, firstCode), far: map[rune]code{}, kinds: make([]kind, firstCode), kin: make([]code, firstCode), lower: make([]code, firstCode)}
	add := func(r rune) {
		if a.code(r) == unknown && len(a.runes) < maxCodes {
			if c := code(len(a.runes)); int(r) < len(a.near) {
				a.near[r] = c
			} else {
				a.far[r] = c
			}
			a.runes = append(a.runes, r)
			a.kinds = append(a.kinds, kindOf(r))
		}
	}
	for r := rune(' '); r < 0x7f; r++ {
		add(r)
	}
	for r := rune(0x80); r < 0x1f00; r++ {
		if viet.IsMarked(r) {
			add(r)
		}
	}
	for _, r := range extra {
		add(r)
	}
	for _, r := range a.runes {
		a.part = append(a.part, partOf(r))
	}
	for _, r := range a.runes[firstCode:] {
		_, tone := viet.Split(r)
		a.kin = append(a.kin, a.code(viet.WithTone(viet.StripRune(unicode.ToLower(r)), tone)))
		a.lower = append(a.lower, a.code(unicode.ToLower(r)))
	}
	return a
}

func (a *alphabet) code(r rune) code {
	c := none
	if int(r) < len(a.near) {
		c = a.near[r]
	} else {
		c = a.far[r]
	}
	if c == none {
		return unknown
	}
	return c
}

func (a *alphabet) encode(s string) []code {
	out := make([]code, 0, len(s))
	for _, r := range s {
		out = append(out, a.code(r))
	}
	return out
}

// key names an edit: three characters of truth or context, up to three of the
// reading, and on top what the first three mean.
type key uint64

// Kinds of key: single letters with 0 to contexts-1 neighbours, segments of two
// and three letters, classes of letters, and kin: letters of one base and tone.
const (
	contexts  = 3
	kindPair  = contexts
	kindTrio  = contexts + 1
	kindClass = contexts + 2
	kindKin   = contexts + 3
)

var anyRead = []code{wildcard}

func makeKey(kind int, a, b, c code) key {
	return key(kind)<<54 | key(a)<<45 | key(b)<<36 | key(c)<<27
}

// contextKey is the letter c with the right neighbour from depth 1 and the left
// one from depth 2.
func contextKey(depth int, left, c, right code) key {
	switch depth {
	case 0:
		left, right = none, none
	case 1:
		left = none
	}
	return makeKey(depth, left, c, right)
}

// kinKey is what letters of one base and tone share, in both cases: the key of c
// with read in lower case, if read is in the case of c.
func (a *alphabet) kinKey(c code, read []code) (key, bool) {
	k := makeKey(kindKin, none, a.kin[c], none)
	if len(read) == 1 && read[0] == wildcard {
		return k.with(read), true
	}
	var low [maxRead]code
	for i, r := range read {
		if a.kinds[r].letterlike && a.kinds[r].upper != a.kinds[c].upper {
			return k, false
		}
		low[i] = a.lower[r]
	}
	return k.with(low[:len(read)]), true
}

func segmentKey(s []code) key {
	if len(s) == 2 {
		return makeKey(kindPair, s[0], s[1], none)
	}
	return makeKey(kindTrio, s[0], s[1], s[2])
}

func (k key) with(read []code) key {
	for i, c := range read {
		k |= key(c) << (18 - 9*i)
	}
	return k
}

// segment returns the letters of a key made by segmentKey.
func (k key) segment() []code {
	s := []code{code(k>>45) % maxCodes, code(k>>36) % maxCodes, code(k>>27) % maxCodes}
	if s[2] == none {
		s = s[:2]
	}
	return s
}

// isTotal reports whether a key stands for all readings of its context.
func (k key) isTotal() bool { return uint32(k&readMask) == wildcardRead }

// read returns the reading that with put into a key.
func (k key) read() []code {
	s := make([]code, 0, maxRead)
	for shift := 18; shift >= 0; shift -= 9 {
		if c := code(k>>shift) % maxCodes; c != none {
			s = append(s, c)
		}
	}
	return s
}

const (
	readMask     = key(1<<27 - 1)         // covers the reading in a key
	wildcardRead = uint32(wildcard) << 18 // is anyRead there
)

// table is an open-addressing hash table from keys to numbers that can be added
// to; see edits for what a model holds.
type table struct {
	keys   []key
	values []float32
	n      int
}

func newTable(size int) *table {
	slots := 64
	for slots < 2*size {
		slots *= 2
	}
	return &table{keys: make([]key, slots), values: make([]float32, slots)}
}

// slot returns where k is or would be. The zero key is never used.
func (t *table) slot(k key) int {
	mask := len(t.keys) - 1
	i := int(uint64(k)*0x9E3779B97F4A7C15>>32) & mask
	for t.keys[i] != 0 && t.keys[i] != k {
		i = (i + 1) & mask
	}
	return i
}

func (t *table) get(k key) (float32, bool) {
	i := t.slot(k)
	return t.values[i], t.keys[i] == k
}

func (t *table) set(k key, v float32) { *t.at(k) = v }

// add adds v to the value of k, 0 if it has none.
func (t *table) add(k key, v float32) { *t.at(k) += v }

// at returns the value of k, 0 if it has none. It is valid until the next key is
// added.
func (t *table) at(k key) *float32 {
	i := t.slot(k)
	if t.keys[i] == 0 {
		if t.n++; 2*t.n > len(t.keys) {
			bigger := newTable(2 * t.n)
			bigger.n = t.n - 1
			for j, old := range t.keys {
				if old != 0 {
					s := bigger.slot(old)
					bigger.keys[s], bigger.values[s] = old, t.values[j]
				}
			}
			bigger.n++
			*t = *bigger
			i = t.slot(k)
		}
		t.keys[i] = k
	}
	return &t.values[i]
}
