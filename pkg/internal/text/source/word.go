package source

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// vietnameseText is made by gen.go, which says what it holds.
//
//go:embed vietnamese.txt
var vietnameseText string

const maxListed = 1024

// frequent are the most frequent syllables without marks and pairs of them.
//
// Of the pairs of words in the Universal Declaration of Human Rights in 440
// other languages, fewer than one in 500 is in this list, and of those in
// Vietnamese without marks or garbled by an English reader one in ten or more:
// they decide whether unmarked text is Vietnamese.
type frequent struct {
	listed map[string]int16 // numbers of syllables
	bare   [maxListed]uint8 // tenths of their occurrences that have no marks
	pairs  [maxListed * maxListed / 64]uint64
}

var lists = sync.OnceValue(func() *frequent {
	f := &frequent{listed: make(map[string]int16, maxListed)}
	words, rest, _ := strings.Cut(vietnameseText, "\n\n")
	for line := range strings.Lines(words) {
		w, tenths, _ := strings.Cut(line, " ")
		id := len(f.listed)
		f.listed[w] = int16(id)
		f.bare[id] = tenths[0] - '0'
	}
	for line := range strings.Lines(rest) {
		a, b, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		i := int(f.listed[a])*maxListed + int(f.listed[b])
		f.pairs[i/64] |= 1 << (i % 64)
	}
	return f
})

func frequentPair(a, b int16) bool {
	if a < 0 || b < 0 {
		return false
	}
	i := int(a)*maxListed + int(b)
	return lists().pairs[i/64]>>(i%64)&1 != 0
}

// Class is what a run of letters and digits is.
type Class uint8

const (
	Other     Class = iota // a word of another language, a name, or garbled
	Single                 // one ASCII letter, which says nothing
	Unmarked               // a listed syllable, as it is without marks
	Syllable               // a syllable with marks
	Misplaced              // the same with its tone on the wrong letter
	Wrong                  // marked as only Vietnamese is, but no syllable
	Glued                  // several syllables
	Mixed                  // letters, and digits where a letter was
	Number                 // other words with digits
)

// A Word is what is known of a run of letters and digits.
type Word struct {
	Class   Class
	ID      int16 // of its form without marks among the listed ones, or -1
	Style   int8  // 1: tone of an open oa, oe, uy in the old place, 2: in the new one
	Strong  bool  // with letters that no other language has
	Toned   bool  // with a tone
	NotNFC  bool
	Odd     bool   // letters of Latin-1 that are no Vietnamese syllable's
	Look    string // with look-alike letters replaced; "" if it has none
	Propose string // for Misplaced, Wrong and Glued
	Piece   bool   // no word: a letter, or an onset, spaced out
	Onset   bool   // a Piece without a vowel
	kind    kind
}

// words remembers what is known of words: texts repeat them. It is for one goroutine.
type words struct {
	m map[string]*Word
}

const maxWords = 1 << 17 // remembered; then it starts anew

func (ws *words) get(s []byte) *Word {
	if w, ok := ws.m[string(s)]; ok {
		return w
	}
	if ws.m == nil || len(ws.m) >= maxWords {
		ws.m = map[string]*Word{}
	}
	w := classify(string(s))
	w.kind = w.kindOf(string(s))
	w.Piece, w.Onset = isPiece(string(s))
	ws.m[string(s)] = &w
	return &w
}

// Spoilt reports whether a word, as read, is plainly not as it should be in a text in a state.
func (w *Word) Spoilt(s State, read []byte) bool {
	switch s {
	case Garbled:
		return w.kind == kindOdd || w.kind == kindOther && len(read) > 2 && unicode.IsLower(rune(read[0]))
	case Stripped:
		return w.Class == Unmarked && len(read) > 1 && lists().bare[w.ID] == 0
	case Toneless:
		return w.Class == Unmarked && len(read) > 1 && lists().bare[w.ID] == 0 || w.kind == kindOdd
	}
	return w.Piece
}

// longestWord is the longest run of letters, in bytes, that is looked at as a
// word of Vietnamese.
const longestWord = 64

// longestRun is how much of a longer run of letters is looked at: lines without spaces
// are shorter.
const longestRun = 4 << 10

func classify(s string) Word {
	w := Word{ID: -1}
	if len(s) > longestWord {
		if p, ok := Unglue(norm.NFC.String(s[:min(len(s), longestRun)])); ok {
			w.Class, w.Propose = Glued, p
		}
		return w
	}
	digits, letters, ascii := 0, 0, true
	for _, r := range s {
		if r >= utf8.RuneSelf {
			ascii = false
		}
		if unicode.IsDigit(r) {
			digits++
		} else {
			letters++
		}
	}
	switch {
	case letters == 0:
		w.Class = Number
		return w
	case digits > 0:
		w.Class = Number
		if garbledDigit(s) {
			w.Class = Mixed
		}
		return w
	case ascii:
		lower := strings.ToLower(s)
		if id, ok := lists().listed[lower]; ok {
			w.ID = id
			w.Class = Unmarked
		}
		if letters == 1 {
			w.Class = Single
		}
		return w
	}
	nfc := norm.NFC.String(s)
	w.NotNFC = nfc != s
	if fixed, ok := replaceLookAlikes(nfc); ok {
		w.Look = fixed
		nfc = fixed
	}
	lower := strings.ToLower(nfc)
	if id, ok := lists().listed[plain(lower)]; ok {
		w.ID = id
	}
	if !viet.HasMarks(nfc) {
		w.Odd = w.Look == "" && strings.ContainsFunc(nfc, isLatin1)
		return w
	}
	if viet.IsSyllable(lower) {
		w.Class = Syllable
		w.Strong = strings.ContainsFunc(nfc, onlyVietnamese)
		w.Toned = strings.ContainsFunc(nfc, isToned)
		if !viet.TonePlaced(lower) {
			w.Class = Misplaced
			if p, ok := respell(lower); ok {
				w.Propose = viet.CaseOf(nfc).Apply(p)
			} else {
				w.Class = Syllable
			}
		}
		switch old, new := viet.CountStyles(nfc); {
		case old > 0:
			w.Style = 1
		case new > 0:
			w.Style = 2
		}
		return w
	}
	if p, ok := Unglue(nfc); ok {
		w.Class, w.Propose = Glued, p
		return w
	}
	if p, ok := impossible(nfc, lower); ok {
		w.Class, w.Propose = Wrong, p
		return w
	}
	w.Odd = strings.ContainsFunc(nfc, isLatin1)
	return w
}

// Mend returns a word with letters that only look right replaced and its tone on the
// letter where it belongs, as check proposes it: "đƣợc", "đựơc" become "được". It
// reports false if there is nothing to mend.
func Mend(s string) (string, bool) {
	if !viet.HasMarks(s) && !strings.ContainsFunc(s, func(r rune) bool { _, ok := lookAlikes[r]; return ok }) {
		return "", false
	}
	switch w := classify(s); {
	case w.Class == Misplaced:
		return w.Propose, true
	case w.Look != "":
		return w.Look, true
	}
	return "", false
}

// plain takes all marks off letters, those of other languages too: a reader that
// lacks a letter may give one of its own.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ' || r == 'ð':
			return 'd'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// isLatin1 reports letters outside ASCII that an English reader gives, and that
// an 8-bit encoding taken for Windows-1252 does.
func isLatin1(r rune) bool {
	return r >= 0x80 && r < 0x100 || r == 'Œ' || r == 'œ' || r == 'Š' || r == 'š' || r == 'Ž' || r == 'ž' || r == 'Ÿ' || r == 'ƒ'
}

// garbledDigit reports a digit behind a small letter, as a reader that lacks the
// letter puts it (t6 chirc, qu4n). H5N1, U23 and 20h are written so by people.
func garbledDigit(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if len(s) > 10 || !unicode.IsLetter(first) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' && s[i-1] >= 'a' && s[i-1] <= 'z' {
			return true
		}
	}
	return false
}

// respell puts the tone of a syllable where it belongs.
func respell(lower string) (string, bool) {
	letters := []rune(lower)
	tone := viet.Ngang
	for i, r := range letters {
		if l, t := viet.Split(r); t != viet.Ngang {
			letters[i], tone = l, t
		}
	}
	found := ""
	for i, r := range letters {
		if toned := viet.WithTone(r, tone); toned != r {
			letters[i] = toned
			if s := string(letters); viet.TonePlaced(s) {
				if found != "" {
					return "", false // open oa, oe, uy: either is right, so nothing was wrong
				}
				found = s
			}
			letters[i] = r
		}
	}
	return found, found != ""
}

// lookAlikes maps letters of other alphabets, and Latin letters that Vietnamese
// lacks, to those for which they are taken.
var lookAlikes = func() map[rune]rune {
	m := map[rune]rune{'Ð': 'Đ', 'Ɖ': 'Đ', 'ð': 'đ', 'ɖ': 'đ', 'ı': 'i', 'ƣ': 'ư', 'Ƣ': 'Ư', 'ɑ': 'a', 'ǎ': 'ă', 'Ǎ': 'Ă', 'ɡ': 'g'}
	add := func(from, to string) {
		t := []rune(to)
		for i, r := range []rune(from) {
			m[r] = t[i]
		}
	}
	add("аеорсухіјѕһԁԛԝАВЕКМНОРСТХІЅЈУ", "aeopcyxijshdqwABEKMHOPCTXISJY")
	add("οΟΑΒΕΖΗΙΚΜΝΡΤΥΧ", "oOABEZHIKMNPTYX")
	return m
}()

// LookAlike returns the letter for which another is taken.
func LookAlike(r rune) (rune, bool) {
	to, ok := lookAlikes[r]
	return to, ok
}

// replaceLookAlikes rewrites a word in which look-alike letters stand beside
// Vietnamese ones, if that makes a syllable of it.
func replaceLookAlikes(s string) (string, bool) {
	found, latin := false, false
	for _, r := range s {
		if _, ok := lookAlikes[r]; ok {
			found = true
		} else if r < 0x250 || r >= 0x1E00 && r < 0x1F00 {
			latin = true
		} else if unicode.IsLetter(r) {
			return "", false // a word of that other alphabet
		}
	}
	if !found || !latin {
		return "", false
	}
	fixed := norm.NFC.String(strings.Map(func(r rune) rune {
		if to, ok := lookAlikes[r]; ok {
			return to
		}
		return r
	}, s))
	if !viet.IsSyllable(fixed) && !strings.ContainsFunc(s, isOtherScript) {
		return "", false // an Icelandic word, or a Turkish one
	}
	return fixed, true
}

func isOtherScript(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Greek) }

// Unglue divides a word into syllables, if it is plain that they were separate words:
// a small letter is followed by a capital, two of them are a frequent pair, or there are
// so many with tones that nobody takes them for a foreign word.
func Unglue(s string) (string, bool) {
	parts := syllables([]rune(s))
	if len(parts) < 2 || !separate(parts) {
		return "", false
	}
	return strings.Join(parts, " "), true
}

// syllables divides letters into the fewest listed syllables with as many frequent pairs
// among them as can be. It is empty where something is left over.
func syllables(rs []rune) []string {
	type end struct {
		cost, from int
		id         int16
	}
	best := make([]end, len(rs)+1) // of the letters before each place
	for to := 1; to <= len(rs); to++ {
		best[to].cost = math.MaxInt
		for from := max(0, to-LongestSyllable); from < to; from++ {
			if best[from].cost == math.MaxInt || !MayBePart(rs, from, to) {
				continue
			}
			id := listedID(string(rs[from:to]))
			cost := best[from].cost + 2
			if from > 0 && frequentPair(best[from].id, id) {
				cost--
			}
			if id >= 0 && cost < best[to].cost {
				best[to] = end{cost, from, id}
			}
		}
	}
	if best[len(rs)].cost == math.MaxInt {
		return nil
	}
	var parts []string
	for to := len(rs); to > 0; to = best[to].from {
		parts = append(parts, string(rs[best[to].from:to]))
	}
	slices.Reverse(parts)
	return parts
}

// LongestSyllable of Vietnamese has so many letters: "nghiêng".
const LongestSyllable = 7

// MayBePart reports whether some of the letters of a word may be a syllable that lost
// the spaces around it.
func MayBePart(rs []rune, from, to int) bool {
	if to-from > LongestSyllable || to-from == 1 && rs[from] < utf8.RuneSelf {
		return false
	}
	lower := 0
	for i := from; i < to; i++ {
		switch {
		case unicode.IsLower(rs[i]):
			lower++
		case lower > 0: // a capital begins a word
			return false
		}
	}
	if lower > 0 && to-from-lower > 1 {
		return false // capitals end one
	}
	p := string(rs[from:to])
	return viet.IsSyllable(p) && viet.TonePlaced(p)
}

// plainlyGlued is how many syllables with a tone that words taken from other languages
// do not have make it plain that a run of letters is several words.
const plainlyGlued = 3

// separate reports whether syllables that stand together were separate words.
func separate(parts []string) bool {
	native, marked := 0, false
	for i, p := range parts {
		marked = marked || viet.HasMarks(p)
		if IsNative(p) {
			native++
		}
		if c := viet.CaseOf(p); i > 0 && c != viet.CaseOf(parts[0]) && c != viet.Title && viet.CaseOf(parts[0]) != viet.Title {
			return false
		}
	}
	if native >= plainlyGlued || !marked {
		return native >= plainlyGlued
	}
	for i := 1; i < len(parts); i++ {
		first, _ := utf8.DecodeRuneInString(parts[i])
		last, _ := utf8.DecodeLastRuneInString(parts[i-1])
		capital := unicode.IsUpper(first) && !unicode.IsUpper(last)
		if !capital && !frequentPair(listedID(parts[i-1]), listedID(parts[i])) {
			return false
		}
	}
	return true
}

// IsNative reports whether a syllable has what words that were taken from other languages
// and are written together lack: "ápphích", "môđun" and "xôviết" have no tone, or the one
// that stands before a stop in loanwords; nor have they ư, or ươ, uô before no stop.
func IsNative(syllable string) bool {
	lower := strings.ToLower(syllable)
	stop := strings.HasSuffix(lower, "c") || strings.HasSuffix(lower, "ch") || strings.HasSuffix(lower, "p") || strings.HasSuffix(lower, "t")
	for _, r := range lower {
		switch l, tone := viet.Split(r); tone {
		case viet.Ngang:
			if l == 'ư' {
				return true
			}
		case viet.Sac:
			if !stop {
				return true
			}
		default:
			return true
		}
	}
	return !stop && (strings.Contains(lower, "iê") || strings.Contains(lower, "uô"))
}

func listedID(s string) int16 {
	if id, ok := lists().listed[strings.ToLower(viet.Strip(s))]; ok {
		return id
	}
	return -1
}

// impossible tells whether a word that is no syllable is one gone wrong, rather
// than a foreign name, an abbreviation, or a word of another language. It is
// one when it is written as only Vietnamese is, with a single group of vowels,
// and
//
//   - has two tones,
//   - has ngh or gh before a back vowel, or ng or g before e, ê (nghành, ngiệp),
//   - ends in c, ch, p or t with a tone that none such has, or
//   - has vowels that never stand together (thựơc, quyèn).
//
// The proposal is empty where none is certain.
func impossible(s, lower string) (propose string, ok bool) {
	sure := strings.ContainsFunc(s, onlyVietnamese)
	if !sure && !strings.HasPrefix(lower, "ng") {
		return "", false
	}
	var plain strings.Builder
	tones, groups, inGroup := 0, 0, false
	for _, r := range lower {
		l, t := viet.Split(r)
		if t != viet.Ngang {
			tones++
		}
		if !unicode.IsLetter(r) || r >= 0x250 && (r < 0x1E00 || r > 0x1EFF) {
			return "", false
		}
		v := viet.IsVowel(r)
		if v && !inGroup {
			groups++
		}
		inGroup = v
		plain.WriteRune(l)
	}
	if groups != 1 || tones == 0 {
		return "", false
	}
	c := viet.CaseOf(s)
	base := plain.String()
	if tones == 2 {
		return "", true
	}
	for _, swap := range []struct{ from, to string }{{"ngh", "ng"}, {"gh", "g"}, {"ng", "ngh"}, {"g", "gh"}} {
		if rest, ok := strings.CutPrefix(lower, swap.from); ok {
			if p := swap.to + rest; viet.IsSyllable(p) && viet.TonePlaced(p) {
				return c.Apply(p), true
			}
		}
	}
	if !sure {
		return "", false
	}
	onset := strings.IndexFunc(base, viet.IsVowel)
	rime := base[onset:]
	if rest, ok := strings.CutPrefix(base, "qu"); ok && strings.ContainsFunc(rest, viet.IsVowel) {
		onset, rime = 2, rest
	}
	if !knownOnset(base[:onset]) {
		return "", false
	}
	if viet.IsSyllable("b" + rime) { // the shape is right, so the tone is not
		return "", false
	}
	end := strings.LastIndexFunc(rime, viet.IsVowel)
	_, n := utf8.DecodeRuneInString(rime[end:])
	vowels, coda := rime[:end+n], rime[end+n:]
	switch coda {
	case "c", "ch", "p", "t":
		if viet.IsSyllable("b" + norm.NFC.String(vowels+"\u0301") + coda) {
			return "", true
		}
	case "", "m", "n", "ng", "nh", "i", "o", "u", "y":
	default:
		return "", false
	}
	return "", !knownVowels(vowels)
}

func isToned(r rune) bool {
	_, t := viet.Split(r)
	return t != viet.Ngang
}

// onlyVietnamese reports letters that no other language writes: those of Latin
// Extended Additional, ă, ơ and ư.
func onlyVietnamese(r rune) bool {
	switch r {
	case 'ơ', 'Ơ', 'ư', 'Ư', 'ă', 'Ă':
		return true
	}
	return r >= 0x1EA0 && r <= 0x1EF9
}

func knownOnset(s string) bool {
	switch s {
	case "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x":
		return true
	}
	return false
}

// knownVowels reports whether a group of vowels, its tone taken off, occurs in
// any syllable, open or closed.
func knownVowels(v string) bool {
	for _, coda := range []string{"", "n", "ng", "nh", "m", "t\u0301"} {
		s := v + coda
		if coda == "t\u0301" {
			s = norm.NFC.String(v+"\u0301") + "t"
		}
		if viet.IsSyllable("b" + s) {
			return true
		}
	}
	return false
}
