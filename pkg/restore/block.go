package restore

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

func log10(x float64) float32 { return float32(math.Log10(x)) }

// Document restores the blocks of one text in their order and learns from it as
// it goes. It is for one goroutine.
type Document struct {
	r        *Restorer
	old, new int // open oa, oe, uy seen in each style of tone placement
	evidence sourceOdds
	race     race
	seen     look // bare and all of the text so far
	items    items
	abbrs    abbreviations
	recent   *ngram.Recent
	adaptation
}

// Document starts a text.
func (r *Restorer) Document() *Document {
	return &Document{r: r, recent: r.model.NewRecent(), adaptation: r.newAdaptation()}
}

// Witness is what another reader saw in place of a part of a block.
type Witness struct {
	Start, End int    // of the part, in bytes of the block: one or more whole words
	Channel    string // of the reader
	Read       string
}

// Block restores a block: lines with no empty one between them.
func (d *Document) Block(block string) Result {
	return d.block(block, d.r.opt.Source, d.r.spoilers(), nil)
}

// Reading restores a block, in NFC, that a reader with the named channel has
// read just now: it is garbled by that reader or not at all. Witnesses, sorted
// by Start, are heard where they cover whole words.
func (d *Document) Reading(block, channel string, witnesses []Witness) Result {
	source := d.r.opt.Source
	if source == Auto {
		source = read
	}
	if d.r.channel(channel) == nil {
		source = Clean
	}
	return d.block(block, source, []string{channel}, witnesses)
}

// read is the source of blocks that come from a reader: its channel, or Foreign.
const read = "read"

func (d *Document) block(block, source string, sources []string, witnesses []Witness) Result {
	w := d.r.workers.Get().(*worker)
	defer d.r.workers.Put(w)
	text := norm.NFC.String(block)
	w.take(text)
	w.recent, w.mixed = d.recent, false
	switch source {
	case Auto:
		source = d.detect(w, sources)
	case read:
		source = w.readOrForeign(sources[0])
	}
	if len(witnesses) > 0 {
		w.lat.attachWitnesses(witnesses, d.r.channel)
	}
	old, new := viet.CountStyles(text)
	d.old, d.new = d.old+old, d.new+new
	res := Result{Text: text, Source: source}
	if source == Clean {
		w.placeTones(&res)
	}
	if source == Clean || source == Foreign || len(w.lat.units) == 0 {
		return res
	}
	if source == Broken {
		w.lat.joinLost()
	}
	if source == Strip || source == Toneless || source == Broken {
		w.conclude(d, w.putMarks(source), &res)
		return res
	}
	got, ok := w.decode(source)
	d.items.order(&w.lat)
	if ok {
		w.conclude(d, got, &res)
		w.noteWords(got.Path)
		d.teach(w, source, got)
	}
	return res
}

// take takes up a block.
func (w *worker) take(text string) {
	w.lat.reset(text)
	w.lat.keepNames()
	w.made.source = ""
}

// conclude looks again at the best reading and writes it.
func (w *worker) conclude(d *Document, got *lattice.Result, res *Result) {
	var before []float32
	if w.opt.Arcs {
		before = slices.Clone(got.Posterior)
	}
	w.lookAgain(got)
	if res.Source != Strip {
		d.abbrs.mend(w, d, got.Path, w.channel(res.Source) != nil && !w.keepsMarks(res.Source))
	}
	w.write(d, got, res)
	if w.opt.Arcs {
		res.Arcs = w.arcs(d, got, before)
	}
}

// noteWords lets the document know its words.
func (w *worker) noteWords(path []int32) {
	for _, a := range path {
		if id := w.lat.arcs[a].Word; id != ngram.None {
			w.recent.Add(id)
		}
	}
}

// decode finds the best reading of the block by the channel that is the source.
func (w *worker) decode(source string) (*lattice.Result, bool) {
	if w.made.source == source {
		w.swap()
		return w.made.best, true
	}
	w.propose(w.channel(source))
	return w.decoder.Decode(w.lat.end(), w.lat.arcs, w.model.Begin())
}

// swap sets the lattice to the one of the reading that is kept, and back.
func (w *worker) swap() { w.lat.graph, w.made.graph = w.made.graph, w.lat.graph }

// propose fills the lattice with what a channel may have made of which words.
func (w *worker) propose(ch *channel.Model) {
	w.lat.clear()
	w.lat.number()
	w.build(ch)
}

// write spells the chosen arcs. Pieces of one word that was divided are kept
// together, for MinConfidence.
func (w *worker) write(d *Document, got *lattice.Result, res *Result) {
	b := &w.lat
	path, posterior := got.Path, got.Posterior
	keeps := w.keepsMarks(res.Source)
	out := newWriter(b.text)
	out.textOnly = w.opt.TextOnly
	var word []Token
	least := 0.0 // confidence of a word that is not left as it was read
	for i, a := range path {
		c := b.choices[a]
		t := Token{In: Span{int(c.start), int(c.end)}, Read: b.read(c), Text: w.spelled(d, c), Confidence: 1}
		if least = max(least, w.opt.MinConfidence); w.mixed && res.Source == Strip || keeps && b.isName(int(c.start)) {
			least = max(least, w.bounds.SureChange)
		}
		if !w.opt.TextOnly || least > 0 && t.Text != t.Read {
			t.Confidence, t.Alternatives = w.weigh(d, a, c.end, posterior, t.Text)
		}
		word = append(word, t)
		if i+1 < len(path) && b.choices[path[i+1]].split {
			continue
		}
		if unsure(word, least) {
			whole := Span{word[0].In.Start, int(c.end)}
			t = Token{In: whole, Read: b.text[whole.Start:whole.End]}
			t.Text = viet.PlaceTone(t.Read, w.opt.Tone)
			t.Confidence, t.Alternatives = w.weigh(d, path[i+1-len(word)], c.end, posterior, t.Text)
			word = append(word[:0], t)
		}
		for k, t := range word {
			out.add(t, k > 0)
		}
		word, least = word[:0], 0
	}
	out.finish(res)
}

// isName reports whether the unit at an offset has the capital and the marks of a name, or
// is a letter that stands for one, and there is no other reader to ask.
func (b *builder) isName(offset int) bool {
	i := b.unitAt(offset)
	u := b.units[i]
	if u.start != offset || u.witness != "" || !u.caseTells && !b.afterApostrophe(i) {
		return false
	}
	s := b.text[u.start:u.end]
	return viet.CaseOf(s) == viet.Title && (viet.HasMarks(s) || len(s) == 1) && viet.IsSyllable(viet.Fold(s))
}

// afterApostrophe reports whether unit i goes on a name: M'Ùm.
func (b *builder) afterApostrophe(i int) bool {
	return b.units[i].glued && strings.ContainsAny(b.text[b.units[i-1].start:b.units[i-1].end], "'’‘")
}

// unsure reports whether a word is to be left as it was read: some of it is less sure
// than that.
func unsure(word []Token, least float64) bool {
	if len(word) == 1 && word[0].Text == word[0].Read {
		return false
	}
	return slices.ContainsFunc(word, func(t Token) bool { return t.Confidence < least })
}

// placeTones writes clean text with its tones where Options.Tone wants them, and
// with its misspelled words mended. A single tone on a wrong letter is the author's.
func (w *worker) placeTones(res *Result) {
	b := &w.lat
	misplaced, mended := 0, false
	for _, u := range b.units {
		mended = mended || u.mended != ""
		if b.isMisplaced(u) {
			misplaced++
		}
	}
	if w.opt.Tone == viet.Keep && !mended {
		return
	}
	typo := misplaced < b.bounds.LeastMisplaced || misplaced*b.bounds.MisplacedOf < len(b.units)
	out := newWriter(b.text)
	moved := false
	for _, u := range b.units {
		read := b.text[u.start:u.end]
		right := b.word(u)
		if typo && b.isMisplaced(u) {
			right = read
		}
		placed := viet.PlaceTone(right, w.opt.Tone)
		moved = moved || placed != read
		out.add(Token{In: Span{u.start, u.end}, Read: read, Text: placed, Confidence: 1}, false)
	}
	if moved {
		out.finish(res)
	}
}

// isMisplaced reports whether the tone of a word stands on a wrong letter.
func (b *builder) isMisplaced(u unit) bool {
	return u.mended != "" && viet.Strip(u.mended) == viet.Strip(b.text[u.start:u.end])
}

// writer puts a text together from tokens and what stands between them.
type writer struct {
	text   string // as read
	last   int    // where the token before ends
	out    strings.Builder
	tokens []Token

	textOnly bool // tokens are not kept
}

func newWriter(text string) *writer {
	w := &writer{text: text}
	w.out.Grow(len(text) + len(text)/4)
	return w
}

// add writes a token, after a space if one was lost before it.
func (w *writer) add(t Token, space bool) {
	w.out.WriteString(w.text[w.last:t.In.Start])
	if space {
		w.out.WriteByte(' ')
	}
	t.Out.Start = w.out.Len()
	w.out.WriteString(t.Text)
	t.Out.End = w.out.Len()
	if !w.textOnly {
		w.tokens = append(w.tokens, t)
	}
	w.last = t.In.End
}

func (w *writer) finish(res *Result) {
	w.out.WriteString(w.text[w.last:])
	res.Text, res.Tokens = w.out.String(), w.tokens
}

// spelled returns the text of a choice. A word that was read right keeps its
// letters to the byte, unless Options.Tone moves its tone; in viet.Mixed the letters keep the case they were read in.
func (w *worker) spelled(d *Document, c choice) string {
	read := w.lat.read(c)
	switch {
	case c.fixed != 0:
		return w.lat.fixed[c.fixed]
	case c.word == ngram.None:
		return viet.PlaceTone(read, w.opt.Tone)
	}
	word := w.model.Word(c.word)
	if viet.Fold(read) == word && (c.c == viet.Mixed || c.c == viet.CaseOf(read)) {
		return viet.PlaceTone(read, w.opt.Tone)
	}
	if d.style() == viet.New {
		word = viet.PlaceTone(word, viet.New)
	}
	if c.c == viet.Mixed {
		if s, ok := overlay(read, word); ok {
			return s
		}
	}
	return c.c.Apply(word)
}

// style is where tones are written in this document.
func (d *Document) style() viet.Style {
	switch {
	case d.r.opt.Tone != viet.Keep:
		return d.r.opt.Tone
	case d.new > d.old:
		return viet.New
	}
	return viet.Old
}

// overlay puts the marks of word on the letters of read, if they are the same
// letters, so that their case is kept.
func overlay(read, word string) (string, bool) {
	var out []byte
	for _, r := range read {
		m, n := utf8.DecodeRuneInString(word)
		word = word[n:]
		shape, _ := viet.Split(m)
		switch r {
		case viet.StripRune(m), shape:
		case unicode.ToUpper(viet.StripRune(m)), unicode.ToUpper(shape):
			m = unicode.ToUpper(m)
		default:
			return "", false
		}
		out = utf8.AppendRune(out, m)
	}
	return string(out), word == ""
}

// weigh returns the probability that what stands from the start of arc a up to
// end spells text, over all arcs of this span that spell alike, and what else
// the span may be.
func (w *worker) weigh(d *Document, a, end int32, posterior []float32, text string) (float64, []Alternative) {
	b := &w.lat
	if len(posterior) == 0 {
		return 1, nil
	}
	start := b.choices[a].start
	sum := float64(0)
	var others []Alternative
	from, to := b.arcsAt(int(start))
	for i := from; i < to; i++ {
		if posterior[i] == 0 {
			continue
		}
		c := b.choices[i]
		if c.start != start || c.end != end {
			continue
		}
		if t := w.spelled(d, c); t == text {
			sum += float64(posterior[i])
		} else if k := slices.IndexFunc(others, func(o Alternative) bool { return o.Text == t }); k >= 0 {
			others[k].Confidence += float64(posterior[i])
		} else {
			others = append(others, Alternative{t, float64(posterior[i])})
		}
	}
	slices.SortStableFunc(others, func(a, b Alternative) int {
		switch {
		case a.Confidence > b.Confidence:
			return -1
		case a.Confidence < b.Confidence:
			return 1
		}
		return 0
	})
	if n := w.opt.Alternatives; len(others) > n {
		others = others[:n]
	}
	return min(sum, 1), others
}
