package legacy

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// The ABC fonts have no capital letters with tones. A second font of each face,
// .VnTimeH beside .VnTime, shows every small letter as a capital, so a heading
// is stored as "CỘNG HòA" or "CộNG HòA": capitals for what the keyboard could
// give, small letters for the rest. The encoder writes it that way, and the
// decoder puts the capitals back. A capital with a tone at the head of a
// small-letter word ("Ấn Độ", its first letter set in the second font) is lost
// for good: which font it had is not in the text.

func newTCVN3Decoder() transform.Transformer {
	return transform.Chain(tcvn3().newDecoder(), &capitals{})
}

func newTCVN3Encoder() transform.Transformer { return tcvn3().newEncoder() }

// capitals rewrites words that were meant in capitals. A word is
//
//   - small if it has a small ASCII letter,
//   - capital if it has none, and two capitals or more,
//   - open otherwise: "ý", "Hồ". It follows its neighbours on the line, if those
//     that are not open themselves agree. Abbreviations are no such neighbours: "Sở
//     YT", "Số: 12/QĐ-UBND".
//
// It looks ahead over a fixed number of bytes, so what it does depends on the
// text alone, not on how it arrives.
type capitals struct {
	left wordCase // of the last word on this line that was not open
}

type wordCase uint8

const (
	caseOpen wordCase = iota
	caseSmall
	caseCapital
)

const (
	maxWord   = 96  // bytes; a longer word is taken in pieces
	lookAhead = 256 // bytes after a word, for its right neighbour
)

func (c *capitals) Reset() { c.left = caseOpen }

func (c *capitals) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		n, whole := wordLen(rest, atEOF)
		if !whole {
			return nDst, nSrc, transform.ErrShortSrc
		}
		if n == 0 { // between words
			_, n = utf8.DecodeRune(rest)
			if nDst+n > len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			if rest[0] == '\n' {
				c.left = caseOpen
			}
			nDst += copy(dst[nDst:], rest[:n])
			nSrc += n
			continue
		}
		is := classify(rest[:n])
		if is == caseOpen {
			right, whole := firstCase(rest[n:], atEOF)
			if !whole {
				return nDst, nSrc, transform.ErrShortSrc
			}
			is = agree(c.left, right)
		}
		if nDst+2*n > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		if is == caseCapital {
			for _, r := range string(rest[:n]) {
				nDst += utf8.EncodeRune(dst[nDst:], unicode.ToUpper(r))
			}
		} else {
			nDst += copy(dst[nDst:], rest[:n])
		}
		if own := classify(rest[:n]); own != caseOpen && tells(rest[:n], own) {
			c.left = own
		}
		nSrc += n
	}
	return nDst, nSrc, nil
}

// agree is the case of an open word between two neighbours.
func agree(left, right wordCase) wordCase {
	if left == right || right == caseOpen {
		return left
	}
	if left == caseOpen {
		return right
	}
	return caseSmall
}

// firstCase finds the case of the first word ahead on the line that is not open.
func firstCase(s []byte, atEOF bool) (is wordCase, whole bool) {
	if len(s) > lookAhead {
		s, atEOF = s[:lookAhead], true
	}
	for len(s) > 0 {
		if s[0] == '\n' {
			return caseOpen, true
		}
		n, whole := wordLen(s, atEOF)
		if !whole {
			return caseOpen, false
		}
		if n == 0 {
			_, n = utf8.DecodeRune(s)
		} else if is := classify(s[:n]); is != caseOpen && tells(s[:n], is) {
			return is, true
		}
		s = s[n:]
	}
	return caseOpen, atEOF
}

// wordLen returns how many bytes of letters s starts with; whole is false when
// the word may go on beyond s.
func wordLen(s []byte, atEOF bool) (n int, whole bool) {
	for n < len(s) && n < maxWord {
		if !atEOF && !utf8.FullRune(s[n:]) {
			return n, false
		}
		r, size := utf8.DecodeRune(s[n:])
		if !unicode.IsLetter(r) {
			return n, true
		}
		n += size
	}
	return n, atEOF || n >= maxWord || n < len(s)
}

func classify(word []byte) wordCase {
	capital := 0
	for _, r := range string(word) {
		switch {
		case 'a' <= r && r <= 'z':
			return caseSmall
		case unicode.IsUpper(r):
			capital++
		}
	}
	if capital >= 2 {
		return caseCapital
	}
	return caseOpen
}

// tells reports whether the case of a word says anything about those beside it: one
// in capitals does if it is no abbreviation.
func tells(word []byte, is wordCase) bool {
	return is != caseCapital || utf8.RuneCount(word) > 2 && viet.IsSyllable(string(word))
}
