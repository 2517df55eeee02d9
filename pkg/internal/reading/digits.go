package reading

import (
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
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

// doubtDigits makes the confidence of words with digits what it is of words: no more
// than the reader's sureness says.
func doubtDigits(p *ocr.Page) {
	for i := range p.Lines {
		for j := range p.Lines[i].Words {
			if w := &p.Lines[i].Words[j]; strings.ContainsFunc(w.Text, isDigit) {
				w.Confidence = min(w.Confidence, stretched(w.Sure))
			}
		}
	}
}

// stretched takes digitsDoubted to wordsDoubted, and leaves 0 and 1.
func stretched(sure float64) float64 {
	if sure < digitsDoubted {
		return sure * wordsDoubted / digitsDoubted
	}
	return wordsDoubted + (sure-digitsDoubted)*(1-wordsDoubted)/(1-digitsDoubted)
}
