package check

import (
	"embed"
	"fmt"
	"strings"
)

// Severity says how much a finding matters.
type Severity uint8

const (
	Off Severity = iota
	Note
	Warning
	Error
)

var severityNames = []string{"off", "note", "warning", "error"}

func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the name of a severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a severity.
func (s *Severity) UnmarshalText(b []byte) error {
	v, err := ParseSeverity(string(b))
	*s = v
	return err
}

// ParseSeverity reads the name of a severity.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if n == name {
			return Severity(i), nil
		}
	}
	return Off, fmt.Errorf("unknown severity %q: know %s", name, strings.Join(severityNames, ", "))
}

// Rule is one kind of finding. Its ID never changes its meaning.
type Rule struct {
	ID       string
	Name     string // for people and configuration files, as good as the ID
	Severity Severity
	Summary  string // one sentence without its full stop
	Fix      bool   // --fix repairs what it finds
	Model    bool   // it needs a language model
}

// Rules are all rules, in the order of their IDs.
var Rules = []Rule{
	{"CV001", "garbled", Error, "Vietnamese read by an OCR engine that does not know it", false, false},
	{"CV002", "stripped", Error, "Vietnamese without its marks", false, false},
	{"CV003", "legacy-encoding", Error, "text in TCVN3, VNI, VISCII, CP1258 or VIQR", false, false},
	{"CV004", "utf-16", Error, "text in UTF-16", true, false},
	{"CV005", "double-encoded", Error, "UTF-8 that was encoded twice", true, false},
	{"CV006", "invalid-utf-8", Error, "bytes that are not UTF-8", false, false},
	{"CV007", "not-nfc", Warning, "letters that are not composed (NFC)", true, false},
	{"CV008", "look-alike", Warning, "a letter of another alphabet that only looks right", true, false},
	{"CV009", "impossible-syllable", Warning, "a syllable that Vietnamese spelling does not allow", false, false},
	{"CV010", "likely-wrong-word", Warning, "a word that hardly fits where another would", false, true},
	{"CV011", "mixed-tone-placement", Note, "hòa and hoà in one text", false, false},
	{"CV012", "invisible-character", Warning, "zero-width and direction characters inside text", true, false},
	{"CV013", "control-character", Warning, "control characters", true, false},
	{"CV014", "mixed-line-endings", Note, "lines that end in different ways", true, false},
	{"CV015", "byte-order-mark", Note, "a byte order mark before UTF-8", true, false},
	{"CV016", "misplaced-tone", Warning, "a tone mark on the wrong letter", true, false},
	{"CV017", "glued-words", Warning, "words that have lost the space between them", false, false},
	{"CV018", "lost-letter", Error, "a sign where a letter was: U+FFFD, private use, or a question mark", false, false},
	{"CV019", "spaced-out", Error, "letters of words spaced out", false, false},
	{unusedIgnore, "unused-ignore", Note, "a congvan:ignore that drops no finding", false, false},
}

// RuleByName finds a rule by its ID or its name.
func RuleByName(s string) (*Rule, bool) {
	for i := range Rules {
		if strings.EqualFold(Rules[i].ID, s) || strings.EqualFold(Rules[i].Name, s) {
			return &Rules[i], true
		}
	}
	return nil, false
}

//go:embed rules
var pages embed.FS

// projectURL is where the program is from.
const projectURL = "https://github.com/congvan-cli/congvan"

// URL is where the documentation page of a rule can be read.
func (r *Rule) URL() string {
	return projectURL + "/blob/main/pkg/internal/check/rules/" + r.ID + ".md"
}

// Explain returns the documentation page of a rule, in Markdown.
func (r *Rule) Explain() string {
	b, err := pages.ReadFile("rules/" + r.ID + ".md")
	if err != nil {
		return r.Summary + ".\n" // a test sees to it that this can't happen
	}
	return string(b)
}
