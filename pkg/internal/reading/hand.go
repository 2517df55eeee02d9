package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// The number and the day of a letter are often written by hand into a head that is
// printed ("Số:      /UBND-KT", "ngày      tháng 10 năm 2023"). A reader makes
// anything of them, and one word of them and what is printed beside them. Handwriting
// is told by its place and one of these: it is no number, the reader doubts it, or it
// is higher than the print beside it and the reader not quite sure. On the development
// pages printed numbers have 0.77 and more and, if their boxes hold nothing else, are
// an eighth higher or lower at most; of 30 that are written by hand two are as sure
// and as high as print.
const (
	handLines  = 20   // lines of a page that may belong to the head
	handOpens  = 4    // characters of dirt before the "Số" that opens a line
	handAlone  = 0.75 // sureness below which a word that is but such a number is handwriting
	handJoined = 0.5  // the same where it is one word with print
	handSigns  = 0.9  // the same of a word with signs that no number has
	handHigh   = 0.15 // of a number's height against that of print,
	handSure   = 0.93 // unless the reader is as sure as this
)

var (
	// handDate runs on stripped lower case, which has as many characters as the
	// text. Its groups, and the first of the others, may be written by hand.
	handDate = lazy.Regexp(`ngay(.{0,12}?)thang(.{0,10}?)nam\s*([12][0-9]{3})\b`)
	// handNumber is what stands before a symbol with its stroke, or without it; in
	// running text numbers are printed, however badly they are read.
	handNumber = []func() *regexp.Regexp{
		lazy.Regexp(`(?:^|[^\pL])[Ss][oốồổôóòỏõọO0]\s*[:;.]?(.{0,16}?)[./⁄\s]*[/⁄]\s*(\p{Lu}{2})`),
		lazy.Regexp(`(?:^|[^\pL])[Ss][oốồổôóòỏõọO0]\s*[:;](.{0,16}?)[.\s]*[.\s](\p{Lu}{2,}[-–])`),
	}
	numeral = lazy.Regexp(`^[0-9]{1,6}[a-zđ]?(?:/[12][0-9]{3})?$`)
)

// markHand marks the words of a page's head that are written by hand, parted from
// those that are printed, and their places.
func markHand(p *ocr.Page) {
	for i := range p.Lines[:min(len(p.Lines), handLines)] {
		l := &p.Lines[i]
		for _, s := range handSlots(l.Words) {
			l.Words = s.part(l.Words)
		}
		for _, w := range l.Words {
			if w.Hand && !w.Box.Empty() {
				p.Regions = append(p.Regions, ocr.Region{Kind: ocr.Handwriting, Box: w.Box})
			}
		}
	}
}

// slot is a run of characters of a line, its words with a space between them.
type slot struct{ from, to int }

// handSlots returns the places of a line that are written by hand, the last first.
func handSlots(ws []ocr.Word) []slot {
	text := textOf(ws)
	var out []slot
	add := func(from, to, like int) {
		if s := trimmed([]rune(text), from, to); s.from < s.to {
			i, _ := wordAt(ws, like)
			if s = s.whole(ws); s.byHand(ws, string([]rune(text)[s.from:s.to]), ws[i]) {
				out = append(out, s)
			}
		}
	}
	plain := strings.ToLower(viet.Strip(text))
	if m := handDate().FindStringSubmatchIndex(plain); m != nil && letter.IsDateLine(text) {
		at := func(i int) int { return utf8.RuneCountInString(plain[:m[i]]) }
		add(at(2), at(3), at(6))
		add(at(4), at(5), at(6))
	}
	for _, number := range handNumber {
		if m := number().FindStringSubmatchIndex(text); m != nil {
			at := func(i int) int { return utf8.RuneCountInString(text[:m[i]]) }
			if at(0) < handOpens || !strings.ContainsAny(text[m[2]:m[3]], "0123456789") || strings.ContainsAny(text[m[2]:m[3]], "?#§") {
				add(at(2), at(3), at(4))
			}
			break
		}
	}
	slices.SortFunc(out, func(a, b slot) int { return b.from - a.from })
	return out
}

// trimmed is a slot without the signs that are printed for it.
func trimmed(text []rune, from, to int) slot {
	isSign := func(r rune) bool { return strings.ContainsRune(" .,:;-–_…", r) }
	for from < to && isSign(text[from]) {
		from++
	}
	for from < to && isSign(text[to-1]) {
		to--
	}
	return slot{from, to}
}

// whole is a slot with the signs around it that are one word with it alone.
func (s slot) whole(ws []ocr.Word) slot {
	for i, from := 0, 0; i < len(ws); i++ {
		to := from + utf8.RuneCountInString(ws[i].Text)
		if from < s.to && s.from < to {
			word := []rune(ws[i].Text)
			left, right := word[:max(s.from-from, 0)], word[min(s.to-from, len(word)):]
			if !slices.ContainsFunc(left, isAlnum) && !slices.ContainsFunc(right, isAlnum) {
				s.from, s.to = min(s.from, from), max(s.to, to)
			}
		}
		from = to + 1
	}
	return s
}

// byHand reports whether a place with text is handwriting, beside a word that is
// printed.
func (s slot) byHand(ws []ocr.Word, text string, like ocr.Word) bool {
	i, at := wordAt(ws, s.from)
	w := ws[i]
	alone := at == s.from && s.from+utf8.RuneCountInString(w.Text) <= s.to
	least := handAlone
	text = strings.Trim(text, ". ")
	switch number := numeral().MatchString(text); {
	case number && !alone:
		least = handJoined
	case number:
		off := float64(w.Box.Dy() - like.Box.Dy())
		return w.Sure < least || w.Sure < handSure && max(off, -off) > handHigh*float64(like.Box.Dy())+1
	case strings.ContainsFunc(text, func(r rune) bool { return !isAlnum(r) && !strings.ContainsRune(" ./-", r) }):
		return w.Sure < handSigns
	}
	return w.Sure < least && !spells(ocr.Word{Text: text})
}

// part returns words with those of a slot marked, and parted from others.
func (s slot) part(ws []ocr.Word) []ocr.Word {
	var out []ocr.Word
	at := 0
	for _, w := range ws {
		n := utf8.RuneCountInString(w.Text)
		from, to := min(max(s.from-at, 0), n), min(max(s.to-at, 0), n)
		at += n + 1
		if from == to {
			out = append(out, w)
			continue
		}
		for i, cut := range [][2]int{{0, from}, {from, to}, {to, n}} {
			if cut[0] < cut[1] {
				piece := cutWord(w, cut[0], cut[1], n)
				piece.Hand = i == 1
				out = append(out, piece)
			}
		}
	}
	return out
}

// cutWord returns characters a to b of the n of a word as a word.
func cutWord(w ocr.Word, a, b, n int) ocr.Word {
	if a == 0 && b == n {
		return w
	}
	read := []rune(w.Read)
	w.Text = string([]rune(w.Text)[a:b])
	w.Read = w.Text
	if len(read) == n {
		w.Read = string(read[a:b])
	}
	w.Box, w.Alternatives = share(w.Box, a, b, n), nil
	return w
}

// wordAt returns the word that holds character n of a line, and with which
// character it begins.
func wordAt(ws []ocr.Word, n int) (i, from int) {
	for i := range ws {
		to := from + utf8.RuneCountInString(ws[i].Text)
		if n < to || i == len(ws)-1 {
			return i, from
		}
		if n == to { // the space after it
			return i + 1, to + 1
		}
		from = to + 1
	}
	return 0, 0
}

func textOf(ws []ocr.Word) string {
	var b strings.Builder
	for i, w := range ws {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}
