package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// onsets are the initial consonants by their first byte, longest first where one
// begins another. "gi" and "qu" are handled by cut.
var onsets = [256][]string{
	'n': {"ngh", "ng", "nh", "n"}, 'c': {"ch", "c"}, 'g': {"gh", "gi", "g"}, 'k': {"kh", "k"}, 'p': {"ph", "p"}, 'q': {"qu"},
	't': {"th", "tr", "t"}, 'b': {"b"}, 'd': {"d"}, 0xC4: {"đ"}, 'h': {"h"}, 'l': {"l"}, 'm': {"m"}, 'r': {"r"}, 's': {"s"}, 'v': {"v"}, 'x': {"x"},
}

// rimes are the finals without their tone, all that occur in native and in
// well-established words: a hash table of their bytes.
var rimes [512]uint64

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
		rimes[rimeSlot(bytesOf(r))] = bytesOf(r)
	}
}

// isRime reports whether s is one of rimes.
func isRime(s string) bool {
	b := bytesOf(s)
	return b != 0 && rimes[rimeSlot(b)] == b
}

// rimeSlot is where the rime of so many bytes is or would be.
func rimeSlot(b uint64) int {
	i := int(b * 0x9E3779B97F4A7C15 >> 55)
	for rimes[i] != 0 && rimes[i] != b {
		i = (i + 1) % len(rimes)
	}
	return i
}

// bytesOf makes a number of up to seven bytes, 0 of more: no rime has as many.
func bytesOf(s string) uint64 {
	if len(s) > 7 {
		return 0
	}
	b := uint64(1)
	for i := range len(s) {
		b = b<<8 | uint64(s[i])
	}
	return b
}

// Parts are the onset, the rime without its tone, and the tone of a syllable.
type Parts struct {
	Onset, Rime string
	Tone        Tone
}

// Parse takes a syllable in lower-case NFC apart, with either tone placement.
// It reports false for what Vietnamese spelling does not allow.
func Parse(s string) (Parts, bool) {
	var buf [maxSyllable]byte
	letters, tone, ok := toneless(buf[:0], s, false)
	if !ok {
		return Parts{}, false
	}
	if tone != Ngang {
		s = string(letters)
	}
	return parse(s, tone)
}

// maxSyllable is more bytes than a syllable takes: "nghiêng" in NFC with its tone has 10.
const maxSyllable = 14

// toneless appends the letters of s without their tone, in lower case if that is asked
// for. It reports false if there are none, or several tones.
func toneless(dst []byte, s string, lower bool) (letters []byte, tone Tone, ok bool) {
	for _, r := range s {
		letter, t := Split(r)
		if lower {
			letter = unicode.ToLower(letter)
		}
		if t != Ngang {
			if tone != Ngang {
				return nil, 0, false
			}
			tone = t
		}
		dst = utf8.AppendRune(dst, letter)
	}
	return dst, tone, s != ""
}

// parse takes letters without their tone apart, and tells whether they may have it.
func parse(s string, tone Tone) (Parts, bool) {
	p := Parts{Tone: tone}
	p.Onset, p.Rime = cut(s)
	if !isRime(p.Rime) || !fits(p.Onset, p.Rime) {
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
	for _, o := range onsets[s[0]] {
		rest, ok := strings.CutPrefix(s, o)
		if !ok {
			continue
		}
		if o == "gi" {
			if strings.HasPrefix(rest, "ê") { // giếng, giết
				return o, s[1:]
			}
			if !isRime(rest) { // gì, gìn
				return s[:1], s[1:]
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
	if len(s) > maxSyllable || s == "" {
		return false
	}
	if isASCII(s) {
		_, ok := parse(strings.ToLower(s), Ngang)
		return ok
	}
	var buf [maxSyllable]byte
	letters, tone, ok := toneless(buf[:0], s, true)
	if !ok {
		return false
	}
	_, ok = parse(string(letters), tone)
	return ok
}
