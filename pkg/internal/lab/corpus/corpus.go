// Package corpus reads the texts that models are trained on.
package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// ErrNoXZ is the error for a packed text where there is no xz.
var ErrNoXZ = errors.New("there is no xz to unpack it")

// Text is a text that is opened when it is first read, and closed at its end.
// The text "-" is Stdin; one that ends in .xz is unpacked with xz.
type Text struct {
	Context context.Context // ends the reading
	Path    string
	Stdin   io.Reader
	Add     func(int) // told the bytes read, unless nil

	r   io.Reader
	end func() error
}

func (t *Text) Read(p []byte) (int, error) {
	if err := t.Context.Err(); err != nil {
		return 0, err
	}
	if t.r == nil {
		if err := t.open(); err != nil {
			return 0, err
		}
	}
	n, err := t.r.Read(p)
	if t.Add != nil {
		t.Add(n)
	}
	if err == io.EOF && t.end != nil {
		if e := t.end(); e != nil {
			err = e
		}
		t.end = nil
	}
	return n, err
}

func (t *Text) open() error {
	if t.Path == "-" {
		t.r = t.Stdin
		return nil
	}
	if strings.HasSuffix(t.Path, ".xz") {
		return t.openXZ()
	}
	f, err := os.Open(t.Path)
	if err != nil {
		return err
	}
	t.r, t.end = f, f.Close
	return nil
}

func (t *Text) openXZ() error {
	cmd := exec.CommandContext(t.Context, "xz", "-dc", "--", t.Path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s: %w", t.Path, ErrNoXZ)
	}
	if err != nil {
		return err
	}
	t.r = out
	t.end = func() error {
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("xz: %w: %s", err, strings.TrimSpace(stderr.String()))
		}
		return nil
	}
	return nil
}
