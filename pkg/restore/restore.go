// Package restore turns text that a reader garbled, or that lost its marks, into
// correct Vietnamese, and leaves everything else as it is. It proposes, for every
// token, the words that a channel says it may stand for, lets the language model
// choose among them in context, and a sense model where that doubts between words
// alike but for their marks, and says how sure it is.
//
// Text is taken block by block, a block being the lines between two empty ones.
// For each block the package first finds out which source made it. Blocks of
// clean Vietnamese, of other languages and of numbers pass unchanged.
package restore

import (
	"fmt"
	"slices"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/lattice"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Sources of a block other than the channels.
const (
	Auto    = "auto"    // to be found out
	Clean   = "clean"   // correct Vietnamese
	Strip   = "strip"   // Vietnamese without its marks
	Foreign = "foreign" // another language, or no language: numbers, codes

	Toneless = "toneless" // Vietnamese without its tones, the shapes of letters kept: "đươc"
	Broken   = "broken"   // Vietnamese with a sign for each letter that an encoding lacked: "h?nh"
)

// Options tunes a Restorer. The zero value is ready to use.
type Options struct {
	// Source is what made the text: Auto, Clean, Strip or the name of a
	// channel. Empty means Auto.
	Source string

	// Tone is where the tone of open oa, oe, uy is written. The zero value
	// keeps what is written and follows the document's majority elsewhere.
	Tone viet.Style

	// MinConfidence leaves words as read that are less sure, 0 to 1.
	MinConfidence float64

	// LineBuffered makes each line a block of its own, given as soon as it was read:
	// for who waits for an answer. The lines before are known, those after are not.
	LineBuffered bool

	// Jobs is how many parts of a long text are restored at a time; 0 is one a core.
	// The result does not depend on it.
	Jobs int

	// TextOnly leaves Result.Tokens empty, which makes restoring faster.
	TextOnly bool

	// Arcs asks for Result.Arcs.
	Arcs bool

	// NoAdapt leaves the channels as they are. Otherwise a text that none of them
	// explains well is restored with one that was adapted to it.
	NoAdapt bool

	// Adapted, if not nil, is called with each channel that was adapted to a text:
	// more than once for a long one, with the better ones last.
	Adapted func(*channel.Model)

	// Alternatives asks for that many alternatives of each word.
	Alternatives int
}

// Restorer restores texts. It is safe for concurrent use.
type Restorer struct {
	opt      Options
	weights  *evidence.Weights
	bounds   *evidence.Bounds
	model    *ngram.Model
	sense    *sense.Model
	channels []*channel.Model
	spell    func() *source.Speller
	vocab    func() *sense.Vocab
	workers  sync.Pool
	words    *confusion.Store
}

// New returns a Restorer. Package models opens the models that congvan ships.
func New(m Models, opt Options) (*Restorer, error) {
	if opt.Source == "" {
		opt.Source = Auto
	}
	r := &Restorer{opt: opt, model: m.Language, sense: m.Sense, channels: m.Channels, weights: m.Weights, bounds: m.Bounds}
	if r.weights == nil {
		r.weights = evidence.Default()
	}
	if r.bounds == nil {
		r.bounds = evidence.DefaultBounds()
	}
	if !slices.Contains(r.Sources(), opt.Source) {
		return nil, fmt.Errorf("unknown source %q; there are %q", opt.Source, r.Sources())
	}
	lexicon := sync.OnceValue(func() *confusion.Lexicon { return confusion.NewLexicon(r.model) })
	r.words = confusion.NewStore(lexicon, confusion.LimitsOf(r.bounds), m.Sets, r.bounds.Finds)
	r.spell = sync.OnceValue(func() *source.Speller { return source.NewSpeller(r.model) })
	r.vocab = sync.OnceValue(func() *sense.Vocab { return sense.NewVocab(r.model) })
	r.workers.New = func() any { return newWorker(r) }
	if opt.Source != Strip && opt.Source != Toneless && opt.Source != Broken && opt.Source != Clean { // they will be needed
		go r.spell()
	}
	return r, nil
}

// Sources lists what Options.Source can be.
func (r *Restorer) Sources() []string { return append([]string{Auto, Clean}, r.spoilers()...) }

// spoilers are the sources that spoil a text. Auto looks for them.
func (r *Restorer) spoilers() []string {
	names := []string{Strip, Toneless, Broken}
	for _, c := range r.channels {
		names = append(names, c.Name)
	}
	return names
}

func (r *Restorer) channel(name string) *channel.Model {
	for _, c := range r.channels {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Token is a piece of a text, as read and as restored.
type Token struct {
	In, Out      Span   // where it is, in bytes of the input and of the output
	Read, Text   string // NFC
	Confidence   float64
	Alternatives []Alternative // best first, without Text
}

// Span is the bytes from Start up to End.
type Span struct{ Start, End int }

// Alternative is another text a token may have, with its probability.
type Alternative struct {
	Text       string
	Confidence float64
}

// Result is a restored block or text. It is NFC.
type Result struct {
	Text   string
	Source string
	Tokens []Token
	Arcs   []Arc                 // all that was weighed, if Options.Arcs
	Start  struct{ In, Out int } // where it begins, in bytes of the whole text
}

// worker is the scratch space of one goroutine.
type worker struct {
	*Restorer
	decoder   *lattice.Decoder
	scorer    *lattice.Decoder // of what made a block
	marks     lattice.Result   // of putMarks
	finder    *confusion.Finder
	readings  map[string]*reading
	bares     map[string][]ngram.ID // see bare
	sketch    bool                  // only the score counts: units are what they are, or one word
	few       bool                  // see scoring.few
	read      asRead                // the block at hand
	made      made                  // of the block at hand, if weighing sources took it
	mixed     bool                  // it may be partly in another language
	lat       builder
	run       run           // of lat
	recent    *ngram.Recent // of the document at hand
	choice    []ngram.ID
	shaped    []ngram.ID         // of unmarked
	byLength  map[int][]ngram.ID // words, see lost
	boosts    []float32
	witnessed []float32 // of the candidates at hand: what the witness says
	second    second
	judge     *source.Judge
	judged    []byte // the last text that was judged, and the verdict
	verdict   source.Verdict
}

// made is the best reading of a block by a source.
type made struct {
	source string // empty: none is kept
	graph  graph
	best   *lattice.Result
}

func newWorker(r *Restorer) *worker {
	search := lattice.Options{Beam: r.bounds.ScoringBeam, Margin: r.bounds.Margin, Ahead: r.bounds.Ahead}
	scorer := lattice.New(r.model, search)
	search.Scale, search.Beam = r.weights.Of(evidence.Language), r.bounds.Beam
	search.Posteriors = !r.opt.TextOnly || r.opt.MinConfidence > 0 || r.sense != nil || r.opt.Arcs || !r.opt.NoAdapt
	return &worker{
		Restorer: r,
		decoder:  lattice.New(r.model, search),
		scorer:   scorer,
		lat:      builder{bounds: r.bounds, tally: evidence.Tally{Weights: r.weights, Keep: r.opt.Arcs}},
		finder:   r.words.NewFinder(),
		readings: map[string]*reading{},
		bares:    map[string][]ngram.ID{},
		judge:    source.New(nil),
	}
}
