package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	files := map[string]string{"a.go": "const (\n\tcost   = 1.5e-3 // why\n\tprior  = -2\n)\nif x { f() }\nif y { f() }\n"}
	read := func(path string) ([]byte, error) {
		if s, ok := files[path]; ok {
			return []byte(s), nil
		}
		return nil, errors.New("no such file")
	}
	for _, tt := range []struct{ list, want, err string }{
		{"cost = NUMBER => cost = 0", "\tcost = 0 // why\n", ""},
		{"prior = NUMBER => prior = 9", "\tprior = 9\n)", ""},
		{"if x { => if !(x) {", "if !(x) { f() }\nif y { f() }", ""},
		{"f() => g()", "", `line 4: a.go: "f()" stands 2 times in it`},
		{"if z { => if x {", "", `"if z {" stands 0 times in it`},
		{"if x { => if x {", "", "changes nothing"},
		{"if x {", "", "old => new"},
		{"file b.go", "", "no such file"},
	} {
		got, err := parse("# first\nfile a.go\ntest ./a -run A\n"+tt.list, read)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q: error %v, want %q", tt.list, err, tt.err)
			}
		case err != nil || len(got) != 1:
			t.Errorf("%q: %v, %v", tt.list, got, err)
		case !strings.Contains(got[0].source, tt.want) || strings.Join(got[0].tests, " ") != "./a -run A":
			t.Errorf("%q: tests %q, source\n%s", tt.list, got[0].tests, got[0].source)
		}
	}
	if _, err := parse("f() => g()", read); err == nil {
		t.Error("a mutant of no file was accepted")
	}
}

// The list of the project fits the program.
func TestListFits(t *testing.T) {
	t.Chdir("../../../..")
	mutants, err := load(".ci/mutants", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(mutants) < 100 {
		t.Errorf("%d mutants, want 100", len(mutants))
	}
}

// The test that noticed a mutant is asked first the next time, all are in the end.
func TestRounds(t *testing.T) {
	out := "--- FAIL: TestA (0.1s)\n    --- FAIL: TestA/x.y (0.00s)\n        a_test.go:1: no\n--- FAIL: TestB (0s)\n"
	name := failedTest(out)
	if name != "TestA/x.y" {
		t.Errorf("failed: %q", name)
	}
	m := &mutant{tests: []string{"./a"}}
	got := fmt.Sprint(m.rounds(name))
	if want := `[[./a -run ^TestA$/^x\.y$] [./a -short] [./a]]`; got != want {
		t.Errorf("rounds %s, want %s", got, want)
	}
	if failedTest("panic: out of range") != "" {
		t.Error("a panic has no name")
	}
}

// What was seen is read again as it was written.
func TestSeen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.seen")
	s := openSeen(path)
	s.by["a.go: x => y"], s.by["b.go: x => y"] = "TestA/b", ""
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	got := openSeen(path).by
	if len(got) != 1 || got["a.go: x => y"] != "TestA/b" {
		t.Errorf("seen: %q", got)
	}
}
