package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestGrowth: an input twice as long takes less than three times the work, whether
// that is counted in statements or in bytes allocated. What is quadratic takes four
// times. So that neither what any input costs nor what is linear hides it, what the
// second half of the longer input adds is compared with what that of the shorter adds:
// twice as much if all is linear, four times if all is quadratic.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	program := filepath.Join(t.TempDir(), "growth")
	build := exec.Command("go", "build", "-cover", "-covermode=atomic", "-coverpkg=github.com/congvan-cli/congvan/pkg/...", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range slices.Sorted(maps.Keys(works)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const size, tries = 20, 3 // what runs by the clock, such as progress, adds to the work of a busy machine
			for try := 1; ; try++ {
				said := grows(t, program, name, size)
				if said == "" {
					return
				}
				if try == tries {
					t.Fatal(said)
				}
				t.Log(said)
			}
		})
	}
}

// grows says how a work grows by more than it may, nothing if it does not.
func grows(t *testing.T, program, name string, size int) string {
	steps, _ := measure(t, program, name, size)
	steps2, bytes2 := measure(t, program, name, 2*size)
	steps4, bytes4 := measure(t, program, name, 4*size)
	more, more2 := steps2-steps, steps4-steps2
	if more <= 0 || 2*more2 > 5*more || bytes4 > 3*max(bytes2, 1<<16) {
		return fmt.Sprintf("%d, %d, %d statements for an input, for one twice and one four times as long; %d bytes, %d for twice the input",
			steps, steps2, steps4, bytes2, bytes4)
	}
	return ""
}

// measure returns how many statements a work runs and how many bytes it
// allocates.
func measure(t *testing.T, program, name string, size int) (steps, bytes int) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program, name, strconv.Itoa(size))
	cmd.Env = append(os.Environ(), "GOCOVERDIR="+dir, "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %d: %v", name, size, err)
	}
	if bytes, err = strconv.Atoi(strings.TrimSpace(string(out))); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "counts")
	if out, err := exec.CommandContext(t.Context(), "go", "tool", "covdata", "textfmt", "-i="+dir, "-o="+text).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) { // file.go:12.3,14.2 statements times
		var statements, times int
		_, counts, _ := strings.Cut(line, " ")
		if n, _ := fmt.Sscan(counts, &statements, &times); n == 2 {
			steps += statements * times
		}
	}
	return steps, bytes
}
