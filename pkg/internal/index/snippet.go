package index

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/bits"
	"slices"
	"strings"
)

// Snippet is a piece of a page with the words found in it.
type Snippet struct {
	Text  string
	Found [][2]int // bytes of Text, from and to
}

// The words of a snippet before and after the first one found.
const wordsBefore, wordsAfter = 10, 20

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

// group is a run of words that must follow each other.
type group struct {
	words  []term
	prefix bool // the last one is the beginning of a word
}

// pattern is how the words stand in a folded text.
func (g group) pattern() string {
	var b strings.Builder
	for _, t := range g.words {
		b.WriteString(" " + t.bare)
	}
	if !g.prefix {
		b.WriteByte(' ')
	}
	return b.String()
}

// A place is where a group stands on a page.
type place struct {
	group    int
	from, to int // bytes of the folded words
	asTyped  bool
}

// look finds all places where groups stand on a page, in order.
func look(text string, groups []group) (f folded, places []place) {
	f = foldPlaces(text, true)
	for i, g := range groups {
		pattern := []byte(g.pattern())
		for at := 0; ; {
			k := bytes.Index(f.words[at:], pattern)
			if k < 0 {
				break
			}
			p := place{group: i, from: at + k + 1}
			p.to = p.from + len(pattern) - 1
			if g.prefix {
				p.to += bytes.IndexByte(f.words[p.to:], ' ')
			} else {
				p.to--
			}
			p.asTyped = g.isTyped(text[f.at[p.from]:f.at[p.to]])
			places = append(places, p)
			at = p.to
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	return f, places
}

// isTyped reports whether words of a page have the marks that were typed. A word typed
// without any is any word.
func (g group) isTyped(found string) bool {
	var words []term
	for k, t := range g.words {
		if t.marked == "" {
			continue
		}
		if words == nil {
			words = typed(found)
		}
		if k >= len(words) || cmp.Or(words[k].marked, words[k].bare) != t.marked {
			return false
		}
	}
	return true
}

// Find returns where on a page the words of a query stand, as runs of bytes in order.
func (q *Query) Find(text string) (found [][2]int) {
	w, err := q.compile()
	if err != nil {
		return nil
	}
	f, places := look(text, w.asks[len(w.asks)-1].groups)
	for _, p := range places {
		found = append(found, [2]int{int(f.at[p.from]), int(f.at[p.to])})
	}
	return found
}

// allTyped reports whether each group stands somewhere as it was typed.
func allTyped(places []place, groups []group) bool {
	seen := make([]bool, len(groups))
	for _, p := range places {
		seen[p.group] = seen[p.group] || p.asTyped
	}
	return len(groups) > 0 && !slices.Contains(seen, false)
}

// snippet cuts out of a page where most of the words of a query stand close together,
// as they were typed if they do anywhere.
func snippet(text string, groups []group) Snippet {
	f, places := look(text, groups)
	if len(f.words) <= 1 {
		return Snippet{}
	}
	at := 1
	if len(places) > 0 {
		at = places[richest(places)].from
	}
	from, to := at, at
	for n := 0; n <= wordsBefore && from > 0; n++ {
		from = bytes.LastIndexByte(f.words[:from], ' ')
	}
	for n := 0; n < wordsAfter && to < len(f.words)-1; n++ {
		to += 1 + bytes.IndexByte(f.words[to+1:], ' ')
	}
	return cut(text, f, places, from+1, to)
}

// window is how many bytes of folded words are seen at a time: some twelve words.
const window = 60

// richest finds the place from which a window sees most of what there is to see.
func richest(places []place) (at int) {
	best := 0
	for i, p := range places {
		var groups, asTyped uint64
		for _, o := range places[i:] {
			if o.from > p.from+window {
				break
			}
			groups |= 1 << (o.group % 64)
			if o.asTyped {
				asTyped |= 1 << (o.group % 64)
			}
		}
		if n := bits.OnesCount64(groups) + bits.OnesCount64(asTyped); n > best {
			best, at = n, i
		}
	}
	return at
}

// cut takes folded words out of a text and marks the places in them. Line breaks become
// spaces, and neighbours that are both marked one.
func cut(text string, f folded, places []place, from, to int) (s Snippet) {
	start, end := int(f.at[from]), int(f.at[to])
	if from > 1 {
		s.Text = "… "
	}
	shift := len(s.Text) - start
	s.Text += strings.TrimSpace(strings.ReplaceAll(text[start:end], "\n", " "))
	if to < len(f.words)-1 {
		s.Text += " …"
	}
	for _, p := range places {
		if p.from < from || p.to > to {
			continue
		}
		a, b := int(f.at[p.from])+shift, int(f.at[p.to])+shift
		if n := len(s.Found); n > 0 && (a <= s.Found[n-1][1] || strings.TrimSpace(s.Text[s.Found[n-1][1]:a]) == "") {
			s.Found[n-1][1] = max(b, s.Found[n-1][1])
		} else {
			s.Found = append(s.Found, [2]int{a, b})
		}
	}
	return s
}
