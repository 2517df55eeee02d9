// Package batch carries a job over a tree of documents so that none is lost and
// none is done twice: on one machine or on many, after a crash, a full disk, a
// kill -9 or a pulled plug.
//
// It finds the inputs, gives each document the names of its outputs, shares the
// pages of all documents in hand among the workers, writes every output beside
// its final name and renames it, and keeps a journal that the next run starts
// from. What is done with a document is the caller's: package batch knows
// nothing of images, readers or text, and prints nothing.
package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Job is what a run does with each document.
type Job struct {
	// Options and Model are fingerprints of all that decides what is read of a
	// document, Rendering of all that decides how it is written. A document done
	// under another fingerprint is done again: if only Rendering is another, from
	// what is kept of its reading.
	Options, Model, Rendering string
	// Suffixes are the endings of the outputs a document may have (".txt",
	// ".words.json"). They are needed beforehand to tell names apart.
	Suffixes []string
	// Accept tells whether a file found in a folder is a document, by its name.
	// A file named on the command line is always taken. nil accepts all.
	Accept func(name string) bool
	// Spare tells, before a document is done whose outputs may be there, why they
	// must not be replaced unless Config.Redo says so: base is their path without
	// endings. The document fails, and the journal stays. nil spares none.
	Spare func(base string) error
	// Open starts on a document. It may create outputs at once or later.
	Open func(ctx context.Context, in Input, out *Outputs) (Document, error)
	// Kept is the suffix of the output that holds what was read of a document, so
	// that others can be made from it; empty if there is none such.
	Kept string
	// Again is Open for a document of which such an output is there, in the file
	// kept.
	Again func(ctx context.Context, in Input, kept string, out *Outputs) (Document, error)
}

// Input is a document to be done.
type Input struct {
	Rel  string // path below the root of the inputs, with slashes: its name in the journal
	Path string // the file to open
	Size int64
	// SHA256 of the file, in hexadecimal. It is set when a document is opened,
	// and empty before.
	SHA256 string
}

// A Document is one document in hand. Read is called for every page, from
// several goroutines at once; Emit is called in page order, one page at a time,
// each after its Read has returned and no more than a few pages behind the
// furthest Read. A document that writes as it emits holds only those few pages.
type Document interface {
	// Pages is how many pages there are to be read.
	Pages() int
	// Number is the number, from 1, of page n in its document, where not all of it is
	// read.
	Number(n int) int
	// Read reads page n, counted from 0. It must return soon after ctx ends; a
	// call that does not is left behind, and its document is never closed.
	Read(ctx context.Context, n int) error
	// Emit takes page n into the outputs. readErr is what Read returned: a page
	// that could not be read leaves its gap.
	Emit(n int, readErr error) error
	// Finish completes the outputs. It is not called if every page failed.
	Finish() (Info, error)
	Close() error
}

// Info is what a finished document says of itself for the journal.
type Info struct {
	Confidence float64  // mean over its words, 0 to 1
	Words      int      // in the outputs
	LeftOut    int      // words that were read and taken for noise
	Blank      []int    // the pages, from 1, that were read and have no words
	Notes      []string // what the outputs do not keep of it
}

// Config says which documents are done, where, and how. Inputs and Out must be
// set.
type Config struct {
	Inputs []string
	Out    string // output folder; created if missing
	// Stdout, if set, takes the outputs one after the other in the order of the
	// inputs, in place of Out. Such a run has no journal.
	Stdout io.Writer

	// Root, if set, is where the names of documents and outputs begin, if all inputs
	// lie below it; else it is the deepest folder that holds them all.
	Root string
	// Streams are the inputs that are no files, with the files that their content
	// was put into. They may have names that are no paths.
	Streams map[string]Stream

	Jobs        int           // pages read at once; 0 means 1
	PageTimeout time.Duration // for opening a document and for each page; 0 means none
	MaxPages    int           // a longer document fails; 0 means no limit
	Shard       Shard         // the part of the inputs that is ours
	Retry       Retry         // which failures of earlier runs are tried again
	Redo        bool          // do everything again
	Checksum    bool          // compare inputs by SHA-256, not by size and time
	DryRun      bool          // decide, report, write nothing
	Watch       *Watch        // keep looking for new documents; nil means one pass

	Report   Reporter  // may be nil
	Progress *Progress // counters to look at while the run goes on; may be nil

	faults *faultHooks // tests only
}

// A Stream is an input whose content came through a pipe.
type Stream struct {
	Name string // path that it goes by
	File string // what it held
}

// Retry says which documents that failed in an earlier run, and have not
// changed, are tried again.
type Retry string

// The values of Retry.
const (
	RetrySome Retry = ""     // those whose class says another run may do better
	RetryAll  Retry = "all"  // all
	RetryNone Retry = "none" // none
)

// A Reporter hears what happens, one call at a time.
type Reporter interface {
	// Begin is called once the inputs are known, with the number of documents and of
	// files that are none, by their kinds (Summary.IgnoredAs). A watch calls it
	// whenever more have come.
	Begin(total int, ignored map[string]int)
	// Waiting is called when a watch has nothing left to do.
	Waiting()
	// Document is called when a document is over and its journal row is safe.
	Document(row *Row)
	// Skip is called for a document with nothing to do (row is its row in the
	// journal), and in a dry run for every document: reason says what a run
	// would do.
	Skip(rel string, row *Row, reason Reason)
	// Note is called for what the user should know of the run itself.
	Note(msg string)
}

// Reason says why a document is done or not.
type Reason string

// The reasons.
const (
	ReasonDone      Reason = "done"           // nothing to do
	ReasonFailed    Reason = "failed before"  // failed, and not tried again
	ReasonNew       Reason = "new"            // never done
	ReasonChanged   Reason = "changed"        // the input is another
	ReasonOptions   Reason = "other options"  // options or model are others
	ReasonRendering Reason = "other formats"  // it is to be written in another way
	ReasonRetry     Reason = "retry"          // failed before, tried again
	ReasonRedo      Reason = "redo"           // asked for
	ReasonNoOutput  Reason = "output missing" // an output is gone
	ReasonOtherName Reason = "output renamed" // its outputs have other names now
	ReasonTouched   Reason = "touched"        // same bytes, other time: nothing to do
)

// Skipped tells whether the reason is one to leave the document alone.
func (r Reason) Skipped() bool {
	return r == ReasonDone || r == ReasonFailed || r == ReasonTouched
}

// ErrLocked reports that another run is at work on the output folder.
var ErrLocked = errors.New("another run is at work on this output folder")

// ErrNested reports an input folder that is the output folder or lies in it.
var ErrNested = errors.New("the input lies in the output folder")

// ErrDiskFull reports that the run stopped because nothing more could be
// written. Everything reported before is safe; the same command goes on from
// there.
var ErrDiskFull = errors.New("no space left in the output folder")

// stopError marks an error that concerns every document.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }
func (e *stopError) Unwrap() error { return e.err }

// Stop marks an error that concerns every document and not only this one, such
// as missing trained data: it ends the run.
func Stop(err error) error { return &stopError{err} }

func isStop(err error) bool {
	var s *stopError
	return errors.As(err, &s)
}

// check reports mistakes in a Config.
func (c *Config) check() error {
	switch {
	case len(c.Inputs) == 0:
		return errors.New("no inputs")
	case c.Out == "" && c.Stdout == nil:
		return errors.New("no output folder")
	case c.Shard.Count < 0 || c.Shard.Index < 0 || c.Shard.Count > 0 && c.Shard.Index >= c.Shard.Count:
		return fmt.Errorf("no such shard: %v", c.Shard)
	}
	return nil
}
