package batch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Record makes the journal of an output folder take files, outputs that were
// written anew outside of a run, for what they are now. The folder is the nearest
// one above them that has a journal; without one there is nothing to do, nor
// while a run is at work or has been killed.
func Record(ctx context.Context, files []string) error {
	if len(files) == 0 {
		return nil
	}
	dir, err := journalAbove(files[0])
	if dir == "" || err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := root.Lstat(lockName); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	l, _, err := takeLock(root, Shard{})
	if err != nil {
		return err
	}
	defer l.release()
	j, err := openJournal(root, dir, Shard{}, false)
	if err != nil {
		return err
	}
	defer j.Close()
	rows := map[Name]*Row{}
	for _, file := range files {
		if err := record(ctx, j, rows, dir, file); err != nil {
			return err
		}
	}
	var changed []*Row
	for _, r := range rows {
		changed = append(changed, r)
	}
	return j.append(changed, nil)
}

// record brings a file up to date in the row of its document.
func record(ctx context.Context, j *journal, rows map[Name]*Row, dir, file string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return err
	}
	r := j.owner(filepath.ToSlash(name), key{})
	if r == nil {
		return nil
	}
	if rows[r.Path] == nil {
		rows[r.Path] = r
	}
	st, err := os.Stat(file)
	if err != nil {
		return err
	}
	sum, err := hashFile(ctx, file)
	if err != nil {
		return err
	}
	for i := range rows[r.Path].Outputs {
		if o := &rows[r.Path].Outputs[i]; o.Path == Name(filepath.ToSlash(name)) {
			o.Size, o.SHA256 = st.Size(), sum
		}
	}
	return nil
}

// journalAbove returns the nearest folder above a file that has a journal, empty if
// there is none.
func journalAbove(file string) (string, error) {
	dir, err := filepath.Abs(filepath.Dir(file))
	for err == nil {
		var names []string
		if names, err = journalFiles(dir); err != nil || len(names) > 0 {
			return dir, err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
	return "", err
}
