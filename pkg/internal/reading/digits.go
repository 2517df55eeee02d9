package reading

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// No model of language knows which digits a page has, and a reader is surer of them than
// it is right. So its sureness of words with digits is stretched: digitsDoubted is where
// it meets the confidence below which the review page marks a word. It is the least that
// has nine in ten of the wrong ones marked: of 1,504 words with digits on the 60
// development pages and 42 of 'congvan synth --with table|photo|stamp,received', 87 of
// the 96 wrong ones, and a fifth of the right ones. '.ci/digits' counts them, and of a
// reading with --no-restore prints where that bound is.
const (
	digitsDoubted = 0.93
	wordsDoubted  = 0.8
)

// Of how numbers look, these are none, however sure their reader: a zero that opens a
// word in capitals, a digit that touches a letter with a mark (đ is the unit of money), and
// two words that are parts of a date or of thousands.
var (
	zeroWord = lazy.Regexp(`(^|[^\pL0-9])0\p{Lu}`)
	touches  = lazy.Regexp(`[0-9]\pL|\pL[0-9]`)
	broken   = lazy.Regexp(`^([0-9]+[/:.][0-9]+[.]? [0-9]+([/.][0-9]+)*|[0-9]+ [0-9]+([/.][0-9]+)+)[,;.)]?$`)
)

// Two words that are one: thousands that go on behind a stop, and a whole date.
var (
	thousands = lazy.Regexp(`^[0-9]{1,3}([.][0-9]{3})+[.] [0-9]{3}([.][0-9]{3})*[^\pL0-9]*$`)
	wholeDate = lazy.Regexp(`^(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])/(19|20)[0-9]{2}[^\pL0-9]*$`)
)

// noSpace is the white between two words, in heights of the second, that is no space.
const noSpace = 0.3

// joinDigits joins numbers and dates that the reader broke in two.
func joinDigits(ws []ocr.Word) []ocr.Word {
	for i := len(ws) - 1; i > 0; i-- {
		a, b := ws[i-1], ws[i]
		if float64(b.Box.Min.X-a.Box.Max.X) > noSpace*float64(b.Box.Dy()) || !thousands().MatchString(a.Text+" "+b.Text) && !wholeDate().MatchString(a.Text+b.Text) {
			continue
		}
		a.Text, a.Read, a.Box = a.Text+b.Text, a.Read+" "+b.Read, a.Box.Union(b.Box)
		a.Sure, a.Confidence, a.Alternatives = min(a.Sure, b.Sure), min(a.Confidence, b.Confidence, doubted), nil
		ws = slices.Replace(slices.Clone(ws), i-1, i+1, a)
	}
	return ws
}

// doubtDigits makes the confidence of words with digits what it is of words: no more
// than the reader's sureness says, and less where they do not look as numbers do.
func doubtDigits(p *ocr.Page) {
	for i := range p.Lines {
		ws := p.Lines[i].Words
		for j := range ws {
			w := &ws[j]
			if !strings.ContainsFunc(w.Text, isDigit) {
				continue
			}
			w.Confidence = min(w.Confidence, stretched(w.Sure))
			if isOdd(w.Text) {
				w.Confidence = min(w.Confidence, doubted)
			}
			if j > 0 && isBroken(ws[j-1], *w) {
				ws[j-1].Confidence, w.Confidence = min(ws[j-1].Confidence, doubted), min(w.Confidence, doubted)
			}
		}
	}
}

// isOdd reports whether a word with digits looks like none that is printed.
func isOdd(s string) bool {
	return zeroWord().MatchString(s) || slices.ContainsFunc(touches().FindAllString(s, -1), func(s string) bool {
		return !strings.ContainsAny(s, "đĐ") && viet.HasMarks(s)
	})
}

// isBroken reports whether two words are a number that the reader broke in two.
func isBroken(a, b ocr.Word) bool {
	return b.Box.Min.X-a.Box.Max.X <= b.Box.Dy() && broken().MatchString(a.Text+" "+b.Text)
}

// stretched takes digitsDoubted to wordsDoubted, and leaves 0 and 1.
func stretched(sure float64) float64 {
	if sure < digitsDoubted {
		return sure * wordsDoubted / digitsDoubted
	}
	return wordsDoubted + (sure-digitsDoubted)*(1-wordsDoubted)/(1-digitsDoubted)
}
