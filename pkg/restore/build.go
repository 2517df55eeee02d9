package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/channel"
	"github.com/congvan-cli/congvan/pkg/lattice"
	"github.com/congvan-cli/congvan/pkg/ngram"
	"github.com/congvan-cli/congvan/pkg/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// unit is a token of a block.
type unit struct {
	start, end int
	class      token.Class
	glued      bool // no white space before it
	line       bool // first of its line
	shouted    bool // in a line of capitals
	telling    bool // a capital here says that it is a name
	after      bool // and so does the one of the word before
}

// choice is what an arc of the lattice stands for: text[start:end] taken for a
// word, or as it is if word is ngram.None.
type choice struct {
	start, end int
	word       ngram.ID
	c          viet.Case
	split      bool // a space was lost before it
}

// builder makes the lattice of a block. Node i stands before unit i; nodes
// inside a unit, where a lost space may be, are numbered after the last.
type builder struct {
	text    string
	units   []unit
	arcs    []lattice.Arc
	choices []choice
	nodes   []int32 // number of the node before each unit, in topological order
}

// Costs in log10 that the training pairs do not tell.
const (
	costOtherCase  = 1.0 // per word in another case pattern than it was read in
	costDigitsWord = 1.0 // a number that is taken for a word
	capitalWeight  = 0.7
	splitWorse     = 2.5 // log10: a token explained worse than this may be two
	maxJoined      = 8   // letters of a word that was read with a space in it
)

func (b *builder) reset(text string) {
	*b = builder{text: text, units: b.units[:0], arcs: b.arcs[:0], choices: b.choices[:0], nodes: b.nodes[:0]}
	var toks []token.Token
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n')
		if end < start {
			end = len(text)
		}
		toks = token.Append(toks[:0], text[start:end])
		b.line(text[start:end], start, toks)
		start = end + 1
	}
	at := int32(0)
	for _, u := range b.units {
		b.nodes = append(b.nodes, at)
		at++
		if u.class == token.Word || u.class == token.Mixed {
			at += int32(max(0, utf8.RuneCountInString(text[u.start:u.end])-1))
		}
	}
	b.nodes = append(b.nodes, at)
}

func (b *builder) arc(from, to int32, word ngram.ID, cost float32, c choice) {
	b.arcs = append(b.arcs, lattice.Arc{From: from, To: to, Word: word, Cost: cost, Tag: int32(len(b.choices))})
	b.choices = append(b.choices, c)
}

// line adds the units of a line that begins at start.
func (b *builder) line(line string, start int, toks []token.Token) {
	words, upper := 0, 0
	for _, t := range toks {
		if t.Class == token.Word && t.End-t.Start > 1 {
			words++
			if viet.CaseOf(line[t.Start:t.End]) == viet.Upper {
				upper++
			}
		}
	}
	shouted := 2*upper > words
	var capitals ngram.Capitals
	capitals.Begin(line, toks)
	for i, t := range toks {
		s := line[t.Start:t.End]
		telling, _, after := capitals.Next(s, token.Symbol(s, t.Class), t.Class)
		b.units = append(b.units, unit{
			start: start + t.Start, end: start + t.End, class: t.Class,
			glued: i > 0 && toks[i-1].End == t.Start, line: i == 0,
			shouted: shouted, telling: telling, after: after,
		})
	}
}

// buildStripped fills the lattice with the words that read as the text does once
// their marks are taken off. That is exact: the letters stay.
func (w *worker) buildStripped() {
	b := &w.lat
	for i, u := range b.units {
		s := b.text[u.start:u.end]
		var words []ngram.ID
		if u.class == token.Word && !viet.HasMarks(s) {
			words = w.model.ByStrip(strings.ToLower(s))
		}
		for _, id := range words {
			cost := w.capital(u, id, viet.CaseOf(s))
			b.arc(b.nodes[i], b.nodes[i+1], id, cost, choice{start: u.start, end: u.end, word: id, c: viet.Mixed})
		}
		if len(words) == 0 {
			w.identity(i, nil)
		}
	}
}

// build fills the lattice with what channel ch proposes.
func (w *worker) build(ch *channel.Model) {
	b := &w.lat
	for i, u := range b.units {
		w.identity(i, ch)
		switch u.class {
		case token.Word, token.Mixed:
			best := w.words(i, i+1, 0, ch)
			w.splits(i, best, ch)
			w.join(i, best, ch)
		case token.Number:
			if u.end-u.start <= 2 {
				w.words(i, i+1, costDigitsWord, ch)
			}
		}
		w.merges(i, ch)
	}
}

// identity adds the arc that takes a unit as it was read.
func (w *worker) identity(i int, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.text[u.start:u.end]
	id, cost := w.symbol(s, u.class)
	if ch != nil && (u.class == token.Word) && len(s) < 40 {
		cost -= float32(max(ch.Log10(s, s), -3))
	}
	cost += w.capital(u, id, viet.CaseOf(s))
	b.arc(b.nodes[i], b.nodes[i+1], id, cost, choice{start: u.start, end: u.end})
}

// symbol returns the word of the language model for a unit as it was read, and
// what its spelling costs if that is not told by the word.
func (w *worker) symbol(s string, class token.Class) (ngram.ID, float32) {
	sym := token.Symbol(s, class)
	if sym == "" {
		return ngram.None, 0
	}
	id := w.model.ID(sym)
	switch {
	case class == token.Number:
		return id, numberCost(sym, s)
	case class == token.Mixed:
		return id, -w.spell().log10(s)
	case id == ngram.Foreign || id == ngram.Unknown:
		return id, -w.spell().log10(sym)
	}
	return id, 0
}

// numberCost is -log10 of the chance that a number of its class is just this one.
func numberCost(symbol, s string) float32 {
	switch symbol {
	case "<n>":
		return 1.3
	case "<year>":
		return 1.5
	}
	return min(float32(len(s)), 8)
}

// pattern is a case pattern in which a token may have been printed.
type pattern struct {
	c    viet.Case
	cost float32
}

// patterns returns the case patterns that a token may have been printed in.
func patterns(s string, shouted bool) []pattern {
	upper, lower := 0, 0
	first, _ := utf8.DecodeRuneInString(s)
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	switch {
	case upper == 0 && lower == 0:
		return []pattern{{viet.Lower, 0}, {viet.Upper, costOtherCase}}
	case upper == 0:
		return []pattern{{viet.Lower, 0}}
	case upper == 1 && unicode.IsUpper(first):
		if strings.ContainsRune("IJLSCOVXZWUKP", first) {
			return []pattern{{viet.Title, 0}, {viet.Lower, costOtherCase}}
		}
		return []pattern{{viet.Title, 0}}
	case lower == 0 && upper > 3, upper > lower && upper > 2:
		return []pattern{{viet.Upper, 0}}
	case unicode.IsUpper(first) && shouted:
		return []pattern{{viet.Upper, 0}, {viet.Title, costOtherCase}}
	case unicode.IsUpper(first):
		return []pattern{{viet.Title, 0}, {viet.Upper, 0.7}}
	}
	return []pattern{{viet.Lower, 0}, {viet.Upper, costOtherCase}}
}

// words adds the arcs for units i to j, glued or joined, as one word, and
// returns log10 of how well the best of them explains what was read.
func (w *worker) words(i, j int, extra float32, ch *channel.Model) float32 {
	b := &w.lat
	start, end := b.units[i].start, b.units[j-1].end
	s := b.text[start:end]
	if j-i > 1 {
		s = strings.Join(strings.Fields(s), "")
	}
	return w.span(b.units[i], b.nodes[i], b.nodes[j], choice{start: start, end: end}, s, extra, ch)
}

// span adds the arcs from node to node that read s as one word.
func (w *worker) span(u unit, from, to int32, c choice, s string, extra float32, ch *channel.Model) float32 {
	best := float32(-99)
	lex := w.lexicon()
	for _, p := range patterns(s, u.shouted) {
		for _, cand := range w.candidates(ch, s, p.c) {
			id := lex.ids[cand.Word]
			c.word, c.c = id, cand.Case
			w.lat.arc(from, to, id, -cand.Log10+p.cost+extra+w.capital(u, id, p.c), c)
			best = max(best, cand.Log10-p.cost)
		}
	}
	return best
}

// capital is what the case of a word says about it, in log10.
func (w *worker) capital(u unit, id ngram.ID, c viet.Case) float32 {
	if !u.telling || c == viet.Upper {
		return 0
	}
	return -capitalWeight * w.model.CapLogProb(id, c == viet.Title, u.after)
}

// merges adds words that take in the signs after or before a unit: "tht?" may
// be "thứ" and "qu'c" "quốc".
func (w *worker) merges(i int, ch *channel.Model) {
	b := &w.lat
	letters, signs := false, 0
	for j := i; j < len(b.units) && (j == i || b.units[j].glued); j++ {
		u := b.units[j]
		s := b.text[u.start:u.end]
		switch u.class {
		case token.Word, token.Mixed:
			letters = true
		case token.Number:
		case token.Punct:
			if !mayBeLetter(s) {
				return
			}
			signs++
		default:
			return
		}
		if utf8.RuneCountInString(b.text[b.units[i].start:u.end]) > maxJoined+2 {
			return
		}
		if j > i && letters && signs > 0 || j == i && signs > 0 {
			w.words(i, j+1, 0, ch)
		}
	}
}

// mayBeLetter reports whether a sign is known to be what readers make of letters.
func mayBeLetter(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n < 4 && len(s) <= 2*n && strings.ContainsRune("?'’‘`&¢@$€£¥{}[]!|*^<>\\~©®°§«»#=", r)
}

// splits adds the ways to divide a unit where spaces were lost.
func (w *worker) splits(i int, best float32, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.text[u.start:u.end]
	n := utf8.RuneCountInString(s)
	if n < 4 || n > 30 || best > -splitWorse && n < 8 {
		return
	}
	var at []int
	for k := range s {
		at = append(at, k)
	}
	at = append(at, len(s))
	lost := -log10(ch.LostSpace)
	for from := range n {
		for to := from + 1; to <= min(n, from+8); to++ {
			if from == 0 && to == n || from == 1 || to == n-1 {
				continue
			}
			if to-from < 2 {
				continue
			}
			c := choice{start: u.start + at[from], end: u.start + at[to], split: from > 0}
			cost := float32(0)
			if from > 0 {
				cost = lost
			}
			end := b.nodes[i] + int32(to)
			if to == n {
				end = b.nodes[i+1]
			}
			w.span(u, b.nodes[i]+int32(from), end, c, s[at[from]:at[to]], cost, ch)
		}
	}
}

// join adds the words that unit i and the next may be together.
func (w *worker) join(i int, best float32, ch *channel.Model) {
	b := &w.lat
	if i+1 >= len(b.units) || best > -splitWorse {
		return
	}
	u, v := b.units[i], b.units[i+1]
	if v.glued || v.line || v.class != token.Word && v.class != token.Mixed {
		return
	}
	s := b.text[u.start:u.end] + b.text[v.start:v.end]
	if utf8.RuneCountInString(s) <= maxJoined {
		w.words(i, i+2, -log10(ch.AddedSpace), ch)
	}
}
