package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
)

// Every flag that others have and ocr has not is answered with what to do, and flags
// that ocr has need no answer.
func TestHabits(t *testing.T) {
	for flag, hint := range habits {
		arg := "--" + flag
		if len(flag) == 1 {
			arg = "-" + flag
		}
		_, errs, status := runCmd(t, "", "ocr", arg, "a.pdf", "-o", "out")
		if status != ExitUsage || !strings.Contains(errs, "hint: "+hint) {
			t.Errorf("%s: status %d\n%s", arg, status, errs)
		}
	}
	for _, hint := range habits {
		for _, word := range strings.Fields(hint) {
			name, ok := strings.CutPrefix(strings.TrimRight(word, ",;."), "--")
			if ok && newOCRCmd(Std(), nil).Flags().Lookup(name) == nil {
				t.Errorf("a hint names --%s, which is no flag of ocr", name)
			}
		}
	}
}

func TestListed(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".", map[string]string{"dos": "a b.pdf\r\n\r\n-\r\n--x", "nul": "a\nb\x00-\x00"})
	for _, tt := range []struct {
		flags inputFlags
		stdin string
		want  []string
	}{
		{inputFlags{from: "dos"}, "", []string{"a b.pdf", "./-", "--x"}},
		{inputFlags{from: "nul", null: true}, "", []string{"a\nb", "./-"}},
		{inputFlags{from: "-"}, "x\ny", []string{"x", "y"}},
		{inputFlags{from: "-"}, "", nil},
		{inputFlags{}, "x", nil},
	} {
		got, err := tt.flags.listed(&Streams{In: strings.NewReader(tt.stdin)})
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %q, %v; want %q", tt.flags, got, err, tt.want)
		}
	}
}

// A pipe that nobody writes to does not outlast the run.
func TestSpoolInterrupted(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := streams(ctx, &Streams{In: r}, []string{"-"}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "stdin") {
		t.Errorf("%v", err)
	}
}

// A command runs for every document but those that failed, with names as they are.
func TestAfter(t *testing.T) {
	var log bytes.Buffer
	var failed []string
	a := startAfter(&Streams{Err: &log}, `printf '%s|' {} {txt} "$CONGVAN_OUTPUT" $CONGVAN_STATE $CONGVAN_PAGES "${HOME:+x}" {nothing}; test {} != /in/b`, "out",
		func(row *batch.Row, _ error) { failed = append(failed, string(row.Path)) })
	a.document(&batch.Row{Root: "/in", Path: "a'b c/$x.pdf", Output: "a'b c/$x", State: batch.Done, Pages: 3})
	a.document(&batch.Row{Root: "/in", Path: "gone", State: batch.Failed})
	a.document(&batch.Row{Root: "/in", Path: "b", Output: "b", State: batch.Partial, Pages: 1})
	t.Setenv("HOME", "/")
	n := a.close()
	base := filepath.Join("out", "a'b c/$x")
	want := "/in/a'b c/$x.pdf|" + base + ".txt|" + base + "|done|3|x|{nothing}|/in/b|" + filepath.Join("out", "b.txt") + "|" + filepath.Join("out", "b") + "|partial|1|x|{nothing}|"
	if got := log.String(); got != want || n != 1 || !slices.Equal(failed, []string{"b"}) {
		t.Errorf("%d failed, %v:\n%s\nwant\n%s", n, failed, got, want)
	}
	if (*after)(nil).close() != 0 {
		t.Error("no command fails")
	}
}
