package ocr

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// PoolOptions tune a Pool. Only Command is required.
type PoolOptions struct {
	// Command starts a worker: a program and its arguments, which ends up in
	// Server.Serve with descriptors WorkerIn and WorkerOut.
	Command []string
	// Jobs is how many workers read at a time; 0 means one a core.
	Jobs int
	// Timeout is how long one reading of a page may take; 0 means three minutes.
	Timeout time.Duration
	// Recycle is after how many pages a worker is replaced by a new one,
	// because C code leaks; 0 means 200.
	Recycle int
}

const (
	defaultTimeout = 3 * time.Minute
	defaultRecycle = 200
	// How often a page is given to another worker after one died on it: of
	// itself, which is the page's fault, or killed from outside, by hand or by
	// the kernel when memory is short, which mostly is not.
	maxCrashes = 3
	maxKills   = 8
)

// A Pool reads pages in worker processes. A worker that dies is replaced and
// its page read again; one that takes too long is killed. Unlike other
// engines, a Pool may be used by any number of goroutines; Read waits for a
// free worker.
type Pool struct {
	opts PoolOptions
	idle chan *workerProc // Jobs of them, started when first used
	once sync.Once
}

var _ Engine = (*Pool)(nil)

// NewPool returns a pool that has not started any process yet.
func NewPool(opts PoolOptions) *Pool {
	if opts.Jobs <= 0 {
		opts.Jobs = runtime.GOMAXPROCS(0)
	}
	if opts.Timeout <= 0 {
		opts.Timeout = defaultTimeout
	}
	if opts.Recycle <= 0 {
		opts.Recycle = defaultRecycle
	}
	p := &Pool{opts: opts, idle: make(chan *workerProc, opts.Jobs)}
	for range opts.Jobs {
		p.idle <- &workerProc{opts: &p.opts}
	}
	return p
}

// Jobs returns how many pages the pool reads at a time.
func (p *Pool) Jobs() int { return p.opts.Jobs }

// A Task is a page to be read.
type Task struct {
	Image Image
	Langs []string // one reading each
	Keep  bool     // return the image as the readers saw it
}

// A Reading is what became of a Task.
type Reading struct {
	Pages    []*Page // in the order of the Task's Langs
	Prepared []byte  // an image file, if it was to be kept
}

// Read implements Engine.
func (p *Pool) Read(ctx context.Context, img Image, lang string) (*Page, error) {
	r, err := p.Do(ctx, Task{Image: img, Langs: []string{lang}})
	if err != nil {
		return nil, err
	}
	return r.Pages[0], nil
}

// Do has one worker read a page, once a language. The error is a *DataError, a
// *CrashError, a *TimeoutError, what the engine said about the image, or ctx's.
func (p *Pool) Do(ctx context.Context, t Task) (*Reading, error) {
	var w *workerProc
	select {
	case w = <-p.idle:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { p.idle <- w }()
	for crashes, kills := 0, 0; ; {
		r, err := w.do(ctx, t)
		var crash *CrashError
		if !errors.As(err, &crash) {
			return r, err
		}
		if crash.Killed {
			kills++
		} else {
			crashes++
		}
		if crashes == maxCrashes || kills == maxKills {
			return nil, err
		}
	}
}

// Close ends the workers. No Read may be under way.
func (p *Pool) Close() error {
	p.once.Do(func() {
		for range p.opts.Jobs {
			w := <-p.idle
			w.stop()
		}
	})
	return nil
}

// workerProc is the supervisor's side of one worker process. It is used by one
// goroutine at a time.
type workerProc struct {
	opts  *PoolOptions
	cmd   *exec.Cmd // nil: not running
	in    *os.File  // requests
	out   *os.File  // answers
	said  *wordsWriter
	pages int // read by this process
}

// do has the worker read one page; err is a *CrashError if the process died.
func (w *workerProc) do(ctx context.Context, t Task) (*Reading, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.cmd != nil && w.pages >= w.opts.Recycle {
		w.stop()
	}
	if w.cmd == nil {
		if err := w.start(); err != nil {
			return nil, err
		}
	}
	w.said.reset()
	var late atomic.Bool
	proc, limit := w.cmd.Process, w.opts.Timeout*time.Duration(max(1, len(t.Langs)))
	timer := time.AfterFunc(limit, func() { late.Store(true); proc.Kill() })
	defer timer.Stop()
	stop := context.AfterFunc(ctx, func() { proc.Kill() })
	defer stop()

	r, refused, err := w.exchange(t)
	if err == nil {
		w.pages++
		return r, refused
	}
	crash := w.kill(err)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case late.Load():
		return nil, &TimeoutError{limit}
	}
	return nil, crash
}

// exchange sends a request and waits for its answer.
func (w *workerProc) exchange(t Task) (r *Reading, refused, err error) {
	req := request{Langs: t.Langs, DPI: t.Image.DPI, Keep: t.Keep}
	if err := writeJSONFrame(w.in, frameRequest, req); err != nil {
		return nil, nil, err
	}
	if err := writeFrame(w.in, frameImage, t.Image.Data); err != nil {
		return nil, nil, err
	}
	return readAnswer(w.out, req)
}

func (w *workerProc) start() error {
	reqR, reqW, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reqR.Close()
	ansR, ansW, err := os.Pipe()
	if err != nil {
		reqW.Close()
		return err
	}
	defer ansW.Close()
	said := &wordsWriter{}
	cmd := exec.Command(w.opts.Command[0], w.opts.Command[1:]...)
	cmd.Env = workerEnv(os.Environ())
	cmd.Stdout, cmd.Stderr = said, said
	cmd.ExtraFiles = []*os.File{reqR, ansW} // WorkerIn, WorkerOut
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		reqW.Close()
		ansR.Close()
		return err
	}
	w.cmd, w.in, w.out, w.said, w.pages = cmd, reqW, ansR, said, 0
	return nil
}

// workerEnv is env with one OpenMP thread. OpenMP reads its variables when a
// process starts; more threads than that make pages read in parallel slower by
// far. glibc keeps what C code frees, in one arena for all threads: the images of a page
// would be unmapped otherwise and mapped anew, a page fault every 4 kB, 2,500 a page.
func workerEnv(env []string) []string {
	var out []string
	for _, kv := range env {
		if !strings.HasPrefix(kv, "OMP_") && !strings.HasPrefix(kv, "GOMAXPROCS=") {
			out = append(out, kv)
		}
	}
	return append(out, "OMP_THREAD_LIMIT=1", "OMP_NUM_THREADS=1", "GOMAXPROCS=2",
		"MALLOC_ARENA_MAX=1", "MALLOC_MMAP_THRESHOLD_=67108864", "MALLOC_TRIM_THRESHOLD_=268435456")
}

// stop ends an idle worker: it leaves when its requests end.
func (w *workerProc) stop() {
	if w.cmd == nil {
		return
	}
	proc := w.cmd.Process
	timer := time.AfterFunc(5*time.Second, func() { proc.Kill() })
	defer timer.Stop()
	w.in.Close()
	w.cmd.Wait()
	w.out.Close()
	w.cmd = nil
}

// kill ends the worker at once, if it has not ended after what broke the exchange
// with it, and says how it did.
func (w *workerProc) kill(broke error) *CrashError {
	w.in.Close()
	w.out.Close()
	// A worker whose pipe broke is about to end by itself, and how is worth
	// knowing.
	proc := w.cmd.Process
	timer := time.AfterFunc(200*time.Millisecond, func() { proc.Kill() })
	w.cmd.Wait()
	ours := !timer.Stop()
	state := w.cmd.ProcessState
	w.cmd = nil
	status, ok := state.Sys().(interface{ Signal() syscall.Signal })
	switch {
	case ours, state.Success(): // it left because nobody talked to it any more
		return &CrashError{State: "stopped for its answer", Said: broke.Error()}
	case ok && status.Signal() == syscall.SIGKILL:
		return &CrashError{State: state.String(), Killed: true}
	}
	return &CrashError{State: state.String(), Said: w.said.String()}
}

// wordsWriter keeps the first of what a worker prints since it was given a
// page: if it dies, its last words are among them, before the register dump
// that the Go runtime prints on a crash in C.
type wordsWriter struct {
	mu  sync.Mutex
	buf []byte
}

var _ io.Writer = (*wordsWriter)(nil)

func (t *wordsWriter) Write(p []byte) (int, error) {
	const keep = 8 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p[:min(len(p), keep-len(t.buf))]...)
	return len(p), nil
}

func (t *wordsWriter) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = t.buf[:0]
}

// String returns the line that tells of the crash, or the last one.
func (t *wordsWriter) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var last string
	for line := range strings.Lines(string(bytes.ToValidUTF8(t.buf, []byte("?")))) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		last = line
		for _, start := range []string{"SIG", "fatal error:", "panic:", "terminate called"} {
			if strings.HasPrefix(line, start) {
				return line
			}
		}
	}
	return last
}
