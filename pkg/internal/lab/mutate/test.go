package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// verdict is what became of a mutant.
type verdict string

const (
	killed   verdict = "noticed"
	survived verdict = "SURVIVED"
	broken   verdict = "BROKEN"
)

// sane reports an error if the tests fail without any mutant.
func sane(ctx context.Context, mutants []*mutant) error {
	seen := map[string]bool{}
	for _, m := range mutants {
		key := strings.Join(m.tests, " ")
		if seen[key] {
			continue
		}
		seen[key] = true
		if out, err := goTest(ctx, "", m.tests); err != nil {
			return fmt.Errorf("the tests fail without a mutant: go test %s: %w\n%s", key, err, out)
		}
	}
	return nil
}

// test runs the tests of a mutant: the one that noticed it before, the short
// ones, all. It returns which test noticed it, or what go test printed of a broken one.
func (m *mutant) test(ctx context.Context, before string) (v verdict, detail string) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return broken, err.Error()
	}
	defer os.RemoveAll(dir)
	overlay, err := m.overlay(dir)
	if err != nil {
		return broken, err.Error()
	}
	for _, args := range m.rounds(before) {
		out, err := goTest(ctx, overlay, args)
		var exit *exec.ExitError
		switch {
		case err == nil:
			continue
		case !errors.As(err, &exit) || strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]"):
			return broken, out
		}
		return killed, failedTest(out)
	}
	return survived, ""
}

// rounds returns the arguments of go test to try in turn.
func (m *mutant) rounds(before string) [][]string {
	var out [][]string
	if before != "" {
		only := "^" + strings.ReplaceAll(regexp.QuoteMeta(before), "/", "$/^") + "$"
		out = append(out, append(slices.Clone(m.tests), "-run", only))
	}
	if !slices.Contains(m.tests, "-short") {
		out = append(out, append(slices.Clone(m.tests), "-short"))
	}
	return append(out, m.tests)
}

// failedTest returns the name of the first test that failed, "" if none is named.
func failedTest(out string) string {
	name := ""
	for _, m := range regexp.MustCompile(`(?m)^ *--- FAIL: (\S+) \(`).FindAllStringSubmatch(out, -1) {
		if name == "" || strings.HasPrefix(m[1], name+"/") {
			name = m[1]
		}
	}
	return name
}

// overlay writes the changed file and the description that go test wants.
func (m *mutant) overlay(dir string) (string, error) {
	changed := filepath.Join(dir, filepath.Base(m.path))
	if err := os.WriteFile(changed, []byte(m.source), 0o666); err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.path)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, data, 0o666)
}

// goTest runs go test; a mutant may well never end.
func goTest(ctx context.Context, overlay string, args []string) (string, error) {
	flags := []string{"test", "-failfast", "-vet=off", "-timeout=5m"}
	if overlay != "" {
		flags = append(flags, "-overlay="+overlay)
	}
	out, err := exec.CommandContext(ctx, "go", append(flags, args...)...).CombinedOutput()
	return string(out), err
}
