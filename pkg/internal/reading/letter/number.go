package letter

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// pattern returns a regular expression that is compiled when it is first asked
// for: few runs of a program need it.
func pattern(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}

var (
	// numberLine is "Số" or "Luật số" with its o read in many ways, specks before it.
	numberLine = pattern(`^(?:(?:Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH|Lệnh) )?(?:[^\pL]|\pL[^\pL])*[Ss][ốồổôóòỏõọoéếèềeEỐỒỔÔÓÒO60](?:[^ơởờớỡợ\pL ]|\pL[0-9./⁄]| ?[^\pL ]| \PL| $|$)`)
	opening    = pattern(`^(?:(?:Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH|Lệnh) )?(?:[^\pL]|\pL[^\pL])*[Ss].[^\pL\pN/⁄.\-]*`)
	spacedMark = pattern(`\s*([/⁄\-–])\s*`)
	// symbol is what follows the digits: BTTTT-HTQT, QĐ-TTg, CV/TU, UBND.
	symbol = pattern(`^(.*?)([/.…\-–]+|\s)(\p{Lu}[\p{Lu}&]*[\pL\pN&]*(?:[-/&.–]\p{Lu}[\pL\pN&]*)*)(?:[^\pL\pN].*)?$`)
	digits = pattern(`^[0-9]{1,6}[a-zđ]?(?:/[12][0-9]{3})?$`)
)

// handwritten stands for digits that are not printed or not surely read.
const handwritten = "?"

// sureDigit is the confidence from which digits that a reader saw are stated as
// fact. On scans of 2011-2025 printed ones have 0.95 to 0.97, and of eleven that
// were written by hand and misread ten have less than 0.9. Where digits and symbol
// are one word, its letters count in its confidence, and sureCode is enough: 13
// printed ones have 0.74 or more, but for two that were misread, and three by hand
// 0.31 to 0.38.
const (
	sureDigit = 0.93
	sureCode  = 0.7
)

// serial is the number and symbol of a letter as they stand in its line.
type serial struct {
	digits, mark, symbol string
}

// serialOf parts the text of a line that opens with "Số", or ends in a symbol
// after a stroke when bare.
func serialOf(s string, bare bool) (serial, bool) {
	rest := s
	if numberLine().MatchString(s) {
		rest = s[len(opening().FindString(s)):]
		bare = false
	} else if !bare {
		return serial{}, false
	}
	rest = strings.TrimSpace(spacedMark().ReplaceAllString(strings.ReplaceAll(rest, "⁄", "/"), "$1"))
	m := symbol().FindStringSubmatch(rest)
	if m == nil {
		return serial{}, false
	}
	n := serial{strings.Trim(m[1], " .…:"), "/", strings.TrimRight(m[3], ".-–/")}
	if !strings.Contains(m[2], "/") {
		if !strings.ContainsAny(n.symbol, "-/") || bare {
			return serial{}, false
		}
		if strings.ContainsAny(m[2], "-–") {
			n.mark = "-"
		}
	}
	upper := 0
	for _, r := range n.symbol {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	if upper < 2 || bare && (!strings.Contains(n.symbol, "-") || len(words(n.digits)) > 2) {
		return serial{}, false
	}
	n.digits = strings.TrimLeft(n.digits, "/") // a colon read as a stroke
	return n, true
}

// setNumber takes the number from a line. Digits are stated when they look
// printed: surely read, and as high as those of year, a word of the date.
func (l *Letter) setNumber(from line, n serial, year ocr.Word) {
	l.Number = n.digits + n.mark + n.symbol
	if !digits().MatchString(n.digits) || !printed(from.words, n.digits, year) {
		l.Number = handwritten + n.mark + n.symbol
		l.NumberRead = n.digits
	}
	l.note("number", from)
}

// printed reports whether the words that hold digits are sure, and no higher or
// lower by a fourth than the digits of year.
func printed(line []ocr.Word, digits string, year ocr.Word) bool {
	for _, w := range line {
		if !strings.ContainsFunc(w.Text, unicode.IsDigit) {
			continue
		}
		switch alone := !strings.ContainsFunc(w.Text, unicode.IsUpper); {
		case alone && (w.Confidence < sureDigit || w.Text == digits && !sameHeight(w, year)), w.Confidence < sureCode:
			return false
		}
	}
	return true
}

// sameHeight reports whether the boxes of two words of digits differ in height by
// a fourth at most; a word without a box may have any.
func sameHeight(a, b ocr.Word) bool {
	if a.Box.Empty() || b.Box.Empty() {
		return true
	}
	d := a.Box.Dy() - b.Box.Dy()
	return 5*max(d, -d) <= b.Box.Dy()+5
}
