package restore

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// A text that was garbled in a way that no channel knows well is restored several times:
// what the first pass is sure of teaches a channel, with which the second begins
// anew, and so on. So blocks are held back from the first garbled one on, until it is known
// whether that is needed, and then until there is enough to learn from. What comes
// later teaches, too, each time that there is twice as much of it.
const (
	sureEnough    = 0.8      // posterior of words that teach: the less sure ones teach their errors
	enoughToJudge = 600      // letters that tell whether a channel knows the reader
	enoughToLearn = 300      // letters that a channel is adapted to at the least
	poorLikeness  = -0.3     // log10 of the chance of a letter, below which a channel does not know the reader
	heldBack      = 32 << 10 // bytes of text at the most
	adaptPasses   = 2        // times that blocks held back are restored with what was learned
)

// adaptation is what a document learns of its reader.
type adaptation struct {
	generic *Restorer       // with the channels as they were opened
	lessons channel.Lessons // of all channels: who reads is one, whoever explains it
	next    float64         // letters of lessons at which they are looked at
	settled bool            // blocks need not wait
	enough  bool            // what comes teaches no more
}

func (r *Restorer) newAdaptation() adaptation {
	return adaptation{generic: r, next: enoughToJudge, settled: r.opt.NoAdapt || r.opt.LineBuffered}
}

// look returns the channel that is to be adapted: the one that knows the reader
// best, if that is poorly; nil if none is.
func (a *adaptation) look() *channel.Model {
	a.next = max(2*a.lessons.Letters(), enoughToJudge)
	if a.lessons.Letters() < enoughToLearn {
		return nil
	}
	best, most := (*channel.Model)(nil), math.Inf(-1)
	for _, ch := range a.generic.channels {
		if only := a.generic.opt.Source; a.generic.channel(only) != nil && ch.Name != only {
			continue
		}
		if like := ch.Likeness(&a.lessons); like > most {
			best, most = ch, like
		}
	}
	if most > poorLikeness {
		return nil
	}
	return best
}

// teach takes what a decoded block is sure of as lessons. A reader that keeps the
// marks is none: what it reads wrong are other words, which teach that right ones are
// wrong (dev/real, vie: 1.96 became 2.11 % of the syllables).
func (a *adaptation) teach(w *worker, source string, got *lattice.Result) {
	if a.enough || w.opt.NoAdapt || w.channel(source) == nil || w.channel(source).KeepsMarks() {
		return
	}
	for _, arc := range got.Path {
		if p := got.Posterior[arc]; p > sureEnough {
			if word, read := w.lesson(arc); word != "" {
				a.lessons.Add(word, read, float64(p))
			}
		}
	}
}

// lesson returns the word that an arc stands for, and its reading, if they teach
// anything: a syllable, and no abbreviation.
func (w *worker) lesson(arc int32) (word, read string) {
	c, id := w.lat.choices[arc], w.lat.arcs[arc].Word
	if c.fixed != 0 || id == ngram.None {
		return "", ""
	}
	read = strings.Join(strings.Fields(w.lat.read(c)), "")
	if isShort(read) {
		return "", ""
	}
	word = read
	if c.word != ngram.None {
		word = c.c.Apply(w.model.Word(c.word))
	}
	if !viet.IsSyllable(viet.Fold(word)) {
		return "", ""
	}
	return word, read
}

// isShort reports whether a reading may be an abbreviation or a code, garbled or
// not: capitals without a vowel, or a letter and digits. ĐKMH is not "đó".
func isShort(read string) bool {
	letters, digits := 0, 0
	for _, r := range read {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters <= 1 && digits > 0 || letters > 1 && isAbbreviation(read)
}

// adapt gives the document a channel for its reader in place of ch, and returns it.
func (d *Document) adapt(ch *channel.Model) *channel.Model {
	adapted := ch.Adapt(&d.lessons)
	channels := slices.Clone(d.generic.channels)
	channels[slices.Index(channels, ch)] = adapted
	d.r = d.r.with(channels)
	return adapted
}

// again starts the document anew, with what is known of its reader.
func (d *Document) again() {
	next := d.r.Document()
	next.evidence, next.race, next.abbrs = d.evidence, d.race, d.abbrs
	next.generic, next.next, next.settled = d.generic, d.next, true
	*d = *next
}

// with returns a Restorer like r with other channels.
func (r *Restorer) with(channels []*channel.Model) *Restorer {
	out := &Restorer{opt: r.opt, weights: r.weights, bounds: r.bounds, model: r.model, sense: r.sense, channels: channels, words: r.words.Empty(), spell: r.spell, vocab: r.vocab}
	out.workers.New = func() any { return newWorker(out) }
	return out
}

// held is the blocks of a document that have not left yet.
type held struct {
	doc     *Document
	blocks  []restored
	size    int            // bytes of the blocks
	adapted *channel.Model // since the last block left; nil: none
}

// restored is a block, the empty lines after it, and what became of it.
type restored struct {
	block, gap string
	Result
	adapted *channel.Model // if the document learned it before the block left
}

// add restores a piece of text, the last one if it comes with an error, and returns
// the blocks that may leave.
func (h *held) add(p piece) []restored {
	var ready []restored
	if len(p.raw) > 0 {
		block, gap := p.cut()
		h.blocks = append(h.blocks, restored{block: block, gap: gap, Result: h.doc.Block(block)})
		h.size += len(block)
		ready = h.ready()
	}
	if p.err != nil {
		ready = append(ready, h.release()...)
	}
	return ready
}

// ready returns the blocks that may leave, once one more is there.
func (h *held) ready() []restored {
	a := &h.doc.adaptation
	n := a.lessons.Letters()
	switch {
	case n == 0: // nothing garbled yet
	case a.settled:
		if n >= a.next {
			if ch := a.look(); ch != nil {
				h.adapted = h.doc.adapt(ch)
			}
		}
	case h.size >= heldBack:
		return h.release()
	case n < a.next || a.look() != nil:
		return nil
	default:
		a.settled = true
	}
	return h.leave()
}

// release returns the blocks held back, restored again if no channel knows their
// reader.
func (h *held) release() []restored {
	if a := &h.doc.adaptation; !a.settled && a.lessons.Letters() > 0 {
		a.settled = true
		for range adaptPasses {
			ch := h.doc.look()
			if ch == nil {
				break
			}
			h.adapted = h.doc.adapt(ch)
			h.doc.again()
			for i := range h.blocks {
				b := &h.blocks[i]
				b.Result = h.doc.Block(b.block)
			}
		}
	}
	return h.leave()
}

func (h *held) leave() []restored {
	out := h.blocks
	if len(out) > 0 {
		out[0].adapted = h.adapted
		h.adapted = nil
	}
	h.blocks, h.size = nil, 0
	return out
}
