package channel

import "math"

// unseen bounds the chance of readings that no edit has, by their length.
var unseen = [maxRead + 1]float32{1, 0.02, 1e-3, 1e-5}

// bound fills in Model.most: under the key of a letter by itself and a reading,
// the most that edits beginning with the letter can give to the reading, in any
// context; under the reading alone, the most that any letter gives.
func (m *Model) bound() {
	m.most = newTable(1 << 14)
	raise := func(k key, p float32) {
		if most, _ := m.most.get(k); k != 0 && p > most {
			m.most.set(k, p)
		}
	}
	for kind := range contexts {
		for i, k := range m.edits.keys {
			if k == 0 || int(k>>54) != kind || k&readMask == key(0).with(anyRead) {
				continue
			}
			alone := makeKey(0, none, code(k>>36)%maxCodes, none) | k&readMask
			p := m.edits.values[i]
			if kind == 0 {
				p, _ = m.alone(code(k>>36)%maxCodes, k.read())
			} else {
				shorter, _ := m.most.get(alone)
				rest, _ := m.edits.get(k&^readMask | key(0).with(anyRead))
				p += rest * shorter
			}
			raise(alone, p)
		}
	}
	for i, k := range m.edits.keys {
		if kind := k >> 54; (kind == kindPair || kind == kindTrio) && k&readMask != key(0).with(anyRead) {
			raise(makeKey(0, none, code(k>>45)%maxCodes, none)|k&readMask, m.edits.values[i])
			if kind == kindTrio {
				raise(trioStart(code(k>>45)%maxCodes, code(k>>36)%maxCodes), 1)
			}
		}
	}
	byLetter := *m.most
	for i, k := range byLetter.keys {
		if k > readMask {
			raise(k&readMask, byLetter.values[i])
		}
	}
}

// trioStart is the key under which most holds that some segments of three letters
// begin with these two.
func trioStart(a, b code) key { return makeKey(kindTrio, a, b, none) }

// Most bounds log10 P(read | word), whatever the word.
func (m *Model) Most(read string) float64 {
	read = Fold(read)
	if m.recall[read] != nil {
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
