package ngram

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// A model knows its words in lower case, but a capital in the middle of a
// sentence tells names from other words: "Văn" after "Hoàng" is no "vẫn". So a
// model also holds how often each word has one, and a reader may add
// CapLogProb to what the language model says.

// Capitals goes through the tokens of a line and tells for each whether its
// case says something about the word.
type Capitals struct {
	inCapitals, first, after bool
}

// Begin starts a line.
func (c *Capitals) Begin(line string, toks []token.Token) {
	words, upper := 0, 0
	for _, t := range toks {
		if t.Class == token.Word {
			words++
			if viet.CaseOf(line[t.Start:t.End]) == viet.Upper {
				upper++
			}
		}
	}
	*c = Capitals{inCapitals: 2*upper > words, first: true}
}

// Next reports whether the case of the next token is its own: the token is a
// word neither at the start of a sentence nor in capitals. If so, title reports
// whether it begins with a capital and after whether the word before it does.
// Marks on its letters make no difference.
func (c *Capitals) Next(s, symbol string, class token.Class) (own, title, after bool) {
	if class != token.Word {
		c.after = false
		c.first = class == token.Item || class == token.Punct && beforeCapital(symbol)
		return false, false, false
	}
	cs := viet.CaseOf(s)
	own = !c.inCapitals && !c.first && (cs == viet.Lower || cs == viet.Title)
	title, after = cs == viet.Title, c.after
	c.after, c.first = cs != viet.Lower, false
	return own, title, after
}

// beforeCapital reports whether the word after a mark may have a capital for
// that reason alone.
func beforeCapital(symbol string) bool {
	switch symbol {
	case ".", "?", "!", "…", ":", `"`, "(", "-", "•", "*", "/", "'", "[", "+":
		return true
	}
	return false
}

// CapLogProb returns log10 of the probability that w, where its case is its own,
// begins with a capital (or does not, when title is false), after a word that
// does (or does not).
func (m *Model) CapLogProb(w ID, title, after bool) float32 {
	i := 2 * int(w)
	if after {
		i++
	}
	if i >= len(m.caps) {
		return -0.3
	}
	if title {
		return capLogs[m.caps[i]].title
	}
	return capLogs[m.caps[i]].lower
}

// capLogs is log10 of the shares that the stored log odds mean.
var capLogs = func() (t [256]struct{ title, lower float32 }) {
	for i := range t {
		odds := (float64(i) - 128) / format.CapStep
		t[i].title = float32(-math.Log1p(math.Exp(-odds)) / math.Ln10)
		t[i].lower = float32(-math.Log1p(math.Exp(odds)) / math.Ln10)
	}
	return t
}()
