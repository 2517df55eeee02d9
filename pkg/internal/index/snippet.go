package index

import (
	"encoding/json"
	"math/bits"
	"strings"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Snippet is a piece of a page with the words found in it.
type Snippet struct {
	Text  string
	Found [][2]int // bytes of Text, from and to
}

// snippetWords is how many words stand on each side of what was found.
const snippetWords = 10

// MarshalJSON writes the text, and the words found by themselves: offsets would
// count differently in other languages.
func (s Snippet) MarshalJSON() ([]byte, error) {
	words := []string{}
	for _, f := range s.Found {
		words = append(words, s.Text[f[0]:f[1]])
	}
	return json.Marshal(struct {
		Text  string   `json:"text"`
		Found []string `json:"found"`
	}{s.Text, words})
}

// Mark writes the text with what was found between two strings.
func (s Snippet) Mark(before, after string) string {
	var b strings.Builder
	end := 0
	for _, f := range s.Found {
		b.WriteString(s.Text[end:f[0]] + before + s.Text[f[0]:f[1]] + after)
		end = f[1]
	}
	return b.String() + s.Text[end:]
}

// snippet cuts out of a page where most of the words of a query stand close together,
// as they were typed if they do anywhere, and says whether all of them stand on the
// page as they were typed.
func snippet(text string, groups []group) (s Snippet, asTyped bool) {
	on := terms(text)
	marked := make([]bool, len(on))
	worth := make([]int, len(on)) // bit i: group i stands here; higher bits: as typed
	asTyped = len(groups) > 0
	for i, g := range groups {
		here := false
		for _, at := range g.places(on) {
			for k := range g.words {
				marked[at+k] = true
			}
			worth[at] |= 1 << (i % 16)
			if g.isTyped(text, on[at:]) {
				here = true
				worth[at] |= 1 << (i%16 + 16)
			}
		}
		asTyped = asTyped && here
	}
	return cut(text, on, marked, richest(worth)), asTyped
}

// richest finds where a window of words sees most of what there is to see.
func richest(worth []int) (at int) {
	best := 0
	for i, w := range worth {
		if w == 0 {
			continue
		}
		sees := 0
		for _, v := range worth[i:min(i+snippetWords, len(worth))] {
			sees |= v
		}
		if n := bits.OnesCount(uint(sees)); n > best {
			best, at = n, i
		}
	}
	return at
}

// places finds where the words of a group stand, whatever their marks.
func (g group) places(on []term) (at []int) {
	for i := range on {
		if g.stands(on[i:]) {
			at = append(at, i)
		}
	}
	return at
}

// Find returns where on a page the words of a query stand, as runs of bytes.
func (q *Query) Find(text string) (found [][2]int) {
	w, err := q.compile()
	if err != nil {
		return nil
	}
	on := terms(text)
	for _, g := range w.asks[len(w.asks)-1].groups {
		for _, at := range g.places(on) {
			found = append(found, [2]int{on[at].start, on[at+len(g.words)-1].end})
		}
	}
	return found
}

// stands reports whether words stand at the beginning of on, whatever their marks.
func (g group) stands(on []term) bool {
	if len(on) < len(g.words) {
		return false
	}
	for k, t := range g.words {
		last := g.prefix && k == len(g.words)-1
		if on[k].folded != t.folded && !(last && strings.HasPrefix(on[k].folded, t.folded)) {
			return false
		}
	}
	return true
}

// isTyped reports whether words at the beginning of on have the marks that were
// typed. A word typed without any is any word.
func (g group) isTyped(text string, on []term) bool {
	for k, t := range g.words {
		if t.marked != "" && viet.Fold(text[on[k].start:on[k].end]) != t.marked {
			return false
		}
	}
	return true
}

// cut takes the words around the one at place at, and marks those found. Line
// breaks become spaces.
func cut(text string, on []term, marked []bool, at int) Snippet {
	if len(on) == 0 {
		return Snippet{}
	}
	from, to := max(0, at-snippetWords), min(len(on), at+2*snippetWords)
	start, end := on[from].start, on[to-1].end
	var s Snippet
	if from > 0 {
		s.Text = "… "
	}
	shift := len(s.Text) - start
	s.Text += strings.ReplaceAll(text[start:end], "\n", " ")
	if to < len(on) {
		s.Text += " …"
	}
	for i := from; i < to; i++ {
		if !marked[i] {
			continue
		}
		a, b := on[i].start+shift, on[i].end+shift
		if n := len(s.Found); n > 0 && strings.TrimSpace(s.Text[s.Found[n-1][1]:a]) == "" {
			s.Found[n-1][1] = b
		} else {
			s.Found = append(s.Found, [2]int{a, b})
		}
	}
	return s
}
