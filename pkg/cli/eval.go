package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/eval"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

type evalOptions struct {
	gold, pred, raw                   string
	goldSuffix, predSuffix, rawSuffix string
	fold                              []string
	format, output                    string
	top, jobs                         int
	maxSER                            float64
}

func newEvalCmd(std *Streams) *cobra.Command {
	o := evalOptions{}
	cmd := &cobra.Command{
		Use:   "eval --gold PATH --pred PATH [--raw PATH]",
		Short: "Measure text against the truth",
		Long: `Eval compares what was read or restored with the truth: errors of characters
(grapheme clusters of NFC text), words and syllables (words without punctuation
at their edges), wrong marks, letters, case and numbers, each with the number of
things it was counted among, and 95 % bootstrap intervals. With --raw, the text
before it was corrected, it also counts harm (syllables that were right and are
wrong now) and repair.

Each PATH is a file or a folder. In folders a file of the truth is compared with
that of the same name, or with the one whose name without its extensions is the
same; --gold-suffix .gold.txt --pred-suffix .vie.txt says it exactly, and lets
both stand in one folder.

--fold names the differences that do not count: tone (hòa = hoà), quotes (with
dashes and the ellipsis), space, case, or none.

Exit status: 0 done; 1 failed, or --max-ser was passed; 3 some files have no
counterpart or could not be read, the others are compared; 4 mistake on the
command line.`,
		Example: `  congvan eval --gold truth.txt --pred out.txt
  congvan eval --gold truth/ --pred restored/ --raw ocr/ --format html -o report.html
  congvan eval --gold truth/ --pred a/ --format json -o A.json
  congvan eval compare A.json B.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEval(cmd.Context(), std, o) },
	}
	f := cmd.Flags()
	f.StringVarP(&o.gold, "gold", "g", "", "the truth")
	f.StringVarP(&o.pred, "pred", "p", "", "what was read or restored; - is standard input")
	f.StringVarP(&o.raw, "raw", "r", "", "the text before it was corrected")
	f.StringVar(&o.goldSuffix, "gold-suffix", "", "in a folder, only files whose names end so are the truth")
	f.StringVar(&o.predSuffix, "pred-suffix", "", "what --pred has in place of --gold-suffix")
	f.StringVar(&o.rawSuffix, "raw-suffix", "", "what --raw has in place of --gold-suffix")
	f.StringSliceVar(&o.fold, "fold", []string{"tone", "quotes", "space"}, "differences that don't count")
	f.StringVar(&o.format, "format", "table", "table, json or html")
	f.StringVarP(&o.output, "output", "o", "-", "file to write, - is standard output")
	f.IntVar(&o.top, "top", 10, "length of the tables of confusions")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "files compared at a time")
	f.Float64Var(&o.maxSER, "max-ser", 0, "fail when the syllable error rate is above this many per cent (0: never)")
	cmd.AddCommand(newEvalCompareCmd(std))
	return cmd
}

// evalTask is one file to compare.
type evalTask struct{ gold, pred, raw, name string }

func runEval(ctx context.Context, std *Streams, o evalOptions) error {
	fold, err := eval.ParseFold(o.fold)
	switch {
	case err != nil:
		return usageErrorf("--fold: %v", err)
	case o.gold == "" || o.pred == "":
		return usageErrorf("--gold and --pred are needed")
	case !slices.Contains([]string{"table", "json", "html"}, o.format):
		return usageErrorf("--format: %q is none of table, json, html", o.format)
	case o.jobs < 1:
		return usageErrorf("--jobs must be at least 1")
	case o.top < 0:
		return usageErrorf("--top must not be negative")
	}
	tasks, problems, err := evalTasks(o)
	if err != nil {
		return err
	}
	report := eval.NewReport(fold)
	files, errs := make([]*eval.File, len(tasks)), make([]error, len(tasks))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(o.jobs)
	for i, t := range tasks {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			files[i], errs[i] = evalOne(std, report, t)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, f := range files {
		if errs[i] != nil {
			problems = append(problems, errs[i])
			continue
		}
		report.Add(f, o.format == "html")
	}
	for _, p := range problems {
		fmt.Fprintf(std.Err, "congvan: error: %v\n", p)
	}
	if len(report.Files) == 0 {
		return errors.New("nothing to compare")
	}
	report.Finish(o.top)
	write := map[string]func(io.Writer) error{
		"table": report.WriteTable, "json": report.WriteJSON, "html": report.WriteHTML,
	}[o.format]
	if err := writeOutput(std, o.output, write); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &StatusError{Status: ExitPartial, Err: fmt.Errorf("%d of %d files were not compared", len(problems), len(problems)+len(report.Files))}
	}
	if ser := 100 * report.Total.SER.Rate(); o.maxSER > 0 && ser > o.maxSER {
		return fmt.Errorf("syllable error rate %.2f %% is above --max-ser %g", ser, o.maxSER)
	}
	return nil
}

// writeOutput writes to a file, whole or not at all, or to standard output.
func writeOutput(std *Streams, path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(std.Out)
	}
	return whole.Write(path, write)
}

func evalOne(std *Streams, r *eval.Report, t evalTask) (*eval.File, error) {
	gold, err := readText(std, t.gold)
	if err != nil {
		return nil, err
	}
	pred, err := readText(std, t.pred)
	if err != nil {
		return nil, err
	}
	if t.raw == "" {
		return r.Compare(t.name, t.pred, "", gold, pred, nil), nil
	}
	raw, err := readText(std, t.raw)
	if err != nil {
		return nil, err
	}
	return r.Compare(t.name, t.pred, t.raw, gold, pred, &raw), nil
}

// readText reads UTF-8, or UTF-16 with its mark. What is no UTF-8 is compared as
// it is: a reading may hold anything.
func readText(std *Streams, path string) (string, error) {
	var b []byte
	var err error
	if path == "-" {
		b, err = io.ReadAll(std.In)
	} else {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", err
	}
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		b, _, err = transform.Bytes(legacy.Detect(b).Decoder(), b)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), nil
}

// evalTasks pairs the files. problems are files without a counterpart.
func evalTasks(o evalOptions) (tasks []evalTask, problems []error, err error) {
	st, err := os.Stat(o.gold)
	if err != nil {
		return nil, nil, err
	}
	if !st.IsDir() {
		return []evalTask{{o.gold, o.pred, o.raw, o.gold}}, nil, nil
	}
	predNames, err := names(o.pred)
	if err != nil {
		return nil, nil, err
	}
	var rawNames map[string][]string
	if o.raw != "" {
		if rawNames, err = names(o.raw); err != nil {
			return nil, nil, err
		}
	}
	err = filepath.WalkDir(o.gold, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.Type().IsRegular() || !strings.HasSuffix(path, o.goldSuffix) {
			return nil
		}
		rel, err := filepath.Rel(o.gold, path)
		if err != nil {
			return err
		}
		t := evalTask{gold: path, name: rel}
		if t.pred, err = counterpart(o.pred, predNames, rel, o.goldSuffix, o.predSuffix, path); err == nil && o.raw != "" {
			t.raw, err = counterpart(o.raw, rawNames, rel, o.goldSuffix, o.rawSuffix, path)
		}
		if err != nil {
			problems = append(problems, err)
			return nil
		}
		tasks = append(tasks, t)
		return nil
	})
	return tasks, problems, err
}

// names maps each file of a folder, by its name without extensions, to those
// that share it.
func names(dir string) (map[string][]string, error) {
	m := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Type().IsRegular() {
			rel, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			m[stem(rel)] = append(m[stem(rel)], rel)
		}
		return nil
	})
	return m, err
}

// stem is a path without the extensions of its name.
func stem(rel string) string {
	dir, name := filepath.Split(rel)
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return dir + name
}

// counterpart finds the file in dir that belongs to rel.
func counterpart(dir string, known map[string][]string, rel, suffix, other, self string) (string, error) {
	want := rel
	if other != "" {
		want = strings.TrimSuffix(rel, suffix) + other
	}
	candidates := known[stem(rel)]
	if slices.Contains(candidates, want) {
		return filepath.Join(dir, want), nil
	}
	if other == "" {
		candidates = slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return filepath.Join(dir, c) == self })
		if len(candidates) == 1 {
			return filepath.Join(dir, candidates[0]), nil
		}
		if len(candidates) > 1 {
			return "", fmt.Errorf("%s: %s has several files for it: %s", self, dir, strings.Join(candidates, ", "))
		}
	}
	return "", fmt.Errorf("%s: no counterpart %s", self, filepath.Join(dir, want))
}

func newEvalCompareCmd(std *Streams) *cobra.Command {
	format := "table"
	cmd := &cobra.Command{
		Use:   "compare A.json B.json",
		Short: "Say whether two systems differ significantly",
		Long: `Compare reads two reports that congvan eval wrote with --format json on the same
truth, and tests whether their difference could be chance: an interval from
paired bootstrap samples and a p-value from swapping the two at random.

Exit status: 0 compared, 1 failed, 4 mistake on the command line.`,
		Example: "  congvan eval compare before.json after.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageErrorf("two reports are needed")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "table" && format != "json" {
				return usageErrorf("--format: %q is none of table, json", format)
			}
			return runEvalCompare(std, args[0], args[1], format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

func runEvalCompare(std *Streams, a, b, format string) error {
	var reports [2]*eval.Report
	for i, name := range []string{a, b} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		reports[i], err = eval.ReadReport(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	c, err := eval.CompareReports(reports[0], reports[1])
	if err != nil {
		return err
	}
	if format == "json" {
		return json.NewEncoder(std.Out).Encode(c)
	}
	return c.WriteTable(std.Out)
}
