package channel

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Costs of aligning words, in words. Two words that have nothing in common cost
// less than leaving both out, so that short garbles between good neighbours are
// found: "ở" read as "6".
const (
	costSkip = 0.7
	costGlue = 0.4 // for a space lost or added
)

// band is how far from the diagonal the alignment of a page may stray, in words.
const band = 80

// step is one step of an alignment: so many words of the truth against so many
// of the reading, at a cost.
type step struct {
	truth, read int
	cost        float32
}

// alignWords pairs the words of a text with those of its reading. Punctuation at
// the edges is left out where both sides have it. Words without a convincing
// partner are left out.
func alignWords(truth, read string) []Pair {
	a, b := strings.Fields(truth), strings.Fields(read)
	steps := alignFields(a, b)
	var out []Pair
	i, j := 0, 0
	for n, s := range steps {
		if s.truth > 0 && s.read > 0 && convincing(steps, n) {
			p := trim(strings.Join(a[i:i+s.truth], " "), strings.Join(b[j:j+s.read], " "))
			if p.Word != "" && p.Read != "" && utf8.RuneCountInString(p.Read) <= 2*utf8.RuneCountInString(p.Word)+3 {
				out = append(out, p)
			}
		}
		i += s.truth
		j += s.read
	}
	return out
}

// convincing reports whether step n is a pair by itself or by its neighbours.
func convincing(steps []step, n int) bool {
	good := func(k int) bool {
		return k < 0 || k >= len(steps) || steps[k].truth > 0 && steps[k].read > 0 && steps[k].cost <= 0.5
	}
	return steps[n].cost <= 0.5 || good(n-1) && good(n+1)
}

// alignFields is a banded alignment by dynamic programming, with steps of up to
// two words on either side. Only the band is kept, so that memory grows with the
// words and not with their square.
func alignFields(a, b []string) []step {
	moves := []step{{1, 1, 0}, {1, 2, costGlue}, {2, 1, costGlue}, {1, 0, costSkip}, {0, 1, costSkip}}
	skeletonA, skeletonB := skeletons(a), skeletons(b)
	const width, never = 2*band + 1, 1e9
	cost := make([]float32, (len(a)+1)*width)
	from := make([]step, len(cost))
	at := func(i, j int) int { // the cell of a place, -1 off the band
		if k := j - i*len(b)/max(len(a), 1) + band; k >= 0 && k < width {
			return i*width + k
		}
		return -1
	}
	for i := range len(a) + 1 {
		middle := i * len(b) / max(len(a), 1)
		for j := max(0, middle-band); j <= min(len(b), middle+band); j++ {
			here := at(i, j)
			if i+j == 0 {
				continue
			}
			cost[here] = never
			for _, m := range moves {
				if i < m.truth || j < m.read {
					continue
				}
				k := at(i-m.truth, j-m.read)
				if k < 0 || cost[k] >= cost[here] {
					continue
				}
				before := cost[k]
				if m.truth > 0 && m.read > 0 {
					m.cost += distance(join(skeletonA[i-m.truth:i]), join(skeletonB[j-m.read:j]))
				}
				if c := before + m.cost; c < cost[here] {
					cost[here], from[here] = c, m
				}
			}
		}
	}
	var steps []step
	for i, j := len(a), len(b); i+j > 0; {
		k := at(i, j)
		if k < 0 || from[k].truth+from[k].read == 0 {
			return nil // the band was left: not a reading of this text
		}
		steps = append(steps, from[k])
		i, j = i-from[k].truth, j-from[k].read
	}
	slices.Reverse(steps)
	return steps
}

func skeletons(words []string) [][]rune {
	out := make([][]rune, len(words))
	for i, w := range words {
		out[i] = []rune(strings.ToLower(viet.Strip(w)))
	}
	return out
}

func join(s [][]rune) []rune {
	if len(s) == 1 {
		return s[0]
	}
	return append(append([]rune(nil), s[0]...), s[1]...)
}

// distance is the edit distance over the longer length, 0 to 1.
func distance(a, b []rune) float32 {
	if len(a) > 40 || len(b) > 40 {
		return 1
	}
	var rows [2][41]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i, r := range a {
		prev, row := &rows[i%2], &rows[(i+1)%2]
		row[0] = i + 1
		for j, s := range b {
			d := prev[j]
			if r != s {
				d++
			}
			row[j+1] = min(d, prev[j+1]+1, row[j]+1)
		}
	}
	return float32(rows[len(a)%2][len(b)]) / float32(max(len(a), len(b), 1))
}

// trim takes punctuation off both edges, as many marks from the reading as the
// word has. Where the reading has more, they stay if one may be the trace of a
// letter's mark: "tht?" for "thứ".
func trim(word, read string) Pair {
	core := strings.TrimFunc(word, isEdge)
	if core == "" {
		return Pair{}
	}
	before := strings.Index(word, core)
	after := len(word) - before - len(core)
	for n := utf8.RuneCountInString(word[:before]); n > 0 && read != ""; n-- {
		if r, size := utf8.DecodeRuneInString(read); isEdge(r) {
			read = read[size:]
		}
	}
	for n := utf8.RuneCountInString(word[len(word)-after:]); n > 0 && read != ""; n-- {
		if r, size := utf8.DecodeLastRuneInString(read); isEdge(r) {
			read = read[:len(read)-size]
		}
	}
	return Pair{core, strings.Trim(read, `.,;:"“”`)}
}

func isEdge(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
