package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// choice is what an arc of the lattice stands for: text[start:end] taken for a
// word, or as it is if word is ngram.None. There are many, so it is small.
type choice struct {
	start, end int32
	fixed      int32 // its place in builder.fixed, if it is written so whatever the word; 0 if not
	word       ngram.ID
	c          viet.Case
	split      bool // a space was lost before it
}

// builder makes the lattice of a block.
type builder struct {
	text  string
	units []unit
	toks  []token.Token // of the line at hand
	graph

	lineStart int // of the line before
	beyond    int // words that no reader of Vietnamese writes, and no names

	heads  map[int]headWord  // by the unit that they begin with
	mends  map[string]string // see mend
	bounds *evidence.Bounds
	tally  evidence.Tally // of the arc that is being made
}

// graph is what the units of a block may be.
type graph struct {
	arcs    []lattice.Arc
	choices []choice        // of each of arcs
	fixed   []string        // that choices are written as; the first is none
	nodes   []int32         // number of the node before each unit, in topological order, and of the last
	ends    []int32         // of the node after each unit, where it is a word
	from    []int32         // first arc of each unit
	parts   []evidence.Part // of all arcs, if they are kept
	first   []int32         // of each arc in parts
}

// chain numbers the nodes of units from one up to another, 0 before the first: one before
// each, and one after the last.
func (b *builder) chain(from, to int) {
	all := len(b.units)
	b.nodes, b.ends = slices.Grow(b.nodes[:0], all+1)[:all+1], slices.Grow(b.ends[:0], all)[:all]
	b.nodes[from] = 0
	for i := from; i < to; i++ {
		b.ends[i] = b.nodes[i] + 1
		b.nodes[i+1] = b.ends[i]
	}
}

// number numbers the nodes of all runs. One has two before each of its characters: where
// a mark ended, and after it where a word did, so that a space was lost if another word
// follows.
func (b *builder) number() {
	b.nodes, b.ends = b.nodes[:0], b.ends[:0]
	at := int32(0)
	for i, u := range b.units {
		b.nodes = append(b.nodes, at)
		at += 2 * int32(utf8.RuneCountInString(b.text[u.start:u.end]))
		end := at
		if i+1 < len(b.units) && b.units[i+1].glued && b.units[i+1].class == token.Punct && u.isWord() {
			end++
		}
		b.ends = append(b.ends, end)
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

// unitAt returns the unit that an offset lies in.
func (b *builder) unitAt(offset int) int {
	i, ok := slices.BinarySearchFunc(b.units, offset, func(u unit, at int) int { return u.start - at })
	if !ok {
		i--
	}
	return i
}

// arcsAt returns the arcs of the unit that an offset lies in: from, up to to.
func (b *builder) arcsAt(offset int) (from, to int) {
	i := b.unitAt(offset)
	if i+1 < len(b.from) {
		return int(b.from[i]), int(b.from[i+1])
	}
	return int(b.from[i]), len(b.arcs)
}

// end is the last node.
func (b *builder) end() int { return int(b.nodes[len(b.units)]) }

// buildStripped fills the lattice of units from up to to with the words that read
// as the text does once their marks, or their tones, are taken off. That is exact: the
// letters stay.
func (w *worker) buildStripped(source string, from, to int) {
	b := &w.lat
	for i, u := range b.units[from:to] {
		i += from
		b.from = append(b.from, int32(len(b.arcs)))
		s := b.text[u.start:u.end]
		var words []ngram.ID
		if u.class == token.Word {
			words = w.unmarked(source, s)
		}
		w.boosts = w.recent.Boosts(w.boosts[:0], words)
		pattern := viet.CaseOf(s)
		c := taken(u.start, u.end)
		c.c = viet.Mixed
		for k, id := range words {
			c.word = id
			if source == Broken {
				w.lostArcs(i, c, w.boosts[k])
				continue
			}
			w.capital(u, id, pattern)
			b.tally.Add(evidence.Memory, w.boosts[k])
			b.arc(b.nodes[i], b.nodes[i+1], id, c)
		}
		if len(words) == 0 {
			w.identity(i, place{node: b.nodes[i]}, nil)
		}
	}
}

// scoring is how a lattice is built when only its score counts. Words are then
// bounded as they were read, which is much faster.
type scoring struct {
	few    bool   // a few candidates of a token are enough: all will be wanted of a source that made the blocks before
	fluent []bool // units that an almost right reading has read right; nil: none is known
}

// build fills the lattice with what channel ch proposes.
func (w *worker) build(ch *channel.Model) {
	b := &w.lat
	w.sketch, w.few = false, false
	if !ch.KeepsMarks() {
		b.findHeads()
	}
	for i := 0; i < len(b.units); {
		i = w.buildRun(i, ch)
	}
}

// sketchUnits adds what channel ch proposes for units from one up to another, for its
// score alone.
func (w *worker) sketchUnits(ch *channel.Model, h *scoring, from, to int) {
	b := &w.lat
	w.sketch, w.few = true, h.few
	for i := from; i < to; i++ {
		at := place{node: b.nodes[i]}
		w.identity(i, at, ch)
		if ch.KeepsMarks() && (b.units[i].class == token.Number || h.fluent != nil && h.fluent[i]) {
			continue // hardly another word
		}
		w.unitWords(i, at, ch)
	}
}

// place is where an arc begins.
type place struct {
	node int32
	lost bool // a space was lost there
}

// unitWords adds the words that a unit as a whole may be.
func (w *worker) unitWords(i int, from place, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	part, ok := b.mayBeWord(i)
	if !ok && (w.sketch || !b.isLetterAlone(i)) {
		return
	}
	w.span(u, from, b.ends[i], taken(u.start, u.end), b.word(u), part, ch)
}

// mayBeWord reports whether a unit as a whole may be a word, and what speaks
// against that.
func (b *builder) mayBeWord(i int) (against evidence.Part, ok bool) {
	u := b.units[i]
	switch u.class {
	case token.Word, token.Mixed:
		if swallowsNumber(b.text[u.start:u.end]) {
			against = evidence.Part{Feature: evidence.NumberLost, Value: 1}
		}
		return against, true
	case token.Number:
		return evidence.Part{Feature: evidence.NumberAsWord, Value: 1}, u.end-u.start <= b.bounds.ShortNumber
	}
	return against, false
}

// isLetterAlone reports whether a unit is a sign among words, with nothing but plain marks
// beside it, that readers make of a letter: "ở" is read as "&". A stroke is none: it is a
// rule, or a 1.
func (b *builder) isLetterAlone(i int) bool {
	u := b.units[i]
	r, n := utf8.DecodeRuneInString(b.text[u.start:u.end])
	if u.line || u.class != token.Punct || n < u.end-u.start || !mayBeLetter(r) || r == '|' || u.glued && !b.isPlain(i-1) {
		return false
	}
	return i+1 == len(b.units) || !b.units[i+1].glued || b.isPlain(i+1)
}

// identity adds the arc that takes a unit as it was read.
func (w *worker) identity(i int, from place, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.word(u)
	if u.class == token.Code {
		id := w.symbol(s, u.class)
		b.arc(from.node, b.ends[i], id, b.instead(u, repairCode(s)))
		return
	}
	if ch != nil && u.line && strings.HasPrefix(s, "V") && formula.IsSubject(s) {
		b.tally.Add(evidence.Formula, 1)
		b.arc(from.node, b.ends[i], ngram.None, b.instead(u, "V/v"))
	}
	dirt := u.class == token.Punct && ch != nil && w.speck(i, from, s, ch)
	id := w.symbol(s, u.class)
	if ch != nil && u.class == token.Word {
		if len(s) < b.bounds.LongWord {
			b.tally.Add(evidence.Channel, max(w.readBy(ch, s).right, b.bounds.LeastRight))
		}
		if miscased(s) {
			b.tally.Add(evidence.Miscased, 1)
		}
	}
	if ch != nil && !w.sketch && (u.class == token.Word || u.class == token.Mixed) {
		b.tally.Add(evidence.Odd, oddPlaces(s))
	}
	if dirt {
		b.tally.Add(evidence.Dirt, 1)
	}
	if ch != nil && !w.sketch && u.class == token.Punct && b.isInside(i) {
		b.tally.Add(evidence.MarkInside, 1)
	}
	if u.witness != "" {
		b.tally.Add(evidence.Witness, b.attested(u.by, s, u.witness))
	}
	w.capital(u, id, viet.CaseOf(s))
	c := taken(u.start, u.end)
	if u.mended != "" {
		b.write(&c, viet.PlaceTone(u.mended, w.opt.Tone))
	}
	if c.split = from.lost; c.split {
		b.tally.AddPart(w.lostSpace(ch))
	}
	b.arc(from.node, b.ends[i], id, c)
}

// lostSpace is what speaks against a space that the reader lost.
func (w *worker) lostSpace(ch *channel.Model) evidence.Part {
	return evidence.Part{Feature: evidence.Space, Value: log10(ch.LostSpace)}
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
	case class == token.Mixed && isLabel(s):
		return id, w.bounds.LabelCost * float32(len(s))
	case class == token.Mixed:
		return id, -w.spell().Log10(s)
	}
	return id, 0
}

// isLabel reports whether s is one or two capitals before or after a number of up to
// three digits, as houses, classes and cars are called: D16, 16A, K62.
func isLabel(s string) bool {
	digits := strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	capitals := len(s) - len(digits)
	return capitals >= 1 && capitals <= 2 && len(digits) >= 1 && len(digits) <= 3 && strings.Trim(digits, "0123456789") == "" &&
		(strings.HasPrefix(s, digits) || strings.HasSuffix(s, digits))
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

// span adds the arcs from a place to a node that read s as one word, and returns
// log10 of how well the best of them explains what was read.
func (w *worker) span(u unit, from place, to int32, c choice, s string, against evidence.Part, ch *channel.Model) float32 {
	b := &w.lat
	best := float32(-99)
	if isAbbreviation(s) && ch.KeepsMarks() {
		return 0
	}
	c.split = from.lost
	lex := w.lexicon()
	first, size := utf8.DecodeRuneInString(s)
	isLetter := size == len(s) && unicode.IsLetter(first) && !viet.IsVowel(first)
	for _, p := range confusion.Patterns(s, u.inCapitals || u.besideCapitals) {
		found := w.candidates(ch, s, p.Case)
		w.witnessed = w.witnessed[:0]
		if u.witness != "" {
			found = w.attest(found, u, s, p.Case, ch)
		}
		w.choice = w.choice[:0]
		for _, cand := range found {
			w.choice = append(w.choice, lex.IDs[cand.Word])
		}
		w.boosts = w.recent.Boosts(w.boosts[:0], w.choice)
		for k, cand := range found {
			explains := w.explain(k, cand, p.Against)
			b.tally.AddPart(against)
			if from.lost {
				b.tally.AddPart(w.lostSpace(ch))
			}
			if isAcronym(u, s, lex.Word(cand)) {
				b.tally.Add(evidence.Acronym, 1)
			}
			if isLetter && isOtherLetter(lex.Word(cand), s, ch) {
				b.tally.Add(evidence.Letter, 1)
			}
			id := w.choice[k]
			w.capital(u, id, p.Case)
			b.tally.Add(evidence.Memory, w.boosts[k])
			c.word, c.c = id, cand.Case
			b.arc(from.node, to, id, c)
			best = max(best, explains)
		}
	}
	return best
}

// isOtherLetter reports whether a word is not what a reader makes of it when it
// writes a single letter: one that keeps marks writes nothing else, others may lose
// the letters beside it.
func isOtherLetter(word, read string, ch *channel.Model) bool {
	if ch.KeepsMarks() {
		return word != viet.Fold(read)
	}
	return !strings.Contains(viet.Strip(word), strings.ToLower(viet.Strip(read)))
}

// explain tallies how well candidate k explains what was read, and returns it.
func (w *worker) explain(k int, cand channel.Candidate, against evidence.Feature) float32 {
	t := &w.lat.tally
	t.Add(evidence.Channel, cand.Log10)
	if len(w.witnessed) > 0 {
		t.Add(evidence.Witness, w.witnessed[k])
	}
	t.Add(against, 1)
	return -t.Cost
}

// capital tallies what the case of a word says about it.
func (w *worker) capital(u unit, id ngram.ID, c viet.Case) {
	if u.caseTells && c != viet.Upper {
		w.lat.tally.Add(evidence.Capital, w.model.CapLogProb(id, c == viet.Title, u.afterCapital))
	}
}
