package index

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
)

// batchPages is how many pages go into one transaction: what a kill costs, and what
// is held in memory.
const batchPages = 4096

// optimizeShare is the part of the pages that must be new before the lists of words
// are merged into one, which takes as long as adding that many.
const optimizeShare = 0.1

// Changes counts what Update did, in documents.
type Changes struct {
	Added, Updated, Removed, Unchanged int
	Pages                              int      // of the index, afterwards
	Failed                             []string // JSON outputs that can't be read, with the reason
}

// Update brings the index up to date with the JSON outputs below folders: new ones
// are added, changed ones read again, those whose file is gone taken out. Other
// JSON files are passed over. It may be stopped at any time and goes on from there.
// progress, if not nil, is called with the number of files seen and of all.
func (x *Index) Update(ctx context.Context, folders []string, progress func(done, all int)) (Changes, error) {
	var c Changes
	paths, err := x.outputs(folders)
	if err != nil {
		return c, err
	}
	known, err := x.known()
	if err != nil {
		return c, err
	}
	added, err := x.add(ctx, paths, known, &c, progress)
	if err != nil {
		return c, err
	}
	if err := x.removeGone(ctx, known, &c); err != nil {
		return c, err
	}
	if err := x.db.QueryRowContext(ctx, `SELECT count(*) FROM pages`).Scan(&c.Pages); err != nil {
		return c, err
	}
	if added > 0 && float64(added) >= optimizeShare*float64(c.Pages) {
		_, err = x.db.ExecContext(ctx, `INSERT INTO words(words) VALUES('optimize')`)
	}
	return c, err
}

// outputs lists the JSON files below folders, by their names in the index.
func (x *Index) outputs(folders []string) ([]string, error) {
	var paths []string
	for _, dir := range folders {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), ".") && p != dir:
				if d.IsDir() {
					return fs.SkipDir
				}
			case !d.IsDir() && filepath.Ext(p) == ".json":
				name, err := x.name(p)
				paths = append(paths, name)
				return err
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// name is how the index calls a file: from its own folder, with slashes.
func (x *Index) name(file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(filepath.Dir(x.path), abs)
	return filepath.ToSlash(rel), err
}

type digest = [sha256.Size]byte

// document is one of those that the index has.
type document struct {
	id     int64
	digest digest
}

func (x *Index) known() (map[string]document, error) {
	rows, err := x.db.Query(`SELECT path, id, digest FROM documents`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]document{}
	for rows.Next() {
		var path string
		var d document
		var sum []byte
		if err := rows.Scan(&path, &d.id, &sum); err != nil {
			return nil, err
		}
		copy(d.digest[:], sum)
		known[path] = d
	}
	return known, rows.Err()
}

// reading is what became of a JSON file.
type reading struct {
	path   string
	digest digest
	card   *Card // nil if the file has not changed, is none of ours, or err
	pages  []page
	err    error
}

// page is one that is to be added.
type page struct {
	day      int64
	document int64
	number   int
	packed   []byte // its text, deflated
	words    string // folded
	card     *Card  // of the letter that it belongs to
}

// read reads a JSON file unless the index has it as it is.
func (x *Index) read(path string, known map[string]document) reading {
	r := reading{path: path}
	data, err := os.ReadFile(x.File(path))
	if err != nil {
		r.err = err
		return r
	}
	r.digest = sha256.Sum256(data)
	if d, ok := known[path]; ok && d.digest == r.digest || !ours(data) {
		return r
	}
	file, err := decode(data)
	if err != nil {
		r.err = fmt.Errorf("%s: %w", x.File(path), err)
		return r
	}
	first := cardOf(path, file, &file.Letter)
	r.card = &first
	for i := range file.Pages {
		text, number := file.Pages[i].text(), file.Pages[i].Number
		card := &first
		if l := file.letterOn(number); l != &file.Letter {
			c := cardOf(path, file, l)
			card = &c
		}
		r.pages = append(r.pages, page{day: day(card.Issued), number: number, packed: deflate(text), words: fold(text), card: card})
	}
	return r
}

// letterOn is the letter that a page belongs to: the first in the file, or one that
// begins after it.
func (f *outputFile) letterOn(page int) *letter.Letter {
	for _, m := range f.Letter.More {
		if m.Pages != nil && m.Pages.From <= page && page <= m.Pages.To {
			return m
		}
	}
	return &f.Letter
}

// add reads files side by side and adds them in the order of their paths, so that
// the same files make the same index. It returns the number of pages added.
func (x *Index) add(ctx context.Context, paths []string, known map[string]document, c *Changes, progress func(done, all int)) (pages int, err error) {
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan chan reading, 2*workers) // in order
	work := make(chan func(), workers)
	for range workers {
		g.Go(func() error {
			for f := range work {
				f()
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(queue)
		defer close(work)
		for _, p := range paths {
			done := make(chan reading, 1)
			select {
			case work <- func() { done <- x.read(p, known) }:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			queue <- done
		}
		return nil
	})
	g.Go(func() error {
		b := batch{x: x, known: known, changes: c}
		for i := 0; ; i++ {
			done, ok := <-queue
			if !ok {
				break
			}
			n, err := b.take(ctx, <-done)
			if pages += n; err != nil {
				for range queue { // until the others have stopped
				}
				return err
			}
			if progress != nil {
				progress(i+1, len(paths))
			}
		}
		return b.flush(ctx)
	})
	return pages, g.Wait()
}

// batch is what the next transaction adds.
type batch struct {
	x       *Index
	known   map[string]document
	changes *Changes
	new     []reading
	pages   int
}

// take adds what was read of a file and returns its pages.
func (b *batch) take(ctx context.Context, r reading) (int, error) {
	_, had := b.known[r.path]
	switch {
	case errors.Is(r.err, fs.ErrNotExist): // gone in the meantime
		return 0, nil
	case r.err != nil:
		b.changes.Failed = append(b.changes.Failed, r.err.Error())
		return 0, nil
	case r.card == nil:
		if had {
			b.changes.Unchanged++
		}
		return 0, nil
	case had:
		b.changes.Updated++
	default:
		b.changes.Added++
	}
	b.new = append(b.new, r)
	b.pages += len(r.pages)
	if b.pages >= batchPages {
		return len(r.pages), b.flush(ctx)
	}
	return len(r.pages), nil
}

// flush writes the batch in one transaction.
func (b *batch) flush(ctx context.Context) error {
	if len(b.new) == 0 {
		return nil
	}
	err := b.x.transact(ctx, func(tx *sql.Tx) error {
		var pages []page
		for _, r := range b.new {
			if d, ok := b.known[r.path]; ok {
				if err := remove(ctx, tx, d.id); err != nil {
					return err
				}
			}
			p, err := insertDocument(ctx, tx, r)
			if err != nil {
				return fmt.Errorf("%s: %w", r.path, err)
			}
			pages = append(pages, p...)
		}
		return insertPages(ctx, tx, pages)
	})
	b.new, b.pages = nil, 0
	return err
}

func (x *Index) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func insertDocument(ctx context.Context, tx *sql.Tx, r reading) ([]page, error) {
	values := append(r.card.fields(), r.digest[:], r.card.folder())
	res, err := tx.ExecContext(ctx, `INSERT INTO documents (`+cardColumns+`, digest, folder)
		VALUES (?`+strings.Repeat(", ?", len(values)-1)+`)`, dereference(values)...)
	if err != nil {
		return nil, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return nil, err
	}
	for i := range r.pages {
		r.pages[i].document = id
	}
	return r.pages, nil
}

// dereference turns the pointers of Card.fields into values.
func dereference(fields []any) []any {
	out := make([]any, len(fields))
	for i, f := range fields {
		switch f := f.(type) {
		case *string:
			out[i] = *f
		case *int:
			out[i] = *f
		case *int64:
			out[i] = *f
		case **float64:
			out[i] = *f // nil is NULL
		default:
			out[i] = f
		}
	}
	return out
}

// insertPages adds pages in the order of their ids: FTS5 writes a list of its own
// whenever an id is smaller than the last.
func insertPages(ctx context.Context, tx *sql.Tx, pages []page) error {
	slices.SortStableFunc(pages, func(a, b page) int { return int(a.day - b.day) })
	intoPages, err := tx.PrepareContext(ctx, `INSERT INTO pages (id, document, number, text) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer intoPages.Close()
	intoWords, err := tx.PrepareContext(ctx, `INSERT INTO words (rowid, text, number, issuer, signer, subject, type) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer intoWords.Close()
	var id, today int64 = -1, -1
	for _, p := range pages {
		if p.day != today {
			today = p.day
			if id, err = lastID(ctx, tx, today); err != nil {
				return err
			}
		}
		id++
		if _, err := intoPages.ExecContext(ctx, id, p.document, p.number, p.packed); err != nil {
			return err
		}
		c := p.card
		issuer := strings.TrimSpace(c.Parent + " " + c.Issuer)
		_, err := intoWords.ExecContext(ctx, id, p.words, fold(c.Number+" "+c.NumberRead), fold(issuer), fold(c.Signer), fold(c.Subject), fold(c.Type))
		if err != nil {
			return err
		}
	}
	return nil
}

// lastID is the highest id of the pages of a day.
func lastID(ctx context.Context, tx *sql.Tx, day int64) (id int64, err error) {
	first := day << dayBits
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(id), ?) FROM pages WHERE id > ? AND id < ?`, first, first, (day+1)<<dayBits).Scan(&id)
	return id, err
}

// remove takes a document out.
func remove(ctx context.Context, tx *sql.Tx, id int64) error {
	for _, q := range []string{
		`DELETE FROM words WHERE rowid IN (SELECT id FROM pages WHERE document = ?)`,
		`DELETE FROM pages WHERE document = ?`,
		`DELETE FROM documents WHERE id = ?`,
	} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// removeGone takes out the documents whose JSON output is no longer there.
func (x *Index) removeGone(ctx context.Context, known map[string]document, c *Changes) error {
	var gone []int64
	for path, d := range known {
		if _, err := os.Lstat(x.File(path)); errors.Is(err, fs.ErrNotExist) {
			gone = append(gone, d.id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(gone)
	c.Removed = len(gone)
	return x.transact(ctx, func(tx *sql.Tx) error {
		for _, id := range gone {
			if err := remove(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
