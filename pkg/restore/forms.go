package restore

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
)

// Dates and document numbers have grammars of their own, and readers garble them
// like words: a slash becomes 1, I or l. What a grammar makes of a garble in one way
// only is one more thing that it may be.

// mended is what a garble is by a grammar, and how many signs were read wrong.
type mended struct {
	text  string
	class token.Class
	wrong int
}

// forms adds what the grammars make of a run. k is the unit that its core, without
// the plain marks at its edges, begins with.
func (w *worker) forms(r *run, k int, ch *channel.Model) {
	b := &w.lat
	p := r.first(k)
	if k > r.from && !b.isPlain(k-1) || b.isPlain(k) || p > 0 && !r.mark[p] {
		return
	}
	last := r.to - 1
	for last > k && b.isPlain(last) {
		last--
	}
	for i := k; i <= last; i++ {
		if b.units[i].witness != "" {
			return
		}
	}
	start, end := b.units[k].start, b.units[last].end
	s := b.text[start:end]
	m, ok := mendDate(s)
	if !ok {
		m, ok = mendCode(s)
	}
	if !ok || m.wrong == 0 {
		return
	}
	for _, from := range r.places(p, true) {
		id, cost := w.spelledBy(m.text, m.class)
		if m.class == token.Date {
			cost = b.bounds.DateCost
		}
		b.tally.Add(evidence.Spelling, -cost)
		b.tally.Add(evidence.Mended, float32(m.wrong))
		c := taken(start, end)
		b.write(&c, m.text)
		b.arc(from.node, b.ends[last], id, c)
	}
}

// isPlain reports whether a unit is a mark that texts are full of.
func (b *builder) isPlain(k int) bool {
	u := b.units[k]
	return u.class == token.Punct && strings.TrimFunc(b.text[u.start:u.end], plainMark) == ""
}

// slashes are what a slash is read as.
const slashes = "1lI|!i]["

// mendDate reads a date whose slashes may be garbled: 30/6/2021 read as 3016/2021.
// A date that could be two is none.
func mendDate(s string) (mended, bool) {
	if len(s) < 6 || len(s) > 10 || strings.Trim(s, "/023456789"+slashes) != "" { // slashes has the 1
		return mended{}, false
	}
	year := s[len(s)-4:]
	if strings.Trim(year, "0123456789") != "" || year < "1900" || year > "2099" {
		return mended{}, false
	}
	best, same := mended{wrong: 9}, false
	for d := 1; d <= 2; d++ {
		for m := 1; m <= 2; m++ {
			got, ok := dateOf(s[:len(s)-4], d, m)
			switch {
			case !ok:
			case got.wrong < best.wrong:
				best, same = got, false
			case got.wrong == best.wrong:
				same = true
			}
		}
	}
	best.text += year
	return best, best.wrong < 9 && !same
}

// dateOf reads a day of d digits, a slash, a month of m digits and a slash.
func dateOf(s string, d, m int) (mended, bool) {
	if len(s) != d+m+2 {
		return mended{}, false
	}
	day, month := s[:d], s[d+1:d+1+m]
	if !isNumberTo(day, 31) || !isNumberTo(month, 12) {
		return mended{}, false
	}
	wrong := 0
	for _, c := range []byte{s[d], s[d+1+m]} {
		switch {
		case c == '/':
		case strings.IndexByte(slashes, c) >= 0:
			wrong++
		default:
			return mended{}, false
		}
	}
	return mended{day + "/" + month + "/", token.Date, wrong}, true
}

// isNumberTo reports whether s is a number from 1 to most.
func isNumberTo(s string, most int) bool {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
		n = 10*n + int(c-'0')
	}
	return n >= 1 && n <= most
}

// mendCode reads a document number whose slash or Đ was garbled: 1012/KH-ĐHTĐ read
// as 1012IKH-DHTD, 52-CT/TW as 52-CTITW.
func mendCode(s string) (mended, bool) {
	d := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if d == 0 || d == len(s) {
		return mended{}, false
	}
	if s[d] == '-' { // of the Party
		if kind, issuer, ok := partyCode(s[d+1:]); ok {
			return mended{s[:d] + "-" + kind + "/" + issuer, token.Code, 1}, true
		}
		return mended{}, false
	}
	number, rest := s[:d], s[d:]
	if r, n := utf8.DecodeRuneInString(rest); strings.ContainsRune(slashes, r) {
		rest = rest[n:]
	} else if number[d-1] == '1' && d > 1 { // the slash is the last digit
		number = number[:d-1]
	} else {
		return mended{}, false
	}
	kind, issuer, ok := strings.Cut(rest, "-")
	full := kindOf(kind)
	if !ok || full == "" || !isIssuer(issuer) {
		return mended{}, false
	}
	return mended{number + "/" + full + "-" + repairCode(issuer), token.Code, 1}, true
}

// partyCode reads the kind and the issuer of a number of the Party, with a garbled
// slash between.
func partyCode(s string) (kind, issuer string, ok bool) {
	for i, r := range s {
		if i == 0 || !strings.ContainsRune(slashes, r) {
			continue
		}
		if kind = kindOf(s[:i]); kind == "" {
			continue
		}
		issuer = s[i+1:]
		if issuer == "TW" || issuer == "TU" {
			return kind, issuer, true
		}
	}
	return "", "", false
}

// isIssuer reports whether s may be the issuer in a document number.
func isIssuer(s string) bool {
	return len(s) >= 2 && strings.TrimFunc(s, func(r rune) bool { return unicode.IsUpper(r) || r == '-' }) == ""
}

// kinds are the abbreviations of the kinds of documents, by what is left of them
// without the mark of Đ.
var kinds = sync.OnceValue(func() map[string]string {
	m := map[string]string{"TTr": "TTr", "CTr": "CTr", "UBND": "UBND", "HDND": "HĐND", "TTg": "TTg"}
	for _, kind := range formula.Kinds {
		short := initials(strings.Fields(kind))
		m[strings.ReplaceAll(short, "Đ", "D")] = short
	}
	return m
})

// kindOf is the abbreviation of a kind of document, given how it was read, or empty.
func kindOf(s string) string { return kinds()[strings.ReplaceAll(s, "Đ", "D")] }

// initials are the first letters of words in capitals.
func initials(words []string) string {
	var out strings.Builder
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		out.WriteRune(unicode.ToUpper(r))
	}
	return out.String()
}
