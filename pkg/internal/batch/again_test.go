package batch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// keeping makes the fake's output ".n" hold what was read, so that ".txt" can be made
// from it. It returns how often that was done, by document.
func keeping(f *fake) map[string]int {
	again := map[string]int{}
	f.job.Kept = ".txt"
	f.job.Again = func(_ context.Context, in Input, kept string, out *Outputs) (Document, error) {
		b, err := os.ReadFile(kept)
		if err != nil {
			return nil, err
		}
		if strings.Contains(string(b), "TORN") {
			return nil, errors.New("torn")
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		again[in.Rel]++
		return &fakeDoc{fake: f, lines: strings.Split(strings.TrimSuffix(string(b), "\n"), "\n"), out: out}, nil
	}
	return again
}

// Where only the form of the outputs is another, nothing is read again, and what a
// person corrected in what is kept stays.
func TestAgain(t *testing.T) {
	for _, tt := range []struct {
		change       string
		do           func(b *testRun)
		reads, again int // of a.pdf afterwards, the first reading counted
	}{
		{"nothing", func(b *testRun) {}, 1, 0},
		{"the formats", func(b *testRun) { b.fake.job.Rendering = "r2" }, 1, 1},
		{"the formats, of a document that must be spared", func(b *testRun) {
			b.fake.job.Rendering = "r2"
			b.fake.job.Spare = func(string) error { return errors.New("corrected by hand") }
		}, 1, 1},
		{"the formats and the options", func(b *testRun) { b.fake.job.Rendering, b.fake.job.Options = "r2", "o2" }, 2, 0},
		{"another output is gone", func(b *testRun) { os.Remove(filepath.Join(b.out, "a.n")) }, 1, 1},
		{"what is kept is gone", func(b *testRun) { os.Remove(filepath.Join(b.out, "a.txt")) }, 2, 0},
		{"the formats, and the document", func(b *testRun) {
			b.fake.job.Rendering = "r2"
			writeFiles(b.T, b.in, map[string]string{"a.pdf": "hai"})
		}, 2, 0},
		{"--redo", func(b *testRun) { b.cfg.Redo = true }, 2, 0},
	} {
		t.Run(tt.change, func(t *testing.T) {
			b := newTestRun(t, map[string]string{"a.pdf": "mot"})
			again := keeping(b.fake)
			old(t, b.in)
			b.must()
			tt.do(b)
			b.must()
			if b.fake.reads["a.pdf"] != tt.reads || again["a.pdf"] != tt.again {
				t.Errorf("read %d times, want %d; made again %d times, want %d", b.fake.reads["a.pdf"], tt.reads, again["a.pdf"], tt.again)
			}
			b.cfg.Redo = false
			if _, h := b.must(); !h.skipped["a.pdf"].Skipped() {
				t.Error("the third run did it again")
			}
		})
	}
}

// What is kept and torn is read again.
func TestAgainTorn(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "torn"})
	again := keeping(b.fake)
	b.must()
	b.fake.job.Rendering = "r2"
	b.must()
	if b.fake.reads["a.pdf"] != 2 || again["a.pdf"] != 0 {
		t.Errorf("read %d times, made again %d times", b.fake.reads["a.pdf"], again["a.pdf"])
	}
	b.want(map[string]string{"a.txt": "TORN\n", "a.n": "1\n"})
}

// A file that was moved, or that is there twice, is known by its bytes.
func TestMoved(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	again := keeping(b.fake)
	b.must()
	if err := os.Rename(filepath.Join(b.in, "a.pdf"), filepath.Join(b.in, "b.pdf")); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, b.in, map[string]string{"c.pdf": "mot", "d.pdf": "hai"})
	b.must()
	if b.fake.reads["b.pdf"]+b.fake.reads["c.pdf"] != 0 || again["b.pdf"] != 1 || again["c.pdf"] != 1 || b.fake.reads["d.pdf"] != 1 {
		t.Errorf("read %v, made again %v", b.fake.reads, again)
	}
	for _, name := range []string{"b.txt", "c.txt"} {
		if got, err := os.ReadFile(filepath.Join(b.out, name)); string(got) != "MOT\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
