// Package tesseract reads page images with Tesseract. It is the only package
// that needs a C compiler; without one (CGO_ENABLED=0) everything here still
// builds and New says what is missing.
//
// C code can crash, hang or print where it likes, so nothing but a worker
// process (package ocr, Serve and Pool) should hold an Engine.
package tesseract

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// ErrNoCgo reports that this binary was built without Tesseract.
var ErrNoCgo = errors.New("this congvan was built without Tesseract (CGO_ENABLED=0) and cannot read images")

// Options are what an Engine can be told. The zero value is ready to use.
type Options struct {
	// DataDir holds the .traineddata files; empty means the usual places.
	DataDir string
	// Again has lines read a second time, alone, whose reading is doubtful.
	Again bool
}

// FindData returns the folder that holds the trained data of every one of
// langs: dir itself when it is given, else $TESSDATA_PREFIX or the first of
// the folders that packages use. The error is a *ocr.DataError.
func FindData(dir string, langs ...string) (string, error) {
	dirs := dataDirs(dir)
	var missing string
	for _, d := range dirs {
		m, err := missingIn(d, langs)
		if err != nil {
			return "", &ocr.DataError{Lang: m, Dirs: []string{d}, Err: err}
		}
		if m == "" {
			return d, nil
		}
		if missing == "" {
			missing = m
		}
	}
	return "", &ocr.DataError{Lang: missing, Dirs: dirs}
}

// missingIn returns the first of langs whose data dir lacks. The error is
// about data that is there but cannot be used.
func missingIn(dir string, langs []string) (string, error) {
	for _, l := range langs {
		f, err := os.Open(filepath.Join(dir, l+".traineddata"))
		if errors.Is(err, os.ErrNotExist) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		fi, err := f.Stat()
		f.Close()
		if err == nil && (fi.IsDir() || fi.Size() < minData) {
			err = errors.New("not a trained data file (too short)")
		}
		if err != nil {
			return l, err
		}
	}
	return "", nil
}

// minData is far below the smallest trained data there is (500 kB) and above
// what an interrupted download or a git-lfs pointer leaves.
const minData = 4096

func dataDirs(dir string) []string {
	if dir != "" {
		return []string{dir}
	}
	if d := os.Getenv("TESSDATA_PREFIX"); d != "" {
		return []string{d, filepath.Join(d, "tessdata")}
	}
	dirs, _ := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata")
	return append(dirs, "/usr/share/tessdata", "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata")
}
