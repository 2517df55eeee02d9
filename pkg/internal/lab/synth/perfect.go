package synth

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Perfect returns the page as a reader that makes no mistakes returns it from
// an image of that many dots an inch: lines that stand side by side are one, as
// readers have them.
func (p *Page) Perfect(dpi int) *ocr.Page {
	scale := float64(dpi) / 72
	out := &ocr.Page{Size: image.Pt(int(p.Width*scale), int(p.Height*scale)), DPI: dpi}
	for _, row := range p.rows() {
		line := ocr.Line{Block: 1}
		for _, i := range row {
			for _, w := range p.Lines[i].words(scale) {
				line.Words = append(line.Words, w)
				line.Box = line.Box.Union(w.Box)
			}
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

// words divides the line at its spaces, which it takes to be as wide as a
// letter is on average.
func (l *Line) words(scale float64) []ocr.Word {
	var out []ocr.Word
	step := (l.X1 - l.X0) / float64(max(1, utf8.RuneCountInString(l.Text)))
	x := l.X0
	for _, s := range strings.SplitAfter(l.Text, " ") {
		w := strings.TrimSuffix(s, " ")
		x1 := x + step*float64(utf8.RuneCountInString(w))
		if w != "" {
			box := image.Rect(int(x*scale), int((l.Y-0.75*l.Size)*scale), int(x1*scale), int((l.Y+0.25*l.Size)*scale))
			out = append(out, ocr.Word{Box: box, Read: w, Text: w, Confidence: 1})
		}
		x += step * float64(utf8.RuneCountInString(s))
	}
	return out
}
