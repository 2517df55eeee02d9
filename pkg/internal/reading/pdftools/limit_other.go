//go:build !linux

package pdftools

// limitMemory can only bound a process of one's own on other systems.
func limitMemory(int, uint64) {}
