// Package leptonica lends package imaging the few operations of the Leptonica
// library that are worth a call into C: decoding, and word-parallel work on
// bilevel images (skew, orientation, connected components, morphology). The
// library is the one Tesseract is linked with already. Samples of grey images
// are handed over as image.Gray; decisions are taken by the caller.
//
// C code may crash on an image nobody foresaw, so the caller is expected to be
// a process that may be lost: the worker in which Tesseract runs.
package leptonica

import (
	"errors"
	"image"
)

var (
	// ErrNoCgo says that this binary was built without cgo and so without
	// Leptonica.
	ErrNoCgo = errors.New("page preparation needs Leptonica, and this binary was built without cgo")
	// ErrTooLarge says that an image has more pixels than the caller allows.
	ErrTooLarge = errors.New("image has too many pixels")
	// ErrDecode says that data holds no image that Leptonica can read.
	ErrDecode = errors.New("not an image, or a damaged one")
	// errFailed is an operation that returned nothing, for want of memory as
	// a rule.
	errFailed = errors.New("leptonica: operation failed")
)

// Rank is how many of the four pixels of a 2×2 square must be black for the
// pixel of the reduced image to be black.
type Rank int

// A Component is a set of connected black pixels.
type Component struct {
	Box  image.Rectangle
	Area int // black pixels
}
