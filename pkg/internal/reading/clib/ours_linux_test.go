//go:build cgo && (amd64 || arm64)

package clib

import (
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What Tesseract asks of OpenMP's runtime it finds in the program, and how lines are written.
func TestTesseractFindsOurs(t *testing.T) {
	libs, _ := filepath.Glob("/usr/lib/*/libtesseract.so.?")
	if len(libs) == 0 {
		t.Skip("Tesseract is not installed")
	}
	lib, err := elf.Open(libs[0])
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	self, err := elf.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	exported, err := self.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	asked, err := lib.ImportedSymbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range asked {
		if (strings.HasPrefix(a.Name, "GOMP_") || a.Name == "pixWriteMem") && !slices.ContainsFunc(exported, func(s elf.Symbol) bool {
			return s.Name == a.Name && s.Section != elf.SHN_UNDEF
		}) {
			t.Errorf("%s is a library's", a.Name)
		}
	}
}
