package check

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/viet"
)

const gluedRule = "CV017"

func gluedMessage(found, propose string) string {
	return fmt.Sprintf("%q lacks a space: %q", shorten(found), shorten(propose))
}

// How many times more likely than a word as it stands the words must be that it may be
// made of, as a power of ten. Of what is likely so among 5.4 million words of laws, news,
// Wikipedia and books, words taken from other languages and names have up to 4.6 ("ximăng",
// "đềpa"), up to 12.5 where they have marks and no syllable tells that it is Vietnamese
// ("ápphích", "môđun"), up to 6.5 without marks ("viba") and as names ("Hủaphăn"). Of 6,273 pairs of words whose space was taken out,
// 93 % have more.
const (
	gainCapital = 0  // a capital inside tells already
	gainNative  = 5  // so does a frequent pair, or a syllable with what loanwords lack
	gainBare    = 10 // there are no marks
	gainOther   = 13 // nothing tells
	gainName    = 3  // more for what may be a name
)

// leastGlued is how many letters two words have at least.
const leastGlued = 4

// glued compares word i with the syllables that it may be made of, if it is none itself.
func (l *Model) glued(text string, i int, report Report) {
	it := l.items[i]
	w := text[it.start:it.end]
	if utf8.RuneCountInString(w) < leastGlued || viet.IsSyllable(w) {
		return
	}
	before := l.before(i)
	parts, end := l.divide(w, before)
	if len(parts) < 2 {
		return
	}
	whole, s := l.m.Score(before, it.id)
	if it.id <= ngram.Foreign {
		whole += l.spell().Foreign(strings.ToLower(w))
	}
	gain := end.logp + l.after(i, end.state) - whole - l.after(i, s)
	if gain >= l.gluedLimit(text, w, i, parts) {
		report(gluedRule, it.start, it.end, strings.Join(parts, " "))
	}
}

// gluedLimit is the gain that the parts of word i must pass.
func (l *Model) gluedLimit(text, w string, i int, parts []string) float32 {
	limit := float32(gainOther)
	if _, plain := source.Unglue(w); plain && viet.CaseOf(w) == viet.Mixed {
		return gainCapital
	} else if plain || slices.ContainsFunc(parts, source.IsNative) {
		limit = gainNative
	} else if !viet.HasMarks(w) {
		limit = gainBare
	}
	if i > 0 && viet.CaseOf(w) == viet.Title && !l.startsSentence(text, i) {
		limit += gainName
	}
	return limit
}

// after is log10 of the probability of the words after place i that the state there
// bears upon.
func (l *Model) after(i int, s ngram.State) float32 {
	sum := float32(0)
	for _, it := range l.items[i+1 : min(len(l.items), i+l.m.Order())] {
		var lp float32
		lp, s = l.m.Score(s, it.id)
		sum += lp
	}
	return sum
}

// division is the best way to divide the first letters of a word.
type division struct {
	logp  float32
	state ngram.State
	from  int // of the last syllable
	ok    bool
}

// divide returns the most probable syllables that the letters of a word may be, after
// those before it.
func (l *Model) divide(w string, before ngram.State) ([]string, division) {
	rs := []rune(w)
	best := make([]division, len(rs)+1)
	best[0] = division{state: before, ok: true}
	for from := range rs {
		for to := from + 1; best[from].ok && to <= len(rs); to++ {
			if !source.MayBePart(rs, from, to) {
				if to-from > source.LongestSyllable {
					break
				}
				continue
			}
			id := l.m.Lookup(viet.Fold(string(rs[from:to])))
			if id == ngram.None {
				continue
			}
			lp, s := l.m.Score(best[from].state, id)
			if lp += best[from].logp; !best[to].ok || lp > best[to].logp {
				best[to] = division{lp, s, from, true}
			}
		}
	}
	last := best[len(rs)]
	if !last.ok {
		return nil, last
	}
	var parts []string
	for to := len(rs); to > 0; to = best[to].from {
		parts = append(parts, string(rs[best[to].from:to]))
	}
	slices.Reverse(parts)
	return parts, last
}
