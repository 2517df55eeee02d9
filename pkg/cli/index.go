package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/archive"
	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// The formats of an index. The SQLite file is always there: the others are made
// from it.
var indexFormats = []string{"sqlite", "csv", "jsonl"}

// indexOptions are the flags of "congvan index".
type indexOptions struct {
	folders []string
	output  string
	formats []string
	bom     bool
	quiet   bool

	packages     string // folder; empty: none
	organization string
}

func newIndexCmd(std *Streams, run func(context.Context, *Streams, indexOptions) error) *cobra.Command {
	var o indexOptions
	cmd := &cobra.Command{
		Use:   "index OUT...",
		Short: "Make a card for every letter that was read, to look them up by",
		Long: `Make an index of the JSON outputs below the output folders of 'congvan ocr': a card
for every document (number, date, sender, subject, signer, …) and the words of every
page. It is a file of SQLite, ` + index.Name + ` in the first folder; 'congvan search' and
'congvan serve' answer from it, and so does any program that reads SQLite. The view
"archive" in it, and the first columns of a CSV, have the names of Circular
02/2019/TT-BNV.

--package writes a folder for every document, for handing it over to an archive: its
PDF, its text, METS, EAD, PREMIS with SHA-256, and the fields that Circular
05/2025/TT-BNV asks for. A package is there as a whole or not at all; those that have
not changed are left alone.

The same command again adds what is new, reads again what has changed, and takes out
what is gone. Several folders, such as those of the parts of a batch, make one index.

Exit status: 0 all is in the index; 1 the run failed; 3 some JSON outputs can't be
read, or packages can't be written; 4 mistake on the command line; 130 interrupted, 143 terminated.`,
		Example: `  congvan ocr scans/ -o text/ --format txt,json && congvan index text/
  congvan index text/ --format csv --bom      # text/index.csv, for Excel
  congvan index part-1/ part-2/ -o archive.sqlite
  congvan index text/ --package handover/ --organization 'Sở Xây dựng'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageErrorf("no output folder given")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.folders = args
			for _, f := range o.formats {
				if !slices.Contains(indexFormats, f) {
					return usageErrorf("--format %s: expected %s", f, strings.Join(indexFormats, ", "))
				}
			}
			if o.organization != "" && o.packages == "" {
				return usageErrorf("--organization is for --package")
			}
			return run(c.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "SQLite `FILE` of the index; those of other formats stand beside it (default "+index.Name+" in the first folder)")
	f.StringSliceVarP(&o.formats, "format", "f", []string{"sqlite"}, "what to write beside it: "+strings.Join(indexFormats, ", "))
	f.BoolVar(&o.bom, "bom", false, "begin the CSV with a byte order mark, for Excel")
	f.StringVar(&o.packages, "package", "", "folder for packages to hand over, one a document")
	f.StringVar(&o.organization, "organization", "", "who hands the packages over")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing on standard error but what failed")
	_ = cmd.MarkFlagDirname("package")
	return cmd
}

func runIndex(ctx context.Context, std *Streams, o indexOptions) error {
	for _, dir := range o.folders {
		if st, err := os.Stat(dir); err != nil {
			return err
		} else if !st.IsDir() {
			return usageErrorf("%s is no folder: expected an output folder of 'congvan ocr'", dir)
		}
	}
	if o.output == "" {
		o.output = filepath.Join(o.folders[0], index.Name)
	}
	x, err := index.Create(o.output)
	if err != nil {
		return err
	}
	defer x.Close()
	changes, err := x.Update(ctx, o.folders, o.progress(std))
	if err != nil {
		return err
	}
	if err := o.export(ctx, x); err != nil {
		return err
	}
	packed, err := o.pack(ctx, std, x)
	if err != nil {
		return err
	}
	if err := x.Close(); err != nil {
		return err
	}
	return o.summary(std, changes, packed)
}

// pack writes the packages; nil if none are wanted.
func (o *indexOptions) pack(ctx context.Context, std *Streams, x *index.Index) (*archive.Changes, error) {
	if o.packages == "" {
		return nil, nil
	}
	read, err := journaled(o.folders)
	if err != nil {
		return nil, err
	}
	all := 0
	if err := x.Cards(ctx, func(*index.Card) error { all++; return nil }); err != nil {
		return nil, err
	}
	tell := o.progress(std)
	c, err := archive.Write(ctx, x, archive.Options{Dir: o.packages, Organization: o.organization, Read: read}, func(done int) {
		if tell != nil {
			tell(done, all)
		}
	})
	return &c, err
}

// journaled returns what tells how the document of a JSON output was read, by the
// journals of output folders.
func journaled(folders []string) (func(json string) (archive.How, bool), error) {
	known := map[string]archive.How{}
	for _, dir := range folders {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		err = batch.Rows([]string{dir}, func(r *batch.Row) error {
			how := archive.How{When: r.Start.Add(time.Duration(r.Seconds * float64(time.Second))), Options: r.Options, Model: r.Model}
			for _, f := range r.Outputs {
				known[filepath.Join(abs, filepath.FromSlash(string(f.Path)))] = how
			}
			return nil
		})
		if err != nil && !errors.Is(err, batch.ErrNoJournal) {
			return nil, err
		}
	}
	return func(json string) (archive.How, bool) {
		how, ok := known[json]
		return how, ok
	}, nil
}

// progress returns what tells on standard error how far the index is, once every two
// seconds.
func (o *indexOptions) progress(std *Streams) func(done, all int) {
	if o.quiet {
		return nil
	}
	last := time.Now()
	return func(done, all int) {
		if now := time.Now(); now.Sub(last) > 2*time.Second {
			last = now
			fmt.Fprintf(std.Err, "congvan: %d of %d files\n", done, all)
		}
	}
}

// export writes the other formats beside the index.
func (o *indexOptions) export(ctx context.Context, x *index.Index) error {
	base := strings.TrimSuffix(o.output, filepath.Ext(o.output))
	for _, f := range o.formats {
		var err error
		switch f {
		case "csv":
			err = whole.Rewrite(base+".csv", func(w io.Writer) error { return x.WriteCSV(ctx, w, o.bom) })
		case "jsonl":
			err = whole.Rewrite(base+".jsonl", func(w io.Writer) error { return x.WriteJSONL(ctx, w) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// summary says what was done. packed is nil without packages.
func (o *indexOptions) summary(std *Streams, c index.Changes, packed *archive.Changes) error {
	failed := c.Failed
	if packed != nil {
		failed = append(failed, packed.Failed...)
	}
	for _, f := range failed {
		fmt.Fprintf(std.Err, "congvan: error: %s\n", f)
	}
	if !o.quiet {
		all := c.Added + c.Updated + c.Unchanged
		fmt.Fprintf(std.Err, "%s: %d documents, %d pages (%d new, %d changed, %d gone)\n", o.output, all, c.Pages, c.Added, c.Updated, c.Removed)
		if packed != nil {
			fmt.Fprintf(std.Err, "%s: %d packages (%d written)\n", o.packages, packed.Written+packed.Unchanged, packed.Written)
		}
		switch {
		case all == 0 && len(c.Failed) == 0:
			fmt.Fprintf(std.Err, "congvan: hint: an index is made from JSON outputs: run 'congvan ocr' with --format txt,json\n")
		case packed != nil && len(packed.Failed) > 0:
			fmt.Fprintf(std.Err, "congvan: hint: a package needs the PDF output: run 'congvan ocr' with --format txt,json,pdf\n")
		}
	}
	if len(failed) > 0 {
		return &StatusError{Status: ExitPartial}
	}
	return nil
}
