package reading

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// mendCapacities puts right what stands over a signature, where stamps lie and pens
// begin: the line that says for whom a letter is signed ends without a full stop, and
// who signs for a principal is his deputy: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC".
func mendCapacities(lines []ocr.Line) {
	for i := range lines {
		ws := lines[i].Words
		principal, ok := letter.Principal(textOf(ws))
		if !ok {
			continue
		}
		last := &ws[len(ws)-1]
		if s := strings.TrimRight(last.Text, ".,"); viet.IsSyllable(s) {
			last.Text = s
		}
		if next := i + 1; principal != "" && next < len(lines) && !isSpelled(lines[next].Words) {
			if deputy := formula.DeputyOf(textOf(lines[next].Words), principal); deputy != "" {
				lines[next].Words = inStead(lines[next].Words, strings.Fields(deputy))
			}
		}
	}
}

// isSpelled reports whether words are syllables, all of them.
func isSpelled(ws []ocr.Word) bool {
	return !slices.ContainsFunc(ws, func(w ocr.Word) bool { return !viet.IsSyllable(w.Text) })
}

// inStead returns the words that must stand where others were read. They share the
// place of these, and are doubted.
func inStead(read []ocr.Word, want []string) []ocr.Word {
	box, all := ocr.Around(read), utf8.RuneCountInString(strings.Join(want, " "))
	sure := 1.0
	var as []string
	for _, w := range read {
		sure = min(sure, w.Sure)
		as = append(as, w.Read)
	}
	out := make([]ocr.Word, len(want))
	at := 0
	for i, s := range want {
		n := utf8.RuneCountInString(s)
		out[i] = ocr.Word{Text: s, Read: strings.Join(as, " "), Sure: sure, Confidence: doubted, Box: share(box, at, at+n, all)}
		at += n + 1
	}
	return out
}
