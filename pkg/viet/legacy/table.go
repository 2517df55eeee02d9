package legacy

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// A table is an encoding in which a letter is one byte, or a byte and a mark
// that follows it.
type table struct {
	name string
	one  [256]rune        // utf8.RuneError where a byte means nothing
	pair map[[2]byte]rune // a letter and the mark after it
	mark [256]bool        // bytes that occur second in pair
	base [256]bool        // bytes that occur first
	enc  map[rune]string
}

// newTable starts from what a byte means outside of Vietnamese letters.
func newTable(name string, rest *charmap.Charmap) *table {
	t := &table{name: name, pair: map[[2]byte]rune{}, enc: map[rune]string{}}
	for b := range t.one {
		t.one[b] = rune(b)
		if b >= 0x80 {
			t.one[b] = rest.DecodeByte(byte(b))
		}
	}
	return t
}

func (t *table) setOne(b byte, r rune) { t.one[b] = r }

func (t *table) setPair(b, m byte, r rune) {
	t.pair[[2]byte{b, m}] = r
	t.base[b], t.mark[m] = true, true
}

// finish fills the way back. Where a letter has two forms the single byte wins,
// unless that byte is also a mark.
func (t *table) finish() *table {
	for b := 255; b >= 0; b-- {
		if r := t.one[b]; r != utf8.RuneError {
			t.enc[r] = string([]byte{byte(b)})
		}
	}
	for p, r := range t.pair {
		old, ok := t.enc[r]
		if !ok || len(old) == 1 && t.mark[old[0]] || len(old) == 2 && better(string(p[:]), old) {
			t.enc[r] = string(p[:])
		}
	}
	return t
}

// better picks one of two pairs for a letter: that whose bytes agree in case,
// which is how VNI was typed, and of those any, but always the same.
func better(a, b string) bool {
	same := func(s string) bool { return (s[0]^s[1])&0x20 == 0 }
	if sa, sb := same(a), same(b); sa != sb && a[0] == b[0] {
		return sa
	}
	return a < b
}

func (t *table) newDecoder() transform.Transformer { return &tableDecoder{t: t} }

func (t *table) newEncoder() transform.Transformer {
	return &encoder{name: t.name, letter: func(before byte, r, _ rune) (string, bool) {
		s, ok := t.enc[r]
		if ok && len(s) == 1 && t.mark[s[0]] {
			_, joins := t.pair[[2]byte{before, s[0]}]
			ok = !joins // it would be read as a mark on the letter before
		}
		return s, ok
	}}
}

// tableDecoder turns bytes into letters. When wrapped, the bytes come as UTF-8,
// each as the Windows-1252 character it was mistaken for, and what is no such
// character passes.
type tableDecoder struct {
	transform.NopResetter
	t       *table
	wrapped bool
}

// next returns the unit at the start of src: a byte of the encoding, or a rune
// that passes as it is. n is 0 when src is cut off within it.
func (d *tableDecoder) next(src []byte, atEOF bool) (b byte, pass rune, n int) {
	if !d.wrapped || src[0] < utf8.RuneSelf {
		return src[0], 0, 1
	}
	if !atEOF && !utf8.FullRune(src) {
		return 0, 0, 0
	}
	r, n := utf8.DecodeRune(src)
	if b, ok := windows1252(r); ok {
		return b, 0, n
	}
	return 0, r, n
}

func (d *tableDecoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		b, r, n := d.next(src[nSrc:], atEOF)
		if n == 0 {
			return nDst, nSrc, transform.ErrShortSrc
		}
		if r == 0 {
			r = d.t.one[b]
			if d.t.base[b] {
				rest := src[nSrc+n:]
				if len(rest) == 0 && !atEOF {
					return nDst, nSrc, transform.ErrShortSrc
				}
				if len(rest) > 0 {
					m, _, k := d.next(rest, atEOF)
					if k == 0 {
						return nDst, nSrc, transform.ErrShortSrc
					}
					if p, ok := d.t.pair[[2]byte{b, m}]; ok && d.t.mark[m] {
						r, n = p, n+k
					}
				}
			}
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
	}
	return nDst, nSrc, nil
}

// windows1252 returns the byte that r stands for when 8-bit text was taken for
// Windows-1252. The five bytes which that code page leaves empty come as C1
// controls, as browsers read them.
func windows1252(r rune) (byte, bool) {
	if r < utf8.RuneSelf || r >= 0xA0 && r <= 0xFF {
		return byte(r), true
	}
	if r <= 0x9F {
		switch r {
		case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
			return byte(r), true
		}
		return byte(r), true // Latin-1, as iconv reads it
	}
	return charmap.Windows1252.EncodeRune(r)
}
