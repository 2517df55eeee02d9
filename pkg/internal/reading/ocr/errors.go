package ocr

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// A DataError reports trained data that is missing or unreadable. It concerns
// every page: the run should stop.
type DataError struct {
	Lang string   // "vie"
	Dirs []string // where it was looked for
	Err  error    // nil when there is no such file
}

func (e *DataError) Error() string {
	s := fmt.Sprintf("no trained data for %s in %s", LanguageName(e.Lang), strings.Join(e.Dirs, ", "))
	if e.Err != nil {
		s = fmt.Sprintf("trained data for %s in %s cannot be used: %v", LanguageName(e.Lang), strings.Join(e.Dirs, ", "), e.Err)
	}
	return s
}

func (e *DataError) Unwrap() error { return e.Err }

// FaultClass is that of a program that is not installed.
func (e *DataError) FaultClass() fault.Class { return fault.Tool }

// Hint says what to do about it.
func (e *DataError) Hint() string {
	return fmt.Sprintf("install the tesseract-ocr-%[1]s package, or point --tessdata at a folder with %[1]s.traineddata", e.Lang)
}

// LanguageName returns the English name of a reader's language code.
func LanguageName(code string) string {
	switch code {
	case "vie":
		return "Vietnamese"
	case "eng":
		return "English"
	}
	return code
}

// A CrashError reports that the worker died on a page, more than once, or had to
// be killed because it answered what no worker answers.
type CrashError struct {
	State string // "signal: killed", "exit status 2"
	Said  string // its last words; may be empty
	// Killed tells that it did not die of itself: somebody else, or the kernel
	// for want of memory, sent it SIGKILL.
	Killed bool
}

// FaultClass tells a worker that was killed, for want of memory as a rule, from
// one that died of the page.
func (e *CrashError) FaultClass() fault.Class {
	if e.Killed {
		return fault.Memory
	}
	return fault.Crash
}

func (e *CrashError) Error() string {
	s := "the reading process died (" + e.State + ")"
	if e.Said != "" {
		s += ": " + e.Said
	}
	return s
}

// A TimeoutError reports a page that took longer than allowed.
type TimeoutError struct{ Limit time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("reading took longer than %v", e.Limit)
}

// FaultClass is that of a timeout.
func (e *TimeoutError) FaultClass() fault.Class { return fault.Timeout }

// encode turns err into what crosses the pipe; decode is its inverse.
func encodeError(err error) remoteError {
	var de *DataError
	if !errors.As(err, &de) {
		r := remoteError{Message: err.Error()}
		if fault.Is(err) {
			r.Class = fault.ClassOf(err)
		}
		return r
	}
	r := remoteError{Message: err.Error(), Data: &remoteDataError{Lang: de.Lang, Dirs: de.Dirs}}
	if de.Err != nil {
		r.Data.Reason = de.Err.Error()
	}
	return r
}

func (r remoteError) decode() error {
	switch {
	case r.Data == nil && r.Class != "":
		return fault.New(r.Class, errors.New(r.Message))
	case r.Data == nil:
		return errors.New(r.Message)
	}
	de := &DataError{Lang: r.Data.Lang, Dirs: r.Data.Dirs}
	if r.Data.Reason != "" {
		de.Err = errors.New(r.Data.Reason)
	}
	return de
}
