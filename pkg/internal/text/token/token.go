// Package token divides a line of text into tokens and says what each is: a
// word, a number, a date, a document number, an address. The language model
// learns from these classes, and the restorer leaves the ones that no reader's
// language can improve alone.
package token

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Class is what a token is.
type Class uint8

const (
	Word    Class = iota // letters of any script, with their combining marks
	Mixed                // letters and digits: H5N1, and what OCR makes of "tổ": t6
	Number               // 2021, 1.453, 10,5, 0912802454
	Percent              // 12%, 10,5%
	Date                 // 17/5, 07/05/2021, 7-5-2021, 5/2021
	Code                 // 1453/BTTTT-HTQT, 30/2020/NĐ-CP, NĐ-CP, KT-XH
	Email
	URL
	Item  // list marker at the start of a line: a) 1. (ii) đ)
	Punct // one punctuation mark or symbol, or a run of the same
)

// Token is a piece of a line, line[Start:End]. Tokens do not overlap; between
// them is white space or nothing.
type Token struct {
	Start, End int
	Class      Class
}

// Append divides line, which holds no line break, and appends its tokens to
// dst. Invalid UTF-8 becomes Punct.
func Append(dst []Token, line string) []Token {
	first := true
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		end := i + strings.IndexFunc(line[i:], unicode.IsSpace)
		if end < i {
			end = len(line)
		}
		if n := MarkerLen(line[i:end]); first && n > 0 {
			dst = append(dst, Token{i, i + n, Item})
			i += n
		}
		dst = appendChunk(dst, line, i, end)
		first, i = false, end
	}
	return dst
}

// Tokenize divides line into tokens; see Append.
func Tokenize(line string) []Token { return Append(nil, line) }

// appendChunk divides line[i:end], which holds no white space.
func appendChunk(dst []Token, line string, i, end int) []Token {
	for i < end {
		s := line[i:end]
		if n, class := longToken(s); n > 0 {
			dst = append(dst, Token{i, i + n, class})
			i += n
			continue
		}
		n, class := shortToken(s)
		dst = append(dst, Token{i, i + n, class})
		i += n
	}
	return dst
}

// longToken finds a token at the start of s that holds punctuation.
func longToken(s string) (int, Class) {
	switch c := s[0]; {
	case c >= '0' && c <= '9':
		if n := dateLen(s); n > 0 {
			return n, Date
		}
		if n := codeLen(s); n > 0 {
			return n, Code
		}
		if n := emailLen(s); n > 0 {
			return n, Email
		}
		return numberLen(s)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf || c == '_':
		if n := emailLen(s); n > 0 {
			return n, Email
		}
		if n := urlLen(s); n > 0 {
			return n, URL
		}
		if n := capsCodeLen(s); n > 0 {
			return n, Code
		}
	}
	return 0, Word
}

// shortToken returns the word, mixed run or punctuation at the start of s.
func shortToken(s string) (int, Class) {
	letters, digits, n := false, false, 0
	for i, r := range s {
		n = i
		if unicode.IsLetter(r) || letters && unicode.Is(unicode.Mn, r) {
			letters = true
		} else if unicode.IsDigit(r) {
			digits = true
		} else {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	switch {
	case letters && digits:
		return n, Mixed
	case letters:
		return n, Word
	case digits:
		return n, Number
	}
	r, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		next, size := utf8.DecodeRuneInString(s[n:])
		if next != r {
			break
		}
		n += size
	}
	return n, Punct
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digitsLen is the length of the run of ASCII digits at the start of s.
func digitsLen(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// wordFollows reports whether a letter or digit stands at s[n:], so that what
// ends there is only part of a token.
func wordFollows(s string, n int) bool {
	r, _ := utf8.DecodeRuneInString(s[n:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// numberLen finds a number with . or , between its digits, and a percent sign.
func numberLen(s string) (int, Class) {
	n := digitsLen(s)
	for n+1 < len(s) && (s[n] == '.' || s[n] == ',') && isDigit(s[n+1]) {
		n += 1 + digitsLen(s[n+1:])
	}
	if n < len(s) && s[n] == '%' {
		return n + 1, Percent
	}
	if wordFollows(s, n) {
		return 0, Word
	}
	return n, Number
}

// dateLen finds d/m, m/yyyy, d/m/yyyy and the like with one of / - . between; a
// date of two parts needs the slash, and with dots the year needs four digits.
func dateLen(s string) int {
	a := digitsLen(s)
	if a == 0 || a > 2 || a >= len(s) {
		return 0
	}
	sep := s[a]
	if sep != '/' && sep != '-' && sep != '.' {
		return 0
	}
	b := digitsLen(s[a+1:])
	n := a + 1 + b
	if b == 0 {
		return 0
	}
	if b <= 2 && n < len(s) && s[n] == sep {
		if c := digitsLen(s[n+1:]); c == 4 || c == 2 && sep == '/' {
			n += 1 + c
			if !wordFollows(s, n) && !codeGoesOn(s, n) && number(s[:a]) <= 31 {
				return n
			}
		}
		return 0
	}
	if sep != '/' || wordFollows(s, n) || codeGoesOn(s, n) {
		return 0
	}
	first, second := number(s[:a]), number(s[a+1:n])
	if b == 4 && first >= 1 && first <= 12 && second >= 1800 && second < 2200 ||
		b <= 2 && first >= 1 && first <= 31 && second >= 1 && second <= 12 {
		return n
	}
	return 0
}

func codeGoesOn(s string, n int) bool { return n < len(s)-1 && s[n] == '/' && wordFollows(s, n+1) }

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// codeLen finds a document number: digits with an optional letter, an optional
// year or second number, and groups of capitals and digits joined by / and -.
func codeLen(s string) int {
	n := digitsLen(s)
	if n > 6 {
		return 0
	}
	if n < len(s) && s[n] >= 'a' && s[n] <= 'z' { // 12a/BC-UBND
		n++
	}
	if n >= len(s) || s[n] != '/' {
		return 0
	}
	if y := digitsLen(s[n+1:]); y > 0 && n+1+y < len(s) && s[n+1+y] == '/' {
		n += 1 + y
	}
	end, groups := capsGroups(s, n+1)
	if groups == 0 || wordFollows(s, end) {
		return 0
	}
	return end
}

// capsGroups reads groups of capitals, digits and & joined by - and / from s[n:]
// and returns where they end and how many there are. Each holds a capital.
func capsGroups(s string, n int) (end, groups int) {
	end = n
	for {
		start, caps := n, false
		for n < len(s) {
			r, size := utf8.DecodeRuneInString(s[n:])
			if unicode.IsUpper(r) {
				caps = true
			} else if !unicode.IsDigit(r) && r != '&' {
				break
			}
			n += size
		}
		if n == start || !caps && groups == 0 {
			return end, groups
		}
		end = n
		groups++
		if n >= len(s) || s[n] != '-' && s[n] != '/' {
			return end, groups
		}
		n++
	}
}

// capsCodeLen finds a code without a number, NĐ-CP or KT-XH: two groups or more
// of which one is no syllable, so that HÀ-NỘI is not one.
func capsCodeLen(s string) int {
	end, groups := capsGroups(s, 0)
	if groups < 2 || wordFollows(s, end) {
		return 0
	}
	for group := range strings.FieldsFuncSeq(s[:end], func(r rune) bool { return r == '-' || r == '/' }) {
		if len(group) > 12 {
			return 0
		}
		if group = strings.ToLower(group); !hasVowel(group) && !strings.ContainsFunc(group, unicode.IsDigit) {
			return end
		}
	}
	return 0
}

func hasVowel(s string) bool { return strings.ContainsFunc(s, viet.IsVowel) }

func isASCIIAlnum(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// emailLen finds name@host.tld.
func emailLen(s string) int {
	at := 0
	for at < len(s) && (isASCIIAlnum(s[at]) || strings.IndexByte("._-+", s[at]) >= 0) {
		at++
	}
	if at == 0 || at >= len(s) || s[at] != '@' {
		return 0
	}
	host := hostLen(s[at+1:])
	if host == 0 {
		return 0
	}
	return at + 1 + host
}

// hostLen finds a host name of two labels or more, the last of letters only.
func hostLen(s string) int {
	end, labels, n := 0, 0, 0
	for {
		start, alpha := n, true
		for n < len(s) && (isASCIIAlnum(s[n]) || s[n] == '-') {
			alpha = alpha && !isDigit(s[n]) && s[n] != '-'
			n++
		}
		if n == start {
			break
		}
		labels++
		if labels > 1 && alpha && n-start >= 2 {
			end = n
		}
		if n >= len(s) || s[n] != '.' {
			break
		}
		n++
	}
	if wordFollows(s, end) {
		return 0
	}
	return end
}

// topDomains are those by which a bare host name is told from "xong.Anh".
var topDomains = []string{".vn", ".com", ".net", ".org", ".edu", ".gov", ".info", ".biz", ".int", ".eu", ".asia"}

// urlLen finds http://…, www.… and host names under the usual top domains, with
// what follows them.
func urlLen(s string) int {
	lower := strings.ToLower(s[:min(len(s), 200)])
	n := 0
	if p := strings.Index(lower, "://"); p > 0 && (lower[:p] == "http" || lower[:p] == "https" || lower[:p] == "ftp") {
		n = p + 3
		if n >= len(s) {
			return 0
		}
	} else {
		h := hostLen(s)
		if h == 0 || !strings.HasPrefix(lower, "www.") && !hasTopDomain(lower[:min(h, len(lower))]) {
			return 0
		}
		if n = h; n == len(s) || s[n] != '/' && s[n] != ':' && s[n] != '?' {
			return n
		}
	}
	for n < len(s) && s[n] > ' ' && s[n] < utf8.RuneSelf && strings.IndexByte("<>\"'()[]{}", s[n]) < 0 {
		n++
	}
	for strings.IndexByte(".,;:!?", s[n-1]) >= 0 {
		n--
	}
	return n
}

func hasTopDomain(host string) bool {
	for _, d := range topDomains {
		if strings.HasSuffix(host, d) {
			return true
		}
	}
	return false
}

// MarkerLen returns the length of the list marker at the start of s, which is
// not empty: "a)", "đ)", "1.", "2.3.", "(ii)", "12)". After a bracket text may
// follow at once; a full stop ends s. It is 0 if there is none.
func MarkerLen(s string) int {
	n := 0
	open := s[0] == '('
	if open {
		n = 1
	}
	start := n
	switch d := digitsLen(s[n:]); {
	case d > 0 && d <= 2:
		n += d
		for n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
			d := digitsLen(s[n+1:])
			if d > 2 {
				return 0
			}
			n += 1 + d
		}
	case strings.HasPrefix(s[n:], "đ"):
		n += len("đ")
	default:
		for n < len(s) && strings.IndexByte("ivxIVX", s[n]) >= 0 && n-start < 5 {
			n++
		}
		if n == start && n < len(s) && (s[n] >= 'a' && s[n] <= 'z') {
			n++
		}
	}
	if n == start || n >= len(s) {
		return 0
	}
	if s[n] == ')' || s[n] == '.' && !open && isDigit(s[start]) && n+1 == len(s) ||
		s[n] == '.' && !open && n+1 == len(s) && n-start <= 4 {
		return n + 1
	}
	return 0
}
