// Package clib loads the C libraries with which pages are read when the first one is
// asked for, and not when the program starts: with all that they need they are 56, and
// loading them takes 12 to 16 ms of processor time, more than a line takes to be restored.
// Whoever calls into them calls Load before.
package clib

// A Library is one of those that are loaded, with what it needs itself.
type Library int

// Leptonica brings libtiff, Tesseract the library of C++.
const (
	Leptonica Library = iota
	Tesseract
)
