package reading

import (
	"regexp"
	"strconv"
	"strings"

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

var counting = []numerals{
	{lazy.Regexp(`^([0-9IlOoSZB|]{1,3})([.):]?)$`), arabic, strconv.Itoa},
	{lazy.Regexp(`^(1*[IVXl|][IVXl1|]{0,5})([.):]?)$`), roman, romanOf},
}

// mendOrder puts the numbers of articles, chapters and items right by those before and
// after: what stands between Điều 9. and Điều 11. is Điều 10.
func mendOrder(lines []ocr.Line) {
	for _, way := range counting {
		lists := map[string][]*ocr.Word{} // by the name of their parts and what closes a number
		for i := range lines {
			ws := lines[i].Words
			if len(ws) < 2 || lines[i].Cell.Table > 0 {
				continue
			}
			name, at := "", 0
			if formula.NamesPart(ws[0].Text) {
				name, at = ws[0].Text, 1
			}
			if m := way.alike().FindStringSubmatch(ws[at].Text); m != nil && (name != "" || m[2] != "") {
				lists[name+m[2]] = append(lists[name+m[2]], &ws[at])
			}
		}
		for _, list := range lists {
			way.mend(list)
		}
	}
}

// mend puts the numbers of a list right that do not count on from the one before to the
// one after, as these two do: those that the reader doubts or that are no numbers. Letters
// have numbers twice, and numbers left out.
func (n *numerals) mend(list []*ocr.Word) {
	for i := 1; i+1 < len(list); i++ {
		w := list[i]
		number, end := cutEnd(w.Text)
		before, _ := cutEnd(list[i-1].Text)
		after, _ := cutEnd(list[i+1].Text)
		want := n.value(before) + 1
		if want == 1 || n.value(after) != want+1 || n.value(number) == want {
			continue
		}
		if w.Sure < sureNumber || n.value(number) == 0 {
			w.Text, w.Confidence = n.write(want)+end, min(w.Confidence, doubted)
		}
	}
}

// cutEnd divides a number from what closes it.
func cutEnd(s string) (number, end string) {
	number = strings.TrimRight(s, ".):")
	return number, s[len(number):]
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
