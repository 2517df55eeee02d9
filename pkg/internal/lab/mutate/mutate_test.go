package main

import (
	"errors"
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
