package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// applyOptions are the flags of "congvan apply".
type applyOptions struct {
	corrections []string // files, or "-"
	dir         string   // folder of the outputs
	json        string   // the JSON output itself
	force       bool
	dryRun      bool
}

func newApplyCmd(std *Streams, run func(context.Context, *Streams, applyOptions) error) *cobra.Command {
	var opts applyOptions
	cmd := &cobra.Command{
		Use:   "apply CORRECTIONS.json...",
		Short: "Make the corrections of review pages in the outputs of their documents",
		Long: `Make the corrections that were downloaded from a review page (--format html,
--report) in the outputs of its document: words, missing words and lines, fields of
the letter.

The JSON output (--format json) is the master: the corrections are made in it,
and the other outputs that stand beside it are written again from it. Nothing
is written if a correction does not fit the text. An output that was changed by
hand since is left alone, and the exit status says so. What has been made once is
not made again; fields that were set stay when words are corrected later.

Exit status: 0 all corrections made; 1 the run failed; 3 made, but an output was
left alone; 4 mistake on the command line.`,
		Example: `  congvan ocr letter.pdf -o out --format json,txt,pdf,html
  congvan apply letter.pdf.corrections.json -o out
  congvan apply ~/Downloads/*.corrections.json -o out`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageErrorf("no file of corrections given")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.corrections = args
			if opts.json != "" && len(args) > 1 {
				return usageErrorf("--json is for one file of corrections")
			}
			if opts.json != "" && opts.dir != "" {
				return usageErrorf("--json and --output exclude each other")
			}
			return run(cmd.Context(), std, opts)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&opts.dir, "output", "o", "", "folder of the outputs (default: that of the corrections)")
	f.StringVar(&opts.json, "json", "", "the JSON output, if its name does not follow from the document's")
	f.BoolVar(&opts.force, "force", false, "write outputs again that were changed since")
	f.BoolVarP(&opts.dryRun, "dry-run", "n", false, "say what would be done, and do nothing")
	_ = cmd.MarkFlagDirname("output")
	_ = cmd.MarkFlagFilename("json", "json")
	return cmd
}

// runApply makes all corrections that it can: one file that does not fit keeps none of
// the others from being applied.
func runApply(ctx context.Context, std *Streams, o applyOptions) error {
	left := 0
	var failed []error
	for _, name := range o.corrections {
		n, err := o.apply(ctx, std, name)
		left += n
		if err != nil {
			failed = append(failed, err)
		}
	}
	switch {
	case len(failed) == 1:
		return failed[0]
	case len(failed) > 0:
		for _, err := range failed {
			fmt.Fprintf(std.Err, "congvan: error: %v\n", err)
		}
		return &StatusError{Status: ExitFailed, Err: fmt.Errorf("%d of %s were not applied", len(failed), count(len(o.corrections), "file"))}
	case left > 0:
		return &StatusError{Status: ExitPartial, Err: fmt.Errorf("%s left alone", count(left, "output")), Hint: "--force writes them again, and what was changed in them by hand is lost"}
	}
	return nil
}

// apply makes the corrections in a file, and returns how many outputs it left alone.
func (o *applyOptions) apply(ctx context.Context, std *Streams, name string) (left int, err error) {
	c, err := readCorrections(std, name)
	if err != nil {
		return 0, err
	}
	master, err := o.master(c, name)
	if err != nil {
		return 0, err
	}
	before, err := readMaster(master)
	if err != nil {
		return 0, err
	}
	after := before.Clone()
	n, err := after.Apply(c)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", master, err)
	}
	written, left, err := o.rewrite(std, strings.TrimSuffix(master, ".json"), before, after)
	if err != nil {
		return left, err
	}
	if err := batch.Record(ctx, written); err != nil {
		fmt.Fprintf(std.Err, "congvan: warning: the journal does not know that %s was corrected: %v\n", master, err)
	}
	verb := "made"
	if o.dryRun {
		verb = "to make"
	}
	fmt.Fprintf(std.Err, "congvan: %d of %d corrections %s in %s\n", n, len(c.Corrections), verb, master)
	return left, nil
}

// rewrite writes the outputs beside the JSON again, the JSON last: if the run
// ends early, the next one starts from the same corrections. It returns what was
// written and how many were left alone.
func (o *applyOptions) rewrite(std *Streams, base string, before, after *output.File) (written []string, left int, err error) {
	var names []string
	for _, f := range output.Formats() {
		if f.Name != "json" {
			names = append(names, f.Name)
		}
	}
	for _, name := range append(names, "json") {
		f, err := output.Lookup(name)
		if err != nil {
			return written, left, err
		}
		path := base + f.Extension
		old, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return written, left, err
		}
		var b bytes.Buffer
		switch err := output.Rewrite(&b, name, old, before, after, o.force); {
		case errors.Is(err, output.ErrChanged):
			left++
			fmt.Fprintf(std.Err, "congvan: %s is left alone: %v\n", path, err)
			continue
		case err != nil:
			return written, left, fmt.Errorf("%s: %w", path, err)
		}
		if o.dryRun || bytes.Equal(b.Bytes(), old) {
			continue
		}
		if err := whole.WriteBytes(path, b.Bytes()); err != nil {
			return written, left, err
		}
		written = append(written, path)
		fmt.Fprintf(std.Err, "congvan: %s written\n", path)
	}
	return written, left, nil
}

func readCorrections(std *Streams, path string) (*output.Corrections, error) {
	r := std.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	c, err := output.DecodeCorrections(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func readMaster(path string) (*output.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := output.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// master finds the JSON output of the document that corrections, in a file, are for. A name that the
// corrections hold is never followed out of the folder.
func (o *applyOptions) master(c *output.Corrections, corrections string) (string, error) {
	if o.json != "" {
		return o.json, nil
	}
	dir := o.dir
	if dir == "" {
		dir = "."
		if corrections != "-" {
			dir = filepath.Dir(corrections)
		}
	}
	doc := filepath.FromSlash(strings.ReplaceAll(c.Document, `\`, "/"))

	for _, name := range []string{doc, filepath.Base(doc)} {
		if !filepath.IsLocal(name) {
			continue
		}
		for _, base := range []string{strings.TrimSuffix(name, filepath.Ext(name)), name} {
			path := filepath.Join(dir, base+".json")
			m, err := readMaster(path)
			if err == nil && m.Source.Path == c.Document && (c.SHA256 == "" || m.Source.SHA256 == c.SHA256) {
				return path, nil
			}
		}
	}
	return "", &StatusError{Status: ExitFailed, Err: fmt.Errorf("no JSON output of %s in %s", c.Document, dir),
		Hint: "say where the outputs are with -o DIR, or which file it is with --json FILE"}
}
