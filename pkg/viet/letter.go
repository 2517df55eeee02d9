// Package viet knows Vietnamese orthography: letters and their marks, the shape
// of a syllable, where its tone is written, and how case is carried over. It
// works on Unicode text in NFC and knows nothing of files, models or OCR.
//
// In this package a mark is any of the two kinds of dấu: the quality marks that
// make ă â ê ô ơ ư đ letters of their own, and the tone marks (thanh).
package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Tone is one of the six tones, thanh.
type Tone uint8

const (
	Ngang Tone = iota // level, no mark
	Huyen             // grave
	Sac               // acute
	Hoi               // hook above
	Nga               // tilde
	Nang              // dot below
)

// vowels has a row for each lower-case vowel letter, its tones in the order of
// the constants above.
var vowels = [12]string{
	"aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ",
	"eèéẻẽẹ", "êềếểễệ",
	"iìíỉĩị",
	"oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ",
	"uùúủũụ", "ưừứửữự",
	"yỳýỷỹỵ",
}

// plain maps each letter with a quality mark to the letter under it.
var plain = map[rune]rune{'ă': 'a', 'â': 'a', 'ê': 'e', 'ô': 'o', 'ơ': 'o', 'ư': 'u', 'đ': 'd'}

type letterInfo struct {
	letter rune // without its tone
	base   rune // without any mark
	tone   Tone
}

// The letters with marks are spread over four blocks below U+1F00; a flat table
// beats a map in the tokenizer and in stripping.
const tableSize = 0x1F00

var (
	table    [tableSize]letterInfo
	composed = map[letterInfo]rune{} // keyed with base 0
)

func init() {
	add := func(r, letter rune, tone Tone) {
		base := letter
		if b, ok := plain[unicode.ToLower(letter)]; ok {
			base = b
			if unicode.IsUpper(letter) {
				base = unicode.ToUpper(b)
			}
		}
		table[r] = letterInfo{letter, base, tone}
		composed[letterInfo{letter: letter, tone: tone}] = r
	}
	for _, row := range vowels {
		first, _ := utf8.DecodeRuneInString(row)
		t := Ngang
		for _, r := range row {
			add(r, first, t)
			add(unicode.ToUpper(r), unicode.ToUpper(first), t)
			t++
		}
	}
	add('đ', 'đ', Ngang)
	add('Đ', 'Đ', Ngang)
}

// Split separates a letter from its tone: Split('ộ') is 'ô', Nang. Any other
// rune is returned as it is, with Ngang.
func Split(r rune) (letter rune, tone Tone) {
	if isLetter(r) {
		return table[r].letter, table[r].tone
	}
	return r, Ngang
}

// WithTone puts a tone on a vowel letter: WithTone('ô', Nang) is 'ộ'. A rune
// that can't bear the tone is returned as it is.
func WithTone(letter rune, tone Tone) rune {
	if r, ok := composed[letterInfo{letter: letter, tone: tone}]; ok {
		return r
	}
	return letter
}

// StripRune takes all marks off a Vietnamese letter, keeping its case. Any other
// rune, letters of other languages among them, is returned as it is.
func StripRune(r rune) rune {
	if r < tableSize && table[r].base != 0 {
		return table[r].base
	}
	return r
}

// IsMarked reports whether r is a Vietnamese letter with a mark; đ counts.
func IsMarked(r rune) bool { return StripRune(r) != r }

// IsVowel reports whether r is a vowel letter, marked or not, y included.
func IsVowel(r rune) bool {
	switch unicode.ToLower(StripRune(r)) {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// Strip takes all marks off the Vietnamese letters of s, composed or not; đ
// becomes d. Everything else is kept.
func Strip(s string) string {
	if isASCII(s) {
		return s
	}
	var buf [32]byte
	bare := buf[:0]
	for _, r := range s {
		if r >= firstCombining && !isLetter(r) {
			return stripAny(s)
		}
		bare = utf8.AppendRune(bare, StripRune(r))
	}
	return string(bare)
}

// firstCombining is the first rune that does not stand for itself in any NFC text.
const firstCombining = 0x300

// isLetter reports whether r is a letter of Vietnamese.
func isLetter(r rune) bool { return r < tableSize && table[r].letter != 0 }

// stripAny is Strip of a text that may not be NFC.
func stripAny(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323:
			return -1 // a mark too many for its letter
		}
		return StripRune(r)
	}, norm.NFC.String(s))
}

// HasMarks reports whether s has a Vietnamese letter with a mark.
func HasMarks(s string) bool { return strings.ContainsFunc(s, IsMarked) }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
