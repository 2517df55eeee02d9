package document

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A Class says what kind of thing went wrong with a document. The values are
// stable: journals and other programs hold them.
type Class string

const (
	ClassEmpty       Class = "empty"       // a file of no bytes
	ClassDamaged     Class = "damaged"     // cut off or scrambled
	ClassEncrypted   Class = "encrypted"   // needs a password
	ClassNoPages     Class = "no-pages"    // sound, but nothing in it
	ClassTooLarge    Class = "too-large"   // more pixels than allowed
	ClassUnsupported Class = "unsupported" // not a kind of file we read
	ClassPermission  Class = "permission"  // may not be read
	ClassMissing     Class = "missing"     // not there, or gone meanwhile
	ClassTimeout     Class = "timeout"     // took longer than allowed
	ClassCrash       Class = "crash"       // a helper process died of it
	ClassTool        Class = "tool"        // a program or its data is not installed
	ClassIO          Class = "io"          // disk or network trouble
	ClassInterrupted Class = "interrupted" // the run was stopped
	ClassOther       Class = "other"
)

// An Error is about one document, or one page of it.
type Error struct {
	Path  string
	Page  int // from 1; 0 if about the whole document
	Class Class
	Err   error  // what is wrong and what was expected
	Hint  string // what to do about it; may be empty
}

func (e *Error) Error() string {
	if e.Page > 0 {
		return fmt.Sprintf("%s, page %d: %v", e.Path, e.Page, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of err, whatever step of reading it comes from,
// and "" for nil.
func ClassOf(err error) Class {
	var (
		de    *Error
		crash *ocr.CrashError
		late  *ocr.TimeoutError
		data  *ocr.DataError
	)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.Canceled):
		return ClassInterrupted
	case errors.As(err, &de) && de.Class != "":
		return de.Class
	case errors.As(err, &crash):
		return ClassCrash
	case errors.As(err, &late), errors.Is(err, context.DeadlineExceeded):
		return ClassTimeout
	case errors.As(err, &data):
		return ClassTool
	}
	return fileClass(err)
}

// fileClass returns the class of an error of the operating system.
func fileClass(err error) Class {
	var errno syscall.Errno
	switch {
	case errors.Is(err, os.ErrNotExist):
		return ClassMissing
	case errors.Is(err, os.ErrPermission):
		return ClassPermission
	case errors.As(err, &errno):
		return ClassIO
	}
	return ClassOther
}

// Retryable reports whether the same input may succeed on another try with
// nothing about it changed: the machine was at fault, not the document.
func Retryable(err error) bool {
	switch ClassOf(err) {
	case ClassTimeout, ClassCrash, ClassTool, ClassIO, ClassInterrupted:
		return true
	}
	return false
}

// HintOf returns what to do about err, or "".
func HintOf(err error) string {
	var de *Error
	if errors.As(err, &de) && de.Hint != "" {
		return de.Hint
	}
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// fail makes an Error about the document; page is 0 for the whole of it.
func (d *Document) fail(page int, class Class, err error, hint string) error {
	var de *Error
	if errors.As(err, &de) || errors.Is(err, context.Canceled) {
		return err
	}
	if class == "" {
		class = ClassOf(err)
	}
	return &Error{Path: d.path, Page: page, Class: class, Err: err, Hint: hint}
}

// PageError makes err, from whatever step, an error about a page, counted from
// 0. Errors that are about a document already are returned as they are.
func (d *Document) PageError(page int, err error) error {
	return d.fail(page+1, ClassOf(err), err, HintOf(err))
}
