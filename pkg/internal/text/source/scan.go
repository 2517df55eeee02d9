package source

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Invalid returns where b stops being UTF-8, or -1.
func Invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// lineWords is how many words of an overlong line are taken for a line.
const lineWords = 100

// line is a line of a text, or as much of an overlong one as is looked at together.
type line struct {
	start, end int
	Count
}

// scanner goes over a text once.
type scanner struct {
	words *words
	data  []byte
	visit Visitor
	lines []line

	cur  line
	last int16 // listed number of the word before, if only a space is between
}

func (s *scanner) scan() {
	s.last = -1
	for i := 0; i < len(s.data); {
		n, isWord := runLen(s.data[i:])
		if isWord {
			s.word(i, i+n)
		} else {
			s.between(i, i+n)
		}
		i += n
	}
	s.cut(len(s.data))
}

// cut ends a line.
func (s *scanner) cut(at int) {
	if at > s.cur.start {
		s.cur.end = at
		s.lines = append(s.lines, s.cur)
	}
	s.cur = line{start: at}
}

// runLen returns the length of the run at the start of s: a word, or what
// stands between words.
func runLen(s []byte) (n int, isWord bool) {
	for n < len(s) {
		k, w := 1, false
		if b := s[n]; b < utf8.RuneSelf {
			w = isWordByte(b)
		} else {
			var r rune
			r, k = utf8.DecodeRune(s[n:])
			w = isWordRune(r, n > 0 && isWord)
		}
		if n == 0 {
			isWord = w
		} else if w != isWord {
			return n, isWord
		}
		n += k
	}
	return n, isWord
}

func isWordByte(b byte) bool { return b < utf8.RuneSelf && wordByte[b] }

var wordByte = func() (t [utf8.RuneSelf]bool) {
	for b := range t {
		t[b] = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	return t
}()

// isWordRune reports whether r belongs to a word; a combining mark and some
// invisible characters do when they stand in one.
func isWordRune(r rune, inside bool) bool {
	switch {
	case r >= 0xC0 && r < 0x300 || r >= 0x1E00 && r < 0x1F00:
		return r != '×' && r != '÷'
	case r >= 0x300 && r < 0x370:
		return inside
	case r >= 0x2000 && r < 0x2C00, r < 0xC0:
		return r == 'ª' || r == 'º' && inside
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || inside && unicode.Is(unicode.Mn, r)
}

func (s *scanner) word(start, end int) {
	w := s.words.get(s.data[start:end])
	if w.Class == Glued {
		for part := range strings.FieldsSeq(w.Propose) {
			s.take(s.words.get([]byte(part)))
			s.cur.Glued++
		}
	} else {
		s.take(w)
	}
	if s.visit != nil {
		s.visit.Word(start, end, w)
	}
}

// take counts a word in its line.
func (s *scanner) take(w *Word) {
	s.cur.take(w, s.last)
	s.last = w.ID
	if w.Class == Number || w.Class == Single || w.Class == Mixed {
		s.last = -1
	}
}

// take counts a word after the listed word before.
func (l *line) take(w *Word, before int16) {
	l.Tokens++
	if w.Piece {
		l.Pieces++
	}
	if w.Onset {
		l.Onsets++
	}
	if w.Class == Number || w.Class == Single {
		return
	}
	l.Words++
	for i := range l.log {
		l.log[i] += emission[i][w.kind]
	}
	if w.Class == Mixed {
		l.Mixed++
		return
	}
	if w.ID >= 0 {
		l.Listed++
		if frequentPair(before, w.ID) {
			l.Pairs++
		}
	}
	switch w.Class {
	case Syllable, Misplaced:
		l.Marked++
		if w.Strong {
			l.Strong++
		}
		if w.Toned {
			l.Toned++
		}
	case Unmarked:
		l.Bareness += int(lists().bare[w.ID])
		return
	}
	if w.Odd || w.Look != "" {
		l.Odd++
	}
	if w.Look != "" {
		l.Alike++
	}
}

// between looks at what stands between words.
func (s *scanner) between(start, end int) {
	if s.visit != nil {
		s.visit.Between(start, end)
	}
	d := s.data[start:end]
	if len(d) == 1 && d[0] == ' ' {
		return
	}
	s.last = -1
	for i := 0; i < len(d); {
		r, n := rune(d[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(d[i:])
		}
		s.sign(start+i, r, i == 0 && start > 0)
		i += n
		if r == '\n' || r == '\f' || s.cur.Tokens >= lineWords && unicode.IsSpace(r) {
			s.cut(start + i)
		}
	}
}

// sign looks at a character that belongs to no word.
func (s *scanner) sign(at int, r rune, afterWord bool) {
	next := at + max(utf8.RuneLen(r), 1)
	beforeWord := next < len(s.data) && isWordByte(s.data[next])
	switch {
	case r == '\'', r == '`', r == '~', r == '^', r == '(', r == '+', r == '.', r == '?':
		if afterWord && beforeWord {
			s.cur.ASCII++
		}
		if r == '?' && s.questioned(at) {
			s.lost(at, next)
		}
	case r == utf8.RuneError, unicode.Is(unicode.Co, r):
		s.lost(at, next)
	case r >= 0x80 && r < 0xA0:
		s.cur.Signs++
	case isSign(r):
		if afterWord {
			s.cur.Signs++
		}
	}
}

// lost counts a sign that stands for a letter.
func (s *scanner) lost(start, end int) {
	s.cur.Lost++
	if s.visit != nil {
		s.visit.Lost(start, min(end, len(s.data)))
	}
}

// questioned reports whether a question mark stands for a letter: it does right
// before one, unless it ends a word of its own or belongs to an address.
func (s *scanner) questioned(at int) bool {
	next, _ := utf8.DecodeRune(s.data[at+1:])
	if next == '?' {
		next, _ = utf8.DecodeRune(bytes.TrimLeft(s.data[at:min(len(s.data), at+8)], "?"))
	}
	before, _ := utf8.DecodeLastRune(s.data[:at])
	switch {
	case unicode.IsLetter(next) && unicode.IsLetter(before):
		return !unicode.IsUpper(next) && !s.inAddress(at)
	case unicode.IsLetter(next):
		return !s.inAddress(at)
	case unicode.IsLetter(before): // "S?: 12", "c? s?": a word that is no word
		return !s.isWordBefore(at)
	}
	return false
}

// isWordBefore reports whether what ends at an offset is a word that needs no more letters.
func (s *scanner) isWordBefore(at int) bool {
	start := at
	for start > 0 && at-start < longestWord {
		r, n := utf8.DecodeLastRune(s.data[:start])
		if !unicode.IsLetter(r) {
			break
		}
		start -= n
	}
	read := string(s.data[start:at])
	w := s.words.get(s.data[start:at])
	return w.Class != Other && w.Class != Single || len(read) > 4 || viet.CaseOf(read) == viet.Upper || strings.ContainsFunc(read, viet.IsVowel)
}

// inAddress reports whether a question mark begins the query of an address.
func (s *scanner) inAddress(at int) bool {
	for i := at - 1; i >= 0 && at-i < 200 && s.data[i] > ' '; i-- {
		if c := s.data[i]; c == '/' || c == '=' || c == '&' {
			return true
		}
	}
	for i := at + 1; i < len(s.data) && i-at < 40 && s.data[i] > ' '; i++ {
		if s.data[i] == '=' {
			return true
		}
	}
	return false
}

// isSign reports the signs of Windows-1252 that a wrong code page makes of letters.
func isSign(r rune) bool {
	switch r {
	case '×', '÷', '‡', '†', 'ˆ', '˜', '‰', 'ƒ', '™', '€', '‚', '„':
		return true
	}
	return r >= 0xA1 && r < 0xC0
}

// isPiece reports whether a word is no word but a piece of a Vietnamese syllable that
// was spaced out: a letter, or an onset without a vowel. W and f are no such letters.
func isPiece(s string) (piece, onset bool) {
	r, n := utf8.DecodeRuneInString(s)
	if n < len(s) {
		onset = knownOnset(s)
		return onset, onset
	}
	onset = knownOnset(strings.ToLower(s))
	return onset || viet.IsVowel(r), onset
}
