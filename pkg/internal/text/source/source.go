// Package source is the one judge of what state a text is in: right Vietnamese,
// Vietnamese that lost its marks or only its tones, a reader's garble, an old
// encoding stored as UTF-8, letters lost for good, or another language. Whoever
// restores, checks or trusts a text asks it, so that they agree.
//
// The judge goes over a text once. Each word is of a class that its letters alone
// decide (a syllable with a tone, a listed syllable without its marks, a word with a
// digit in it, …), and each state has its own frequencies of the classes. Lines are
// divided into parts of one state with the best path through a hidden Markov model;
// what state a part is in is decided from the counts of the whole part. A language
// model, if there is one, tells other languages from letters that mean nothing.
package source

import (
	"math"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// State is what became of a text.
type State uint8

const (
	Foreign  State = iota // another language, or none: numbers, codes
	Clean                 // right Vietnamese
	Garbled               // Vietnamese read by an engine that does not know it
	Stripped              // Vietnamese without its marks
	Toneless              // Vietnamese without its tones, the shapes of letters kept: "đươc"
	Encoded               // Vietnamese in an old encoding, or encoded twice; see Part.Encoding
	Broken                // letters are lost: U+FFFD, private use, "?" for letters, letters that mean nothing
	Spaced                // letters spaced out: "H à N ội"
)

var stateNames = [...]string{"foreign", "clean", "garbled", "stripped", "toneless", "encoded", "broken", "spaced"}

func (s State) String() string { return stateNames[s] }

// Part is whole lines of a text in one state.
type Part struct {
	Start, End int // bytes
	Count
	State    State
	Encoding legacy.Detection // if State is Encoded
}

// Verdict is what the judge says of a text.
type Verdict struct {
	State State  // of the whole, as if it were in one
	Parts []Part // one after the other, all of the text
}

// Judge judges texts. It remembers the words that it has seen and is for one
// goroutine at a time.
type Judge struct {
	words words
	spell func() *Speller // nil without a language model
}

// New returns a judge. m is the language model whose vocabulary says how words of
// other languages are spelled; without one they are all taken to be sound.
func New(m *ngram.Model) *Judge {
	j := &Judge{}
	if m != nil {
		j.spell = sync.OnceValue(func() *Speller { return NewSpeller(m) })
	}
	return j
}

// With returns a judge whose speller others have, too.
func With(spell func() *Speller) *Judge { return &Judge{spell: spell} }

// Visitor is shown what a text is made of while it is judged.
type Visitor interface {
	Word(start, end int, w *Word)
	Between(start, end int) // what stands between words
	Lost(start, end int)    // a sign that stands for a letter: U+FFFD, private use, "?"
}

// Text judges a text, invalid UTF-8 being read as U+FFFD. Its time is proportional to the text's length.
func (j *Judge) Text(text []byte, v Visitor) Verdict {
	s := scanner{words: &j.words, data: text, visit: v}
	s.scan()
	var whole Count
	for i := range s.lines {
		whole.Add(&s.lines[i].Count)
	}
	all := whole.state(leastWords)
	parts := divide(s.lines)
	for i := range parts {
		if parts[i].mayBeEncoded() {
			parts = j.encoded(text, s.lines, parts)
			break
		}
	}
	for i := range parts {
		if parts[i].State == Encoded {
			if len(parts) == 1 {
				return Verdict{Encoded, parts}
			}
			continue
		}
		j.judge(&parts[i], all, len(parts) == 1)
	}
	return Verdict{j.overall(text, all, parts), parts}
}

// mayBeEncoded reports whether there is enough to look for an old encoding: a sign of
// one in twelve words.
func (c *Count) mayBeEncoded() bool {
	evidence := c.Odd + c.Signs + c.ASCII/2
	return evidence >= 3 && evidence*12 >= c.Words
}

// encoded takes out what is in an old encoding, or encoded twice, and divides the
// rest. Without any the parts stay as they are.
func (j *Judge) encoded(text []byte, lines []line, parts []Part) []Part {
	var out []Part
	found := false
	for _, run := range legacy.DetectParts(text) {
		n := 0
		var sum Count
		for n < len(lines) && lines[n].start < run.End {
			sum.Add(&lines[n].Count)
			n++
		}
		switch run.Name {
		case legacy.NameUTF8, legacy.NameNFD, legacy.NameUTF16BE, legacy.NameUTF16LE, "":
			out = append(out, divide(lines[:n])...)
		default:
			found = true
			out = append(out, Part{run.Start, run.End, sum, Encoded, run.Detection})
		}
		lines = lines[n:]
	}
	if !found {
		return parts
	}
	return out
}

// Sure is log10 of the odds at which the letters of words alone decide.
const Sure = 6

// Right reports whether the letters of the words alone tell that they are right
// Vietnamese, or a reading of it that is almost right: no reader that lacks the letters
// wrote them, and they lost none, nor the spaces between words. Doubt is no answer.
func (c *Count) Right() bool { return c.odds(pathClean) > Sure && c.Glued == 0 }

// odds is log10 of the odds of a path against the next, by the letters of the words alone.
func (c *Count) odds(path int) float64 {
	if c.Lost > 0 {
		return math.Inf(-1)
	}
	next := float32(math.Inf(-1))
	for p, log := range c.log {
		if p != path {
			next = max(next, log)
		}
	}
	return float64(c.log[path] - next)
}

// Odds is log10 of the odds, by the letters of the words alone, that the text is right
// Vietnamese (Clean) or lost its marks (Stripped), with words of other languages in some
// of its parts. There are none where a part is in another state.
func (v *Verdict) Odds(s State) float64 {
	path := pathClean
	if s == Stripped {
		path = pathStripped
	}
	var own, foreign Count
	for i := range v.Parts {
		switch v.Parts[i].State {
		case s:
			own.Add(&v.Parts[i].Count)
		case Foreign:
			foreign.Add(&v.Parts[i].Count)
		default:
			return math.Inf(-1)
		}
	}
	if v.State != s {
		return math.Inf(-1)
	}
	return own.odds(path) + min(0, foreign.odds(pathForeign))
}

// Words calls f for each word of a text until it returns false.
func (j *Judge) Words(text []byte, f func(start, end int, w *Word) bool) {
	for i := 0; i < len(text); {
		n, isWord := runLen(text[i:])
		if isWord && !f(i, i+n, j.words.get(text[i:i+n])) {
			return
		}
		i += n
	}
}

// judge decides the state of a part of a text that as a whole is in state all.
func (j *Judge) judge(p *Part, all State, alone bool) {
	p.State = p.Count.state(leastPart)
	switch {
	case p.Words == 0:
	case p.State == Foreign && all != Foreign && (alone || p.Words < leastPart):
		p.State = p.short(all)
	case all == Garbled && p.State == Stripped:
		p.State = Garbled // a cleaner part of it
	}
}

// Odds in log10 that a few words need to be in a state of their own: against right
// text, and against another language.
const (
	oddsClean   = 4.0
	oddsForeign = 3.0
)

// short is the state of a part of a few words in a text that as a whole is in state all: another
// only if their letters alone tell.
func (c *Count) short(all State) State {
	odds := func(p int) bool {
		return c.log[p]-c.log[pathClean] > oddsClean && c.log[p]-c.log[pathForeign] > oddsForeign
	}
	switch {
	case odds(pathStripped) && c.Listed*8 >= 7*c.Words:
		return Stripped
	case odds(pathToneless) && c.Toned == 0 && c.log[pathToneless] > max(c.log[pathGarbled], c.log[pathStripped]):
		return Toneless
	case c.Marked == 0 && c.log[pathForeign]-max(c.log[pathClean], c.log[pathGarbled], c.log[pathStripped], c.log[pathToneless]) > oddsForeign:
		return Foreign
	}
	return all
}

// overall is the state of a text whose words together look as all says.
func (j *Judge) overall(text []byte, all State, parts []Part) State {
	if all == Foreign && len(parts) > 0 && j.meaningless(text) {
		return Broken
	}
	return all
}

// Sound reports whether the text needs nothing done to it. A text without a word does: what
// has letters and gives none is not understood.
func (v *Verdict) Sound() bool {
	if v.State != Clean && v.State != Foreign {
		return false
	}
	good, bad, lost, alike := 0, 0, 0, 0
	for _, p := range v.Parts {
		lost += p.Lost
		bad += p.Glued
		alike += p.Alike
		if p.State == Clean || p.State == Foreign {
			good += p.Words
		} else {
			bad += p.Words
		}
	}
	if lost >= leastLost {
		bad += lost
	}
	return good > 0 && bad*20 <= good && alike*100 <= good
}

// Decode returns a part that is Encoded as it should be.
func (p *Part) Decode(text []byte) string {
	s, _, err := transform.Bytes(p.Encoding.Decoder(), text[p.Start:p.End])
	if err != nil || !utf8.Valid(s) {
		return string(text[p.Start:p.End])
	}
	return string(s)
}
