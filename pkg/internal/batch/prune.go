package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// Pruned is what Prune has taken out of the journals of an output folder, or would.
type Pruned struct {
	Gone     []*Row // of sources that are gone
	Removed  int    // outputs of theirs
	Changed  []Name // outputs of theirs that were changed after they were written, and stay
	RootGone []Name // folders of sources that are not there at all: their rows stay
}

// PruneOptions says how much Prune does. The zero value takes rows out, no more.
type PruneOptions struct {
	Outputs bool // remove the outputs, too, but for those that were changed
	DryRun  bool // do nothing
}

// Prune takes the rows of documents whose sources are gone out of the journals of an
// output folder. A folder of sources that is not there at all may be a disk that is not
// mounted, so what came from there stays. Nobody else may be at work on the folder.
func Prune(ctx context.Context, dir string, o PruneOptions) (*Pruned, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	files, err := journalFiles(dir)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w in %s", ErrNoJournal, dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if !o.DryRun {
		l, _, err := takeLock(root, Shard{})
		if err != nil {
			return nil, err
		}
		defer l.release()
	}
	p, gone, err := sources(ctx, dir)
	if err != nil || o.DryRun || len(gone) == 0 {
		return p, err
	}
	for _, name := range files {
		if err := without(name, gone); err != nil {
			return p, err
		}
	}
	if o.Outputs {
		err = p.remove(ctx, root, dir)
	}
	return p, err
}

// sources looks for the source of every row that counts.
func sources(ctx context.Context, dir string) (*Pruned, map[key]bool, error) {
	p, gone, roots := &Pruned{}, map[key]bool{}, map[Name]bool{}
	err := Rows([]string{dir}, func(r *Row) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		there, known := roots[r.Root]
		if !known {
			if there = !isGone(string(r.Root)); !there {
				p.RootGone = append(p.RootGone, r.Root)
			}
			roots[r.Root] = there
		}
		if there && isGone(joinRoot(r)) {
			p.Gone, gone[keyOf(string(r.Path))] = append(p.Gone, r), true
		}
		return nil
	})
	return p, gone, err
}

// isGone reports that there is no such path. A file that can't be looked at may be there.
func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// without writes a journal anew without the rows of some documents.
func without(name string, gone map[key]bool) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return whole.Write(name, func(w io.Writer) error {
		var failed error
		_, err := scanLines(f, func(_ int64, line []byte) {
			var r struct {
				Type string `json:"type"`
				Path Name   `json:"path"`
			}
			if json.Unmarshal(line, &r) == nil && r.Type == "document" && gone[keyOf(string(r.Path))] || failed != nil {
				return
			}
			_, failed = fmt.Fprintf(w, "%s\n", line)
		})
		return errors.Join(err, failed)
	})
}

// remove takes away outputs that are as they were written and that no other document has.
func (p *Pruned) remove(ctx context.Context, root *os.Root, dir string) error {
	j, _, err := openRows([]string{dir})
	if err != nil {
		return err
	}
	defer j.Close()
	for _, r := range p.Gone {
		for _, o := range r.Outputs {
			sum, err := hashFile(ctx, o.in(dir))
			switch {
			case errors.Is(err, fs.ErrNotExist), j.owner(string(o.Path), key{}) != nil:
			case err != nil:
				return err
			case sum != o.SHA256:
				p.Changed = append(p.Changed, o.Path)
			default:
				if err := root.Remove(filepath.FromSlash(string(o.Path))); err != nil {
					return err
				}
				p.Removed++
			}
		}
	}
	return nil
}
