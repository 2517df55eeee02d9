package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// suspect is a finding that counts only where the text is right Vietnamese.
type suspect struct {
	id         string
	start, end int
	message    string
	propose    string
	fix        *Edit
}

// text checks valid UTF-8.
func (c *Checker) text() {
	s := spelling{data: c.data, lm: c.opt.LM != nil}
	v := c.judge.Text(c.data, &s)
	any := false
	for i := range v.Parts {
		if p := &v.Parts[i]; p.State == source.Encoded {
			c.encoded(p)
		} else {
			any = any || p.State != source.Foreign
		}
	}
	for i := range v.Parts {
		if p := &v.Parts[i]; p.State == source.Clean || p.State == source.Foreign {
			any = c.worn(p) || any
		}
	}
	if c.looksVietnamese = any; !any {
		return
	}
	c.states(v.Parts)
	for _, p := range v.Parts {
		here := s.upTo(p.End)
		if p.State != source.Clean {
			continue
		}
		for _, f := range here {
			var fixes []Edit
			if f.fix != nil {
				fixes = []Edit{*f.fix}
			}
			c.add(f.id, f.start, f.end, f.message, f.propose, fixes...)
		}
		if c.opt.LM != nil {
			c.model(p)
		}
	}
	c.tonePlacement(s.styles[1], s.styles[2])
	if len(s.notNFC) > 0 {
		c.notNFC(s.notNFC)
	}
	c.lineEndings()
}

// notNFC reports words that are not in NFC, but for those on lines with a marker.
func (c *Checker) notNFC(words []Edit) {
	rule, _ := RuleByName("CV007")
	words = slices.DeleteFunc(words, func(e Edit) bool { return c.ignored(e.Start, rule) })
	if n := len(words); n > 0 {
		first := words[0]
		c.add(rule.ID, first.Start, first.End, fmt.Sprintf("%d word%s not in NFC, first %q", n, plural(n), first.New), first.New, words...)
	}
}

// place is a word with a tone on an open oa, oe or uy.
type place struct{ start, end int }

// tonePlacement reports the rarer of two placements.
func (c *Checker) tonePlacement(old, new []place) {
	if len(old) == 0 || len(new) == 0 {
		return
	}
	rare, style, usual := old, viet.New, "new (hoà)"
	if len(new) < len(old) {
		rare, style, usual = new, viet.Old, "old (hòa)"
	}
	first := rare[0]
	c.add("CV011", first.start, first.end,
		fmt.Sprintf("%d word%s with the tone elsewhere than the other %d, which have it in the %s place", len(rare), plural(len(rare)), len(old)+len(new)-len(rare), usual),
		viet.PlaceTone(norm.NFC.String(string(c.data[first.start:first.end])), style))
}

// states reports parts that are not right, neighbours in one state together.
func (c *Checker) states(all []source.Part) {
	for i := 0; i < len(all); {
		if !spoilt(all[i].State) {
			i++
			continue
		}
		sum, end := source.Count{}, i
		words := map[source.State]int{}
		for end < len(all) && (spoilt(all[end].State) || all[end].Words < fewWords) {
			sum.Add(&all[end].Count)
			words[all[end].State] += all[end].Words + all[end].Lost
			end++
		}
		for all[end-1].Words < fewWords && end-1 > i {
			end--
		}
		c.spoiltPart(worst(words), all[i].Start, all[end-1].End, &sum)
		i = end
	}
}

// fewWords between two parts that are not right say nothing.
const fewWords = 5

func spoilt(s source.State) bool {
	return s != source.Clean && s != source.Foreign && s != source.Encoded
}

// worst is the state that parts with so many words in each are reported in. Parts of a
// garbled text may look stripped, hardly the reverse.
func worst(words map[source.State]int) source.State {
	if words[source.Garbled]*5 > words[source.Stripped] && words[source.Garbled] > 0 {
		words[source.Stripped] = 0
		words[source.Garbled] *= 5
	}
	most := source.Stripped
	for _, s := range []source.State{source.Garbled, source.Toneless, source.Broken, source.Spaced} {
		if words[s] > words[most] {
			most = s
		}
	}
	return most
}

// spoiltRules says how each state is reported.
var spoiltRules = map[source.State]struct{ id, what string }{
	source.Stripped: {"CV002", "Vietnamese without its marks"},
	source.Toneless: {"CV002", "Vietnamese without its tones"},
	source.Garbled:  {"CV001", "Vietnamese read by an OCR engine that does not know it"},
	source.Broken:   {"CV018", "Vietnamese that has lost letters"},
	source.Spaced:   {"CV019", "Vietnamese with its letters spaced out"},
}

// spoiltPart reports a part of the text.
func (c *Checker) spoiltPart(state source.State, start, end int, sum *source.Count) {
	rule := spoiltRules[state]
	places := c.firstBad(start, end, state, 3)
	first := [2]int{start, start}
	if len(places) > 0 {
		first = places[0]
	}
	var where []string
	for _, p := range places {
		where = append(where, fmt.Sprintf("%q in line %d", c.data[p[0]:p[1]], c.line(p[0])))
	}
	n, wrong := sum.Words, sum.Wrong()
	if state == source.Broken || state == source.Spaced {
		n = sum.Tokens
		wrong = min(n, sum.Lost+sum.Pieces)
	}
	c.add(rule.id, first[0], first[1], fmt.Sprintf("%s: about %d of %d syllables (%.0f %%) in lines %d to %d are wrong, %s",
		rule.what, wrong, n, 100*float64(wrong)/float64(max(n, 1)), c.line(first[0]), c.line(max(end-1, first[0])), strings.Join(where, ", ")), "congvan restore")
}

// worn reports lines of a part that are not right though the part is in no such state.
func (c *Checker) worn(p *source.Part) (any bool) {
	for _, w := range c.judge.Worn(c.data, p) {
		rule := spoiltRules[w.State]
		first := w.Start + len(c.data[w.Start:w.End]) - len(bytes.TrimLeft(c.data[w.Start:w.End], " \t\r\n"))
		c.add(rule.id, first, w.End, fmt.Sprintf("%s: lines %d to %d", rule.what, c.line(first), c.line(max(w.End-1, first))), "congvan restore")
		any = true
	}
	return any
}

// firstBad finds the first words in a part that are plainly wrong.
func (c *Checker) firstBad(start, end int, state source.State, n int) (places [][2]int) {
	c.judge.Words(c.data[start:end], func(from, to int, w *source.Word) bool {
		if w.Spoilt(state, c.data[start+from:start+to]) {
			places = append(places, [2]int{start + from, start + to})
		}
		return len(places) < n
	})
	return places
}

// encoded reports a part in an old encoding, or encoded twice.
func (c *Checker) encoded(p *source.Part) {
	id, what := "CV003", "text in "+encodingName(p.Encoding)
	decoded := p.Decode(c.data)
	var fixes []Edit
	if p.Encoding.Name == legacy.NameDouble {
		id, what = "CV005", "UTF-8 that was encoded twice"
		fixes = []Edit{{p.Start, p.End, decoded}}
	}
	// Neighbours are one finding.
	if n := len(c.findings); n > 0 && c.findings[n-1].Rule.ID == id && c.findings[n-1].end == p.Start {
		c.findings[n-1].end = p.End
		c.findings[n-1].Fixes = append(c.findings[n-1].Fixes, fixes...)
		return
	}
	c.add(id, p.Start, p.End, fmt.Sprintf("%s (%.0f %% sure)", what, 100*p.Encoding.Confidence),
		shorten(strings.Join(strings.Fields(decoded[:min(len(decoded), 200)]), " ")), fixes...)
}

// lineEndings reports the rarer of the ways in which lines end.
func (c *Checker) lineEndings() {
	crlf := bytes.Count(c.data, []byte("\r\n"))
	lf := bytes.Count(c.data, []byte("\n")) - crlf
	cr := bytes.Count(c.data, []byte("\r")) - crlf
	if (crlf > 0) && (lf > 0) || cr > 0 && (lf+crlf > 0) {
		end := "\n"
		if crlf > lf {
			end = "\r\n"
		}
		var fixes []Edit
		for i := 0; i < len(c.data); i++ {
			n := 1
			switch {
			case c.data[i] == '\r' && i+1 < len(c.data) && c.data[i+1] == '\n':
				n = 2
			case c.data[i] != '\r' && c.data[i] != '\n':
				continue
			}
			if string(c.data[i:i+n]) != end {
				fixes = append(fixes, Edit{i, i + n, end})
			}
			i += n - 1
		}
		c.add("CV014", fixes[0].Start, fixes[0].End, fmt.Sprintf("lines end in LF (%d), CRLF (%d) and CR (%d)", lf, crlf, cr),
			map[string]string{"\n": "LF", "\r\n": "CRLF"}[end], fixes...)
	}
}

// model asks the language model.
func (c *Checker) model(p source.Part) {
	text := string(c.data[p.Start:p.End])
	c.opt.LM.Suspects(text, func(rule string, from, to int, propose string) {
		message := fmt.Sprintf("%q hardly fits here, %q would", text[from:to], propose)
		if rule == gluedRule {
			message = gluedMessage(text[from:to], propose)
		}
		c.add(rule, p.Start+from, p.Start+to, message, propose)
	})
}

// vietnamese reports whether a text is Vietnamese in any state.
func (c *Checker) vietnamese(text []byte) bool {
	return c.judge.Text(text, nil).State != source.Foreign
}
