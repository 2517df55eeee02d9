package legacy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// VIQR (RFC 1456) writes marks as ASCII characters after their letter: first
// ( ^ + for the quality, then ' ` ? ~ . for the tone; dd is đ. A backslash takes
// the meaning of the next character away. Writers seldom put it before the full
// stop or question mark that ends a sentence ("to^i."), so the decoder reads a
// final . or ? as punctuation where the word is a syllable without it and is none
// with it.

var (
	viqrQuality = map[string]rune{"a(": 'ă', "a^": 'â', "e^": 'ê', "o^": 'ô', "o+": 'ơ', "u+": 'ư',
		"A(": 'Ă', "A^": 'Â', "E^": 'Ê', "O^": 'Ô', "O+": 'Ơ', "U+": 'Ư'}
	viqrTone = map[byte]viet.Tone{'\'': viet.Sac, '`': viet.Huyen, '?': viet.Hoi, '~': viet.Nga, '.': viet.Nang}
	viqrEnc  = func() map[rune]string {
		enc := map[rune]string{'đ': "dd", 'Đ': "DD"}
		plain := map[rune]string{}
		for s, r := range viqrQuality {
			plain[r] = s
		}
		for _, r := range "aeiouyAEIOUY" {
			plain[r] = string(r)
		}
		for r, s := range plain {
			enc[r] = s
			for c, t := range viqrTone {
				enc[viet.WithTone(r, t)] = s + string(rune(c))
			}
		}
		return enc
	}()
)

type viqrDecoder struct {
	strict bool
	word   []rune // decoded so far, without what comes next
}

func newVIQRDecoder() transform.Transformer { return &viqrDecoder{} }

func (d *viqrDecoder) Reset() { d.word = d.word[:0] }

// maxVIQR is the longest piece of input that decides about one letter: letter,
// quality, tone, and what follows.
const maxVIQR = 4

func (d *viqrDecoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		if !atEOF && len(rest) < maxVIQR {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, n, letter := d.letter(rest)
		if nDst+utf8.UTFMax > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
		if !letter {
			d.word = d.word[:0]
		} else if len(d.word) < maxWord {
			d.word = append(d.word, r)
		}
	}
	return nDst, nSrc, nil
}

// letter decodes one character; n bytes make it up.
func (d *viqrDecoder) letter(s []byte) (r rune, n int, isLetter bool) {
	c := s[0]
	if c == '\\' && len(s) > 1 && s[1] < utf8.RuneSelf {
		return rune(s[1]), 2, unicode.IsLetter(rune(s[1]))
	}
	if c >= utf8.RuneSelf {
		r, n = utf8.DecodeRune(s)
		return r, n, unicode.IsLetter(r)
	}
	r, n = rune(c), 1
	if len(s) > 1 && (c == 'd' && s[1] == 'd' || c == 'D' && (s[1] == 'd' || s[1] == 'D')) {
		return 'đ' - rune('d'-c)/32, 2, true // đ and Đ are neighbours, d and D are 32 apart
	}
	if !viet.IsVowel(r) {
		return r, n, unicode.IsLetter(r)
	}
	if len(s) > 1 {
		if q, ok := viqrQuality[string(s[:2])]; ok {
			r, n = q, 2
		}
	}
	if len(s) > n {
		if t, ok := viqrTone[s[n]]; ok && !d.endsSentence(r, t, s[n:]) {
			return viet.WithTone(r, t), n + 1, true
		}
	}
	return r, n, true
}

// endsSentence reports whether the tone character at the start of s, after the
// vowel r, is punctuation.
func (d *viqrDecoder) endsSentence(r rune, t viet.Tone, s []byte) bool {
	if d.strict || t != viet.Hoi && t != viet.Nang {
		return false
	}
	if len(s) > 1 {
		switch {
		case s[1] == s[0]: // a row of dots
			return true
		case unicode.IsLetter(rune(s[1])), s[1] == '\\':
			return false
		}
	}
	word := string(d.word)
	return viet.IsSyllable(word+string(r)) && !viet.TonePlaced(word+string(viet.WithTone(r, t)))
}

func newVIQREncoder() transform.Transformer {
	return &encoder{name: NameVIQR, letter: encodeVIQR}
}

// encodeVIQR escapes a character that would be read as a mark of the letter
// before it. The letter may have a quality already, but then only a tone can
// follow; escaping a second quality does no harm.
func encodeVIQR(before byte, r, next rune) (string, bool) {
	if s, ok := viqrEnc[r]; ok {
		return s, true
	}
	switch {
	case r >= utf8.RuneSelf:
		return "", false
	case r == '\\',
		r == rune(before) && (r == '.' || r == '?'), // see endsSentence
		strings.ContainsRune("(^+'`?~.", r) && (viet.IsVowel(rune(before)) || strings.IndexByte("(^+", before) >= 0),
		(r == 'd' || r == 'D') && strings.ContainsRune("dDđĐ", next):
		return `\` + string(r), true
	}
	return string(r), true
}
