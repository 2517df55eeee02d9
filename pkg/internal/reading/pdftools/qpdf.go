package pdftools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
)

// Mend has qpdf write a PDF anew with a page tree of its own making: the same file gives
// the same bytes. Encrypted files need the option "--decrypt".
//
// Where cross-references are a stream, qpdf 11.3 and poppler read nothing if the file
// does not say where that is: it is looked for.
func Mend(ctx context.Context, from, to string, options ...string) error {
	options = append(options, "--deterministic-id", "--object-streams=preserve", "--stream-data=preserve")
	err := QPDF(ctx, from, options, "--pages", ".", "1-z", "--", to)
	if err == nil || ctx.Err() != nil {
		return err
	}
	b, readErr := os.ReadFile(from)
	at, ok := lastXRefStream(b)
	if readErr != nil || !ok {
		return err
	}
	told := to + ".told"
	defer os.Remove(told)
	if os.WriteFile(told, fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", at), 0o600) != nil ||
		QPDF(ctx, told, options, "--pages", ".", "1-z", "--", to) != nil {
		return err
	}
	return nil
}

var startOfObject = lazy.Regexp(`\d+\s+\d+\s+obj\b`)

// lastXRefStream returns where the last stream of cross-references of a PDF begins.
func lastXRefStream(b []byte) (at int, ok bool) {
	end := bytes.LastIndex(b, []byte("/XRef"))
	if end < 0 {
		return 0, false
	}
	const head = 4 << 10 // of such a stream, at most
	from := max(0, end-head)
	starts := startOfObject().FindAllIndex(b[from:end], -1)
	if len(starts) == 0 {
		return 0, false
	}
	at = from + starts[len(starts)-1][0]
	return at, !bytes.Contains(b[at:end], []byte("endobj"))
}

// QPDF runs qpdf. That it has had to mend something is no error.
func QPDF(ctx context.Context, path string, options []string, output ...string) error {
	_, err := Cmd{Program: "qpdf", Options: options, Output: output}.Run(ctx, path)
	const mended = 3
	if exit := new(ExitError); errors.As(err, &exit) && exit.Code() == mended {
		return nil
	}
	return err
}
