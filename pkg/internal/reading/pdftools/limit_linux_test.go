package pdftools

import (
	"io"
	"strings"
	"testing"
	"time"
)

// A program that takes memory without end fails, and the machine stays up.
func TestMemoryLimit(t *testing.T) {
	var limit []byte
	_, err := Cmd{Program: script(t, "while [ \"$(ulimit -v)\" = unlimited ]; do :; done; ulimit -v"), Timeout: time.Minute,
		Use: func(r io.Reader) (err error) { limit, err = io.ReadAll(r); return err }}.Run(t.Context(), "x")
	if err != nil || strings.TrimSpace(string(limit)) != "4194304" {
		t.Errorf("the limit is %q: %v", limit, err)
	}
}
