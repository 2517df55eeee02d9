//go:build !cgo

package tesseract

import "github.com/congvan-cli/congvan/pkg/internal/reading/ocr"

// Available reports whether this binary can read images.
const Available = false

// New returns ErrNoCgo.
func New(Options) (ocr.Engine, error) { return nil, ErrNoCgo }
