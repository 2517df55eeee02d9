//go:build !unix

package batch

import (
	"io/fs"
	"path/filepath"
)

// dirID identifies a folder whatever path leads to it.
func dirID(p string, _ fs.FileInfo) any {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	return p
}
