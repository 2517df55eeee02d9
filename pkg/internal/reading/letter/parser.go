package letter

import (
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Parser collects the fields of a letter page by page. The zero value is ready.
// It keeps the lines of two pages: the one with the head, and the one with the
// recipients or, until that comes, the last.
type Parser struct {
	head, foot []line
	found      bool // foot has the recipients
	pages      int
}

// headPages is how far into a document the head may be: covers come first.
const headPages = 3

// Add takes the next page, as a reader or a restorer left it.
func (p *Parser) Add(number int, page *ocr.Page) {
	if page == nil || p.found {
		return
	}
	lines := linesOf(number, page)
	if len(lines) == 0 {
		return
	}
	p.pages++
	if p.head == nil || p.pages <= headPages && !hasFormula(p.head) && hasFormula(lines) {
		p.head, p.foot = lines, nil
	}
	if at := recipientsAt(lines); at >= 0 || p.foot == nil || signatureAt(lines) >= 0 || signatureAt(p.foot) < 0 {
		p.foot, p.found = lines, at >= 0
	}
}

// Letter returns what was found, or nil if that is less than two of a letter's
// marks: the country's name, number, date, kind, addressees, recipients, a signer
// and for whom or as what he signs.
func (p *Parser) Letter() *Letter {
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
