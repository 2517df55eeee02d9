// Package weights fits the weights of evidence to pages whose truth is known, and
// tells what each is worth. What they weigh is in text/evidence.
//
// The fit is a search along one weight at a time for the fewest wrong syllables, as
// in minimum error rate training (Och, ACL 2003), but with the whole program in the
// loop: a source that is found, what a document learns and what is looked at again all
// depend on the weights, so that no list of candidates made beforehand would do.
package weights

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/eval"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// Page is the truth of a page and what was read of it.
type Page struct{ Name, Truth, Read string }

// Load reads the pages P.gold.txt with the readings beside them.
func Load(gold, read string) (Page, error) {
	truth, err := os.ReadFile(gold)
	if err != nil {
		return Page{}, err
	}
	text, err := os.ReadFile(read)
	return Page{read, string(truth), string(text)}, err
}

// Fit fits weights. All but Features, Steps and Progress are needed.
type Fit struct {
	Models   restore.Models     // with any weights
	Pages    []Page             // all readings count alike, syllable by syllable
	Jobs     int                // pages restored at a time
	Features []evidence.Feature // that are fitted; empty: all
	Steps    []float32          // shares of a weight by which it is moved, one after the other; empty: a quarter, then an eighth

	// Progress, if not nil, is told each weight that was tried.
	Progress func(f evidence.Feature, weight float32, wrong eval.Count)
}

var defaultSteps = []float32{0.25, 0.125}

// Wrong counts the syllables of the pages that are wrong once restored with weights.
func (f *Fit) Wrong(ctx context.Context, w *evidence.Weights) (sum eval.Count, err error) {
	m := f.Models
	m.Weights = w
	r, err := restore.New(m, restore.Options{TextOnly: true})
	if err != nil {
		return sum, err
	}
	fold := eval.Fold{Tone: true, Quotes: true, Space: true}
	counts := make([]eval.Count, len(f.Pages))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(f.Jobs, 1))
	for i, p := range f.Pages {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			got, err := r.Text(p.Read)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			counts[i] = eval.Compare(p.Truth, got.Text, nil, fold).Scores.SER
			return nil
		})
	}
	err = g.Wait()
	for _, c := range counts {
		sum.Errors, sum.Total = sum.Errors+c.Errors, sum.Total+c.Total
	}
	return sum, err
}

// features are those that are moved and left out. The language model's is neither: it
// is the unit of the others, since scores have none of their own.
func (f *Fit) features() []evidence.Feature {
	all := f.Features
	if len(all) == 0 {
		all = evidence.Features()
	}
	return slices.DeleteFunc(slices.Clone(all), func(x evidence.Feature) bool { return x == evidence.Language })
}

// Train returns the weights that are best on the pages, from start on: each is moved
// up and down by a share of itself, and stays where fewer syllables are wrong.
func (f *Fit) Train(ctx context.Context, start *evidence.Weights) (*evidence.Weights, eval.Count, error) {
	best := start
	least, err := f.Wrong(ctx, best)
	if err != nil {
		return nil, least, err
	}
	steps := f.Steps
	if len(steps) == 0 {
		steps = defaultSteps
	}
	for _, step := range steps {
		for _, feature := range f.features() {
			if best, least, err = f.along(ctx, best, least, feature, step); err != nil {
				return nil, least, err
			}
		}
	}
	return best, least, nil
}

// along moves one weight, up or else down, as long as that helps.
func (f *Fit) along(ctx context.Context, best *evidence.Weights, least eval.Count, feature evidence.Feature, step float32) (*evidence.Weights, eval.Count, error) {
	for _, by := range []float32{1 + step, 1 - step} {
		for helped := false; ; helped = true {
			weight := best.Of(feature) * by
			got, err := f.try(ctx, best.With(feature, weight), feature, weight)
			if err != nil {
				return nil, least, err
			}
			if got.Errors >= least.Errors {
				if helped {
					return best, least, nil
				}
				break
			}
			best, least = best.With(feature, weight), got
		}
	}
	return best, least, nil
}

func (f *Fit) try(ctx context.Context, w *evidence.Weights, feature evidence.Feature, weight float32) (eval.Count, error) {
	got, err := f.Wrong(ctx, w)
	if err == nil && f.Progress != nil {
		f.Progress(feature, weight, got)
	}
	return got, err
}

// Worth is what is wrong without a kind of evidence.
type Worth struct {
	Feature evidence.Feature
	Without eval.Count
}

// Worths leaves out each kind of evidence in turn.
func (f *Fit) Worths(ctx context.Context, w *evidence.Weights) ([]Worth, error) {
	var out []Worth
	for _, feature := range f.features() {
		got, err := f.try(ctx, w.With(feature, 0), feature, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, Worth{feature, got})
	}
	return out, nil
}

// Summary is the provenance that weights fitted to the pages carry, ahead of that of
// the weights that the fit began with.
func (f *Fit) Summary(start *evidence.Weights, wrong eval.Count) string {
	names := make([]string, 0, len(f.features()))
	for _, feature := range f.features() {
		names = append(names, feature.String())
	}
	return fmt.Sprintf("Fitted on %d readings (%d syllables, %d wrong): %s.\nBefore that:\n%s",
		len(f.Pages), wrong.Total, wrong.Errors, strings.Join(names, ", "), start.Summary)
}
