package letter

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// parseFoot fills in recipients and signature and returns the index of the
// first line of the foot, -1 if there is none.
func (l *Letter) parseFoot(lines []line) int {
	at := recipientsAt(lines)
	start := at
	if at < 0 {
		if start = pairAt(lines); start < 0 {
			start = signatureAt(lines)
		}
		if start < 0 {
			return -1
		}
		for start > 0 && !lines[start].box.Empty() && lines[start-1].block == lines[start].block && formula.IsHeading(lines[start-1].text) {
			start-- // for whom it is signed
		}
	}
	// The signature may stand over the recipients.
	for start > 0 && at-start < 4 && isSignature(lines[start-1].text) {
		start--
	}
	if i := pairAt(lines[:max(at, 0)]); i >= 0 {
		start = i
	}
	signed := slices.Clone(lines[start:max(start, at)])
	if at >= 0 {
		signed = append(signed, l.setRecipients(lines[at:])...)
	} else {
		signed = append(signed, lines[start:]...)
	}
	l.setSignatures(signed)
	if l.Date == "" && l.Place == "" {
		l.dateIn(lines[max(0, start-3):])
	}
	return start
}

// pairAt returns where the signatures of two that sign side by side begin at the
// end of lines, -1 without such: columns of their own, each opened by a capacity.
func pairAt(lines []line) int {
	opens := func(l line) bool {
		return !l.box.Empty() && formula.IsHeading(l.text) && (isSignature(l.text) || isCapacityName(l.text))
	}
	from := max(0, len(lines)-signLines)
	first := slices.IndexFunc(lines[from:], opens)
	if first < 0 {
		return -1
	}
	first += from
	for _, l := range lines[first:] {
		if l.block == lines[first].block+1 && opens(l) {
			return first
		}
	}
	return -1
}

// dateIn takes place and date from lines around a signature, where minutes have
// them.
func (l *Letter) dateIn(lines []line) {
	for _, ln := range lines {
		if d, ok := dateOf(strings.Join(ln.fields(), " ")); ok && d.before == 0 {
			l.setDate(ln, d)
			return
		}
	}
}

// recipientsAt returns the line that opens the recipients, -1 without one. A
// list that starts with "Như trên" is one even if its heading was misread.
func recipientsAt(lines []line) int {
	for i, l := range slices.Backward(lines) {
		if opensRecipients(l.text) {
			return i
		}
	}
	return slices.IndexFunc(lines, func(l line) bool {
		ws := words(formula.Item(l.text))
		return formula.IsDashed(l.text) && (formula.AsAbove.Opens(ws) > 0 || formula.AsArticle.Opens(ws) > 0 || formula.Kept.Opens(ws) > 0)
	})
}

// opensRecipients reports whether a line is the heading of the recipients, the
// signature beside it or not: "Nơi nhận hồ sơ" is none.
func opensRecipients(s string) bool {
	ws := words(s)
	n := formula.Copies.Opens(ws)
	return n > 0 && len(ws) < 14 && (n == len(ws) || strings.HasSuffix(ws[n-1], ":") || letters(ws[n]) == 0 || formula.IsHeading(strings.Join(ws[n:], " ")))
}

// signLines is how many lines from the end of the body signatures can begin.
const signLines = 15

// signatureAt returns the line where a signature starts near the end of lines.
func signatureAt(lines []line) int {
	from := max(0, len(lines)-signLines)
	i := slices.IndexFunc(lines[from:], func(l line) bool { return isSignature(l.text) })
	if i < 0 {
		return -1
	}
	return from + i
}

// setRecipients reads the list and returns the lines beside and after it.
func (l *Letter) setRecipients(lines []line) (rest []line) {
	var from []line
	open := true
	for i, ln := range lines {
		s, beside := splitBeside(ln)
		if i == 0 {
			n := min(formula.Copies.Opens(s.fields()), len(s.words))
			from = append(from, s)
			if s = s.part(n, len(s.words)); letters(s.text) > 0 && !formula.IsDashed(s.text) && formula.IsHeading(s.text) {
				s, beside = s.part(0, 0), s
			}
			l.addRecipient(trimOpen(s.text))
		} else {
			switch prev := lines[i-1]; {
			case open && formula.IsDashed(s.text) && (len(s.words) == 0 || besideNone(from, s)):
				l.addRecipient(s.text)
				from = append(from, s)
			case open && len(l.Recipients) > 0 && !formula.IsHeading(s.text) && signerOf(s.text).sure < 2 && !isName(words(s.text)) && !seal().MatchString(s.text) && sameColumn(prev, ln) && besideNone(from, s):
				// Another line of an item, or an item without its dash.
				if ended(prev.text) {
					l.addRecipient(s.text)
				} else {
					l.Recipients[len(l.Recipients)-1] += " " + s.text
				}
				from = append(from, s)
			case s.text != "":
				beside = ln
				open = open && (len(l.Recipients) == 0 || ln.box.Empty() || !besideNone(from, ln))
			}
		}
		if beside.text != "" {
			rest = append(rest, beside)
		}
	}
	for i, s := range l.Recipients {
		l.Recipients[i] = formula.Item(withoutInitials(s))
	}
	l.note("recipients", from...)
	return rest
}

// besideNone reports whether a line does not stand wholly to the right of the lines
// before it.
func besideNone(before []line, l line) bool {
	if l.box.Empty() {
		return true
	}
	for _, b := range before {
		if b.box.Empty() || l.box.Min.X < b.box.Max.X {
			return true
		}
	}
	return false
}

// initials are what a pen wrote after the closing mark of an item.
var initials = lazy.Regexp(`[.;][^\pL]*\pL{0,2}[^\pL]*$`)

// withoutInitials cuts off initials after an item; "(H.A)" is part of it.
func withoutInitials(s string) string {
	cut := initials().ReplaceAllString(s, "")
	if strings.Count(cut, "(") > strings.Count(cut, ")") && strings.Count(s, "(") == strings.Count(s, ")") {
		return s
	}
	return cut
}

func trimOpen(s string) string { return strings.TrimLeft(s, " :.;") }

func (l *Letter) addRecipient(s string) {
	if letters(s) >= 2 {
		l.Recipients = append(l.Recipients, s)
	}
}

// sameColumn reports whether b stands right under a.
func sameColumn(a, b line) bool {
	if a.box.Empty() || b.box.Empty() {
		return !b.gap
	}
	return a.block == b.block && !b.gap && b.box.Min.X < a.box.Max.X
}

func ended(s string) bool { return strings.HasSuffix(s, ";") || strings.HasSuffix(s, ".") }

// splitBeside cuts the signature off a line of recipients: the authority, a run
// of capitals at the end, or a name after the item's closing mark.
func splitBeside(l line) (left, right line) {
	ws := l.fields()
	for k := 1; k < len(ws); k++ {
		tail := strings.Join(ws[k:], " ")
		if authority().MatchString(tail) && !strings.HasPrefix(ws[k], "(") ||
			ended(ws[k-1]) && (formula.IsHeading(tail) && k+1 < len(ws) && plain(tail) || signerOf(tail).sure == 2 || isName(ws[k:]) && k+2 < len(ws)) {
			return l.part(0, k), l.part(k, len(ws))
		}
	}
	return l, line{}
}
