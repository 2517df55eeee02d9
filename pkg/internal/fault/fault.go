// Package fault says what went wrong with a document: the kinds of failure, one
// list for all who read, write and keep a journal, and what a user can do about
// each. Hints are shown on the command line as they are, and so name its flags.
package fault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"slices"
	"syscall"
)

// A Class is the kind of a failure. The values are stable: journals, summaries
// and other programs hold them.
type Class string

// The classes. A caller may use others of its own; they count as permanent.
const (
	Damaged      Class = "damaged"        // cut off or scrambled
	Encrypted    Class = "encrypted"      // needs a password
	Unsupported  Class = "unsupported"    // not a kind of file that is read
	Empty        Class = "empty"          // no bytes
	NoPages      Class = "no-pages"       // sound, but nothing in it
	TooLarge     Class = "too-large"      // more pixels than allowed
	TooManyPages Class = "too-many-pages" // more pages than allowed
	Irregular    Class = "not-a-file"     // a device, a pipe, a socket, a loop of links
	Collision    Class = "collision"      // its output is another document's, or itself
	Unsafe       Class = "unsafe-output"  // the output would leave the output folder
	Missing      Class = "missing"        // not there, or gone meanwhile
	Permission   Class = "permission"     // may not be read or written
	ReadOnly     Class = "read-only"      // file system can't be written
	Changed      Class = "changed"        // changed while it was read
	Timeout      Class = "timeout"        // a page took longer than allowed
	Crash        Class = "crash"          // a worker process died of it
	Memory       Class = "out-of-memory"  // a worker was killed, or memory ran out
	DiskFull     Class = "disk-full"      // stops the run
	IO           Class = "io"             // disk or network trouble
	Tool         Class = "tool"           // a program or its data is not installed
	Interrupted  Class = "interrupted"    // the run was stopped
	Internal     Class = "internal"       // a bug in this program
	Other        Class = "other"          // not recognised
)

// A kind says what to do about a class.
type kind struct {
	retryable bool // another run as it is may succeed: exit status 75
	again     bool // tried again by default: cheap to try, or its cause is not in the file
	hint      string
}

var kinds = map[Class]kind{
	Damaged:      {hint: "open it in a viewer; scan or copy it again if it is damaged"},
	Encrypted:    {hint: "remove the password first, for example with qpdf --decrypt"},
	Unsupported:  {hint: "convert it to PDF, TIFF, PNG or JPEG"},
	Empty:        {hint: "copy or scan it again"},
	NoPages:      {hint: "scan or export it again"},
	TooLarge:     {again: true, hint: "if it is meant to be that large, raise --max-pixels"},
	TooManyPages: {again: true, hint: "raise --max-pages, or split the document"},
	Irregular:    {again: true, hint: "only regular files are read"},
	Collision:    {again: true, hint: "use another output folder, or give both inputs to one run"},
	Unsafe:       {again: true, hint: "remove the link from the output folder"},
	Missing:      {again: true, hint: "check the name, and whether something moves files away while the run goes on"},
	Permission:   {again: true, hint: "check the owner and mode of the file and its folders"},
	ReadOnly:     {again: true, hint: "mount it writable, or use another output folder"},
	Changed:      {retryable: true, again: true, hint: "wait until it has been written; congvan watch does"},
	Timeout:      {retryable: true, again: true, hint: "raise --page-timeout, or lower --jobs"},
	Crash:        {retryable: true, again: true, hint: "try again; if it stays, the page breaks the reader"},
	Memory:       {retryable: true, again: true, hint: "lower --jobs, or use a machine with more memory"},
	DiskFull:     {retryable: true, again: true, hint: "free some space and run the same command again"},
	IO:           {retryable: true, again: true, hint: "check the disk or the network share"},
	Tool:         {again: true, hint: "install what is missing"},
	Interrupted:  {retryable: true, again: true, hint: "run the same command again"},
	Internal:     {retryable: true, again: true, hint: "a bug in congvan: please report it with the document"},
	Other:        {},
}

// Classes lists them, in the order of their names.
func Classes() []Class { return slices.Sorted(maps.Keys(kinds)) }

// Retryable tells whether another run, with nothing changed, may succeed.
func (c Class) Retryable() bool { return kinds[c].retryable }

// Again tells whether a document that failed so is tried again by the next run:
// its cause may not be in the file, or the try is cheap.
func (c Class) Again() bool { return kinds[c].again }

// Hint is advice on a class of failure; it may be empty.
func (c Class) Hint() string { return kinds[c].hint }

// An Error is a failure of a known class.
type Error struct {
	Path  string // of the document; empty if whoever reports the error names it
	Page  int    // from 1; 0 if about the whole document
	Class Class
	Err   error  // what is wrong and what was expected
	Hint  string // what to do about it; empty means the hint of the class
	Kept  bool   // of a page: what could be read of it is in the outputs
}

func (e *Error) Error() string {
	switch {
	case e.Path == "":
		return e.Err.Error()
	case e.Page > 0:
		return fmt.Sprintf("%s, page %d: %v", e.Path, e.Page, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Bare returns the error without the names of document and page, for those who
// name them themselves.
func (e *Error) Bare() *Error {
	b := *e
	b.Path, b.Page = "", 0
	return &b
}

// New gives an error a class.
func New(c Class, err error) error { return &Error{Class: c, Err: err} }

// Errorf makes an error of a class; format is that of fmt.Errorf.
func Errorf(c Class, format string, args ...any) error { return New(c, fmt.Errorf(format, args...)) }

// Is reports whether the class of err has been said.
func Is(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

// ClassOf returns the class of err and "" for nil: the one that an Error says,
// that an error with a method FaultClass has, or that follows from the error of
// the operating system in it.
func ClassOf(err error) Class {
	var e *Error
	var classed interface{ FaultClass() Class }
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Class != "":
		return e.Class
	case errors.As(err, &classed):
		return classed.FaultClass()
	}
	return systemClass(err)
}

// HintOf returns what to do about err: what an Error says, or an error with a
// method Hint, or else what its class says. It may be empty.
func HintOf(err error) string {
	var e *Error
	var hinted interface{ Hint() string }
	switch {
	case errors.As(err, &e) && e.Hint != "":
		return e.Hint
	case errors.As(err, &hinted):
		return hinted.Hint()
	}
	return ClassOf(err).Hint()
}

func systemClass(err error) Class {
	var exit *exec.ExitError
	var errno syscall.Errno
	switch {
	case errors.Is(err, context.Canceled):
		return Interrupted
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return DiskFull
	case errors.Is(err, syscall.EROFS):
		return ReadOnly
	case errors.Is(err, fs.ErrPermission):
		return Permission
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return Missing
	case errors.Is(err, syscall.ELOOP):
		return Irregular
	case errors.Is(err, syscall.ENOMEM):
		return Memory
	case errors.As(err, &exit):
		return exitClass(exit)
	case errors.As(err, &errno):
		return IO
	}
	return Other
}

// exitClass judges a child process by how it ended. The kernel's out-of-memory
// killer leaves nothing but its SIGKILL.
func exitClass(e *exec.ExitError) Class {
	st, ok := e.Sys().(syscall.WaitStatus)
	switch {
	case ok && st.Signaled() && st.Signal() == syscall.SIGKILL:
		return Memory
	case ok && st.Signaled():
		return Crash
	}
	return Other
}
