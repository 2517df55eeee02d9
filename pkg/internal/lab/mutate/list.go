package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A mutant is the program with one line changed.
type mutant struct {
	path     string // of the file, from the root of the module
	old, new string // as the list has them
	source   string // the whole file, changed
	tests    []string
}

func (m *mutant) String() string { return fmt.Sprintf("%s: %s => %s", m.path, m.old, m.new) }

// parse reads a list of mutants:
//
//	# a comment
//	file pkg/restore/build.go
//	test ./pkg/restore -run Letters
//	costShout = NUMBER => costShout = 0
//	if speck(tok) {    => if false {
//
// A mutant belongs to the file above it and is tested with the arguments of go
// test above it. The text before the arrow stands once in the file; white space
// there is any white space, NUMBER any number.
func parse(list string, read func(string) ([]byte, error)) ([]*mutant, error) {
	var out []*mutant
	var path, source string
	var tests []string
	var wrong []error // all texts that are not there
	for n, line := range strings.Split(list, "\n") {
		line = strings.TrimSpace(line)
		fail := func(format string, args ...any) error {
			return fmt.Errorf("line %d: %s: %s", n+1, path, fmt.Sprintf(format, args...))
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "file "); ok {
			data, err := read(rest)
			if err != nil {
				return nil, fail("%v", err)
			}
			path, source = rest, string(data)
			continue
		}
		if rest, ok := strings.CutPrefix(line, "test "); ok {
			tests = strings.Fields(rest)
			continue
		}
		old, new, ok := strings.Cut(line, " => ")
		old, new = strings.TrimSpace(old), strings.TrimSpace(new)
		if !ok || path == "" || tests == nil {
			return nil, fail("want \"old => new\" below a file and a test: %q", line)
		}
		changed, err := change(source, old, new)
		if err != nil {
			wrong = append(wrong, fail("%v", err))
			continue
		}
		out = append(out, &mutant{path: path, old: old, new: new, source: changed, tests: tests})
	}
	return out, errors.Join(wrong...)
}

// change puts new where old stands in a source.
func change(source, old, new string) (string, error) {
	quoted := regexp.QuoteMeta(old)
	quoted = strings.ReplaceAll(quoted, "NUMBER", `-?[0-9][0-9_.e+-]*`)
	quoted = regexp.MustCompile(`\s+`).ReplaceAllString(quoted, `\s+`)
	found := regexp.MustCompile(quoted).FindAllStringIndex(source, -1)
	if len(found) != 1 {
		return "", fmt.Errorf("%q stands %d times in it, want once", old, len(found))
	}
	at := found[0]
	if source[at[0]:at[1]] == new {
		return "", fmt.Errorf("%q changes nothing", old)
	}
	return source[:at[0]] + new + source[at[1]:], nil
}
