// Package whole writes files that are there as a whole or not at all: beside
// their names first, with their names once everything is on disk. Whoever is
// killed half-way leaves what was there before.
package whole

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A File is a new file without its name. What has the name stays until Rename. It
// is written without a buffer of its own.
type File struct {
	f    *os.File
	dir  *os.Root // nil for a pipe or a device, which is written as it is
	tmp  string   // below dir
	name string   // the same
	full string   // the name as the user knows it; empty if whoever reports errors adds it
	mode fs.FileMode
	own  bool // dir is closed with the file

	// MadeFolders tells that folders above the file had to be made.
	MadeFolders bool
}

// ErrGone reports that the folder of a file is gone.
var ErrGone = errors.New("the folder is gone")

// In makes the file that is to be name and until then is tmp, both below dir. A
// file tmp that an earlier run left is replaced; folders are made as needed.
func In(dir *os.Root, tmp, name string) (*File, error) {
	w := &File{dir: dir, tmp: tmp, name: name, mode: 0o666}
	return w, w.open()
}

func (w *File) open() (err error) {
	for try := 0; ; try++ {
		w.f, err = w.dir.OpenFile(w.tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, w.mode)
		switch {
		case err == nil:
			return nil
		case try == 2 && errors.Is(err, fs.ErrNotExist):
			return ErrGone
		case try == 2:
			return err
		case errors.Is(err, fs.ErrExist):
			err = w.dir.Remove(w.tmp)
		case errors.Is(err, fs.ErrNotExist):
			w.MadeFolders = true
			err = w.dir.MkdirAll(filepath.Dir(w.tmp), 0o777)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

// Create makes the file that is to be path. Symbolic links stay, and so does the
// mode of a file that is replaced. Its folder must be there. A pipe or a device
// is written as it is.
func Create(path string) (*File, error) {
	real := path
	if r, err := filepath.EvalSymlinks(path); err == nil {
		real = r
	}
	mode := 0o666 &^ umask()
	if st, err := os.Stat(real); err == nil {
		if !st.Mode().IsRegular() {
			f, err := os.OpenFile(real, os.O_WRONLY, 0)
			return &File{f: f, full: path}, err
		}
		mode = st.Mode().Perm()
	}
	dir, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return nil, &fs.PathError{Op: "write", Path: path, Err: inner(err)}
	}
	w := &File{dir: dir, own: true, full: path, name: filepath.Base(real), mode: mode,
		tmp: fmt.Sprintf(".congvan-%016x.part", rand.Uint64())}
	if err := w.open(); err != nil {
		dir.Close()
		return nil, w.named(err)
	}
	if err := w.f.Chmod(mode); err != nil { // the umask is no matter where there was a file
		w.Discard()
		return nil, w.named(err)
	}
	return w, nil
}

// Write implements io.Writer.
func (w *File) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, w.named(err)
}

// Sync waits until the file is on disk, and closes it. Nothing can be written any
// more.
func (w *File) Sync() error {
	if w.dir == nil {
		return w.named(w.f.Close())
	}
	err := w.f.Sync()
	if e := w.f.Close(); err == nil {
		err = e
	}
	return w.named(err)
}

// Rename gives the file, which is on disk, its name.
func (w *File) Rename() error {
	if w.dir == nil {
		return nil
	}
	err := w.dir.Rename(w.tmp, w.name)
	if err == nil {
		w.tmp = ""
	}
	w.close()
	return w.named(err)
}

// Commit is Sync and Rename.
func (w *File) Commit() error {
	if err := w.Sync(); err != nil {
		return err
	}
	return w.Rename()
}

// Discard takes the file back if it has no name yet.
func (w *File) Discard() {
	w.f.Close()
	if w.dir != nil && w.tmp != "" {
		_ = w.dir.Remove(w.tmp)
		w.tmp = ""
	}
	w.close()
}

func (w *File) close() {
	if w.own {
		w.dir.Close()
	}
}

// named puts the name that the user knows in place of the passing one.
func (w *File) named(err error) error {
	if err == nil || w.full == "" {
		return err
	}
	return &fs.PathError{Op: "write", Path: w.full, Err: inner(err)}
}

// inner takes the name off an error of package os.
func inner(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err
	case errors.As(err, &le):
		return le.Err
	}
	return err
}

// Write writes the file path. Errors are those of write, or name the file.
func Write(path string, write func(io.Writer) error) error {
	return put(path, write, (*File).Commit)
}

// WriteBytes writes the file path.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// Rewrite is Write, but leaves a file alone that would be as it is.
func Rewrite(path string, write func(io.Writer) error) error {
	return put(path, write, func(w *File) error {
		if w.dir != nil && w.same() {
			return nil
		}
		return w.Commit()
	})
}

func put(path string, write func(io.Writer) error, commit func(*File) error) error {
	w, err := Create(path)
	if err != nil {
		return err
	}
	defer w.Discard()
	b := bufio.NewWriterSize(w, 64<<10)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return commit(w)
}

// same reports whether the file and the one that has its name can be read and
// hold the same.
func (w *File) same() bool {
	x, errX := w.dir.Open(w.tmp)
	y, errY := w.dir.Open(w.name)
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
