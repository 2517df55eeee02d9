package channel

import "math"

// unseen bounds the chance of readings that no edit has, by their length.
var unseen = [maxRead + 1]float32{1, 0.02, 1e-3, 1e-5}

// bound fills in what bounds readings. Model.most has, for each edit of a letter by
// itself, the most that edits of the letter can give to the reading, in any context;
// what no letter was read as by itself, it was in no context. Model.begun has the same
// for edits of segments under the letter that they begin with, as kindPair, and under the
// reading without a letter the most of all.
func (m *Model) bound() {
	m.most, m.begun = nil, newTable(3000)
	raise := func(k key, p float32) {
		if most := m.begun.at(k); p > *most {
			*most = p
		}
	}
	e := m.edits
	for i, r := range e.rows[:len(e.rows)-1] { // longer contexts after shorter ones
		first, letter := code(r.context>>18)%maxCodes, code(r.context>>9)%maxCodes
		alone := m.letters[letter].alone
		for j := r.first; j < e.rows[i+1].first; j++ {
			read, p := e.reads[j], e.shares[j]
			kind := r.context >> 27
			switch {
			case kind == 0:
				m.most = append(m.most, p+r.rest*m.below(letter, key(read).read()))
			case read == wildcardRead:
			case kind < contexts:
				if k, ok := e.place(alone, read); ok {
					m.most[k] = max(m.most[k], p+r.rest*m.most[k])
				}
			case isSegment(key(r.context) << 27):
				raise(makeKey(kindPair, none, first, none)|key(read), p)
				if read != 0 {
					raise(key(read), p)
				}
			}
		}
	}
	for j, p := range m.most {
		if read := e.reads[j]; read != 0 && read != wildcardRead {
			raise(key(read), p)
		}
	}
}

// mostOf bounds the chance that a letter is read so, in any context.
func (m *Model) mostOf(c code, read uint32) float32 {
	if j, ok := m.edits.place(m.letters[c].alone, read); ok {
		return m.most[j]
	}
	return 0
}

// Most bounds log10 P(read | word), whatever the word.
func (m *Model) Most(read string) float64 {
	m.ready()
	read = Fold(read)
	for range m.memory.recall(read) {
		return 0
	}
	return math.Log10(float64(m.ahead(nil, m.alphabet.encode(read))[0]))
}

// ahead bounds the chance of the rest of a reading from every position on.
func (m *Model) ahead(dst []float32, read []code) []float32 {
	n := len(read)
	dst = append(dst[:0], make([]float32, n+1)...)
	dst[n] = 1
	for j := n - 1; j >= 0; j-- {
		for k := 1; k <= maxRead && j+k <= n; k++ {
			dst[j] = max(dst[j], m.bestOf(read[j:j+k])*dst[j+k])
		}
	}
	return dst
}

// bestOf bounds the chance of read, whatever was printed.
func (m *Model) bestOf(read []code) float32 {
	most, _ := m.begun.get(key(0).with(read))
	return max(most, unseen[len(read)])
}
