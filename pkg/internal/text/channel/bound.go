package channel

import "math"

// unseen bounds the chance of readings that no edit has, by their length.
var unseen = [maxRead + 1]float32{1, 0.02, 1e-3, 1e-5}

// bound fills in Model.most: under the key of a letter by itself and a reading,
// the most that edits of the letter can give to the reading, in any context; with
// kindPair the same for edits of segments that begin with the letter; under the
// reading without a letter the most of all such. It also bounds lost letters.
func (m *Model) bound() {
	m.most = newTable(1 << 14)
	raise := func(k key, p float32) {
		if most := m.most.at(k); p > *most {
			*most = p
		}
	}
	for i, r := range m.edits.rows[:len(m.edits.rows)-1] { // longer contexts after shorter ones
		a, b := code(r.context>>18)%maxCodes, code(r.context>>9)%maxCodes
		for j := r.first; j < m.edits.rows[i+1].first; j++ {
			read, p := key(m.edits.reads[j]), m.edits.shares[j]
			if uint32(read) == wildcardRead {
				continue
			}
			switch r.context >> 27 {
			case 0:
				p, _ := m.alone(b, read.read())
				raise(makeKey(0, none, b, none)|read, p)
			case 1, 2:
				most := m.most.at(makeKey(0, none, b, none) | read)
				*most = max(*most, p+r.rest**most)
			case kindPair, kindTrio:
				raise(makeKey(kindPair, none, a, none)|read, p)
				raise(makeKey(kindPair, none, none, none)|read, p)
			}
		}
	}
	byLetter := *m.most
	for i, k := range byLetter.keys {
		if k > readMask && k&readMask != 0 {
			raise(k&readMask, byLetter.values[i])
		}
	}
	for c := firstCode; int(c) < len(m.alphabet.runes); c++ {
		one, _ := m.alone(c, nil)
		most, _ := m.most.get(makeKey(0, none, c, none))
		m.lost = max(m.lost, one, most)
	}
}

// Most bounds log10 P(read | word), whatever the word.
func (m *Model) Most(read string) float64 {
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
	most, _ := m.most.get(key(0).with(read))
	return max(most, unseen[len(read)])
}
