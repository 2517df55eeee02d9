package letter

import (
	"image"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// line is a line of a page, or a part of one, columns apart.
type line struct {
	Position
	words []ocr.Word
	text  string
	box   image.Rectangle // empty for plain text
	block int
	gap   bool // white space above
}

// linesOf returns the lines of a page.
func linesOf(number int, page *ocr.Page) []line {
	var out []line
	for i, l := range page.Lines {
		n := line{Position: Position{number, i + 1}, words: l.Words, text: text(l.Words), box: l.Box, block: l.Block}
		if i > 0 {
			prev := page.Lines[i-1]
			if l.Box.Empty() {
				n.gap = l.Par != prev.Par || l.Block != prev.Block
			} else {
				n.gap = l.Box.Min.Y-prev.Box.Max.Y > min(l.Box.Dy(), prev.Box.Dy())*4/5 || l.Box.Max.Y < prev.Box.Min.Y
			}
		}
		out = append(out, n)
	}
	return out
}

// part returns words i to j of l as a line.
func (l line) part(i, j int) line {
	l.words = l.words[i:j]
	l.text = text(l.words)
	if !l.box.Empty() {
		l.box = image.Rectangle{}
		for _, w := range l.words {
			l.box = l.box.Union(w.Box)
		}
	}
	return l
}

// fields returns the texts of the words of l, one for one.
func (l line) fields() []string {
	ws := make([]string, len(l.words))
	for i, w := range l.words {
		ws[i] = strings.TrimSpace(w.Text)
	}
	return ws
}

// text joins the texts of words.
func text(line []ocr.Word) string {
	ws := make([]string, 0, len(line))
	for _, w := range line {
		if s := strings.TrimSpace(w.Text); s != "" {
			ws = append(ws, s)
		}
	}
	return strings.Join(ws, " ")
}

// read joins what the reader saw.
func (l line) read() string {
	ws := make([]string, 0, len(l.words))
	for _, w := range l.words {
		if s := strings.TrimSpace(w.Read); s != "" {
			ws = append(ws, s)
		}
	}
	return strings.Join(ws, " ")
}

// confidence is that of the least sure word.
func (l line) confidence() float64 {
	c := 1.0
	for _, w := range l.words {
		c = min(c, w.Confidence)
	}
	return c
}

// letters counts the letters of s.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// startsLower reports whether the first letter of s is small.
func startsLower(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}

// trim takes from both ends of s what is neither a letter nor a digit, but keeps
// a bracket that closes.
func trim(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '“' && r != '"' && r != '('
	})
	return strings.TrimRightFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`”")%`, r)
	})
}

func words(s string) []string { return strings.Fields(s) }
