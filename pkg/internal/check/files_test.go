package check

import (
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

func found(t testing.TB, dir string, c *Config, all bool) []string {
	paths, err := Find([]string{dir}, c, all)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range paths {
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		paths[i] = filepath.ToSlash(rel)
	}
	return paths
}

func TestFind(t *testing.T) {
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
	paths, err := Find([]string{filepath.Join(dir, "b.go"), filepath.Join(dir, "sub"), filepath.Join(dir, "sub", "d.txt")}, nil, false)
	if err != nil || len(paths) != 4 {
		t.Errorf("%v, %v", paths, err)
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
	files := map[string]string{
		".gitignore":   "*.tmp.txt\n/top.txt\ndir/\n!dir/back.txt\na/**/z.txt\nfoo/bar.txt\n  spaced.txt\nlit\\#.txt\n\\!bang.txt\nq?.txt\nr[0-9].txt\n**/deep/x.txt\nonly/*\n!only/this.txt\n{b}.txt\ntrail.txt  \n",
		"a/.gitignore": "!k.tmp.txt\nlocal.txt\n",
		"k.tmp.txt":    "", "a/k.tmp.txt": "", "top.txt": "", "a/top.txt": "", "dir/back.txt": "", "a/dir/y.txt": "",
		"a/z.txt": "", "a/b/c/z.txt": "", "foo/bar.txt": "", "x/foo/bar.txt": "", "spaced.txt": "", "lit#.txt": "", "!bang.txt": "",
		"q1.txt": "", "q12.txt": "", "r5.txt": "", "rx.txt": "", "u/deep/x.txt": "", "only/this.txt": "", "only/that.txt": "",
		"{b}.txt": "", "b.txt": "", "trail.txt": "", "a/local.txt": "", "local.txt": "",
	}
	dir := tree(t, files)
	if out, err := exec.Command(git, "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: git init: %v %s", err, out)
	}
	out, err := exec.Command(git, "-C", dir, "-c", "core.excludesFile=", "-c", "core.quotePath=off", "ls-files", "--others", "--exclude-standard").Output()
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
		"sub/x.txt":     "", "bad/.congvan.yaml": "rulez: {}\n", "worse/.congvan.yaml": "rules: {CV999: off}\n", "glob/.congvan.yaml": "files: ['[']\n", "empty/.congvan.yaml": "\n",
	})
	c, err := FindConfig(filepath.Join(dir, "sub"))
	if err != nil || c == nil {
		t.Fatalf("%v, %v", c, err)
	}
	sev, err := c.Severities()
	if err != nil || sev["CV011"] != Off || sev["CV008"] != Error || c.FailOn != "warning" || *c.MaxErrors != 20 || c.MinGain != 6 {
		t.Errorf("%+v, %v, %v", c, sev, err)
	}
	for _, d := range []string{"bad", "worse", "glob"} {
		if _, err := FindConfig(filepath.Join(dir, d)); err == nil || !strings.Contains(err.Error(), d) {
			t.Errorf("%s: %v", d, err)
		}
	}
	if _, err := FindConfig(filepath.Join(dir, "empty")); err != nil {
		t.Errorf("empty: %v", err)
	}
}

// Reading a configuration, a baseline or a .gitignore never panics.
func FuzzParsers(f *testing.F) {
	f.Add([]byte("rules: {CV001: off}\n!a/**/b\n[z"))
	f.Fuzz(func(t *testing.T, in []byte) {
		dir := tree(t, map[string]string{ConfigName: string(in), ".gitignore": string(in), "a.txt": ""})
		if c, err := ReadConfig(filepath.Join(dir, ConfigName)); err == nil {
			found(t, dir, c, false)
		}
		found(t, dir, nil, false)
		if b, err := ReadBaseline(strings.NewReader(string(in))); err == nil {
			b.Accept(&Finding{Rule: &Rules[0]})
		}
	})
}
