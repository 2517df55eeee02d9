package reading

import (
	"image"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// correct returns the page of the first reading with its words restored. The
// other readings are its witnesses. langs names the channel of each reading;
// without any the text came from elsewhere and its source is found out.
func correct(r *restore.Restorer, readings []*ocr.Page, langs []string) *ocr.Page {
	var heard [][]ocr.Match
	var lang string
	var by [2]string
	if len(langs) > 0 {
		lang = langs[0]
	}
	if len(readings) > 1 {
		heard, by = ocr.Align(readings[0], readings[1]).Lines, [2]string{langs[1], langs[1]}
	}
	return correctHearing(r, readings[0], lang, heard, by)
}

// correctHearing returns a page, read in lang, with its words restored. heard is what
// another reader saw in each of its lines, nil: there is none; by names the channels of
// that reader in even lines, from 0, and in odd ones.
func correctHearing(r *restore.Restorer, first *ocr.Page, lang string, heard [][]ocr.Match, by [2]string) *ocr.Page {
	out := &ocr.Page{Size: first.Size, DPI: first.DPI, Turn: first.Turn, Regions: first.Regions, Lines: make([]ocr.Line, len(first.Lines))}
	doc := r.Document()
	for from := 0; from < len(first.Lines); {
		to := from + 1
		for to < len(first.Lines) && first.Lines[to].Block == first.Lines[from].Block && first.Lines[to].Par == first.Lines[from].Par && first.Lines[to].Cell == first.Lines[from].Cell {
			to++
		}
		p := newParagraph(first.Lines[from:to])
		var res restore.Result
		if lang == "" {
			res = doc.Block(p.text)
		} else {
			var witnesses []restore.Witness
			if heard != nil {
				witnesses = p.witnesses(heard[from:to], [2]string{by[from%2], by[(from+1)%2]})
			}
			res = doc.Reading(p.text, lang, witnesses)
		}
		lines, dirt := p.corrected(res)
		copy(out.Lines[from:to], lines)
		out.LeftOut = append(out.LeftOut, dirt...)
		from = to
	}
	return out
}

// paragraph is the text of some lines: words with a space between them, lines
// with a line break.
type paragraph struct {
	lines []ocr.Line
	text  string
	spans [][]restore.Span // of each word in text, by line
}

func newParagraph(lines []ocr.Line) *paragraph {
	p := &paragraph{lines: lines, spans: make([][]restore.Span, len(lines))}
	var b strings.Builder
	for i, l := range lines {
		for j, w := range l.Words {
			if j > 0 {
				b.WriteByte(' ')
			}
			start := b.Len()
			b.WriteString(w.Text)
			p.spans[i] = append(p.spans[i], restore.Span{Start: start, End: b.Len()})
		}
		b.WriteByte('\n')
	}
	p.text = b.String()
	return p
}

// witnesses returns the words of the other reader that stand for just one word
// of the first.
func (p *paragraph) witnesses(lines [][]ocr.Match, channels [2]string) []restore.Witness {
	var out []restore.Witness
	for i, matches := range lines {
		at := 0
		for _, m := range matches {
			if len(m.A) == 1 && len(m.B) == 1 && at < len(p.spans[i]) {
				s := p.spans[i][at]
				out = append(out, restore.Witness{Start: s.Start, End: s.End, Channel: channels[i%2], Read: m.B[0].Text})
			}
			at += len(m.A)
		}
	}
	return out
}

// corrected returns the lines with the words of a result. Words that were read
// as one share its box by their lengths; words that were read apart and are one
// become one. Words that stand for nothing are in lines of their own.
func (p *paragraph) corrected(res restore.Result) (out, dirt []ocr.Line) {
	out = make([]ocr.Line, len(p.lines))
	tokens, taken := res.Tokens, 0 // up to where the tokens before reach
	for i, l := range p.lines {
		out[i] = ocr.Line{Box: l.Box, Block: l.Block, Par: l.Par, Cell: l.Cell, Role: l.Role}
		for j, w := range l.Words {
			span := p.spans[i][j]
			n := 0
			for n < len(tokens) && tokens[n].In.Start < span.End {
				n++
			}
			words := &out[i].Words
			switch k := len(*words); {
			case k > 0 && taken > span.Start: // a part of it, or all
				(*words)[k-1] = joined((*words)[k-1], w, tokens[:n], res.Text)
			case n > 0:
				rewritten := rewrite(w, tokens[:n], res.Text)
				if len(rewritten) == 0 {
					dirt = append(dirt, withWords(l, []ocr.Word{w}))
				}
				*words = append(*words, rewritten...)
			default:
				*words = append(*words, w)
			}
			if n > 0 {
				taken = tokens[n-1].In.End
			}
			tokens = tokens[n:]
		}
	}
	return out, dirt
}

// joined returns a word that goes on in the next one, and with the tokens that
// stand in this one only.
func joined(w, next ocr.Word, tokens []restore.Token, text string) ocr.Word {
	w.Box, w.Read, w.Sure = w.Box.Union(next.Box), w.Read+" "+next.Read, min(w.Sure, next.Sure)
	for _, t := range tokens {
		w.Text += text[t.Out.Start:t.Out.End]
		if isWord(t) {
			w.Confidence = min(w.Confidence, t.Confidence)
		} else if strings.ContainsFunc(t.Text, unicode.IsDigit) {
			w.Confidence = min(w.Confidence, next.Confidence)
		}
	}
	return w
}

// isWord reports whether a token is what the restorer can be sure of: letters
// alone. Of numbers and codes only the reader knows how well it saw them.
func isWord(t restore.Token) bool {
	return strings.ContainsFunc(t.Text, unicode.IsLetter) && !strings.ContainsFunc(t.Text, unicode.IsDigit)
}

// rewrite returns the words that the tokens of one word spell. The reader's own
// confidence stands for what is no word, such as numbers.
func rewrite(w ocr.Word, tokens []restore.Token, text string) []ocr.Word {
	first, last := tokens[0], tokens[len(tokens)-1]
	spelled := text[first.Out.Start:last.Out.End]
	if w.Sure >= sureNumber && strings.ContainsFunc(w.Read, unicode.IsDigit) && !strings.ContainsFunc(spelled, unicode.IsDigit) {
		return []ocr.Word{w} // no letters are as sure a number
	}
	conf, words, digits := 1.0, false, false
	for _, t := range tokens {
		if isWord(t) {
			words = true
			conf = min(conf, t.Confidence)
		}
		digits = digits || strings.ContainsFunc(t.Text, unicode.IsDigit)
	}
	if !words || digits {
		conf = min(conf, w.Confidence)
	}
	w.Confidence = conf
	if len(tokens) == 1 {
		for _, a := range first.Alternatives {
			w.Alternatives = append(w.Alternatives, ocr.Alternative(a))
		}
	}
	parts := strings.Fields(spelled)
	if len(parts) == 0 {
		return nil // dirt
	}
	out := make([]ocr.Word, len(parts))
	all, done := utf8.RuneCountInString(spelled), 0
	for i, s := range parts {
		out[i] = w
		out[i].Text = s
		if len(parts) > 1 {
			n := utf8.RuneCountInString(s)
			out[i].Box = share(w.Box, done, done+n, all)
			done += n + 1
		}
	}
	return out
}

// share returns the part of a box from a to b of n.
func share(box image.Rectangle, a, b, n int) image.Rectangle {
	left := box.Min.X
	box.Min.X = left + box.Dx()*a/n
	box.Max.X = left + (box.Max.X-left)*b/n
	return box
}
