package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// abbreviations are those that the document explains where it first uses them: "đăng
// ký môn học (ĐKMH)". A reader that takes Đ for D or B is caught there and from
// there on. They are kept by how they look without the mark.
type abbreviations map[string]string

// bareForm is what abbreviations that readers take for one another have in common.
func bareForm(s string) string { return strings.NewReplacer("Đ", "D", "Ð", "D", "B", "D").Replace(s) }

// mend mends the abbreviations of a block along its best reading, and learns those
// that it explains.
func (a *abbreviations) mend(w *worker, d *Document, path []int32) {
	b := &w.lat
	for k, arc := range path {
		c := &b.choices[arc]
		read := b.read(*c)
		if utf8.RuneCountInString(read) < 3 || strings.TrimFunc(read, unicode.IsUpper) != "" {
			continue
		}
		full := a.explained(w, d, path, k)
		if full != "" {
			if *a == nil {
				*a = abbreviations{}
			}
			(*a)[bareForm(full)] = full
		} else {
			full = (*a)[bareForm(read)]
		}
		if full != "" && full != read {
			b.write(c, full)
		}
	}
}

// explained is the abbreviation in brackets at place k of a reading, if it is made
// of the first letters of the words before it.
func (a *abbreviations) explained(w *worker, d *Document, path []int32, k int) string {
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
