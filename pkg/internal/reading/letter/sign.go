package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

var (
	// authority opens the line that says for whom a letter is signed.
	authority = lazy.Regexp(`^[^\pL\pN]*((TM|KT|TL|TUQ|TƯQ|Q|T/M|K/T|T/L|TUN)[.,:]+\s*|(T/M|K/T|T/L)\s+)\p{Lu}`)
	seal      = lazy.Regexp(`^\W*\(?\s*([Đđ]ã\s*[Kk]ý|[Kk]ý\b)`)
	bracketed = lazy.Regexp(`\s*\([^)]*\)?\s*$`)
)

// Signature is that of one signer.
type Signature struct {
	Authority string `json:"authority,omitempty"` // on whose behalf: "TM. ỦY BAN NHÂN DÂN", "KT. BỘ TRƯỞNG"
	Capacity  string `json:"capacity,omitempty"`  // of the signer: "THỨ TRƯỞNG"
	Title     string `json:"title,omitempty"`     // before the name: "TS.", "Trung tá"
	Signer    string `json:"signer,omitempty"`    // name of the signer
}

// isSignature reports whether a line is in capitals and says for whom or in which
// capacity a letter is signed.
func isSignature(s string) bool {
	return formula.IsHeading(s) && (authority().MatchString(s) || formula.IsCapacity(words(s)))
}

// Principal reports whether a line says for whom a letter is signed, and who that is
// if his deputy signs: "GIÁM ĐỐC" for "KT. GIÁM ĐỐC", "" for "TM. HỘI ĐỒNG".
func Principal(s string) (string, bool) {
	if !formula.IsHeading(s) || !authority().MatchString(s) {
		return "", false
	}
	return principal([]line{{text: trim(s)}}), true
}

// setSignatures reads the lines over and under signatures. Those in blocks of
// their own, each with a name under a capacity, are of several signers.
func (l *Letter) setSignatures(lines []line) {
	var all []signed
	for rest := lines; len(rest) > 0; {
		n := 1
		for n < len(rest) && !rest[0].box.Empty() && rest[n].block == rest[0].block {
			n++
		}
		if rest[0].box.Empty() {
			n = len(rest)
		}
		if s := signatureOf(rest[:n]); s.Signer != "" && s.Authority+s.Capacity != "" {
			all = append(all, s)
		}
		rest = rest[n:]
	}
	one := signatureOf(lines)
	if len(all) > 0 {
		one = all[len(all)-1] // the right column is the place of the one who signs
	}
	if len(all) > 1 {
		for _, s := range all {
			l.Signatures = append(l.Signatures, s.Signature)
			l.note("signatures", slices.Concat(s.authorities, s.capacity, s.name)...)
		}
	}
	l.Signature = one.Signature
	l.note("authority", one.authorities...)
	l.note("capacity", one.capacity...)
	l.note("signer", one.name...)
	if one.Title != "" {
		l.note("title", one.name...)
	}
}

// signed is a signature and the lines that it was taken from.
type signed struct {
	Signature
	authorities, capacity, name []line
}

// signatureOf reads the lines over and under a signature, from top to bottom.
func signatureOf(lines []line) (out signed) {
	var best signer
	for _, ln := range lines {
		ln.text = trim(ln.text)
		switch s := ln.text; {
		case len(out.capacity) > 0 && best.name == "" && isLastWord(ln):
			out.capacity = append(out.capacity, ln)
		case letters(s) < 3 || seal().MatchString(s):
		case best.name == "" && authority().MatchString(s):
			out.authorities = append(out.authorities, ln)
		case best.name == "" && formula.IsHeading(s) && len(out.capacity) < 3:
			out.addCapacity(ln)
		default:
			// Without a capacity above it, a name has three words at least. What a pen
			// and a stamp left stands over the name.
			n := signerOf(s)
			if n.name != "" && n.sure >= best.sure && (len(out.authorities)+len(out.capacity) > 0 || len(words(n.name)) > 2) {
				best, out.name = n, []line{ln}
			}
		}
	}
	if n := len(out.capacity); best.name == "" && n > 1 && !isCapacityName(out.capacity[n-1].text) && len(words(out.capacity[n-1].text)) <= 4 {
		// A name in capitals reads like a capacity.
		best.name, out.name, out.capacity = out.capacity[n-1].text, out.capacity[n-1:], out.capacity[:n-1]
	}
	out.Signature = Signature{joinTexts(out.authorities), joinTexts(out.capacity), best.title, best.name}
	return out
}

// sureLetters is the confidence from which a reader was sure of a word of two letters.
const sureLetters = 0.93

// isLastWord reports whether a line is a word of two capitals that the reader was
// sure of, which goes on with a long capacity: "BỘ".
func isLastWord(l line) bool {
	return letters(l.text) == 2 && l.text == strings.ToUpper(l.text) && !strings.Contains(l.text, " ") && l.confidence() > sureLetters && viet.IsSyllable(strings.ToLower(l.text))
}

// addCapacity takes a heading over a signature: a capacity, the second line of a
// name, or what a stamp left.
func (out *signed) addCapacity(ln line) {
	deputy := formula.DeputyOf(ln.text, principal(out.authorities))
	switch {
	case isCapacityName(ln.text):
		out.capacity = append(out.capacity, ln)
	case len(out.capacity) == 0 && deputy != "":
		ln.text = deputy
		out.capacity = append(out.capacity, ln)
	case !plain(ln.text) || len(out.capacity) > 0 && !startsClean(ln):
	case len(out.authorities) > 0 && len(out.capacity) == 0:
		out.authorities = append(out.authorities, ln)
	case len(out.capacity) > 0:
		out.capacity = append(out.capacity, ln)
	}
}

// startsClean reports whether a line begins with a letter: what a stamp left of its own
// words begins with something else.
func startsClean(l line) bool {
	r, _ := utf8.DecodeRuneInString(text(l.words))
	return unicode.IsLetter(r)
}

// principal returns for whom the last of lines says that it is signed, "GIÁM ĐỐC" of
// "KT. GIÁM ĐỐC"; "" if it doesn't.
func principal(authorities []line) string {
	if len(authorities) == 0 {
		return ""
	}
	ws := words(strings.Replace(authorities[len(authorities)-1].text, ".", " ", 1))
	if formula.Fold(ws[0]) != "kt" {
		return ""
	}
	return strings.Join(ws[1:], " ")
}

func joinTexts(lines []line) string {
	var ts []string
	for _, l := range lines {
		ts = append(ts, l.text)
	}
	return strings.Join(ts, " ")
}

// isCapacityName reports whether s names a capacity, a letter in four misread.
func isCapacityName(s string) bool {
	ws := words(s)
	return formula.IsCapacity(ws) || plain(s) && formula.OpensCapacity(ws)
}

// plain reports whether s consists of words of two letters or more; the last may be a
// sign, "BÊN B".
func plain(s string) bool {
	ws := words(s)
	for i, w := range ws {
		w = strings.Trim(w, ",.;()")
		if letters(w) < 2 && (i == 0 || i+1 < len(ws) || letters(w) == 0) || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
			return false
		}
	}
	return s != ""
}

// signer is the name of a person in a line and the title before it.
type signer struct {
	title, name string
	sure        int // 2 if it opens with a surname
}

// signerOf finds the name in a line: it opens with a surname, after titles or what
// a pen left, or it is the whole line.
func signerOf(s string) signer {
	s = bracketed().ReplaceAllString(s, "")
	ws := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".:-–_/,;", r) })
	for len(ws) > 0 && isSpeck(ws[len(ws)-1]) {
		ws = ws[:len(ws)-1]
	}
	for i := range ws {
		ws[i] = strings.TrimFunc(ws[i], func(r rune) bool { return !unicode.IsLetter(r) })
	}
	for i, w := range ws {
		if i == 0 || len(ws)-i > 2 {
			w = capital(w) // a large first letter may be read as a small one
		}
		if len(ws)-i > 2 && !slices.ContainsFunc(ws[:i], func(w string) bool { return !isSpeck(w) }) {
			w = formula.Surname(w)
		}
		name := append([]string{w}, ws[i+1:]...)
		if len(name) > 2 && formula.IsMiddleName(name[1]) {
			name[1] = capital(name[1])
		}
		if formula.IsSurname(w) && len(w) > 1 && isName(name) {
			return signer{titleOf(ws[:i]), strings.Join(name, " "), 2}
		}
	}
	n := 0
	for n < len(ws) && (isSpeck(ws[n]) || formula.OpensTitle(ws[n:]) > 0) {
		n += max(1, formula.OpensTitle(ws[n:]))
	}
	if n = min(n, len(ws)); isName(ws[n:]) {
		return signer{titleOf(ws[:n]), strings.Join(ws[n:], " "), 1}
	}
	return signer{}
}

// isSpeck reports whether a word is a letter or less, other than the name Y.
func isSpeck(w string) bool { return letters(w) < 2 && w != "Y" && w != "Ý" }

func capital(w string) string {
	for i, r := range w {
		return string(unicode.ToUpper(r)) + w[i+len(string(r)):]
	}
	return w
}

// titleOf returns the titles at the end of the words before a name.
func titleOf(ws []string) string {
	for i := range ws {
		if formula.OpensTitle(ws[i:]) > 0 {
			return strings.Join(ws[i:], " ")
		}
	}
	return ""
}

// isName reports whether words may be the name of a person: two to five, each
// a capital and small letters; an apostrophe may part it (H'Yéo).
func isName(ws []string) bool {
	if len(ws) < 2 || len(ws) > 5 {
		return false
	}
	for _, w := range ws {
		for i, r := range []rune(w) {
			if mark := i > 0 && strings.ContainsRune("'’", r); !mark && (!unicode.IsLetter(r) || i == 0 && !unicode.IsUpper(r) || i > 0 && !unicode.IsLower(r) && !strings.ContainsAny(w, "'’")) {
				return false
			}
		}
		if isSpeck(w) {
			return false
		}
	}
	return true
}
