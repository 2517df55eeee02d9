package letter

import (
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// aboutOf returns what a line says after "V/v" or "Về việc".
func aboutOf(s string) (rest string, ok bool) {
	ws := words(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }))
	n := formula.Concerning.Opens(ws)
	if n == 0 && len(ws) > 0 && formula.IsSubject(ws[0]) {
		n = 1
	}
	if n == 0 || n == len(ws) {
		return "", false
	}
	return strings.TrimLeft(strings.Join(ws[n:], " "), ":. "), true
}

// about takes the subject under the number, all its lines.
func (h *head) about() {
	p := h.parts[h.i]
	h.Subject, _ = aboutOf(p.text)
	from := []line{p.line}
	h.used()
	for {
		next, ok := h.next()
		if !ok {
			break
		}
		if next.what != other && next.what != about && next.box.Empty() {
			h.takeKnown(next) // plain text: the right column stands in between
		} else if subjectGoesOn(p, next) {
			h.Subject += " " + edge(next.line)
			from = append(from, next.line)
			p.line.box = p.line.box.Union(next.box)
		} else {
			break
		}
		h.i++
		h.used()
	}
	h.note("subject", from...)
}

// edge returns the text of a line of the subject without the specks at its start
// that the reader was not sure of: what a pen left in the margin.
func edge(l line) string {
	i := 0
	for i < len(l.words)-1 && l.words[i].Confidence < 0.7 && letters(l.words[i].Text) < 3 {
		i++
	}
	return text(l.words[i:])
}

// subjectGoesOn reports whether next is another line of the subject in the left
// column.
func subjectGoesOn(a, next part) bool {
	if next.what != other && next.what != about || formula.IsDashed(next.text) || formula.To.Opens(words(next.text)) > 0 || formula.IsHeading(next.text) {
		return false
	}
	if a.box.Empty() || next.box.Empty() {
		return startsLower(next.text) && letters(next.text) < 60
	}
	if len(next.words) == 1 && !centred(a.line, next.line) && max(next.box.Min.X-a.box.Min.X, a.box.Min.X-next.box.Min.X) > next.box.Dy() {
		return false // a pen's mark
	}
	return next.block == a.block && !next.gap && next.box.Dx() < 2*a.box.Dx() && next.box.Min.X < a.box.Max.X
}

// titleLines is how many lines a title can take.
const titleLines = 8

// title takes the lines under the kind of document for its subject, up to white
// space, a heading or the grounds; rest goes on after the kind in its line.
func (h *head) title(rest line) {
	kind := h.parts[h.i]
	var title []line
	if len(rest.words) > 0 {
		title = append(title, rest)
	}
	for len(title) < titleLines {
		next, ok := h.next()
		if !ok || !titleGoesOn(kind, title, next) || len(title) == 0 && h.runsOn(next) {
			break
		}
		h.i++
		h.used()
		if letters(next.text) >= 2 || len(title) > 0 && strings.ContainsFunc(next.text, unicode.IsDigit) {
			title = append(title, next.line)
		}
		if strings.HasSuffix(next.text, ".") {
			break
		}
	}
	h.setSubject(title)
}

// titleGoesOn reports whether next is another line of the title under a kind.
func titleGoesOn(kind part, title []line, next part) bool {
	ws := words(next.text)
	switch {
	case next.what != other && next.what != about || formula.Grounds.Opens(ws) > 0 || formula.To.Opens(ws) > 0 || formula.Article.Opens(ws) > 0:
		return false
	case len(title) == 0 && formula.IsHeading(next.text):
		return kindOf(next.text) == ""
	case len(title) == 0:
		return true
	case formula.IsHeading(next.text) && !formula.IsHeading(title[len(title)-1].text), next.gap && !startsLower(next.text):
		return false
	}
	return startsLower(next.text) || letters(next.text) < 25 || centred(kind.line, next.line) && centred(kind.line, title[len(title)-1])
}

// runsOn reports whether the part after the one in hand begins running text: the
// line under it stands right below and begins further left. A title that stands in the
// middle under the kind ends before the running text does.
func (h *head) runsOn(next part) bool {
	if next.what == about || next.box.Empty() || h.i+2 >= len(h.parts) {
		return false
	}
	under := h.parts[h.i+2]
	if centred(h.parts[h.i].line, next.line) && next.box.Max.X < under.box.Max.X-3*next.box.Dy() {
		return false
	}
	return !under.gap && under.what == other && under.box.Min.X < next.box.Min.X-next.box.Dy()/2 && !centred(next.line, under.line)
}

// centred reports whether a line stands in the middle under a heading, the height
// of a letter off at most.
func centred(heading, l line) bool {
	if heading.box.Empty() || l.box.Empty() {
		return false
	}
	d := heading.box.Min.X + heading.box.Max.X - l.box.Min.X - l.box.Max.X
	return max(d, -d) < 2*min(heading.box.Dy(), l.box.Dy())
}

func (l *Letter) setSubject(title []line) {
	if len(title) == 0 || l.Subject != "" {
		return
	}
	texts := []string{edge(title[0])}
	for _, t := range title[1:] {
		texts = append(texts, t.text)
	}
	s := strings.Join(texts, " ")
	if first, rest, _ := strings.Cut(s, " "); len([]rune(first)) == 1 && !startsLower(rest) {
		s = rest // a speck
	}
	if rest, ok := aboutOf(s); ok {
		s = rest
	}
	l.Subject = s
	l.note("subject", title...)
}

// addressees reads the lines after "Kính gửi", n words of the part in hand being
// that formula.
func (h *head) addressees(n int) {
	from := []line{h.parts[h.i].line}
	first := strings.TrimLeft(strings.Join(words(h.parts[h.i].text)[n:], " "), " :.;-–")
	take := func() string {
		h.i++
		h.used()
		from = append(from, h.parts[h.i].line)
		return h.parts[h.i].text
	}
	ends := func(s string) bool { return strings.HasSuffix(s, ";") || strings.HasSuffix(s, ".") }
	goesOn := func(s string) bool {
		next, ok := h.next()
		return ok && s != "" && !ends(s) && continues(h.parts[h.i], next)
	}
	for goesOn(first) {
		first += " " + take()
	}
	for s := range strings.SplitSeq(first, ";") {
		if s = formula.Item(s); s != "" {
			h.Addressees = append(h.Addressees, s)
		}
	}
	for {
		next, ok := h.next()
		if !ok || !formula.IsDashed(next.text) || strings.HasSuffix(h.parts[h.i].text, ".") {
			break
		}
		s := take()
		for goesOn(s) {
			s += " " + take()
		}
		h.Addressees = append(h.Addressees, formula.Item(s))
	}
	h.note("addressees", from...)
}

// continues reports whether next goes on with what a stands in: it starts
// small, or further right by the width of a few letters, right below.
func continues(a, next part) bool {
	if next.what != other || formula.IsDashed(next.text) {
		return false
	}
	if a.box.Empty() || next.box.Empty() {
		return !next.gap && startsLower(next.text)
	}
	return !next.gap && (startsLower(next.text) || next.box.Min.X > a.box.Min.X+3*a.box.Dy())
}
