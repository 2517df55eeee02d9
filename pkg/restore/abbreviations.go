package restore

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// abbreviations are those that the document tells the letters of. A reader that takes
// Đ for D or B is caught where it first uses one, "đăng ký môn học (ĐKMH)", and from
// there on, and for long ones wherever it has the words themselves: Sở Lao động -
// Thương binh và Xã hội for SLĐTBXH. Both are kept by how they look without the mark.
type abbreviations struct {
	explained map[string]string
	initials  map[string]string // of runs of words; "" if two runs differ in their marks
}

const (
	leastMended   = 3 // letters of an abbreviation that is mended, unless one of them is none of ours
	leastInitials = 4 // letters of an abbreviation that may be words found by chance if there are fewer
	mostInitials  = 7
	mostRuns      = 1 << 13 // runs of words that are remembered
)

func (a *abbreviations) clone() abbreviations {
	return abbreviations{maps.Clone(a.explained), maps.Clone(a.initials)}
}

// bareForm is what abbreviations that readers take for one another have in common.
func bareForm(s string) string { return alikeD.Replace(s) }

var alikeD = strings.NewReplacer("Đ", "D", "Ð", "D", "B", "D")

// mend mends the abbreviations of a block along its best reading, and learns those
// that it explains. What words alone tell is for text whose reader spoils letters.
func (a *abbreviations) mend(w *worker, d *Document, path []int32, spoilt bool) {
	b := &w.lat
	if spoilt {
		a.note(w, d, path)
	}
	for k, arc := range path {
		c := &b.choices[arc]
		read := b.read(*c)
		if text := w.spelled(d, *c); spoilt && isCode(text) {
			if full := a.code(text); full != text {
				b.write(c, full)
			}
			continue
		}
		if utf8.RuneCountInString(read) < leastMended && !strings.Contains(read, "Ð") || strings.TrimFunc(read, unicode.IsUpper) != "" {
			continue
		}
		full := a.explains(w, d, path, k)
		if full != "" {
			if a.explained == nil {
				a.explained = map[string]string{}
			}
			a.explained[bareForm(full)] = full
		} else {
			full = a.known(read, spoilt)
		}
		if full != "" && full != read {
			b.write(c, full)
		}
	}
}

// known is the abbreviation that a reading stands for, if the document tells, or all
// letters have it.
func (a *abbreviations) known(read string, spoilt bool) string {
	if full := a.explained[bareForm(read)]; full != "" || !spoilt {
		return full
	}
	if full := a.initials[bareForm(read)]; full != "" {
		return full
	}
	if !isAbbreviation(read) {
		return ""
	}
	return codePart(read)
}

// isCode reports whether s is a document number with the abbreviations of an issuer.
func isCode(s string) bool {
	_, issuer, ok := strings.Cut(s, "/")
	return ok && strings.Contains(issuer, "-") && s[0] >= '0' && s[0] <= '9'
}

// code mends the abbreviations at the end of a document number, which so far is taken
// for text.
func (a *abbreviations) code(text string) string {
	text = repairCode(text)
	at := strings.LastIndexByte(text, '-') + 1
	if full := a.known(text[at:], true); full != "" && strings.TrimFunc(text[at:], unicode.IsUpper) == "" {
		return text[:at] + full
	}
	return text
}

// note remembers the first letters of the words of a block, run by run.
func (a *abbreviations) note(w *worker, d *Document, path []int32) {
	var run []rune
	for _, arc := range path {
		s := w.spelled(d, w.lat.choices[arc])
		r, _ := utf8.DecodeRuneInString(s)
		if s == "-" || s == "–" || s == "," {
			continue
		}
		if !unicode.IsLetter(r) || isAbbreviation(s) {
			run = run[:0]
			continue
		}
		run = append(run, plainInitial(unicode.ToUpper(r)))
		if len(run) > mostInitials {
			run = run[1:]
		}
		for n := leastInitials; n <= len(run); n++ {
			a.noteRun(string(run[len(run)-n:]))
		}
	}
}

func (a *abbreviations) noteRun(run string) {
	if !strings.ContainsAny(run, "ĐDB") || len(a.initials) >= mostRuns {
		return
	}
	if a.initials == nil {
		a.initials = map[string]string{}
	}
	bare := bareForm(run)
	if was, known := a.initials[bare]; known && was != run {
		run = ""
	}
	a.initials[bare] = run
}

// explains is the abbreviation in brackets at place k of a reading, if it is made
// of the first letters of the words before it.
func (a *abbreviations) explains(w *worker, d *Document, path []int32, k int) string {
	b := &w.lat
	read := b.read(b.choices[path[k]])
	n := utf8.RuneCountInString(read)
	first := k - 1 - n
	if first < 0 || b.read(b.choices[path[k-1]]) != "(" {
		return ""
	}
	words := make([]string, 0, n)
	for _, arc := range path[first : k-1] {
		words = append(words, w.spelled(d, b.choices[arc]))
	}
	short, like := []rune(strings.Map(plainInitial, initials(words))), 0
	for i, r := range []rune(read) {
		if bareForm(string(short[i])) == bareForm(string(r)) {
			like++
		} else {
			short[i] = r
		}
	}
	if like < n && (n < 4 || like < n-1) { // one word of several may be garbled
		return ""
	}
	return string(short)
}

// plainInitial is the letter of an abbreviation for a word that begins so: Ă, Â and
// tones are left out.
func plainInitial(r rune) rune {
	if r == 'Đ' {
		return r
	}
	return viet.StripRune(r)
}
