package restore

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// What made a block is decided by likelihood. Each source explains the text as
// read: clean Vietnamese by the language model alone, another language by the
// spelling of its words, a channel by its best restoration. The blocks before
// shift the odds, so that a short line goes with its neighbours.

// Prior odds of the sources in log10, and how far the blocks before can shift
// them. Text is left alone unless there is reason not to.
const (
	priorGarbled  = -3.5 // English of syllables that Vietnamese has comes to odds of 3.4, three words that lost their marks to 2.5 and more
	priorTouched  = -3.0 // for readings that are almost right
	signInside    = 4.0  // against text that lost nothing but marks, for each sign where texts have none: th~c
	authorsErr    = 0.05 // for each word of a reading that is almost right: authors err, too
	mostEvidence  = 6.0  // of all blocks
	blockEvidence = 4.0  // of one block
	soundBlock    = 0.5  // of one sound block against readings that are almost right
)

func clamp(x, limit float64) float64 { return max(min(x, limit), -limit) }

// sourceOdds is what the blocks so far say about the source, in log10 odds against
// text that needs no restoration.
type sourceOdds map[string]float64

// detect returns the most likely source of the block.
func (d *Document) detect(w *worker, sources []string) string {
	look := w.look()
	w.mixed = look.isMixed()
	if 3*w.lat.beyond >= look.all { // or there are no others
		return Foreign
	}
	verdict := w.verdictOn([]byte(w.lat.text))
	if verdict.State == source.Broken && slices.Contains(sources, Broken) {
		return Broken
	}
	if verdict.State == source.Spaced {
		for _, name := range sources {
			if w.keepsMarks(name) { // the letters that there are were read right
				return name
			}
		}
	}
	if look.all >= enoughWords && !look.vietnamese() && !d.isGarbled(sources) {
		for _, name := range sources {
			d.learn(name, -blockEvidence)
		}
		return Foreign
	}
	isBare := d.seeBare(look)
	if known := d.evidence[Strip]; isBare && known >= blockEvidence && known+verdict.Odds(source.Stripped) > source.Sure {
		return Strip // as the blocks before
	}
	return d.weighSources(w, sources, look, isBare, verdict)
}

// isSure reports whether one source explains all blocks so far, and no other does.
func (d *Document) isSure() bool {
	if d.evidence[Strip] == mostEvidence {
		return true
	}
	return d.evidence[d.race.leader] == mostEvidence && !d.race.isOpen()
}

// verdictOn judges a text. Most blocks are judged twice, one time after the other.
func (w *worker) verdictOn(text []byte) *source.Verdict {
	if !bytes.Equal(text, w.judged) {
		w.judged, w.verdict = append(w.judged[:0], text...), w.judge.Text(text, nil)
	}
	return &w.verdict
}

// isGarbled reports whether one of the sources, a reader that spoils what it reads,
// made the blocks before or after, as far as is known.
func (d *Document) isGarbled(sources []string) bool {
	return slices.ContainsFunc(sources, func(name string) bool {
		ch := d.r.channel(name)
		return ch != nil && !ch.KeepsMarks() && d.evidence[name] >= blockEvidence
	})
}

// cuts are the places in a block, whole lines, where right lines and spoilt ones meet,
// or where another language begins that goes on for a while. Readers' garble has lines
// that look like neither: likelihood tells those.
func (w *worker) cuts(block []byte) (at []int) {
	verdict := w.verdictOn(block)
	kind := func(p *source.Part) source.State {
		switch {
		case p.State == source.Clean && p.Right(),
			p.State == source.Foreign && p.Words >= foreignWords && verdict.State != source.Garbled:
			return p.State
		}
		return source.Garbled
	}
	parts := verdict.Parts
	for i := 1; i < len(parts); i++ {
		if kind(&parts[i-1]) != kind(&parts[i]) {
			at = append(at, parts[i].Start)
		}
	}
	return at
}

// foreignWords is how many words of another language stand for themselves.
const foreignWords = 12

// look counts the words of a block, or of several, by what they look like.
type look struct {
	all    int // words, those with digits in them too
	words  int // without digits
	alike  int // like a syllable once their marks are gone
	other  int // like none, and no abbreviation
	marked int // with marks
	toned  int // with a tone
	bare   int // without marks, and with the letters of a word of the model
}

func (w *worker) look() (l look) {
	for _, u := range w.lat.units {
		switch u.class {
		case token.Mixed:
			l.all++
		case token.Word:
			l.all++
			l.words++
			s := w.lat.word(u)
			r := w.reading(s)
			switch {
			case r.alike:
				l.alike++
			case viet.CaseOf(s) != viet.Upper:
				l.other++
			}
			if r.bare {
				l.bare++
			}
			if viet.HasMarks(s) {
				l.marked++
			}
			if strings.ContainsFunc(s, isToned) {
				l.toned++
			}
		}
	}
	return l
}

// vietnamese reports whether enough words look like Vietnamese syllables once
// their marks are gone, as two in three of garbled text do and one in four of
// English. It spares other languages the search for what they might have been.
func (l look) vietnamese() bool { return 3*l.alike >= l.words }

// isMixed reports whether one word in six or more is one of another language by its look.
func (l look) isMixed() bool { return l.all >= enoughWords && 6*l.other >= l.words }

// mayBeStripped reports whether most words have no marks.
func (l look) mayBeStripped() bool { return 4*l.marked < l.words }

// mayBeToneless reports whether letters kept their shapes, and hardly a word its tone.
func (l look) mayBeToneless() bool { return 8*l.marked >= l.words && 8*l.toned <= l.marked }

func isToned(r rune) bool {
	_, tone := viet.Split(r)
	return tone != viet.Ngang
}

// isBare reports whether words are bare throughout, as those of stripped text
// are. A reader that garbles spoils more: on development pages a tenth of the
// words at the least.
func (l look) isBare() bool { return 16*l.bare >= 15*l.all }

// seeBare adds a block to the text so far and reports whether both are bare
// throughout, and long enough to tell.
func (d *Document) seeBare(l look) bool {
	const enough = 100
	if d.seen.all > 4*enough { // what was long ago says little
		d.seen.all, d.seen.bare = d.seen.all/2, d.seen.bare/2
	}
	d.seen.all, d.seen.bare = d.seen.all+l.all, d.seen.bare+l.bare
	return l.isBare() && d.seen.isBare() && d.seen.all >= enough
}

// enoughWords is how many words a block needs to be judged by their look alone,
// and to be evidence for others. Shorter ones go with their neighbours.
const enoughWords = 8

// learn takes the odds of a block as evidence for those after it.
func (d *Document) learn(source string, odds float64) {
	if d.evidence == nil {
		d.evidence = sourceOdds{}
	}
	d.evidence[source] = clamp(d.evidence[source]+clamp(odds, blockEvidence), mostEvidence)
}

// sound is how much of its odds a block of sound Vietnamese says against a reading that
// is almost right: most blocks of such a reading have no error. It takes back what the
// blocks before said for it, and no more.
func sound(odds, before float64) float64 { return max(odds, -soundBlock, -max(before, 0)) }

// keepsMarks reports whether the source is a reading that is almost right.
func (w *worker) keepsMarks(source string) bool {
	ch := w.channel(source)
	return ch != nil && ch.KeepsMarks()
}

// readOrForeign tells a block that a reader has just read from one in another
// language, which its channel does not know.
func (w *worker) readOrForeign(channel string) string {
	all := len(w.lat.units)
	if sum, ok := w.score(channel, new(scoring), w.model.Begin(), 0, all); ok && sum+mostEvidence > w.asForeign()[all] {
		return channel
	}
	return Foreign
}

// hasOwnLetters reports whether the block has a letter that only Vietnamese has,
// or few others: ơ, ả, ế, but not é. One in two words has one, so that a reading
// that is almost right has some, but for a few words of it.
func (w *worker) hasOwnLetters() bool {
	return strings.ContainsFunc(w.lat.text, func(r rune) bool { return r > unicode.MaxLatin1 && viet.IsMarked(r) })
}
