package batch

import (
	"context"
	"os"
	"sync"
	"time"
)

// Watch makes a run go on and look for new documents. Folders are listed again
// and again: that works on network shares too, where nothing tells of changes.
type Watch struct {
	Interval time.Duration // between two looks; 0 means 2 s
	Settle   time.Duration // a file is taken when it has not changed for so long; 0 means 5 s
}

// stamp is how a watch saw a file last.
type stamp struct {
	size  int64
	mtime int64
	base  key
	since time.Time // seen like this since then; of the monotonic clock
	sent  bool
}

// watch submits documents as they settle, until ctx ends. What was done before
// is known from the journal, so a watch that starts again goes on where the
// last one stopped. Times are measured by our clock alone: that of a file
// server may be wrong.
func (r *run) watch(ctx context.Context, docs *sync.WaitGroup) error {
	w := *r.cfg.Watch
	if w.Interval <= 0 {
		w.Interval = 2 * time.Second
	}
	if w.Settle <= 0 {
		w.Settle = 5 * time.Second
	}
	known := map[key]stamp{}
	total, seq, waiting := 0, 0, false
	r.counted = map[string]outcome{}
	for {
		began := time.Now()
		t, err := r.find()
		if err != nil {
			return err
		}
		ours := r.cfg.Shard.pick(t.files)
		if n := r.seen(t, ours); n != total || seq == 0 {
			total = n
			r.begin(n, t.ignored)
		}
		idle := true
		now := make(map[key]stamp, len(ours))
		for _, i := range ours {
			f := &t.files[i]
			k := keyOf(f.rel)
			s := look(t, f, known[k], began)
			_, busy := r.busy.Load(f.rel)
			idle = idle && s.sent && !busy
			if !s.sent && !busy && began.Sub(s.since) >= w.Settle {
				if !r.submit(ctx, docs, t, f, seq) {
					return nil
				}
				seq++
				s.sent = true
			}
			now[k] = s
		}
		known = now
		if idle && !waiting && r.cfg.Report != nil {
			r.mu.Lock()
			r.cfg.Report.Waiting()
			r.mu.Unlock()
		}
		waiting = idle
		// A look at a large archive takes its time: rest nine times as long.
		pause := time.NewTimer(max(w.Interval, 9*time.Since(began)))
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil
		case <-pause.C:
		}
	}
}

// seen is how many documents there are or have been: those that were done may have
// gone since.
func (r *run) seen(t *tree, ours []int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.counted)
	for _, i := range ours {
		if _, ok := r.counted[t.files[i].rel]; !ok {
			n++
		}
	}
	return n
}

// look returns how a file is now: old, if nothing has changed.
func look(t *tree, f *file, old stamp, now time.Time) stamp {
	s := stamp{base: keyOf(f.base), since: now}
	if st, err := os.Stat(t.path(f.rel)); err == nil {
		s.size, s.mtime = st.Size(), st.ModTime().UnixNano()
	}
	if !old.since.IsZero() && s.size == old.size && s.mtime == old.mtime && s.base == old.base {
		return old
	}
	return s
}
