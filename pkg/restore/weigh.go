package restore

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	judge "github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
)

// A source is weighed against the block as it was read. Of a long block a reading that is
// almost right, and so throughout, is weighed piece by piece and no further once it is
// beyond hope: right text then costs a few pieces, not all. Garble is worse in some lines
// than in others, and what stands before a piece of it tells little.
const (
	pieceSize  = 64 // units, at least
	stride     = 4  // pieces weighed one after the other lie so far apart
	beyondHope = 10 // log10 of the odds against it, its prior and the blocks before included
)

// asRead is what a block comes to as text that is to be left alone: log10 of the
// probability of the units before each, and at the end of all.
type asRead struct {
	clean   []float64     // as Vietnamese read right
	foreign []float64     // as words of another language
	states  []ngram.State // before each unit, read right
	fluent  []bool        // units
	words   []int         // before each unit
}

// left is the better of both.
func (r *asRead) left() []float64 {
	if all := len(r.fluent); r.foreign[all] > r.clean[all] {
		return r.foreign
	}
	return r.clean
}

// weighSources returns the most likely source. isBare is what seeBare says of the block.
func (d *Document) weighSources(w *worker, sources []string, look look, isBare bool, verdict *judge.Verdict) string {
	enough := look.all >= enoughWords
	all := len(w.lat.units)
	read := &w.read
	w.asClean(read)
	read.foreign = w.asForeign()
	best, left := Clean, read.left()[all]
	if left > read.clean[all] {
		best = Foreign
	}
	most := 0.0    // odds of the best against text that is left alone
	atLeast := 0.0 // that of them which is only a bound
	d.race.begin()
	right, stripped := verdict.Odds(judge.Clean), verdict.Odds(judge.Stripped)
	for _, source := range d.race.leaderFirst(sources) {
		if source == Strip && !look.mayBeStripped() || source == Toneless && !look.mayBeToneless() || source == Broken {
			continue
		}
		keeps, prior, errs := w.keepsMarks(source), priorGarbled, 0.0
		if keeps {
			prior, errs = priorTouched, authorsErr
		}
		known := d.evidence[source]
		if !keeps && right-min(0, known) > judge.Sure { // its letters tell
			if enough && right > judge.Sure {
				d.learn(source, -blockEvidence)
			}
			continue
		}
		if !keeps && source != Strip && known <= -blockEvidence && stripped-known > judge.Sure {
			continue
		}
		if keeps && (enough || known <= 0) && !w.hasOwnLetters() {
			continue
		}
		if d.race.isBeaten(source) && !w.explainsBetter(source) {
			continue
		}
		if ch := w.channel(source); ch != nil && (isBare || !keeps || !enough) {
			bound := math.Inf(-1)
			if !isBare {
				bound = w.mostBy(ch) - errs*float64(look.all) - left + prior // whatever its words
			}
			switch wins := most - known; {
			case isBare, !keeps && bound <= min(wins, -blockEvidence):
				if enough && !keeps {
					d.learn(source, -blockEvidence)
				}
				continue
			case !enough && bound <= wins:
				continue
			}
		}
		odds, ok, bounded := 0.0, false, false
		few := known < blockEvidence
		switch { // how far one wins that is sure to makes no difference from here on: a bound is enough
		case isBare && source == Strip:
			odds = w.leastStripped() - left
			ok = odds+prior >= blockEvidence-min(0, known)
		case !few && d.race.isWonBy(source):
			odds, ok = w.leastBy(source, errs)
			ok = ok && odds+prior >= blockEvidence
			bounded = ok
		}
		if !ok {
			odds, ok = w.oddsOf(source, errs, -beyondHope-prior-known, scoring{few: few, fluent: read.fluent})
		}
		if !ok {
			continue
		}
		if !keeps && w.channel(source) != nil {
			d.race.run(source, odds)
		}
		switch source {
		case Toneless, Strip:
			odds -= signInside * float64(w.lat.signsInside())
		}
		score := odds + prior + known
		if score > most && atLeast != 0 { // the best may be better than its bound
			all, _ := w.oddsOf(best, 0, 0, scoring{})
			most, atLeast = most+all-atLeast, 0
		}
		if score > most {
			best, most = source, score
			if bounded {
				atLeast = odds
			}
		}
		switch {
		case keeps && read.clean[all] >= read.foreign[all]:
			odds = sound(odds, known)
		case !keeps: // a block that can't make up for the prior is no witness, to itself either when it was looked at ahead
			odds += prior
		}
		if enough {
			d.learn(source, odds)
		}
	}
	return best
}

// oddsOf returns log10 of the odds that a source which errs so often made the block,
// against text that is left alone; it may stop where they are below hopeless.
func (w *worker) oddsOf(source string, errs, hopeless float64, h scoring) (odds float64, ok bool) {
	read := &w.read
	left := read.left()
	all := len(w.lat.units)
	pieces := 1
	if w.keepsMarks(source) {
		pieces = max(1, all/pieceSize)
	}
	for first := range stride {
		for i := first; i < pieces; i += stride {
			from, to := i*all/pieces, (i+1)*all/pieces
			sum, ok := w.score(source, &h, read.states[from], from, to)
			if !ok {
				return 0, false
			}
			end := min(to+after, all)
			odds += sum - (read.clean[end] - read.clean[to]) - (left[to] - left[from]) - errs*float64(read.words[to]-read.words[from])
			if odds < hopeless {
				return odds, true
			}
		}
	}
	return odds, true
}

// after is how many units after a piece are weighed as they were read, so that its last
// words are judged by them, too.
const after = 2

// leastBy bounds the odds of a channel from below, by the best reading: it will be asked for
// if the channel wins, and is kept.
func (w *worker) leastBy(source string, errs float64) (odds float64, ok bool) {
	best, ok := w.decode(source)
	if !ok {
		return 0, false
	}
	state, all := w.model.Begin(), len(w.lat.units)
	for _, a := range best.Path {
		arc := &w.lat.arcs[a]
		odds -= float64(arc.Cost)
		if arc.Word != ngram.None {
			var p float32
			p, state = w.model.Score(state, arc.Word)
			odds += float64(p)
		}
	}
	w.made.source, w.made.best = source, best
	w.swap()
	return odds - w.read.left()[all] - errs*float64(w.read.words[all]), true
}

// explainsBetter reports whether a channel explains the block, made the words of the reading
// that is kept, better than the channel of that reading does.
func (w *worker) explainsBetter(source string) bool {
	if w.made.source == "" {
		return false
	}
	w.swap()
	defer w.swap()
	ch, other, lead := w.channel(source), w.channel(w.made.source), 0.0
	for _, a := range w.made.best.Path {
		if word, read := w.lesson(a); word != "" {
			lead += ch.Log10(word, read) - other.Log10(word, read)
		}
		if lead < -mostLead { // a few words tell
			break
		}
	}
	return lead > 0
}

// score is log10 of the probability of the units from one up to another, and of those
// that come after them, had the source made them, in a state of the language model. Lost
// and added spaces are left out of account.
func (w *worker) score(source string, h *scoring, state ngram.State, from, to int) (float64, bool) {
	b := &w.lat
	b.clear()
	end := min(to+after, len(b.units))
	b.chain(from, end)
	if ch := w.channel(source); ch != nil {
		w.sketchUnits(ch, h, from, to)
	} else {
		w.buildStripped(source, from, to)
	}
	for i := to; i < end; i++ {
		id := w.symbol(b.word(b.units[i]), b.units[i].class)
		b.arc(b.nodes[i], b.ends[i], id, choice{})
	}
	got, ok := w.scorer.Decode(end-from, b.arcs, state)
	if !ok {
		return 0, false
	}
	return float64(got.Score), true
}

// mostBy bounds log10 of the probability of the block, had a channel made it, for
// a document that has no words of its own yet. It spares clean text the search.
func (w *worker) mostBy(ch *channel.Model) float64 {
	sum := 0.0
	for _, u := range w.lat.units {
		if u.class == token.Word && u.end-u.start < w.bounds.LongWord {
			r := w.readBy(ch, w.lat.word(u))
			sum += float64(max(r.most, r.right, w.bounds.LeastRight))
		}
	}
	return sum
}

// fluent is log10 of the chance after the words before it from which on a word,
// if the one after it is as likely, is not doubted when a reading that is almost
// right is weighed. It spares much of clean text the search.
const fluent = -1.0

// asClean fills in what the block comes to as Vietnamese read right, and which units
// are fluent.
func (w *worker) asClean(r *asRead) {
	state, sum, words := w.model.Begin(), 0.0, 0
	r.clean, r.states, r.fluent, r.words = r.clean[:0], r.states[:0], r.fluent[:0], r.words[:0]
	for _, u := range w.lat.units {
		r.clean, r.states, r.words = append(r.clean, sum), append(r.states, state), append(r.words, words)
		id, cost := w.spelledBy(w.lat.word(u), u.class)
		sum -= float64(cost)
		var p float32
		if id != ngram.None {
			p, state = w.model.Score(state, id)
			sum += float64(p)
		}
		if u.class == token.Word || u.class == token.Mixed {
			words++
		}
		likely := p-cost > fluent
		if n := len(r.fluent); n > 0 && !likely {
			r.fluent[n-1] = false
		}
		r.fluent = append(r.fluent, likely)
	}
	r.clean, r.words = append(r.clean, sum), append(r.words, words)
}

// asForeign is what the block comes to, see asRead, as text whose words are not of the
// model's language; what is no word counts as in asClean.
func (w *worker) asForeign() []float64 {
	sum, out := 0.0, append(w.read.foreign[:0], 0)
	for _, u := range w.lat.units {
		s := w.lat.word(u)
		switch u.class {
		case token.Word:
			sum += float64(w.foreign(s))
		case token.Mixed:
			sum += float64(w.spell().Foreign(s))
		default:
			id, cost := w.spelledBy(s, u.class)
			sum -= float64(cost)
			if id != ngram.None {
				sum += float64(w.model.Unigram(id))
			}
		}
		out = append(out, sum)
	}
	return out
}
