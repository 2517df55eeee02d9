package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// Two inputs never go to one file.
func TestSameTarget(t *testing.T) {
	dir := t.TempDir()
	a, b, out := filepath.Join(dir, "a", "x.txt"), filepath.Join(dir, "b", "x.txt"), filepath.Join(dir, "out")
	for _, p := range []string{a, b} {
		if err := errors.Join(os.Mkdir(filepath.Dir(p), 0o777), os.WriteFile(p, []byte("Kính gửi\n"), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range []string{"convert", "restore"} {
		_, stderr, status := runCmd(t, "", cmd, a, b, "-o", out)
		if status != ExitUsage || !strings.Contains(stderr, a) || !strings.Contains(stderr, b) {
			t.Errorf("%s: status %d, %s", cmd, status, stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s wrote all the same", cmd)
		}
	}
}

// A read that waits ends with its context, and data pass as they are.
func TestInterruptible(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	r := interruptible(ctx, in)
	out.WriteString("Kính gửi")
	b := make([]byte, 100)
	if n, err := io.ReadAtLeast(r, b, 9); n != 11 || err != nil || string(b[:n]) != "Kính gửi" {
		t.Fatal(n, err)
	}
	cancel(stopped)
	if _, err := r.Read(b); !errors.Is(err, stopped) {
		t.Errorf("the error is %v", err)
	}
	out.Close()
	data := bytes.Repeat([]byte("công văn "), 20000)
	if err := iotest.TestReader(&ctxReader{ctx: t.Context(), in: iotest.HalfReader(bytes.NewReader(data))}, data); err != nil {
		t.Error(err)
	}
}
