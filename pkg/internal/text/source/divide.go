package source

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// kind is what the letters of a word say about its state: the observation of the
// hidden Markov model.
type kind uint8

const (
	kindToned   kind = iota // a tone on a letter that only Vietnamese has, or beside one: "được", "mạnh"
	kindWestern             // a tone, of letters that Western Europe has, too: "các"
	kindShape               // no tone, a letter that only Vietnamese has: "trương"
	kindHat                 // no tone, a letter that Western Europe has, too: "đê", "công"
	kindBare                // no marks, and mostly written so: "trong"
	kindEither              // no marks, and written so as often as not: "cho"
	kindLost                // no marks where nearly always there are: "duoc"
	kindOther               // no word of Vietnamese, of plain letters
	kindOdd                 // letters and digits, letters that are not Vietnamese
	kinds
)

func (w *Word) kindOf(read string) kind {
	switch w.Class {
	case Mixed, Wrong, Glued:
		return kindOdd
	case Syllable, Misplaced:
		switch {
		case w.Toned && w.Strong:
			return kindToned
		case w.Toned:
			return kindWestern
		case w.Strong:
			return kindShape
		}
		return kindHat
	case Unmarked:
		switch b := lists().bare[w.ID]; {
		case b >= 7:
			return kindBare
		case b >= 2, viet.CaseOf(read) == viet.Title: // names of places and people go without marks, too
			return kindEither
		}
		return kindLost
	}
	if w.Odd || w.Look != "" {
		return kindOdd
	}
	return kindOther
}

// The states that a line may be in as far as its letters tell.
const (
	pathForeign = iota
	pathClean
	pathGarbled
	pathStripped
	pathToneless
	paths
)

// emission has log10 of the frequency of each kind of word in each state: from the
// development texts clean, without tones and without marks (260,000 words each), 400
// pages of an English reader, pages of other engines and of French, German and Latin
// readers (45,000, weighted alike), and other languages (750,000).
var emission = func() (e [paths][kinds]float32) {
	for i, row := range [paths][kinds]float64{
		pathForeign:  {.001, .010, .001, .003, .02, .03, .08, .79, .07},
		pathClean:    {.500, .228, .038, .084, .06, .05, .02, .03, .004},
		pathGarbled:  {.003, .080, .003, .060, .06, .10, .38, .15, .16},
		pathStripped: {.001, .001, .001, .002, .07, .13, .77, .03, .003},
		pathToneless: {.003, .003, .129, .283, .064, .10, .285, .072, .062},
	} {
		for k, p := range row {
			e[i][k] = float32(math.Log10(p))
		}
	}
	return e
}()

// costSwitch is -log10 of the chance that a line is in another state than the one
// before: a run of four words that lost their marks stands out, three do not.
const costSwitch = 3

// divide joins the lines of a text to parts in which all are in one state: the best
// path of the hidden Markov model (Viterbi).
func divide(lines []line) []Part {
	if len(lines) == 0 {
		return nil
	}
	back := make([][paths]uint8, len(lines))
	var sum [paths]float32
	for i := range lines {
		best := uint8(0)
		for p := range sum {
			if sum[p] > sum[best] {
				best = uint8(p)
			}
		}
		most := sum[best] - costSwitch
		for p := range sum {
			back[i][p] = uint8(p)
			if i > 0 && most > sum[p] {
				back[i][p], sum[p] = best, most
			}
			sum[p] += lines[i].log[p]
		}
	}
	at := uint8(0)
	for p := range sum {
		if sum[p] > sum[at] {
			at = uint8(p)
		}
	}
	state := make([]uint8, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		state[i] = at
		at = back[i][at]
	}
	var parts []Part
	for i := range lines {
		l := &lines[i]
		if i == 0 || state[i] != state[i-1] || parts[len(parts)-1].Words >= partWords {
			parts = append(parts, Part{Start: l.start})
		}
		p := &parts[len(parts)-1]
		p.End = l.end
		p.Add(&l.Count)
	}
	return parts
}

// partWords is how many words make a part, if the text goes on in the same state.
const partWords = 100
