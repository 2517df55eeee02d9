package reading

import (
	"image"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Readers make letters of what is left of a stamp, of the strokes of a pen, of
// specks and seams. Such a word is told by two things at once: the reader doubts
// it, and it is no syllable, or has neither the size nor the place of print. The
// restorer's confidence says nothing here: it is that of the best among the words
// that may be meant, where none is.
//
// The bounds of sureness are those of a page that is well read; of another they
// are lower, by its median. On the development pages nine of ten words above
// doubted are right, of 133 that are below 0.5 a fourth, and those spell.
const (
	doubted    = 0.6  // sureness below which a word may be noise
	trusted    = 0.75 // from which it shows what print is like on this page
	wellRead   = 0.95 // median of a well-read page
	noiseLine  = 0.5  // mean of a line below which it is noise if nothing in it spells
	noiseMark  = 0.6  // the same of any line in a stamp or handwriting
	spelled    = 3    // letters from which a syllable is hardly there by chance
	speckHigh  = 0.35 // height of a speck against that of words
	speckSure  = 0.9  // sureness below which a letter as small as that is one
	scrawlHigh = 1.8  // that of strokes
	scrawlWide = 2.2  // their width for a letter, against that of words
	markCover  = 0.5  // share of a line within a region that puts it there
	foreign    = 4    // letters from which what can be spoken is hardly there by chance
	seen       = 0.1  // sureness below which nothing was seen, whatever it spells
	leastSense = 0.25 // sense of a page below which it is a picture: text has 0.5 and more, a picture 0.2 at most
)

// print is what the words are like that a page's reader trusts.
type print struct {
	page       *ocr.Page
	sure       float64         // by which bounds of sureness are multiplied
	high, wide float64         // of a word, of a letter
	text       image.Rectangle // around lines that are surely text
	left       int             // where running text begins and ends; both 0: unknown
	right      int
}

// leaveOutNoise leaves the words of a page that are none out of its lines.
func leaveOutNoise(p *ocr.Page) {
	pr := printOf(p)
	isPicture := sense(p) < leastSense
	var text []ocr.Line
	var asides []ocr.Region
	for _, l := range p.Lines {
		var kept []ocr.Word
		for _, ws := range pr.parts(pr.trim(slices.DeleteFunc(slices.Clone(l.Words), pr.isDirt))) {
			ws = pr.trim(ws)
			part := withWords(l, ws)
			aside := l.Cell.Table == 0 && l.Role == "" && pr.isAside(part)
			if aside {
				asides = beside(asides, part.Box)
			}
			if !isPicture && !aside && !pr.isNoise(part) {
				kept = append(kept, ws...)
			}
		}
		if len(kept) < len(l.Words) {
			p.LeftOut = append(p.LeftOut, withWords(l, missing(l.Words, kept)))
			l = withWords(l, kept)
		}
		if len(kept) > 0 {
			text = append(text, l)
		}
	}
	p.Lines, p.Regions = text, append(p.Regions, asides...)
}

// partGap is how far apart, in heights of a word, the parts of a line stand that have
// nothing to do with each other: those of two columns.
const partGap = 3

// parts cuts words where they stand far apart.
func (pr print) parts(ws []ocr.Word) (out [][]ocr.Word) {
	from := 0
	for i := 1; i <= len(ws); i++ {
		if i == len(ws) || float64(ws[i].Box.Min.X-ws[i-1].Box.Max.X) >= partGap*pr.high && pr.high > 0 {
			out = append(out, ws[from:i:i])
			from = i
		}
	}
	return out
}

// Running text has lines of so many words that are trusted, so many of them.
const runningWords, runningLines = 4, 6

// isAside reports whether a part of a line stands in the margin and is no print: it lies
// beside running text and nothing in it is a word, or begins there and is doubted.
func (pr print) isAside(l ocr.Line) bool {
	if pr.right == 0 || len(l.Words) == 0 || l.Box.Empty() || l.Words[0].Sure >= doubted && formula.OpensItem(strings.Fields(textOf(l.Words))) {
		return false
	}
	h := int(pr.high)
	if l.Box.Max.X <= pr.left-h/2 || l.Box.Min.X >= pr.right+h/2 {
		return !slices.ContainsFunc(l.Words, func(w ocr.Word) bool { return w.Hand || w.Sure >= trusted && (spells(w) || isNumber(w.Text)) })
	}
	return (l.Box.Min.X < pr.left-2*h || l.Box.Max.X > pr.right+2*h) && !slices.ContainsFunc(l.Words, func(w ocr.Word) bool { return w.Hand || w.Sure >= noiseLine })
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789.,/") == "" }

// beside adds to the regions of a page a place in its margin, or takes it into one that
// is there.
func beside(regions []ocr.Region, box image.Rectangle) []ocr.Region {
	for i, r := range regions {
		if r.Kind == ocr.Margin && r.Box.Min.X < box.Max.X && box.Min.X < r.Box.Max.X {
			regions[i].Box = r.Box.Union(box)
			return regions
		}
	}
	return append(regions, ocr.Region{Kind: ocr.Margin, Box: box})
}

// missing returns the words of all that some lacks; both are in the same order.
func missing(all, some []ocr.Word) (left []ocr.Word) {
	for _, w := range all {
		if len(some) > 0 && w.Box == some[0].Box && w.Text == some[0].Text {
			some = some[1:]
			continue
		}
		left = append(left, w)
	}
	return left
}

// withWords returns a line with some of its words.
func withWords(l ocr.Line, ws []ocr.Word) ocr.Line {
	l.Words, l.Box = ws, ocr.Around(ws)
	return l
}

// sense is how much of a page its reader makes sense of, 0 to 1: the mean sureness of
// letters and digits, those that neither spell nor are trusted counting as unread.
// Of what is no text, such as a photograph, it makes letters here and there, and doubts
// each; print that it doubts spells all the same.
func sense(p *ocr.Page) float64 {
	sure, all := 0.0, 0
	for _, l := range p.Lines {
		for _, w := range l.Words {
			n := alnums(w.Text)
			if all += n; w.Sure >= trusted || spells(w) {
				sure += w.Sure * float64(n)
			}
		}
	}
	return sure / float64(max(all, 1))
}

func printOf(p *ocr.Page) print {
	var sure, high, wide []float64
	var left, right []int // of lines of running text
	pr := print{page: p}
	for _, l := range p.Lines {
		good, sound := 0, image.Rectangle{}
		for _, w := range l.Words {
			sure = append(sure, w.Sure)
			if n := utf8.RuneCountInString(w.Read); w.Sure >= trusted && n >= spelled {
				high, wide = append(high, float64(w.Box.Dy())), append(wide, float64(w.Box.Dx())/float64(n))
				good, sound = good+1, sound.Union(w.Box)
			}
		}
		if 2*good > len(l.Words) && good > 1 {
			pr.text = pr.text.Union(l.Box)
		}
		if good >= runningWords {
			left, right = append(left, sound.Min.X), append(right, sound.Max.X)
		}
	}
	if n := len(left); n >= runningLines {
		slices.Sort(left)
		slices.Sort(right)
		pr.left, pr.right = left[n/8], right[n-1-n/8]
	}
	pr.sure, pr.high, pr.wide = min(median(sure)/wellRead, 1), median(high), median(wide)
	return pr
}

// median of some numbers, 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// isDirt reports whether a word is none, wherever it stands: it is doubted, and
// smaller or larger than print, or outside of all text.
func (pr print) isDirt(w ocr.Word) bool {
	high := float64(w.Box.Dy())
	switch {
	case pr.high == 0 || w.Box.Empty() || w.Hand || spells(w):
		return false
	case strings.Trim(w.Text, "_") == "":
		return w.Sure < doubted*pr.sure
	case !strings.ContainsFunc(w.Text, isAlnum):
		return false
	case high < speckHigh*pr.high && w.Sure < speckSure*pr.sure:
		return true
	case w.Sure >= doubted*pr.sure:
		return false
	}
	wide := float64(w.Box.Dx()) / float64(utf8.RuneCountInString(w.Read))
	return high > scrawlHigh*pr.high || wide > scrawlWide*pr.wide ||
		!pr.text.Empty() && !w.Box.Overlaps(pr.text)
}

// trim takes off either end of a line the signs that print does not have there, and
// words that are doubted, or in a stamp or handwriting, and stand apart.
func (pr print) trim(ws []ocr.Word) []ocr.Word {
	apart := func(a, b ocr.Word) bool { return float64(b.Box.Min.X-a.Box.Max.X) >= pr.high }
	for len(ws) > 1 && (pr.isScrap(ws[0]) && apart(ws[0], ws[1]) || isSigns(ws[0], openers) || pr.isSmear(ws[0])) {
		ws = ws[1:]
	}
	for len(ws) > 1 {
		last, far := ws[len(ws)-1], apart(ws[len(ws)-2], ws[len(ws)-1])
		if !(pr.isScrap(last) && far) && !pr.isSmear(last) && !pr.isPen(ws) && !(isSigns(last, closers) && (far && last.Sure < speckSure || last.Sure < doubted*pr.sure)) {
			break
		}
		ws = ws[:len(ws)-1]
	}
	return ws
}

// isPen reports whether the last word of the line that says who keeps a letter is the pen of
// who checked it: after the number of copies, doubted, and no initials in capitals.
func (pr print) isPen(ws []ocr.Word) bool {
	last, before := ws[len(ws)-1], ws[len(ws)-2]
	return last.Sure < doubted*pr.sure && utf8.RuneCountInString(last.Text) <= spelled && !isInitials(last.Text, last.Sure) &&
		copies().MatchString(before.Text+"-") && len(ws) > 2 && formula.Kept.Opens(strings.Fields(textOf(ws[1:]))) > 0
}

// isSmear reports whether a word in a stamp or handwriting is but signs that the reader
// doubts, or a letter or two that are a mere guess.
func (pr print) isSmear(w ocr.Word) bool {
	n := alnums(w.Text)
	return !w.Box.Empty() && (n == 0 && w.Sure < noiseLine || n < spelled && w.Sure < seen) && pr.inMark(w.Box)
}

// openers and closers are the signs that may stand by themselves at the start and at the
// end of a line.
const (
	openers = "-–—+*•…()[“\"«<=#†‡§"
	closers = "-–—+…)]”\"»>=%&./"
)

// isSigns reports whether a word is a sign or two, none of some.
func isSigns(w ocr.Word, but string) bool {
	return !w.Box.Empty() && utf8.RuneCountInString(w.Text) <= 2 && !strings.ContainsFunc(w.Text, isAlnum) && !strings.ContainsAny(w.Text, but)
}

// isScrap reports whether a word is doubted, and neither a syllable nor a number, an
// abbreviation or the mark of an item.
func (pr print) isScrap(w ocr.Word) bool {
	if w.Sure >= doubted*pr.sure && !pr.inMark(w.Box) || w.Hand || spells(w) || !strings.ContainsFunc(w.Text, unicode.IsLetter) {
		return false
	}
	s := strings.TrimFunc(w.Text, func(r rune) bool { return !isAlnum(r) })
	isMark := utf8.RuneCountInString(w.Text) <= 4 && (strings.HasSuffix(w.Text, ")") || strings.HasSuffix(w.Text, "."))
	return !isMark && (utf8.RuneCountInString(s) < 2 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsUpper(r) }))
}

// isNoise reports whether what is left of a line, or a part of one, is no text: its reader doubts it,
// and nothing in it spells or counts. The cell of a table may have but a code.
func (pr print) isNoise(l ocr.Line) bool {
	ws := l.Words
	sure, n, numbers, letters := 0.0, 0, 0, 0
	for _, w := range ws {
		letters += alnums(w.Text)
		chars := utf8.RuneCountInString(w.Read)
		sure, n = sure+w.Sure*float64(chars), n+chars
		if isNumber(w.Text) {
			numbers++
		}
	}
	mean := sure / float64(max(n, 1))
	switch {
	case len(ws) == 0:
		return true
	case l.Cell.Table > 0 || l.Role != "" || l.Box.Empty():
		return false
	case letters == 0:
		return mean < doubted*pr.sure || !isRuled(textOf(ws)) && strings.Trim(textOf(ws), "-–—+*•…:") != ""
	case numbers == len(ws) && (mean >= doubted*pr.sure || !pr.inMark(l.Box)):
		return false // they have no model to vouch for them
	case pr.inMark(l.Box) && !isSignedAs(ws):
		return mean < noiseMark*pr.sure || letters < spelled
	}
	return mean < noiseLine*pr.sure && !slices.ContainsFunc(ws, spells)
}

// isSignedAs reports whether a line is the capacity in which somebody signs, and one of its
// words is read well: over that a signature goes, and the stamp's own text is none.
func isSignedAs(ws []ocr.Word) bool {
	return formula.OpensCapacity(strings.Fields(textOf(ws))) && slices.ContainsFunc(ws, func(w ocr.Word) bool {
		return w.Sure >= trusted && alnums(w.Text) >= spelled
	})
}

// isRuled reports whether a line of signs is printed: one sign, over and over.
func isRuled(text string) bool {
	text = strings.ReplaceAll(text, " ", "")
	first, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("-–—_=*.…~", first) && (first == '…' || utf8.RuneCountInString(text) >= spelled) && strings.Trim(text, string(first)) == ""
}

// spells reports whether a word is a syllable of some letters, a capacity or its mark,
// or a code or an address, or has a word in it that can be spoken: what the strokes of a
// pen do not make.
func spells(w ocr.Word) bool {
	s := strings.TrimFunc(w.Text, func(r rune) bool { return !unicode.IsLetter(r) })
	if utf8.RuneCountInString(s) >= spelled && viet.IsSyllable(s) || len(s) > 1 && formula.OpensCapacity([]string{s}) {
		return true
	}
	if w.Sure >= seen && slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }), isSpoken) {
		return true
	}
	for _, t := range token.Tokenize(w.Text) {
		switch t.Class {
		case token.Code, token.Email, token.URL, token.Date:
			if 2*(t.End-t.Start) > len(w.Text) {
				return true
			}
		}
	}
	return false
}

// isSpoken reports whether letters are those of a word, of whatever language: vowels
// and consonants in turn, capitals at the start or throughout.
func isSpoken(word string) bool {
	letters := []rune(viet.Strip(word))
	if len(letters) < foreign {
		return false
	}
	if rest := string(letters[1:]); rest != strings.ToLower(rest) && rest != strings.ToUpper(rest) {
		return false
	}
	isVowel := func(i int) bool { return strings.ContainsRune("aeiouy", unicode.ToLower(letters[i])) }
	vowels, alike := 0, 0 // in a row: of one kind
	for i := range letters {
		if isVowel(i) {
			vowels++
		}
		if alike++; i > 0 && isVowel(i) != isVowel(i-1) {
			alike = 1
		}
		if alike > 3 || i > 1 && letters[i] == letters[i-1] && letters[i] == letters[i-2] {
			return false
		}
	}
	return 5*vowels >= len(letters)
}

func isAlnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// alnums counts the letters and digits of a text.
func alnums(s string) (n int) {
	for _, r := range s {
		if isAlnum(r) {
			n++
		}
	}
	return n
}

// inMark reports whether most of a box lies in a stamp or handwriting.
func (pr print) inMark(box image.Rectangle) bool {
	covered := 0
	for _, r := range pr.page.Regions {
		switch r.Kind {
		case ocr.Rule, ocr.Overlay, ocr.Watermark, ocr.Margin:
			continue // print stands on them
		}
		in := r.Box.Intersect(box)
		covered = max(covered, in.Dx()*in.Dy())
	}
	return float64(covered) >= markCover*float64(box.Dx()*box.Dy())
}
