package viet

import (
	"strings"
	"unicode"
)

// TonePlaced reports whether the tone of a syllable, in any case and NFC, stands
// on a letter that spelling allows: the vowel with a quality mark, the second of
// two before a consonant, the middle one of three, else the first; for open oa,
// oe, uy either. It is true of a syllable without a tone.
func TonePlaced(s string) bool {
	s = strings.Map(unicode.ToLower, s)
	p, ok := Parse(s)
	if !ok {
		return false
	}
	if p.Tone == Ngang {
		return true
	}
	// The rime is the tail of s, letter by letter.
	letters, rime := []rune(s), []rune(p.Rime)
	at := -1
	for i, r := range letters[max(0, len(letters)-len(rime)):] {
		if _, t := Split(r); t != Ngang {
			at = i
		}
	}
	vowels, quality := 0, -1
	for i, r := range rime {
		if IsVowel(r) {
			vowels++
			if IsMarked(r) {
				quality = i
			}
		}
	}
	switch {
	case quality >= 0:
		return at == quality
	case vowels == 1, vowels == 2 && vowels == len(rime) && at == 0:
		return at == 0
	case vowels == 2 && vowels == len(rime):
		return at == 1 && (p.Rime == "oa" || p.Rime == "oe" || p.Rime == "uy")
	}
	return at == 1
}
