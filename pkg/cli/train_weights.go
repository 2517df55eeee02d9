package cli

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/eval"
	"github.com/congvan-cli/congvan/pkg/internal/lab/channels"
	"github.com/congvan-cli/congvan/pkg/internal/lab/weights"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/restore"
)

type trainWeightsOptions struct {
	models   modelFlags
	readers  []string
	features []string
	worth    bool
	out      string
	jobs     int
}

func newTrainWeightsCmd(std *Streams) *cobra.Command {
	o := trainWeightsOptions{jobs: runtime.NumCPU()}
	cmd := &cobra.Command{
		Use:   "weights --readers NAME,… -o FILE PATH…",
		Short: "Fit how much each kind of evidence weighs to readings and their truth",
		Long: `Fit how much each kind of evidence weighs to readings and their truth.

Each PATH is a folder, searched for pages, or the truth of one page: P.gold.txt with
P.READER.txt beside it, where READER is one of --readers. Each weight in turn is moved
up and down, and stays where the fewest syllables are wrong once the readings are
restored; the fit begins with the weights built in, or those of --weights. With --worth
nothing is fitted: what is wrong without each kind of evidence is printed, a line each.

Exit status: 0 done, 1 failed, 4 mistake on the command line, 5 a model is unreadable,
130 interrupted.`,
		Example: `  congvan train weights --readers eng,layer -o weights.txt pages/
  congvan train weights --worth --readers layer pages/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.worth == (o.out != "") {
				return usageErrorf("either --worth or --output must be given")
			}
			return runTrainWeights(cmd.Context(), std, o, args)
		},
	}
	f := cmd.Flags()
	o.models.register(f)
	f.StringSliceVar(&o.readers, "readers", nil, "readings to fit to: the middle of their `NAMES`")
	f.StringSliceVar(&o.features, "features", nil, "`NAMES` of the kinds of evidence that are fitted or left out (default: all)")
	f.BoolVar(&o.worth, "worth", false, "print what is wrong without each kind of evidence")
	f.StringVarP(&o.out, "output", "o", "", "`FILE` to write")
	f.IntVarP(&o.jobs, "jobs", "j", o.jobs, "pages restored at a time")
	cmd.MarkFlagRequired("readers")
	return cmd
}

func runTrainWeights(ctx context.Context, std *Streams, o trainWeightsOptions, paths []string) error {
	fit := weights.Fit{Jobs: o.jobs}
	var err error
	if fit.Features, err = featuresNamed(o.features); err != nil {
		return err
	}
	if fit.Pages, err = weightPages(paths, o.readers); err != nil {
		return err
	}
	if fit.Models, err = o.models.open(restore.Auto); err != nil {
		return err
	}
	start := fit.Models.Weights
	if start == nil {
		start = evidence.Default()
	}
	if o.worth {
		return printWorths(ctx, std, &fit, start)
	}
	fit.Progress = func(f evidence.Feature, weight float32, wrong eval.Count) {
		fmt.Fprintf(std.Err, "congvan: %s %.3g: %d of %d syllables wrong\n", f, weight, wrong.Errors, wrong.Total)
	}
	best, wrong, err := fit.Train(ctx, start)
	if err != nil {
		return err
	}
	best = best.With(evidence.Language, best.Of(evidence.Language)) // a copy
	best.Summary = fit.Summary(start, wrong)
	var b bytes.Buffer
	if err := best.Write(&b); err != nil {
		return err
	}
	return whole.WriteBytes(o.out, b.Bytes())
}

// featuresNamed are the kinds of evidence of these names.
func featuresNamed(names []string) (out []evidence.Feature, err error) {
	all := evidence.Features()
	for _, name := range names {
		i := slices.IndexFunc(all, func(f evidence.Feature) bool { return f.String() == name })
		if i < 0 {
			return nil, usageErrorf("--features: there is no evidence %q", name)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// featureNames are the values of --features.
func featureNames() (names []string) {
	for _, f := range evidence.Features() {
		names = append(names, f.String())
	}
	return names
}

// weightPages are the pages under paths, once for each reader that has read them.
func weightPages(paths, readers []string) (out []weights.Page, err error) {
	for _, reader := range readers {
		found, err := channels.Find(paths, reader)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			page, err := weights.Load(p.Files())
			if err != nil {
				return nil, err
			}
			out = append(out, page)
		}
	}
	if len(out) == 0 {
		return nil, usageErrorf("no pages read by %s in %s", strings.Join(readers, ", "), strings.Join(paths, ", "))
	}
	return out, nil
}

func printWorths(ctx context.Context, std *Streams, fit *weights.Fit, w *evidence.Weights) error {
	with, err := fit.Wrong(ctx, w)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.Out, "%-16s %6d %6.2f\n", "with all", with.Errors, 100*with.Rate())
	worths, err := fit.Worths(ctx, w)
	for _, x := range worths {
		fmt.Fprintf(std.Out, "%-16s %+6d %6.2f\n", x.Feature, x.Without.Errors-with.Errors, 100*x.Without.Rate())
	}
	return err
}
