package letter

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// headLines is how many lines the head of a letter can take, and firstLines how
// many those that have names, number and date.
const (
	headLines  = 30
	firstLines = 16
)

// part is a piece of a line of the head.
type part struct {
	line
	index int // of the line
	what  kind
	date  dateLine
	no    serial
}

// kind is what a part is, as far as it tells by itself.
type kind uint8

const (
	other    kind = iota
	landmark      // the country's name or motto, the Party's name
	dated         // place and date
	numbered      // "Số" and what follows
	about         // "V/v" and what follows
	mark          // of urgency, secrecy or copying, alone on its line
	overlay       // what a signing program printed after the name
)

// head goes through the parts of the head of a letter.
type head struct {
	*Letter
	parts  []part
	i      int // the part in hand
	last   int // of the lines in use, an index into lines
	known  int // the last part that says by itself what it is
	issuer []line
}

// parseHead fills in the fields of the head and returns the index of the first
// line of the body.
func (l *Letter) parseHead(lines []line) (body int) {
	h := head{Letter: l, parts: partsOf(lines[:min(len(lines), headLines)]), last: -1}
	for i, p := range h.parts[:min(len(h.parts), firstLines)] {
		if h.landmark() && (p.what == landmark || p.what == dated) {
			h.known = i
		}
	}
	for h.i = 0; h.i < len(h.parts) && h.step(); h.i++ {
	}
	if !h.found() {
		return 0 // headings at the start of a later page
	}
	l.setBodies(h.issuer)
	if l.Type == "" {
		l.setType()
	}
	l.Subject = strings.TrimRight(l.Subject, " _-–.")
	return h.last + 1
}

// found reports whether there is more of a head than headings.
func (h *head) found() bool {
	return h.landmark() || h.Number != "" || h.Place != "" || h.Type != "" || h.Subject != "" || len(h.Addressees) > 0
}

// landmark reports whether the country's name or motto, or the Party's name, is
// there.
func (h *head) landmark() bool {
	return slices.ContainsFunc(h.parts, func(p part) bool { return p.what == landmark })
}

// used says that the part in hand belongs to the head.
func (h *head) used() { h.last = max(h.last, h.parts[h.i].index) }

// next returns the part after the one in hand.
func (h *head) next() (part, bool) {
	if h.i+1 < len(h.parts) {
		return h.parts[h.i+1], true
	}
	return part{}, false
}

// step takes the part in hand, and those that go on with it, and reports whether
// the head goes on.
func (h *head) step() bool {
	p := h.parts[h.i]
	if h.takeKnown(p) {
		h.used()
		return true
	}
	if n := h.opensAddressees(p.text); n > 0 {
		h.used()
		h.addressees(n)
		next, ok := h.next()
		return ok && h.Type == "" && h.Subject == "" && formula.Kind(next.text) != "" && formula.IsHeading(next.text)
	}
	if p.what == about && h.Subject == "" {
		h.about()
		return true
	}
	if kind, n := h.kindOf(p); kind != "" && h.Type == "" && !(h.Subject != "" && len(h.Addressees) > 0) {
		h.Type = kind
		h.note("type", p.line.part(0, n))
		h.used()
		h.title(p.line.part(n, len(p.words)))
		next, ok := h.next()
		return ok && (h.i < h.known || h.opensAddressees(next.text) > 0 || next.what == numbered && h.Number == "") // a report or a proposal
	}
	if h.Number == "" && h.Type == "" && (formula.IsHeading(p.text) || len(h.issuer) > 0 && isLastWord(p.line)) {
		h.issuer = append(h.issuer, p.line)
		h.used()
		return true
	}
	// Running text ends the head.
	return h.i < h.known || letters(p.text) < 25 || formula.IsHeading(p.text) || h.landmark() && (h.last < 0 || h.Number == "" && h.Date == "")
}

// opensAddressees returns how many words of a line open the addressees: "Kính gửi", or in
// a telegram who sends it, "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ĐIỆN:".
func (h *head) opensAddressees(s string) int {
	ws := words(s)
	if n := formula.To.Opens(ws); n > 0 {
		return n
	}
	if i := slices.IndexFunc(ws, func(w string) bool { return strings.HasSuffix(w, ":") && formula.Fold(w) == "dien" }); i >= 0 && formula.Fold(h.Type) == "congdien" {
		return i + 1
	}
	return 0
}

// takeKnown takes a part that says by itself what it is.
func (h *head) takeKnown(p part) bool {
	switch p.what {
	case landmark, overlay:
	case dated:
		if h.Place == "" && h.Date == "" {
			h.setDate(p.line, p.date)
		}
	case numbered:
		if h.Number != "" {
			return false
		}
		h.setNumber(p.line, p.no, h.year())
	case mark:
		h.setMark(p.line)
	default:
		return false
	}
	return true
}

// year returns the word with the year of the letter's date.
func (h *head) year() ocr.Word {
	for _, p := range h.parts {
		if p.what == dated {
			return yearOf(p.line)
		}
	}
	return ocr.Word{}
}

// partsOf parts what stands beside the country's name, the motto or the date in
// lines whose columns run together, and says what the parts are.
func partsOf(lines []line) []part {
	var out []part
	for i, l := range lines {
		p := part{line: l, index: i}
		ws := l.fields()
		add := func(l line, what kind) {
			p.line, p.what = l, what
			out = append(out, classify(p))
		}
		if from, to, ok := formula.Head(ws); ok {
			if from > 0 {
				add(l.part(0, from), other)
			}
			add(l.part(from, to), landmark)
			if to < len(ws) {
				add(l.part(to, len(ws)), overlay)
			}
		} else if d, ok := dateOf(strings.Join(ws, " ")); ok {
			if before := l.part(0, d.before); trim(before.text) != "" {
				add(before, other)
			}
			p.date = d
			p.date.before = 0
			add(l.part(d.before, len(ws)), dated)
		} else {
			add(l, other)
		}
	}
	return named(out)
}

// classify says what a part is whose columns are apart.
func classify(p part) part {
	if p.what != other {
		return p
	}
	if n, ok := serialOf(p.text, false); ok {
		p.what, p.no = numbered, n
	} else if isMark(p.text) {
		p.what = mark
	} else if _, ok := aboutOf(p.text); ok {
		p.what = about
	}
	return p
}

// named looks for the number where no line opens with "Số": it may be under a
// scrawl.
func named(parts []part) []part {
	for _, p := range parts {
		if p.what == numbered {
			return parts
		}
	}
	for i, p := range parts {
		if p.what == about || kindOf(p.text) != "" || formula.To.Opens(words(p.text)) > 0 {
			break
		}
		if n, ok := serialOf(p.text, true); ok && p.what == other && len(words(p.text)) <= 5 {
			parts[i].what, parts[i].no = numbered, n
			break
		}
	}
	return parts
}

func hasFormula(lines []line) bool {
	for _, l := range lines[:min(len(lines), headLines)] {
		if _, _, ok := formula.Head(l.fields()); ok {
			return true
		}
	}
	return false
}

// kindOf returns the kind of document that a heading names.
func kindOf(s string) string {
	if !formula.IsHeading(s) {
		return ""
	}
	return formula.Kind(s)
}

// kindOf returns the kind of document that a part names and how many words do. A
// heading under number or date may go on after it.
func (h *head) kindOf(p part) (kind string, n int) {
	if kind = kindOf(p.text); kind != "" {
		return kind, len(p.words)
	}
	if h.Number == "" && h.Date == "" || !formula.IsHeading(p.text) {
		return "", 0
	}
	ws := p.fields()
	for n = min(5, len(ws)-1); n > 1; n-- {
		if kind = formula.Kind(strings.Join(ws[:n], " ")); kind != "" {
			return kind, n
		}
	}
	return "", 0
}

// setType sets the kind of a letter that bears none in print; its number or its subject
// told it.
func (l *Letter) setType() {
	if l.Type = l.typeOf(); l.Type == "" {
		return
	}
	for _, field := range []string{"number", "subject"} {
		if from := l.Found[field]; len(from) > 0 {
			l.Found["type"] = from
			return
		}
	}
}

// typeOf returns the kind of a letter that bears none in print: the one for which
// the symbol stands, or that of a letter proper.
func (l *Letter) typeOf() string {
	_, symbol, _ := strings.Cut(l.Number, "/")
	if i := strings.LastIndexByte(symbol, '/'); i >= 0 {
		symbol = symbol[i+1:]
	}
	abbreviation, _, ok := strings.Cut(symbol, "-")
	switch kind := formula.KindOfSymbol(abbreviation); {
	case ok && kind != "" && l.Subject == "":
		return kind
	case (l.Number != "" || l.Subject != "") && (l.Subject != "" || len(l.Addressees) > 0):
		return formula.Letter
	}
	return ""
}

// setBodies parts the lines over the number into names of bodies: the last one
// issues the letter, those before it stand above it.
func (l *Letter) setBodies(lines []line) {
	var names [][]line
	joint := false // a dash ends the name before
	for _, s := range lines {
		body := formula.OpensBody(words(trim(s.text))) > 0 // or else a rule was read as dashes
		dashed := body && (strings.HasSuffix(s.text, "-") || strings.HasSuffix(s.text, "–"))
		if n := len(names); n > 0 && (joint || formula.IsDashed(s.text)) && body && letters(s.text) > 2 {
			s.text = "- " + trim(s.text)
			names[n-1] = append(names[n-1], s)
		} else if s.text = trim(s.text); letters(s.text) < 3 && !isLastWord(s) {
			continue
		} else if n > 0 && goesOnAsBody(names[n-1], s.text) {
			names[n-1] = append(names[n-1], s)
		} else {
			names = append(names, []line{s})
		}
		joint = dashed
	}
	if len(names) == 0 {
		return
	}
	var texts []string
	for _, n := range names {
		texts = append(texts, nameOfBody(n))
	}
	last := len(names) - 1
	l.Parent, l.Issuer = strings.Join(texts[:last], "; "), texts[last]
	l.note("issuer", names[last]...)
	for _, n := range names[:last] {
		l.note("parent", n...)
	}
}

// goesOnAsBody reports whether a line belongs to the name that the lines before
// it begin.
func goesOnAsBody(name []line, s string) bool {
	ws := words(s)
	before := words(name[len(name)-1].text)
	if f := formula.Fold(before[len(before)-1]); f == "va" || f == "cua" {
		return true
	}
	// The last word of a name stands alone.
	return len(ws) < 2 || formula.OpensBody(ws) == 0
}

// nameOfBody joins the lines of a name. A province in it is spelled as it is.
func nameOfBody(lines []line) string {
	var ws []string
	for _, l := range lines {
		ws = append(ws, words(l.text)...)
	}
	return strings.Join(formula.SpellProvince(ws), " ")
}

// marks of urgency and secrecy, and of copies.
var (
	urgencies = []string{"HỎA TỐC", "THƯỢNG KHẨN", "KHẨN"}
	secrecies = []string{"TUYỆT MẬT", "TỐI MẬT", "MẬT"}
	copies    = []string{"SAO Y BẢN CHÍNH", "SAO Y", "SAO LỤC", "TRÍCH SAO"}
)

// markOf returns the mark that stands alone in s.
func markOf(s string, marks []string) string {
	if !formula.IsHeading(s) {
		return ""
	}
	f := formula.Fold(s)
	for _, m := range marks {
		if f == formula.Fold(m) || m == copies[1] && strings.HasPrefix(f, "saoy") && len(f) < 8 {
			return m
		}
	}
	return ""
}

func isMark(s string) bool {
	return markOf(s, urgencies) != "" || markOf(s, secrecies) != "" || markOf(s, copies) != ""
}

func (l *Letter) setMark(from line) {
	for _, m := range []struct {
		field string
		to    *string
		marks []string
	}{{"urgency", &l.Urgency, urgencies}, {"secrecy", &l.Secrecy, secrecies}, {"copy", &l.Copy, copies}} {
		if s := markOf(from.text, m.marks); s != "" && *m.to == "" {
			*m.to = s
			l.note(m.field, from)
		}
	}
}
