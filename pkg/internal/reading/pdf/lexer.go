package pdf

import (
	"errors"
	"io"
	"strings"
)

var errSyntax = errors.New("bad PDF syntax")

// maxDepth bounds how deep arrays and dictionaries nest.
const maxDepth = 64

// lexer reads objects from a buffer. Running out of it gives io.ErrUnexpectedEOF,
// by which the Reader knows to read more of the file.
type lexer struct {
	buf []byte
	pos int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }

// skip moves past white space and comments.
func (l *lexer) skip() {
	for l.pos < len(l.buf) {
		switch c := l.buf[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.buf) && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// object reads the next object or keyword. References are left to the caller
// unless refs is set: content streams have none.
func (l *lexer) object(refs bool, depth int) (Object, error) {
	l.skip()
	if l.pos >= len(l.buf) {
		return nil, io.ErrUnexpectedEOF
	}
	if depth > maxDepth {
		return nil, errSyntax
	}
	switch c := l.buf[l.pos]; c {
	case '/':
		return l.name()
	case '(':
		return l.literal()
	case '[':
		l.pos++
		return l.array(refs, depth)
	case '<':
		if l.pos+1 >= len(l.buf) {
			return nil, io.ErrUnexpectedEOF
		}
		if l.buf[l.pos+1] == '<' {
			l.pos += 2
			return l.dict(refs, depth)
		}
		return l.hex()
	case ')', '>', ']', '{', '}':
		return nil, errSyntax
	}
	word := l.word()
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	if !isNumber(word) {
		return Keyword(word), nil
	}
	if refs {
		if r, ok := l.ref(word); ok {
			return r, nil
		}
		if l.pos >= len(l.buf) {
			return nil, io.ErrUnexpectedEOF // the number may go on
		}
	}
	return Number(word), nil
}

func (l *lexer) word() string {
	start := l.pos
	for l.pos < len(l.buf) && !isSpace(l.buf[l.pos]) && !isDelimiter(l.buf[l.pos]) {
		l.pos++
	}
	return string(l.buf[start:l.pos])
}

func isNumber(s string) bool {
	digits := false
	for i, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.', c == '-', c == '+' && i == 0:
		default:
			return false
		}
	}
	return digits
}

// ref reads "gen R" after a number, or nothing.
func (l *lexer) ref(num string) (Ref, bool) {
	back := l.pos
	n, ok := atoi(num)
	if ok {
		l.skip()
		var g int
		if g, ok = atoi(l.word()); ok {
			l.skip()
			if l.word() == "R" {
				return Ref{n, g}, true
			}
		}
	}
	l.pos = back
	return Ref{}, false
}

func atoi(s string) (int, bool) {
	if s == "" || len(s) > 10 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

func (l *lexer) array(refs bool, depth int) (Object, error) {
	a := Array{}
	for {
		l.skip()
		if l.pos >= len(l.buf) {
			return nil, io.ErrUnexpectedEOF
		}
		if l.buf[l.pos] == ']' {
			l.pos++
			return a, nil
		}
		o, err := l.object(refs, depth+1)
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
}

func (l *lexer) dict(refs bool, depth int) (Object, error) {
	d := Dict{}
	for {
		l.skip()
		if l.pos+1 >= len(l.buf) {
			return nil, io.ErrUnexpectedEOF
		}
		if l.buf[l.pos] == '>' && l.buf[l.pos+1] == '>' {
			l.pos += 2
			return d, nil
		}
		k, err := l.object(refs, depth+1)
		if err != nil {
			return nil, err
		}
		key, ok := k.(Name)
		if !ok {
			return nil, errSyntax
		}
		v, err := l.object(refs, depth+1)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(Keyword); ok {
			return nil, errSyntax
		}
		d[key] = v
	}
}

func (l *lexer) name() (Object, error) {
	l.pos++
	s := l.word()
	if !strings.Contains(s, "#") {
		return Name(s), nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return Name(b.String()), nil
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() (Object, error) {
	l.pos++
	var b []byte
	nibble, have := 0, false
	for ; l.pos < len(l.buf); l.pos++ {
		c := l.buf[l.pos]
		if c == '>' {
			l.pos++
			if have {
				b = append(b, byte(nibble<<4))
			}
			return String(b), nil
		}
		v := unhex(c)
		switch {
		case v < 0 && isSpace(c):
		case v < 0:
			return nil, errSyntax
		case have:
			b, have = append(b, byte(nibble<<4|v)), false
		default:
			nibble, have = v, true
		}
	}
	return nil, io.ErrUnexpectedEOF
}

func (l *lexer) literal() (Object, error) {
	l.pos++
	var b []byte
	open := 1
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String(b), nil
			}
		case '\\':
			b = l.escape(b)
			continue
		}
		b = append(b, c)
	}
	return nil, io.ErrUnexpectedEOF
}

// escape reads what follows a backslash in a string.
func (l *lexer) escape(b []byte) []byte {
	if l.pos >= len(l.buf) {
		return b
	}
	c := l.buf[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(b, '\n')
	case 'r':
		return append(b, '\r')
	case 't':
		return append(b, '\t')
	case 'b':
		return append(b, '\b')
	case 'f':
		return append(b, '\f')
	case '\n':
		return b
	case '\r':
		if l.pos < len(l.buf) && l.buf[l.pos] == '\n' {
			l.pos++
		}
		return b
	}
	if c < '0' || c > '7' {
		return append(b, c)
	}
	n := int(c - '0')
	for i := 0; i < 2 && l.pos < len(l.buf) && l.buf[l.pos] >= '0' && l.buf[l.pos] <= '7'; i++ {
		n = n<<3 | int(l.buf[l.pos]-'0')
		l.pos++
	}
	return append(b, byte(n))
}
