//go:build cgo && (amd64 || arm64)

package clib

/*
#cgo LDFLAGS: -Wl,--as-needed -Wl,-E -ldl
#cgo pkg-config: lept
const char *congvan_load(int library);
const char *congvan_soname(int library);
*/
import "C"

import (
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

var loaded = [...]func() error{sync.OnceValue(Leptonica.load), sync.OnceValue(Tesseract.load)}

// Load makes a library ready to be called.
func Load(l Library) error { return loaded[l]() }

func (l Library) load() error {
	said := C.congvan_load(C.int(l))
	if said == nil {
		return nil
	}
	// Debian and its kin name a package after the library in it.
	pkg := strings.Replace(C.GoString(C.congvan_soname(C.int(l))), ".so.", "", 1)
	return fault.Errorf(fault.Tool, "%s (package %s)", C.GoString(said), pkg)
}
