//go:build cgo

package tesseract

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Words with digits of which Tesseract is not sure, and that look like no number, are read
// alone, and once more twice as large, and changed where it is then sure. Of 79 pages of
// today, 60 of them made by 'congvan synth', that changed 12 words: 8 are right since, the
// others were wrong before. Words that look like numbers would be made wrong as often as
// right; those that are trusted less than doubtfulWord are strokes, mostly.
const (
	doubtedDigits = 0.85 // confidence below which they are read again
	sureDigits    = 0.85 // and from which they are changed,
	surerDigits   = 0.1  // if it is so much more than before
	maxDigits     = 10   // words a page
)

var oddDigits = lazy.Regexp(`[0-9]\pL|\pL[0-9]|[^\pL0-9.,:;/()%+&"'#@_<>=“”*~-]`)

func isDoubtedDigits(w ocr.Word) bool {
	return w.Confidence >= doubtfulWord && w.Confidence < doubtedDigits && strings.ContainsFunc(w.Read, unicode.IsDigit) && oddDigits().MatchString(w.Read)
}

func hasDoubtedDigits(l ocr.Line) bool { return slices.ContainsFunc(l.Words, isDoubtedDigits) }

// digits reads the doubted words with digits of a page once more.
func (a *again) digits() error {
	left := maxDigits
	for i := range a.page.Lines {
		l := &a.page.Lines[i]
		for j := len(l.Words) - 1; j >= 0 && left > 0; j-- {
			if !isDoubtedDigits(l.Words[j]) {
				continue
			}
			left--
			for _, times := range []int{1, 2} {
				words, err := a.larger(l.Words[j].Box, times, *l)
				if err != nil {
					return err
				}
				if areSurer(words, l.Words[j]) {
					l.Words = slices.Replace(l.Words, j, j+1, words...)
					break
				}
			}
		}
	}
	return nil
}

// larger returns the words at a place, which is made larger so many times.
func (a *again) larger(box image.Rectangle, times int, block ocr.Line) (words []ocr.Word, err error) {
	box = box.Inset(-2).Intersect(image.Rectangle{Max: a.page.Size})
	white := times * box.Dy() / 3
	set, err := a.onWhite(box, times, white)
	if err != nil {
		return nil, err
	}
	defer set.Free()
	read, err := a.readPart(set, image.Pt(-white, -white), block, oneLine)
	for _, l := range read {
		for _, w := range l.Words {
			w.Box.Min, w.Box.Max = w.Box.Min.Div(times).Add(box.Min), w.Box.Max.Div(times).Add(box.Min)
			words = append(words, w)
		}
	}
	return words, err
}

// areSurer reports whether words are a better reading of one with digits: another one, all
// are sure, and there are digits among them.
func areSurer(words []ocr.Word, than ocr.Word) bool {
	digits := false
	for _, w := range words {
		if w.Read == than.Read || w.Confidence < max(sureDigits, than.Confidence+surerDigits) {
			return false
		}
		digits = digits || strings.ContainsFunc(w.Read, unicode.IsDigit)
	}
	return digits
}
