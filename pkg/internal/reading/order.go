package reading

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// numerals are a way to count the parts of a text.
type numerals struct {
	alike func() *regexp.Regexp // a number and what closes it, as readers write them
	value func(string) int      // of one that is read right, or else 0
	write func(int) string
}

// Digits, i, v and x that are read are in no list of letters, as they may well be numbers,
// nor are f, j, w and z, which tell of lists without đ.
var counting = []numerals{
	{lazy.Regexp(`^()[0-9IlOoSZB|]{1,3}([.):]?)$`), arabic, strconv.Itoa},
	{lazy.Regexp(`^()1*[IVXl|][IVXl1|]{0,5}([.):]?)$`), roman, romanOf},
	{lazy.Regexp(`^(\(?)1*[ivxl|][ivxl1|]{0,5}([.)])$`), smallRoman, smallRomanOf},
	{lazy.Regexp(`^(\(?)[^\p{Lu}0-9fijvwxz]([.)])$`), itemLetter, itemLetterOf},
}

// order is what the pages before say of the numbers of a page: the last number of each
// list, by the way it counts, the name of its parts and what closes a number. The zero
// value is that of the first page.
type order struct {
	last    map[string]ocr.Word
	section string // the last one
}

// mend puts the numbers of articles, chapters and items of the next page right by those
// before and after: what stands between Điều 9. and Điều 11. is Điều 10, and a letter
// between b) and d) is c.
func (o *order) mend(lines []ocr.Line) {
	if o.last == nil {
		o.last = map[string]ocr.Word{}
	}
	for i, way := range counting {
		lists := map[string][]*ocr.Word{}
		for j := range lines {
			name, w := opening(&lines[j])
			if w == nil {
				continue
			}
			if m := way.alike().FindStringSubmatch(w.Text); m != nil && (name != "" || m[2] != "") {
				key := strconv.Itoa(i) + name + m[1] + m[2]
				lists[key] = append(lists[key], w)
			}
		}
		for key, list := range lists {
			if before, ok := o.last[key]; ok {
				list = slices.Insert(list, 0, &before)
			}
			way.mend(list)
			o.last[key] = *list[len(list)-1]
		}
	}
	o.mendSections(lines)
}

// opening returns the word of a line that may be the number of a part, and the name of
// the part before it, if there is one; nil without such a word.
func opening(l *ocr.Line) (name string, number *ocr.Word) {
	ws := l.Words
	switch {
	case len(ws) < 2 || l.Cell.Table > 0:
		return "", nil
	case formula.NamesPart(ws[0].Text):
		return ws[0].Text, &ws[1]
	}
	return "", &ws[0]
}

var sectionNumber = lazy.Regexp(`^[0-9]{1,2}(\.[0-9]{1,3})+\.?$`)

// mendSections puts the stops in the numbers of sections right: what follows 1.2.2 and
// reads 1.23 is 1.2.3.
func (o *order) mendSections(lines []ocr.Line) {
	for i := range lines {
		name, w := opening(&lines[i])
		if w == nil || name != "" || !sectionNumber().MatchString(w.Text) || !opensUpper(lines[i].Words[1].Text) {
			continue // an amount, perhaps
		}
		_, number, end := cut(w.Text)
		for _, next := range sectionsAfter(o.section) {
			if next != number && stopless(next) == stopless(number) {
				number = next
				w.Text, w.Confidence = number+end, min(w.Confidence, doubted)
				break
			}
		}
		o.section = number
	}
}

// sectionsAfter returns the numbers that the section after one may have: those below it,
// beside it, and beside those above it.
func sectionsAfter(s string) []string {
	if s == "" {
		return nil
	}
	out := []string{s + ".1"}
	for parts := strings.Split(s, "."); len(parts) > 1; parts = parts[:len(parts)-1] {
		last := len(parts) - 1
		out = append(out, strings.Join(append(slices.Clone(parts[:last]), strconv.Itoa(arabic(parts[last])+1)), "."))
	}
	return out
}

func opensUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "“\"("))
	return unicode.IsUpper(r)
}

func stopless(s string) string { return strings.ReplaceAll(s, ".", "") }

// mend puts the numbers of a list right that do not count on from the one before to the
// one after, as these two do: those that the reader doubts or that count in no way, and
// the đ that is read as another d. Letters have numbers twice, and numbers left out.
func (n *numerals) mend(list []*ocr.Word) {
	for i := 1; i+1 < len(list); i++ {
		w := list[i]
		open, number, end := cut(w.Text)
		_, before, _ := cut(list[i-1].Text)
		_, after, _ := cut(list[i+1].Text)
		want := n.value(before) + 1
		if want == 1 || n.value(after) != want+1 || n.value(number) == want {
			continue
		}
		right := open + n.write(want) + end
		if w.Sure < sureNumber || !counts(number) || formula.NextItem(list[i-1].Text, w.Text) == right {
			w.Text, w.Confidence = right, min(w.Confidence, doubted)
		}
	}
}

// counts reports whether a number is one in any way of counting.
func counts(number string) bool {
	return slices.ContainsFunc(counting, func(n numerals) bool { return n.value(number) > 0 })
}

// cut divides a number from what opens and closes it.
func cut(s string) (open, number, end string) {
	rest := strings.TrimLeft(s, "(")
	number = strings.TrimRight(rest, ".):")
	return s[:len(s)-len(rest)], number, rest[len(number):]
}

func arabic(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// roman is the value of a Roman numeral up to 39.
func roman(s string) int {
	for n := 1; n < 40; n++ {
		if romanOf(n) == s {
			return n
		}
	}
	return 0
}

func romanOf(n int) string {
	return strings.Repeat("X", n/10) + [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10]
}

func smallRoman(s string) int {
	if s != strings.ToLower(s) {
		return 0
	}
	return roman(strings.ToUpper(s))
}

func smallRomanOf(n int) string { return strings.ToLower(romanOf(n)) }

// itemLetter is the place of a letter in lists, from 1.
func itemLetter(s string) int {
	return 1 + slices.IndexFunc([]rune(listOrder), func(r rune) bool { return s == string(r) })
}

// itemLetterOf is the letter at a place, the last one beyond it: no list goes on there.
func itemLetterOf(n int) string {
	order := []rune(listOrder)
	return string(order[min(n, len(order))-1])
}
