//go:build !linux || !cgo || !(amd64 || arm64)

package clib

// Load has nothing to do: the system has loaded what this program is linked with.
func Load(Library) error { return nil }
