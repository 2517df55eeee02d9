package check

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func tree(t testing.TB, files map[string]string) string {
	dir := t.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// alone has git heed no file of who runs the tests.
func alone(t testing.TB) {
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
}

func found(t testing.TB, dir string, c *Config, all bool) []string {
	return foundBy(t, dir, &Configs{Only: c}, FindOptions{NoIgnore: all}, dir)
}

func foundBy(t testing.TB, dir string, configs *Configs, o FindOptions, paths ...string) (names []string) {
	files, err := Find(paths, configs, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		rel, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.ToSlash(rel))
	}
	return names
}

func TestFind(t *testing.T) {
	alone(t)
	dir := tree(t, map[string]string{
		"a.txt": "", "b.go": "", "c.MD": "", "sub/d.txt": "", "sub/e.html": "", "build/f.txt": "", "sub/build/g.txt": "",
		"sub/keep.log.txt": "", "sub/x.log.txt": "", ".git/config.txt": "", ".gitignore": "/build/\n*.log.txt\n!keep.log.txt\n# note\n",
		"sub/.gitignore": "e.html\n",
	})
	for _, tt := range []struct {
		name string
		c    *Config
		all  bool
		want string
	}{
		{"default", nil, false, "a.txt c.MD sub/build/g.txt sub/d.txt sub/keep.log.txt"},
		{"no ignore", nil, true, "a.txt build/f.txt c.MD sub/build/g.txt sub/d.txt sub/e.html sub/keep.log.txt sub/x.log.txt"},
		{"globs", &Config{Dir: dir, Files: []string{"*.go", "sub/*.txt"}}, false, "b.go sub/d.txt sub/keep.log.txt"},
		{"exclude", &Config{Dir: dir, Exclude: []string{"sub", "c.*"}}, false, "a.txt"},
	} {
		if got := strings.Join(found(t, dir, tt.c, tt.all), " "); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
	// A file that is named is checked, and once.
	if got := foundBy(t, dir, &Configs{}, FindOptions{}, filepath.Join(dir, "b.go"), filepath.Join(dir, "sub"), filepath.Join(dir, "sub", "d.txt")); len(got) != 4 {
		t.Errorf("%v", got)
	}
	// The folder's own repository decides, above it as well.
	if got := found(t, filepath.Join(dir, "sub"), nil, false); slices.Contains(got, "x.log.txt") {
		t.Errorf("in a subfolder: %v", got)
	}
}

// git knows what it ignores.
func TestGitAgrees(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("SKIPPED: no git to compare with")
	}
	alone(t)
	files := map[string]string{
		".gitignore":   "*.tmp.txt\n/top.txt\ndir/\n!dir/back.txt\na/**/z.txt\nfoo/bar.txt\n  spaced.txt\nlit\\#.txt\n\\!bang.txt\nq?.txt\nr[0-9].txt\n**/deep/x.txt\nonly/*\n!only/this.txt\n{b}.txt\ntrail.txt  \n",
		"a/.gitignore": "!k.tmp.txt\nlocal.txt\n",
		"k.tmp.txt":    "", "a/k.tmp.txt": "", "top.txt": "", "a/top.txt": "", "dir/back.txt": "", "a/dir/y.txt": "",
		"a/z.txt": "", "a/b/c/z.txt": "", "foo/bar.txt": "", "x/foo/bar.txt": "", "spaced.txt": "", "lit#.txt": "", "!bang.txt": "",
		"q1.txt": "", "q12.txt": "", "r5.txt": "", "rx.txt": "", "u/deep/x.txt": "", "only/this.txt": "", "only/that.txt": "",
		"{b}.txt": "", "b.txt": "", "trail.txt": "", "a/local.txt": "", "local.txt": "", "private.txt": "", "a/private.txt": "", "mine.txt": "", "kept.txt": "", "a/kept.txt": "",
		"git/ignore": "mine.txt\nkept.txt\n", "home/.gitconfig": "",
	}
	dir := tree(t, files)
	if out, err := exec.Command(git, "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: git init: %v %s", err, out)
	}
	// What the repository and the user ignore; the nearer counts more.
	if err := os.WriteFile(filepath.Join(dir, ".git", "info", "exclude"), []byte("/private.txt\n!kept.txt\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	users := filepath.Join(dir, "git", "ignore")
	for _, where := range []string{"config", "default"} {
		t.Run(where, func(t *testing.T) {
			if where == "default" {
				t.Setenv("XDG_CONFIG_HOME", dir)
			} else if out, err := exec.Command(git, "-C", dir, "config", "core.excludesFile", users).CombinedOutput(); err != nil {
				t.Fatalf("git config: %v %s", err, out)
			}
			gitAgrees(t, git, dir)
			if where == "config" {
				_ = exec.Command(git, "-C", dir, "config", "--unset", "core.excludesFile").Run()
			}
		})
	}
}

func gitAgrees(t *testing.T, git, dir string) {
	out, err := exec.Command(git, "-C", dir, "-c", "core.quotePath=off", "ls-files", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range strings.Fields(string(out)) {
		if strings.HasSuffix(f, ".txt") {
			want = append(want, f)
		}
	}
	got := found(t, dir, nil, false)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("we find %v\ngit has %v", got, want)
	}
}

func TestConfig(t *testing.T) {
	dir := tree(t, map[string]string{
		".congvan.yaml": "rules:\n  CV011: off\n  look-alike: error\nexclude: [old/**]\nfail-on: warning\nmax-errors: 20\nmin-gain: 6\n",
		"sub/x.txt":     "", "empty/.congvan.yaml": "\n", "empty/a/x.txt": "", "repo/.git/HEAD": "",
	})
	var cs Configs
	of := func(sub string) *Config {
		t.Helper()
		c, err := cs.Of(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := of("sub")
	sev, err := c.Severities()
	if err != nil || sev["CV011"] != Off || sev["CV008"] != Error || c.FailOn != "warning" || *c.MaxErrors != 20 || c.MinGain != 6 {
		t.Errorf("%+v, %v, %v", c, sev, err)
	}
	if of(".") != c || of("empty") == c || of("empty/a") != of("empty") || of("nowhere/at/all") != c {
		t.Error("not the nearest configuration governs")
	}
	if of("repo") == c { // a repository is a world of its own
		t.Error("a configuration outside a repository governs in it")
	}
}

// Mistakes in a configuration are shown in place.
func TestConfigMistakes(t *testing.T) {
	for _, tt := range []struct{ text, place, message, hint string }{
		{"# ours\nrulez: {}\n", "2:1", `no setting "rulez"`, "did you mean rules?"},
		{"rules:\n  CV999: off\n", "2:3", `no rule "CV999"`, "--list-rules"},
		{"rules:\n  striped: off\n", "2:3", `no rule "striped"`, "did you mean stripped?"},
		{"rules: {CV001: of}\n", "1:16", `unknown severity "of"`, "did you mean off?"},
		{"files: ['[']\n", "1:9", `"[" is no glob`, ""},
		{"exclude:\n - a\n - 'b['\n", "3:4", `"b[" is no glob`, ""},
		{"fail-on: often\n", "1:10", `"often" is none of`, ""},
		{"max-errors: many\n", "1:13", "expected a number", ""},
		{"max-errors: -1\n", "1:1", "expected 0", ""},
		{"model: maybe\n", "1:8", "expected true or false", ""},
		{"files: '*.txt'\n", "1:8", "sequence", ""},
		{"rules: {CV001: off, CV001: note}\n", "1:21", "already defined", ""},
		{"rules:\n\tCV001: off\n", "2:1", "", ""},
		{"ngày: 1\nfiles: [\n", "2:8", "", ""},
		{"- a\n", "1:1", "", ""},
		{"files: [\xff]\n", "1:1", "not UTF-8", ""},
		{"files: ['" + strings.Repeat("{a,a}", 30) + "b']\n", "1:9", "more than 10000 globs", ""},
		{"rules: &a {CV001: off}\nx: [" + strings.Repeat("*a,", 31) + "]\n", "2:95", "more than 30 aliases", ""},
	} {
		name := filepath.Join(tree(t, map[string]string{ConfigName: tt.text}), ConfigName)
		_, err := ReadConfig(name)
		var ce *ConfigError
		if !errors.As(err, &ce) {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		head := name + ":" + tt.place + ": "
		if got := err.Error(); !strings.HasPrefix(got, head) || !strings.Contains(ce.Message, tt.message) || !strings.Contains(ce.Hint, tt.hint) || tt.hint == "" && ce.Hint != "" {
			t.Errorf("%q: %s; hint %q\nwant %s %s; %s", tt.text, got, ce.Hint, tt.place, tt.message, tt.hint)
		}
		lines := strings.Split(err.Error(), "\n")
		if n := len(lines); n != 3 || !strings.HasSuffix(lines[2], "^") || len([]rune(lines[2])) != 8+ce.Column {
			t.Errorf("%q: no caret under column %d of\n%s", tt.text, ce.Column, err)
		}
	}
}

func TestReadings(t *testing.T) {
	for _, tt := range []struct {
		glob string
		want int
	}{
		{"a", 1}, {"**/*.{txt,md,pdf}", 3}, {"{a,b}/{c,d,e}", 6}, {"{a,{b,c}{d,e}}", 5}, {"a,b}", 1},
		{`\{a,b}`, 1}, {`{a\,b,c}`, 2}, {"{[}],a}{[,],b}", 4}, {`{[\]}],a}`, 2}, {strings.Repeat("{a,b}", 99), mostReadings + 1},
	} {
		if got := readings(tt.glob); got != tt.want {
			t.Errorf("%s stands for %d, want %d", tt.glob, got, tt.want)
		}
	}
}

// Each file is governed by the nearest configuration, and forced excludes hold for
// what is named as for what is found.
func TestForceExclude(t *testing.T) {
	alone(t)
	dir := tree(t, map[string]string{
		".git/HEAD": "", ".congvan.yaml": "exclude: [old, '*.log.txt', sub/gone/**]\n",
		"a.txt": "", "x.log.txt": "", "old/b.txt": "", "old/deep/c.txt": "", "sub/gone/d.txt": "",
		"sub/own/.congvan.yaml": "exclude: [no.txt]\nforce-exclude: true\n", "sub/own/no.txt": "", "sub/own/x.log.txt": "", "sub/own/old/e.txt": "",
	})
	all := "a.txt x.log.txt old/b.txt old/deep/c.txt sub/gone/d.txt sub/own/no.txt sub/own/x.log.txt sub/own/old/e.txt old"
	var named []string
	for _, n := range strings.Fields(all) {
		named = append(named, filepath.Join(dir, n))
	}
	for _, tt := range []struct {
		name  string
		force bool
		paths []string
		want  string
	}{
		{"a walk", false, []string{dir}, ".congvan.yaml a.txt sub/own/.congvan.yaml sub/own/old/e.txt sub/own/x.log.txt"},
		{"named", false, named, "a.txt x.log.txt old/b.txt old/deep/c.txt sub/gone/d.txt sub/own/x.log.txt sub/own/old/e.txt"},
		{"forced", true, named, "a.txt sub/own/x.log.txt sub/own/old/e.txt"},
	} {
		if got := strings.Join(foundBy(t, dir, &Configs{}, FindOptions{ForceExclude: tt.force}, tt.paths...), " "); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// Reading a configuration, a baseline or a .gitignore never panics.
func FuzzParsers(f *testing.F) {
	f.Add([]byte("rules: {CV001: off}\n!a/**/b\n[z"))
	f.Add([]byte("files: ['" + strings.Repeat("{a,a}", 12) + ".txt', '" + strings.Repeat("**/", 40) + "x']"))
	f.Fuzz(func(t *testing.T, in []byte) {
		dir := tree(t, map[string]string{ConfigName: string(in), ".gitignore": string(in), "a.txt": ""})
		if c, err := ReadConfig(filepath.Join(dir, ConfigName)); err == nil {
			found(t, dir, c, false)
		}
		found(t, dir, &Config{}, false)
		b, err := NewBaseline(filepath.Join(dir, "base.json"))
		if err == nil && b.decode(in) == nil {
			b.Accept(&Finding{Rule: &Rules[0]})
			b.Left()
		}
	})
}
