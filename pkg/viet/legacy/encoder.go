package legacy

import (
	"unicode/utf8"

	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// encoder writes text of any normal form letter by letter. It composes each
// letter itself: behind a norm.NFC in a transform.Chain it could not tell
// encoding.ReplaceUnsupported at which byte of the input it stopped.
type encoder struct {
	name string
	// letter returns what to write for r in NFC, given the byte written last
	// and the character that follows (or RuneError).
	letter func(before byte, r, next rune) (string, bool)
	before byte
	buf    []byte
}

func (e *encoder) Reset() { e.before = 0 }

func (e *encoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		n := norm.NFC.NextBoundary(rest, atEOF)
		if n <= 0 || !atEOF && !utf8.FullRune(rest[n:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		next, _ := utf8.DecodeRune(rest[n:])
		e.buf = norm.NFC.Append(e.buf[:0], rest[:n]...)
		written, before := nDst, e.before
		for s := e.buf; len(s) > 0; {
			r, size := utf8.DecodeRune(s)
			after := next
			if size < len(s) {
				after, _ = utf8.DecodeRune(s[size:])
			}
			out, ok := e.letter(before, r, after)
			if !ok || r == utf8.RuneError {
				return nDst, nSrc, &UnsupportedError{r, e.name}
			}
			if written+len(out) > len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			written += copy(dst[written:], out)
			if out != "" {
				before = out[len(out)-1]
			}
			s = s[size:]
		}
		nDst, nSrc, e.before = written, nSrc+n, before
	}
	return nDst, nSrc, nil
}
