package channel

import "math"

// unseen bounds the chance of readings that no edit has, by their length.
var unseen = [maxRead + 1]float32{1, 0.02, 1e-3, 1e-5}

// bound fills in what bounds readings. Model.most, if the file did not have it: for each
// edit of a letter by itself, the most that edits of the letter can give to the reading,
// in any context; what no letter was read as by itself, it was in no context. And
// Model.begun: the same for edits of segments under the letter that they begin with, as
// kindPair, and under the reading without a letter the most of all.
func (m *Model) bound() {
	e := m.edits
	alone := e.before(1)
	if len(m.most) != int(e.rows[alone].first) {
		m.boundLetters(alone)
	}
	m.begun = newTable(3000)
	raise := func(k key, p float32) {
		if most := m.begun.at(k); p > *most {
			*most = p
		}
	}
	for i := e.before(kindPair); i < e.before(kindClass); i++ {
		r := e.rows[i]
		begin := makeKey(kindPair, none, code(r.context>>18)%maxCodes, none)
		for j := r.first; j < e.rows[i+1].first; j++ {
			if read := e.reads[j]; read != wildcardRead {
				raise(begin|key(read), e.shares[j])
				if read != 0 {
					raise(key(read), e.shares[j])
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

// boundLetters fills in Model.most; so many rows are of letters by themselves.
func (m *Model) boundLetters(rows int) {
	e := m.edits
	m.most = nil
	for i, r := range e.rows[:rows] {
		for j := r.first; j < e.rows[i+1].first; j++ {
			m.most = append(m.most, e.shares[j]+r.rest*m.below(r.letter(), key(e.reads[j]).read()))
		}
	}
	for i := rows; i < e.before(contexts); i++ { // longer contexts after shorter ones
		r := e.rows[i]
		alone := m.letters[r.letter()].alone
		for j := r.first; j < e.rows[i+1].first; j++ {
			if k, ok := e.place(alone, e.reads[j]); ok {
				m.most[k] = max(m.most[k], e.shares[j]+r.rest*m.most[k])
			}
		}
	}
}

// everywhere returns what alone does, a bound of the chance that c is read so in any
// context by its own edits, and whether it was. known is false if no letter was read so.
func (m *Model) everywhere(c code, read []code, known bool) (p, most float32, seen bool) {
	row := m.letters[c].alone
	if known {
		if j, ok := m.edits.place(row, uint32(key(0).with(read))); ok {
			p, most, seen = m.edits.shares[j], m.most[j], true
		}
	}
	return p + m.edits.rows[row].rest*m.below(c, read), most, seen
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
