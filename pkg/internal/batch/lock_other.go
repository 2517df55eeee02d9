//go:build !unix

package batch

import (
	"errors"
	"os"
)

var (
	errHeld             = errors.New("held by another process")
	errFlockUnsupported = errors.New("file system without locks")
)

func tryFlock(*os.File, bool) error { return errFlockUnsupported }

// processRuns tells whether a process of this host exists.
func processRuns(pid int) bool {
	p, err := os.FindProcess(pid)
	if err == nil {
		_ = p.Release()
	}
	return err == nil
}
