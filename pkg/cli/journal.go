package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

func newJournalCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "journal",
		Short: "Look into the journals of a batch: what was done, what failed, is it all still there",
		Long: `Look into the journals of a batch: what was done, what failed, is it all still
there.

Exit status: that of the command.`,
		Example: "  congvan journal list text/ --state failed",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(newJournalListCmd(std), newJournalMergeCmd(std), newJournalPruneCmd(std), newJournalVerifyCmd(std))
	return cmd
}

// journalArgs wants output folders or journal files.
func journalArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageErrorf("no output folder or journal given")
	}
	return nil
}

// listOptions are the flags of "congvan journal list".
type listOptions struct {
	paths   []string
	states  []string
	classes []string
	json    bool
}

func newJournalListCmd(std *Streams) *cobra.Command {
	var opts listOptions
	cmd := &cobra.Command{
		Use:   "list DIR|FILE...",
		Short: "List documents and what became of them",
		Long: `List the documents in the journals of output folders, or in journal files, in the
order of their paths: of each the latest row, whichever part of a batch wrote it.
Columns, separated by tabs: state, pages, confidence, path, error class, error.

Exit status: 0 listed, 1 failed, 4 mistake on the command line.`,
		Example: `  congvan journal list text/ --state failed,partial
  congvan journal list text/ --json | jq -r 'select(.confidence != null and .confidence < 0.7).path'`,
		Args: journalArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			opts.paths = args
			for _, s := range opts.states {
				if s := batch.State(s); s != batch.Done && s != batch.Blank && s != batch.Partial && s != batch.Failed {
					return usageErrorf("--state %s: expected %s, %s, %s or %s", s, batch.Done, batch.Blank, batch.Partial, batch.Failed)
				}
			}
			return runJournalList(std, opts)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&opts.states, "state", nil, "only these: done, blank, partial, failed")
	f.StringSliceVar(&opts.classes, "class", nil, "only failures of these classes")
	f.BoolVar(&opts.json, "json", false, "print the rows as they are, JSON, one a line")
	return cmd
}

func runJournalList(std *Streams, o listOptions) error {
	w := bufio.NewWriter(std.Out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err := batch.Rows(o.paths, func(r *batch.Row) error {
		switch {
		case len(o.states) > 0 && !slices.Contains(o.states, string(r.State)),
			len(o.classes) > 0 && !slices.Contains(o.classes, string(r.Class)):
			return nil
		case o.json:
			return enc.Encode(r)
		}
		confidence := ""
		if r.State != batch.Failed {
			confidence = fmt.Sprintf("%.3f", r.Confidence)
		}
		_, err := fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\n", r.State, r.Pages, confidence, printable(string(r.Path)), r.Class,
			strings.Join(strings.Fields(r.Error), " "))
		return err
	})
	return errors.Join(err, w.Flush())
}

func newJournalMergeCmd(std *Streams) *cobra.Command {
	var paths []string
	out := "-"
	cmd := &cobra.Command{
		Use:   "merge DIR|FILE...",
		Short: "Make one journal of many",
		Long: `Write one journal with the latest row of every document in the journals of output
folders, or in journal files, in the order of their paths. It can take the place
of the journals of the parts: move it to DIR/journal.jsonl and remove those.

Exit status: 0 written, 1 failed, 4 mistake on the command line.`,
		Example: `  congvan journal merge text/ -o all.jsonl
  congvan journal merge node1.jsonl node2.jsonl`,
		Args: journalArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			paths = args
			return runJournalMerge(std, paths, out)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", out, "file to write, or - for standard output")
	return cmd
}

// runJournalMerge writes beside the final name and renames: the output may be
// one of the inputs.
func runJournalMerge(std *Streams, paths []string, out string) (err error) {
	if out == "-" {
		return batch.Merge(std.Out, paths)
	}
	return whole.Write(out, func(w io.Writer) error { return batch.Merge(w, paths) })
}

func newJournalPruneCmd(std *Streams) *cobra.Command {
	var o batch.PruneOptions
	cmd := &cobra.Command{
		Use:   "prune DIR...",
		Short: "Take documents out of the journals whose sources are gone",
		Long: `Take the rows of documents whose files are gone out of the journals of output
folders, and print them, one a line. A document that was moved is known by its bytes
at its new place, so run ocr there first. Outputs stay, unless --outputs has them
removed, too; one that was changed after it was written stays in any case.

If the whole folder of the sources is not there, as on a disk that is not mounted, the
rows of its documents stay, and that is said.

Exit status: 0 pruned, 1 failed, or no journal; 4 mistake on the command line; 75
another run is at work.`,
		Example: `  congvan journal prune text/ --dry-run
  congvan journal prune text/ --outputs`,
		Args: journalArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runJournalPrune(cmd.Context(), std, args, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.Outputs, "outputs", false, "remove the outputs of these documents, too")
	f.BoolVarP(&o.DryRun, "dry-run", "n", false, "say what would be done, do nothing")
	return cmd
}

func runJournalPrune(ctx context.Context, std *Streams, dirs []string, o batch.PruneOptions) error {
	for _, dir := range dirs {
		p, err := batch.Prune(ctx, dir, o)
		if err != nil {
			return stoppedError(err)
		}
		for _, r := range p.Gone {
			if _, err := fmt.Fprintln(std.Out, printable(string(r.Path))); err != nil {
				return err
			}
		}
		for _, root := range p.RootGone {
			fmt.Fprintf(std.Err, "congvan: warning: %s is not there; the rows of its documents stay\n", printable(string(root)))
		}
		for _, name := range p.Changed {
			fmt.Fprintf(std.Err, "congvan: warning: %s was changed after it was written, and stays\n", printable(filepath.Join(dir, string(name))))
		}
		what := "taken out"
		if o.DryRun {
			what = "to take out"
		}
		fmt.Fprintf(std.Err, "congvan: %s: %s %s, %s removed\n", printable(dir), count(len(p.Gone), "document"), what, count(p.Removed, "output"))
	}
	return nil
}

func newJournalVerifyCmd(std *Streams) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "verify DIR...",
		Short: "Check that every output is there and as it was written",
		Long: `Hash every output that the journals name and compare it with the journal. Each
finding is a line: missing, altered (edited, or damaged), unreadable, damaged-row
(a line of the journal that can't be read), torn-row (its last line is cut off).

Exit status: 0 nothing found; 1 findings, or no journal; 4 mistake on the command line.`,
		Example: "  congvan journal verify text/",
		Args:    journalArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runJournalVerify(cmd.Context(), std, args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print findings as JSON, one a line")
	return cmd
}

func runJournalVerify(ctx context.Context, std *Streams, paths []string, asJSON bool) error {
	v, err := batch.Verify(ctx, paths, runtime.NumCPU())
	if err != nil {
		return err
	}
	if err := printFindings(std.Out, v.Findings, asJSON); err != nil {
		return err
	}
	fmt.Fprintf(std.Err, "congvan: %d outputs of %d documents checked, %d findings\n", v.Outputs, v.Documents, len(v.Findings))
	if len(v.Findings) > 0 {
		return &StatusError{Status: ExitFailed}
	}
	return nil
}

func printFindings(out io.Writer, findings []batch.Finding, asJSON bool) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range findings {
		var err error
		if asJSON {
			err = enc.Encode(f)
		} else {
			_, err = fmt.Fprintf(w, "%s\t%s\n", f.Kind, printable(f.Text))
		}
		if err != nil {
			return err
		}
	}
	return w.Flush()
}
