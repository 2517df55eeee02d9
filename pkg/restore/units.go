package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// unit is a token of a block.
type unit struct {
	start, end     int
	class          token.Class
	glued          bool // no white space before it
	line           bool // first of its line
	inCapitals     bool // in a line of capitals
	besideCapitals bool // beside a word in capitals
	caseTells      bool // a capital here says that it is a name
	afterCapital   bool // and so does the one of the word before

	mended string // as it is written right, if it is not: see source.Mend

	witness string         // what another reader saw here, if it did
	by      *channel.Model // the channel of that reader
}

// isWord reports whether a unit is a word or may be one, so that a space stands
// between it and the next.
func (u unit) isWord() bool {
	return u.class == token.Word || u.class == token.Mixed || u.class == token.Number
}

// word is what stands in a unit, in the right spelling.
func (b *builder) word(u unit) string {
	if u.mended != "" {
		return u.mended
	}
	return b.text[u.start:u.end]
}

// mend is source.Mend, remembered.
func (b *builder) mend(s string) string {
	if !viet.HasMarks(s) && !strings.ContainsFunc(s, isStrange) {
		return ""
	}
	mended, ok := b.mends[s]
	if !ok {
		if b.mends == nil || len(b.mends) >= b.bounds.Readings {
			b.mends = map[string]string{}
		}
		s = strings.Clone(s)
		mended, _ = source.Mend(s)
		b.mends[s] = mended
	}
	return mended
}

// isStrange reports whether a letter is beyond those of Latin alphabets in Latin-1.
func isStrange(r rune) bool { return r > unicode.MaxLatin1 }

// reset divides a text into units.
func (b *builder) reset(text string) {
	clear(b.heads)
	*b = builder{
		text: text, toks: b.toks, units: b.units[:0], graph: b.graph,
		heads: b.heads, mends: b.mends, bounds: b.bounds, tally: b.tally,
	}
	b.clear()
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n')
		if end < start {
			end = len(text)
		}
		b.toks = token.Append(b.toks[:0], text[start:end])
		b.line(text[start:end], start, b.toks)
		start = end + 1
	}
}

// line adds the units of a line that begins at start.
func (b *builder) line(line string, start int, toks []token.Token) {
	words, upper := 0, 0
	for _, t := range toks {
		if t.Class == token.Word && t.End-t.Start > 1 {
			words++
			if viet.CaseOf(line[t.Start:t.End]) == viet.Upper {
				upper++
			}
		}
	}
	inCapitals := 2*upper > words
	var capitals ngram.Capitals
	capitals.Begin(line, toks)
	if n := len(b.units); n > 0 && start-b.lineStart >= b.bounds.LongLine { // the sentence goes on
		u := b.units[n-1]
		s := b.text[u.start:u.end]
		capitals.Next(s, token.Symbol(s, u.class), u.class)
	}
	b.lineStart = start
	capital := func(k int) bool {
		return k >= 0 && k < len(toks) && toks[k].Class == token.Word && toks[k].End-toks[k].Start > 2 && viet.CaseOf(line[toks[k].Start:toks[k].End]) == viet.Upper
	}
	for i, t := range toks {
		s := line[t.Start:t.End]
		besideCapitals := capital(i-1) || capital(i+1)
		caseTells, _, after := capitals.Next(s, token.Symbol(s, t.Class), t.Class)
		if !inCapitals && !besideCapitals && i > 0 && toks[i-1].Class == token.Word && viet.CaseOf(s) == viet.Upper && utf8.RuneCountInString(s) <= b.bounds.ShortAcronym {
			caseTells = true // "BO" may be "Bộ" and "SO" "sở"
		}
		mended := ""
		if t.Class == token.Word {
			mended = b.mend(s)
		}
		b.units = append(b.units, unit{
			mended: mended,
			start:  start + t.Start, end: start + t.End, class: t.Class,
			glued: i > 0 && toks[i-1].End == t.Start, line: i == 0,
			inCapitals: inCapitals, besideCapitals: besideCapitals, caseTells: caseTells, afterCapital: after,
		})
	}
}
