package lettertest

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// A Garble damages correct text in a way that archives hold, the same way every
// time. Lines stay lines.
type Garble struct {
	Name string
	Make func(text string) string
}

// Garbles are the kinds of damage that no engine at hand makes.
var Garbles = []Garble{
	{"strip", viet.Strip},   // typed without marks
	{"tones", withoutTones}, // typed without tones
	{"half", half},          // half the words have lost their marks
	{"apart", func(s string) string { return signs(s, apart) }},
	{"west", func(s string) string { return signs(s, west) }},
	{"tilde", func(s string) string { return signs(s, tilde) }},
}

const tones = "\u0300\u0301\u0303\u0309\u0323"

func withoutTones(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if strings.ContainsRune(tones, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// seeded returns a source of chance that depends on the text alone.
func seeded(text string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(text))
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func half(text string) string {
	rng := seeded(text)
	words := strings.SplitAfter(text, " ")
	for i, w := range words {
		if rng.IntN(2) == 0 {
			words[i] = viet.Strip(w)
		}
	}
	return strings.Join(words, "")
}

// signs writes each letter that a table has as one of its signs, and now and
// then as it is.
func signs(text string, table func(r rune) []string) string {
	rng := seeded(text)
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		if alt := table(r); alt != nil && rng.IntN(6) > 0 {
			b.WriteString(alt[rng.IntN(len(alt))])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// apart sets tones and horns beside their letters, as old engines do.
func apart(r rune) []string {
	base, marks := parts(r)
	if len(marks) == 0 {
		return nil
	}
	s := string(base)
	for _, m := range marks {
		switch m {
		case 0x302, 0x306:
			s = norm.NFC.String(s + string(m))
		case 0x31b:
			s += "'"
		case 0x300:
			s += "`"
		case 0x301:
			s += "'"
		case 0x309:
			s += "?"
		case 0x303:
			s += "~"
		case 0x323:
			s += "."
		}
	}
	return []string{s}
}

// west takes each letter for one that Western Europe has.
func west(r rune) []string {
	switch r {
	case 'đ':
		return []string{"d", "ð"}
	case 'Đ':
		return []string{"D", "Ð"}
	}
	base, marks := parts(r)
	var out []string
	for _, m := range marks {
		m := map[rune]rune{0x302: 0x302, 0x306: 0x303, 0x300: 0x300, 0x301: 0x301, 0x309: 0x301, 0x303: 0x303, 0x31b: 0x308}[m]
		if s := norm.NFC.String(string([]rune{base, m})); m != 0 && len([]rune(s)) == 1 && []rune(s)[0] < 0x100 {
			out = append(out, s)
		}
	}
	if len(marks) > 0 && out == nil {
		out = []string{string(base)}
	}
	return out
}

// tilde gives up on letters with two marks and on some with one.
func tilde(r rune) []string {
	base, marks := parts(r)
	switch len(marks) {
	case 0:
		return nil
	case 1:
		return []string{string(base), string(base), "~"}
	}
	return []string{"~", "~", string(base)}
}

// parts divides a letter into its base and marks, the circumflex or horn first.
func parts(r rune) (base rune, marks []rune) {
	all := []rune(norm.NFD.String(string(r)))
	base, marks = all[0], all[1:]
	if len(marks) == 2 && strings.ContainsRune(tones, marks[0]) {
		marks[0], marks[1] = marks[1], marks[0]
	}
	return base, marks
}
