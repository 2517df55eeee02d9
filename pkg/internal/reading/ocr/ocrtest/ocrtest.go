// Package ocrtest makes pages for tests of what comes after reading.
package ocrtest

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Page sets rows of text as a reader would find them, one paragraph: a letter is
// 20 by 40 pixels, a space in a row a gap of 20, rows are 50 apart, and an empty
// row is white space. The first row begins at x, y.
func Page(x, y int, rows ...string) *ocr.Page {
	p := &ocr.Page{}
	for i, row := range rows {
		l := ocr.Line{Block: 1, Par: 1}
		left, top := x, y+50*i
		for text := range strings.SplitSeq(row, " ") {
			n := 20 * utf8.RuneCountInString(text)
			if n > 0 {
				w := ocr.Word{Text: text, Read: text, Confidence: 0.95, Box: image.Rect(left, top, left+n, top+40)}
				l.Words = append(l.Words, w)
				l.Box = l.Box.Union(w.Box)
			}
			left += n + 20
		}
		if len(l.Words) > 0 {
			p.Lines = append(p.Lines, l)
		}
	}
	return p
}
