package check

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// ConfigName is the configuration file that Configs look for.
const ConfigName = ".congvan.yaml"

// Config is what a configuration file can say. The zero value is the defaults.
type Config struct {
	// Rules sets severities by ID or name of a rule: off, note, warning, error.
	Rules map[string]string `yaml:"rules"`
	// Files are globs of what to check in folders, in place of DefaultFiles.
	Files []string `yaml:"files"`
	// Exclude are globs of what not to check.
	Exclude []string `yaml:"exclude"`
	// ForceExclude has Exclude hold for files that are named, too.
	ForceExclude bool `yaml:"force-exclude"`
	// FailOn is the least severity for which the exit status is 1, or never.
	FailOn string `yaml:"fail-on"`
	// MaxErrors is how many findings are shown; 0 is all.
	MaxErrors *int `yaml:"max-errors"`
	// Baseline names a file of accepted findings, relative to this one.
	Baseline string `yaml:"baseline"`
	// Model turns the rules off that need the language model.
	Model *bool `yaml:"model"`
	// MinGain is how many times more likely, as a power of ten, another word
	// must be for CV010.
	MinGain float64 `yaml:"min-gain"`

	Dir string `yaml:"-"` // of the file; globs are relative to it
}

// DefaultFiles are checked in folders.
var DefaultFiles = []string{"**/*.{txt,md,markdown,rst,adoc,org,tex,htm,html,xhtml,xml,json,yaml,yml,csv,tsv,po,pot,srt,vtt,properties,strings,pdf}"}

// Never is the FailOn, in place of a severity, that fails on nothing.
const Never = "never"

// ParseFailOn reads the name of a severity to fail on; Off is never.
func ParseFailOn(name string) (Severity, error) {
	if name == Never {
		return Off, nil
	}
	s, err := ParseSeverity(name)
	if err != nil || s == Off {
		return Off, fmt.Errorf("%q is none of error, warning, note, %s", name, Never)
	}
	return s, nil
}

// A ConfigError is a mistake in a configuration file.
type ConfigError struct {
	Path         string
	Line, Column int    // from 1, in characters
	Text         string // of the line
	Message      string
	Hint         string // may be empty
}

// Error tells the place as compilers do, then the line with a caret under it.
func (e *ConfigError) Error() string {
	before := []rune(e.Text)
	before = before[:min(max(0, e.Column-1), len(before))]
	for i, r := range before {
		if r != '\t' {
			before[i] = ' '
		}
	}
	margin := fmt.Sprintf("%5d | ", e.Line)
	return fmt.Sprintf("%s:%d:%d: %s\n%s%s\n%s| %s^", e.Path, e.Line, e.Column, e.Message,
		margin, e.Text, strings.Repeat(" ", len(margin)-2), string(before))
}

// ReadConfig reads a configuration file. What is wrong with its content is a
// *ConfigError.
func ReadConfig(name string) (*Config, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	src := configSource{name, string(b)}
	c := &Config{Dir: filepath.Dir(name)}
	if !utf8.Valid(b) {
		return nil, src.mistake(1, 1, "not UTF-8", "")
	}
	if t := src.excess(); t != nil {
		return nil, src.at(t, fmt.Sprintf("more than %d aliases", mostAliases), "")
	}
	if err := yaml.UnmarshalWithOptions(b, c, yaml.DisallowUnknownField()); err != nil {
		return nil, src.decoding(err)
	}
	if err := src.check(c); err != nil {
		return nil, err
	}
	return c, nil
}

// configSource is the text of a configuration file, to show mistakes in.
type configSource struct{ path, text string }

func (s configSource) mistake(line, column int, message, hint string) error {
	e := &ConfigError{Path: s.path, Line: max(1, line), Column: max(1, column), Message: message, Hint: hint}
	if lines := strings.Split(s.text, "\n"); e.Line <= len(lines) {
		e.Text = strings.TrimRight(lines[e.Line-1], "\r")
	}
	return e
}

// mostAliases is how many aliases a file may have. An alias stands for all that its anchor
// does, other aliases included: thirty are 3^10 times what one is at the most.
const mostAliases = 30

// excess is the first alias that is too many.
func (s configSource) excess() *token.Token {
	n := 0
	for _, t := range lexer.Tokenize(s.text) {
		if t.Type == token.AliasType {
			if n++; n > mostAliases {
				return t
			}
		}
	}
	return nil
}

// decoding makes a mistake of what the decoder says.
func (s configSource) decoding(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	message, hint := at.GetMessage(), ""
	var wrong *yaml.TypeError
	var unknown *yaml.UnknownFieldError
	switch {
	case errors.As(err, &wrong):
		message = "expected " + kindName(wrong.DstType)
	case errors.As(err, &unknown):
		key := at.GetToken().Value
		message, hint = fmt.Sprintf("no setting %q", key), nearest(key, settings())
	}
	p := at.GetToken().Position
	return s.mistake(p.Line, p.Column, message, hint)
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Float64:
		return "a number"
	case reflect.String:
		return "a word"
	}
	return t.String()
}

// settings are the keys of a configuration file.
func settings() (keys []string) {
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

// nearest is a hint at the known word that looks most like one; empty if none does.
func nearest(word string, known []string) string {
	best, least := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if d := formula.Distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// check looks at what the types of the fields leave open.
func (s configSource) check(c *Config) error {
	for _, list := range []struct {
		key   string
		globs []string
	}{{"files", c.Files}, {"exclude", c.Exclude}} {
		for _, g := range list.globs {
			if !doublestar.ValidatePattern(g) {
				return s.about(list.key, g, fmt.Sprintf("%q is no glob", g), "")
			}
			if readings(g) > mostReadings {
				return s.about(list.key, g, fmt.Sprintf("%q stands for more than %d globs", g, mostReadings), "")
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		value := c.Rules[name]
		if _, ok := RuleByName(name); !ok {
			return s.about("rules", name, fmt.Sprintf("no rule %q", name), cmp.Or(nearest(name, ruleNames()), "congvan check --list-rules names them"))
		}
		if _, err := ParseSeverity(value); err != nil {
			t := s.find("rules", name)
			for t != nil && t.Value != value {
				t = t.Next
			}
			return s.at(t, err.Error(), nearest(value, severityNames))
		}
	}
	if c.FailOn != "" {
		if _, err := ParseFailOn(c.FailOn); err != nil {
			return s.about("fail-on", c.FailOn, err.Error(), "")
		}
	}
	switch {
	case c.MaxErrors != nil && *c.MaxErrors < 0:
		return s.about("max-errors", "", "expected 0, which is all, or more", "")
	case c.MinGain < 0:
		return s.about("min-gain", "", "expected 0 or more", "")
	}
	return nil
}

// mostReadings is how many globs one with braces may stand for: a name may be compared
// with all of them.
const mostReadings = 10_000

// readings is how many globs without braces a valid one stands for; what is beyond
// mostReadings is not counted to the end.
func readings(glob string) int {
	type group struct{ sum, product int } // of the alternatives before, of the one at hand
	open := []group{{0, 1}}
	for i := 0; i < len(glob); i++ {
		last := &open[len(open)-1]
		switch c := glob[i]; {
		case c == '\\':
			i++
		case c == '[':
			for i++; i < len(glob) && glob[i] != ']'; i++ {
				if glob[i] == '\\' {
					i++
				}
			}
		case c == '{':
			open = append(open, group{0, 1})
		case c == ',' && len(open) > 1:
			last.sum, last.product = last.sum+last.product, 1
		case c == '}' && len(open) > 1:
			n := last.sum + last.product
			open = open[:len(open)-1]
			before := &open[len(open)-1]
			before.product = min(before.product*n, mostReadings+1)
		}
	}
	return open[0].product
}

func ruleNames() (names []string) {
	for _, r := range Rules {
		names = append(names, r.Name, r.ID)
	}
	return names
}

// about is a mistake at a value of a setting, or at its key where that is not found.
func (s configSource) about(key, value, message, hint string) error {
	t := s.find(key, value)
	if t == nil {
		t = s.find(key, "")
	}
	return s.at(t, message, hint)
}

func (s configSource) at(t *token.Token, message, hint string) error {
	if t == nil {
		return s.mistake(1, 1, message, hint)
	}
	return s.mistake(t.Position.Line, t.Position.Column, message, hint)
}

// find is the first token with a value after a key; the key itself if value is empty.
func (s configSource) find(key, value string) *token.Token {
	under := false
	for _, t := range lexer.Tokenize(s.text) {
		if !under && t.Value == key {
			if under = true; value == "" {
				return t
			}
		} else if under && t.Value == value && t.Type != token.SequenceStartType && t.Type != token.MappingStartType {
			return t
		}
	}
	return nil
}

// Severities are those that differ from the rules' own, by ID.
func (c *Config) Severities() (map[string]Severity, error) {
	m := map[string]Severity{}
	for name, s := range c.Rules {
		r, ok := RuleByName(name)
		if !ok {
			return nil, fmt.Errorf("no rule %q", name)
		}
		sev, err := ParseSeverity(s)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		m[r.ID] = sev
	}
	return m, nil
}

// Configs tell which configuration governs a file: the nearest in its folder or
// above it, up to the root of its repository. The zero value is ready; it is for one
// goroutine.
type Configs struct {
	// Only, if set, governs all files.
	Only  *Config
	byDir map[string]*Config
}

// defaults govern files that have no configuration.
var defaults = &Config{}

// Of is the configuration that governs the files of a folder; it is never nil, and
// the same for folders under one configuration file.
func (cs *Configs) Of(dir string) (*Config, error) {
	if cs.Only != nil {
		return cs.Only, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if c := cs.byDir[dir]; c != nil {
		return c, nil
	}
	c, err := ReadConfig(filepath.Join(dir, ConfigName))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		up := filepath.Dir(dir)
		if isRepository(dir) || up == dir {
			c, err = defaults, nil
		} else {
			c, err = cs.Of(up)
		}
	}
	if err != nil {
		return nil, err
	}
	if cs.byDir == nil {
		cs.byDir = map[string]*Config{}
	}
	cs.byDir[dir] = c
	return c, nil
}

// rel is a file's path as the globs of its configuration see it.
func (c *Config) rel(abs string) string {
	base, err := filepath.Abs(c.Dir)
	if err != nil {
		return abs
	}
	rel, err := filepath.Rel(base, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return strings.TrimPrefix(filepath.ToSlash(abs), "/")
	}
	return filepath.ToSlash(rel)
}

func (c *Config) excludes(abs string) bool { return matches(c.Exclude, c.rel(abs)) }

func (c *Config) wants(abs string) bool {
	globs := c.Files
	if len(globs) == 0 {
		globs = DefaultFiles
	}
	rel := c.rel(abs)
	return matches(globs, rel) || matches(globs, strings.ToLower(rel))
}

// matches reports whether a glob fits; one without a slash fits names anywhere.
func matches(globs []string, rel string) bool {
	return slices.ContainsFunc(globs, func(g string) bool {
		g = strings.TrimPrefix(g, "./")
		if !strings.Contains(g, "/") {
			return doublestar.MatchUnvalidated(g, filepath.Base(rel))
		}
		return doublestar.MatchUnvalidated(g, rel) || doublestar.MatchUnvalidated(strings.TrimSuffix(g, "/")+"/**", rel)
	})
}
