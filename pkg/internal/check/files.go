package check

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"
)

// ConfigName is the configuration file that FindConfig looks for.
const ConfigName = ".congvan.yaml"

// Config is what a configuration file can say. The zero value is the defaults.
type Config struct {
	// Rules sets severities by ID or name of a rule: off, note, warning, error.
	Rules map[string]string `yaml:"rules"`
	// Files are globs of what to check in folders, in place of DefaultFiles.
	Files []string `yaml:"files"`
	// Exclude are globs of what not to check.
	Exclude []string `yaml:"exclude"`
	// FailOn is the least severity for which the exit status is 1.
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

// ReadConfig reads a configuration file.
func ReadConfig(name string) (*Config, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	c := &Config{Dir: filepath.Dir(name)}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(c); err != nil && len(bytes.TrimSpace(b)) > 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, g := range slices.Concat(c.Files, c.Exclude) {
		if !doublestar.ValidatePattern(g) {
			return nil, fmt.Errorf("%s: %q is no glob", name, g)
		}
	}
	if _, err := c.Severities(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// FindConfig looks for a configuration file in dir and the folders above it, up
// to the root of a repository. It returns nil if there is none.
func FindConfig(dir string) (*Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for {
		c, err := ReadConfig(filepath.Join(dir, ConfigName))
		if !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
		up := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || up == dir {
			return nil, nil
		}
		dir = up
	}
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

// Find lists the files to check under paths, in order and each once. A file
// that is named is checked whatever its name; in folders the globs of the
// configuration decide, and .gitignore files unless all is set. A folder that can't
// be read is listed like a file that can't, and so is what is not there.
func Find(paths []string, c *Config, all bool) ([]string, error) {
	if c == nil {
		c = &Config{}
	}
	f := finder{c: c, all: all, globs: c.Files, seen: map[string]bool{}}
	if len(f.globs) == 0 {
		f.globs = DefaultFiles
	}
	for _, p := range paths {
		if st, err := os.Stat(p); err != nil || !st.IsDir() {
			f.add(p)
			continue
		}
		if err := f.walk(p, f.above(p)); err != nil {
			return nil, err
		}
	}
	return f.found, nil
}

type finder struct {
	c     *Config
	all   bool
	globs []string
	found []string
	seen  map[string]bool
}

func (f *finder) add(p string) {
	if p = filepath.Clean(p); !f.seen[p] {
		f.seen[p] = true
		f.found = append(f.found, p)
	}
}

// ignoring is the .gitignore file of a folder.
type ignoring struct {
	dir   string // absolute
	rules []ignoreRule
}

type ignoreRule struct {
	glob     string
	keep     bool // starts with !
	onlyDirs bool // ends with /
}

// above reads the .gitignore files of the folders over dir, up to the root of
// its repository.
func (f *finder) above(dir string) []ignoring {
	abs, err := filepath.Abs(dir)
	if err != nil || f.all {
		return nil
	}
	var list []ignoring
	for d := abs; ; {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			slices.Reverse(list)
			return list
		}
		up := filepath.Dir(d)
		if up == d {
			return nil // in no repository
		}
		d = up
		if g, ok := readIgnore(d); ok {
			list = append(list, g)
		}
	}
}

func readIgnore(dir string) (ignoring, bool) {
	b, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil {
		return ignoring{}, false
	}
	g := ignoring{dir: dir}
	for line := range strings.Lines(string(b)) {
		if r, ok := parseIgnore(line); ok {
			g.rules = append(g.rules, r)
		}
	}
	return g, len(g.rules) > 0
}

// parseIgnore reads a line of a .gitignore file; see gitignore(5).
func parseIgnore(line string) (r ignoreRule, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' {
		return r, false
	}
	if line[0] == '!' {
		r.keep, line = true, line[1:]
	}
	if s, ok := strings.CutSuffix(line, "/"); ok {
		r.onlyDirs, line = true, s
	}
	if s, ok := strings.CutPrefix(line, "/"); ok {
		line = s
	} else if !strings.Contains(line, "/") {
		line = "**/" + line
	}
	// Braces are plain characters in .gitignore.
	r.glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(line)
	return r, r.glob != "" && doublestar.ValidatePattern(r.glob)
}

func ignored(list []ignoring, abs string, dir bool) bool {
	for i := len(list) - 1; i >= 0; i-- {
		rel, err := filepath.Rel(list[i].dir, abs)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		for k := len(list[i].rules) - 1; k >= 0; k-- {
			r := list[i].rules[k]
			if r.onlyDirs && !dir {
				continue
			}
			if doublestar.MatchUnvalidated(r.glob, rel) {
				return !r.keep
			}
		}
	}
	return false
}

func (f *finder) walk(dir string, list []ignoring) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if !f.all {
		if g, ok := readIgnore(abs); ok {
			list = append(slices.Clip(list), g)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.add(dir)
		return nil
	}
	for _, e := range entries {
		p, a := filepath.Join(dir, e.Name()), filepath.Join(abs, e.Name())
		if ignored(list, a, e.IsDir()) || f.excluded(a) {
			continue
		}
		switch {
		case e.IsDir():
			if e.Name() == ".git" {
				continue
			}
			if err := f.walk(p, list); err != nil {
				return err
			}
		case e.Type().IsRegular() && f.wanted(a):
			f.add(p)
		}
	}
	return nil
}

func (f *finder) rel(abs string) string {
	base := f.c.Dir
	if base == "" {
		base = "."
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return abs
	}
	rel, err := filepath.Rel(base, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return strings.TrimPrefix(filepath.ToSlash(abs), "/")
	}
	return filepath.ToSlash(rel)
}

func (f *finder) excluded(abs string) bool { return matches(f.c.Exclude, f.rel(abs)) }

func (f *finder) wanted(abs string) bool {
	rel := f.rel(abs)
	return matches(f.globs, rel) || matches(f.globs, strings.ToLower(rel))
}

// matches reports whether a glob fits; one without a slash fits names anywhere.
func matches(globs []string, rel string) bool {
	return slices.ContainsFunc(globs, func(g string) bool {
		g = strings.TrimPrefix(g, "./")
		if !strings.Contains(g, "/") {
			return doublestar.MatchUnvalidated(g, path.Base(rel))
		}
		return doublestar.MatchUnvalidated(g, rel) || doublestar.MatchUnvalidated(strings.TrimSuffix(g, "/")+"/**", rel)
	})
}
