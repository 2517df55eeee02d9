package layout

import (
	"image"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Rows groups lines that stand side by side, each row from left to right and
// the rows from top to bottom. Lines without boxes are rows of their own.
func Rows(lines []ocr.Line) [][]ocr.Line {
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b ocr.Line) int {
		if a.Box.Empty() || b.Box.Empty() {
			return 0
		}
		return a.Box.Min.Y + a.Box.Max.Y - b.Box.Min.Y - b.Box.Max.Y
	})
	var rows [][]ocr.Line
	for _, l := range sorted {
		if n := len(rows); n > 0 && beside(rows[n-1], l) {
			rows[n-1] = append(rows[n-1], l)
			continue
		}
		rows = append(rows, []ocr.Line{l})
	}
	for _, r := range rows {
		slices.SortStableFunc(r, func(a, b ocr.Line) int { return a.Box.Min.X - b.Box.Min.X })
	}
	return rows
}

// beside reports whether l shares half its height with a row and its width
// with none of it.
func beside(row []ocr.Line, l ocr.Line) bool {
	if l.Box.Empty() {
		return false
	}
	for _, r := range row {
		shared := min(r.Box.Max.Y, l.Box.Max.Y) - max(r.Box.Min.Y, l.Box.Min.Y)
		if 2*shared < min(r.Box.Dy(), l.Box.Dy()) || r.Box.Min.X < l.Box.Max.X && l.Box.Min.X < r.Box.Max.X {
			return false
		}
	}
	return true
}

// Paragraphs groups the lines of a page into paragraphs. The reader's own
// paragraphs are cut where a line ends early, starts further right, or opens a
// list, and where lines are centred; and joined where it cut between two full lines of running text.
func Paragraphs(lines []ocr.Line) [][]ocr.Line {
	var out [][]ocr.Line
	for i, l := range lines {
		if len(l.Words) == 0 {
			continue
		}
		if len(out) > 0 && !startsParagraph(lines[:i], l) {
			out[len(out)-1] = append(out[len(out)-1], l)
			continue
		}
		out = append(out, []ocr.Line{l})
	}
	return out
}

func startsParagraph(before []ocr.Line, l ocr.Line) bool {
	prev := before[len(before)-1]
	if l.Role != prev.Role {
		return true
	}
	if l.Cell != (ocr.Cell{}) || prev.Cell != (ocr.Cell{}) {
		return prev.Cell.Table != l.Cell.Table || prev.Cell.Row != l.Cell.Row
	}
	if len(prev.Words) == 0 || formula.OpensItem(texts(l.Words)) || isHeading(prev.Words) || isHeading(l.Words) {
		return true
	}
	other := prev.Block != l.Block || prev.Par != l.Par
	if prev.Box.Empty() || l.Box.Empty() {
		return other
	}
	h := medianHeight(l.Words)
	b := measure(before[max(0, len(before)-nearLines):], l).Union(l.Box)
	centred := abs(centre(prev.Box)-centre(l.Box)) < h && abs(prev.Box.Min.X-l.Box.Min.X) > h
	if centred || prev.Box.Max.X < b.Max.X-4*h || l.Box.Min.X > prev.Box.Min.X+h && l.Box.Min.X > b.Min.X+h {
		return true
	}
	if l.Box.Min.Y-prev.Box.Max.Y > 2*h || l.Box.Min.Y < prev.Box.Min.Y {
		return true
	}
	if other {
		first, _ := utf8.DecodeRuneInString(l.Words[0].Text)
		return !unicode.IsLower(first) || ends(prev.Words)
	}
	return false
}

// nearLines is how many lines back, in reading order, one can stand that is near:
// a column of text, and the cells of a table.
const nearLines = 64

// measure returns the box of the lines near l: the width of running text there.
func measure(lines []ocr.Line, l ocr.Line) (b image.Rectangle) {
	reach := 12 * l.Box.Dy()
	for _, o := range lines {
		if abs(o.Box.Min.Y-l.Box.Min.Y) < reach {
			b = b.Union(o.Box)
		}
	}
	return b
}

// ends reports whether words end a sentence or an item of a list.
func ends(words []ocr.Word) bool {
	s := strings.TrimRight(words[len(words)-1].Text, "”\"')")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

// isHeading reports whether words are two or more in capitals.
func isHeading(words []ocr.Word) bool {
	return len(words) >= 2 && formula.IsHeading(strings.Join(texts(words), " "))
}

// Join writes the words of a paragraph as one line. A word cut by a hyphen at
// the end of a line is put together: the hyphen stays between two Vietnamese
// syllables (mít-tinh), digits and capitals, and goes inside a foreign word.
func Join(par []ocr.Line) string {
	var b strings.Builder
	prev := ""
	for i, l := range par {
		for j, w := range l.Words {
			s := w.Text
			if s == "" {
				continue
			}
			switch {
			case prev == "":
			case i > 0 && j == 0 && l.Cell.Column != par[i-1].Cell.Column:
				b.WriteString(ocr.Break(par[i-1], l))
			case i > 0 && j == 0 && hyphenated(prev, s):
				if stripped, ok := dropHyphen(prev, s); ok {
					cut := b.String()
					b.Reset()
					b.WriteString(strings.TrimSuffix(cut, prev))
					b.WriteString(stripped)
				}
			default:
				b.WriteByte(' ')
			}
			b.WriteString(s)
			prev = s
		}
	}
	return b.String()
}

// hyphenated reports whether the last word of a line goes on in the next.
func hyphenated(end, start string) bool {
	body, ok := strings.CutSuffix(end, "-")
	if !ok {
		body, ok = strings.CutSuffix(end, "\u00ad")
	}
	if !ok || body == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(body)
	first, _ := utf8.DecodeRuneInString(start)
	alnum := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return alnum(last) && alnum(first)
}

// dropHyphen returns end without its hyphen, when the hyphen is there for the
// end of the line only.
func dropHyphen(end, start string) (string, bool) {
	if body, ok := strings.CutSuffix(end, "\u00ad"); ok {
		return body, true
	}
	body := strings.TrimSuffix(end, "-")
	last := body[strings.LastIndexByte(body, '-')+1:]
	next := strings.TrimRightFunc(start, func(r rune) bool { return !unicode.IsLetter(r) })
	if i := strings.IndexByte(next, '-'); i >= 0 {
		next = next[:i]
	}
	lower := func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLower(r) }) < 0
	}
	if !lower(next) || !lower(strings.ToLower(last)) || strings.ToUpper(last) == last || utf8.RuneCountInString(last) == 1 || viet.IsSyllable(last) && viet.IsSyllable(next) {
		return end, false
	}
	return body, true
}
