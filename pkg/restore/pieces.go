package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// What a token is follows from what explains it. A run, the characters between
// two white spaces, is first what package token makes of it. Where that explains
// it badly, any characters of it may be a word, whatever signs and digits are
// among them, and between two words a space was lost.

// run is the units from one on that no white space parts, character by character.
type run struct {
	from, to   int
	base       int32     // node before it
	at         []int     // offset in the text of each character, and of the end
	unit       []int     // of each character
	explained  []float32 // log10 of how well a word explains each unit, at best; noWord if none is sought
	mark, word []bool    // before a character a mark ended, or a word
	signs      bool      // signs stand among its letters where texts have none
	broken     bool      // and no word explains them
}

// node is the node before character p, where a word or a mark ended.
func (r *run) node(p int, word bool) int32 {
	n := r.base + 2*int32(p)
	if word && p > 0 && p < len(r.unit) {
		n++
	}
	return n
}

// begin sets r to the run of unit i.
func (r *run) begin(b *builder, i int) {
	r.from, r.to, r.base = i, i, b.nodes[i]
	r.at, r.unit = r.at[:0], r.unit[:0]
	for ; r.to == i || r.to < len(b.units) && b.units[r.to].glued; r.to++ {
		u := b.units[r.to]
		for k := range b.text[u.start:u.end] {
			r.at, r.unit = append(r.at, u.start+k), append(r.unit, r.to)
		}
	}
	r.at = append(r.at, b.units[r.to-1].end)
	r.mark, r.word = cleared(r.mark, len(r.at)), cleared(r.word, len(r.at))
	r.mark[0] = true
}

func cleared(s []bool, n int) []bool {
	if cap(s) < n {
		return make([]bool, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// first is the first character of unit k.
func (r *run) first(k int) int {
	p, _ := slices.BinarySearch(r.unit, k)
	return p
}

// isEdge reports whether one unit ends and another begins before character p.
func (r *run) isEdge(p int) bool { return p == 0 || p == len(r.unit) || r.unit[p] != r.unit[p-1] }

// buildRun adds the arcs of the run that unit i begins and returns the unit after it.
func (w *worker) buildRun(i int, ch *channel.Model) int {
	b, r := &w.lat, &w.run
	r.begin(b, i)
	w.explainUnits(r, ch)
	for k := i; k < r.to; k++ {
		b.from = append(b.from, int32(len(b.arcs)))
		u := b.units[k]
		p, isWord := r.first(k), u.isWord()
		for _, from := range r.places(p, u.class == token.Punct) {
			w.identity(k, from, ch)
			w.unitWords(k, from, ch)
		}
		w.forms(r, k, ch)
		w.head(k)
		if end := r.first(k + 1); isWord {
			r.word[end] = true
		} else {
			r.mark[end] = true
		}
		if u.class == token.Number {
			w.amount(k)
		}
		if u.witness == "" {
			w.join(k, r.explained[k-i], ch)
			w.pieces(r, k, ch)
		}
	}
	return r.to
}

// places are where an arc that begins with character p may begin. Before a mark no
// space was lost.
func (r *run) places(p int, mark bool) (from []place) {
	if r.mark[p] {
		from = append(from, place{node: r.node(p, false)})
	}
	if r.word[p] {
		from = append(from, place{r.node(p, true), !mark})
	}
	return from
}

// explainUnits tells how well words explain the units of a run, alone and together
// with the signs beside them.
func (w *worker) explainUnits(r *run, ch *channel.Model) {
	b := &w.lat
	r.explained, r.signs = r.explained[:0], false
	for k := r.from; k < r.to; k++ {
		u := b.units[k]
		best := float32(noWord)
		if _, ok := b.mayBeWord(k); ok {
			best = w.explains(u, b.word(u), ch)
		}
		r.explained = append(r.explained, best)
		r.signs = r.signs || u.class == token.Punct && b.isInside(k)
	}
	if r.broken = r.signs; r.broken {
		core := strings.TrimFunc(b.text[r.at[0]:r.at[len(r.unit)]], plainMark)
		r.broken = utf8.RuneCountInString(core) > b.bounds.MostMerged || w.explains(b.units[r.from], core, ch) < -b.bounds.SplitWorse
	}
}

// noWord stands for how well words explain what is none: a mark, a code, an abbreviation.
const noWord = 1

// explains is log10 of how well the best word explains what was read.
func (w *worker) explains(u unit, s string, ch *channel.Model) float32 {
	best := float32(-99)
	if isAbbreviation(s) && ch.KeepsMarks() {
		return noWord
	}
	for _, p := range confusion.Patterns(s, u.inCapitals || u.besideCapitals) {
		for _, c := range w.candidates(ch, s, p.Case) {
			best = max(best, c.Log10+w.weights.Of(p.Against))
		}
	}
	return best
}

// pieces adds the words that begin in unit k and are not that unit: of units with
// the signs between them, and of some of the characters where no word explains all.
func (w *worker) pieces(r *run, k int, ch *channel.Model) {
	b := &w.lat
	u := b.units[k]
	if !u.isWord() && u.class != token.Punct {
		return
	}
	s := b.text[u.start:u.end]
	n := len(r.unit)
	loose := n <= b.bounds.MostDivided && (r.broken || u.class != token.Punct && (r.explained[k-r.from] < -b.bounds.SplitWorse && n >= b.bounds.LeastDivided || swallowsNumber(s)))
	if loose {
		w.numberBefore(r, k)
	}
	for p := r.first(k); p < n && r.unit[p] == k; p++ {
		if !loose && !r.isEdge(p) {
			break
		}
		for _, from := range r.places(p, false) {
			w.piecesFrom(r, p, from, loose, ch)
		}
	}
	if loose {
		w.numberAfter(r, k, ch)
	}
}

// numberBefore adds the number that a word is glued to: "07thang".
func (w *worker) numberBefore(r *run, k int) {
	b := &w.lat
	u := b.units[k]
	s := b.text[u.start:u.end]
	d := leadingDigits(s)
	if d == 0 || d > b.bounds.GluedDigits || d == len(s) || !isGlued(s[d:]) {
		return
	}
	p := r.first(k)
	for _, from := range r.places(p, false) {
		id := w.symbol(s[:d], token.Number)
		b.arc(from.node, r.node(p+d, true), id, taken(u.start, u.start+d))
	}
	r.word[p+d] = true
}

// numberAfter adds the number that is glued to a word: "được15".
func (w *worker) numberAfter(r *run, k int, ch *channel.Model) {
	b := &w.lat
	u := b.units[k]
	s := b.text[u.start:u.end]
	at := trailingDigits(s)
	p := r.first(k) + utf8.RuneCountInString(s[:at])
	if at == 0 || at == len(s) || !r.word[p] {
		return
	}
	id := w.symbol(s[at:], token.Number)
	b.tally.AddPart(w.lostSpace(ch))
	c := taken(u.start+at, u.end)
	c.split = true
	b.arc(r.node(p, true), b.ends[k], id, c)
}

// join adds the words that unit i and those after it may be together: one that no
// word explains with the next, and any number of pieces of which one is no word.
func (w *worker) join(i int, best float32, ch *channel.Model) {
	b := &w.lat
	u := b.units[i]
	s := b.text[u.start:u.end]
	spaced := isSpaced(s)
	if next := i + 1; !spaced && next < len(b.units) && b.units[next].class == token.Word {
		spaced = isSpaced(b.word(b.units[next]))
	}
	if best == noWord || best > -b.bounds.SplitWorse && !spaced {
		return
	}
	against := evidence.Part{Feature: evidence.Space}
	for j := i + 1; j < len(b.units) && j <= i+b.bounds.MostParts; j++ {
		v := b.units[j]
		if v.glued || v.line || v.witness != "" || v.class != token.Word && v.class != token.Mixed {
			return
		}
		part := b.text[v.start:v.end]
		s += part
		spaced = spaced || isSpaced(part)
		if utf8.RuneCountInString(s) > b.bounds.MostJoined || j > i+1 && !spaced {
			return
		}
		against.Value += log10(ch.AddedSpace)
		w.span(u, place{node: b.nodes[i]}, b.ends[j], taken(u.start, v.end), s, against, ch)
	}
}

// isSpaced reports whether a word is only the beginning or the end of one, as in
// text whose letters are spaced out.
func isSpaced(s string) bool {
	return utf8.RuneCountInString(s) <= 3 && !viet.IsSyllable(strings.ToLower(s))
}

// piecesFrom adds the words that begin with character p.
func (w *worker) piecesFrom(r *run, p int, from place, loose bool, ch *channel.Model) {
	b := &w.lat
	n := len(r.unit)
	letters, signs, digits := false, false, false
	for q := p + 1; q <= min(n, p+b.bounds.MostMerged); q++ {
		u := b.units[r.unit[q-1]]
		c, _ := utf8.DecodeRuneInString(b.text[r.at[q-1]:])
		switch {
		case u.witness != "" || !u.isWord() && u.class != token.Punct:
			return
		case u.class == token.Punct:
			if !mayBeLetter(c) && (!loose && !r.signs || q-1 == p) || ofName(string(c), ch) {
				return
			}
			signs = true
		case unicode.IsLetter(c):
			letters = true
		case unicode.IsDigit(c):
			digits = true
		}
		against := evidence.Part{}
		if digits && !letters && strings.ContainsRune(noUnits, c) { // "1&" is "lễ"
			letters, against = true, evidence.Part{Feature: evidence.NumberAsWord, Value: 1}
		}
		whole := r.isEdge(p) && r.isEdge(q)
		if !letters || q-p < b.bounds.LeastPiece || whole && r.unit[p] == r.unit[q-1] || !whole && !loose || plainMark(c) {
			continue
		}
		if !whole && !signs && q-p > b.bounds.MostPiece {
			return
		}
		word := taken(r.at[p], r.at[q])
		least := -b.bounds.PieceWorse
		if signs {
			least = -b.bounds.SignsWorse
		}
		if w.span(b.units[r.unit[p]], from, r.node(q, true), word, b.read(word), against, ch) > least || whole {
			r.word[q] = true
		}
	}
}

// mayBeLetter reports whether a sign is known to be what readers make of letters.
func mayBeLetter(r rune) bool {
	return strings.ContainsRune("?'’‘`&¢@$€£¥{}[]!|*^<>\\~©®°§«»#=", r)
}

// noUnits are signs that readers make of letters, and that no number has after it.
const noUnits = "&"

// plainMark reports whether a mark is one that texts are full of, so that a word
// hardly begins or ends with it.
func plainMark(r rune) bool { return strings.ContainsRune(".,;:()\"“”-–—/…", r) }
