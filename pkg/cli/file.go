package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// wholeFile is a new file that takes its name once everything is there. Until then
// what has the name stays. A pipe or a device is written as it is.
type wholeFile struct {
	*os.File
	path string // to be; empty if the file is no regular one
	mode os.FileMode
}

// createWhole opens a file beside path. Symbolic links stay, and so does the mode
// of a file that is replaced.
func createWhole(path string) (*wholeFile, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := 0o666 &^ umask()
	if st, err := os.Stat(path); err == nil {
		if !st.Mode().IsRegular() {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			return &wholeFile{File: f}, err
		}
		mode = st.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".congvan-*.part")
	if err != nil {
		return nil, &os.PathError{Op: "write", Path: path, Err: unwrapPath(err)}
	}
	return &wholeFile{f, path, mode}, nil
}

// commit gives the file its name.
func (f *wholeFile) commit() error {
	if f.path == "" {
		return f.Close()
	}
	if err := errors.Join(f.Chmod(f.mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), f.path)
}

// discard removes the file if it was not committed.
func (f *wholeFile) discard() {
	f.Close()
	if f.path != "" {
		os.Remove(f.Name())
	}
}

// replaceFile writes a file as a whole or not at all; see wholeFile. Its errors name
// the file unless they are those of write.
func replaceFile(path string, write func(io.Writer) error) error {
	return writeWhole(path, write, (*wholeFile).commit)
}

// rewriteFile is replaceFile, but leaves a file alone that would be as it is.
func rewriteFile(path string, write func(io.Writer) error) error {
	return writeWhole(path, write, func(f *wholeFile) error {
		if f.path != "" && sameBytes(f.Name(), f.path) {
			return nil
		}
		return f.commit()
	})
}

// sameBytes reports whether two files can be read and hold the same.
func sameBytes(a, b string) bool {
	x, errX := os.Open(a)
	y, errY := os.Open(b)
	if errX != nil || errY != nil {
		return false
	}
	defer x.Close()
	defer y.Close()
	var p, q [32 << 10]byte
	for {
		n, errX := io.ReadFull(x, p[:])
		m, errY := io.ReadFull(y, q[:])
		if !bytes.Equal(p[:n], q[:m]) {
			return false
		}
		if errX != nil || errY != nil {
			return errX == errY
		}
	}
}

func writeWhole(path string, write func(io.Writer) error, commit func(*wholeFile) error) error {
	f, err := createWhole(path)
	if err != nil {
		return err
	}
	defer f.discard()
	w := bufio.NewWriterSize(f, 64<<10)
	if err := write(w); err != nil {
		return f.named(err)
	}
	if err := w.Flush(); err != nil {
		return f.named(err)
	}
	return f.named(commit(f))
}

// named puts the final name of a file in place of the passing one.
func (f *wholeFile) named(err error) error {
	var pe *os.PathError
	if f.path != "" && errors.As(err, &pe) && pe.Path == f.Name() {
		return &os.PathError{Op: pe.Op, Path: f.path, Err: pe.Err}
	}
	return err
}

// unwrapPath drops the path from an error to which the caller adds it.
func unwrapPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// destination is where a command puts what it makes of texts.
type destination struct {
	output  string // file or folder; empty is standard output
	folder  bool
	inPlace bool // in place of each input, whatever the output
}

// newDestination tells a folder from a file: several inputs need one.
func newDestination(output string, inPlace bool, inputs int) destination {
	d := destination{output: output, inPlace: inPlace}
	if output != "" {
		st, err := os.Stat(output)
		d.folder = inputs > 1 || strings.HasSuffix(output, string(filepath.Separator)) || err == nil && st.IsDir()
	}
	return d
}

// path is the file for an input, or empty for standard output.
func (d destination) path(input string) string {
	switch {
	case d.inPlace:
		return input
	case d.folder && input == "-":
		return filepath.Join(d.output, "stdin.txt")
	case d.folder:
		return filepath.Join(d.output, filepath.Base(input))
	}
	return d.output
}

// distinct makes sure that no two inputs go to one file.
func (d destination) distinct(inputs []string) error {
	from := map[string]string{}
	for _, input := range inputs {
		to := d.path(input)
		if other, ok := from[to]; ok && to != "" {
			return usageErrorf("%s and %s would both be written to %s", other, input, to)
		}
		from[to] = input
	}
	return nil
}

// put writes what is made of an input.
func (d destination) put(std *Streams, input string, write func(io.Writer) error) error {
	to := d.path(input)
	switch {
	case to == "":
		return write(std.Out)
	case d.inPlace:
		return rewriteFile(to, write)
	case d.folder:
		if err := os.MkdirAll(d.output, 0o777); err != nil {
			return err
		}
	}
	return replaceFile(to, write)
}

// interruptible is in, whose Read ends when ctx does, if it is one that may block
// for ever.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	f, ok := in.(*os.File)
	if !ok {
		return in
	}
	if st, err := f.Stat(); err != nil || st.Mode().IsRegular() {
		return in
	}
	return &ctxReader{ctx: ctx, in: in}
}

// ctxReader reads in the background, so that it need not wait.
type ctxReader struct {
	ctx  context.Context
	in   io.Reader
	buf  [64 << 10]byte // the background's, until it has read; for ever once ctx is done
	rest []byte         // of buf, not yet taken
	err  error          // after rest
}

func (r *ctxReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 && r.err == nil {
		type read struct {
			n   int
			err error
		}
		done := make(chan read, 1)
		go func() {
			n, err := r.in.Read(r.buf[:])
			done <- read{n, err}
		}()
		select {
		case got := <-done:
			r.rest, r.err = r.buf[:got.n], got.err
		case <-r.ctx.Done():
			r.err = context.Cause(r.ctx)
		}
	}
	if n := copy(p, r.rest); n > 0 || len(p) == 0 {
		r.rest = r.rest[n:]
		return n, nil
	}
	return 0, r.err
}
