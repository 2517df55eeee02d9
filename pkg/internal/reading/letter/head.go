package letter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// headLines is how many lines the head of a letter can take.
const headLines = 30

var (
	numberLine = pattern(`^[^\pL\pN]*[Ss][ốồôóòỗõoOéếèeEỐỒÔÓ60][^\pL\pN/⁄.\-]*(.*)$`)
	numberCode = pattern(`^[\pL\pN.…]*([/⁄\-–][\pL\pN.…&]+)+`)
	spacedMark = pattern(`\s*([/⁄\-–])\s*`)
	// placeDate runs on folded text: lower case, no marks.
	placeDate = pattern(`^(.*?)[\s,.;:']*\bngay\s*(\S{0,4}?)[\s.…_]*thang\s*(\S{0,4}?)[\s.…_]*nam\s*(\S{4})`)
)

// pattern returns a regular expression that is compiled when it is first asked
// for: few runs of a program need it.
func pattern(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}

// parseHead fills in the fields of the head and returns the index of the first
// line of the body.
func (l *Letter) parseHead(lines []line) (body int) {
	head := splitHead(lines[:min(len(lines), headLines)])
	last := -1 // of the lines in use, an index into lines
	used := func(p part) { last = max(last, p.index) }
	var issuer []string
	numbered := false
	for i := 0; i < len(head); i++ {
		h := head[i]
		switch h.what {
		case landmark:
			used(h)
			continue
		case dated:
			if l.Place == "" && l.Date == "" {
				l.Place, l.Date = h.place, h.date
			}
			used(h)
			continue
		}
		if n := formula.To.Opens(words(h.text)); n > 0 {
			i += l.parseAddressees(head[i:], n)
			used(head[i])
			break
		}
		if rest, ok := about(h.text); ok && l.Subject == "" {
			l.Subject = rest
			used(h)
			for i+1 < len(head) {
				next := head[i+1]
				if next.what != other && next.box.Empty() {
					// Plain text: the right column stands in between.
					if next.what == dated && l.Place == "" {
						l.Place, l.Date = next.place, next.date
					}
				} else if goesOn(h, next) {
					l.Subject += " " + next.text
				} else {
					break
				}
				used(next)
				i++
			}
			continue
		}
		if code := number(h.text); code != "" && l.Number == "" {
			l.Number, numbered = code, true
			used(h)
			continue
		}
		if kind := kindOf(h.text); kind != "" && l.Type == "" && !(l.Subject != "" && len(l.Addressees) > 0) {
			l.Type = kind
			used(h)
			i = l.parseTitle(head, i, used)
			if i+1 < len(head) && formula.To.Opens(words(head[i+1].text)) > 0 {
				continue // a report or a proposal
			}
			break
		}
		if !numbered && l.Type == "" && formula.IsHeading(h.text) {
			issuer = append(issuer, h.text)
			used(h)
			continue
		}
		if letters(h.text) >= 25 && !formula.IsHeading(h.text) && last >= 0 && (numbered || l.Date != "") {
			break // running text
		}
	}
	l.Parent, l.Issuer = bodiesOf(issuer)
	if l.Type == "" && l.Number != "" && (l.Subject != "" || len(l.Addressees) > 0) {
		l.Type = "Công văn"
	}
	l.Subject = strings.TrimRight(l.Subject, " _-–.")
	return last + 1
}

// part is a piece of a line of the head.
type part struct {
	line
	index       int // of the line
	what        int
	place, date string
}

// What a part is.
const (
	other = iota
	landmark
	dated
)

// splitHead takes the country's name, the motto and the place and date out of
// lines, with which a reader without boxes runs them together.
func splitHead(lines []line) []part {
	var out []part
	for i, l := range lines {
		ws := words(l.text)
		p := part{line: l, index: i}
		if at, to, ok := formula.Head(ws); ok && to == len(ws) {
			if at > 0 {
				p.text = strings.Join(ws[:at], " ")
				out = append(out, p)
			}
			p.text, p.what = strings.Join(ws[at:], " "), landmark
			out = append(out, p)
			continue
		}
		if before, place, date, ok := splitDate(l.text); ok {
			if before != "" {
				p.text = before
				out = append(out, p)
			}
			p.what, p.place, p.date = dated, place, date
			out = append(out, p)
			continue
		}
		out = append(out, p)
	}
	return out
}

func hasFormula(lines []line) bool {
	for _, l := range lines[:min(len(lines), headLines)] {
		if _, to, ok := formula.Head(words(l.text)); ok && to == len(words(l.text)) {
			return true
		}
	}
	return false
}

// splitDate finds "Hà Nội, ngày 07 tháng 05 năm 2021" at the end of a line.
func splitDate(s string) (before, place, date string, ok bool) {
	m := placeDate().FindStringSubmatch(strings.ToLower(viet.Strip(s)))
	if m == nil {
		return "", "", "", false
	}
	// Folding keeps the number of characters, so the place can be cut out of s.
	head := []rune(s)[:len([]rune(m[1]))]
	ws := words(strings.TrimLeftFunc(string(head), func(r rune) bool { return !unicode.IsLetter(r) }))
	n := placeLen(ws)
	if n == 0 {
		return "", "", "", false
	}
	if len(ws)-n > 0 && len(ws) > 12 {
		return "", "", "", false // a date in running text
	}
	place = strings.Join(ws[len(ws)-n:], " ")
	before = strings.Join(ws[:len(ws)-n], " ")
	return before, place, isoDate(m[2], m[3], m[4]), true
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

// isoDate puts a date together from digits as they were read; "" if it is none.
func isoDate(day, month, year string) string {
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

// number returns the number and symbol in a line that starts with "Số".
func number(s string) string {
	m := numberLine().FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	code := numberCode().FindString(spacedMark().ReplaceAllString(m[1], "$1"))
	code = strings.TrimRight(strings.ReplaceAll(code, "⁄", "/"), ".…-–/")
	if len(code) > 1 && code[0] == '/' && code[1] >= '0' && code[1] <= '9' {
		code = code[1:] // a colon read as a slash
	}
	if !strings.ContainsFunc(code, unicode.IsUpper) {
		return ""
	}
	return code
}

// kindOf returns the kind of document that a heading names.
func kindOf(s string) string {
	if !formula.IsHeading(s) {
		return ""
	}
	return formula.Kind(s)
}

// about returns what a line says after "V/v" or "Về việc".
func about(s string) (rest string, ok bool) {
	ws := words(strings.TrimLeft(s, "-–—_.,;:'\" "))
	n := formula.Concerning.Opens(ws)
	if n == 0 && len(ws) > 0 && formula.IsSubject(ws[0]) {
		n = 1
	}
	if n == 0 || n == len(ws) {
		return "", false
	}
	return strings.TrimLeft(strings.Join(ws[n:], " "), ":. "), true
}

// parseTitle takes the lines under the kind of document for its subject, up to
// white space, a heading or the grounds. It returns the index of its last line.
func (l *Letter) parseTitle(head []part, i int, used func(part)) int {
	var title []string
	for i+1 < len(head) && len(title) < 6 {
		next := head[i+1]
		ws := words(next.text)
		switch {
		case next.what != other, len(title) > 0 && !startsLower(next.text) && (next.gap || letters(next.text) >= 25),
			formula.Grounds.Opens(ws) > 0, formula.To.Opens(ws) > 0, formula.Article.Opens(ws) > 0,
			formula.IsHeading(next.text) && (len(title) > 0 || kindOf(next.text) != "") && !formula.IsHeading(strings.Join(title, "")):
			l.setSubject(title)
			return i
		}
		if letters(next.text) >= 2 || len(title) > 0 && strings.ContainsFunc(next.text, unicode.IsDigit) {
			title = append(title, next.text)
		}
		i++
		used(next)
		if strings.HasSuffix(next.text, ".") {
			break
		}
	}
	l.setSubject(title)
	return i
}

func (l *Letter) setSubject(title []string) {
	if len(title) == 0 {
		return
	}
	s := strings.Join(title, " ")
	if first, rest, _ := strings.Cut(s, " "); len([]rune(first)) == 1 && !startsLower(rest) {
		s = rest // a speck
	}
	if rest, ok := about(s); ok {
		s = rest
	}
	if l.Subject == "" {
		l.Subject = s
	}
}

// parseAddressees reads the lines after "Kính gửi", n words of the first being
// that formula, and returns how many more lines it took.
func (l *Letter) parseAddressees(head []part, n int) int {
	first := strings.TrimLeft(strings.Join(words(head[0].text)[n:], " "), " :.;-–")
	i := 0
	if first != "" {
		for i+1 < len(head) && continues(head[i], head[i+1]) && !strings.HasSuffix(first, ".") && !strings.HasSuffix(first, ";") {
			i++
			first += " " + head[i].text
		}
		for s := range strings.SplitSeq(first, ";") {
			if s = formula.Item(s); s != "" {
				l.Addressees = append(l.Addressees, s)
			}
		}
	}
	for i+1 < len(head) && formula.IsDashed(head[i+1].text) && !strings.HasSuffix(head[i].text, ".") {
		i++
		s := head[i].text
		for i+1 < len(head) && continues(head[i], head[i+1]) && !formula.IsDashed(head[i+1].text) && !strings.HasSuffix(s, ";") && !strings.HasSuffix(s, ".") {
			i++
			s += " " + head[i].text
		}
		l.Addressees = append(l.Addressees, formula.Item(s))
	}
	return i
}

// continues reports whether next goes on with what a stands in: it starts
// small, or further right by the width of a few letters, right below.
func continues(a, next part) bool {
	if next.what != other || formula.IsDashed(next.text) {
		return false
	}
	if a.box.Empty() || next.box.Empty() {
		return !next.gap && startsLower(next.text)
	}
	return !next.gap && (startsLower(next.text) || next.box.Min.X > a.box.Min.X+3*a.box.Dy())
}

// goesOn reports whether next is another line of the subject in the left column.
func goesOn(a, next part) bool {
	if next.what != other || formula.IsDashed(next.text) || formula.To.Opens(words(next.text)) > 0 || formula.IsHeading(next.text) || number(next.text) != "" {
		return false
	}
	if a.box.Empty() || next.box.Empty() {
		return startsLower(next.text) && letters(next.text) < 60
	}
	return next.block == a.block && !next.gap && next.box.Dx() < 2*a.box.Dx() && next.box.Min.X < a.box.Max.X
}

// bodiesOf parts the lines over the number into names of bodies: the last one
// issues the letter, those before it stand above it.
func bodiesOf(lines []string) (parent, issuer string) {
	var names []string
	for _, s := range lines {
		s = strings.Trim(s, " -–—_.,:;|'\"*=~")
		if letters(s) < 3 {
			continue
		}
		if len(names) > 0 && !startsBody(s) {
			names[len(names)-1] += " " + s
			continue
		}
		names = append(names, s)
	}
	if len(names) == 0 {
		return "", ""
	}
	return strings.Join(names[:len(names)-1], "; "), names[len(names)-1]
}

func startsBody(s string) bool {
	ws := words(s)
	if len(ws) < 2 {
		return false // the last word of a name
	}
	return formula.OpensBody(ws) > 0
}
