package reading

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// What a PDF prints over a scan is text that need not be read: it is put on the page
// that was. A number or a day that fills a gap goes into its line; what lies over print
// is an overlay; the rest are lines like others.

// fillGap is how far from the words of a line, in its heights, what fills it may stand.
const fillGap = 4

// putOver puts the lines over a scan on its page as read.
func putOver(p *ocr.Page, over []ocr.Line) {
	block := 1
	for _, l := range p.Lines {
		block = max(block, l.Block+1)
	}
	for _, l := range over {
		for i := range l.Words {
			l.Words[i].Sure = 1
		}
		if i := slices.IndexFunc(p.Lines, func(o ocr.Line) bool { return fills(l, o) }); i >= 0 {
			o := &p.Lines[i]
			at := slices.IndexFunc(o.Words, func(w ocr.Word) bool { return w.Box.Min.X > l.Box.Min.X })
			if at < 0 {
				at = len(o.Words)
			}
			o.Words, o.Box = slices.Insert(slices.Clone(o.Words), at, l.Words...), o.Box.Union(l.Box)
			continue
		}
		l.Block, l.Par = block, 1
		if slices.ContainsFunc(p.Lines, func(o ocr.Line) bool { return o.Role == "" && o.Box.Overlaps(l.Box) }) {
			l.Role = ocr.RoleOverlay
		}
		at := slices.IndexFunc(p.Lines, func(o ocr.Line) bool { return o.Block != block && o.Box.Min.Y > l.Box.Min.Y })
		if at < 0 {
			at = len(p.Lines)
		}
		p.Lines = slices.Insert(p.Lines, at, l)
	}
}

// fills reports whether a line stands in a gap of another, or at its end.
func fills(l, in ocr.Line) bool {
	h := in.Box.Dy()
	shared := min(l.Box.Max.Y, in.Box.Max.Y) - max(l.Box.Min.Y, in.Box.Min.Y)
	wide := in.Box
	wide.Min.X, wide.Max.X = wide.Min.X-fillGap*h, wide.Max.X+fillGap*h
	return 2*shared > min(h, l.Box.Dy()) && l.Box.Dy() < 2*h && l.Box.Overlaps(wide) && in.Cell.Table == 0 &&
		!slices.ContainsFunc(in.Words, func(w ocr.Word) bool { return w.Box.Overlaps(l.Box) })
}
