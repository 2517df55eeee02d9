package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

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
		return whole.Rewrite(to, write)
	case d.folder:
		if err := os.MkdirAll(d.output, 0o777); err != nil {
			return err
		}
	}
	return whole.Write(to, write)
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
