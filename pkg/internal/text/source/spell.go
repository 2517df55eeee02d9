package source

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
)

// Speller is a model of the spelling of words that the vocabulary lacks: names
// and foreign words. It is an interpolated letter trigram learned from the words
// of the vocabulary that are not Vietnamese syllables.
type Speller struct {
	one   [letters]float32
	two   [letters * letters]float32
	three []float32
	sum2  [letters]float32
	sum3  [letters * letters]float32
}

// The letters of a Speller: the edge of a word, a to z, and any other.
const (
	letters     = 28
	letterEdge  = 0
	letterOther = 27

	shorter = 5  // what a shorter context counts for, in letters
	others  = 50 // letters and signs that letterOther stands for
)

func spellLetter(r rune) int {
	if r = unicode.ToLower(r); r >= 'a' && r <= 'z' {
		return int(r-'a') + 1
	}
	return letterOther
}

// NewSpeller learns from the vocabulary of m.
func NewSpeller(m *ngram.Model) *Speller {
	s := &Speller{three: make([]float32, letters*letters*letters)}
	for id := range ngram.ID(m.Len()) {
		if m.Kind(id) == ngram.Word {
			s.each(m.Word(id), func(a, b, c int) {
				s.one[c]++
				s.two[b*letters+c]++
				s.three[(a*letters+b)*letters+c]++
				s.sum2[b]++
				s.sum3[a*letters+b]++
			})
		}
	}
	total := float32(0)
	for c := range s.one {
		s.one[c] += 1
		total += s.one[c]
	}
	for c := range s.one {
		s.one[c] /= total
	}
	return s
}

func (s *Speller) each(w string, f func(a, b, c int)) {
	a, b := letterEdge, letterEdge
	for _, r := range w {
		c := spellLetter(r)
		f(a, b, c)
		a, b = b, c
	}
	f(a, b, letterEdge)
}

// Log10 is the log10 of the probability that a word outside the vocabulary is
// spelled so.
func (s *Speller) Log10(w string) float32 {
	sum := 0.0
	s.each(w, func(a, b, c int) {
		p := s.one[c]
		p = (s.two[b*letters+c] + shorter*p) / (s.sum2[b] + shorter)
		p = (s.three[(a*letters+b)*letters+c] + shorter*p) / (s.sum3[a*letters+b] + shorter)
		if c == letterOther {
			p /= others
		}
		sum += math.Log10(float64(p))
	})
	return float32(sum)
}

// What a mark on a letter of another language costs in log10, and a letter that
// no mark makes: "ɔ", "ŋ", "ß".
const (
	costMark = 1.0
	costOwn  = 2.0
)

// Foreign is log10 of the probability of a word of a language with Latin letters
// and marks of its own.
func (s *Speller) Foreign(w string) float32 {
	bare, marks, own := bared(w)
	if own > 0 {
		bare = strings.Map(func(r rune) rune {
			if isOwn(r) {
				return -1
			}
			return r
		}, bare)
	}
	return s.Log10(bare) - costMark*float32(marks) - costOwn*float32(own)
}

// isOwn reports whether a letter without marks is one that Vietnamese and English lack.
func isOwn(r rune) bool {
	return r >= utf8.RuneSelf && r != 'đ' && r != 'Đ' && unicode.Is(unicode.Latin, r)
}

// Bare returns a word without the marks of any language.
func Bare(w string) string {
	bare, _, _ := bared(w)
	return bare
}

// bared returns a word without its marks, how many letters had some, and how many are
// those of other languages.
func bared(w string) (bare string, marks, own int) {
	bare = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			marks++
			return -1
		}
		if r < utf8.RuneSelf {
			return r
		}
		if d := norm.NFD.String(string(r)); len(d) > 0 && d[0] < utf8.RuneSelf {
			marks++
			return rune(d[0])
		}
		if isOwn(r) {
			own++
		}
		return r
	}, w)
	return bare, marks, own
}

// meaningless reports whether a text that is no Vietnamese is no other language
// either: letters shifted in the alphabet, bytes in the wrong order.
func (j *Judge) meaningless(text []byte) bool {
	return swapped(text) || j.spell != nil && j.shifted(text)
}

// leastSpelled is log10 of the probability of a letter of another language, on the
// mean of a text: -1.3 in the median of 412 translations of the Universal
// Declaration of Human Rights, -1.77 in the lowest; Vietnamese whose letters
// were shifted by one has -1.86.
const leastSpelled = -1.8

// shifted reports whether words are spelled as those of no language are.
func (j *Judge) shifted(text []byte) bool {
	spell := j.spell()
	sum, n := float32(0), 0
	for _, w := range strings.FieldsFunc(string(text), func(r rune) bool { return !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Mn, r) }) {
		if k := utf8.RuneCountInString(w); k >= 3 {
			sum += spell.Foreign(strings.ToLower(w))
			n += k + 1 // its end, too
		}
	}
	return n >= leastLetters && sum < leastSpelled*float32(n)
}

// leastLetters is how many letters it takes to tell letters that mean nothing.
const leastLetters = 100

// swapped reports whether letters are those of UTF-16 read with its bytes swapped: "瑵" for "ut".
func swapped(text []byte) bool {
	letters, bad := 0, 0
	for _, r := range string(text) {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if low := r & 0xFF; r >= 0x2000 && r < 0x7B00 && low <= 0x1E && (low <= 1 || low == 0x1E) && unicode.IsLetter(r>>8) {
			bad++
		}
	}
	return letters >= 8 && bad*2 > letters
}
