package whole

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file is replaced as a whole and keeps its permissions; a link stays a link.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, strings.Repeat("ấ", 84)+".x"), filepath.Join(dir, "link.txt") // 254 bytes
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Skip(err)
	}
	if err := errors.Join(os.Chmod(file, 0o666), os.Symlink(file, link)); err != nil {
		t.Skip(err)
	}
	if err := Write(link, func(w io.Writer) error { io.WriteString(w, "half"); return io.ErrUnexpectedEOF }); err != io.ErrUnexpectedEOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the error is %v", err)
	}
	if got, _ := os.ReadFile(file); string(got) != "old" {
		t.Errorf("after an error the file holds %q", got)
	}
	if err := WriteBytes(link, []byte("new")); err != nil {
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
	if err := WriteBytes(missing, nil); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("the error is %v", err)
	}
}

// A file that would be as it is is not written again.
func TestRewrite(t *testing.T) {
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
		if err := Rewrite(file, func(w io.Writer) error { _, err := io.WriteString(w, tt.text); return err }); err != nil {
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
func TestWriteDevice(t *testing.T) {
	if err := WriteBytes(os.DevNull, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode()&os.ModeDevice == 0 {
		t.Fatal("the device is gone")
	}
}

// A file that a killed run left under the passing name is replaced, and folders
// are made; a folder that is gone for good is said to be.
func TestIn(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := os.WriteFile(filepath.Join(dir, ".part"), []byte("left"), 0o444); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		tmp, name string
		made      bool
	}{{".part", "a.txt", false}, {"new/.part", "new/b.txt", true}} {
		w, err := In(root, tt.tmp, tt.name)
		if err != nil || w.MadeFolders != tt.made {
			t.Fatalf("%s: %v, %+v", tt.name, err, w)
		}
		io.WriteString(w, "công văn")
		if _, err := os.Stat(filepath.Join(dir, tt.name)); err == nil {
			t.Errorf("%s has its name too early", tt.name)
		}
		if err := w.Commit(); err != nil {
			t.Error(err)
		}
		w.Discard()
		if got, _ := os.ReadFile(filepath.Join(dir, tt.name)); string(got) != "công văn" {
			t.Errorf("%s holds %q", tt.name, got)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Skip(err)
	}
	if _, err := In(root, "x/.part", "x/y"); !errors.Is(err, ErrGone) {
		t.Errorf("the error is %v", err)
	}
}
