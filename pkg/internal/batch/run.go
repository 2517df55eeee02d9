package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// run is one run over the inputs.
//
// A goroutine goes through the inputs in order and gives each a goroutine of its
// own as soon as one of the few places in hand is free. That goroutine decides
// whether there is anything to do, opens the document and asks for a slot for
// each page: the slots are shared by all documents in hand, so one of 500 pages
// fills all cores and fifty of one page do too. Finished documents queue for
// the committer, which makes them safe in groups.
type run struct {
	cfg     Config
	job     Job
	root    *os.Root // the output folder; nil in a dry run
	journal *journal // nil with Stdout
	hand    chan struct{}
	slots   chan struct{}
	ready   chan *pending
	stop    context.CancelCauseFunc
	resumed bool // the run before was killed: outputs may be newer than their rows

	busy sync.Map // documents from their submission until they are safe; by rel

	mu      sync.Mutex // guards summary, counted and calls of Report
	summary Summary
	counted map[string]outcome // in a watch, by rel; nil: no document comes twice
}

// pending is a document on its way to the committer.
type pending struct {
	seq  int
	row  *Row
	old  *Row // its last row
	out  *Outputs
	kept *OutputFile // the output it was made from, if it was not read
	mute bool        // not to be recorded: the journal's row of that path is another document's, or still true
}

const (
	// grace is how long a page may go on after its time is up, or after the run
	// was stopped, before it is left behind.
	grace = 2 * time.Second
	// groupMax bounds the documents that are made safe together, and so the open
	// files and what a kill -9 makes do again beyond the documents in hand.
	groupMax = 64
	// syncers is how many files are synced at once. On ext4 16 at once cost
	// 0.24 ms a file, one after the other 0.65 ms.
	syncers = 16
	// racy is how old a file must have been when it was read for its time and
	// size to vouch for it later: clocks of file systems are coarse.
	racy = 2 * time.Second
)

// Run does the job for every document that needs it. Documents that fail are in
// the summary and don't make an error; the error tells why the run itself ended
// early: context.Cause(ctx), ErrLocked, ErrDiskFull, or what Stop marked. The
// summary is there in any case.
func Run(ctx context.Context, cfg Config, job Job) (*Summary, error) {
	if err := cfg.check(); err != nil {
		return &Summary{}, err
	}
	cfg.Jobs = max(cfg.Jobs, 1)
	inHand := 2 * cfg.Jobs
	if cfg.DryRun {
		inHand = 1 // told in order
	}
	if cfg.Progress == nil {
		cfg.Progress = new(Progress)
	}
	runCtx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r := &run{
		cfg: cfg, job: job, stop: stop,
		hand:  make(chan struct{}, inHand),
		slots: make(chan struct{}, cfg.Jobs),
		ready: make(chan *pending, groupMax),
	}
	r.summary.start()
	cfg.Progress.start()
	closeOut, err := r.openOutput()
	if err == nil {
		defer closeOut()
		err = r.all(runCtx)
	}
	if err == nil && runCtx.Err() != nil {
		err = context.Cause(runCtx)
	}
	if fault.ClassOf(err) == fault.DiskFull {
		err = &fault.Error{Class: fault.DiskFull, Err: fmt.Errorf("%w: %w", ErrDiskFull, err)}
	}
	r.summary.finish(err)
	return &r.summary, err
}

// openOutput gets hold of the output folder and its journal.
func (r *run) openOutput() (closeAll func(), err error) {
	if r.cfg.Stdout != nil {
		return r.openSpool()
	}
	dir := r.cfg.Out
	if r.cfg.DryRun {
		r.journal, err = openJournal(nil, dir, r.cfg.Shard, true)
		return func() { r.journal.Close() }, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("output folder: %w", err)
	}
	if r.root, err = os.OpenRoot(dir); err != nil {
		return nil, fmt.Errorf("output folder: %w", err)
	}
	l, stale, err := takeLock(r.root, r.cfg.Shard)
	if err != nil {
		r.root.Close()
		if !fault.Is(err) {
			err = fmt.Errorf("output folder %s: %w", dir, err)
		}
		return nil, err
	}
	if r.resumed = stale != ""; r.resumed {
		r.note("an earlier run did not end properly (" + stale + "): going on from its journal")
	}
	r.journal, err = openJournal(r.root, dir, r.cfg.Shard, false)
	if err != nil {
		l.release()
		r.root.Close()
		return nil, err
	}
	for _, n := range r.journal.notes {
		r.note(n)
	}
	if err := errors.Join(syncDir(r.root, "."), syncParent(dir)); err != nil {
		r.note("the output folder can't be synced: " + err.Error())
	}
	return func() { r.journal.Close(); l.release(); r.root.Close() }, nil
}

// openSpool makes a place for outputs on their way to Stdout.
func (r *run) openSpool() (func(), error) {
	dir, err := os.MkdirTemp("", "congvan-")
	if err != nil {
		return nil, err
	}
	if r.root, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	return func() { r.root.Close(); os.RemoveAll(dir) }, nil
}

// all runs the pipeline.
func (r *run) all(ctx context.Context) error {
	committed := make(chan error, 1)
	go func() { committed <- r.commitAll() }()
	var docs sync.WaitGroup
	var err error
	if r.cfg.Watch != nil {
		err = r.watch(ctx, &docs)
	} else {
		err = r.once(ctx, &docs)
	}
	docs.Wait()
	close(r.ready)
	return errors.Join(err, <-committed)
}

// once submits every input.
func (r *run) once(ctx context.Context, docs *sync.WaitGroup) error {
	t, err := r.find()
	if err != nil {
		return err
	}
	ours := r.cfg.Shard.pick(t.files)
	r.begin(len(ours), t.ignored)
	for seq, i := range ours {
		if !r.submit(ctx, docs, t, &t.files[i], seq) {
			break
		}
	}
	return nil
}

func (r *run) find() (*tree, error) {
	t, err := findInputs(&r.cfg, r.job.Accept)
	if err == nil {
		t.nameOutputs(r.job.Suffixes)
	}
	return t, err
}

// begin tells how many documents there are.
func (r *run) begin(n int, ignored map[string]int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Documents, r.summary.IgnoredAs, r.summary.Ignored = n, ignored, 0
	for _, k := range ignored {
		r.summary.Ignored += k
	}
	r.cfg.Progress.Total.Store(int64(n))
	if r.cfg.Report != nil {
		r.cfg.Report.Begin(n, ignored)
	}
}

// count counts what became of a document. One that comes again, as it may in a watch,
// counts as it ended last. The caller holds mu.
func (r *run) count(rel string, o outcome) {
	if r.counted != nil {
		if old, ok := r.counted[rel]; ok {
			r.summary.count(old, -1)
			r.cfg.Progress.count(old, -1)
		}
		r.counted[rel] = o.small()
	}
	r.summary.count(o, 1)
	r.cfg.Progress.count(o, 1)
}

// submit puts a document in hand, once there is a place; false if the run ends.
func (r *run) submit(ctx context.Context, docs *sync.WaitGroup, t *tree, f *file, seq int) bool {
	select {
	case <-ctx.Done():
		return false
	case r.hand <- struct{}{}:
	}
	r.busy.Store(f.rel, nil)
	docs.Go(func() {
		p := r.document(ctx, t, f)
		if p == nil {
			r.busy.Delete(f.rel)
			if r.cfg.Stdout == nil {
				<-r.hand
				return
			}
			p = &pending{}
		}
		p.seq = seq
		r.ready <- p
		if r.cfg.Stdout == nil {
			<-r.hand
		}
	})
	return true
}

// document does one document; nil if there is nothing to record.
func (r *run) document(ctx context.Context, t *tree, f *file) *pending {
	p := &pending{row: &Row{
		Type: "document", Path: Name(f.rel), Root: Name(t.root),
		Options: r.job.Options, Model: r.job.Model, Rendering: r.job.Rendering, Start: time.Now().UTC(),
	}}
	c, err := r.consider(ctx, t, f)
	if err == nil && !c.reason.Skipped() {
		c.mute, err = r.spare(ctx, f, &c)
	}
	p.old, p.mute = c.old, c.mute
	if c.st != nil {
		p.row.Size, p.row.ModTime = c.st.Size(), c.st.ModTime().UTC()
	}
	switch {
	case err == nil && c.reason == ReasonTouched && !r.cfg.DryRun:
		refreshed := *c.old
		refreshed.ModTime, refreshed.Root = c.st.ModTime(), Name(t.root)
		refreshed.Start, refreshed.Seconds = p.row.Start, 0
		r.skip(f.rel, c.old, c.reason)
		p.row, p.out = &refreshed, nil
		return p
	case err == nil && (c.reason.Skipped() || r.cfg.DryRun):
		r.skip(f.rel, c.old, c.reason)
		return nil
	case r.cfg.DryRun:
		p.row.State = Failed
		p.row.fail(err)
		r.skip(f.rel, p.row, ReasonFailed)
		return nil
	}
	if err == nil {
		p.out = &Outputs{run: r, doc: keyOf(f.rel), input: c.st, base: f.base}
		err = r.work(ctx, p, Input{Rel: f.rel, Path: t.path(f.rel), Size: c.st.Size()}, c)
	}
	if isStop(err) {
		r.stop(err)
	}
	if ctx.Err() != nil {
		p.drop()
		return nil
	}
	p.row.Seconds = time.Since(p.row.Start).Round(time.Microsecond).Seconds()
	if err != nil {
		r.failed(p, err)
	}
	return p
}

// drop forgets a document that the end of the run cut short.
func (p *pending) drop() {
	if p.out != nil {
		p.out.discard()
	}
}

// failed turns p into the record of a failure.
func (r *run) failed(p *pending, err error) {
	p.drop()
	p.out = nil
	p.row.State, p.row.Output, p.row.Outputs, p.row.Confidence = Failed, "", nil, 0
	p.row.Words, p.row.LeftOut = 0, 0
	p.row.fail(err)
	class := p.row.Class
	if class == fault.Missing && r.cfg.Watch == nil && !exists(string(p.row.Root)) {
		r.stop(fmt.Errorf("the input folder is gone: %w", err))
	}
	if class == fault.DiskFull {
		r.stop(err)
	}
}

func (r *Row) fail(err error) {
	r.Class, r.Hint = fault.ClassOf(err), fault.HintOf(err)
	r.Error, r.Retryable = err.Error(), r.Class.Retryable()
	var pe *fs.PathError // about the document itself, which the row names
	if errors.As(err, &pe) && err == error(pe) && pe.Path == joinRoot(r) {
		r.Error = pe.Err.Error()
	}
}

// skip counts and reports a document that is left alone.
func (r *run) skip(rel string, row *Row, reason Reason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(rel, outcome{row, reason, true})
	if r.cfg.Report != nil {
		r.cfg.Report.Skip(rel, row, reason)
	}
}

func (r *run) note(msg string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cfg.Report != nil {
		r.cfg.Report.Note(msg)
	}
}

// consideration is what is known of a document before it is opened.
type consideration struct {
	st     fs.FileInfo
	old    *Row
	reason Reason
	sha256 string // if the file had to be hashed

	mute bool // a failure is not to be recorded: old is the row of another document, or of outputs to be spared
}

// spare asks whether the outputs that a document has must stay: those that the job
// wants to keep, unless they are made again from what is kept, and those that are not
// as they were written.
func (r *run) spare(ctx context.Context, f *file, c *consideration) (bool, error) {
	if r.cfg.Redo || r.cfg.Stdout != nil {
		return false, nil
	}
	old := c.old
	if r.job.Spare != nil && r.kept(c, "") == nil {
		if err := r.job.Spare(filepath.Join(r.cfg.Out, filepath.FromSlash(f.base))); err != nil {
			return true, err
		}
	}
	if old == nil || old.Output != Name(f.base) || r.resumed {
		return false, nil
	}
	for _, o := range old.Outputs {
		name := o.in(r.cfg.Out)
		if sum, err := hashFile(ctx, name); err == nil && sum != o.SHA256 {
			return true, &fault.Error{Class: fault.Collision, Err: fmt.Errorf("%s was changed after it was written", name),
				Hint: "use another output folder, or --redo, which reads the document again and loses the changes"}
		}
	}
	return false, nil
}

// consider decides whether there is anything to do.
func (r *run) consider(ctx context.Context, t *tree, f *file) (c consideration, err error) {
	if r.journal != nil {
		c.old = r.journal.row(f.rel)
	}
	if f.fault != nil {
		return c, f.fault
	}
	full := t.path(f.rel)
	if c.st, err = os.Stat(full); err != nil {
		return c, err
	}
	if !c.st.Mode().IsRegular() {
		return c, fault.Errorf(fault.Irregular, "not a regular file (%v)", c.st.Mode().Type())
	}
	switch {
	case c.old == nil:
		c.reason = ReasonNew
		return c, nil
	case r.cfg.Redo:
		c.reason = ReasonRedo
		return c, nil
	}
	same, err := r.unchanged(ctx, &c, full)
	if err != nil {
		return c, err
	}
	if !same && c.old.State != Failed && string(c.old.Root) != t.root {
		if st, err := os.Stat(joinRoot(c.old)); err == nil && !os.SameFile(st, c.st) {
			c.mute = true
			return c, &fault.Error{Class: fault.Collision, Err: fmt.Errorf("its outputs are those of %s", joinRoot(c.old)),
				Hint: "use another output folder, give both inputs to one run, or replace them with --redo"}
		}
	}
	c.reason = r.reason(f, &c, same)
	return c, nil
}

// unchanged tells whether the file is the one of the journal: by size and time,
// and by its bytes if the time is another or too near, or if asked for.
func (r *run) unchanged(ctx context.Context, c *consideration, path string) (bool, error) {
	old := c.old
	if c.st.Size() != old.Size {
		return false, nil
	}
	sameTime := c.st.ModTime().Equal(old.ModTime)
	if sameTime && !r.cfg.Checksum && old.ModTime.Before(old.Start.Add(-racy)) {
		return true, nil
	}
	if old.SHA256 == "" {
		return sameTime, nil
	}
	sum, err := r.hash(ctx, path)
	if err != nil {
		return false, err
	}
	c.sha256 = sum
	return sum == old.SHA256, nil
}

func (r *run) reason(f *file, c *consideration, same bool) Reason {
	old := c.old
	switch {
	case !same:
		return ReasonChanged
	case old.Options != r.job.Options || old.Model != r.job.Model:
		return ReasonOptions
	case old.Rendering != r.job.Rendering && old.State != Failed:
		return ReasonRendering
	case old.State != Done && old.State != Blank && (r.cfg.Retry == RetryAll || r.cfg.Retry == RetrySome && old.Class.Again()):
		return ReasonRetry
	case old.State == Failed:
		return ReasonFailed
	}
	if string(old.Output) != f.base {
		return ReasonOtherName
	}
	for _, o := range old.Outputs {
		if !exists(o.in(r.cfg.Out)) {
			return ReasonNoOutput
		}
	}
	switch {
	case old.State == Partial:
		return ReasonFailed
	case c.sha256 != "" && (!c.st.ModTime().Equal(old.ModTime) || !old.ModTime.Before(old.Start.Add(-racy))):
		return ReasonTouched
	}
	return ReasonDone
}

// work opens and reads a document and has its outputs made.
func (r *run) work(ctx context.Context, p *pending, in Input, c consideration) (err error) {
	row := p.row
	if row.SHA256 = c.sha256; row.SHA256 == "" {
		if row.SHA256, err = r.hash(ctx, in.Path); err != nil {
			return err
		}
	}
	in.SHA256 = row.SHA256
	var doc Document
	if err := r.call(ctx, p.out, r.cfg.PageTimeout, func(ctx context.Context) (err error) {
		doc, err = r.open(ctx, in, p, &c)
		return err
	}); err != nil {
		return err
	}
	defer func() {
		if !p.out.left {
			if e := protect(doc.Close); err == nil {
				err = e
			}
		}
	}()
	row.Pages = doc.Pages()
	if row.Pages == 0 {
		return fault.Errorf(fault.NoPages, "no pages")
	}
	if r.cfg.MaxPages > 0 && row.Pages > r.cfg.MaxPages {
		return fault.Errorf(fault.TooManyPages, "%d pages, more than the %d allowed", row.Pages, r.cfg.MaxPages)
	}
	r.cfg.Progress.open.Add(1)
	defer r.cfg.Progress.open.Add(-1)
	r.cfg.Progress.opened.Add(1)
	r.cfg.Progress.openedPages.Add(int64(row.Pages))
	bad, err := r.pages(ctx, doc, row.Path, row.Pages, p.out)
	if err != nil {
		return err
	}
	row.FailedPages = bad.count
	if bad.lost == row.Pages {
		return bad.first
	}
	var info Info
	if err := r.call(ctx, p.out, 0, func(context.Context) (err error) {
		info, err = doc.Finish()
		return err
	}); err != nil {
		return err
	}
	if err := p.out.flush(); err != nil {
		return err
	}
	if err := stillThere(in.Path, c.st); err != nil {
		return err
	}
	row.State, row.Confidence, row.Blank, row.Notes = Done, info.Confidence, info.Blank, info.Notes
	row.Words, row.LeftOut = info.Words, info.LeftOut
	if len(row.Blank) == row.Pages {
		row.State = Blank
	}
	row.Output, row.Outputs = Name(p.out.base), p.out.records()
	if k := p.kept; k != nil && k.Path == row.Output+Name(r.job.Kept) && !slices.ContainsFunc(row.Outputs, func(o OutputFile) bool { return o.Path == k.Path }) {
		row.Outputs = append(row.Outputs, *k) // still there, and good for the next time
	}
	if bad.count > 0 {
		row.State = Partial
		row.fail(bad.first)
	}
	return nil
}

// open starts on a document: from what is kept of its reading, or else by reading it.
func (r *run) open(ctx context.Context, in Input, p *pending, c *consideration) (Document, error) {
	if kept := r.kept(c, in.SHA256); kept != nil {
		doc, err := r.job.Again(ctx, in, kept.in(r.cfg.Out), p.out)
		if err == nil || ctx.Err() != nil {
			p.kept = kept
			return doc, err
		}
		p.out.discard() // what was kept is no good
	}
	return r.job.Open(ctx, in, p.out)
}

// kept finds the output that holds what was read of a document under the same options
// and models: one of its own, or, if sum is given, one of a file with the same bytes.
func (r *run) kept(c *consideration, sum string) *OutputFile {
	if r.job.Kept == "" || r.journal == nil {
		return nil
	}
	row := c.old
	switch c.reason {
	case ReasonRendering, ReasonNoOutput, ReasonOtherName:
	case ReasonNew, ReasonChanged:
		row = r.journal.bySum(sum)
	default:
		return nil
	}
	if row == nil || row.State != Done && row.State != Blank || row.Options != r.job.Options || row.Model != r.job.Model {
		return nil
	}
	for _, o := range row.Outputs {
		if o.Path == row.Output+Name(r.job.Kept) && exists(o.in(r.cfg.Out)) {
			return &o
		}
	}
	return nil
}

// stillThere makes sure that the file is the one that was read.
func stillThere(path string, before fs.FileInfo) error {
	now, err := os.Stat(path)
	if err != nil {
		return err
	}
	if now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime()) || !os.SameFile(now, before) {
		return fault.Errorf(fault.Changed, "changed while it was read")
	}
	return nil
}

// badPages is what went wrong with the pages of a document.
type badPages struct {
	count int
	lost  int // of these, pages of which nothing was read
	first error
}

// pages reads all pages and emits them in order. An error concerns the whole
// document.
func (r *run) pages(ctx context.Context, doc Document, path Name, n int, out *Outputs) (bad badPages, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan error, 4*r.cfg.Jobs)
	go func() {
		defer close(queue)
		for i := range n {
			page := make(chan error, 1)
			select {
			case queue <- page:
			case <-ctx.Done():
				return
			}
			select {
			case r.slots <- struct{}{}:
			case <-ctx.Done():
				page <- ctx.Err()
				return
			}
			go func() {
				defer func() { <-r.slots }()
				page <- r.guard(ctx, r.cfg.PageTimeout, func(ctx context.Context) error { return doc.Read(ctx, i) })
			}()
		}
	}()
	r.cfg.Progress.at.Store(&Place{path, 1, n})
	i := 0
	for page := range queue {
		readErr := <-page
		out.left = out.left || errors.Is(readErr, errLeft)
		r.cfg.Progress.at.Store(&Place{path, min(i+2, n), n})
		if err == nil {
			if err = r.account(ctx, doc.Number(i), n, readErr, &bad); err == nil {
				err = r.call(ctx, out, 0, func(context.Context) error { return doc.Emit(i, readErr) })
			}
		}
		if err != nil {
			cancel()
		}
		i++
	}
	if err == nil && i < n {
		err = ctx.Err()
	}
	return bad, err
}

// account counts a page that has been read or not, one of n; an error ends the document.
func (r *run) account(ctx context.Context, number, n int, readErr error, bad *badPages) error {
	if readErr != nil {
		if ctx.Err() != nil || isStop(readErr) || fault.ClassOf(readErr) == fault.DiskFull {
			return readErr
		}
		bad.count++
		if f := new(fault.Error); !errors.As(readErr, &f) || !f.Kept {
			bad.lost++
		}
		r.cfg.Progress.FailedPages.Add(1)
		if bad.first == nil {
			bad.first = readErr
			if n > 1 {
				bad.first = fmt.Errorf("page %d: %w", number, readErr)
			}
		}
	}
	r.cfg.Progress.Pages.Add(1)
	return nil
}

// errLeft marks a call that did not end in time and was left behind.
var errLeft = errors.New("does not answer")

// call is guard for what may write to the outputs.
func (r *run) call(ctx context.Context, out *Outputs, limit time.Duration, f func(context.Context) error) error {
	err := r.guard(ctx, limit, f)
	out.left = out.left || errors.Is(err, errLeft)
	return err
}

// guard calls f with a time limit (0: none). If f outlives its context it is
// left behind.
func (r *run) guard(ctx context.Context, limit time.Duration, f func(context.Context) error) error {
	cancel := context.CancelFunc(func() {})
	if limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, limit)
	}
	done := make(chan error, 1)
	go func() {
		defer cancel()
		done <- protect(func() error { return f(ctx) })
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		late := time.NewTimer(grace)
		defer late.Stop()
		select {
		case err = <-done:
		case <-late.C:
			err = errLeft
		}
	}
	if err != nil && limit > 0 && errors.Is(ctx.Err(), context.DeadlineExceeded) && !fault.Is(err) {
		return fault.New(fault.Timeout, fmt.Errorf("took longer than %v: %w", limit, err))
	}
	return err
}

// protect turns a panic into the failure of one document. Errors lose the names of
// document and page, which the journal has of its own.
func protect(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fault.Errorf(fault.Internal, "panic: %v\n%s", v, debug.Stack())
		}
	}()
	if err = f(); err != nil {
		if e, ok := err.(*fault.Error); ok {
			return e.Bare()
		}
	}
	return err
}

// hash returns the SHA-256 of a file in hexadecimal.
func (r *run) hash(ctx context.Context, name string) (sum string, err error) {
	err = r.guard(ctx, 0, func(ctx context.Context) error {
		s, err := hashFile(ctx, name)
		if err == nil {
			sum = s
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return sum, nil
}

func hashFile(ctx context.Context, name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, reader{ctx, f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// reader reads until its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func joinRoot(r *Row) string {
	return filepath.Join(string(r.Root), filepath.FromSlash(string(r.Path)))
}
