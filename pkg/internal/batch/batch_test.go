package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// fake is the job of these tests. A document is a text file; a line is a page,
// and the line says what becomes of it:
//
//	hello     is read as HELLO
//	!crash    fails like a worker that died; so do the others in faultPages
//	!hang     answers when its context ends; !deaf never answers
//	!panic    panics
//
// The first output is all pages, a line each; the second their number.
type fake struct {
	job   Job
	delay time.Duration
	from  int // the number before that of the first page
	mu    sync.Mutex
	reads map[string]int // of documents opened
	hook  func(in Input) // called by Open
}

func newFake() *fake {
	f := &fake{reads: map[string]int{}}
	f.job = Job{
		Options: "o1", Model: "m1", Suffixes: []string{".txt", ".n"}, Open: f.open,
		Accept: func(name string) bool {
			return slices.Contains([]string{".doc", ".pdf", ".tif"}, filepath.Ext(name))
		},
	}
	return f
}

func (f *fake) open(_ context.Context, in Input, out *Outputs) (Document, error) {
	f.mu.Lock()
	f.reads[in.Rel]++
	f.mu.Unlock()
	if f.hook != nil {
		f.hook(in)
	}
	b, err := os.ReadFile(in.Path)
	if err != nil {
		return nil, err
	}
	if s, ok := strings.CutPrefix(string(b), "pages "); ok {
		n, _ := strconv.Atoi(strings.TrimSpace(s))
		return &fakeDoc{fake: f, lines: slices.Repeat([]string{"x"}, n), out: out}, nil
	}
	switch {
	case len(b) == 0:
		return nil, fault.Errorf(fault.Empty, "no bytes")
	case strings.HasPrefix(string(b), "!damaged"):
		return nil, fault.Errorf(fault.Damaged, "not a document")
	case strings.HasPrefix(string(b), "!outside"):
		_, err := out.Create("/../../outside.txt")
		return nil, err
	case strings.HasPrefix(string(b), "!nodata"):
		return nil, Stop(errors.New("no trained data"))
	}
	return &fakeDoc{fake: f, lines: strings.Split(strings.TrimSuffix(string(b), "\n"), "\n"), out: out}, nil
}

type fakeDoc struct {
	fake  *fake
	lines []string
	out   *Outputs
	w     io.Writer
	got   int
}

func (d *fakeDoc) Pages() int { return len(d.lines) }

var faultPages = map[string]error{
	"!crash":  fault.New(fault.Crash, errors.New("signal: segmentation fault")),
	"!oom":    fault.New(fault.Memory, errors.New("signal: killed")),
	"!bomb":   fault.New(fault.TooLarge, errors.New("60000 x 60000 pixels")),
	"!holes":  &fault.Error{Class: fault.Damaged, Err: errors.New("holes"), Kept: true},
	"!gone":   os.ErrNotExist,
	"!locked": os.ErrPermission,
}

func (d *fakeDoc) Number(n int) int { return n + 1 + d.fake.from }

func (d *fakeDoc) Read(ctx context.Context, n int) error {
	if d.fake.delay > 0 {
		select {
		case <-time.After(d.fake.delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch line := d.lines[n]; line {
	case "!hang":
		<-ctx.Done()
		return ctx.Err()
	case "!deaf":
		select {}
	case "!panic":
		panic("a bug")
	default:
		return faultPages[line]
	}
}

func (d *fakeDoc) Emit(n int, readErr error) (err error) {
	if n != d.got {
		return fmt.Errorf("page %d emitted after %d pages", n, d.got)
	}
	d.got++
	if d.w == nil {
		if d.w, err = d.out.Create(".txt"); err != nil {
			return err
		}
	}
	line := strings.ToUpper(d.lines[n])
	if readErr != nil {
		line = "?"
	}
	_, err = fmt.Fprintln(d.w, line)
	return err
}

func (d *fakeDoc) Finish() (Info, error) {
	w, err := d.out.Create(".n")
	if err != nil {
		return Info{}, err
	}
	_, err = fmt.Fprintln(w, d.got)
	info := Info{Confidence: 0.5 + 0.5/float64(max(len(d.lines[0]), 1))}
	for i, l := range d.lines {
		if l == "!blank" {
			info.Blank = append(info.Blank, i+1)
		}
	}
	return info, err
}

func (d *fakeDoc) Close() error { return nil }

// heard is a Reporter that remembers.
type heard struct {
	rows    []*Row
	skipped map[string]Reason
	notes   []string
	waiting int
}

func (h *heard) Begin(int, map[string]int) {}
func (h *heard) Waiting()                  { h.waiting++ }
func (h *heard) Document(r *Row)           { h.rows = append(h.rows, r) }
func (h *heard) Note(msg string)           { h.notes = append(h.notes, msg) }
func (h *heard) Skip(rel string, _ *Row, why Reason) {
	if h.skipped == nil {
		h.skipped = map[string]Reason{}
	}
	h.skipped[rel] = why
}

// row returns what was heard of a document.
func (h *heard) row(t *testing.T, rel string) *Row {
	t.Helper()
	for _, r := range h.rows {
		if string(r.Path) == rel {
			return r
		}
	}
	t.Fatalf("nothing heard of %q", rel)
	return nil
}

// writeFiles makes files below a folder from a map of their texts.
func writeFiles(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// contents reads all files below a folder but for those of the batch itself.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		if reserved(rel) {
			return nil
		}
		b, err := os.ReadFile(p)
		got[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// testRun is an input and an output folder and what is needed to run over them.
type testRun struct {
	*testing.T
	in, out string
	fake    *fake
	cfg     Config
}

func newTestRun(t *testing.T, files map[string]string) *testRun {
	dir := t.TempDir()
	b := &testRun{T: t, in: filepath.Join(dir, "in"), out: filepath.Join(dir, "out"), fake: newFake()}
	if err := os.Mkdir(b.in, 0o777); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, b.in, files)
	b.cfg = Config{Inputs: []string{b.in}, Out: b.out, Jobs: 3}
	return b
}

func (b *testRun) run() (*Summary, *heard, error) {
	h := &heard{}
	cfg := b.cfg
	cfg.Report = h
	s, err := Run(context.Background(), cfg, b.fake.job)
	return s, h, err
}

func (b *testRun) must() (*Summary, *heard) {
	b.Helper()
	s, h, err := b.run()
	if err != nil {
		b.Fatal(err)
	}
	return s, h
}

// swap replaces the bytes of an input and keeps its time.
func (b *testRun) swap(name, text string) {
	b.Helper()
	p := filepath.Join(b.in, name)
	st, err := os.Stat(p)
	if err != nil {
		b.Fatal(err)
	}
	writeFiles(b.T, b.in, map[string]string{name: text})
	if err := os.Chtimes(p, st.ModTime(), st.ModTime()); err != nil {
		b.Fatal(err)
	}
}

func (b *testRun) want(files map[string]string) {
	b.Helper()
	got := contents(b.T, b.out)
	for name, text := range files {
		if got[name] != text {
			b.Errorf("%q holds %q, want %q", name, got[name], text)
		}
	}
	for name := range got {
		if _, ok := files[name]; !ok {
			b.Errorf("%q is there and should not be", name)
		}
	}
}

// A batch writes an output tree like the input tree and a row a document, and
// the second run has nothing to do.
func TestTwice(t *testing.T) {
	b := newTestRun(t, map[string]string{
		"a.pdf": "mot\nhai\n", "2010/b.pdf": "ba", "2010/01/c.pdf": "bon", "notes.md": "ignored", ".hidden.pdf": "ignored",
	})
	old(t, b.in)
	want := map[string]string{
		"a.txt": "MOT\nHAI\n", "a.n": "2\n", "2010/b.txt": "BA\n", "2010/b.n": "1\n", "2010/01/c.txt": "BON\n", "2010/01/c.n": "1\n",
	}
	s, h := b.must()
	b.want(want)
	if s.Done != 3 || s.Pages != 4 || s.Ignored != 2 || !s.Complete {
		t.Errorf("summary %+v", s)
	}
	r := h.row(t, "a.pdf")
	sum := sha256.Sum256([]byte("mot\nhai\n"))
	if r.State != Done || r.Pages != 2 || r.Size != 8 || r.SHA256 != hex.EncodeToString(sum[:]) || len(r.Outputs) != 2 || r.Options != "o1" || r.Model != "m1" {
		t.Errorf("row %+v", r)
	}
	s, h = b.must()
	if s.Done != 0 || s.Skipped != 3 || len(b.fake.reads) != 3 || h.skipped["a.pdf"] != ReasonDone {
		t.Errorf("second run: %+v %v", s, h.skipped)
	}
	if _, err := os.Stat(filepath.Join(b.out, lockName)); err == nil {
		t.Error("the lock is left over")
	}
}

// old makes all files below dir an hour old, so that their times vouch for them.
func old(t testing.TB, dir string) {
	t.Helper()
	then := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			err = os.Chtimes(p, then, then)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a second run does depends on what has changed.
func TestReasons(t *testing.T) {
	for _, tt := range []struct {
		change string
		do     func(b *testRun)
		want   Reason // "" means done again
		reads  int
	}{
		{"nothing", func(b *testRun) {}, ReasonDone, 1},
		{"the bytes", func(b *testRun) { writeFiles(b.T, b.in, map[string]string{"a.pdf": "hai"}) }, "", 2},
		{"the bytes, not the size", func(b *testRun) { writeFiles(b.T, b.in, map[string]string{"a.pdf": "mat"}) }, "", 2},
		{"the time alone", func(b *testRun) { os.Chtimes(filepath.Join(b.in, "a.pdf"), time.Now(), time.Now()) }, ReasonTouched, 1},
		{"the options", func(b *testRun) { b.fake.job.Options = "o2" }, "", 2},
		{"the model", func(b *testRun) { b.fake.job.Model = "m2" }, "", 2},
		{"an output is gone", func(b *testRun) { os.Remove(filepath.Join(b.out, "a.n")) }, "", 2},
		{"an output was edited by hand", func(b *testRun) { writeFiles(b.T, b.out, map[string]string{"a.txt": "mine"}) }, ReasonDone, 1},
		{"--redo", func(b *testRun) { b.cfg.Redo = true }, "", 2},
		// Same size and time, other bytes: only --checksum sees it.
		{"bytes behind our back", func(b *testRun) { b.swap("a.pdf", "mat") }, ReasonDone, 1},
		{"the same, --checksum", func(b *testRun) { b.cfg.Checksum = true; b.swap("a.pdf", "mat") }, "", 2},
		{"--checksum alone", func(b *testRun) { b.cfg.Checksum = true }, ReasonDone, 1},
	} {
		t.Run(tt.change, func(t *testing.T) {
			b := newTestRun(t, map[string]string{"a.pdf": "mot"})
			old(t, b.in)
			b.must()
			tt.do(b)
			_, h := b.must()
			if h.skipped["a.pdf"] != tt.want || b.fake.reads["a.pdf"] != tt.reads {
				t.Errorf("skipped %q, want %q; opened %d times, want %d", h.skipped["a.pdf"], tt.want, b.fake.reads["a.pdf"], tt.reads)
			}
			b.cfg.Redo, b.cfg.Checksum = false, false
			if _, h := b.must(); !h.skipped["a.pdf"].Skipped() {
				t.Error("the third run did it again")
			}
		})
	}
}

// A file that was written a moment before it was read is hashed again next
// time: it may have changed since within one tick of the clock.
func TestRacy(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.must()
	b.swap("a.pdf", "hai")
	b.must()
	b.want(map[string]string{"a.txt": "HAI\n", "a.n": "1\n"})
}

// Every fault of a document is that document's failure with its class and a
// hint; the others are done.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		class      fault.Class
		state      State
	}{
		{"worker crash", "!crash", fault.Crash, Failed},
		{"holes in the only page", "!holes", fault.Damaged, Partial},
		{"one page of three", "mot\n!crash\nba", fault.Crash, Partial},
		{"out of memory", "!oom", fault.Memory, Failed},
		{"hang", "!hang", fault.Timeout, Failed},
		{"hang that does not answer", "!deaf", fault.Timeout, Failed},
		{"damaged", "!damaged", fault.Damaged, Failed},
		{"decompression bomb", "!bomb", fault.TooLarge, Failed},
		{"10,000 pages", "pages 10000", fault.TooManyPages, Failed},
		{"no pages", "pages 0", fault.NoPages, Failed},
		{"no bytes", "", fault.Empty, Failed},
		{"vanished while read", "!gone", fault.Missing, Failed},
		{"permission denied", "!locked", fault.Permission, Failed},
		{"a bug", "!panic", fault.Internal, Failed},
		{"a name that climbs out", "!outside", fault.Unsafe, Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newTestRun(t, map[string]string{"a.pdf": "mot", "m.pdf": tt.text, "z.pdf": "hai"})
			b.cfg.PageTimeout, b.cfg.MaxPages = 300*time.Millisecond, 5000
			s, h := b.must()
			r := h.row(t, "m.pdf")
			if r.Class != tt.class || r.State != tt.state || r.Error == "" || r.Hint == "" || s.Classes[tt.class] != 1 || s.Done != 2 {
				t.Errorf("row %+v hint %q, summary %+v", r, r.Hint, s)
			}
			want := map[string]string{"a.txt": "MOT\n", "a.n": "1\n", "z.txt": "HAI\n", "z.n": "1\n"}
			if tt.state == Partial {
				lines := strings.Split(tt.text, "\n")
				for _, l := range lines {
					if l[0] == '!' {
						l = "?"
					}
					want["m.txt"] += strings.ToUpper(l) + "\n"
				}
				want["m.n"] = fmt.Sprintln(len(lines))
			}
			b.want(want)
			if r.Retryable != tt.class.Retryable() {
				t.Error("the row does not say whether to try again")
			}
		})
	}
}

// Failures whose cause is in the file are not tried again, the others are;
// --retry=all tries all and --retry=none none.
func TestRetry(t *testing.T) {
	for _, tt := range []struct {
		retry Retry
		want  string
	}{
		{RetrySome, "crash.pdf"},
		{RetryAll, "crash.pdf damaged.pdf"},
		{RetryNone, ""},
	} {
		b := newTestRun(t, map[string]string{"damaged.pdf": "!damaged", "crash.pdf": "!crash"})
		old(t, b.in)
		b.must()
		b.cfg.Retry = tt.retry
		s, h := b.must()
		var again []string
		for _, r := range h.rows {
			again = append(again, string(r.Path))
		}
		slices.Sort(again)
		if got := strings.Join(again, " "); got != tt.want || s.Failed != 2 {
			t.Errorf("%q: tried %q, want %q; %+v", tt.retry, got, tt.want, s)
		}
	}
}

// What stops a run leaves no row: the documents are done once the cause is gone.
func TestStop(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "!nodata"})
	s, _, err := b.run()
	if err == nil || err.Error() != "no trained data" || s.Complete || s.Failed != 0 {
		t.Errorf("%v %+v", err, s)
	}
	writeFiles(t, b.in, map[string]string{"a.pdf": "mot"})
	b.must()
	b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n"})
}

// One long document uses all workers, and at most a few of its pages are ahead
// of what has been emitted.
func TestPagesAreShared(t *testing.T) { synctest.Test(t, testPagesAreShared) }

func testPagesAreShared(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "pages 60"})
	b.cfg.Jobs, b.fake.delay = 6, 20*time.Millisecond
	began := time.Now()
	b.must()
	if took := time.Since(began); took > 220*time.Millisecond { // 1200 ms if none do
		t.Errorf("60 pages of 20 ms took %v on 6 workers", took)
	}
}

// The time left is estimated from pages, so that one long document has one too.
func TestTimeLeft(t *testing.T) { synctest.Test(t, testTimeLeft) }

func testTimeLeft(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "pages 40"})
	b.fake.delay = 20 * time.Millisecond
	b.cfg.Jobs, b.cfg.Progress = 1, new(Progress)
	halfway := make(chan time.Duration, 1)
	time.AfterFunc(400*time.Millisecond, func() { halfway <- b.cfg.Progress.Left() })
	b.must()
	if left := <-halfway; left < 350*time.Millisecond || left > 450*time.Millisecond {
		t.Errorf("half way through 800 ms %v were left", left)
	}
	if left := b.cfg.Progress.Left(); left != 0 {
		t.Errorf("at the end %v were left", left)
	}
}

// Outputs to a stream come in the order of the inputs, however long each takes.
func TestStdout(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "pages 30", "b.pdf": "hai", "c.pdf": "!damaged", "d.pdf": "ba"})
	b.fake.delay = time.Millisecond
	var w strings.Builder
	b.cfg.Out, b.cfg.Stdout = "", &w
	s, h := b.must()
	want := strings.Repeat("X\n", 30) + "30\n" + "HAI\n1\n" + "BA\n1\n"
	if w.String() != want || s.Done != 3 || s.Failed != 1 || h.rows[3].Path != "d.pdf" {
		t.Errorf("%q, %+v", w.String(), s)
	}
}

// An interrupted run ends soon, whatever its pages do, and goes on later.
func TestInterrupt(t *testing.T) {
	for _, page := range []string{"!hang", "!deaf"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.pdf": page, "c.pdf": "hai"})
			ctx, cancel := context.WithCancelCause(context.Background())
			cause := errors.New("the user")
			time.AfterFunc(200*time.Millisecond, func() { cancel(cause) })
			began := time.Now()
			s, err := Run(ctx, b.cfg, b.fake.job)
			if took := time.Since(began); took > 5*time.Second || !errors.Is(err, cause) || s.Complete {
				t.Errorf("%v %v %+v", took, err, s)
			}
			b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n", "c.txt": "HAI\n", "c.n": "1\n"})
			writeFiles(t, b.in, map[string]string{"b.pdf": "ba"})
			if s, _ := b.must(); s.Done != 1 || s.Skipped != 2 {
				t.Errorf("after: %+v", s)
			}
		})
	}
}

// A dry run says what a run would do, and writes nothing.
func TestDryRun(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.pdf": "!damaged"})
	b.cfg.DryRun = true
	s, h := b.must()
	if h.skipped["a.pdf"] != ReasonNew || s.Todo[ReasonNew] != 2 || exists(b.out) {
		t.Errorf("%v %+v", h.skipped, s)
	}
	b.cfg.DryRun = false
	b.must()
	b.cfg.DryRun = true
	writeFiles(t, b.in, map[string]string{"c.pdf": "ba"})
	s, h = b.must()
	if s.Todo[ReasonNew] != 1 || h.skipped["b.pdf"] != ReasonFailed || len(contents(t, b.out)) != 2 {
		t.Errorf("%v %+v", h.skipped, s)
	}
}

// Rows are JSON that other programs can read.
func TestRowJSON(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.must()
	text, err := os.ReadFile(filepath.Join(b.out, journalName))
	if err != nil {
		t.Fatal(err)
	}
	var row map[string]any
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"type", "path", "root", "size", "mtime", "sha256", "options", "model", "state", "pages", "confidence", "seconds", "start", "outputs"} {
		if row[field] == nil {
			t.Errorf("no %q in %s", field, text)
		}
	}
}

// A document on which nothing is read has an outcome of its own, is not tried again
// by itself, and its blank pages are named in any case.
func TestBlank(t *testing.T) {
	h := newTestRun(t, map[string]string{"all.pdf": "!blank\n!blank", "one.pdf": "mot\n!blank", "none.pdf": "mot"})
	s, told := h.must()
	if s.Blank != 1 || s.Done != 2 || s.BlankPages != 3 || s.Failed+s.Partial != 0 {
		t.Errorf("%+v", s)
	}
	for rel, want := range map[string]string{"all.pdf": "blank [1 2]", "one.pdf": "done [2]", "none.pdf": "done []"} {
		if r := told.row(t, rel); fmt.Sprint(r.State, " ", r.Blank) != want {
			t.Errorf("%s: %v %v, want %s", rel, r.State, r.Blank, want)
		}
	}
	if s, _ := h.must(); s.Skipped != 3 {
		t.Errorf("again: %+v", s)
	}
}
