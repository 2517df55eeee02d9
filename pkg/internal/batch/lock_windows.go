package batch

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockedAt is the byte that is locked, in the upper half of an offset: locks of Windows
// keep others from reading what is locked, and the start of the file says who holds it.
const lockedAt = 1 << 8

// tryFlock locks a file or fails at once. The kernel lets go when the process ends.
func tryFlock(f *os.File, alone bool) error {
	at := windows.Overlapped{OffsetHigh: lockedAt}
	handle := windows.Handle(f.Fd())
	_ = windows.UnlockFileEx(handle, 0, 1, 0, &at) // our own, to take another kind
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if alone {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	switch err := windows.LockFileEx(handle, how, 0, 1, 0, &at); {
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return errHeld
	case errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION), errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED):
		return errFlockUnsupported
	default:
		return err
	}
}

// stillActive is the exit status of a process that has not ended.
const stillActive = 259

// processRuns tells whether a process of this host exists.
func processRuns(pid int) bool {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer windows.CloseHandle(handle)
	var status uint32
	return windows.GetExitCodeProcess(handle, &status) == nil && status == stillActive
}
