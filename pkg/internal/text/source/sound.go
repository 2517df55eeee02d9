package source

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Sound reports whether a text, as of the layer of a PDF, needs nothing done to it: nearly
// all of it is right Vietnamese, or right text in another language. It asks more than
// the state of a text: what a font without names, or letters put down one by one, does to
// a line in ten is no state, and an image can be read again.
func (j *Judge) Sound(text string) bool {
	v := j.Text([]byte(text), nil)
	if !v.Sound() {
		return false
	}
	if w := wearOf(text); w.words > 0 && w.spoilt() {
		return false
	}
	foreign := foreignText(text, &v)
	return !(j.spell != nil && j.shifted([]byte(foreign))) && !j.hidden(foreign)
}

// foreignText is what of a text is in another language.
func foreignText(text string, v *Verdict) string {
	var b strings.Builder
	for _, p := range v.Parts {
		if p.State == Foreign {
			b.WriteString(text[p.Start:p.End])
		}
	}
	return b.String()
}

// wear is what tells that the letters of a text are not those of its print.
type wear struct {
	words  int      // of two letters or more
	mute   int      // of them, written like a syllable that lost its vowels: "nhn", "Thc"
	cut    int      // syllables with a space in them: "Thự c"
	parted int      // marks without a letter: "Thu ̛ ̣c", "nghi^."
	marks  []rune   // of these, each once: one may be the apostrophe of a language
	mutes  []string // mute words, each once, up to leastWorn: languages have some
	signs  int      // signs between letters, as of letters in another encoding: "Thá»±c"
}

// leastWorn is how many of each are more than chance; muteShare and wornShare, among how
// many words they are one. Of 2,244 pieces of the Universal Declaration of Human Rights
// in 530 other languages 3 have as many, of 8,000 of law, news and encyclopedias one,
// which is spaced out in parts.
const leastWorn, muteShare, wornShare = 3, 10, 20

func (w wear) spoilt() bool {
	worn := func(n, share int) bool { return n >= leastWorn && n*share >= w.words }
	return worn(w.mute, muteShare) && len(w.mutes) >= leastWorn || worn(w.cut, wornShare) || worn(w.signs, wornShare) || worn(w.parted, wornShare) && len(w.marks) > 1
}

// Worn returns the lines of a part, next to one another together, that say by themselves
// that letters are not as they were: gone or shifted (Broken), or parted from what belongs
// to them (Spaced). They are too few, or too unlike all that is known, to be a state of the part.
func (j *Judge) Worn(text []byte, p *Part) []Part {
	if p.State == Foreign && j.hidden(string(text[p.Start:p.End])) {
		return []Part{{Start: p.Start, End: p.End, Count: p.Count, State: Broken}}
	}
	var out []Part
	at, joined := p.Start, false
	for line := range strings.Lines(string(text[p.Start:p.End])) {
		start := at
		at += len(line)
		w := wearOf(line)
		state, ok := w.line()
		switch n := len(out); {
		case !ok:
			joined = joined && w.words < leastWorn
			continue
		case joined && out[n-1].State == state:
			out[n-1].End = at
		default:
			out = append(out, Part{Start: start, End: at, State: state})
			joined = true
		}
		last := &out[len(out)-1]
		last.Words += w.words
		last.Lost += w.mute
		last.Pieces += w.cut + w.parted
	}
	return out
}

// lineShare is among how many words of a line one is worn: a line that is right has three
// worn words hardly ever.
const lineShare = 5

// line is the state of a line by its wear, if that is plain.
func (w wear) line() (s State, ok bool) {
	worn := func(n int) bool { return n >= leastWorn && n*lineShare >= w.words }
	switch {
	case worn(w.mute) && len(w.mutes) >= leastWorn:
		return Broken, true
	case worn(w.cut), worn(w.parted) && len(w.marks) > 1:
		return Spaced, true
	}
	return Clean, false
}

// wearOf goes over a text word by word.
func wearOf(text string) (w wear) {
	capitals := strings.ToUpper(text) == text
	data := []byte(text)
	before, spaced := "", false // the word before, and whether only a space parts it from the next
	for i := 0; i < len(text); {
		n, isWord := runLen(data[i:])
		run := text[i : i+n]
		if i += n; !isWord {
			w.between(run, before, text[i:])
			spaced = run == " " || run == "  "
			continue
		}
		if utf8.RuneCountInString(run) > 1 {
			w.words++
			if isMute(run) && (capitals || strings.ToUpper(run) != run) {
				w.mute++
				if s := strings.ToLower(run); len(w.mutes) < leastWorn && !slices.Contains(w.mutes, s) {
					w.mutes = append(w.mutes, s)
				}
			}
		}
		if spaced && goesOn(before, run) {
			w.cut++
		}
		before, spaced = run, false
	}
	return w
}

// isMute reports whether a word has an onset and an end of a syllable, or one of them, and no vowel.
func isMute(word string) bool {
	s := strings.ToLower(word)
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) || viet.IsVowel(r) }) {
		return false
	}
	for i := range s {
		if knownOnset(s[:i]) && (i == 0 || knownCoda(s[i:])) && knownOnset(s[i:]) || knownOnset(s[:i]) && knownCoda(s[i:]) {
			return true
		}
	}
	return false
}

// knownCoda reports whether consonants may end a syllable: those that may, end one in a.
func knownCoda(s string) bool { return viet.IsSyllable("á" + s) }

// goesOn reports whether a word with marks is a syllable cut short, and what follows its end.
func goesOn(word, end string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return word != "" && viet.HasMarks(word) && viet.IsVowel(last) && utf8.RuneCountInString(end) <= 2 &&
		!viet.HasMarks(end) && !strings.ContainsFunc(end, unicode.IsDigit) &&
		(strings.ToLower(end) == end || strings.ToUpper(word) == word) && viet.IsSyllable(strings.ToLower(norm.NFC.String(word+end)))
}

// between looks at what stands between words.
func (w *wear) between(run, before, after string) {
	first, _ := utf8.DecodeRuneInString(after)
	last, _ := utf8.DecodeLastRuneInString(before)
	inWord := !strings.ContainsFunc(run, unicode.IsSpace) && unicode.IsLower(first) && unicode.IsLetter(last)
	if inWord && strings.ContainsFunc(run, func(r rune) bool { return isSign(r) || r >= 0x80 && r < 0xA0 }) && !strings.Contains(run, "·") {
		w.signs++
	}
	for _, r := range run {
		if r < 0x300 || r >= 0x370 {
			if !strings.ContainsRune("^`´˘˜~", r) || !unicode.IsLetter(last) {
				continue
			}
		}
		if w.parted++; !slices.Contains(w.marks, r) {
			w.marks = append(w.marks, r)
		}
	}
}

// hidden reports whether a text that is no Vietnamese would be, read from right to left
// or with its letters shifted back.
func (j *Judge) hidden(text string) bool {
	if len(text) > longestRun {
		text = strings.ToValidUTF8(text[:longestRun], "")
	}
	if strings.TrimSpace(text) == "" {
		return false
	}
	turned := []rune(text)
	slices.Reverse(turned)
	tries := []string{string(turned)}
	for _, by := range []rune{1, -1, 2, -2, 3, -3, 29, -29, 31, -31} {
		tries = append(tries, strings.Map(func(r rune) rune {
			if r > ' ' && r+by > ' ' {
				return r + by
			}
			return r
		}, text))
	}
	for _, t := range tries {
		v := j.Text([]byte(t), nil)
		var c Count
		for _, p := range v.Parts {
			c.Add(&p.Count)
		}
		if c.Words >= 6 && c.Pairs >= 2 && (v.State == Clean && c.Pairs*25 >= c.Words || c.Pairs*10 >= c.Words && c.Listed*2 >= c.Words) {
			return true
		}
	}
	return false
}
