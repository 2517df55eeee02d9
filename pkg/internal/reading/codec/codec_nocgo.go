//go:build !cgo

package codec

import "io"

// Available reports whether this binary holds the libraries.
const Available = false

// Decode returns ErrNoCgo.
func Decode(io.Writer, string, int64, int) (string, error) { return "", ErrNoCgo }
