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
// begin: nothing but letters stands around the line that says for whom a letter is
// signed and the one that says in which capacity, but for the stop of an abbreviation;
// and who signs for a principal is his deputy: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC".
func mendCapacities(lines []ocr.Line) {
	for i := range lines {
		ws := lines[i].Words
		mendAuthority(ws)
		text := textOf(ws)
		principal, ok := letter.Principal(text)
		if !ok && !(formula.IsHeading(text) && formula.IsCapacity(strings.Fields(text))) {
			continue
		}
		last := &ws[len(ws)-1]
		if s := strings.TrimRight(last.Text, ".,"); viet.IsSyllable(s) {
			last.Text = s
		}
		if s := strings.TrimLeft(ws[0].Text, dirtyFront); !strings.ContainsAny(text, "”\"»") && viet.IsSyllable(s) {
			ws[0].Text = s
		}
		if next := i + 1; principal != "" && next < len(lines) && !isSpelled(lines[next].Words) {
			if deputy := formula.DeputyOf(textOf(lines[next].Words), principal); deputy != "" {
				lines[next].Words = inStead(lines[next].Words, strings.Fields(deputy))
			}
		}
	}
}

// dirtyFront is what rings and strokes leave in front of a capacity.
const dirtyFront = `.,:;+*'"‹“«¬_`

// authorities is how readers see the abbreviations before a capacity whose stop or first
// stroke a ring has taken.
var authorities = map[string]string{"KT": "KT.", "ICT": "KT.", "TL": "TL.", "TM": "TM.", "TUQ": "TUQ."}

// mendAuthority puts the abbreviation right that opens a line with a capacity.
func mendAuthority(ws []ocr.Word) {
	if len(ws) < 3 || !formula.IsHeading(textOf(ws[1:])) || !formula.IsCapacity(strings.Fields(textOf(ws[1:]))) {
		return
	}
	if s := authorities[strings.Trim(ws[0].Text, dirtyFront)]; s != "" && s != ws[0].Text {
		ws[0].Text, ws[0].Confidence = s, min(ws[0].Confidence, doubted)
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
