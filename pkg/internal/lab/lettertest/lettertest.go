// Package lettertest gives tests the letters of testdata/letters: their truth,
// what readers make of them, and garbles made of the truth here. It counts how
// many syllables a text has wrong and keeps the counts in tables that a change
// for the worse must not pass.
package lettertest

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Dir is the folder of the letters.
var Dir = func() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "../../../../testdata/letters")
}()

// Letter is one of the test letters.
type Letter struct {
	Name   string
	Truth  string // lines as a person reads them, a form feed between pages
	Fields synth.Fields
}

// Letters returns the test letters.
func Letters(t testing.TB) []*Letter {
	t.Helper()
	var out []*Letter
	for _, l := range synth.Letters() {
		n := &Letter{Name: l.Name, Truth: read(t, l.Name+".txt")}
		if err := json.Unmarshal([]byte(read(t, l.Name+".json")), &n.Fields); err != nil {
			t.Fatalf("%s.json: %v", l.Name, err)
		}
		out = append(out, n)
	}
	return out
}

// Readings returns what readers make of the letter, by the reader's name: eng,
// vie, …
func (l *Letter) Readings(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir, l.Name+".*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		reader := strings.TrimSuffix(strings.TrimPrefix(name, l.Name+"."), ".txt")
		out[reader] = read(t, name)
	}
	return out
}

func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Pages returns the pages of the letter as a reader that makes no mistakes has
// them. It skips the test where the letter's typeface is not installed.
func (l *Letter) Pages(t testing.TB) []*ocr.Page {
	t.Helper()
	lib, err := library()
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	all := synth.Letters()
	source := all[slices.IndexFunc(all, func(s synth.Letter) bool { return s.Name == l.Name })]
	pages, err := source.Typeset(lib)
	if errors.Is(err, synth.ErrNoFonts) {
		t.Skipf("SKIPPED: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	var out []*ocr.Page
	for _, p := range pages {
		out = append(out, p.Perfect(300))
	}
	return out
}

var library = sync.OnceValues(func() (*synth.Library, error) { return synth.OpenLibrary(synth.FontDirs) })
