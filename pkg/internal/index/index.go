// Package index keeps a card for every document that was read, and finds pages by
// what stands on them. It is made from the JSON outputs of a batch and lives in one
// SQLite file beside them, which other programs can read, too.
//
// Words are found whatever their marks, case and place of the tone: "hoi thao"
// finds "Hội thảo". The reading itself, and what the fields of a letter are, are
// for package reading; pages and forms are for the callers.
package index

import (
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver, pure Go
)

// schema of the SQLite file, told in its comments.
//
//go:embed schema.sql
var schema string

// schemaVersion is kept as SQLite's user_version. An index of another version is
// built anew.
const schemaVersion = 1

// Name is the file that holds the index of a folder.
const Name = "index.sqlite"

// ErrNoIndex is returned by Open where there is no index, or none of this version.
var ErrNoIndex = errors.New("no index")

// Index is an open index. It may be asked by many at once.
type Index struct {
	db   *sql.DB
	path string // of the SQLite file, absolute
}

// Open opens the index in a file, or in a folder under the usual name, for reading.
func Open(path string) (*Index, error) {
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		path = filepath.Join(path, Name)
	}
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", path, ErrNoIndex)
		}
		return nil, err
	}
	x, err := connect(path, "mode=ro&_pragma=query_only(1)&_pragma=mmap_size(1073741824)")
	if err != nil {
		return nil, err
	}
	version, err := x.version()
	if err == nil && version != schemaVersion {
		err = fmt.Errorf("%w of version %d there, but one of version %d", ErrNoIndex, schemaVersion, version)
	}
	if err != nil {
		x.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}

// Create opens the index in a file for writing, and makes it if it is not there.
// What is no index of this program is left alone and an error.
func Create(path string) (*Index, error) {
	x, err := connect(path, "_pragma=synchronous(1)&_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	x.db.SetMaxOpenConns(1)
	if err := x.prepare(); err != nil {
		x.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}

// prepare brings an empty or an older file to the schema of this version.
func (x *Index) prepare() error {
	version, err := x.version()
	if err != nil || version == schemaVersion {
		return err
	}
	var tables int
	if err := x.db.QueryRow(`SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		if version == 0 {
			return errors.New("an SQLite file of another program; give the index another name with -o")
		}
		return fmt.Errorf("an index of version %d, this program writes version %d; remove it and run again", version, schemaVersion)
	}
	_, err = x.db.Exec(schema + fmt.Sprintf("; PRAGMA user_version = %d", schemaVersion))
	return err
}

func (x *Index) version() (v int, err error) {
	err = x.db.QueryRow(`PRAGMA user_version`).Scan(&v)
	return v, err
}

func connect(path, options string) (*Index, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: options}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	return &Index{db: db, path: abs}, nil
}

// Close closes the index.
func (x *Index) Close() error { return x.db.Close() }

// File is where the JSON output of a card is on this machine.
func (x *Index) File(path string) string {
	if path = filepath.FromSlash(path); filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(x.path), path)
}
