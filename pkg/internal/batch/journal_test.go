package batch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// A line that was cut off is taken away, one that is damaged is passed over,
// and only their documents are done again.
func TestTornJournal(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(b []byte) []byte
		again  int
	}{
		{"last line cut off", func(b []byte) []byte { return b[:len(b)-40] }, 1},
		{"last newline missing", func(b []byte) []byte { return b[:len(b)-1] }, 1},
		{"zeros after a power cut", func(b []byte) []byte { return append(b[:len(b)-10], make([]byte, 300<<10)...) }, 1},
		{"a line in the middle", func(b []byte) []byte { b[bytes.IndexByte(b, '\n')+9] = 0; return b }, 1},
		{"nothing left", func(b []byte) []byte { return nil }, 5},
		{"one line, torn", func(b []byte) []byte { return b[:20] }, 5},
		{"a row of another kind", func(b []byte) []byte { return append(b, "{\"type\":\"run\",\"path\":\"a.pdf\"}\n"...) }, 0},
		{"empty lines", func(b []byte) []byte { return append(b, "\n\n"...) }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newTestRun(t, map[string]string{"a.pdf": "1", "b.pdf": "2", "c.pdf": "3", "d.pdf": "4", "e.pdf": "5"})
			old(t, b.in)
			b.must()
			want := contents(t, b.out)
			name := filepath.Join(b.out, journalName)
			text, _ := os.ReadFile(name)
			os.WriteFile(name, tt.damage(text), 0o666)
			s, _ := b.must()
			if s.Done != tt.again || s.Skipped != 5-tt.again {
				t.Errorf("%+v", s)
			}
			b.want(want)
			if s, _ := b.must(); s.Done != 0 {
				t.Errorf("third run: %+v", s)
			}
		})
	}
}

// A journal with any bytes in it is read or passed over, never a panic.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"type":"document","path":"a.pdf","outputs":[{"path":"../../x"}]}` + "\n"))
	f.Add([]byte("{\"path\":{\"bytes\":\"gA==\"}}\nnull\n[]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		os.WriteFile(filepath.Join(dir, journalName), text, 0o666)
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		j, err := openJournal(root, dir, Shard{}, false)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if err := j.append([]*Row{{Type: "document", Path: "x.pdf", State: Done, Start: time.Now()}}, nil); err != nil {
			t.Fatal(err)
		}
		if r := j.row("x.pdf"); r == nil || r.State != Done {
			t.Errorf("the row appended is not found: %+v", r)
		}
	})
}

// Names that are not UTF-8 come back as they were.
func TestNameJSON(t *testing.T) {
	for _, n := range []Name{"a", "công văn", "a\nb\"<&>", "\xab\xb8", ""} {
		b, err := json.Marshal(n)
		var back Name
		if err == nil {
			err = json.Unmarshal(b, &back)
		}
		if err != nil || back != n {
			t.Errorf("%q -> %s -> %q, %v", n, b, back, err)
		}
	}
}

// A second run on the same folder is refused; parts run beside each other, but
// not beside a whole run; a lock that a dead process left is taken over.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	take := func(s Shard) (*lock, string, bool) {
		l, stale, err := takeLock(root, s)
		return l, stale, err == nil
	}
	whole, _, _ := take(Shard{})
	for _, s := range []Shard{{}, {1, 4}} {
		_, _, err := takeLock(root, s)
		if class, hint := fault.ClassOf(err), fault.HintOf(err); err == nil || class != fault.Collision || hint == "" || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
			t.Errorf("%v beside a whole run: %v", s, err)
		}
	}
	whole.release()
	one, _, ok1 := take(Shard{1, 4})
	two, _, ok2 := take(Shard{2, 4})
	_, _, again := take(Shard{1, 4})
	_, _, all := take(Shard{})
	if !ok1 || !ok2 || again || all {
		t.Errorf("parts beside each other: %v %v; the same part twice: %v; a whole run beside parts: %v", ok1, ok2, again, all)
	}
	one.release()
	if !exists(filepath.Join(dir, lockName)) {
		t.Error("the first part to leave took the common lock along")
	}
	two.release()
	if left := contents(t, dir); len(left) != 0 || exists(filepath.Join(dir, lockName)) {
		t.Error("the last part to leave left the common lock")
	}
	writeFiles(t, dir, map[string]string{lockName: `{"pid":999999999,"host":"archive","start":"2026-01-02T03:04:05Z"}`})
	whole, stale, ok := take(Shard{})
	if !ok || !strings.Contains(stale, "999999999") {
		t.Errorf("stale lock: %v %q", ok, stale)
	}
	whole.release()
	if exists(filepath.Join(dir, lockName)) {
		t.Error("the lock file is left over")
	}
}

// Where files can't be locked, what the lock file says decides.
func TestLockInfo(t *testing.T) {
	host, _ := os.Hostname()
	for _, tt := range []struct {
		info lockInfo
		want bool
	}{
		{lockInfo{}, false},
		{lockInfo{PID: os.Getppid(), Host: host}, true},
		{lockInfo{PID: os.Getpid(), Host: host}, false}, // we were given the number of the dead
		{lockInfo{PID: 999999999, Host: host}, false},
		{lockInfo{PID: 999999999, Host: "another " + host}, true}, // can't be asked
	} {
		if got := tt.info.running(); got != tt.want {
			t.Errorf("%v: running = %v", tt.info, got)
		}
	}
}

// Verify sees what is missing, altered, torn; Merge and Rows take the rows that
// count from all journals.
// Outputs that were written anew and recorded are not altered, and are no hand's work.
func TestRecord(t *testing.T) {
	b := newTestRun(t, map[string]string{"x/a.pdf": "mot", "x/b.pdf": "hai"})
	b.must()
	file := filepath.Join(b.out, "x", "a.txt")
	writeFiles(t, b.out, map[string]string{"x/a.txt": "MỘT\n"})
	altered := func() int {
		v, err := Verify(t.Context(), []string{b.out}, 1)
		if err != nil {
			t.Fatal(err)
		}
		return len(v.Findings)
	}
	if n := altered(); n != 1 {
		t.Fatalf("%d findings", n)
	}
	if err := Record(t.Context(), []string{file}); err != nil {
		t.Fatal(err)
	}
	if n := altered(); n != 0 {
		t.Errorf("%d findings", n)
	}
	if s, _ := b.must(); s.Skipped != 2 {
		t.Errorf("%+v", s)
	}
	for _, none := range []string{filepath.Join(t.TempDir(), "a.txt"), filepath.Join(b.out, "x", "other.txt")} {
		if err := Record(t.Context(), []string{none}); err != nil {
			t.Errorf("%s: %v", none, err)
		}
	}
}

func TestVerifyAndMerge(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "1", "b.pdf": "2", "c.pdf": "3", "d.pdf": "!damaged"})
	old(t, b.in)
	for i := range 2 {
		b.cfg.Shard = Shard{i, 2}
		b.must()
	}
	b.cfg.Shard = Shard{}
	b.cfg.Redo = true
	b.must() // rows of all documents again, in a third journal
	v, err := Verify(t.Context(), []string{b.out}, 2)
	if err != nil || len(v.Findings) != 0 || v.Documents != 4 || v.Outputs != 6 {
		t.Fatalf("%+v %v", v, err)
	}
	var merged bytes.Buffer
	if err := Merge(&merged, []string{b.out}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(merged.String()), "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], `"path":"a.pdf"`) || !strings.Contains(lines[3], `"failed"`) {
		t.Errorf("merged: %s", merged.String())
	}
	var again bytes.Buffer
	os.WriteFile(filepath.Join(b.out, "all.jsonl"), merged.Bytes(), 0o666)
	if err := Merge(&again, []string{filepath.Join(b.out, "all.jsonl")}); err != nil || again.String() != merged.String() {
		t.Errorf("merging a merged journal: %v", err)
	}
	os.Remove(filepath.Join(b.out, "a.txt"))
	writeFiles(t, b.out, map[string]string{"b.n": "9\n"})
	f, _ := os.OpenFile(filepath.Join(b.out, journalName), os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("nonsense\n{\"torn")
	f.Close()
	v, err = Verify(t.Context(), []string{b.out}, 2)
	kinds := map[string]int{}
	for _, f := range v.Findings {
		kinds[f.Kind]++
	}
	if err != nil || fmt.Sprint(kinds) != "map[altered:1 damaged-row:1 missing:1 torn-row:1]" {
		t.Errorf("%v %v", kinds, err)
	}
}
