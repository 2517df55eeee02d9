package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A popplerRun is one run of a program of poppler-utils on the document.
type popplerRun struct {
	program string
	options []string              // before the document's path
	output  string                // after it, if not empty
	dir     string                // to run in, if not empty
	use     func(io.Reader) error // takes standard output; may be nil
	damage  *error                // if not nil, takes what the program says of damaged data
}

// poppler does a run. The path is made absolute, because the programs take one
// that starts with "-" for an option.
func (d *Document) poppler(ctx context.Context, run popplerRun) error {
	path, err := filepath.Abs(d.path)
	if err != nil {
		return err
	}
	args := append(slices.Clip(run.options), path)
	if run.output != "" {
		args = append(args, run.output)
	}
	late, cancel := context.WithTimeout(ctx, d.opts.Timeout)
	defer cancel()
	cmd := exec.CommandContext(late, run.program, args...)
	cmd.Dir = run.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &limitedWriter{&stderr, 16 << 10}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil && late.Err() == nil {
		return d.noPoppler(run.program, err)
	} else if err != nil {
		return d.late(ctx, run.program)
	}
	var useErr error
	if run.use != nil {
		useErr = run.use(out)
	}
	io.Copy(io.Discard, out)
	err = cmd.Wait()
	switch {
	case late.Err() != nil:
		return d.late(ctx, run.program)
	case err != nil:
		return popplerError(run.program, err, stderr.String())
	}
	if line := damagedData.FindString(stderr.String()); line != "" && run.damage != nil {
		*run.damage = fmt.Errorf("%s: %s", run.program, strings.TrimSpace(line))
	}
	return useErr
}

// damagedData finds what Poppler, and libjpeg under it, say of data without which
// parts of a page are missing. Most that they complain of does no harm.
var damagedData = regexp.MustCompile(`(?m)^.*(in (CCITTFax|[Ff]late|LZW|JBIG2|JPX|DCT|RunLength) ?stream|[Pp]remature end of|bad Huffman code|XObject '.*' is unknown).*$`)

// late is the error of a run that was cut short.
func (d *Document) late(ctx context.Context, program string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return d.fail(0, ClassTimeout, fmt.Errorf("%s took longer than %v", program, d.opts.Timeout), "")
}

func (d *Document) noPoppler(program string, err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return d.fail(0, ClassTool, fmt.Errorf("reading PDF needs the program %s, which is not installed", program), "install the poppler-utils package")
	}
	return d.fail(0, ClassTool, err, "")
}

// limitedWriter keeps the first bytes written to it.
type limitedWriter struct {
	b    *bytes.Buffer
	left int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	k := min(len(p), l.left)
	l.b.Write(p[:k])
	l.left -= k
	return len(p), nil
}

// errEncrypted is poppler's word for a PDF that needs a password.
var errEncrypted = errors.New("encrypted: a password is needed to read it")

// errNoPages is pdfinfo's word for a PDF of none.
var errNoPages = errors.New("this PDF has no pages")

// popplerError says in one line how a run failed.
func popplerError(program string, err error, stderr string) error {
	if strings.Contains(stderr, "Incorrect password") {
		return errEncrypted
	}
	if strings.Contains(stderr, "can not be after the last page (0)") {
		return errNoPages
	}
	var last string
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Syntax Warning") || line == "" {
			continue
		}
		if last = line; strings.Contains(line, "xref") || strings.Contains(line, "trailer") {
			break
		}
	}
	if last == "" {
		return fmt.Errorf("%s: %w", program, err)
	}
	return fmt.Errorf("%s: %s", program, last)
}
