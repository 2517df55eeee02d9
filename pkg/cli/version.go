package cli

import (
	"runtime/debug"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// version is set by the linker (see the Makefile).
var version string

// versionString is what --version prints.
func versionString() string {
	v := version
	if v == "" {
		v = "(unknown)"
		if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
			v = b.Main.Version
		}
	}
	if !tesseract.Available {
		v += " (without Tesseract)"
	}
	return v
}
