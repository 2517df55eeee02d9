//go:build unix

package batch

import (
	"io/fs"
	"syscall"
)

// dirID identifies a folder whatever path leads to it.
func dirID(p string, st fs.FileInfo) any {
	if s, ok := st.Sys().(*syscall.Stat_t); ok {
		return [2]uint64{uint64(s.Dev), uint64(s.Ino)}
	}
	return p
}
