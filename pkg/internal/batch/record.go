package batch

import (
	"context"
	"os"
	"path/filepath"
	"slices"
)

// Record makes the journal of an output folder take files, outputs of one document
// that were written anew outside of a run, for what they are now. The folder is
// the nearest one above them that has a journal; without one there is nothing to
// do, nor while a run is at work or has been killed.
func Record(ctx context.Context, files []string) error {
	if len(files) == 0 {
		return nil
	}
	dir, err := journalAbove(files[0])
	if dir == "" || err != nil || exists(filepath.Join(dir, lockName)) {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
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
	var names []string // below dir
	var row *Row
	for _, file := range files {
		abs, err := filepath.Abs(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, abs)
		if err != nil {
			return err
		}
		names = append(names, filepath.ToSlash(name))
		if row == nil {
			row = j.owner(filepath.ToSlash(name), key{})
		}
	}
	if row == nil {
		return nil
	}
	for i := range row.Outputs {
		o := &row.Outputs[i]
		if !slices.Contains(names, string(o.Path)) {
			continue
		}
		st, err := os.Stat(o.in(dir))
		if err != nil {
			return err
		}
		if o.SHA256, err = hashFile(ctx, o.in(dir)); err != nil {
			return err
		}
		o.Size = st.Size()
	}
	return j.append([]*Row{row}, nil)
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
