package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// unit is a token of a block.
type unit struct {
	start, end     int
	class          token.Class
	glued          bool // no white space before it
	line           bool // first of its line
	inCapitals     bool // in a line of capitals
	besideCapitals bool // beside a word in capitals
	caseTells      bool // a capital here says that it is a name
	afterCapital   bool // and so does the one of the word before

	witness string         // what another reader saw here, if it did
	by      *channel.Model // the channel of that reader
}

// choice is what an arc of the lattice stands for: text[start:end] taken for a
// word, or as it is if word is ngram.None. There are many, so it is small.
type choice struct {
	start, end int32
	fixed      int32 // its place in builder.fixed, if it is written so whatever the word; 0 if not
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
	choices []choice // of each of arcs
	fixed   []string // that choices are written as; the first is none
	nodes   []int32  // number of the node before each unit, in topological order
	from    []int32  // first arc of each unit

	lineStart int // of the line before
}

// Costs in log10 that the training pairs do not tell.
const (
	witnessWeight  = 0.8 // of a second reader: it errs where the first does
	leastAttested  = 7   // the most that it can say against a word
	capitalWeight  = 0.7 // of what the case of a word says about it
	costOtherCase  = 1.0 // per word in another case pattern than it was read in
	costAcronym    = 4.0
	costShout      = 2.5 // of a short word in capitals where others are not
	costMiscased   = 4.5
	costFormula    = 2.0 // what stands at the start of a line is a formula garbled
	costSpeck      = 1.5 // dirt that looks like a mark
	costDirt       = 3.0 // a mark that letters do not have
	leastRight     = -3  // log10: the least chance that a word was read right
	costDigitsWord = 1.0 // a number that is taken for a word
	costNumber     = 4.0 // the same after a word that it is glued to
	splitWorse     = 2.5 // log10: a token explained worse than this may be two
	pieceWorse     = 2.0 // and a piece explained worse than this is not one
	longWord       = 40  // bytes: no word of any language
	longLine       = 60  // bytes: a line that is full, so that its sentence may go on
	maxJoined      = 8   // letters of a word that was read with a space in it
)

// reset divides a text into units.
func (b *builder) reset(text string) {
	*b = builder{text: text, units: b.units[:0], arcs: b.arcs[:0], choices: b.choices[:0], fixed: b.fixed[:0], nodes: b.nodes[:0], from: b.from[:0]}
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
}

// number numbers the nodes. With letters a word has one before each of its letters,
// so that it may be divided.
func (b *builder) number(letters bool) {
	b.nodes = b.nodes[:0]
	at := int32(0)
	for _, u := range b.units {
		b.nodes = append(b.nodes, at)
		at++
		if letters && (u.class == token.Word || u.class == token.Mixed) {
			at += int32(max(0, utf8.RuneCountInString(b.text[u.start:u.end])-1))
		}
	}
	b.nodes = append(b.nodes, at)
}

// clear takes the arcs away.
func (b *builder) clear() {
	b.arcs, b.choices, b.from, b.fixed = b.arcs[:0], b.choices[:0], b.from[:0], append(b.fixed[:0], "")
}

func (b *builder) arc(from, to int32, word ngram.ID, cost float32, c choice) {
	b.arcs = append(b.arcs, lattice.Arc{From: from, To: to, Word: word, Cost: cost})
	b.choices = append(b.choices, c)
}

// taken is the choice to take a part of the text as it is.
func taken(start, end int) choice { return choice{start: int32(start), end: int32(end)} }

// write makes c be written as text, whatever its word.
func (b *builder) write(c *choice, text string) {
	c.fixed = int32(len(b.fixed))
	b.fixed = append(b.fixed, text)
}

// instead is the choice to write text in place of a unit.
func (b *builder) instead(u unit, text string) choice {
	c := taken(u.start, u.end)
	b.write(&c, text)
	return c
}

// read is the part of the text that a choice is about.
func (b *builder) read(c choice) string { return b.text[c.start:c.end] }

// attachWitnesses gives the units what other readers saw in their place.
func (b *builder) attachWitnesses(witnesses []Witness, channels func(string) *channel.Model) {
	for i := range b.units {
		u := &b.units[i]
		if u.class != token.Word && u.class != token.Mixed {
			continue
		}
		for _, x := range witnesses { // sorted, and few overlap
			if x.Start > u.start {
				break
			}
			by := channels(x.Channel)
			if u.end > x.End || x.Start < 0 || x.End > len(b.text) || by == nil {
				continue
			}
			before, after := b.text[x.Start:u.start], b.text[u.end:x.End]
			if isPunct(before) && isPunct(after) {
				u.witness = trimMarks(norm.NFC.String(x.Read), utf8.RuneCountInString(before), utf8.RuneCountInString(after))
				u.by = by
			}
		}
	}
}

func isPunct(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPunct(r) && !unicode.IsSymbol(r) })
}

// trimMarks takes up to so many marks off the edges of a reading.
func trimMarks(s string, before, after int) string {
	for ; before > 0 && s != ""; before-- {
		if r, n := utf8.DecodeRuneInString(s); isPunct(string(r)) {
			s = s[n:]
		}
	}
	for ; after > 0 && s != ""; after-- {
		if r, n := utf8.DecodeLastRuneInString(s); isPunct(string(r)) {
			s = s[:len(s)-n]
		}
	}
	return s
}

// arcsAt returns the arcs of the unit that an offset lies in: from, up to to.
func (b *builder) arcsAt(offset int) (from, to int) {
	i, ok := slices.BinarySearchFunc(b.units, offset, func(u unit, at int) int { return u.start - at })
	if !ok {
		i--
	}
	if i+1 < len(b.from) {
		return int(b.from[i]), int(b.from[i+1])
	}
	return int(b.from[i]), len(b.arcs)
}

// end is the last node.
func (b *builder) end() int { return int(b.nodes[len(b.units)]) }

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
	inCapitals := 2*upper > words
	var capitals ngram.Capitals
	capitals.Begin(line, toks)
	if n := len(b.units); n > 0 && start-b.lineStart >= longLine { // the sentence goes on
		u := b.units[n-1]
		s := b.text[u.start:u.end]
		capitals.Next(s, token.Symbol(s, u.class), u.class)
	}
	b.lineStart = start
	capital := func(k int) bool {
		return k >= 0 && k < len(toks) && toks[k].Class == token.Word && toks[k].End-toks[k].Start > 2 && viet.CaseOf(line[toks[k].Start:toks[k].End]) == viet.Upper
	}
	for i, t := range toks {
		s := line[t.Start:t.End]
		besideCapitals := capital(i-1) || capital(i+1)
		caseTells, _, after := capitals.Next(s, token.Symbol(s, t.Class), t.Class)
		if !inCapitals && !besideCapitals && i > 0 && toks[i-1].Class == token.Word && viet.CaseOf(s) == viet.Upper && utf8.RuneCountInString(s) <= 3 {
			caseTells = true // "BO" may be "Bộ" and "SO" "sở"
		}
		b.units = append(b.units, unit{
			start: start + t.Start, end: start + t.End, class: t.Class,
			glued: i > 0 && toks[i-1].End == t.Start, line: i == 0,
			inCapitals: inCapitals, besideCapitals: besideCapitals, caseTells: caseTells, afterCapital: after,
		})
	}
}

// buildStripped fills the lattice of units from up to to with the words that read
// as the text does once their marks are taken off. That is exact: the letters stay.
func (w *worker) buildStripped(from, to int) {
	b := &w.lat
	for i, u := range b.units[from:to] {
		i += from
		b.from = append(b.from, int32(len(b.arcs)))
		s := b.text[u.start:u.end]
		var words []ngram.ID
		if u.class == token.Word && !viet.HasMarks(s) {
			words = w.model.ByStrip(strings.ToLower(s))
		}
		w.boosts = w.recent.Boosts(w.boosts[:0], words)
		pattern := viet.CaseOf(s)
		c := taken(u.start, u.end)
		c.c = viet.Mixed
		for k, id := range words {
			c.word = id
			b.arc(b.nodes[i], b.nodes[i+1], id, w.capital(u, id, pattern)-w.boosts[k], c)
		}
		if len(words) == 0 {
			w.identity(i, nil)
		}
	}
}

// scoring is how a lattice is built when only its score counts. Words are then
// bounded as they were read, which is much faster.
type scoring struct {
	few    bool   // a few candidates of a token are enough
	fluent []bool // units that an almost right reading has read right; nil: none is known
}

// build fills the lattice with what channel ch proposes, for its score alone if h is not nil.
func (w *worker) build(ch *channel.Model, h *scoring) {
	b := &w.lat
	w.few = h != nil && h.few
	for i, u := range b.units {
		b.from = append(b.from, int32(len(b.arcs)))
		w.identity(i, ch)
		var best float32
		switch u.class {
		case token.Word, token.Mixed:
			if b.isRoman(i) || h != nil && h.fluent != nil && h.fluent[i] && ch.KeepsMarks() {
				continue
			}
			extra := float32(0)
			if swallowsNumber(b.text[u.start:u.end]) {
				extra = costNumber
			}
			best = w.words(i, i+1, extra, ch)
		case token.Number:
			if u.end-u.start <= 2 {
				w.words(i, i+1, costDigitsWord, ch)
			}
			w.amount(i)
		}
		if h == nil && u.witness == "" {
			w.splits(i, best, ch)
			w.join(i, best, ch)
			w.merges(i, ch)
		}
	}
}

// identity adds the arc that takes a unit as it was read.
func (w *worker) identity(i int, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.text[u.start:u.end]
	id, cost := w.symbol(s, u.class)
	if u.class == token.Code {
		b.arc(b.nodes[i], b.nodes[i+1], id, cost, b.instead(u, repairCode(s)))
		return
	}
	if ch != nil && u.line && strings.HasPrefix(s, "V") && formula.IsSubject(s) {
		b.arc(b.nodes[i], b.nodes[i+1], ngram.None, costFormula, b.instead(u, "V/v"))
	}
	if ch != nil && u.class == token.Word && len(s) < longWord {
		cost -= max(w.readBy(ch, s).right, leastRight)
	}
	if u.class == token.Punct && ch != nil {
		cost += w.speck(i, s)
	}
	if ch != nil && u.class == token.Word && miscased(s) {
		cost += costMiscased
	}
	if u.witness != "" {
		cost -= witnessWeight * attested(u.by, s, u.witness)
	}
	cost += w.capital(u, id, viet.CaseOf(s))
	b.arc(b.nodes[i], b.nodes[i+1], id, cost, taken(u.start, u.end))
}

// miscased reports whether a word is a syllable with capitals where nobody writes
// them: "lỆ".
func miscased(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return viet.CaseOf(s) == viet.Mixed && unicode.IsLower(first) && viet.HasMarks(s) && viet.IsSyllable(strings.ToLower(s))
}

// speck adds the arcs of a mark that is dirt on the page: it goes if it is no mark
// of Vietnamese text, and between two words it stands for their space. It returns
// the cost of the mark as it is.
func (w *worker) speck(i int, s string) float32 {
	b := &w.lat
	u := b.units[i]
	inside := u.glued && i+1 < len(b.units) && b.units[i+1].glued
	word := func(k int) bool { return b.units[k].class == token.Word }
	switch {
	case inside && word(i-1) && word(i+1) && strings.ContainsAny(s, ".,'’‘:;_"):
		b.arc(b.nodes[i], b.nodes[i+1], ngram.None, costSpeck, b.instead(u, " "))
	case strings.ContainsAny(s, "_|~^¬¦") && len(s) <= 2 && !inside && (u.glued || i+1 < len(b.units) && b.units[i+1].glued):
		b.arc(b.nodes[i], b.nodes[i+1], ngram.None, costSpeck, b.instead(u, ""))
		return costDirt
	}
	return 0
}

// symbol returns the word of the language model for a unit as it was read, and
// what its spelling costs if that is not told by the word.
func (w *worker) symbol(s string, class token.Class) (ngram.ID, float32) {
	if class == token.Word {
		r := w.reading(s)
		return r.id, r.cost
	}
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

// patterns returns the case patterns that a token may have been printed in; loud
// is one among capitals.
func patterns(s string, loud bool) []pattern {
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
	case upper == 0 && (first == 'b' || first == 'p' && !strings.HasPrefix(s, "ph")): // of Đ, too
		return []pattern{{viet.Lower, 0}, {viet.Title, costOtherCase}}
	case upper == 0:
		return []pattern{{viet.Lower, 0}}
	case upper == 1 && unicode.IsUpper(first):
		if strings.ContainsRune("IJLSCOVXZWUKP", first) {
			return []pattern{{viet.Title, 0}, {viet.Lower, costOtherCase}}
		}
		return []pattern{{viet.Title, 0}}
	case lower == 0 && upper > 3, upper > lower && upper > 2:
		return []pattern{{viet.Upper, 0}}
	case loud: // "vA" among capitals
		return []pattern{{viet.Upper, 0}, {viet.Title, costOtherCase}}
	case unicode.IsUpper(first): // "BO" may be "Bộ"
		return []pattern{{viet.Title, 0}, {viet.Upper, costShout}, {viet.Lower, 0.3}}
	}
	return []pattern{{viet.Lower, 0}, {viet.Upper, costShout}}
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
	return w.span(b.units[i], b.nodes[i], b.nodes[j], taken(start, end), s, extra, ch)
}

// span adds the arcs from node to node that read s as one word.
func (w *worker) span(u unit, from, to int32, c choice, s string, extra float32, ch *channel.Model) float32 {
	best := float32(-99)
	if isAbbreviation(s) && ch.KeepsMarks() {
		return 0
	}
	lex := w.lexicon()
	for _, p := range patterns(s, u.inCapitals || u.besideCapitals) {
		found := w.candidates(ch, s, p.c)
		if u.witness != "" {
			found = w.attest(found, u, s, p.c, ch)
		}
		w.choice = w.choice[:0]
		for _, cand := range found {
			w.choice = append(w.choice, lex.ids[cand.Word])
		}
		w.boosts = w.recent.Boosts(w.boosts[:0], w.choice)
		for k, cand := range found {
			id := w.choice[k]
			c.word, c.c = id, cand.Case
			w.lat.arc(from, to, id, -cand.Log10+p.cost+extra+acronym(u, s, lex.Words[cand.Word])+w.capital(u, id, p.c)-w.boosts[k], c)
			best = max(best, cand.Log10-p.cost)
		}
	}
	return best
}

// isAbbreviation reports whether s is capitals without a vowel, such as HĐND. A
// reader that knows the letters reads them right.
func isAbbreviation(s string) bool {
	return viet.CaseOf(s) == viet.Upper && !strings.ContainsFunc(s, viet.IsVowel)
}

// isRoman reports whether unit i is a small Roman number in brackets.
func (b *builder) isRoman(i int) bool {
	mark := func(k int, s string) bool {
		return k >= 0 && k < len(b.units) && b.text[b.units[k].start:b.units[k].end] == s
	}
	s := b.text[b.units[i].start:b.units[i].end]
	return mark(i-1, "(") && mark(i+1, ")") && strings.Trim(s, "ivx") == ""
}

// acronym is what it costs to take capitals in the middle of ordinary text for a
// word of other letters: MARC is no garble.
func acronym(u unit, read, word string) float32 {
	if u.inCapitals || len(read) < 3 || viet.CaseOf(read) != viet.Upper || viet.Strip(word) == strings.ToLower(viet.Strip(read)) {
		return 0
	}
	return costAcronym
}

// attest joins the candidates of a unit with those of its witness: what each
// reader saw has its own chance, given the word.
func (w *worker) attest(found []channel.Candidate, u unit, s string, c viet.Case, ch *channel.Model) []channel.Candidate {
	lex := w.lexicon()
	out := make([]channel.Candidate, 0, 2*len(found))
	for _, cand := range found {
		cand.Log10 += witnessWeight * attested(u.by, c.Apply(lex.Words[cand.Word]), u.witness)
		out = append(out, cand)
	}
	for _, cand := range w.candidates(u.by, u.witness, c) {
		if !slices.ContainsFunc(found, func(o channel.Candidate) bool { return o.Word == cand.Word }) {
			cand.Log10 = witnessWeight*cand.Log10 + attested(ch, c.Apply(lex.Words[cand.Word]), s)
			out = append(out, cand)
		}
	}
	return out
}

// attested is log10 of the chance that a reader saw read where word stands. No
// reading rules a word out: the readers may not have looked at the same place.
func attested(ch *channel.Model, word, read string) float32 {
	return max(float32(ch.Log10(word, read)), -leastAttested)
}

// capital is what the case of a word says about it, in log10.
func (w *worker) capital(u unit, id ngram.ID, c viet.Case) float32 {
	if !u.caseTells || c == viet.Upper {
		return 0
	}
	return -capitalWeight * w.model.CapLogProb(id, c == viet.Title, u.afterCapital)
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

// splits adds the ways to divide a unit where spaces were lost, if no word
// explains it or a number is glued to one. Pieces are followed up to where the ones before them are likely.
func (w *worker) splits(i int, best float32, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.text[u.start:u.end]
	n := utf8.RuneCountInString(s)
	if n > 24 || u.class != token.Word && u.class != token.Mixed {
		return
	}
	if (n < 4 || best > -splitWorse) && !swallowsNumber(s) {
		return
	}
	at := make([]int, 0, n+1)
	for k := range s {
		at = append(at, k)
	}
	at = append(at, len(s))
	lost := -log10(ch.LostSpace)
	reached := make([]bool, n+1)
	reached[0] = true
	if d := leadingDigits(s); d > 0 && d <= 4 && !isUnit(s[d:]) { // "07thang"
		id, cost := w.symbol(s[:d], token.Number)
		b.arc(b.nodes[i], b.nodes[i]+int32(d), id, cost, taken(u.start, u.start+d))
		reached[d] = true
	}
	number := utf8.RuneCountInString(s[:trailingDigits(s)]) // where it begins: "được15"
	for from := range n - 1 {
		if !reached[from] || from == number {
			continue
		}
		cost := float32(0)
		if from > 0 {
			cost = lost
		}
		for to := from + 2; to <= min(n, from+8); to++ {
			if to-from == n {
				continue
			}
			end := b.nodes[i] + int32(to)
			if to == n {
				end = b.nodes[i+1]
			}
			c := taken(u.start+at[from], u.start+at[to])
			c.split = from > 0
			if w.span(u, b.nodes[i]+int32(from), end, c, s[at[from]:at[to]], cost, ch) > -pieceWorse {
				reached[to] = true
			}
		}
	}
	if number > 0 && number < n && reached[number] {
		id, cost := w.symbol(s[at[number]:], token.Number)
		c := taken(u.start+at[number], u.end)
		c.split = true
		b.arc(b.nodes[i]+int32(number), b.nodes[i+1], id, cost+lost, c)
	}
}

// trailingDigits is where the digits at the end of s begin.
func trailingDigits(s string) int { return len(strings.TrimRight(s, "0123456789")) }

// swallowsNumber reports whether s taken for a word loses a number that was
// glued to one: "có3" is not "có".
func swallowsNumber(s string) bool {
	k := trailingDigits(s)
	return k > 0 && k < len(s) && strings.ContainsFunc(s[:k], viet.IsVowel)
}

func leadingDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

// amount adds the amount of money that unit i begins and a space divides:
// "5.000. 000". No sentence begins with 000.
func (w *worker) amount(i int) {
	b := &w.lat
	if i+2 >= len(b.units) {
		return
	}
	dot, rest := b.units[i+1], b.units[i+2]
	if dot.line || rest.line || b.text[dot.start:dot.end] != "." || !strings.HasPrefix(b.text[rest.start:rest.end], "000") {
		return
	}
	start := b.units[i].start
	whole := b.text[start:dot.start] + "." + b.text[rest.start:rest.end]
	if isAmount(whole) {
		id, _ := w.symbol(whole, token.Number)
		c := taken(start, rest.end)
		b.write(&c, whole)
		b.arc(b.nodes[i], b.nodes[i+3], id, 0, c)
	}
}

// join adds the words that unit i and the next may be together.
func (w *worker) join(i int, best float32, ch *channel.Model) {
	b := &w.lat
	if i+1 >= len(b.units) || b.units[i+1].witness != "" || best > -splitWorse || best == 0 {
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
