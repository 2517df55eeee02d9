//go:build !unix

package whole

import "os"

func umask() os.FileMode { return 0 }
