package legacy

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// undouble repairs UTF-8 that was read as Windows-1252 and encoded again, one
// character at a time: what does not come from such an accident is kept, so a
// file of which only a part went through it comes out whole.
type undouble struct{ transform.NopResetter }

func newUndouble() transform.Transformer { return transform.Chain(undouble{}, norm.NFC) }

func (undouble) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, n, ok := undoubleRune(src[nSrc:], atEOF)
		if !ok {
			return nDst, nSrc, transform.ErrShortSrc
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
	}
	return nDst, nSrc, nil
}

// undoubleRune returns the rune that the start of src stands for and the length
// of what stands for it; ok is false when more of src must be seen.
func undoubleRune(src []byte, atEOF bool) (r rune, n int, ok bool) {
	if src[0] < utf8.RuneSelf {
		return rune(src[0]), 1, true
	}
	var seq [utf8.UTFMax]byte
	k, at := 0, 0
	for k < len(seq) {
		if at == len(src) || !utf8.FullRune(src[at:]) {
			if !atEOF {
				return 0, 0, false
			}
			break
		}
		c, size := utf8.DecodeRune(src[at:])
		b, known := windows1252(c)
		if !known || b < utf8.RuneSelf || c == utf8.RuneError {
			break
		}
		seq[k] = b
		k, at = k+1, at+size
		if utf8.FullRune(seq[:k]) {
			break
		}
	}
	if r, size := utf8.DecodeRune(seq[:k]); r != utf8.RuneError && size == k && k > 1 {
		return r, at, true
	}
	r, n = utf8.DecodeRune(src)
	return r, n, true
}

// redouble makes the accident happen.
type redouble struct{ transform.NopResetter }

func newRedouble() transform.Transformer { return transform.Chain(norm.NFC, redouble{}) }

func (redouble) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r := charmap.Windows1252.DecodeByte(src[nSrc])
		if r == utf8.RuneError {
			r = rune(src[nSrc]) // one of the five empty bytes
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc++
	}
	return nDst, nSrc, nil
}
