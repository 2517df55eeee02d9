package letter

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

var (
	// numberLine is "Số" or "Luật số" with its o read in many ways, specks before it.
	numberLine = lazy.Regexp(`^(?:(?:Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH|Lệnh) )?(?:[^\pL]|\pL[^\pL])*[Ss][ốồổôóòỏõọoéếèềeEỐỒỔÔÓÒO60](?:[^ơởờớỡợ\pL ]|\pL[0-9./⁄]| ?[^\pL ]| \PL| $|$)`)
	opening    = lazy.Regexp(`^(?:(?:Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH|Lệnh) )?(?:[^\pL]|\pL[^\pL])*[Ss].[^\pL\pN/⁄.\-]*`)
	spacedMark = lazy.Regexp(`\s*([/⁄\-–])\s*`)
	// symbol is what follows the digits: BTTTT-HTQT, QĐ-TTg, CV/TU, UBND.
	symbol = lazy.Regexp(`^(.*?)([/.…\-–]+|\s)(\p{Lu}[\p{Lu}&]*[\pL\pN&]*(?:[-/&.–]\p{Lu}[\pL\pN&]*)*)(?:[^\pL\pN].*)?$`)
	digits = lazy.Regexp(`^[0-9]{1,6}(?:-[0-9]{1,2})?[a-zđ]?(?:/[12][0-9]{3})?$`)
)

// handwritten stands for digits that are not printed or not surely read.
const handwritten = "?"

// The sureness from which digits that a reader saw are stated as fact, as reading
// stretches it to confidence: 0.93, 0.75 and 0.7 as the reader gives it, and so are these. On
// scans of 2010-2025 printed ones have 0.77 to 0.97 and the height of the year
// beside them, an eighth of it off at most. Of eleven that were written by hand and
// misread all but one have less than 0.9, and all with 0.6 and more are a fourth
// higher. Where digits and symbol are one word, its letters count in its
// confidence: 13 printed ones have 0.74 or more, but for two that were misread, and
// three by hand 0.31 to 0.38.
const (
	sureDigit = 0.8   // whatever its height
	sureAlike = 0.645 // as high as the year
	sureCode  = 0.6
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
// printed; year is a word of the date to compare them with.
func (l *Letter) setNumber(from line, n serial, year ocr.Word) {
	l.Number = n.digits + n.mark + n.symbol
	if !digits().MatchString(n.digits) || !printed(from.words, year) {
		l.Number = handwritten + n.mark + n.symbol
		l.NumberRead = n.digits
	}
	l.note("number", from)
}

// printed reports whether the words that hold digits are sure.
func printed(line []ocr.Word, year ocr.Word) bool {
	for _, w := range line {
		if !strings.ContainsFunc(w.Text, unicode.IsDigit) {
			continue
		}
		if alone := !strings.ContainsFunc(w.Text, unicode.IsUpper); alone && !isSure(w, year) || w.Confidence < sureCode {
			return false
		}
	}
	return true
}

// isSure reports whether a word of digits is printed and read right: by its
// confidence, and by its height against that of a year. A word without a box may
// have any height.
func isSure(w, year ocr.Word) bool {
	if w.Box.Empty() || year.Box.Empty() {
		return w.Confidence >= sureDigit
	}
	off := w.Box.Dy() - year.Box.Dy()
	switch off = max(off, -off); {
	case 8*off <= year.Box.Dy()+8:
		return w.Confidence >= sureAlike
	case 5*off <= year.Box.Dy():
		return w.Confidence >= sureDigit
	}
	return false
}
