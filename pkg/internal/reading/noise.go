package reading

import (
	"image"
	"slices"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Tesseract makes letters of what is left of a stamp, of a signature, of the
// strokes of a pen. Such a line is told by two things at once: neither the reader
// nor the models trust its words, and it has hardly anything that could be a word,
// or lies where the image shows a stamp or handwriting. On the development pages
// no line of print is taken for noise by these bounds.
const (
	noiseAlone  = 0.55 // confidence below which a line of scraps is noise
	noiseInMark = 0.60 // the same of any line within a stamp or handwriting
	scrapLetter = 2    // letters in a row that make no word yet
	markCover   = 0.5  // share of a line within a region that puts it there
)

// withoutNoise returns the lines of a page that are text.
func withoutNoise(p *ocr.Page) []ocr.Line {
	return slices.DeleteFunc(slices.Clone(p.Lines), func(l ocr.Line) bool { return isNoise(p, l) })
}

func isNoise(p *ocr.Page, l ocr.Line) bool {
	sure, n, longest, digits := 0.0, 0, 0, 0
	for _, w := range l.Words {
		letters, others := 0, 0
		for _, r := range w.Text {
			switch {
			case unicode.IsLetter(r):
				letters++
			case unicode.IsDigit(r):
				digits++
			default:
				others++
			}
		}
		if letters > others {
			longest = max(longest, letters)
		}
		chars := letters + others
		sure, n = sure+w.Confidence*float64(chars), n+chars
	}
	if digits > 0 || n == 0 {
		return false // numbers have no model to vouch for them
	}
	mean := sure / float64(n)
	return longest <= scrapLetter && mean < noiseAlone || mean < noiseInMark && inMark(p, l.Box)
}

// inMark reports whether most of a box lies in stamps or handwriting.
func inMark(p *ocr.Page, box image.Rectangle) bool {
	covered := 0
	for _, r := range p.Regions {
		if r.Kind == ocr.Rule {
			continue
		}
		in := r.Box.Intersect(box)
		covered = max(covered, in.Dx()*in.Dy())
	}
	return float64(covered) >= markCover*float64(box.Dx()*box.Dy())
}
