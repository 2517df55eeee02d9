package batch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// The tests of the watch run in a bubble of package synctest, whose clock goes
// on when nothing else does: they take no time and don't depend on it.

// watching runs a watch until the test is over or stop is called.
func (b *testRun) watching() (h *heard, stop func() *Summary) {
	ctx, cancel := context.WithCancel(context.Background())
	h = &heard{}
	cfg := b.cfg
	cfg.Report = h
	cfg.Watch = &Watch{Interval: 10 * time.Millisecond, Settle: 500 * time.Millisecond}
	type result struct {
		s   *Summary
		err error
	}
	done := make(chan result, 1)
	go func() {
		s, err := Run(ctx, cfg, b.fake.job)
		done <- result{s, err}
	}()
	return h, func() *Summary {
		cancel()
		r := <-done
		if !errors.Is(r.err, context.Canceled) {
			b.Errorf("the watch ended with %v", r.err)
		}
		return r.s
	}
}

// until waits for a condition.
func (b *testRun) until(what string, ok func() bool) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("waited in vain for %s", what)
		}
	}
}

func (b *testRun) hasOutput(name string) func() bool {
	return func() bool { return exists(filepath.Join(b.out, name)) }
}

// A watch takes what is there and what comes, each file once and only when it
// has stopped growing; what changes is done again; a watch that starts again
// does what came meanwhile and nothing else.
func TestWatch(t *testing.T) { synctest.Test(t, testWatch) }

func testWatch(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	_, stop := b.watching()
	b.until("a", b.hasOutput("a.n"))

	f, err := os.Create(filepath.Join(b.in, "b.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for range 16 { // grows for longer than it takes to settle
		f.WriteString("hai\n")
		time.Sleep(50 * time.Millisecond)
	}
	f.Close()
	if exists(filepath.Join(b.out, "b.txt")) {
		t.Error("b was taken while it grew")
	}
	writeFiles(t, b.in, map[string]string{"new/c.pdf": "ba"})
	b.until("b", b.hasOutput("b.n"))
	b.until("c", b.hasOutput("new/c.n"))
	writeFiles(t, b.in, map[string]string{"a.pdf": "mot mot"})
	b.until("the new a", func() bool { text, _ := os.ReadFile(filepath.Join(b.out, "a.txt")); return string(text) == "MOT MOT\n" })
	time.Sleep(700 * time.Millisecond)
	if s := stop(); s.Documents != 3 || s.Done != 3 || s.Failed != 0 || b.fake.reads["b.pdf"] != 1 {
		t.Errorf("%+v, b was opened %d times", s, b.fake.reads["b.pdf"])
	}

	writeFiles(t, b.in, map[string]string{"d.pdf": "bon"})
	_, stop = b.watching()
	b.until("d", b.hasOutput("d.n"))
	if s := stop(); s.Done != 1 {
		t.Errorf("again: %+v", s)
	}
}

// A failure is told once, and the document is tried again when it changes.
func TestWatchFailure(t *testing.T) { synctest.Test(t, testWatchFailure) }

func testWatchFailure(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "!damaged", "dead.pdf": ""})
	os.Remove(filepath.Join(b.in, "dead.pdf"))
	if err := os.Symlink("nowhere", filepath.Join(b.in, "dead.pdf")); err != nil {
		t.Skip(err)
	}
	h, stop := b.watching()
	time.Sleep(1200 * time.Millisecond)
	writeFiles(t, b.in, map[string]string{"a.pdf": "mot"})
	b.until("a", b.hasOutput("a.n"))
	if s := stop(); s.Failed != 1 || s.Done != 1 || s.Documents != 2 || len(h.rows) != 3 {
		t.Errorf("%+v, %d rows", s, len(h.rows))
	}
}

// A file that is written in two goes counts once, as it ends; one that has gone, still;
// and a watch says that it waits, once each time.
func TestWatchCounts(t *testing.T) { synctest.Test(t, testWatchCounts) }

func testWatchCounts(t *testing.T) {
	b := newTestRun(t, map[string]string{"gone.pdf": "mot"})
	b.cfg.Progress = new(Progress)
	h, stop := b.watching()
	b.until("gone", b.hasOutput("gone.n"))
	os.Remove(filepath.Join(b.in, "gone.pdf"))
	time.Sleep(100 * time.Millisecond)
	writeFiles(t, b.in, map[string]string{"half.pdf": "mot\n!locked", "x.docx": ""})
	time.Sleep(1200 * time.Millisecond)
	if n := b.cfg.Progress.Over(); n != 2 || b.cfg.Progress.Partial.Load() != 1 {
		t.Errorf("%d documents are over with half of one", n)
	}
	writeFiles(t, b.in, map[string]string{"half.pdf": "mot\nhai\nba"})
	b.until("half", b.hasOutput("half.n"))
	time.Sleep(1200 * time.Millisecond)
	if p := b.cfg.Progress; p.Over() != 2 || p.Total.Load() != 2 || p.Done.Load() != 2 || p.Partial.Load() != 0 {
		t.Errorf("%d of %d documents are over, %d done, %d partial", p.Over(), p.Total.Load(), p.Done.Load(), p.Partial.Load())
	}
	s := stop()
	if s.Documents != 2 || s.Done != 2 || s.Partial != 0 || s.Retryable != 0 || len(s.Classes) != 0 || s.Pages != 4 || len(s.Slowest) != 2 || s.IgnoredAs[".docx"] != 1 {
		t.Errorf("%+v", s)
	}
	if h.waiting < 2 || h.waiting > 3 {
		t.Errorf("waits %d times", h.waiting)
	}
}
