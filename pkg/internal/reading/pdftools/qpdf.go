package pdftools

import (
	"context"
	"errors"
)

// Mend has qpdf write a PDF anew with a page tree of its own making: the same file gives
// the same bytes. Encrypted files need the option "--decrypt".
func Mend(ctx context.Context, from, to string, options ...string) error {
	return QPDF(ctx, from, append(options, "--deterministic-id", "--object-streams=preserve", "--stream-data=preserve"),
		"--pages", ".", "1-z", "--", to)
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
