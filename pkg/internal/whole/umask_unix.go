//go:build unix

package whole

import (
	"os"
	"sync"
	"syscall"
)

// umask returns the permissions that new files lack.
var umask = sync.OnceValue(func() os.FileMode {
	m := syscall.Umask(0)
	syscall.Umask(m)
	return os.FileMode(m)
})
