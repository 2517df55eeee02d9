package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
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

	bounds *evidence.Bounds
	tally  evidence.Tally  // of the arc that is being made
	parts  []evidence.Part // of all arcs, if they are kept
	first  []int32         // of each arc in parts
}

// reset divides a text into units.
func (b *builder) reset(text string) {
	*b = builder{
		text: text, units: b.units[:0], arcs: b.arcs[:0], choices: b.choices[:0], fixed: b.fixed[:0], nodes: b.nodes[:0], from: b.from[:0],
		bounds: b.bounds, tally: b.tally, parts: b.parts[:0], first: b.first[:0],
	}
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
	b.parts, b.first = b.parts[:0], b.first[:0]
	b.tally.Begin()
}

// arc adds an arc with the evidence of the tally, and begins the next one's.
func (b *builder) arc(from, to int32, word ngram.ID, c choice) {
	b.arcs = append(b.arcs, lattice.Arc{From: from, To: to, Word: word, Cost: b.tally.Cost})
	b.choices = append(b.choices, c)
	if b.tally.Keep {
		b.first = append(b.first, int32(len(b.parts)))
		b.parts = append(b.parts, b.tally.Parts...)
	}
	b.tally.Begin()
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
	if n := len(b.units); n > 0 && start-b.lineStart >= b.bounds.LongLine { // the sentence goes on
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
		if !inCapitals && !besideCapitals && i > 0 && toks[i-1].Class == token.Word && viet.CaseOf(s) == viet.Upper && utf8.RuneCountInString(s) <= b.bounds.ShortAcronym {
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
			w.capital(u, id, pattern)
			b.tally.Add(evidence.Memory, w.boosts[k])
			b.arc(b.nodes[i], b.nodes[i+1], id, c)
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
			var extra evidence.Part
			if swallowsNumber(b.text[u.start:u.end]) {
				extra = evidence.Part{Feature: evidence.NumberLost, Value: 1}
			}
			best = w.words(i, i+1, extra, ch)
		case token.Number:
			if u.end-u.start <= b.bounds.ShortNumber {
				w.words(i, i+1, evidence.Part{Feature: evidence.NumberAsWord, Value: 1}, ch)
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
	if u.class == token.Code {
		id := w.symbol(s, u.class)
		b.arc(b.nodes[i], b.nodes[i+1], id, b.instead(u, repairCode(s)))
		return
	}
	if ch != nil && u.line && strings.HasPrefix(s, "V") && formula.IsSubject(s) {
		b.tally.Add(evidence.Formula, 1)
		b.arc(b.nodes[i], b.nodes[i+1], ngram.None, b.instead(u, "V/v"))
	}
	dirt := u.class == token.Punct && ch != nil && w.speck(i, s)
	id := w.symbol(s, u.class)
	if ch != nil && u.class == token.Word {
		if len(s) < b.bounds.LongWord {
			b.tally.Add(evidence.Channel, max(w.readBy(ch, s).right, b.bounds.LeastRight))
		}
		if miscased(s) {
			b.tally.Add(evidence.Miscased, 1)
		}
	}
	if dirt {
		b.tally.Add(evidence.Dirt, 1)
	}
	if u.witness != "" {
		b.tally.Add(evidence.Witness, b.attested(u.by, s, u.witness))
	}
	w.capital(u, id, viet.CaseOf(s))
	b.arc(b.nodes[i], b.nodes[i+1], id, taken(u.start, u.end))
}

// miscased reports whether a word is a syllable with capitals where nobody writes
// them: "lỆ".
func miscased(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return viet.CaseOf(s) == viet.Mixed && unicode.IsLower(first) && viet.HasMarks(s) && viet.IsSyllable(strings.ToLower(s))
}

// speck adds the arcs of a mark that is dirt on the page: it goes if it is no mark
// of Vietnamese text, and between two words it stands for their space. It reports
// whether the mark, as it is, is dirt.
func (w *worker) speck(i int, s string) bool {
	b := &w.lat
	u := b.units[i]
	inside := u.glued && i+1 < len(b.units) && b.units[i+1].glued
	word := func(k int) bool { return b.units[k].class == token.Word }
	gone := func(instead string) {
		b.tally.Add(evidence.Speck, 1)
		b.arc(b.nodes[i], b.nodes[i+1], ngram.None, b.instead(u, instead))
	}
	switch {
	case inside && word(i-1) && word(i+1) && strings.ContainsAny(s, ".,'’‘:;_"):
		gone(" ")
	case strings.ContainsAny(s, "_|~^¬¦") && len(s) <= 2 && !inside && (u.glued || i+1 < len(b.units) && b.units[i+1].glued):
		gone("")
		return true
	}
	return false
}

// symbol returns the word of the language model for a unit as it was read, and
// tallies what its spelling costs if that is not told by the word.
func (w *worker) symbol(s string, class token.Class) ngram.ID {
	id, cost := w.spelledBy(s, class)
	w.lat.tally.Add(evidence.Spelling, -cost)
	return id
}

// spelledBy returns the word of the language model for a unit as it was read, and
// minus log10 of the chance that it is spelled so, if the word does not tell.
func (w *worker) spelledBy(s string, class token.Class) (ngram.ID, float32) {
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
		return id, w.numberCost(sym, s)
	case class == token.Mixed:
		return id, -w.spell().Log10(s)
	}
	return id, 0
}

// numberCost is -log10 of the chance that a number of its class is just this one.
func (w *worker) numberCost(symbol, s string) float32 {
	switch symbol {
	case "<n>":
		return w.bounds.ShortNumberCost
	case "<year>":
		return w.bounds.YearCost
	}
	return min(float32(len(s)), w.bounds.MostNumberCost)
}

// pattern is a case pattern in which a token may have been printed, and what
// speaks against that.
type pattern struct {
	c       viet.Case
	against evidence.Feature
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
		return []pattern{{viet.Lower, 0}, {viet.Upper, evidence.OtherCase}}
	case upper == 0 && (first == 'b' || first == 'p' && !strings.HasPrefix(s, "ph")): // of Đ, too
		return []pattern{{viet.Lower, 0}, {viet.Title, evidence.OtherCase}}
	case upper == 0:
		return []pattern{{viet.Lower, 0}}
	case upper == 1 && unicode.IsUpper(first):
		if strings.ContainsRune("IJLSCOVXZWUKP", first) {
			return []pattern{{viet.Title, 0}, {viet.Lower, evidence.OtherCase}}
		}
		return []pattern{{viet.Title, 0}}
	case lower == 0 && upper > 3, upper > lower && upper > 2:
		return []pattern{{viet.Upper, 0}}
	case loud: // "vA" among capitals
		return []pattern{{viet.Upper, 0}, {viet.Title, evidence.OtherCase}}
	case unicode.IsUpper(first): // "BO" may be "Bộ"
		return []pattern{{viet.Title, 0}, {viet.Upper, evidence.Shouted}, {viet.Lower, evidence.Lowered}}
	}
	return []pattern{{viet.Lower, 0}, {viet.Upper, evidence.Shouted}}
}

// words adds the arcs for units i to j, glued or joined, as one word, and
// returns log10 of how well the best of them explains what was read.
func (w *worker) words(i, j int, extra evidence.Part, ch *channel.Model) float32 {
	b := &w.lat
	start, end := b.units[i].start, b.units[j-1].end
	s := b.text[start:end]
	if j-i > 1 {
		s = strings.Join(strings.Fields(s), "")
	}
	return w.span(b.units[i], b.nodes[i], b.nodes[j], taken(start, end), s, extra, ch)
}

// span adds the arcs from node to node that read s as one word.
func (w *worker) span(u unit, from, to int32, c choice, s string, extra evidence.Part, ch *channel.Model) float32 {
	b := &w.lat
	best := float32(-99)
	if isAbbreviation(s) && ch.KeepsMarks() {
		return 0
	}
	lex := w.lexicon()
	for _, p := range patterns(s, u.inCapitals || u.besideCapitals) {
		found := w.candidates(ch, s, p.c)
		w.heard = w.heard[:0]
		if u.witness != "" {
			found = w.attest(found, u, s, p.c, ch)
		}
		w.choice = w.choice[:0]
		for _, cand := range found {
			w.choice = append(w.choice, lex.ids[cand.Word])
		}
		w.boosts = w.recent.Boosts(w.boosts[:0], w.choice)
		for k, cand := range found {
			explains := w.explain(k, cand, p.against)
			b.tally.AddPart(extra)
			if isAcronym(u, s, lex.Words[cand.Word]) {
				b.tally.Add(evidence.Acronym, 1)
			}
			id := w.choice[k]
			w.capital(u, id, p.c)
			b.tally.Add(evidence.Memory, w.boosts[k])
			c.word, c.c = id, cand.Case
			b.arc(from, to, id, c)
			best = max(best, explains)
		}
	}
	return best
}

// explain tallies how well candidate k explains what was read, and returns it.
func (w *worker) explain(k int, cand channel.Candidate, against evidence.Feature) float32 {
	t := &w.lat.tally
	t.Add(evidence.Channel, cand.Log10)
	if len(w.heard) > 0 {
		t.Add(evidence.Witness, w.heard[k])
	}
	t.Add(against, 1)
	return -t.Cost
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

// isAcronym reports whether capitals in the middle of ordinary text are taken for
// a word of other letters: MARC is no garble.
func isAcronym(u unit, read, word string) bool {
	return !u.inCapitals && len(read) >= 3 && viet.CaseOf(read) == viet.Upper && viet.Strip(word) != strings.ToLower(viet.Strip(read))
}

// attest joins the candidates of a unit with those of its witness: what each
// reader saw has its own chance, given the word. It fills in heard.
func (w *worker) attest(found []channel.Candidate, u unit, s string, c viet.Case, ch *channel.Model) []channel.Candidate {
	lex := w.lexicon()
	out := slices.Clone(found)
	for _, cand := range found {
		w.heard = append(w.heard, w.lat.attested(u.by, c.Apply(lex.Words[cand.Word]), u.witness))
	}
	for _, cand := range w.candidates(u.by, u.witness, c) {
		if !slices.ContainsFunc(found, func(o channel.Candidate) bool { return o.Word == cand.Word }) {
			w.heard = append(w.heard, cand.Log10)
			cand.Log10 = w.lat.attested(ch, c.Apply(lex.Words[cand.Word]), s)
			out = append(out, cand)
		}
	}
	return out
}

// attested is log10 of the chance that a reader saw read where word stands. No
// reading rules a word out: the readers may not have looked at the same place.
func (b *builder) attested(ch *channel.Model, word, read string) float32 {
	return max(float32(ch.Log10(word, read)), b.bounds.LeastWitness)
}

// capital tallies what the case of a word says about it.
func (w *worker) capital(u unit, id ngram.ID, c viet.Case) {
	if u.caseTells && c != viet.Upper {
		w.lat.tally.Add(evidence.Capital, w.model.CapLogProb(id, c == viet.Title, u.afterCapital))
	}
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
		if utf8.RuneCountInString(b.text[b.units[i].start:u.end]) > b.bounds.MostMerged {
			return
		}
		if j > i && letters && signs > 0 || j == i && signs > 0 {
			w.words(i, j+1, evidence.Part{}, ch)
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
	if n > b.bounds.MostDivided || u.class != token.Word && u.class != token.Mixed {
		return
	}
	if (n < b.bounds.LeastDivided || best > -b.bounds.SplitWorse) && !swallowsNumber(s) {
		return
	}
	at := make([]int, 0, n+1)
	for k := range s {
		at = append(at, k)
	}
	at = append(at, len(s))
	lost := evidence.Part{Feature: evidence.Space, Value: log10(ch.LostSpace)}
	reached := make([]bool, n+1)
	reached[0] = true
	if d := leadingDigits(s); d > 0 && d <= b.bounds.GluedDigits && !isUnit(s[d:]) { // "07thang"
		id := w.symbol(s[:d], token.Number)
		b.arc(b.nodes[i], b.nodes[i]+int32(d), id, taken(u.start, u.start+d))
		reached[d] = true
	}
	number := utf8.RuneCountInString(s[:trailingDigits(s)]) // where it begins: "được15"
	for from := range n - 1 {
		if !reached[from] || from == number {
			continue
		}
		var space evidence.Part
		if from > 0 {
			space = lost
		}
		for to := from + b.bounds.LeastPiece; to <= min(n, from+b.bounds.MostPiece); to++ {
			if to-from == n {
				continue
			}
			end := b.nodes[i] + int32(to)
			if to == n {
				end = b.nodes[i+1]
			}
			c := taken(u.start+at[from], u.start+at[to])
			c.split = from > 0
			if w.span(u, b.nodes[i]+int32(from), end, c, s[at[from]:at[to]], space, ch) > -b.bounds.PieceWorse {
				reached[to] = true
			}
		}
	}
	if number > 0 && number < n && reached[number] {
		id := w.symbol(s[at[number]:], token.Number)
		b.tally.AddPart(lost)
		c := taken(u.start+at[number], u.end)
		c.split = true
		b.arc(b.nodes[i]+int32(number), b.nodes[i+1], id, c)
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
		id, _ := w.spelledBy(whole, token.Number)
		c := taken(start, rest.end)
		b.write(&c, whole)
		b.arc(b.nodes[i], b.nodes[i+3], id, c)
	}
}

// join adds the words that unit i and the next may be together.
func (w *worker) join(i int, best float32, ch *channel.Model) {
	b := &w.lat
	if i+1 >= len(b.units) || b.units[i+1].witness != "" || best > -b.bounds.SplitWorse || best == 0 {
		return
	}
	u, v := b.units[i], b.units[i+1]
	if v.glued || v.line || v.class != token.Word && v.class != token.Mixed {
		return
	}
	s := b.text[u.start:u.end] + b.text[v.start:v.end]
	if utf8.RuneCountInString(s) <= b.bounds.MostJoined {
		w.words(i, i+2, evidence.Part{Feature: evidence.Space, Value: log10(ch.AddedSpace)}, ch)
	}
}
