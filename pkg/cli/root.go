// Package cli is the command line of congvan: one file a command, each with a
// constructor that knows cobra, an options struct, and a run function that does
// not. It alone prints, and it alone turns errors into exit statuses.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Streams are the standard streams of one run. Data goes to Out and to nothing
// else; progress, warnings and summaries go to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Std returns the streams of this process.
func Std() *Streams { return &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr} }

// Exit statuses. 2 is left to the Go runtime, which uses it for a panic.
const (
	ExitOK          = 0
	ExitFailed      = 1   // the run failed; for check: there are findings
	ExitPartial     = 3   // finished, some documents failed
	ExitUsage       = 4   // mistake on the command line: a flag, or a path that is not there
	ExitData        = 5   // Tesseract data or a model is missing or unreadable
	ExitRetry       = 75  // another run may do better; EX_TEMPFAIL of sysexits.h
	ExitInterrupted = 130 // SIGINT
	ExitTerminated  = 143 // SIGTERM
	ExitPipe        = 141 // nobody reads standard output any more: as SIGPIPE would have it
)

// A StatusError ends the run with an exit status. Err may be nil: everything
// there was to say has been said.
type StatusError struct {
	Status int
	Err    error
	Hint   string // what to do about it; may be empty
}

func (e *StatusError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit status %d", e.Status)
	}
	return e.Err.Error()
}

func (e *StatusError) Unwrap() error { return e.Err }

// usageErrorf reports a mistake on the command line.
func usageErrorf(format string, args ...any) error {
	return &StatusError{Status: ExitUsage, Err: fmt.Errorf(format, args...)}
}

// Main runs congvan with the arguments after the program's name and returns
// the exit status.
func Main(args []string, std *Streams) int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	std = &Streams{In: interruptible(ctx, std.In), Out: std.Out, Err: std.Err}
	root := newRootCmd(std)
	root.SetArgs(args)
	var prof profile
	prof.register(root)
	err := errors.Join(root.ExecuteContext(ctx), prof.stop())
	return report(std, context.Cause(ctx), err)
}

// errSignal is the cause of a context that a signal ended.
type errSignal struct{ sig syscall.Signal }

func (e errSignal) Error() string { return "stopped by " + e.sig.String() }

// withSignals returns a context that SIGINT or SIGTERM cancels, with the
// signal as its cause. A second signal kills the process as usual.
func withSignals(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a closed pipe is an error of writing, so that we clean up
	go func() {
		select {
		case s := <-ch:
			signal.Stop(ch)
			cancel(errSignal{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(ch); cancel(nil) }
}

// report prints an error in at most two lines and returns its exit status.
func report(std *Streams, cause, err error) int {
	if err == nil {
		return ExitOK
	}
	var sig errSignal
	if errors.As(cause, &sig) {
		fmt.Fprintf(std.Err, "congvan: %v\n", sig)
		if sig.sig == syscall.SIGTERM {
			return ExitTerminated
		}
		return ExitInterrupted
	}
	if errors.Is(err, syscall.EPIPE) {
		return ExitPipe
	}
	status, hint := ExitFailed, ""
	var se *StatusError
	if errors.As(err, &se) {
		status, hint = se.Status, se.Hint
		if se.Err == nil {
			return status
		}
	}
	if status == ExitFailed && errors.Is(err, fs.ErrNotExist) {
		status = ExitUsage // a path that the command line names
	}
	fmt.Fprintf(std.Err, "congvan: error: %v\n", err)
	if hint != "" {
		fmt.Fprintf(std.Err, "congvan: hint: %s\n", hint)
	}
	return status
}

func newRootCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "congvan",
		Short: "Turn scanned Vietnamese official letters into correct Unicode text",
		Long: `Turn scanned Vietnamese official letters into correct Unicode text: read them,
restore what a reader garbled, find what is wrong in texts.

Exit status: 0 all is well; 1 the run failed, or check has findings; 3 finished,
but some documents or pages are unread; 4 mistake on the command line: a command,
a flag, or a path that is not there; 5 Tesseract's data or a model is missing or
unreadable; 75 finished, but some documents failed in a way that another run may
mend; 130 and 143 interrupted by SIGINT and SIGTERM; 141 nobody reads standard
output any more. 2 is a bug: a panic of the Go runtime.`,
		Example: `  congvan ocr scans/ -o text/
  congvan restore < garbled.txt > letter.txt
  congvan check letters/`,
		Version:       versionString(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
	}
	cmd.SetIn(std.In)
	cmd.SetOut(std.Out)
	cmd.SetErr(std.Err)
	cmd.SetFlagErrorFunc(flagMistake)
	cmd.AddCommand(
		newApplyCmd(std, runApply),
		newCheckCmd(std),
		newConvertCmd(std),
		newEvalCmd(std),
		newIndexCmd(std, runIndex),
		newJournalCmd(std),
		newLMCmd(std),
		newOCRCmd(std, runOCR),
		newRestoreCmd(std),
		newSearchCmd(std, runSearch),
		newServeCmd(std, runServe),
		newSynthCmd(std, runSynth),
		newTrainCmd(std),
		newVersionCmd(std),
		newWatchCmd(std, runOCR),
		newDecodeCmd(std), newManCmd(), newWorkerCmd(), // hidden
	)
	setHelp(cmd)
	cmd.InitDefaultCompletionCmd() // or cobra makes it too late to be strict with it
	complete(cmd)
	strictArgs(cmd)
	return cmd
}

// strictArgs makes wrong arguments of every command a mistake on the command
// line; cobra answers an unknown subcommand with help and no error.
func strictArgs(cmd *cobra.Command) {
	check := cmd.Args
	if !cmd.Runnable() {
		cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		check = unknownCommand
	} else if check == nil {
		check = cobra.ArbitraryArgs
	}
	cmd.Args = func(c *cobra.Command, args []string) error {
		err := check(c, args)
		if err == nil || errors.As(err, new(*StatusError)) {
			return err
		}
		return &StatusError{Status: ExitUsage, Err: err, Hint: fmt.Sprintf("see '%s --help'", c.CommandPath())}
	}
	for _, sub := range cmd.Commands() {
		strictArgs(sub)
	}
}

// unknownCommand is the check of commands that have subcommands only.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := fmt.Sprintf("see '%s --help'", c.CommandPath())
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean '%s %s'?", c.CommandPath(), near[0])
	}
	return &StatusError{Status: ExitUsage, Err: fmt.Errorf("unknown command %q for '%s'", args[0], c.CommandPath()), Hint: hint}
}
