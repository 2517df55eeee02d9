// Package pdftools asks programs of others about PDFs: those of poppler-utils,
// and qpdf. Each runs in a process of its own under limits of time and memory:
// a file made to harm, or one that sends a parser round in circles, costs that
// file only.
package pdftools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// A Cmd is one run of a program on a file.
type Cmd struct {
	Program string
	Options []string              // before the file's path
	Output  []string              // after it
	Dir     string                // to run in, if not empty
	Timeout time.Duration         // 0 means DefaultTimeout
	Use     func(io.Reader) error // takes standard output; may be nil
}

// DefaultTimeout limits a run that names no limit of its own.
const DefaultTimeout = 2 * time.Minute

// memoryLimit is the address space that a program may take, in bytes: enough to
// draw the largest page in colour four times over.
const memoryLimit = 4 << 30

// A MissingError says that a program is not installed.
type MissingError struct{ Program string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("reading PDF needs the program %s, which is not installed", e.Program)
}

// Hint says what to install.
func (e *MissingError) Hint() string {
	if e.Program == "qpdf" {
		return "install the qpdf package"
	}
	return "install the poppler-utils package"
}

// FaultClass implements the method that package fault looks for.
func (e *MissingError) FaultClass() fault.Class { return fault.Tool }

// A TimeoutError says that a program took too long.
type TimeoutError struct {
	Program string
	Limit   time.Duration
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s took longer than %v", e.Program, e.Limit)
}

// FaultClass implements the method that package fault looks for.
func (e *TimeoutError) FaultClass() fault.Class { return fault.Timeout }

// An ExitError says that a program failed.
type ExitError struct {
	Program string
	Stderr  string // its first 16 kB
	Err     error  // *exec.ExitError
}

// Code is the exit status, -1 if the program was killed.
func (e *ExitError) Code() int {
	var exit *exec.ExitError
	if errors.As(e.Err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

func (e *ExitError) Unwrap() error { return e.Err }

// Error says in one line what went wrong: that the cross-references are bad
// where they are, or else the last complaint.
func (e *ExitError) Error() string {
	var last string
	for line := range strings.Lines(e.Stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Syntax Warning") || line == "" {
			continue
		}
		if last = line; strings.Contains(line, "xref") || strings.Contains(line, "trailer") {
			break
		}
	}
	if last == "" {
		return fmt.Sprintf("%s: %v", e.Program, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Program, last)
}

// Run runs the program on the file at path and returns what it says on standard
// error. The error is of ctx, of Use, or one of the types above. The path is
// made absolute, because programs take one that starts with "-" for an option.
func (c Cmd) Run(ctx context.Context, path string) (stderr string, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	limit := c.Timeout
	if limit == 0 {
		limit = DefaultTimeout
	}
	late, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(late, c.Program, append(append(slices.Clip(c.Options), path), c.Output...)...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = time.Second
	complaints := limitedWriter{left: 16 << 10}
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err = cmd.Start(); err == nil {
		limitMemory(cmd.Process.Pid, memoryLimit)
		var useErr error
		if c.Use != nil {
			useErr = c.Use(out)
		}
		io.Copy(io.Discard, out)
		if err = cmd.Wait(); err == nil {
			err = useErr
		}
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case late.Err() != nil:
		err = &TimeoutError{c.Program, limit}
	case errors.Is(err, exec.ErrNotFound):
		err = &MissingError{c.Program}
	case errors.As(err, &exit):
		err = &ExitError{c.Program, complaints.b.String(), err}
	}
	return complaints.b.String(), err
}

// limitedWriter keeps the first bytes written to it.
type limitedWriter struct {
	b    bytes.Buffer
	left int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	k := min(len(p), l.left)
	l.b.Write(p[:k])
	l.left -= k
	return len(p), nil
}
