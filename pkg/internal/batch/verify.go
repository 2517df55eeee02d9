package batch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// openRows opens the journals of output folders, or journal files, for reading.
// dirs[i] is the output folder that the i-th file's rows speak of.
func openRows(names []string) (j *journal, dirs []string, err error) {
	j = newJournal()
	for _, name := range names {
		files := []string{name}
		st, err := os.Stat(name)
		if err == nil && st.IsDir() {
			files, err = journalFiles(name)
			if err == nil && len(files) == 0 {
				err = fmt.Errorf("%w in %s", ErrNoJournal, name)
			}
		}
		for _, f := range files {
			if err != nil {
				break
			}
			err = j.read(f, false)
			dirs = append(dirs, filepath.Dir(f))
		}
		if err != nil {
			j.Close()
			return nil, nil, err
		}
	}
	return j, dirs, nil
}

// ErrNoJournal is in the errors about a folder that has no journal.
var ErrNoJournal = errors.New("no journal")

// Rows calls do with the row that counts of every document in the journals of
// output folders, or in journal files, in the order of their paths.
func Rows(names []string, do func(*Row) error) error {
	j, _, err := openRows(names)
	if err != nil {
		return err
	}
	defer j.Close()
	places, err := j.latest()
	if err != nil {
		return err
	}
	for _, p := range places {
		r, err := j.at(p)
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Merge writes one journal with the row that counts of every document, in the
// order of their paths. Rows are taken over as they are, with fields that this
// version does not know.
func Merge(w io.Writer, names []string) error {
	j, _, err := openRows(names)
	if err != nil {
		return err
	}
	defer j.Close()
	places, err := j.latest()
	if err != nil {
		return err
	}
	bw := bufio.NewWriter(w)
	for _, p := range places {
		if _, err := io.Copy(bw, io.NewSectionReader(j.files[p.file], p.off, int64(p.size))); err != nil {
			return err
		}
		bw.WriteByte('\n')
	}
	return bw.Flush()
}

// Verified is what Verify found.
type Verified struct {
	Documents int
	Outputs   int // hashed
	Findings  []Finding
}

// Finding is something that is not as the journal says.
type Finding struct {
	Kind string `json:"kind"` // "missing", "altered", "unreadable", "damaged-row", "torn-row"
	Path Name   `json:"path"` // of the output or of the journal
	Doc  Name   `json:"document,omitempty"`
	Text string `json:"text"`
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s", f.Kind, f.Text) }

// Verify hashes every output that the journals name, jobs at a time, and
// compares. Outputs lie beside their journal.
func Verify(ctx context.Context, names []string, jobs int) (*Verified, error) {
	j, dirs, err := openRows(names)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	v := &Verified{}
	j.damage(v)
	places, err := j.latest()
	if err != nil {
		return nil, err
	}
	v.Documents = len(places)
	found := make([][]Finding, len(places))
	counts := make([]int, len(places))
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(jobs, 1))
	for i, p := range places {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			r, err := j.at(p)
			if err != nil {
				found[i] = []Finding{{Kind: "damaged-row", Text: err.Error()}}
				return
			}
			counts[i] = len(r.Outputs)
			found[i] = verifyRow(ctx, r, dirs[p.file])
		})
	}
	wg.Wait()
	for i := range found {
		v.Outputs += counts[i]
		v.Findings = append(v.Findings, found[i]...)
	}
	return v, ctx.Err()
}

// damage reports rows that can't be read.
func (j *journal) damage(v *Verified) {
	if j.bad > 0 {
		v.Findings = append(v.Findings, Finding{Kind: "damaged-row", Text: fmt.Sprintf("%d lines of the journal can't be read; their documents will be done again", j.bad)})
	}
	for _, f := range j.files {
		st, err := f.Stat()
		if err != nil {
			continue
		}
		if whole, err := lastNewline(f, st.Size()); err == nil && whole < st.Size() {
			v.Findings = append(v.Findings, Finding{Kind: "torn-row", Path: Name(f.Name()), Text: f.Name() + " ends in a torn line; the next run removes it"})
		}
	}
}

// verifyRow compares the outputs of one document. They are looked for below
// dir, and only there.
func verifyRow(ctx context.Context, r *Row, dir string) (found []Finding) {
	for _, o := range r.Outputs {
		add := func(kind, text string) {
			found = append(found, Finding{kind, o.Path, r.Path, text})
		}
		if !filepath.IsLocal(filepath.FromSlash(string(o.Path))) {
			add("damaged-row", fmt.Sprintf("%q is no name of an output", string(o.Path)))
			continue
		}
		name := o.in(dir)
		sum, err := hashFile(ctx, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			add("missing", name)
		case err != nil:
			add("unreadable", strings.TrimPrefix(err.Error(), "open "))
		case sum != o.SHA256:
			add("altered", name)
		}
	}
	return found
}
