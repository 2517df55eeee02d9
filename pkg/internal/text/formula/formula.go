// Package formula lists what is the same in every Vietnamese official letter:
// the country's name and motto, the words that open addressees, subject and
// recipients, kinds of documents, bodies, capacities of signers, provinces, and
// how items of a list and headings look. It finds these landmarks in text that a
// reader of images garbled; what stands between them is for the callers.
package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// A Formula is a run of words that stands in letters as it is.
type Formula struct {
	Text   string // as it is printed
	folded string
	caps   bool
}

func define(s string) Formula { return Formula{s, Fold(s), viet.CaseOf(s) == viet.Upper} }

// The landmarks of a letter by Decree 30/2020/NĐ-CP and of the Party's letters.
var (
	Country    = define("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	Motto      = define("Độc lập - Tự do - Hạnh phúc")
	Party      = define("ĐẢNG CỘNG SẢN VIỆT NAM")
	To         = define("Kính gửi")
	Copies     = define("Nơi nhận")
	AsAbove    = define("Như trên")
	AsArticle  = define("Như Điều")
	Kept       = define("Lưu")
	Grounds    = define("Căn cứ")
	Article    = define("Điều")
	Concerning = define("Về việc")
	Annex      = define("PHỤ LỤC")
)

// head holds what opens the right column of a letter's head.
var head = []Formula{Country, Party, Motto}

// Fold leaves of s its letters a to z, in lower case and without marks: what
// survives a bad reading of a formula.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r = unicode.ToLower(viet.StripRune(r)); r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Near reports whether a and b, folded, differ in at most a quarter of b's
// letters.
func Near(a, b string) bool {
	limit := len(b) / 4
	if len(a) > len(b)+limit || len(b) > len(a)+limit {
		return false
	}
	return a == b || limit > 0 && Distance(a, b) <= limit
}

// Distance is the edit distance of two short strings of ASCII.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// Opens returns how many of the words at the start of ws read like f, a
// quarter of its letters wrong at most, or 0.
func (f Formula) Opens(ws []string) int {
	s := ""
	for i, w := range ws {
		s += Fold(w)
		if len(s)+1 >= len(f.folded) {
			if Near(s, f.folded) {
				return i + 1
			}
			if len(s) > len(f.folded) {
				break
			}
		}
	}
	return 0
}

// Starts reports whether the first of ws reads like the first word of f.
func (f Formula) Starts(ws []string) bool {
	first, _, _ := strings.Cut(f.Text, " ")
	return len(ws) > 0 && Near(Fold(ws[0]), Fold(first))
}

// Head finds the country's name, its motto or the Party's name among words:
// ws[from:to]. Names stand in capitals; a third of their letters may be wrong
// and a quarter of the motto's, whose words running text has, too.
func Head(ws []string) (from, to int, ok bool) {
	_, from, to, ok = Which(ws)
	return from, to, ok
}

// Which is Head, and says what was found.
func Which(ws []string) (found Formula, from, to int, ok bool) {
	best := 1.0
	for _, f := range head {
		i, j, wrong := f.find(ws)
		share := float64(wrong) / float64(len(f.folded))
		if share >= best || share > 1.0/3 || f.caps && !f.isHeading(ws[i:j], share) || !f.caps && share > 0.25 {
			continue
		}
		found, from, to, best, ok = f, i, j, share, true
	}
	return found, from, to, ok
}

// isHeading reports whether words stand in capitals, or most of them do and hardly a
// letter is wrong.
func (f Formula) isHeading(ws []string, wrong float64) bool {
	isCapital := func(w string) bool { r, _ := utf8.DecodeRuneInString(w); return unicode.IsUpper(r) }
	capitals := 0
	for _, w := range ws {
		if isCapital(w) {
			capitals++
		}
	}
	return IsHeading(strings.Join(ws, " ")) || wrong < 0.15 && 4*capitals >= 3*len(ws) && isCapital(ws[0])
}

// find returns the words that read most like f and how many letters are wrong
// in them. It is Sellers' approximate search ("The theory and computation of
// evolutionary distances", 1980), held to the bounds of words: one pass, the
// length of the words times that of the formula.
func (f Formula) find(ws []string) (from, to, wrong int) {
	type cell struct{ cost, from int }
	column := make([]cell, len(f.folded)+1)
	for i := range column {
		column[i].cost = i
	}
	wrong = len(f.folded)
	for k, w := range ws {
		// A match may begin before this word, at no cost.
		column[0] = cell{0, k}
		for i := 1; i < len(column); i++ {
			if c := column[i-1].cost + 1; c < column[i].cost {
				column[i] = cell{c, column[i-1].from}
			}
		}
		for _, r := range Fold(w) {
			diag := column[0]
			column[0].cost++
			for i := 1; i < len(column); i++ {
				best := diag
				if byte(r) != f.folded[i-1] {
					best.cost++
				}
				if c := column[i].cost + 1; c < best.cost {
					best = cell{c, column[i].from}
				}
				if c := column[i-1].cost + 1; c < best.cost {
					best = cell{c, column[i-1].from}
				}
				diag, column[i] = column[i], best
			}
		}
		if end := column[len(column)-1]; end.cost < wrong {
			from, to, wrong = end.from, k+1, end.cost
		}
	}
	return from, to, wrong
}

// IsSubject reports whether a word reads like "V/v", short for "về việc", with
// which the subject of a letter opens: the stroke and the small v are read in
// many ways.
func IsSubject(word string) bool {
	if word == "VW" {
		return true
	}
	r := []rune(strings.TrimRight(word, ".:"))
	return len(r) == 3 && strings.ContainsRune("Vv", r[0]) && strings.ContainsRune(`/⁄\|lIi1!AN`, r[1]) && strings.ContainsRune("vVyY", r[2])
}
