package letter

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// Parser collects the fields of the letters in a file page by page. The zero value
// is ready. Of each letter it keeps the lines of two pages: the one with the head,
// and the one with the recipients or, until that comes, the last.
type Parser struct {
	span
	done []*Letter // that ended before a page on which another began
}

// span is the pages of one letter.
type span struct {
	head, foot []line
	found      bool      // foot has the recipients
	pages      int       // with lines
	annexes    []line    // headings of appendices
	copied     []line    // the mark of whoever made a copy, under the letter
	run        PageRange // its pages
	languages  ocr.Languages
}

// headPages is how far into a document the head may be: covers come first.
const headPages = 3

// Add takes the next page, its lines in reading order (layout.Columns), each with
// text.
func (p *Parser) Add(number int, page *ocr.Page) {
	var lines []line
	if page != nil {
		lines = linesOf(number, page)
	}
	if len(lines) == 0 {
		p.span.through(number)
		return
	}
	lines = p.span.withoutCopy(lines)
	if p.head != nil && opensLetter(p.head) && opensLetter(lines) {
		if l := p.span.letter(); l != nil {
			p.done = append(p.done, l)
		}
		p.span = span{}
	}
	p.span.through(number)
	p.span.add(lines)
	for _, l := range lines {
		p.languages.Add(page.Language, len(l.words))
	}
}

// through says that a page belongs to the letter.
func (p *span) through(number int) {
	if p.run.From == 0 {
		p.run.From = number
	}
	p.run.To = number
}

// opensLetter reports whether a letter begins on a page: it has the country's name
// or motto, a number with digits and a date. Forms have these, too, but empty.
func opensLetter(lines []line) bool {
	var has [3]bool
	for _, p := range partsOf(lines[:min(len(lines), firstLines)]) {
		has[0] = has[0] || p.what == landmark
		has[1] = has[1] || p.what == numbered && p.no.digits != ""
		has[2] = has[2] || p.what == dated
	}
	return has == [3]bool{true, true, true}
}

func (p *span) add(lines []line) {
	if len(lines) == 0 {
		return
	}
	p.pages++
	if p.pages > 1 {
		p.annexes = append(p.annexes, annexOf(lines)...)
	}
	if p.found {
		return
	}
	if p.head == nil || p.pages <= headPages && !hasFormula(p.head) && hasFormula(lines) {
		p.head, p.foot = lines, nil
	}
	if at := recipientsAt(lines); at >= 0 || p.foot == nil || signatureAt(lines) >= 0 || signatureAt(p.foot) < 0 {
		p.foot, p.found = lines, at >= 0
	}
}

// withoutCopy cuts off the form that whoever made a copy put under a letter: another
// body, number, date and signer, with "SAO Y" between them. It stands after the
// recipients.
func (p *span) withoutCopy(lines []line) []line {
	at := slices.IndexFunc(lines, func(l line) bool { return copyMark(l.text) != "" })
	if at < 0 || !p.found && recipientsAt(lines[:at]) < 0 {
		return lines
	}
	mark := lines[at]
	p.copied = []line{mark}
	if !mark.box.Empty() {
		return slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.box.Min.Y > mark.box.Min.Y-mark.box.Dy() })
	}
	for at > 0 && (formula.IsHeading(lines[at-1].text) || numberLine().MatchString(lines[at-1].text)) {
		at--
	}
	return lines[:at]
}

// copyMark returns the mark of a copy that a heading consists of or ends in.
func copyMark(s string) string {
	if formula.IsHeading(s) {
		for _, m := range copies {
			if strings.HasSuffix(formula.Fold(s), formula.Fold(m)) {
				return m
			}
		}
	}
	return ""
}

// annexLines is how far down a page the heading of an appendix may be: some have a head
// of their own.
const annexLines = 10

// annexOf returns the heading of the appendix that begins on a page.
func annexOf(lines []line) []line {
	for i, l := range lines[:min(len(lines), annexLines)] {
		if formula.Annex.Opens(l.fields()) > 0 && formula.IsHeading(l.text) {
			return lines[i : i+1]
		}
	}
	return nil
}

// Letter returns what was found in all pages, with the letters that begin after
// the first in More, or nil if they hold none.
func (p *Parser) Letter() *Letter {
	all := p.done
	if l := p.span.letter(); l != nil {
		all = append(all[:len(all):len(all)], l)
	}
	if len(all) == 0 {
		return nil
	}
	first := *all[0]
	if len(all) > 1 {
		first.More = all[1:]
	}
	return &first
}

// letter returns what was found, or nil if that is less than two of a letter's
// marks: the country's name, number, date, kind, addressees, recipients, a signer
// and for whom or as what he signs.
func (p *span) letter() *Letter {
	if p.head == nil {
		return nil
	}
	var l Letter
	marks := 0
	if hasFormula(p.head) {
		marks++
	}
	start := l.parseHead(p.head)
	from := p.head[len(p.head)-1].Position
	if start < len(p.head) {
		from = p.head[start].Position
	}
	foot := p.foot
	if len(foot) > 0 && foot[0].Page == p.head[0].Page {
		foot = p.head[start:]
	}
	end := l.parseFoot(foot)
	for _, found := range []bool{l.Number != "", l.Place != "" || l.Date != "", l.Type != "", len(l.Addressees) > 0, len(l.Recipients) > 0,
		l.Signer != "" && l.Authority+l.Capacity != ""} {
		if found {
			marks++
		}
	}
	if marks < 2 {
		return nil
	}
	if l.Copy == "" && len(p.copied) > 0 {
		l.Copy = copyMark(p.copied[0].text)
		l.note("copy", p.copied...)
	}
	l.Language, l.Pages = p.languages.Most(), &PageRange{p.run.From, p.run.To}
	for _, a := range p.annexes {
		l.Attachments = append(l.Attachments, a.text)
		l.note("attachments", a)
	}
	if len(foot) > 0 {
		switch {
		case end < 0: // none found: the body runs to the end
			l.Body = &Range{from, foot[len(foot)-1].Position}
		case end > 0:
			l.Body = &Range{from, foot[end-1].Position}
		case foot[0].Page > from.Page: // the foot opens its page
			l.Body = &Range{from, foot[0].Position}
		}
	}
	return &l
}

// ParseText finds the fields in plain text. Form feeds part pages. Columns
// that run together in a line are told apart by the formulas alone.
func ParseText(text string) *Letter {
	var p Parser
	for i, s := range strings.Split(text, "\f") {
		page := &ocr.Page{}
		par := 0
		for row := range strings.Lines(s) {
			l := ocr.Line{Par: par}
			for _, w := range words(row) {
				l.Words = append(l.Words, ocr.Word{Text: w, Read: w, Confidence: 1})
			}
			if len(l.Words) == 0 {
				par++
				continue
			}
			page.Lines = append(page.Lines, l)
		}
		p.Add(i+1, page)
	}
	return p.Letter()
}
