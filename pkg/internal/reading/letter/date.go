package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// placeDate runs on folded text, lower case and without marks. Between its words
// stands what is left of digits that may be written by hand.
var placeDate = lazy.Regexp(`^(.*?)[\s,.;:']*\bngay(.{0,8}?)thang(.{0,8}?)\bnam\s*([0-9oilzsbgq|!]{4})\b`)

// dateLine is a place and a date as a line of the head has them.
type dateLine struct {
	before, place    int // words before the place, and of it
	day, month, year string
}

// dateOf finds "Hà Nội, ngày 07 tháng 05 năm 2021" at the end of a line.
func dateOf(s string) (d dateLine, ok bool) {
	// Folding keeps the number of characters, so the place can be cut out of s.
	m := placeDate().FindStringSubmatch(strings.ToLower(viet.Strip(s)))
	if m == nil {
		return d, false
	}
	head := []rune(s)[:len([]rune(m[1]))]
	ws := words(string(head))
	speck := 0
	for speck < len(ws) && letters(ws[speck]) == 0 {
		speck++
	}
	n := placeLen(ws[speck:])
	if n == 0 || len(ws)-n > 0 && len(ws) > 12 {
		return d, false // a date in running text
	}
	return dateLine{len(ws) - n, n, strings.Trim(m[2], " .,…_-"), strings.Trim(m[3], " .,…_-"), m[4]}, true
}

// IsDateLine reports whether a line is, or ends in, the place and the date of a head.
func IsDateLine(s string) bool {
	_, ok := dateOf(s)
	return ok
}

// placeLen returns how many of the last words name a place.
func placeLen(ws []string) int {
	if n := formula.Province(ws); n > 0 {
		return n
	}
	n := 0
	for n < len(ws) && n < 4 {
		r := []rune(ws[len(ws)-1-n])
		if !unicode.IsUpper(r[0]) || len(r) > 1 && unicode.IsUpper(r[1]) && !strings.ContainsRune(string(r), '.') {
			break
		}
		n++
	}
	return n
}

// setDate takes place and date from a line. What is not surely printed is left
// out of the date, from the right: 2025-09, 2025.
func (l *Letter) setDate(from line, d dateLine) {
	ws := from.fields()
	l.Place = trim(strings.Join(ws[min(d.before, len(ws)):min(d.before+d.place, len(ws))], " "))
	whole := isoDate(d.year, d.month, d.day)
	year, month := isoDate(d.year, "1", "1"), isoDate(d.year, d.month, "1")
	w := yearOf(from)
	switch {
	case year == "":
		return
	case whole != "" && isPrinted(from, d.month, w) && isPrinted(from, d.day, w):
		l.Date = whole
	case month != "" && isPrinted(from, d.month, w):
		l.Date = month[:len("2006-01")]
	default:
		l.Date = year[:len("2006")]
	}
	if whole != "" && whole != l.Date {
		l.DateRead = whole
	}
	l.note("place", from)
	l.note("date", from)
}

// yearOf returns the word with the year of a date.
func yearOf(from line) ocr.Word {
	for i := len(from.words) - 1; i > 0; i-- {
		if w := from.words[i]; formula.Fold(from.words[i-1].Text) == "nam" && strings.ContainsFunc(w.Text, unicode.IsDigit) {
			return w
		}
	}
	return ocr.Word{}
}

// isPrinted reports whether a number of a date is a word of its own, and printed.
func isPrinted(from line, number string, year ocr.Word) bool {
	for _, w := range from.words {
		if strings.Trim(strings.ToLower(viet.Strip(w.Text)), " .,…_-") == number {
			return isSure(w, year)
		}
	}
	return false
}

// isoDate puts a date together from digits as they were read; "" if it is none.
func isoDate(year, month, day string) string {
	digits := strings.NewReplacer("o", "0", "i", "1", "l", "1", "|", "1", "!", "1", "z", "2", "s", "5", "b", "6", "g", "9", "q", "9")
	var n [3]int
	for i, s := range []string{year, month, day} {
		v, err := strconv.Atoi(digits.Replace(s))
		if err != nil {
			return ""
		}
		n[i] = v
	}
	d := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if d.Year() != n[0] || int(d.Month()) != n[1] || d.Day() != n[2] || n[0] < 1945 || n[0] > 2100 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", n[0], n[1], n[2])
}
