package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// batchFlags are the flags of commands that go over many documents.
type batchFlags struct {
	shard, shards string
	retry         string
	redo          bool
	checksum      bool
	dryRun        bool
	maxPages      int
	logFormat     string
	summary       string
	quiet         bool
	after         string
}

const defaultMaxPages = 5000

// The values of --retry and --log-format.
const (
	retrySome, retryAll, retryNone = "retryable", "all", "none"
	logText, logJSON               = "text", "json"
)

func (b *batchFlags) register(f *pflag.FlagSet) {
	f.StringVar(&b.retry, "retry", retrySome, "documents that failed before and have not changed: retryable tries those that another run may mend, all, none")
	f.Lookup("retry").NoOptDefVal = retryAll
	f.BoolVar(&b.redo, "redo", false, "do every document again")
	f.BoolVar(&b.checksum, "checksum", false, "tell changed documents by their SHA-256, not by size and time")
	f.BoolVarP(&b.dryRun, "dry-run", "n", false, "say what would be done, do nothing")
	f.IntVar(&b.maxPages, "max-pages", defaultMaxPages, "longest document that is read, in pages; 0 means any")
	f.StringVar(&b.shard, "shard", "", "do part i/n of the documents; counting i from 0 or from 1 both cover them all")
	f.StringVar(&b.shards, "shards", "", "do this array task's part of n: for Kubernetes Indexed Jobs, Slurm and AWS Batch arrays; auto takes n from the array")
	f.StringVar(&b.logFormat, "log-format", logText, "what goes to standard error: text or json, an object a line")
	f.StringVar(&b.summary, "summary", "", "write a summary of the run to this file, as JSON")
	f.StringVar(&b.after, "after", "", "command for the shell after each document that was read: {} is the document, {txt}, {pdf} and so on an output; don't put them in quotes")
	f.BoolVarP(&b.quiet, "quiet", "q", false, "say nothing on standard error but what failed")
}

// checkRetry finds the value of --retry among the paths, where it stands if the =
// before it was left out.
func (b *batchFlags) checkRetry(paths []string) error {
	for _, p := range paths {
		if b.retry == retryAll && (p == retrySome || p == retryAll || p == retryNone) {
			if _, err := os.Stat(p); err != nil {
				return usageErrorf("there is no %q; write --retry=%s with the = before its value", p, p)
			}
		}
	}
	return nil
}

// apply sets what the flags ask for in cfg. getenv gives the variables of the
// array job.
func (b *batchFlags) apply(cfg *batch.Config, getenv func(string) string) (err error) {
	switch b.retry {
	case retrySome:
	case retryAll:
		cfg.Retry = batch.RetryAll
	case retryNone:
		cfg.Retry = batch.RetryNone
	default:
		return usageErrorf("--retry %s: expected %s, %s or %s", b.retry, retrySome, retryAll, retryNone)
	}
	switch {
	case b.logFormat != logText && b.logFormat != logJSON:
		return usageErrorf("--log-format %s: expected %s or %s", b.logFormat, logText, logJSON)
	case b.maxPages < 0:
		return usageErrorf("--max-pages must be at least 0")
	case b.shard != "" && b.shards != "":
		return usageErrorf("--shard and --shards exclude each other")
	case b.dryRun && cfg.Stdout != nil:
		return usageErrorf("--dry-run needs an output folder")
	case b.shard != "":
		cfg.Shard, err = batch.ParseShard(b.shard)
	case b.shards != "":
		cfg.Shard, err = arrayShard(b.shards, getenv)
	}
	if err != nil {
		return usageErrorf("%v", err)
	}
	cfg.Redo, cfg.Checksum, cfg.DryRun, cfg.MaxPages = b.redo, b.checksum, b.dryRun, b.maxPages
	return nil
}

// arrayShard finds this task's part of n, or of as many as the array has.
func arrayShard(n string, getenv func(string) string) (batch.Shard, error) {
	count := 0
	if n != "auto" {
		if _, err := fmt.Sscanf(n, "%d", &count); err != nil || count < 1 || fmt.Sprint(count) != n {
			return batch.Shard{}, fmt.Errorf("--shards %s: expected a number from 1 up, or auto", n)
		}
	}
	return batch.ShardFromEnv(getenv, count)
}

// runBatch carries out a job and reports what came of it: as it goes on
// standard error, at the end by the summary and the error.
func runBatch(ctx context.Context, std *Streams, cfg batch.Config, b batchFlags, job batch.Job) error {
	if err := b.apply(&cfg, os.Getenv); err != nil {
		return err
	}
	cfg.Progress = new(batch.Progress)
	rep := newReporter(std, cfg.Progress, b)
	cfg.Report = rep
	rep.after = startAfter(std, b.after, cfg.Out, rep.afterFailed)
	sum, err := batch.Run(ctx, cfg, job)
	unwell := rep.after.close()
	rep.close()
	rep.summary(sum, cfg.DryRun)
	if e := b.writeSummary(sum); err == nil {
		err = e
	}
	if err = batchError(sum, err); err == nil && unwell > 0 {
		err = &StatusError{Status: ExitPartial, Err: fmt.Errorf("--after failed for %s", count(unwell, "document"))}
	}
	var se *StatusError
	if rep.json && errors.As(err, &se) && se.Err != nil {
		rep.event("error", map[string]any{"error": se.Err.Error(), "hint": se.Hint})
		se.Err = nil
	}
	return err
}

// batchError gives a finished or stopped batch its exit status.
func batchError(sum *batch.Summary, err error) error {
	var sig errSignal
	switch {
	case errors.As(err, &sig):
		return err
	case err != nil:
		return stoppedError(err)
	case sum.Retryable > 0:
		return &StatusError{Status: ExitRetry}
	case sum.Failed+sum.Partial > 0:
		return &StatusError{Status: ExitPartial}
	}
	return nil
}

// stoppedError gives what stopped a batch its exit status.
func stoppedError(err error) error {
	var se *StatusError
	if err := dataError(err); errors.As(err, &se) {
		return err
	}
	class, hint := fault.ClassOf(err), fault.HintOf(err)
	status := ExitFailed
	switch {
	case errors.Is(err, batch.ErrNested):
		status = ExitUsage
	case class.Retryable(), errors.Is(err, batch.ErrLocked):
		status = ExitRetry
	}
	return &StatusError{Status: status, Err: err, Hint: hint}
}

// writeSummary writes the summary where it was asked for, whole or not at all.
func (b *batchFlags) writeSummary(sum *batch.Summary) error {
	if b.summary == "" {
		return nil
	}
	text, err := json.MarshalIndent(sum, "", "  ")
	if err != nil {
		return err
	}
	if err := whole.WriteBytes(b.summary, append(text, '\n')); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// batchHelp is the end of the help of commands that go over many documents.
var batchHelp = strings.TrimSpace(`
The output folder mirrors the input. journal.jsonl in it says of every document
what became of it: the same command again does what is missing or has changed,
and goes on where an interrupted run stopped.

Exit status: 0 all read; 1 the run failed; 3 finished, some documents or pages
unread for good; 4 mistake on the command line; 5 Tesseract's data missing; 75
another run may do better: some documents failed for want of time, memory or
disk, or another run is at work; 130 interrupted, 143 terminated.`)
