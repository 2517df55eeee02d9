// Package codec decodes page images with the C libraries that everybody else
// decodes them with: libtiff what is TIFF, Leptonica (over libjpeg, libpng,
// openjpeg …) the rest. What they read is read, and a file is damaged when they
// say so, in their words.
//
// C code may crash, hang or ask for gigabytes on a file made for it, so Decode
// belongs into a process of its own, under a limit of time and memory.
package codec

import (
	"errors"
	"fmt"
)

var (
	// ErrNoCgo says that this binary was built without the libraries.
	ErrNoCgo = errors.New("this congvan was built without the image libraries (CGO_ENABLED=0)")
	// ErrUnsupported is an image of a kind that the libraries don't know.
	ErrUnsupported = errors.New("unsupported")
	// ErrDamaged is an image of which the libraries can make nothing.
	ErrDamaged = errors.New("damaged")
)

// An Error is what a library says. Kind is ErrUnsupported or ErrDamaged.
type Error struct {
	Kind error
	Said string
}

func (e *Error) Error() string { return e.Said }
func (e *Error) Unwrap() error { return e.Kind }

func errorf(kind error, format string, args ...any) error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}

// tooLarge is the error of an image of more than the pixels allowed.
func tooLarge(w, h, most int) error {
	return errorf(ErrUnsupported, "the image has %d x %d pixels, more than %d", w, h, most)
}
