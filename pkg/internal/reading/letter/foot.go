package letter

import (
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"slices"
	"strings"
	"unicode"
)

var (
	// authority opens the line that says for whom a letter is signed.
	authority = pattern(`^[^\pL\pN]*(TM|KT|TL|TUQ|TƯQ|Q|T/M|K/T|T/L|TUN)[.,:]+\s*\p{Lu}`)
	// inside finds it in a line that holds the recipients too.
	inside = pattern(`\s((?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)[.,]\s?\p{Lu}.*)$`)
	seal   = pattern(`^\W*\(?\s*([Đđ]ã\s*[Kk]ý|[Kk]ý\b)`)
)

// parseFoot fills in recipients and signature and returns the index of the
// first line of the foot, -1 if there is none.
func (l *Letter) parseFoot(lines []line) int {
	at := recipientsAt(lines)
	start := at
	if at < 0 {
		if start = signatureAt(lines); start < 0 {
			return -1
		}
	}
	// The signature may stand over the recipients.
	for start > 0 && at-start < 4 && isSignature(lines[start-1].text) {
		start--
	}
	var signed []string
	for _, s := range lines[start:max(start, at)] {
		signed = append(signed, s.text)
	}
	if at >= 0 {
		signed = append(signed, l.parseRecipients(lines[at:])...)
	} else {
		for _, s := range lines[start:] {
			signed = append(signed, s.text)
		}
	}
	l.parseSignature(signed)
	return start
}

// recipientsAt returns the line that opens the recipients, -1 without one. A
// list that starts with "Như trên" is one even if its heading was misread.
func recipientsAt(lines []line) int {
	at := slices.IndexFunc(lines, func(l line) bool { return formula.Copies.Opens(words(l.text)) > 0 && len(words(l.text)) < 14 })
	if at < 0 {
		at = slices.IndexFunc(lines, func(l line) bool {
			return formula.IsDashed(l.text) && formula.AsAbove.Opens(words(formula.Item(l.text))) > 0
		})
	}
	return at
}

// signatureAt returns the line where a signature starts near the end of lines.
func signatureAt(lines []line) int {
	from := max(0, len(lines)-15)
	i := slices.IndexFunc(lines[from:], func(l line) bool { return isSignature(l.text) })
	if i < 0 {
		return -1
	}
	return from + i
}

func isSignature(s string) bool {
	return formula.IsHeading(s) && (authority().MatchString(s) || formula.IsCapacity(words(s)))
}

// parseRecipients reads the list and returns the lines beside and after it.
func (l *Letter) parseRecipients(lines []line) (rest []string) {
	open := true
	for i, ln := range lines {
		s, beside := splitBeside(ln.text)
		if i == 0 {
			n := min(formula.Copies.Opens(words(s)), len(words(s)))
			s = strings.TrimLeft(strings.Join(words(s)[n:], " "), " :.;")
			if s != "" && !formula.IsDashed(s) {
				if isSignature(s) || formula.IsHeading(s) {
					beside, s = s, ""
				}
			}
			if s != "" {
				l.addRecipients(s)
			}
		} else {
			switch {
			case open && formula.IsDashed(s):
				l.addRecipients(s)
			case open && len(l.Recipients) > 0 && !formula.IsHeading(s) && !isName(s) && !seal().MatchString(s) && sameColumn(lines[i-1], ln):
				// Another line of an item, or an item without its dash.
				n := len(l.Recipients) - 1
				if ended(lines[i-1].text) {
					l.addRecipients(s)
				} else {
					l.Recipients[n] += " " + s
				}
			case s != "":
				beside = strings.TrimSpace(s + " " + beside)
				open = open && (len(l.Recipients) == 0 || lines[i].box.Empty())
			}
		}
		if beside != "" {
			rest = append(rest, beside)
		}
	}
	for i, s := range l.Recipients {
		l.Recipients[i] = formula.Item(s)
	}
	return rest
}

func (l *Letter) addRecipients(s string) {
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
func splitBeside(s string) (left, right string) {
	if m := inside().FindStringSubmatchIndex(s); m != nil {
		return s[:m[0]], s[m[2]:]
	}
	for i, r := range s {
		if i == 0 || r != ';' && r != '.' {
			continue
		}
		if tail := strings.TrimSpace(s[i+1:]); tail != s && strings.HasPrefix(s[i+1:], " ") && (formula.IsHeading(tail) && len(words(tail)) > 1 || isName(tail) && len(words(tail)) > 2) {
			return s[:i+1], tail
		}
	}
	return s, ""
}

// parseSignature reads the lines over and under a signature.
func (l *Letter) parseSignature(lines []string) {
	var authorities, capacity []string
	for _, s := range lines {
		s = strings.Trim(s, " _:;|,.'\"“”‘’‹›«»€-–—")
		switch {
		case letters(s) < 3 || seal().MatchString(s):
		case l.Signer == "" && authority().MatchString(s):
			authorities = append(authorities, s)
		case l.Signer == "" && formula.IsHeading(s) && len(capacity) < 3:
			switch {
			case isCapacityName(s):
				capacity = append(capacity, s)
			case !plain(s): // what a stamp left
			case len(authorities) > 0 && len(capacity) == 0: // the second line of a long name
				authorities[len(authorities)-1] += " " + s
			case len(capacity) > 0:
				capacity = append(capacity, s)
			}
		case l.Signer == "":
			// Without a capacity above it, a name has three words at least.
			if name := nameOf(s); len(authorities)+len(capacity) > 0 || len(words(name)) > 2 {
				l.Signer = name
			}
		}
	}
	l.Authority, l.Capacity = strings.Join(authorities, ", "), strings.Join(capacity, " ")
	if l.Capacity != "" && l.Signer == "" {
		// A name in capitals reads like a capacity.
		if n := len(capacity); n > 1 && !isCapacityName(capacity[n-1]) && len(words(capacity[n-1])) <= 4 {
			l.Signer, l.Capacity = capacity[n-1], strings.Join(capacity[:n-1], " ")
		}
	}
}

// isCapacityName reports whether s names a capacity, a letter in four misread.
func isCapacityName(s string) bool {
	ws := words(s)
	return formula.IsCapacity(ws) || plain(s) && formula.OpensCapacity(ws)
}

// plain reports whether s consists of words of two letters or more.
func plain(s string) bool {
	for _, w := range words(s) {
		w = strings.Trim(w, ",.;()")
		if letters(w) < 2 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
			return false
		}
	}
	return s != ""
}

// nameOf returns the name in a line, without titles and specks around it.
func nameOf(s string) string {
	ws := words(s)
	speck := func(w string) bool { return letters(w) < 2 && w != "Y" && w != "Ý" }
	for len(ws) > 0 && (strings.Contains(ws[0], ".") || speck(ws[0])) {
		ws = ws[1:] // GS. TS. ThS. and the like
	}
	for len(ws) > 0 && speck(ws[len(ws)-1]) {
		ws = ws[:len(ws)-1]
	}
	for i := range ws {
		ws[i] = strings.TrimFunc(ws[i], func(r rune) bool { return !unicode.IsLetter(r) })
	}
	if s = strings.Join(ws, " "); isName(s) {
		return s
	}
	return ""
}
