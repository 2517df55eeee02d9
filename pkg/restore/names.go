package restore

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// keepNames joins the units of names that programs gave or take, of files and of
// fields, to addresses: "danh_sach.xlsx", "C:\HoSo\1.pdf". They have no marks to lose,
// and package token, whose classes the language model learned, does not know them. Words
// with letters that no reader of Vietnamese writes are kept in the same way.
func (b *builder) keepNames() {
	b.beyond = 0
	out := b.units[:0]
	for i := 0; i < len(b.units); {
		u := b.units[i]
		i++
		if !u.glued || b.units[i-2].class == token.Punct || b.text[u.start] == '<' {
			end := u.start + max(nameLen(b.text[u.start:]), codeLen(b.text, u.start))
			for i < len(b.units) && b.units[i].start < end {
				i++
			}
			if end > u.start && end >= u.end {
				u.end, u.class = end, token.URL
			}
		}
		if u.class == token.Word && isBeyondReaders(b.text[u.start:u.end]) {
			u.class = token.URL
			if first, _ := utf8.DecodeRuneInString(b.text[u.start:]); !unicode.IsUpper(first) {
				b.beyond++
			}
		}
		out = append(out, u)
	}
	b.units = out
}

// highlandLetters are those that names in the alphabets of the Central Highlands have
// beside the Vietnamese ones: Buôn Kŏ Tam, Čư M'gar. Their breve may be a mark of its own, too: ư̆.
const highlandLetters = "ĕĔĭĬŏŎŭŬčČ\u0306"

// isBeyondReaders reports whether a word has a letter that readers of Vietnamese do not
// write: of the Highlands, or of languages with letters that no mark makes, Hawaiʻi, Hɔɔlaɣ.
func isBeyondReaders(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	name := unicode.IsUpper(first)
	return strings.ContainsFunc(s, func(r rune) bool {
		switch {
		case r <= unicode.MaxLatin1:
			return false
		case strings.ContainsRune(highlandLetters, r):
			return name
		case r < 0x180 || r > 0x2C1 || r == 'ƒ' || viet.IsMarked(r):
			return false
		}
		_, taken := source.LookAlike(r)
		return !taken
	})
}

// fileTypes are what names of files end with.
var fileTypes = []string{
	"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "txt", "csv", "xml", "html", "htm", "json",
	"jpg", "jpeg", "png", "gif", "tif", "tiff", "bmp", "webp", "zip", "rar", "7z", "gz", "mp3", "mp4", "exe", "dll", "sql", "log",
}

// nameLen returns the length of the name at the start of s, 0 if there is none.
func nameLen(s string) int {
	if len(s) > 2 && s[1] == ':' && s[2] == '\\' {
		if path := drive().FindString(s); path != "" {
			return len(strings.TrimRight(path, `.,;:!?)"'”’`))
		}
	}
	n := 0
	for n < len(s) && (isAlnum(s[n]) || strings.IndexByte(`_-./\`, s[n]) >= 0) {
		n++
	}
	if r, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) {
		return 0 // it goes on as no such name does
	}
	name := strings.TrimRight(s[:n], `_-./\`)
	if isFile(name) || isField(name) {
		return len(name)
	}
	return 0
}

var (
	// A path on a drive: what has a backslash after it may hold spaces, and so may the
	// name of a file.
	drive = lazy.Regexp(`^[A-Za-z]:\\(?:[^\\/:*?"<>|\n]+\\)*(?:[^\\/:*?"<>|\n.]+(?:\.[^\\/:*?"<>|\n.\s]+)*\.(?:` + strings.Join(fileTypes, "|") + `)\b|[^\s\\/:*?"<>|]*)`)

	tag     = lazy.Regexp(`^</?[a-z][a-z0-9]*(?:\s[^<>\n]*=[^<>\n]*)?\s*/?>`)
	key     = lazy.Regexp(`^(?:"[A-Za-z_][A-Za-z0-9_.-]*"\s*:|"[A-Za-z][A-Za-z0-9_. -]*"\s*:\s*(?:["\[{\-0-9]|null|true|false))`)
	field   = lazy.Regexp(`^[ \t]*(?:- )?[a-z][a-z0-9_-]*:(?:[ \t][^\n]*)?(?:\n|$)`)
	command = lazy.Regexp(`^\\(?:(?:begin|end|documentclass|usepackage|label|ref|cite|input|include|includegraphics)(?:\[[^]\n]*\])?\{[^{}\n]*\}|[A-Za-z]{2,}[*]?[{\[])`)
	heads   = lazy.Regexp(`^(?:"?[A-Za-z][A-Za-z0-9_ ]*"?[,;\t])+"?[A-Za-z][A-Za-z0-9_ ]*"?$`)
)

// codeLen returns the length of what programs write at an offset of a text: a tag of
// HTML, a key of JSON or YAML, a command of LaTeX, the heads of a table in CSV. 0 if there
// is none.
func codeLen(text string, at int) int {
	s := text[at:]
	before := strings.TrimRight(text[:at], " \t")
	begins := isLineEnd(before)
	if begins {
		if n := headsLen(s); n > 0 {
			return n
		}
	}
	switch c := s[0]; {
	case c == '<':
		return len(tag().FindString(s))
	case c == '"' && (begins || strings.HasSuffix(before, "{") || strings.HasSuffix(before, ",")):
		if key := key().FindString(s); key != "" {
			return strings.LastIndexByte(key[:strings.IndexByte(key, ':')], '"') + 1
		}
	case c == '\\':
		return len(strings.TrimRight(command().FindString(s), "{["))
	case 'a' <= c && c <= 'z' && (begins || opensItem(before)) && isAmongFields(text, at):
		return strings.IndexByte(s, ':')
	}
	return 0
}

// isLineEnd reports whether a line begins after s.
func isLineEnd(s string) bool { return s == "" || s[len(s)-1] == '\n' }

// opensItem reports whether s ends with a line that is no more than the dash of an item.
func opensItem(s string) bool {
	s, ok := strings.CutSuffix(s, "-")
	return ok && isLineEnd(strings.TrimRight(s, " \t"))
}

// headsLen returns the length of the heads of a table that begins s: three or more, and a
// row below with as many cells. No space follows a mark that parts cells, as in sentences.
func headsLen(s string) int {
	line, rest, _ := strings.Cut(s, "\n")
	line = strings.TrimSuffix(line, "\r")
	i := strings.IndexAny(line, ",;\t")
	if i < 0 {
		return 0
	}
	mark := line[i : i+1]
	cells := strings.Count(line, mark)
	below, _, _ := strings.Cut(rest, "\n")
	if cells < 2 || strings.Count(below, mark) != cells || strings.Contains(line, mark+" ") || strings.Contains(below, mark+" ") || !heads().MatchString(line) {
		return 0
	}
	return len(line)
}

// isAmongFields reports whether the line of an offset is a field of YAML, and so is the one
// before or after it: a letter has a line like that, but not two.
func isAmongFields(text string, at int) bool {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	line := field().FindString(text[start:])
	if line == "" {
		return false
	}
	if field().MatchString(text[start+len(line):]) {
		return true
	}
	before := strings.TrimSuffix(text[:start], "\n")
	return before != "" && field().MatchString(before[strings.LastIndexByte(before, '\n')+1:])
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isFile reports whether a name ends like that of a file. "dan.doc" is none: it may be
// "dân. Độc".
func isFile(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 {
		return false
	}
	stem, kind := strings.ToLower(name[:dot]), strings.ToLower(name[dot+1:])
	return slices.Contains(fileTypes, kind) && viet.CaseOf(name[dot+1:]) != viet.Title &&
		strings.ContainsFunc(stem, func(r rune) bool { return isAlnum(byte(r)) }) &&
		(kind != "doc" || strings.ContainsFunc(stem, func(r rune) bool { return !unicode.IsLetter(r) }))
}

// isField reports whether a name is words with low lines between, as in programs
// and the heads of tables.
func isField(name string) bool {
	i := strings.IndexByte(name, '_')
	return i > 0 && i+1 < len(name) && isAlnum(name[i-1]) && isAlnum(name[i+1]) && !strings.Contains(name, "__")
}
