package legacy

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// A Detection says what a text is encoded in.
type Detection struct {
	// Name is one of the Name constants, or empty for bytes in no encoding
	// known here.
	Name string
	// Wrapped is set when the bytes of an 8-bit encoding were taken for
	// Windows-1252 and stored as UTF-8, as a PDF's text layer or a copy from an
	// old word processor gives them.
	Wrapped bool
	// Confidence is between 0 and 1: of the letters outside ASCII, the part that
	// makes Vietnamese syllables, less when there are few.
	Confidence float64
}

// String names the encoding for people.
func (d Detection) String() string {
	switch {
	case d.Name == "":
		return "unknown"
	case d.Wrapped:
		return d.Name + " stored as UTF-8"
	}
	return d.Name
}

// Decoder returns a transformer to UTF-8 in NFC; for an unknown encoding, that
// of UTF-8.
func (d Detection) Decoder() transform.Transformer {
	if t, ok := eightBit[d.Name]; ok && d.Wrapped {
		return t().decoder(true)
	}
	if e, ok := encodings[d.Name]; ok {
		return e.NewDecoder()
	}
	return newNFC()
}

// decoder is the whole way from bytes to NFC.
func (t *table) decoder(wrapped bool) transform.Transformer {
	d := transform.Transformer(&tableDecoder{t: t, wrapped: wrapped})
	if t == tcvn3() {
		return transform.Chain(d, &capitals{})
	}
	return d
}

var eightBit = map[string]func() *table{
	NameTCVN3: tcvn3, NameVNI: vni, NameVISCII: viscii, NameCP1258: cp1258, NameTCVN5712: tcvn5712,
}

// candidates is the order in which a tie is decided. TCVN 5712 comes last: it is
// TCVN3 with more letters, and wins where they are used.
var candidates = []func() *table{tcvn3, vni, cp1258, viscii, tcvn5712}

// Guess names the encoding of a text and says how sure that is; see Detect.
func Guess(b []byte) (name string, confidence float64) {
	d := Detect(b)
	return d.Name, d.Confidence
}

const (
	sampleSize = 32 << 10
	glance     = 2 << 10 // is enough to see that an encoding is out of the question
	enough     = 0.8     // of the marked words must be syllables, to name a legacy encoding
)

// Detect tells what a text is encoded in, from its first 32 kB that hold
// anything outside ASCII. It needs no more than a line of Vietnamese; text in
// UTF-8 is called something else only when that makes Vietnamese of what is
// none as it stands.
func Detect(b []byte) Detection {
	if d, ok := detectUTF16(b); ok {
		return d
	}
	first := bytes.IndexFunc(b, func(r rune) bool {
		return r >= utf8.RuneSelf || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f'
	})
	if first < 0 {
		return detectASCII(sample(b, 0))
	}
	s := sample(b, first)
	valid, invalid := countUTF8(s)
	if invalid > 0 && invalid*10 > valid {
		return best(s, false, weight{})
	}
	if valid == 0 { // controls made it look closer
		return detectASCII(s)
	}
	d := detectUnicode(s)
	if invalid > 0 {
		d.Confidence /= 2
	}
	return d
}

// sample cuts a piece of b around the byte at i, at line ends if it can.
func sample(b []byte, i int) []byte {
	start := max(0, i-sampleSize/8)
	if nl := bytes.IndexByte(b[start:i], '\n'); start > 0 && nl >= 0 {
		start += nl + 1
	}
	s := b[start:min(len(b), start+sampleSize)]
	if nl := bytes.LastIndexByte(s, '\n'); start+len(s) < len(b) && nl > len(s)/2 {
		s = s[:nl+1]
	}
	for k := 0; k < utf8.UTFMax && len(s) > 0 && start+len(s) < len(b); k++ {
		if r, n := utf8.DecodeLastRune(s); r != utf8.RuneError || n > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// countUTF8 counts the sequences outside ASCII that are UTF-8, and the bytes
// that are not.
func countUTF8(b []byte) (valid, invalid int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else {
			valid++
		}
		i += n
	}
	return valid, invalid
}

// detectUTF16 knows UTF-16 by its mark, or by the zero bytes of its ASCII.
func detectUTF16(b []byte) (Detection, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return Detection{Name: NameUTF16LE, Confidence: 1}, true
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return Detection{Name: NameUTF16BE, Confidence: 1}, true
	}
	b = b[:min(len(b), sampleSize)&^1]
	var zero, page [2]int // zero bytes; bytes that are the high byte of a Vietnamese letter
	for i, c := range b {
		switch c {
		case 0:
			zero[i&1]++
			page[i&1]++
		case 0x01, 0x03, 0x1E, 0x20:
			page[i&1]++
		}
	}
	units := len(b) / 2
	for high, name := range []string{NameUTF16BE, NameUTF16LE} {
		if units > 0 && zero[high]*2 > units && page[high]*20 > units*19 && zero[1-high]*20 < units {
			order := []xunicode.Endianness{xunicode.BigEndian, xunicode.LittleEndian}[high]
			text, _, err := transform.Bytes(xunicode.UTF16(order, xunicode.IgnoreBOM).NewDecoder(), b)
			if err == nil && weigh(text).control == 0 {
				return Detection{Name: name, Confidence: 0.99}, true
			}
		}
	}
	return Detection{}, false
}

// detectASCII tells VIQR from text that needs nothing.
func detectASCII(s []byte) Detection {
	plain := Detection{Name: NameUTF8, Confidence: 1}
	if !bytes.ContainsAny(s, "'`?~.^(+") {
		return plain
	}
	text, _, err := transform.Bytes(newVIQRDecoder(), s)
	if err != nil {
		return plain
	}
	w := weigh(text)
	if w.good >= 3 && w.rate() >= enough && w.good*4 >= w.words {
		return Detection{Name: NameVIQR, Confidence: w.confidence()}
	}
	return plain
}

// detectUnicode looks for what can be wrong with valid UTF-8.
func detectUnicode(s []byte) Detection {
	nfc := norm.NFC.Bytes(s)
	as := weigh(nfc)
	if as.good > 0 && as.rate() >= 0.9 && as.good*8 >= as.words {
		return nfdOr8(s, as)
	}
	if d, ok := detectDouble(s, as); ok {
		return d
	}
	if d := best(s, true, as); d.Name != "" {
		return d
	}
	return nfdOr8(s, as)
}

func nfdOr8(s []byte, as weight) Detection {
	if tones, composed := countForms(s); tones > composed && as.good > as.bad {
		return Detection{Name: NameNFD, Confidence: as.confidence()}
	}
	return Detection{Name: NameUTF8, Confidence: 1}
}

// countForms counts tones written as a mark of their own, and those that are
// part of their letter.
func countForms(s []byte) (marks, composed int) {
	for _, r := range string(s) {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323:
			marks++
		default:
			if _, t := viet.Split(r); t != viet.Ngang {
				composed++
			}
		}
	}
	return marks, composed
}

// detectDouble asks that at least half of what stands outside ASCII becomes
// letters when it is decoded a second time.
func detectDouble(s []byte, as weight) (Detection, bool) {
	merged, kept := 0, 0
	for i := 0; i < len(s); {
		r, n, _ := undoubleRune(s[i:], true)
		if r >= utf8.RuneSelf {
			if _, single := utf8.DecodeRune(s[i:]); n > single {
				merged++
			} else {
				kept++
			}
		}
		i += n
	}
	if merged < 2 || merged < kept {
		return Detection{}, false
	}
	text, _, err := transform.Bytes(newUndouble(), s)
	if err != nil {
		return Detection{}, false
	}
	w := weigh(text)
	if w.good == 0 || w.rate() < enough || w.rate() <= as.rate() {
		return Detection{}, false
	}
	return Detection{Name: NameDouble, Confidence: w.confidence()}, true
}

// best tries the 8-bit encodings. Their text must be better Vietnamese than the
// text as it stands, by two words and more.
func best(s []byte, wrapped bool, as weight) Detection {
	if wrapped && !hasWrapped(s) {
		return Detection{}
	}
	var found Detection
	top := 0.0
	for _, get := range candidates {
		t := get()
		if len(s) > 2*glance && weigh(tryTable(t, wrapped, s[:glance])).rate() < enough/2 {
			continue
		}
		w := weigh(tryTable(t, wrapped, s))
		rate := w.rate()
		if w.good < 2 || rate < enough || rate <= as.rate()+0.1 || w.good < as.good+2 || rate < top || rate == top && t != tcvn5712() || w.good*3 < w.words {
			continue
		}
		if t == tcvn5712() && !hasVN1(s, wrapped) {
			continue
		}
		top = rate
		found = Detection{Name: t.name, Wrapped: wrapped, Confidence: w.confidence()}
	}
	return found
}

// tryTable decodes. It cannot fail: a byte that means nothing becomes U+FFFD.
func tryTable(t *table, wrapped bool, s []byte) []byte {
	text, _, _ := transform.Bytes(t.decoder(wrapped), s)
	return text
}

// hasVN1 reports whether TCVN 5712 bytes include letters that ABC fonts lack,
// some of which are no punctuation of Windows-1252.
func hasVN1(s []byte, wrapped bool) bool {
	found := 0
	d := tableDecoder{t: tcvn3(), wrapped: wrapped}
	for len(s) > 0 {
		b, r, n := d.next(s, true)
		if v, abc := tcvn5712().one[b], d.t.one[b]; r == 0 && v != abc && unicode.IsLetter(v) && !unicode.IsPunct(abc) && !unicode.IsSpace(rune(b)) {
			found++
		}
		s = s[n:]
	}
	return found >= 3
}

// hasWrapped reports whether nearly all that stands outside ASCII could be bytes
// taken for Windows-1252, and there is more of it than in a European language.
func hasWrapped(s []byte) bool {
	could, not := 0, 0
	for _, r := range string(s) {
		if r < utf8.RuneSelf {
			continue
		}
		if _, ok := windows1252(r); ok {
			could++
		} else {
			not++
		}
	}
	return could > 10*not && could*50 > len(s)
}

// A weight is how much a text looks like Vietnamese.
type weight struct {
	words     int // of letters
	good, bad int // of them, with letters outside ASCII: syllables, and not
	control   int // characters that text does not have
}

func (w weight) rate() float64 {
	if w.good == 0 {
		return 0
	}
	return float64(w.good) / float64(w.good+w.bad+2*w.control)
}

func (w weight) confidence() float64 { return w.rate() * float64(w.good) / float64(w.good+1) }

// weigh counts the words of text in NFC. A sign that stands between letters,
// which is what a wrong code page makes of them, spoils its word.
func weigh(text []byte) weight {
	var w weight
	word := make([]byte, 0, 64)
	marked, spoilt, last := false, false, rune(0)
	flush := func() {
		if len(word) > 0 {
			w.words++
			if spoilt || marked && !viet.IsSyllable(string(word)) {
				w.bad++
			} else if marked {
				w.good++
			}
			word = word[:0]
		}
		marked, spoilt = false, false
	}
	for i, r := range string(text) {
		switch {
		case r == 'µ' && len(word) == 0 && startsUnit(text[i+len("µ"):]), (r == '²' || r == '³') && isLength(word), (r == '®' || r == '™' || r == '©') && endsName(word, text[i:]):
			flush()
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			if r >= utf8.RuneSelf {
				marked = true
			}
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				spoilt = true
			}
			word = utf8.AppendRune(word, r)
		case r == utf8.RuneError, r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r), r >= 0x7F && r < 0xA0:
			w.control++
			flush()
		case r >= 0xA1 && r <= 0xBF || charmapSign(r):
			if len(word) > 0 && unicode.IsLetter(last) && r != '«' && r != '»' && r != '·' && r != '°' && r != 'º' {
				spoilt = true
				word = utf8.AppendRune(word, r)
			} else {
				flush()
			}
		default:
			flush()
		}
		last = r
	}
	flush()
	return w
}

// charmapSign reports the signs of Windows-1252 that no text has inside a word.
func charmapSign(r rune) bool {
	switch r {
	case '€', '‚', 'ƒ', '„', '†', '‡', 'ˆ', '‰', '‹', '›', '˜', '™', '×', '÷':
		return true
	}
	return false
}

// startsUnit reports whether what follows a µ makes a unit of it.
func startsUnit(rest []byte) bool {
	n := 0
	for n < len(rest) && unicode.IsLetter(rune(rest[n])) && rest[n] < utf8.RuneSelf {
		n++
	}
	switch string(rest[:n]) {
	case "m", "g", "s", "l", "L", "A", "V", "W", "F", "H", "C", "M", "mol", "Sv", "Pa":
		return n == len(rest) || rest[n] < utf8.RuneSelf || rest[n] == 0xC2 // a sign
	}
	return false
}

// endsName reports whether the sign that rest begins with stands after a name, as in "Windows™".
func endsName(word, rest []byte) bool {
	_, n := utf8.DecodeRune(rest)
	next, _ := utf8.DecodeRune(rest[n:])
	return len(word) > 2 && isASCII(word) && !unicode.IsLetter(next)
}

// isLength reports whether a word is a unit of length, which is squared or cubed.
func isLength(word []byte) bool {
	switch string(word) {
	case "m", "mm", "cm", "dm", "km", "hm", "in", "ft":
		return true
	}
	return false
}
