package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignoring is the rules of one file of what git ignores.
type ignoring struct {
	dir   string // absolute; the rules are relative to it
	rules []ignoreRule
}

type ignoreRule struct {
	glob     string
	keep     bool // starts with !
	onlyDirs bool // ends with /
}

// isRepository reports the root of a git repository, or of another work tree of one.
func isRepository(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ".git"))
	return err == nil
}

// ignoredAbove reads what git ignores in a folder because of files that lie above it:
// the user's, the repository's own, and the .gitignore files from its root down. The
// later count more. Outside a repository git ignores nothing.
func ignoredAbove(abs string) (list []ignoring) {
	for d := abs; !isRepository(d); {
		up := filepath.Dir(d)
		if up == d {
			return nil
		}
		d = up
		list = append(list, readIgnore(d, filepath.Join(d, ".gitignore"))...)
		if isRepository(d) {
			list = append(list, ofRepository(d)...)
		}
	}
	slices.Reverse(list)
	return list
}

// ofRepository reads what git ignores in all of a repository: .git/info/exclude, then
// core.excludesFile, which counts less. Where these are git itself is asked; without
// it they are where they mostly are.
func ofRepository(root string) (list []ignoring) {
	exclude := git(root, "rev-parse", "--git-path", "info/exclude")
	if exclude == "" {
		exclude = filepath.Join(".git", "info", "exclude")
	}
	if !filepath.IsAbs(exclude) {
		exclude = filepath.Join(root, exclude)
	}
	users := git(root, "config", "--type=path", "--get", "core.excludesFile")
	if users == "" {
		if dir, err := configDir(); err == nil {
			users = filepath.Join(dir, "git", "ignore")
		}
	}
	return append(readIgnore(root, exclude), readIgnore(root, users)...)
}

// configDir is where git keeps the user's files.
func configDir() (string, error) {
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".config"), err
}

// git is what git says about a folder; empty if it says nothing.
func git(dir string, args ...string) string {
	out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(out), "\r\n")
}

// readIgnore reads a file of what to ignore in dir: a list of one, or of none.
func readIgnore(dir, name string) []ignoring {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	g := ignoring{dir: dir}
	for line := range strings.Lines(string(b)) {
		if r, ok := parseIgnore(line); ok {
			g.rules = append(g.rules, r)
		}
	}
	if len(g.rules) == 0 {
		return nil
	}
	return []ignoring{g}
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
