package document

import (
	"context"
	"errors"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// fail makes a *fault.Error about the document; page counts from 1 and is 0 for
// the whole of it. An error that says all that already is returned as it is, and
// so is the end of a run.
func (d *Document) fail(page int, class fault.Class, err error, hint string) error {
	if fault.Is(err) || errors.Is(err, context.Canceled) {
		return err
	}
	if class == "" {
		class = fault.ClassOf(err)
	}
	return &fault.Error{Path: d.path, Page: page, Class: class, Err: err, Hint: hint}
}

// PageError makes err, from whatever step, an error about a page, counted from
// 0. Errors that are about a document already are returned as they are.
func (d *Document) PageError(page int, err error) error { return d.fail(page+1, "", err, "") }
