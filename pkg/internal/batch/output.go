package batch

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// faultHooks let tests break the disk. The zero of everything is a sound disk.
type faultHooks struct {
	fail func(op, name string) error
}

func (h *faultHooks) check(op, name string) error {
	if h == nil {
		return nil
	}
	return h.fail(op, name)
}

// Outputs makes the outputs of one document. Nothing is seen under a final name
// before the document is finished, and nothing at all if it fails.
type Outputs struct {
	run     *run
	doc     key
	input   fs.FileInfo
	base    string
	files   []*outFile
	newDirs bool // folders were made
	left    bool // a call that may still use it was left behind
}

// Create starts the output with one of the job's suffixes. What is written is
// gathered; an error of the disk may show at a later write or at the end.
func (o *Outputs) Create(suffix string) (io.Writer, error) {
	final := o.base + suffix
	if !slices.Contains(o.run.job.Suffixes, suffix) {
		return nil, fault.Errorf(fault.Unsafe, "output %q was not announced", final)
	}
	if err := o.ours(final); err != nil {
		return nil, err
	}
	w := &outFile{final: final, faults: o.run.cfg.faults, sum: sha256.New()}
	w.tmp = tempName(final, o.run.cfg.Shard)
	if err := o.open(w); err != nil {
		return nil, fmt.Errorf("writing %s: %w", final, outputFault(err))
	}
	w.buf = buffers.Get().(*bufio.Writer)
	w.buf.Reset(w.f)
	o.files = append(o.files, w)
	return w, nil
}

// ours makes sure that the name is not another document's, nor the input's own.
func (o *Outputs) ours(final string) error {
	if j := o.run.journal; j != nil {
		if owner := j.owner(final, o.doc); owner != nil && exists(joinRoot(owner)) {
			return fault.Errorf(fault.Collision, "%s is the output of %s", final, joinRoot(owner))
		}
	}
	if st, err := o.run.root.Stat(final); err == nil && os.SameFile(st, o.input) {
		return fault.Errorf(fault.Collision, "the output %s would replace the input itself", final)
	}
	return nil
}

// tempName is where an output is written before it has its name. It follows from
// that name, so that what a killed run left is replaced, and from the part, so
// that runs cut in different ways don't write to one file.
func tempName(final string, s Shard) string {
	return path.Join(path.Dir(final), fmt.Sprintf(".part-%016x", pathHash(journalFor(s)+"/"+final)))
}

// open makes the temporary file, and the folders above it if need be.
func (o *Outputs) open(w *outFile) (err error) {
	if err := w.faults.check("create", w.final); err != nil {
		return err
	}
	w.f, err = whole.In(o.run.root, w.tmp, w.final)
	if errors.Is(err, whole.ErrGone) {
		return Stop(fault.Errorf(fault.IO, "the output folder is gone"))
	}
	o.newDirs = o.newDirs || w.f.MadeFolders
	return err
}

// flush hands what has been gathered to the system.
func (o *Outputs) flush() error {
	for _, w := range o.files {
		err := w.buf.Flush()
		w.release()
		if err != nil {
			return fmt.Errorf("writing %s: %w", w.final, outputFault(err))
		}
	}
	return nil
}

// discard takes back everything.
func (o *Outputs) discard() {
	for _, w := range o.files {
		if !o.left {
			w.release()
		}
		w.f.Discard()
	}
	o.files = nil
}

// records describes the outputs for the journal.
func (o *Outputs) records() []OutputFile {
	var rec []OutputFile
	for _, w := range o.files {
		rec = append(rec, OutputFile{Name(w.final), w.size, hex.EncodeToString(w.sum.Sum(nil))})
	}
	return rec
}

// dirs lists the folders that must be synced for the outputs to stay.
func (o *Outputs) dirs(add func(string)) {
	for _, w := range o.files {
		for d := path.Dir(w.final); ; d = path.Dir(d) {
			add(d)
			if d == "." || !o.newDirs {
				break
			}
		}
	}
}

// outFile is one output on its way.
type outFile struct {
	tmp, final string
	f          *whole.File
	buf        *bufio.Writer
	sum        hash.Hash
	size       int64
	faults     *faultHooks
}

var buffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 32<<10) }}

func (w *outFile) Write(p []byte) (int, error) {
	if w.buf == nil {
		return 0, fs.ErrClosed
	}
	err := w.faults.check("write", w.final)
	n := 0
	if err == nil {
		w.sum.Write(p)
		w.size += int64(len(p))
		n, err = w.buf.Write(p)
	}
	if err != nil {
		return n, fmt.Errorf("writing %s: %w", w.final, outputFault(err))
	}
	return n, nil
}

func (w *outFile) release() {
	if w.buf != nil {
		w.buf.Reset(nil)
		buffers.Put(w.buf)
		w.buf = nil
	}
}

// sync waits until the file is on disk, and closes it.
func (w *outFile) sync() error {
	err := w.faults.check("sync", w.final)
	if err == nil {
		err = w.f.Sync()
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", w.final, outputFault(err))
	}
	return nil
}

// outputFault gives the errors of the output folder their classes.
func outputFault(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	inner := err
	if errors.As(err, &pe) {
		inner = pe.Err
	} else if errors.As(err, &le) {
		inner = le.Err
	}
	switch {
	case strings.Contains(inner.Error(), "path escapes"): // os has no name for it
		return fault.New(fault.Unsafe, errors.New("a link leads out of the output folder"))
	case errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTEMPTY), errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return fault.New(fault.Collision, fmt.Errorf("something else has that name: %w", inner))
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.IO, errors.New("it is gone before it had its name"))
	}
	return err
}

// syncDir makes renames in a folder last. Where folders can't be synced (as on
// Windows) there is nothing to do.
func syncDir(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// syncParent makes a new output folder last.
func syncParent(dir string) error {
	root, err := os.OpenRoot(filepath.Join(dir, ".."))
	if err != nil {
		return err
	}
	defer root.Close()
	return syncDir(root, ".")
}

func exists(p string) bool {
	_, err := os.Lstat(p)
	return err == nil
}
