// Package channel models how a reader garbles Vietnamese: the probability of
// the characters it writes given the word that stands on the page. It learns
// from pairs of readings and truth, weighs a given pair, and proposes the words
// that an observed token may stand for. Which of them the text means is the
// language model's business.
//
// The model is that of Brill and Moore, "An improved error model for noisy
// channel spelling correction" (ACL 2000): a word is cut into segments of one to
// three characters, and each is read as zero to three characters. A single
// letter is read in the context of its neighbours, with back-off to the letter
// alone and to the class of letters that carry their marks alike. Whole words
// that the training saw often are remembered with what became of them.
package channel

import (
	"math"
	"strings"

	"github.com/congvan-cli/congvan/pkg/viet"
)

const (
	maxSegment = 3 // characters of the truth in one edit
	maxRead    = 3 // characters they may be read as
)

// Model is a trained channel. It is read-only and safe for concurrent use.
type Model struct {
	Name    string // "eng", "vie", …
	Summary string // how it was trained, for people

	// LostSpace and AddedSpace are the chances that a space between two words
	// is lost, and that a word is read with a space in it.
	LostSpace, AddedSpace float64

	sum         uint64 // see Sum
	alphabet    *alphabet
	edits       *edits
	lettersOnly bool     // ignore segments of several letters
	letters     []letter // by code
	classes     [2 * classes][relations]float32
	begins      []uint8 // by the codes of two letters: the segments they begin
	marks       byte    // keepsMarks, losesMarks, or 0: ask when ready
	rest        func()  // makes the model ready; nil if it is
	memory      memory
	most        []float32 // bounds of readings, see bound
	begun       *table
}

// letter holds the rows of a letter that stands alone, and of its kin.
type letter struct{ alone, kin int32 }

// set gives the model its edits.
func (m *Model) set(e *edits) {
	m.edits = e
	m.letters = make([]letter, len(m.alphabet.runes))
	for c := range m.letters {
		kin, _ := m.alphabet.kinKey(code(c), nil)
		m.letters[c] = letter{e.row(contextKey(0, none, code(c), none)), e.row(kin)}
	}
	m.setClasses()
	m.begins = make([]uint8, len(m.letters)*len(m.letters))
	for _, r := range e.rows[e.before(kindPair):e.before(kindClass)] {
		pair := &m.begins[int(r.context>>18)%maxCodes*len(m.letters)+int(r.context>>9)%maxCodes]
		switch r.context >> 27 {
		case kindPair:
			*pair |= beginsPair
		case kindTrio:
			*pair |= beginsTrio
		}
	}
}

const (
	beginsPair = 1 << iota // they are one
	beginsTrio             // and begin some of three
)

// Sum tells the files of models apart: what guards the file that the model was loaded
// from, 0 if it comes from none.
func (m *Model) Sum() uint64 { return m.sum }

// KeepsMarks reports whether the reader gets nearly all marked letters right, so that
// what it made of a text may pass for correct.
func (m *Model) KeepsMarks() bool {
	if m.marks == 0 {
		m.ready()
	}
	return m.marks == keepsMarks
}

const (
	keepsMarks = 'k'
	losesMarks = 'l'
)

// ready reads what the model was opened without. Whatever needs more than its name calls
// it first.
func (m *Model) ready() {
	if m.rest != nil {
		m.rest()
	}
}

func (m *Model) nearlyRight() bool {
	right, all := 0, 0
	for c := firstCode; int(c) < len(m.alphabet.runes); c++ {
		if k := m.alphabet.kinds[c]; k.tone != viet.Ngang && k.letterlike {
			all++
			if m.alone(c, []code{c}) > 0.5 {
				right++
			}
		}
	}
	return 2*right > all
}

// Fold gives characters that readers use for one another one shape. Observed
// tokens are compared in this form only.
func Fold(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return fold(r) != r }) < 0 {
		return s
	}
	return strings.Map(fold, s)
}

func fold(r rune) rune {
	switch r {
	case '’', '‘', '`', '´', '′', '‛':
		return '\''
	case '“', '”', '„', '″', '«', '»':
		return '"'
	case '—', '–', '‐', '‑', '−':
		return '-'
	}
	return r
}

// Log10 returns log10 P(read | word), both in NFC and with their case, over the
// best segmentation.
func (m *Model) Log10(word, read string) float64 {
	m.ready()
	read = Fold(read)
	w := m.alphabet.encode(word)
	p := m.align(w, 0, len(w), m.alphabet.encode(read))
	return math.Log10(m.recalled(word, read, p) + 1e-30)
}

// recalled joins the memory of a word with the chance p that the edits give.
func (m *Model) recalled(word, read string, p float64) float64 {
	w := m.memory.word(word)
	if w == nil {
		return p
	}
	return float64(m.memory.seen(w, read)) + float64(w.rest)*p
}

// align returns the probability that word[from:to] is read as read, by the best
// segmentation and edits alone.
func (m *Model) align(word []code, from, to int, read []code) float64 {
	width := len(read) + 1
	var buf [128]float64 // most words need no more
	best := append(buf[:0], make([]float64, (to-from+1)*width)...)
	best[0] = 1
	for i := from; i < to; i++ {
		for j := range width {
			row := (i - from) * width
			p := best[row+j]
			if p == 0 {
				continue
			}
			m.each(word, i, read, j, func(di, dj int, q float32) {
				if i+di <= to {
					cell := &best[row+di*width+j+dj]
					*cell = max(*cell, p*float64(q))
				}
			})
		}
	}
	return best[len(best)-1]
}

// each calls f for every edit that may start at word[i] and read[j], with the
// numbers of characters that it takes on both sides and its probability.
func (m *Model) each(word []code, i int, read []code, j int, f func(di, dj int, p float32)) {
	left, right := at(word, i-1), at(word, i+1)
	single := float32(1)
	for di := 2; di <= maxSegment && i+di <= len(word) && !m.lettersOnly; di++ {
		seg := segmentKey(word[i : i+di])
		total, ok := m.edits.rest(seg)
		if !ok {
			continue
		}
		if di == 2 {
			single -= total
		}
		for dj := 1; dj <= maxRead && j+dj <= len(read); dj++ {
			if p, ok := m.edits.get(seg.with(read[j : j+dj])); ok {
				f(di, dj, p)
			}
		}
	}
	for dj := 0; dj <= maxRead && j+dj <= len(read); dj++ {
		f(1, dj, single*m.letter(left, word[i], right, read[j:j+dj]))
	}
}

// at returns the character at i, or the edge of the word beyond it.
func at(word []code, i int) code {
	if i < 0 || i >= len(word) {
		return edge
	}
	return word[i]
}

// letter returns the chance that c between left and right is read as read: the
// share of what the longest context saw, and so on down to what is said of c
// alone.
func (m *Model) letter(left, c, right code, read []code) float32 {
	rest, sum := float32(1), float32(0)
	for depth := contexts - 1; depth > 0; depth-- {
		row := m.edits.row(contextKey(depth, left, c, right))
		p, _ := m.edits.in(row, uint32(key(0).with(read)))
		sum += rest * p
		rest *= m.edits.rows[row].rest
	}
	return sum + rest*m.alone(c, read)
}

// alone returns the chance that c is read as read in any context.
func (m *Model) alone(c code, read []code) float32 {
	row := m.letters[c].alone
	p, _ := m.edits.in(row, uint32(key(0).with(read)))
	return p + m.edits.rows[row].rest*m.below(c, read)
}

// below returns the chance of a reading that c leaves to letters of its base and tone,
// and these to its class.
func (m *Model) below(c code, read []code) float32 {
	p := m.byClass(c, read)
	if kin := m.letters[c].kin; kin != noRow {
		share := float32(0)
		if k, ok := m.alphabet.kinKey(c, read); ok {
			share, _ = m.edits.in(kin, uint32(k&readMask))
		}
		p = share + m.edits.rows[kin].rest*p
	}
	return p
}
