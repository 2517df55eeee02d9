package check

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/source"
)

// spelling notes what is wrong with words and characters while the text is judged. It
// is a source.Visitor.
type spelling struct {
	data     []byte
	lm       bool // a language model looks for glued words
	suspects []suspect
	styles   [3][]place
	notNFC   []Edit
}

// upTo takes the suspects before an offset away and returns them.
func (s *spelling) upTo(end int) []suspect {
	n := 0
	for n < len(s.suspects) && s.suspects[n].start < end {
		n++
	}
	here := s.suspects[:n]
	s.suspects = s.suspects[n:]
	return here
}

func (s *spelling) suspect(id string, start, end int, message, propose string, fix *Edit) {
	s.suspects = append(s.suspects, suspect{id, start, end, message, propose, fix})
}

// Word looks at a word.
func (s *spelling) Word(start, end int, w *source.Word) {
	found := s.data[start:end]
	switch {
	case w.Look != "":
		s.suspect("CV008", start, end, fmt.Sprintf("%q is written with %s", found, strangers(string(found))), w.Look, &Edit{start, end, w.Look})
	case w.Class == source.Misplaced:
		s.suspect("CV016", start, end, fmt.Sprintf("the tone of %q belongs on another letter: %q", found, w.Propose), w.Propose, &Edit{start, end, w.Propose})
	case w.Class == source.Wrong:
		m := fmt.Sprintf("%q is no syllable of Vietnamese", found)
		if w.Propose != "" {
			m += fmt.Sprintf(", %q is", w.Propose)
		}
		s.suspect("CV009", start, end, m, w.Propose, nil)
	case w.Class == source.Glued && !s.lm:
		s.suspect(gluedRule, start, end, gluedMessage(string(found), w.Propose), w.Propose, nil)
	}
	if w.NotNFC && w.Look == "" && w.Class != source.Misplaced {
		s.notNFC = append(s.notNFC, Edit{start, end, norm.NFC.String(string(found))})
	}
	if w.Style != 0 {
		s.styles[w.Style] = append(s.styles[w.Style], place{start, end})
	}
}

// strangers names the look-alike letters of a word.
func strangers(s string) string {
	var out []string
	for _, r := range s {
		if to, ok := source.LookAlike(r); ok {
			out = append(out, fmt.Sprintf("%U, not %c", r, to))
		}
	}
	return strings.Join(out, "; ")
}

// Lost looks at a sign that stands for a letter.
func (s *spelling) Lost(start, end int) {
	r, _ := utf8.DecodeRune(s.data[start:])
	what := fmt.Sprintf("%U", r)
	if r == '?' {
		what = "a question mark"
	}
	s.suspect("CV018", start, end, what+" where a letter was", "", nil)
}

// Between looks at what stands between words.
func (s *spelling) Between(start, end int) {
	for i := start; i < end; {
		r, n := rune(s.data[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(s.data[i:])
		}
		switch {
		case r == 0xAD, r >= 0x200B && invisible(r):
			s.hidden(i, i+n, r)
		case r < ' ' && !unicode.IsSpace(r), r >= 0x7F && r < 0xA0 && r != 0x85:
			s.suspect("CV013", i, i+n, fmt.Sprintf("control character %U", r), "", s.deletion(i, i+n))
		}
		i += n
	}
}

// hidden looks at an invisible character.
func (s *spelling) hidden(start, end int, r rune) {
	inside := start > 0 && end < len(s.data)
	switch {
	case r == 0x200D && inside && !s.betweenLetters(start, end):
		return // joins the parts of an emoji
	case r == 0xFEFF && start == 0:
		return // CV015
	}
	fix := s.deletion(start, end)
	if r == 0xAD && s.besideLetter(start, end) {
		fix = nil // it may be the ư of TCVN3
	}
	s.suspect("CV012", start, end, fmt.Sprintf("invisible character %U (%s)", r, invisibleName(r)), "", fix)
}

// deletion is the edit that takes a character out, unless it stands between letters:
// there it may stand for a space or a letter that was lost.
func (s *spelling) deletion(start, end int) *Edit {
	if s.betweenLetters(start, end) {
		return nil
	}
	return &Edit{start, end, ""}
}

func (s *spelling) betweenLetters(start, end int) bool {
	return isLetterBefore(s.data[:start]) && isLetterAfter(s.data[end:])
}

func (s *spelling) besideLetter(start, end int) bool {
	return isLetterBefore(s.data[:start]) || isLetterAfter(s.data[end:])
}

func isLetterBefore(d []byte) bool {
	r, _ := utf8.DecodeLastRune(d)
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

func isLetterAfter(d []byte) bool {
	r, _ := utf8.DecodeRune(d)
	return unicode.IsLetter(r)
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
