//go:build !unix && !windows

package batch

import "os"

func tryFlock(*os.File, bool) error { return errFlockUnsupported }

// processRuns tells whether a process of this host exists.
func processRuns(pid int) bool {
	p, err := os.FindProcess(pid)
	if err == nil {
		_ = p.Release()
	}
	return err == nil
}
