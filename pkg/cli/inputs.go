package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/reading"
)

// stdinPath is standard input among the paths, and stdinName what a document from
// there is called.
const stdinPath, stdinName = "-", "stdin"

// inputFlags say what is read beside the paths, and what of it.
type inputFlags struct {
	from  string // file with a list of paths; "-" is standard input; empty: none
	null  bool   // paths of the list end in NUL
	pages string
}

func (o *inputFlags) register(f *pflag.FlagSet) {
	f.StringVar(&o.from, "files-from", "", "file with paths to read, one a line; - is standard input")
	f.BoolVarP(&o.null, "null", "0", false, "paths in --files-from end in NUL, as find -print0 writes them")
}

// check finds mistakes in the flags and the paths.
func (o *inputFlags) check(paths []string) error {
	switch {
	case len(paths) == 0 && o.from == "":
		return usageErrorf("no documents given")
	case o.null && o.from == "":
		return usageErrorf("--null is for --files-from")
	case o.from == stdinPath && slices.Contains(paths, stdinPath):
		return usageErrorf("standard input is a document or a list of documents, not both")
	}
	_, err := o.selection()
	return err
}

// selection is the pages that are read; nil is all.
func (o *inputFlags) selection() (reading.Pages, error) {
	if o.pages == "" {
		return nil, nil
	}
	p, err := reading.ParsePages(o.pages)
	if err != nil {
		return nil, usageErrorf("--pages: %v", err)
	}
	return p, nil
}

// listed are the paths in the list.
func (o *inputFlags) listed(std *Streams) (paths []string, err error) {
	var data []byte
	switch o.from {
	case "":
		return nil, nil
	case stdinPath:
		data, err = io.ReadAll(std.In)
	default:
		data, err = os.ReadFile(o.from)
	}
	if err != nil {
		return nil, fmt.Errorf("--files-from: %w", err)
	}
	end := []byte{'\n'}
	if o.null {
		end = []byte{0}
	}
	for path := range bytes.SplitSeq(data, end) {
		if !o.null {
			path = bytes.TrimSuffix(path, []byte{'\r'})
		}
		switch {
		case len(path) == 0:
		case string(path) == stdinPath: // a file, for once
			paths = append(paths, "."+string(filepath.Separator)+stdinPath)
		default:
			paths = append(paths, string(path))
		}
	}
	if len(paths) == 1 && bytes.IndexByte(data, 0) >= 0 && !o.null {
		return nil, &StatusError{Status: ExitUsage, Err: fmt.Errorf("--files-from %s: the paths end in NUL", o.from), Hint: "add --null"}
	}
	return paths, nil
}

// streams reads the paths that are pipes, standard input among them, to their ends
// into files in dir.
func streams(ctx context.Context, std *Streams, paths []string, dir string) (map[string]batch.Stream, error) {
	all := map[string]batch.Stream{}
	for i, path := range paths {
		s := batch.Stream{Name: path, File: filepath.Join(dir, fmt.Sprint(i))}
		var err error
		switch {
		case all[path] != (batch.Stream{}):
			continue
		case path == stdinPath:
			s.Name = stdinName
			err = spool(ctx, s.File, func() (io.Reader, error) { return std.In, nil })
		case isPipe(path):
			err = spool(ctx, s.File, func() (io.Reader, error) { return os.Open(path) })
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.Name, err)
		}
		all[path] = s
	}
	return all, nil
}

func isPipe(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode()&fs.ModeNamedPipe != 0
}

// spool copies what open gives to a file. To open a pipe waits for who writes to it,
// which nothing but the end of the program interrupts.
func spool(ctx context.Context, name string, open func() (io.Reader, error)) error {
	done := make(chan error, 1)
	go func() {
		from, err := open()
		if err != nil {
			done <- err
			return
		}
		if c, ok := from.(*os.File); ok && c != os.Stdin {
			defer c.Close()
		}
		to, err := os.Create(name)
		if err == nil {
			_, err = io.Copy(to, from)
			err = errors.Join(err, to.Close())
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
