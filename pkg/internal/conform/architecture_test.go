package conform

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The guides name files and tests; all of them are there. A package that no guide
// names is a room without a sign.
func TestGuidesNameWhatIsThere(t *testing.T) {
	root := os.DirFS("../../..")
	var tests bytes.Buffer
	packages := map[string]bool{}
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			packages[filepath.Dir(path)] = true
			return nil
		}
		data, err := fs.ReadFile(root, path)
		tests.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := ""
	for _, guide := range []string{"docs/architecture.md", "CONTRIBUTING.md"} {
		text := string(read(t, guide))
		named += text
		for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
			switch name := m[1]; {
			case regexp.MustCompile(`^(Test|Fuzz|Benchmark|Example)\w*$`).MatchString(name):
				if !regexp.MustCompile(`(?m)^func ` + name + `\(`).Match(tests.Bytes()) {
					t.Errorf("%s: there is no %s", guide, name)
				}
			case regexp.MustCompile(`^(\.ci|\.github|cmd|docs|models|pkg|testdata)/[\w./-]+$`).MatchString(name):
				if _, err := fs.Stat(root, strings.TrimSuffix(name, "/")); err != nil {
					t.Errorf("%s: %v", guide, err)
				}
			}
		}
	}
	for p := range packages {
		if !strings.Contains(named, p+"/") && !strings.Contains(named, p+"`") {
			t.Errorf("no guide names %s", p)
		}
	}
}
