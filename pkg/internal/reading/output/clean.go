package output

import (
	"image"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Clean returns a copy of p that every format can hold: only lines and words with
// text, of characters that XML allows, boxes inside the page, which grows where its
// lines need it, and confidences with four decimals. All formats start from that,
// so that what one keeps of a page is enough to write the others again.
func Clean(p *ocr.Page) *ocr.Page {
	if p == nil {
		return nil
	}
	q := *p
	for _, l := range slices.Concat(p.Lines, p.LeftOut) {
		q.Size.X, q.Size.Y = max(q.Size.X, l.Box.Max.X), max(q.Size.Y, l.Box.Max.Y)
	}
	bounds := image.Rectangle{Max: q.Size}
	q.Regions = make([]ocr.Region, len(p.Regions))
	for i, r := range p.Regions {
		q.Regions[i] = ocr.Region{Kind: r.Kind, Box: r.Box.Intersect(bounds)}
	}
	q.Lines, q.LeftOut = cleanLines(p.Lines, bounds), cleanLines(p.LeftOut, bounds)
	return &q
}

func cleanLines(lines []ocr.Line, bounds image.Rectangle) []ocr.Line {
	out := make([]ocr.Line, 0, len(lines))
	for _, l := range lines {
		words := make([]ocr.Word, 0, len(l.Words))
		for _, w := range l.Words {
			if w = cleanWord(w, bounds); w.Text != "" {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			l.Words, l.Box = words, l.Box.Intersect(bounds)
			out = append(out, l)
		}
	}
	return out
}

func cleanWord(w ocr.Word, bounds image.Rectangle) ocr.Word {
	w.Text, w.Read = clean(w.Text), clean(w.Read)
	w.Box = w.Box.Intersect(bounds)
	w.Confidence = probability(w.Confidence)
	alternatives := w.Alternatives
	w.Alternatives = nil
	for _, a := range alternatives {
		w.Alternatives = append(w.Alternatives, ocr.Alternative{Text: clean(a.Text), Confidence: probability(a.Confidence)})
	}
	return w
}

// probability makes c one: from 0 to 1, with four decimals, and no NaN.
func probability(c float64) float64 {
	if !(c > 0) {
		return 0
	}
	return math.Round(1e4*min(c, 1)) / 1e4
}

// clean makes s fit for every format: valid UTF-8 without control characters,
// noncharacters or spaces at its ends.
func clean(s string) string {
	ok := func(r rune) bool {
		return r >= 0x20 && r != 0x7f && !(r >= 0x80 && r < 0xa0) && r&0xfffe != 0xfffe && !(r >= 0xfdd0 && r <= 0xfdef)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !ok(r) || r == utf8.RuneError }) >= 0 {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\t' || r == '\n' || r == '\r':
				return ' '
			case !ok(r):
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, "\ufffd"))
	}
	return strings.TrimSpace(s)
}
