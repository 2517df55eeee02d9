package source

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The codes of ISO 639 that Language gives where it does not name one.
const (
	Vietnamese   = "vi"
	Undetermined = "und" // words of no language that it knows
)

// functionWords are the commonest words of languages that are written in Latin letters
// and stand in Vietnamese archives; no word is in two of them.
var functionWords = sync.OnceValue(func() map[string]string {
	languageOf := map[string]string{}
	for lang, words := range map[string]string{
		"en": "the of and to in is for that with as by from be this shall which are was have has been or not its it at",
		"fr": "le la les du et est une pour que dans par sur aux ce qui nous vous sont au il cette",
		"de": "der und das zu den von mit dem nicht auf sich ist eine auch als nach wird werden",
		"es": "el los las por con una su para como más pero sus esta ser",
	} {
		for w := range strings.FieldsSeq(words) {
			languageOf[w] = lang
		}
	}
	return languageOf
})

// scripts are those that tell the language by themselves.
var scripts = []struct {
	script *unicode.RangeTable
	lang   string
}{
	{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"}, {unicode.Han, "zh"},
	{unicode.Cyrillic, "ru"}, {unicode.Lao, "lo"}, {unicode.Khmer, "km"}, {unicode.Thai, "th"},
}

var judges = sync.Pool{New: func() any { return New(nil) }}

// leastShare is the share of words that must be function words of a language: in running
// text of those above they are a third of all, in text of others hardly any.
const leastShare = 0.1

// Language returns the language that most words of a text are in, by its code in ISO 639;
// "" of a text without words. Garbled or stripped Vietnamese is Vietnamese.
func Language(text string) string {
	j := judges.Get().(*Judge)
	v := j.Text([]byte(text), nil)
	judges.Put(j)
	vietnamese, foreign := 0, 0
	var rest strings.Builder
	for _, p := range v.Parts {
		switch p.State {
		case Foreign, Broken:
			foreign += p.Words
			rest.WriteString(text[p.Start:p.End])
		default:
			vietnamese += p.Words
		}
	}
	named, share := otherLanguage(rest.String())
	switch {
	case vietnamese > 0 && vietnamese >= foreign:
		return Vietnamese
	case named == "":
		return ""
	case share < leastShare:
		return Undetermined
	}
	return named
}

// otherLanguage returns the likeliest language of a text that is not Vietnamese, and the
// share of its words that speak for it; "" if there are no words.
func otherLanguage(text string) (lang string, share float64) {
	votes, words := map[string]int{}, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }) {
		words++
		if lang := functionWords()[w]; lang != "" {
			votes[lang]++
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		for _, s := range scripts {
			if unicode.Is(s.script, r) {
				votes[s.lang]++
				break
			}
		}
	}
	if votes["ja"] > 0 { // kana stand among Chinese characters
		votes["ja"] += votes["zh"]
	}
	best := Undetermined
	for _, l := range []string{"en", "fr", "de", "es", "zh", "ja", "ko", "ru", "lo", "km", "th"} {
		if votes[l] > votes[best] {
			best = l
		}
	}
	if words == 0 {
		return "", 0
	}
	return best, float64(votes[best]) / float64(words)
}
