package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// onsets are the initial consonants, longest first where one begins another.
// "gi" and "qu" are handled by cut.
var onsets = []string{
	"ngh", "ng", "nh", "n", "ch", "c", "gh", "gi", "g", "kh", "k", "ph", "p", "qu",
	"th", "tr", "t", "b", "d", "đ", "h", "l", "m", "r", "s", "v", "x",
}

// rimes are the finals without their tone, all that occur in native and in
// well-established words.
var rimes = map[string]bool{}

func init() {
	for _, r := range strings.Fields(`
		a ac ach ai am an ang anh ao ap at au ay
		ăc ăm ăn ăng ăp ăt
		âc âm ân âng âp ât âu ây
		e ec em en eng eo ep et
		ê êch êm ên êng ênh êp êt êu
		i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
		o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay
		oăc oăm oăn oăng oăt oe oen oeo oet
		ô ôc ôi ôm ôn ông ôp ôt ôông
		ơ ơi ơm ơn ơp ơt ơng
		u ua uc ui um un ung up ut uâ uân uâng uât uây uê uêch uênh uêt uêu uên
		uô uôc uôi uôm uôn uông uôt uơ uơn uy uya uych uyên uyêt uyn uynh uyp uyt uyu
		ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
		y yêm yên yêng yêt yêu ynh yt`) {
		rimes[r] = true
	}
}

// Parts are the onset, the rime without its tone, and the tone of a syllable.
type Parts struct {
	Onset, Rime string
	Tone        Tone
}

// Parse takes a syllable in lower-case NFC apart, with either tone placement.
// It reports false for what Vietnamese spelling does not allow.
func Parse(s string) (Parts, bool) {
	var p Parts
	b := make([]byte, 0, 16) // more than a syllable takes
	marks := 0
	for _, r := range s {
		letter, tone := Split(r)
		if tone != Ngang {
			p.Tone = tone
			marks++
		}
		b = utf8.AppendRune(b, letter)
	}
	if marks > 1 || s == "" {
		return Parts{}, false
	}
	if marks > 0 {
		s = string(b)
	}
	p.Onset, p.Rime = cut(s)
	if !rimes[p.Rime] || !fits(p.Onset, p.Rime) {
		return Parts{}, false
	}
	switch p.Rime[len(p.Rime)-1] {
	case 'c', 'p', 't':
		return p, p.Tone == Sac || p.Tone == Nang
	case 'h':
		return p, !strings.HasSuffix(p.Rime, "ch") || p.Tone == Sac || p.Tone == Nang
	}
	return p, true
}

// cut divides a toneless syllable into onset and rime. In "gì" the i belongs to
// both, in "giếng" to the rime alone once the onset has lost it; q always takes
// its u.
func cut(s string) (onset, rime string) {
	for _, o := range onsets {
		if s == "" || o[0] != s[0] { // most of them
			continue
		}
		rest, ok := strings.CutPrefix(s, o)
		if !ok {
			continue
		}
		if o == "gi" {
			if rest == "" {
				return "g", "i"
			}
			if strings.HasPrefix(rest, "ê") { // giếng, giết
				return "gi", "i" + rest
			}
			if !rimes[rest] { // gìn
				return "g", "i" + rest
			}
		}
		return o, rest
	}
	return "", s
}

// fits applies the spelling rules that tie the onset to the first vowel.
func fits(onset, rime string) bool {
	first, _ := utf8.DecodeRuneInString(rime)
	front := first == 'e' || first == 'ê' || first == 'i'
	switch onset {
	case "ngh", "gh":
		return front
	case "k":
		return front || first == 'y' || first == 'a' // Đắk Lắk has "k" elsewhere
	case "c", "ng":
		return !front && first != 'y'
	case "g":
		return first == 'i' || !front && first != 'y'
	case "qu":
		return first != 'u' && first != 'ư' && first != 'o' && (first != 'ô' || rime == "ôc") // quốc
	}
	return true
}

// IsSyllable reports whether s, in any case, is a syllable that Vietnamese
// spelling allows.
func IsSyllable(s string) bool {
	if len(s) > 14 { // "nghiêng" in NFC with its tone is 10 bytes
		return false
	}
	_, ok := Parse(strings.Map(unicode.ToLower, s))
	return ok
}
