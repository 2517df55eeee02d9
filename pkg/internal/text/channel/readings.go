package channel

import (
	"math"
	"slices"
)

// Readings returns what the reader makes of a word, in NFC and with its case, and
// log10 of the chance of each, if that is at least least: what Log10 gives.
func (m *Model) Readings(word string, least float64) map[string]float64 {
	m.ready()
	found := map[string]float64{}
	w := m.alphabet.encode(word)
	m.extend(w, 0, nil, 1, math.Pow(10, least), func(read []code) {
		s := m.alphabet.decode(read)
		found[s] = m.Log10(word, s)
	})
	if r := m.memory.word(word); r != nil {
		for _, seen := range m.memory.reads[r.from:r.to] {
			found[seen.read] = m.Log10(word, seen.read)
		}
	}
	for s, log := range found {
		if s == "" || log < least {
			delete(found, s)
		}
	}
	return found
}

// extend calls f for the readings of word[i:] after read, itself of chance p, that
// edits give a chance of at least least.
func (m *Model) extend(word []code, i int, read []code, p, least float64, f func(read []code)) {
	if i == len(word) {
		f(read)
		return
	}
	left, right := at(word, i-1), at(word, i+1)
	single := 1.0
	for di := 2; di <= maxSegment && i+di <= len(word) && !m.lettersOnly; di++ {
		seg := m.edits.row(segmentKey(word[i : i+di]))
		if di == 2 && seg != noRow {
			single -= float64(m.edits.rows[seg].rest)
		}
		m.reads(seg, func(r []code, share float32) {
			if q := p * float64(share); q >= least {
				m.extend(word, i+di, append(slices.Clip(read), r...), q, least, f)
			}
		})
	}
	seen := map[key]bool{}
	for _, row := range []int32{
		m.edits.row(contextKey(2, left, word[i], right)), m.edits.row(contextKey(1, left, word[i], right)),
		m.letters[word[i]].alone,
	} {
		m.reads(row, func(r []code, _ float32) {
			k := key(0).with(r)
			if seen[k] {
				return
			}
			seen[k] = true
			if q := p * single * float64(m.letter(left, word[i], right, r)); q >= least {
				m.extend(word, i+1, append(slices.Clip(read), r...), q, least, f)
			}
		})
	}
}

// reads calls f for the readings in a row.
func (m *Model) reads(row int32, f func(read []code, share float32)) {
	e := m.edits
	for j := e.rows[row].first; j < e.rows[row+1].first; j++ {
		if e.reads[j] != wildcardRead {
			f(key(e.reads[j]).read(), e.shares[j])
		}
	}
}

func (a *alphabet) decode(s []code) string {
	out := make([]rune, len(s))
	for i, c := range s {
		out[i] = a.runes[c]
	}
	return string(out)
}
