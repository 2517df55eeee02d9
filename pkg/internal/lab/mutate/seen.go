package main

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// seen is which test noticed which mutant when it was last asked: lines of a
// mutant, a tab and the name of the test.
type seen struct {
	path string
	by   map[string]string // test by mutant
}

// openSeen reads what was seen; if there is no such file, nothing was.
func openSeen(path string) *seen {
	s := &seen{path, map[string]string{}}
	data, _ := os.ReadFile(path)
	for line := range strings.Lines(string(data)) {
		if m, test, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			s.by[m] = test
		}
	}
	return s
}

func (s *seen) write() error {
	var b strings.Builder
	for _, m := range slices.Sorted(maps.Keys(s.by)) {
		if s.by[m] != "" {
			b.WriteString(m + "\t" + s.by[m] + "\n")
		}
	}
	return os.WriteFile(s.path, []byte(b.String()), 0o666)
}
