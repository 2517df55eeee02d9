package channel

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Letters that the training hardly saw share what it learned of their class:
// an Ẵ is read like other capitals with a quality mark and a tone. What the
// class shares is the relation of the reading to the letter.

// kind is what the model needs to know of a character to relate it to another.
type kind struct {
	class       uint8
	letter      rune // without its tone, lower case
	base        rune // without any mark, lower case
	tone        viet.Tone
	upper       bool
	letterlike  bool
	punctuation bool
	unread      bool // a sign for what was not read: U+FFFD, "?"
}

// The classes: what marks the letter has, twice, for lower and upper case.
const (
	classPlain   = iota // consonant
	classVowel          // vowel without a mark
	classQuality        // ă â ê ô ơ ư
	classTone           // à
	classBoth           // ầ
	classD              // đ
	classOther          // digits, signs; no case
	classes
)

func kindOf(r rune) kind {
	lower := unicode.ToLower(r)
	letter, tone := viet.Split(lower)
	k := kind{
		letter: letter, base: viet.StripRune(lower), tone: tone, upper: unicode.IsUpper(r),
		letterlike: unicode.IsLetter(r), punctuation: unicode.IsPunct(r) || unicode.IsSymbol(r), unread: r == unicode.ReplacementChar || r == '?',
	}
	quality := letter != k.base
	switch {
	case letter == 'đ':
		k.class = classD
	case !k.letterlike:
		k.class = classOther
	case quality && tone != viet.Ngang:
		k.class = classBoth
	case quality:
		k.class = classQuality
	case tone != viet.Ngang:
		k.class = classTone
	case viet.IsVowel(r):
		k.class = classVowel
	}
	return k
}

// The relations of a reading to the letter it stands for.
const (
	relSame      = iota // read right
	relBase             // all marks lost
	relQuality          // tone lost, quality kept
	relOtherTone        // quality kept, another tone
	relTone             // quality lost, tone kept
	relBaseTone         // quality lost, another tone
	relBaseOther        // same base letter, other marks
	relCase             // the other case of the letter or its base
	relLetter           // another letter
	relMarked           // another letter, with a mark
	relOther            // a digit or a sign
	relGone             // nothing
	relTwo              // two characters, the base letter first or last
	relTwoOther         // two characters
	relThree            // three characters
	relUnread           // a sign for what was not read, or one that the training never saw
	relations
)

// members is how many readings share a relation, in round figures.
var members = [relations]float32{1, 1, 1, 4, 1, 4, 10, 2, 25, 60, 40, 1, 100, 5000, 500000, 1}

// prior is what a relation gets before any training, as pseudo-counts.
var prior = [relations]float32{4, 2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.2, 0.6, 0.2, 0.4, 0.1, 0.3, 0.2, 0.05, 0.05}

// leastOf is the share of a relation at the least, in readers that the training did not
// see: any letter may be unread, or become a sign of another reader, and a vowel with
// marks several, since its marks are read by themselves.
func leastOf(class, rel int) float32 {
	marked := class%classes >= classQuality && class%classes <= classBoth
	switch {
	case rel == relUnread:
		return 0.05
	case marked && rel == relTwoOther:
		return 0.03
	case marked && rel == relThree:
		return 0.01
	}
	return 0
}

// noise is the share of any class that is spread over the relations evenly by
// their prior, whatever the training saw: harsh pages do what clean ones don't.
const noise = 0.05

func (a *alphabet) relation(c code, read []code) int {
	switch len(read) {
	case 0:
		return relGone
	case 2:
		k := a.kinds[c]
		if a.kinds[read[0]].base == k.base || a.kinds[read[1]].base == k.base {
			return relTwo
		}
		return relTwoOther
	case 3:
		return relThree
	}
	if read[0] == c {
		return relSame
	}
	if read[0] == unknown || a.kinds[read[0]].unread {
		return relUnread
	}
	k, r := a.kinds[c], a.kinds[read[0]]
	switch {
	case !r.letterlike:
		return relOther
	case r.base != k.base:
		if r.letter != r.base || r.tone != viet.Ngang {
			return relMarked
		}
		return relLetter
	case r.upper != k.upper:
		return relCase
	case r.letter == r.base && r.tone == viet.Ngang:
		return relBase
	case r.letter == k.letter && r.tone == viet.Ngang:
		return relQuality
	case r.letter == k.letter:
		return relOtherTone
	case r.letter == r.base && r.tone == k.tone:
		return relTone
	case r.letter == r.base:
		return relBaseTone
	}
	return relBaseOther
}

// cased is the class of a letter, told apart by its case.
func (k kind) cased() int {
	if k.upper {
		return int(k.class) + classes
	}
	return int(k.class)
}

// relMask covers the relation in a key of classKey.
const relMask = key(maxCodes-1) << 36

func classKey(class, rel int) key { return makeKey(kindClass, code(class)+1, code(rel)+1, none) }

// setClasses fills in Model.classes: the chance of each reading of a letter, by
// its class and the relation of the two.
func (m *Model) setClasses() {
	for class := range m.classes {
		for rel := range relations {
			p, ok := m.edits.get(classKey(class, rel))
			if !ok {
				p = prior[rel] / priorSum
			}
			m.classes[class][rel] = max(p, leastOf(class, rel)) / members[rel]
		}
	}
}

// byClass returns the chance of a reading by the class of its letter.
func (m *Model) byClass(c code, read []code) float32 {
	p := m.classes[m.alphabet.kinds[c].cased()][m.alphabet.relation(c, read)]
	if len(read) > 1 {
		for _, r := range read {
			p *= m.alphabet.part[r]
		}
	}
	return p
}

// partOf tells how much likelier a character is among several that a letter is read as
// than one among members: strokes, brackets and small marks are what its parts look like.
func partOf(r rune) float32 {
	if strings.ContainsRune("lI1ij|!/\\()[]{}<>;:,.'`^~-*\"", r) {
		return 1.6
	}
	return 0.6
}

var priorSum = func() (sum float32) {
	for _, p := range prior {
		sum += p
	}
	return sum
}()
