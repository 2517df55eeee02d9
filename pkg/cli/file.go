package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
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

// textFile is an input of a command that works on texts.
type textFile struct {
	path  string // "-" is standard input
	below string // its place in an output folder
}

// named are inputs that are no folders.
func named(paths []string) []textFile {
	files := make([]textFile, len(paths))
	for i, p := range paths {
		files[i] = textFile{p, filepath.Base(p)}
		if p == "-" {
			files[i].below = "stdin.txt"
		}
	}
	return files
}

// textSuffix is that of the texts that are looked for in folders.
const textSuffix = ".txt"

// texts are inputs with the texts in folders in place of these, but for what begins
// with a dot and what lies in the output folder. Links are not followed. A folder that
// can't be read is listed like a file that can't.
func texts(paths []string, output string) (files []textFile, folders bool, err error) {
	out, _ := os.Stat(output)
	for _, arg := range named(paths) {
		if st, err := os.Stat(arg.path); arg.path == "-" || err != nil || !st.IsDir() {
			files = append(files, arg)
			continue
		}
		folders = true
		n := len(files)
		root := arg.path
		if real, err := filepath.EvalSymlinks(root); err == nil {
			root = real
		}
		_ = filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			below, _ := filepath.Rel(root, p)
			text := textFile{filepath.Join(arg.path, below), below}
			hidden := strings.HasPrefix(filepath.Base(below), ".") && p != root
			switch {
			case err != nil:
				files = append(files, text)
			case e.IsDir():
				if st, err := e.Info(); hidden || p != root && err == nil && os.SameFile(st, out) {
					return filepath.SkipDir
				}
			case !hidden && e.Type().IsRegular() && strings.EqualFold(filepath.Ext(p), textSuffix):
				files = append(files, text)
			}
			return nil
		})
		if len(files) == n {
			return nil, true, usageErrorf("%s: no text (*%s) in this folder", arg.path, textSuffix)
		}
	}
	return files, folders, nil
}

// destination is where a command puts what it makes of texts.
type destination struct {
	output  string // file or folder; empty is standard output
	folder  bool
	inPlace bool // in place of each input, whatever the output
}

// newDestination tells a folder from a file: several inputs need one.
func newDestination(output string, inPlace, several bool) destination {
	d := destination{output: output, inPlace: inPlace}
	if output != "" {
		st, err := os.Stat(output)
		d.folder = several || strings.HasSuffix(output, string(filepath.Separator)) || err == nil && st.IsDir()
	}
	return d
}

// apart reports whether each input has a file of its own for what is made of it.
func (d destination) apart() bool { return d.inPlace || d.folder }

// path is the file for an input, or empty for standard output.
func (d destination) path(input textFile) string {
	switch {
	case d.inPlace:
		return filepath.Clean(input.path)
	case d.folder:
		return filepath.Join(d.output, input.below)
	}
	return d.output
}

// distinct makes sure that no two inputs go to one file.
func (d destination) distinct(inputs []textFile) error {
	from := map[string]string{}
	for _, input := range inputs {
		to := d.path(input)
		if other, ok := from[to]; ok && to != "" {
			return usageErrorf("%s and %s would both be written to %s", other, input.path, to)
		}
		from[to] = input.path
	}
	return nil
}

// put writes what is made of an input.
func (d destination) put(std *Streams, input textFile, write func(io.Writer) error) error {
	to := d.path(input)
	switch {
	case to == "":
		return write(std.Out)
	case d.inPlace:
		return whole.Rewrite(to, write)
	case d.folder:
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
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
