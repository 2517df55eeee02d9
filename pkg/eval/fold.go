package eval

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Fold says which differences do not count. The zero value counts all but the
// Unicode normal form.
type Fold struct {
	Tone   bool // tone placement, hòa = hoà
	Quotes bool // shapes of quotes, dashes and the ellipsis
	Space  bool // amount and kind of white space, line breaks among it
	Case   bool
}

// FoldNames are what ParseFold takes, in the order in which String gives them.
var FoldNames = []string{"tone", "quotes", "space", "case"}

// ParseFold reads a list of names; "none" is an empty one.
func ParseFold(names []string) (Fold, error) {
	var f Fold
	for _, n := range names {
		switch n {
		case "tone":
			f.Tone = true
		case "quotes":
			f.Quotes = true
		case "space":
			f.Space = true
		case "case":
			f.Case = true
		case "none", "":
		default:
			return Fold{}, fmt.Errorf("can't fold %q: know %s, none", n, strings.Join(FoldNames, ", "))
		}
	}
	return f, nil
}

// Names lists what is folded.
func (f Fold) Names() []string {
	out := []string{}
	for i, on := range []bool{f.Tone, f.Quotes, f.Space, f.Case} {
		if on {
			out = append(out, FoldNames[i])
		}
	}
	return out
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "…", "...")

// apply returns s in NFC and folded, but for white space, which is left to the
// division into tokens.
func (f Fold) apply(s string) string {
	s = norm.NFC.String(strings.TrimPrefix(s, "\uFEFF"))
	if f.Case {
		s = strings.ToLower(s)
	}
	if f.Quotes {
		s = quotes.Replace(s)
	}
	if f.Tone {
		s = foldTone(s)
	}
	return s
}

// foldTone moves the tone of every oa, oe, uy to its first letter, also where no
// spelling has it: "hoàn" and "hòan" differ in nothing but the placement.
func foldTone(s string) string {
	out := []rune(s)
	for i := 1; i < len(out); i++ {
		a, b := out[i-1], out[i]
		letter, tone := viet.Split(b)
		if tone == viet.Ngang {
			continue
		}
		switch unicode.ToLower(a) {
		case 'o':
			if l := unicode.ToLower(letter); l != 'a' && l != 'e' {
				continue
			}
		case 'u':
			if unicode.ToLower(letter) != 'y' {
				continue
			}
		default:
			continue
		}
		out[i-1], out[i] = viet.WithTone(a, tone), letter
	}
	return string(out)
}

// A text is what is compared: its clusters, its tokens, and its syllables, which
// are the tokens without punctuation at their edges.
type text struct {
	clusters  []string
	tokens    []string
	syllables []string
	// The line, counted from 0, on which each stands.
	clusterLine, tokenLine, syllableLine []int32
	lines                                int
}

func newText(s string, f Fold) *text {
	s = f.apply(s)
	t := &text{}
	line := int32(0)
	if !f.Space {
		t.addClusters(s, &line)
	}
	line = 0
	for l := range strings.Lines(s) {
		for _, tok := range strings.Fields(l) {
			if f.Space {
				if len(t.clusters) > 0 {
					t.clusters = append(t.clusters, " ")
					t.clusterLine = append(t.clusterLine, line)
				}
				at := line
				t.addClusters(tok, &at)
			}
			t.tokens = append(t.tokens, tok)
			t.tokenLine = append(t.tokenLine, line)
			if syl := strings.TrimFunc(tok, isEdge); syl != "" {
				t.syllables = append(t.syllables, syl)
				t.syllableLine = append(t.syllableLine, line)
			}
		}
		line++
	}
	t.lines = int(line)
	return t
}

// isEdge reports what does not belong to a syllable: all but letters, digits and
// the underscore.
func isEdge(r rune) bool {
	return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

func (t *text) addClusters(s string, line *int32) {
	state := -1
	for s != "" {
		var c string
		if s[0] < utf8.RuneSelf && s[0] != '\r' && (len(s) == 1 || s[1] < utf8.RuneSelf) {
			c, s, state = s[:1], s[1:], -1
		} else {
			c, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		}
		t.clusters = append(t.clusters, c)
		t.clusterLine = append(t.clusterLine, *line)
		if c[len(c)-1] == '\n' {
			*line++
		}
	}
}

// symbols numbers the strings of several texts alike.
type symbols map[string]symbol

func (n symbols) of(texts []string) []symbol {
	out := make([]symbol, len(texts))
	for i, s := range texts {
		id, ok := n[s]
		if !ok {
			id = symbol(len(n))
			n[s] = id
		}
		out[i] = id
	}
	return out
}
