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

// A file is replaced as a whole and keeps its permissions; a link stays a link.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, strings.Repeat("ấ", 84)+".x"), filepath.Join(dir, "link.txt") // 254 bytes
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Skip(err)
	}
	if err := errors.Join(os.Chmod(file, 0o666), os.Symlink(file, link)); err != nil {
		t.Skip(err)
	}
	if err := replaceFile(link, func(w io.Writer) error { io.WriteString(w, "half"); return io.ErrUnexpectedEOF }); err != io.ErrUnexpectedEOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the error is %v", err)
	}
	if got, _ := os.ReadFile(file); string(got) != "old" {
		t.Errorf("after an error the file holds %q", got)
	}
	if err := replaceFile(link, writeBytes([]byte("new"))); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != "new" {
		t.Errorf("the file holds %q", got)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o666 {
		t.Errorf("permissions are now %v", info.Mode())
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is no link any more")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".*")); len(names) > 0 {
		t.Errorf("left behind: %q", names)
	}
	missing := filepath.Join(dir, "missing", "x.txt")
	if err := replaceFile(missing, writeBytes(nil)); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("the error is %v", err)
	}
}

// A file that would be as it is is not written again.
func TestRewriteFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.txt")
	long := strings.Repeat("công văn\n", 10000)
	if err := os.WriteFile(file, []byte(long), 0o666); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(file)
	for _, tt := range []struct {
		text string
		same bool
	}{{long, true}, {long[:len(long)-1], false}, {long, false}, {"", false}} {
		if err := rewriteFile(file, writeBytes([]byte(tt.text))); err != nil {
			t.Fatal(err)
		}
		after, _ := os.Stat(file)
		if got, _ := os.ReadFile(file); string(got) != tt.text || os.SameFile(before, after) != tt.same {
			t.Errorf("%d bytes for %d, the same file: %v", len(got), len(tt.text), os.SameFile(before, after))
		}
		before = after
	}
	if names, _ := os.ReadDir(filepath.Dir(file)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

// What is no regular file is written to, not replaced.
func TestReplaceDevice(t *testing.T) {
	if err := replaceFile(os.DevNull, writeBytes([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode()&os.ModeDevice == 0 {
		t.Fatal("the device is gone")
	}
}

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
