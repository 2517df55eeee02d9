package batch

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Rows of sources that are gone go, and their outputs if that is asked for; what was
// changed by hand stays, and so does all of a folder that is not there.
func TestPrune(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.pdf": "hai", "c.pdf": "ba"})
	b.must()
	other := filepath.Join(t.TempDir(), "disk")
	writeFiles(t, other, map[string]string{"d.pdf": "bon"})
	ins := b.cfg.Inputs
	b.cfg.Inputs = []string{other}
	b.must()
	b.cfg.Inputs = ins
	if p, err := Prune(t.Context(), b.out, PruneOptions{Outputs: true}); err != nil || len(p.Gone)+len(p.RootGone)+p.Removed != 0 {
		t.Fatalf("nothing is gone: %+v, %v", p, err)
	}
	os.RemoveAll(other)
	os.Remove(filepath.Join(b.in, "a.pdf"))
	os.Remove(filepath.Join(b.in, "b.pdf"))
	writeFiles(t, b.out, map[string]string{"b.txt": "HAI, by hand\n"})

	rows := func() (n int) {
		if err := Rows([]string{b.out}, func(*Row) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	p, err := Prune(t.Context(), b.out, PruneOptions{Outputs: true, DryRun: true})
	if err != nil || len(p.Gone) != 2 || rows() != 4 {
		t.Errorf("dry run: %+v, %v, %d rows", p, err, rows())
	}
	p, err = Prune(t.Context(), b.out, PruneOptions{Outputs: true})
	if err != nil || len(p.Gone) != 2 || p.Gone[0].Path != "a.pdf" || p.Removed != 3 || len(p.Changed) != 1 || p.Changed[0] != "b.txt" || len(p.RootGone) != 1 || rows() != 2 {
		t.Errorf("%+v, %v, %d rows", p, err, rows())
	}
	b.want(map[string]string{"b.txt": "HAI, by hand\n", "c.txt": "BA\n", "c.n": "1\n", "d.txt": "BON\n", "d.n": "1\n"})
	old(t, b.in)
	if s, _ := b.must(); s.Skipped != 1 || s.Done != 0 {
		t.Errorf("the run after: %+v", s)
	}
	os.Remove(filepath.Join(b.in, "c.pdf"))
	if p, err := Prune(t.Context(), b.out, PruneOptions{}); err != nil || len(p.Gone) != 1 || p.Removed != 0 || !exists(filepath.Join(b.out, "c.txt")) || rows() != 1 {
		t.Errorf("without outputs: %+v, %v, %d rows", p, err, rows())
	}
	if _, err := Prune(t.Context(), b.in, PruneOptions{}); !errors.Is(err, ErrNoJournal) {
		t.Errorf("no journal: %v", err)
	}
	root, err := os.OpenRoot(b.out)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	l, _, err := takeLock(root, Shard{Index: 0, Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.release()
	if _, err := Prune(t.Context(), b.out, PruneOptions{}); !errors.Is(err, ErrLocked) {
		t.Errorf("beside a run: %v", err)
	}
}
