package reading

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Of bullets, letters of lists and digits no model of language knows what they must
// be. Their place does: what opens a line, what comes before and after in a list or a
// column of numbers, what stands beside a digit.

// bulletShapes is what readers make of a round bullet; none of it opens a line of
// Vietnamese text, nor does what they make of a dash.
var bulletShapes = []string{"e", "e_", "se", "©", "©-", "¢", "®", "°", "·", "»", "«", "@", "•", "*-"}

const dashShapes = "_~¬=—"

// listOrder is the letters of lists in Vietnamese.
const listOrder = "abcdđeghiklmnopqrstuvxy"

// sureNumber is the sureness from which a reader's number is not made a word of, and a
// code is left as it is.
const sureNumber = 0.85

var (
	alikeOne = lazy.Regexp(`^[(]?[0-9Il|]{1,4}[).,;:%]*$`)
	codeOne  = lazy.Regexp(`(^|[^\pL0-9])(\p{Lu})I([0-9])`)
	eths     = strings.NewReplacer("ĐÐ", "Đ", "ÐĐ", "Đ", "Ð", "Đ", "ð", "đ", "(¡", "(i", "⁄", "/", "§S", "S", "S§", "S")
	ones     = strings.NewReplacer("I", "1", "l", "1", "|", "1")
	rowOnes  = strings.NewReplacer("i", "1", "l", "1", "I", "1")
	ats      = lazy.Regexp(`^([0-9A-Za-z][\w.+-]*)\(?[@®©]((?:[\w-]+\.)+[a-z]{2,}[),;.]*)$`)
	colons   = lazy.Regexp(`^(0?[1-9]|[12][0-9]|3[01])[:/](0?[1-9]|1[0-2])[:/]((?:19|20)[0-9]{2}[^\pL0-9]*)$`)
	copies   = lazy.Regexp(`^(.*\(.*[0-9].*\)\.?)([^\s.;,)]{1,3})([.;]?)$`)
	dongs    = lazy.Regexp(`^([1-9][0-9]{0,2}(?:[.,][0-9]{3})+)d([^\pL0-9]*)$`)
)

// mendSigns puts bullets, lists and digits of a page right.
func mendSigns(p *ocr.Page) {
	for i := range p.Lines {
		ws := p.Lines[i].Words
		for j := range ws {
			ws[j].Text = mendWord(ws[j])
		}
		ws = joinDigits(ws)
		p.Lines[i].Words = ws
		if len(ws) > 1 && p.Lines[i].Cell.Table == 0 {
			ws[0].Text = mendBullet(ws[0], ws[1])
		}
	}
	mendLists(p.Lines)
}

// mendInOrder puts right what the lines of a page say of each other once they are in
// order.
func mendInOrder(lines []ocr.Line) {
	mendColumn(lines)
	mendEnds(lines)
	mendKept(lines)
	mendCapacities(lines)
}

// mendWord returns the text of a word with the signs right that nothing else in
// Vietnamese can be: Icelandic eth, a small L among digits, what stands for the @ of an
// address or the strokes of a date.
func mendWord(w ocr.Word) string {
	s := eths.Replace(w.Text)
	if strings.Contains(w.Read, "ĐÐ") || strings.Contains(w.Read, "ÐĐ") { // one letter, whatever the restorer makes of it
		s = strings.ReplaceAll(s, "ĐĐ", "Đ")
	}
	switch {
	case alikeOne().MatchString(s) && strings.ContainsAny(s, "0123456789"):
		s = ones.Replace(s)
	case w.Sure < sureNumber+0.05:
		s = codeOne().ReplaceAllString(s, "${1}${2}1$3")
	}
	s = colons().ReplaceAllString(ats().ReplaceAllString(s, "$1@$2"), "$1/$2/$3")
	return dongs().ReplaceAllString(s, "${1}đ$2")
}

// mendBullet returns the first word of a line, given the next: a bullet or a dash if
// it is what readers make of one.
func mendBullet(first, next ocr.Word) string {
	r, _ := utf8.DecodeRuneInString(next.Text)
	switch {
	case strings.Trim(first.Text, dashShapes) == "":
		return "-"
	case slices.Contains(bulletShapes, first.Text) && (unicode.IsUpper(r) || unicode.IsDigit(r)):
		return "•"
	}
	return first.Text
}

// mendLists puts the letters of lists right that are read as others: d after c, đ
// after d, and what can only be the letter between its neighbours.
func mendLists(lines []ocr.Line) {
	var items []*ocr.Word
	for i := range lines {
		if ws := lines[i].Words; len(ws) > 1 && len([]rune(ws[0].Text)) == 2 && strings.HasSuffix(ws[0].Text, ")") {
			items = append(items, &ws[0])
		}
	}
	place := func(i int) int { // in listOrder, -1 outside
		if i < 0 || i >= len(items) {
			return -1
		}
		r, _ := utf8.DecodeRuneInString(items[i].Text)
		return slices.Index([]rune(listOrder), r)
	}
	for i, w := range items {
		want := w.Text
		if i > 0 {
			want = formula.NextItem(items[i-1].Text, want)
		}
		switch at, before, after := place(i), place(i-1), place(i+1); {
		case at > 0 && at == after && before == at-2, at < 0 && after > 0 && (before == after-2 || after == 1):
			want = string([]rune(listOrder)[after-1]) + ")"
		}
		if want != w.Text && !isDigitRun(items, i) {
			w.Text = want
			w.Confidence = min(w.Confidence, doubted)
		}
	}
}

// mendEnds puts right what items end with: one that ends in a comma, in a list whose
// other items end in semicolons, is read amiss.
func mendEnds(lines []ocr.Line) {
	end := func(l ocr.Line) *ocr.Word { return &l.Words[len(l.Words)-1] }
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && isDashed(lines[from]) && isDashed(lines[to]) {
			to++
		}
		var semicolons int
		var commas []*ocr.Word
		for _, l := range lines[from : to-1] {
			if s := end(l).Text; strings.HasSuffix(s, ";") {
				semicolons++
			} else if strings.HasSuffix(s, ",") {
				commas = append(commas, end(l))
			}
		}
		if len(commas) == 1 && semicolons > 1 {
			commas[0].Text = strings.TrimSuffix(commas[0].Text, ",") + ";"
		}
		from = to
	}
}

// mendKept puts the list of who keeps a letter right: its abbreviations have no stops, and
// the number of copies, in brackets, has no more after it than the initials of who typed
// it. Those of who checked it are written by hand.
func mendKept(lines []ocr.Line) {
	for _, l := range lines {
		if ws := strings.Fields(textOf(l.Words)); isDashed(l) && formula.Kept.Opens(ws[1:]) > 0 {
			for i := range l.Words {
				if s, ok := strings.CutSuffix(l.Words[i].Text, ".,"); ok {
					l.Words[i].Text = s + ","
				}
			}
			last := &l.Words[len(l.Words)-1]
			if m := copies().FindStringSubmatch(last.Text); m != nil && !isInitials(m[2], last.Sure) {
				last.Text = m[1] + m[3]
			}
		}
	}
}

// isInitials reports whether signs after the number of copies may be print: capitals, or
// small letters of which the reader is sure.
func isInitials(s string, sure float64) bool {
	s = viet.Strip(s)
	isOther := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }
	return !strings.ContainsFunc(s, isOther) && (sure >= doubted || s == strings.ToUpper(s))
}

// isDashed reports whether a line is an item that a dash opens.
func isDashed(l ocr.Line) bool { return len(l.Words) > 1 && l.Words[0].Text == "-" }

// isDigitRun reports whether an item counts on from the one before it.
func isDigitRun(items []*ocr.Word, i int) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(items[i].Text, ")"))
	if err != nil || i == 0 {
		return false
	}
	before, err := strconv.Atoi(strings.TrimSuffix(items[i-1].Text, ")"))
	return err == nil && n == before+1
}

// mendColumn puts the numbers of the rows of tables right: they count up, and most of
// them do as they are read. Another number is one that was misread only if those beside
// it are right: others may be lost.
func mendColumn(lines []ocr.Line) {
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && lines[to].Cell.Table == lines[from].Cell.Table {
			to++
		}
		if lines[from].Cell.Table > 0 {
			mendNumbers(lines[from:to])
		}
		from = to
	}
}

// isHeading reports whether a cell is the heading of a column of numbers, TT or Số.
func isHeading(s string) bool {
	return len([]rune(s)) > 1 && !strings.ContainsFunc(rowOnes.Replace(s), isDigit)
}

func mendNumbers(table []ocr.Line) {
	var cells []*ocr.Word
	for i := range table {
		if l := &table[i]; l.Cell.Column == 1 && len(l.Words) == 1 && utf8.RuneCountInString(l.Words[0].Text) <= 2 {
			cells = append(cells, &l.Words[0])
		}
	}
	for len(cells) > 0 && isHeading(cells[0].Text) {
		cells = cells[1:]
	}
	first := countsFrom(cells)
	if first == 0 {
		return
	}
	fits := func(i int) bool { return i < len(cells) && numberOf(cells[i]) == first+i }
	for i, w := range cells {
		text := rowOnes.Replace(w.Text)
		switch {
		case fits(i):
		case numberOf(w) == 0, i > 0 && fits(i-1) && fits(i+1):
			text = strconv.Itoa(first + i)
		default:
			continue
		}
		if w.Text != text {
			w.Text, w.Confidence = text, min(w.Confidence, doubted)
		}
	}
}

// numberOf is the number of a row, 0 if it is none.
func numberOf(w *ocr.Word) int { return arabic(strings.Trim(rowOnes.Replace(w.Text), ".)")) }

// countsFrom returns the first number of cells that count up, as most of them tell and
// the last, if it is a number; 0 if they do not, or another list begins among them.
func countsFrom(cells []*ocr.Word) (first int) {
	if len(cells) < 3 {
		return 0
	}
	value := func(i int) int { return numberOf(cells[i]) }
	firsts := map[int]int{} // by how many cells say so
	for i := range cells {
		n := value(i)
		if n == 1 && i > 0 {
			return 0
		}
		if n > i {
			firsts[n-i]++
			if firsts[n-i] > firsts[first] {
				first = n - i
			}
		}
	}
	last := len(cells) - 1
	if 2*firsts[first] <= len(cells) || value(last) > 0 && value(last) != first+last {
		return 0
	}
	return first
}
