package batch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"syscall"
)

// Class is the kind of a failure, as the journal and the summary name it.
type Class string

// The classes. Those of a document that can't be read have the names they have
// in package document. A caller may use others of its own with Fail; they count
// as permanent.
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
	TooLarge:     {again: true, hint: "raise the pixel limit if the picture is honest"},
	TooManyPages: {again: true, hint: "raise --max-pages, or split the document"},
	Irregular:    {again: true, hint: "only regular files are read"},
	Collision:    {again: true, hint: "use another output folder, or give both inputs to one run"},
	Unsafe:       {again: true, hint: "remove the link from the output folder"},
	Missing:      {again: true, hint: "check the name, and whether something moves files away while the run goes on"},
	Permission:   {again: true, hint: "check the owner and mode of the file and its folders"},
	ReadOnly:     {again: true, hint: "mount it writable, or use another output folder"},
	Changed:      {retryable: true, again: true, hint: "wait until it has been written; congvan watch does"},
	Timeout:      {retryable: true, again: true, hint: "raise the time limit, or lower --jobs"},
	Crash:        {retryable: true, again: true, hint: "try again; if it stays, the page breaks the reader"},
	Memory:       {retryable: true, again: true, hint: "lower --jobs, or use a machine with more memory"},
	DiskFull:     {retryable: true, again: true, hint: "free some space and run the same command again"},
	IO:           {retryable: true, again: true, hint: "check the disk or the network share"},
	Tool:         {again: true, hint: "install what is missing"},
	Internal:     {retryable: true, again: true, hint: "a bug in congvan: please report it with the document"},
	Other:        {},
}

// Retryable tells whether another run, with nothing changed, may succeed.
func (c Class) Retryable() bool { return kinds[c].retryable }

// Hint is advice on a class of failure; it may be empty.
func (c Class) Hint() string { return kinds[c].hint }

// A Fault is an error of a known class.
type Fault struct {
	Class Class
	Err   error
	Hint  string // "" means that of the class
	Kept  bool   // of a page: what could be read of it is in the outputs
}

func (f *Fault) Error() string { return f.Err.Error() }
func (f *Fault) Unwrap() error { return f.Err }

// Fail gives an error a class.
func Fail(c Class, err error) error { return &Fault{Class: c, Err: err} }

func failf(c Class, format string, args ...any) error { return Fail(c, fmt.Errorf(format, args...)) }

// Classify finds the class of an error and a hint. What carries no class is
// judged by the system error in it.
func Classify(err error) (Class, string) {
	var f *Fault
	if errors.As(err, &f) {
		if f.Hint != "" {
			return f.Class, f.Hint
		}
		return f.Class, f.Class.Hint()
	}
	c := classOf(err)
	return c, c.Hint()
}

func classOf(err error) Class {
	var exit *exec.ExitError
	switch {
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
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.ESTALE),
		errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return IO
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.As(err, &exit):
		return exitClass(exit)
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
