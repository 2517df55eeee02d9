package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// A stretch is some hundred words of a text, whole lines, about which one
// decides together whether they are Vietnamese and in what state.
type stretch struct {
	start, end int // bytes
	count
	suspects []suspect
	ascii    int // bytes of ASCII marks that VIQR would use
	signs    int // signs of Windows-1252 beside letters
	state    state
}

// count is what the words of a stretch are.
type count struct {
	words    int // without numbers and single letters
	marked   int // Vietnamese syllables with marks
	strong   int // of them, with letters that no other language has
	listed   int // known without their marks
	pairs    int // pairs of words that are frequent in Vietnamese
	mixed    int // letters and digits
	odd      int // letters outside ASCII, but no Vietnamese
	bareness int // tenths: how many of the unmarked words need no marks
}

func (c *count) add(d count) {
	c.words += d.words
	c.marked += d.marked
	c.strong += d.strong
	c.listed += d.listed
	c.pairs += d.pairs
	c.mixed += d.mixed
	c.odd += d.odd
	c.bareness += d.bareness
}

type state uint8

const (
	foreign state = iota
	clean
	garbled
	stripped
)

// state decides from the counts. The limits are from 500 development texts of
// 3,000 bytes, clean and stripped, 400 pages garbled by an English reader, and
// the Universal Declaration of Human Rights in 440 other languages:
//
//	                 marked/words  pairs/words    listed/words  signs/words
//	clean            0.70 – 0.93                  0.84 – 1
//	garbled          0.01 – 0.17   0.08 – 0.47    0.62 – 0.93   0.10 – 0.35
//	stripped         0             0.09 – 0.64    0.84 – 1      0.00 – 0.04
//	other languages  0.00 – 0.13   0.00 – 0.002   0.00 – 0.47
//
// where the signs of garble are words with digits, with letters that are not
// Vietnamese, and the few that come out as marked syllables.
func (c count) state(least int) state {
	n, signs := c.words, c.mixed+c.odd+c.marked
	viet := n >= least && c.pairs >= 3 && c.pairs*25 >= n && c.listed*2 >= n
	switch {
	case n == 0:
		return foreign
	case c.marked*5 >= 2*n && c.listed*2 >= n && c.strong*5 >= c.marked:
		return clean
	case c.marked*5 >= n && (c.odd+c.mixed)*20 < n && c.pairs*50 >= n && c.pairs > 0:
		return clean // among something else, as in a table of translations
	case !viet:
		return foreign
	case signs*20 >= n+10 && c.marked*3 < n:
		return garbled
	case c.listed*4 >= 3*n || c.pairs*10 >= n && signs*50 < n:
		return stripped
	case c.pairs*10 >= n:
		return garbled
	}
	return foreign
}

// wrong estimates the words that are not what they should be.
func (c count) wrong() int { return c.words - c.marked - c.bareness/10 }

// suspect is a finding that counts only if the stretch is Vietnamese.
type suspect struct {
	id         string
	start, end int
	message    string
	propose    string
	fix        *Edit
}

const (
	stretchWords = 100
	leastWords   = 12 // in a whole file, to call it garbled or stripped
	leastStretch = 40 // in a part of one
)

// text checks valid UTF-8.
func (c *Checker) text() {
	s := scanner{c: c, words: &c.words, data: c.data}
	s.scan()
	whole := count{}
	for _, st := range s.stretches {
		whole.add(st.count)
	}
	all := whole.state(leastWords)
	if c.oldEncoding(s.stretches) {
		return
	}
	any := false
	for i := range s.stretches {
		st := &s.stretches[i]
		st.state = st.count.state(leastStretch)
		switch {
		case all == foreign, st.words == 0:
		case st.state == foreign && (len(s.stretches) == 1 || st.words < leastStretch || all != clean && st.listed*2 >= st.words):
			st.state = all // too little to say by itself
		case all == garbled && st.state == stripped:
			st.state = garbled // a cleaner part of it
		}
		if len(s.stretches) > 1 && (all == clean || all == stripped) && c.oldEncoding(s.stretches[i:i+1]) {
			st.state = foreign
			any = true
			continue
		}
		any = any || st.state != foreign
	}
	if !any {
		return
	}
	c.states(s.stretches)
	var styles [3][]place
	for i := range s.stretches {
		st := &s.stretches[i]
		if st.state != clean {
			continue
		}
		for _, f := range st.suspects {
			if f.fix != nil {
				c.add(f.id, f.start, f.end, f.message, f.propose, *f.fix)
			} else {
				c.add(f.id, f.start, f.end, f.message, f.propose)
			}
		}
		if c.opt.LM != nil {
			c.model(st)
		}
	}
	for _, p := range s.styles {
		styles[p.style] = append(styles[p.style], p)
	}
	c.tonePlacement(styles[1], styles[2])
	if len(s.notNFC) > 0 {
		c.notNFC(s.notNFC)
	}
	c.lineEndings()
}

// notNFC reports words that are not in NFC, but for those on lines with a marker.
func (c *Checker) notNFC(words []Edit) {
	ignored := c.ignored()
	rule, _ := RuleByName("CV007")
	words = slices.DeleteFunc(words, func(e Edit) bool { return ignored(e.Start, rule) })
	if n := len(words); n > 0 {
		first := words[0]
		c.add(rule.ID, first.Start, first.End, fmt.Sprintf("%d word%s not in NFC, first %q", n, plural(n), first.New), first.New, words...)
	}
}

// place is a word with a tone on an open oa, oe or uy.
type place struct {
	start, end int
	style      int8
}

// tonePlacement reports the rarer of two placements.
func (c *Checker) tonePlacement(old, new []place) {
	if len(old) == 0 || len(new) == 0 {
		return
	}
	rare, style, usual := old, viet.New, "new (hoà)"
	if len(new) < len(old) {
		rare, style, usual = new, viet.Old, "old (hòa)"
	}
	first := rare[0]
	c.add("CV011", first.start, first.end,
		fmt.Sprintf("%d word%s with the tone elsewhere than the other %d, which have it in the %s place", len(rare), plural(len(rare)), len(old)+len(new)-len(rare), usual),
		viet.PlaceTone(norm.NFC.String(string(c.data[first.start:first.end])), style))
}

// states reports stretches that are garbled or stripped, neighbours together.
func (c *Checker) states(all []stretch) {
	for i := 0; i < len(all); {
		st := all[i].state
		if st != garbled && st != stripped {
			i++
			continue
		}
		var sum count
		end := i
		bad := map[state]int{}
		for end < len(all) && (all[end].state == garbled || all[end].state == stripped || all[end].words < 5) {
			sum.add(all[end].count)
			bad[all[end].state] += all[end].words
			end++
		}
		for all[end-1].words < 5 && end-1 > i {
			end--
		}
		// Stretches of a garbled text may look stripped, hardly the reverse.
		id, what := "CV002", "Vietnamese without its marks"
		if bad[garbled]*5 > bad[stripped] {
			id, what = "CV001", "Vietnamese read by an OCR engine that does not know it"
		}
		places := c.firstBad(all[i].start, all[end-1].end, id, 3)
		first := [2]int{all[i].start, all[i].start}
		if len(places) > 0 {
			first = places[0]
		}
		starts := lineStarts(c.data[:all[end-1].end])
		var where []string
		for _, p := range places {
			line, _ := position(c.data, starts, p[0])
			where = append(where, fmt.Sprintf("%q in line %d", c.data[p[0]:p[1]], line))
		}
		from, _ := position(c.data, starts, first[0])
		to, _ := position(c.data, starts, max(all[end-1].end-1, first[0]))
		c.add(id, first[0], first[1], fmt.Sprintf("%s: about %d of %d syllables (%.0f %%) in lines %d to %d are wrong, %s",
			what, sum.wrong(), sum.words, 100*float64(sum.wrong())/float64(sum.words), from, to, strings.Join(where, ", ")), "congvan restore")
		i = end
	}
}

// firstBad finds the first words in a region that are plainly wrong.
func (c *Checker) firstBad(start, end int, id string, n int) (places [][2]int) {
	for i := start; i < end && len(places) < n; {
		k, isWord := runLen(c.data[i:end])
		if isWord {
			w := c.words.get(c.data[i : i+k])
			bad := w.class == unmarked && k > 1 && bare[w.id] == 0
			if id == "CV001" {
				bad = w.class == mixed || w.odd || w.class == other && k > 2 && unicode.IsLower(rune(c.data[i]))
			}
			if bad {
				places = append(places, [2]int{i, i + k})
			}
		}
		i += k
	}
	return places
}

// oldEncoding looks for text in an old encoding, or in UTF-8 encoded twice, in
// stretches that follow each other.
func (c *Checker) oldEncoding(sts []stretch) bool {
	words, evidence := 0, 0
	for _, st := range sts {
		words += st.words
		evidence += st.odd + st.signs + st.ascii/2
	}
	if evidence*12 < words || evidence < 3 {
		return false
	}
	start, end := sts[0].start, sts[len(sts)-1].end
	d := legacy.Detect(c.data[start:end])
	id := "CV003"
	var fixes []Edit
	switch d.Name {
	case legacy.NameDouble:
		id = "CV005"
		fixes = []Edit{{start, end, decoded(d, c.data[start:end])}}
	case legacy.NameUTF8, legacy.NameNFD, "", legacy.NameUTF16BE, legacy.NameUTF16LE:
		return false
	}
	// Neighbours are one finding.
	if n := len(c.findings); n > 0 && c.findings[n-1].Rule.ID == id && c.findings[n-1].end == start {
		c.findings[n-1].end = end
		c.findings[n-1].Fixes = append(c.findings[n-1].Fixes, fixes...)
		return true
	}
	what := "UTF-8 that was encoded twice"
	if id == "CV003" {
		what = "text in " + encodingName(d)
	}
	text := strings.TrimSpace(decoded(d, c.data[start:min(end, start+200)]))
	c.add(id, start, end, fmt.Sprintf("%s (%.0f %% sure)", what, 100*d.Confidence), shorten(strings.Join(strings.Fields(text), " ")), fixes...)
	return true
}

func decoded(d legacy.Detection, b []byte) string {
	s, _, err := transform.Bytes(d.Decoder(), b)
	if err != nil {
		return string(b)
	}
	return string(s)
}

// lineEndings reports the rarer of the ways in which lines end.
func (c *Checker) lineEndings() {
	crlf := bytes.Count(c.data, []byte("\r\n"))
	lf := bytes.Count(c.data, []byte("\n")) - crlf
	cr := bytes.Count(c.data, []byte("\r")) - crlf
	if (crlf > 0) && (lf > 0) || cr > 0 && (lf+crlf > 0) {
		end := "\n"
		if crlf > lf {
			end = "\r\n"
		}
		var fixes []Edit
		for i := 0; i < len(c.data); i++ {
			n := 1
			switch {
			case c.data[i] == '\r' && i+1 < len(c.data) && c.data[i+1] == '\n':
				n = 2
			case c.data[i] != '\r' && c.data[i] != '\n':
				continue
			}
			if string(c.data[i:i+n]) != end {
				fixes = append(fixes, Edit{i, i + n, end})
			}
			i += n - 1
		}
		c.add("CV014", fixes[0].Start, fixes[0].End, fmt.Sprintf("lines end in LF (%d), CRLF (%d) and CR (%d)", lf, crlf, cr),
			map[string]string{"\n": "LF", "\r\n": "CRLF"}[end], fixes...)
	}
}

// model asks the language model.
func (c *Checker) model(st *stretch) {
	text := string(c.data[st.start:st.end])
	c.opt.LM.Suspects(text, func(from, to int, propose string) {
		c.add("CV010", st.start+from, st.start+to, fmt.Sprintf("%q hardly fits here, %q would", text[from:to], propose), propose)
	})
}

// vietnamese reports whether a text is Vietnamese in any state.
func vietnamese(w *words, text []byte) bool {
	s := scanner{words: w, data: text}
	s.scan()
	whole := count{}
	for _, st := range s.stretches {
		whole.add(st.count)
	}
	return whole.state(leastWords) != foreign
}

// scanner goes over a text once.
type scanner struct {
	c         *Checker
	words     *words
	data      []byte
	stretches []stretch
	styles    []place
	notNFC    []Edit

	cur  stretch
	last int16 // listed number of the word before, if only a space is between
}

// runLen returns the length of the run at the start of s: a word, or what
// stands between words.
func runLen(s []byte) (n int, isWord bool) {
	for n < len(s) {
		k, w := 1, false
		if b := s[n]; b < utf8.RuneSelf {
			w = isWordByte[b]
		} else {
			var r rune
			r, k = utf8.DecodeRune(s[n:])
			w = isWordRune(r, n > 0 && isWord)
		}
		if n == 0 {
			isWord = w
		} else if w != isWord {
			return n, isWord
		}
		n += k
	}
	return n, isWord
}

var isWordByte = func() (t [utf8.RuneSelf]bool) {
	for b := range t {
		t[b] = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	return t
}()

// isWordRune reports whether r belongs to a word; a combining mark and some
// invisible characters do when they stand in one.
func isWordRune(r rune, inside bool) bool {
	switch {
	case r >= 0xC0 && r < 0x300 || r >= 0x1E00 && r < 0x1F00:
		return r != '×' && r != '÷'
	case r >= 0x300 && r < 0x370:
		return inside
	case r >= 0x2000 && r < 0x2C00, r < 0xC0:
		return r == 'ª' || r == 'º' && inside
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || inside && unicode.Is(unicode.Mn, r)
}

func (s *scanner) scan() {
	s.last = -1
	s.cur.suspects = nil
	for i := 0; i < len(s.data); {
		n, isWord := runLen(s.data[i:])
		if isWord {
			s.word(i, i+n)
			i += n
			continue
		}
		s.between(i, i+n)
		i += n
	}
	s.cut(len(s.data))
}

// cut ends a stretch.
func (s *scanner) cut(at int) {
	if at > s.cur.start {
		s.cur.end = at
		s.stretches = append(s.stretches, s.cur)
	}
	s.cur = stretch{start: at}
}

func (s *scanner) word(start, end int) {
	w := s.words.get(s.data[start:end])
	st := &s.cur
	switch w.class {
	case number, single:
		s.last = -1
		return
	case mixed:
		st.words++
		st.mixed++
		s.last = -1
		return
	}
	st.words++
	if w.id >= 0 {
		st.listed++
		if frequentPair(s.last, w.id) {
			st.pairs++
		}
	}
	s.last = w.id
	switch w.class {
	case syllable, misplaced:
		st.marked++
		if w.strong {
			st.strong++
		}
	case unmarked:
		st.bareness += int(bare[w.id])
		return
	}
	if w.odd {
		st.odd++
	}
	if s.c == nil {
		return
	}
	found := s.data[start:end]
	switch {
	case w.look != "":
		st.odd++
		st.suspects = append(st.suspects, suspect{"CV008", start, end,
			fmt.Sprintf("%q is written with %s", found, strangers(string(found))), w.look, &Edit{start, end, w.look}})
	case w.class == misplaced:
		st.suspects = append(st.suspects, suspect{"CV016", start, end,
			fmt.Sprintf("the tone of %q belongs on another letter: %q", found, w.propose), w.propose, &Edit{start, end, w.propose}})
	case w.class == wrong:
		m := fmt.Sprintf("%q is no syllable of Vietnamese", found)
		if w.propose != "" {
			m += fmt.Sprintf(", %q is", w.propose)
		}
		st.suspects = append(st.suspects, suspect{"CV009", start, end, m, w.propose, nil})
	case w.class == glued:
		st.suspects = append(st.suspects, suspect{"CV017", start, end,
			fmt.Sprintf("%q lacks a space: %q", found, w.propose), w.propose, nil})
	}
	if w.notNFC && w.look == "" && w.class != misplaced {
		s.notNFC = append(s.notNFC, Edit{start, end, norm.NFC.String(string(found))})
	}
	if w.style != 0 {
		s.styles = append(s.styles, place{start, end, w.style})
	}
}

// strangers names the look-alike letters of a word.
func strangers(s string) string {
	var out []string
	for _, r := range s {
		if to, ok := lookAlikes[r]; ok {
			out = append(out, fmt.Sprintf("%U, not %c", r, to))
		}
	}
	return strings.Join(out, "; ")
}

// between looks at what stands between words.
func (s *scanner) between(start, end int) {
	d := s.data[start:end]
	if len(d) == 1 && d[0] == ' ' {
		return
	}
	s.last = -1
	for i := 0; i < len(d); {
		b := d[i]
		if b >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(d[i:])
			s.sign(start+i, start+i+n, r, start+i > 0 && i == 0)
			i += n
			continue
		}
		i++
		switch {
		case b == '\n' && s.cur.words >= stretchWords, b == '\f':
			s.cut(start + i)
		case b == '\'', b == '`', b == '?', b == '~', b == '^', b == '(', b == '+', b == '.':
			if next := start + i; next < len(s.data) && isWordByte[s.data[next]&0x7F] && i == 1 {
				s.cur.ascii++
			}
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\v' || b == 0x7F:
			s.suspect("CV013", start+i-1, start+i, fmt.Sprintf("control character U+%04X", b), &Edit{start + i - 1, start + i, ""})
		}
	}
}

// sign looks at a character outside ASCII that is no letter.
func (s *scanner) sign(start, end int, r rune, afterWord bool) {
	switch {
	case r == 0xAD, r >= 0x200B && invisible(r):
		s.hidden(start, end, r)
	case r >= 0x80 && r < 0xA0:
		s.cur.signs++
		s.suspect("CV013", start, end, fmt.Sprintf("control character %U", r), &Edit{start, end, ""})
	case r >= 0xA1 && r < 0xC0, r == '×', r == '÷', r == '‡', r == '†', r == 'ˆ', r == '˜', r == '‰', r == 'ƒ', r == '™', r == '€', r == '‚', r == '„':
		if afterWord {
			s.cur.signs++
		}
	}
}

// hidden looks at an invisible character.
func (s *scanner) hidden(start, end int, r rune) {
	inside := start > 0 && end < len(s.data)
	switch {
	case r == 0x200D && inside && !between2Letters(s.data, start, end):
		return // joins the parts of an emoji
	case r == 0xFEFF && start == 0:
		return // CV015
	}
	fix := &Edit{start, end, ""}
	if r == 0x200B && inside && between2Letters(s.data, start, end) {
		fix = nil // it may stand for the space between two words
	}
	s.suspect("CV012", start, end, fmt.Sprintf("invisible character %U (%s)", r, invisibleName(r)), fix)
}

func between2Letters(d []byte, start, end int) bool {
	a, _ := utf8.DecodeLastRune(d[:start])
	b, _ := utf8.DecodeRune(d[end:])
	return unicode.IsLetter(a) && unicode.IsLetter(b)
}

func invisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2064 || r >= 0x2066 && r <= 0x2069 || r == 0xFEFF || r == 0xAD || r == 0x180E
}

func invisibleName(r rune) string {
	switch {
	case r == 0x200B:
		return "zero-width space"
	case r == 0x200C, r == 0x200D:
		return "zero-width joiner"
	case r == 0xFEFF:
		return "zero-width no-break space"
	case r == 0x2060:
		return "word joiner"
	case r == 0xAD:
		return "soft hyphen"
	}
	return "direction mark"
}

func (s *scanner) suspect(id string, start, end int, message string, fix *Edit) {
	if s.c != nil {
		s.cur.suspects = append(s.cur.suspects, suspect{id, start, end, message, "", fix})
	}
}
