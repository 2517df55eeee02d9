package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/congvan-cli/congvan/pkg/internal/lab/corpus"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

type trainLMOptions struct {
	out     string
	maxSize string
	counts  string // file of counts to read, or to write when it is not there
	weights []string
	count   lm.CountOptions
	train   lm.TrainOptions
	texts   []string
}

func newTrainLMCmd(std *Streams, run func(context.Context, *Streams, trainLMOptions) error) *cobra.Command {
	o := trainLMOptions{maxSize: fmt.Sprintf("%dMB", lm.ShippedTrain.MaxSize/1_000_000)}
	cmd := &cobra.Command{
		Use:   "lm -o FILE TEXT…",
		Short: "Train a language model of syllables on text",
		Long: `Train a language model of syllables on text: an n-gram model with interpolated
modified Kneser-Ney smoothing, pruned to a size.

Each TEXT is UTF-8 with a paragraph or sentence a line, - is standard input; a
file that ends in .xz is unpacked with xz. Counting needs about 5 GB of memory a
gigabyte of text. The same texts and options give the same bytes; the date in
the model is that of SOURCE_DATE_EPOCH, if set.

With --counts the n-grams are kept in a file, from which further models of other
sizes and orders are made without reading the text again.

Exit status: 0 trained, 1 failed, 4 mistake on the command line, 130 interrupted.`,
		Example: `  congvan train lm -o vi.cvlm --weight legal=2 legal.txt.xz news.txt.xz
  congvan train lm -o small.cvlm --max-size 10MB --counts vi.counts *.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.texts = args
			if o.out == "" {
				return usageErrorf("no output: say --output FILE")
			}
			if len(args) == 0 && (o.counts == "" || !exists(o.counts)) {
				return usageErrorf("no text to train on")
			}
			return run(cmd.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.out, "output", "o", "", "`FILE` to write")
	f.StringVar(&o.maxSize, "max-size", o.maxSize, "largest size of the model, such as 35MB; 0 keeps all n-grams counted")
	f.IntVar(&o.train.Order, "order", lm.ShippedTrain.Order, "length of the longest n-grams, 3 to 5")
	f.IntVar(&o.count.Vocab, "vocab", lm.ShippedCount.Vocab, "most words of the vocabulary")
	f.IntVar(&o.count.MinCount, "min-count", lm.ShippedCount.MinCount, "leave out n-grams of three words and more seen less often")
	f.IntVar(&o.count.Repeats, "repeats", lm.ShippedCount.Repeats, "how often a run of twelve words is counted; -1 is no limit")
	f.StringArrayVar(&o.weights, "weight", nil, "`NAME=N`: count the text whose file name begins with NAME N times")
	f.Float64Var(&o.train.Task, "task", lm.ShippedTrain.Task, "how far pruning looks at choices between marks alone, 0 to 1")
	f.IntVar(&o.train.Quant.Prob, "prob-bits", lm.ShippedTrain.Quant.Prob, "bits a probability")
	f.IntVar(&o.train.Quant.Backoff, "backoff-bits", lm.ShippedTrain.Quant.Backoff, "bits a back-off weight")
	f.StringVar(&o.counts, "counts", "", "`FILE` of counts: read if it is there, written if not")
	return cmd
}

func runTrainLM(ctx context.Context, std *Streams, o trainLMOptions) error {
	size, err := parseSize(o.maxSize)
	if err != nil {
		return err
	}
	o.train.MaxSize = size
	if o.train.Date, err = sourceDate(); err != nil {
		return err
	}
	counts, err := o.loadCounts(ctx, std)
	if err != nil {
		return err
	}
	o.train.Options = fmt.Sprintf("--order %d --max-size %s --vocab %d --min-count %d --repeats %d --task %g --prob-bits %d --backoff-bits %d",
		o.train.Order, o.maxSize, o.count.Vocab, o.count.MinCount, o.count.Repeats, o.train.Task, o.train.Quant.Prob, o.train.Quant.Backoff)
	o.train.Log = func(format string, args ...any) { fmt.Fprintf(std.Err, "congvan: "+format+"\n", args...) }
	file, err := counts.Train(o.train)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return whole.WriteBytes(o.out, file)
}

// loadCounts reads the counts that were kept, or counts.
func (o *trainLMOptions) loadCounts(ctx context.Context, std *Streams) (*lm.Counts, error) {
	if o.counts != "" && exists(o.counts) {
		f, err := os.Open(o.counts)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		c, err := lm.ReadCounts(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.counts, err)
		}
		return c, nil
	}
	o.count.Order = max(o.train.Order, 3)
	if o.counts != "" {
		o.count.Order = 5
	}
	weights, err := parseWeights(o.weights)
	if err != nil {
		return nil, err
	}
	var sources []lm.Source
	for _, path := range o.texts {
		name := filepath.Base(path)
		src := lm.Source{Name: name, Text: &corpus.Text{Context: ctx, Path: path, Stdin: std.In}}
		for prefix, w := range weights {
			if strings.HasPrefix(name, prefix) {
				src.Weight = w
			}
		}
		sources = append(sources, src)
	}
	progress, done := textProgress(std, "counting", o.texts)
	o.count.Progress = progress
	counts, err := lm.Count(sources, o.count)
	done()
	if err != nil || o.counts == "" {
		return counts, packedText(err)
	}
	return counts, whole.Write(o.counts, counts.Write)
}

// packedText adds to an error what to do where there is no xz.
func packedText(err error) error {
	if errors.Is(err, corpus.ErrNoXZ) {
		return &StatusError{Status: ExitFailed, Err: err, Hint: "install the xz-utils package, or unpack the text first"}
	}
	return err
}

// textProgress shows on a terminal how much of the texts was read, and what for.
func textProgress(std *Streams, what string, paths []string) (add func(int), done func()) {
	f, ok := std.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	total := int64(0)
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil || strings.HasSuffix(p, ".xz") {
			total = -1 // not known
			break
		}
		total += info.Size()
	}
	bar := progressbar.NewOptions64(total, progressbar.OptionSetWriter(f), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	return func(n int) { bar.Add(n) }, func() { bar.Finish() }
}

// parseSize reads a number of bytes such as 35MB, 500kB or 1GB.
func parseSize(s string) (int, error) {
	number, unit := s, 1.0
	for _, u := range []struct {
		name  string
		bytes float64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			number, unit = rest, u.bytes
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v >= 0 && v*unit <= 2e9) {
		return 0, usageErrorf("size %q: expected a number of bytes up to 2GB, such as 35MB", s)
	}
	return int(v * unit), nil
}

func parseWeights(list []string) (map[string]int, error) {
	weights := map[string]int{}
	for _, s := range list {
		name, value, ok := strings.Cut(s, "=")
		w, err := strconv.Atoi(value)
		if !ok || name == "" || err != nil || w < 1 || w > 255 {
			return nil, usageErrorf("weight %q: expected NAME=N, N from 1 to 255", s)
		}
		weights[name] = w
	}
	return weights, nil
}

// sourceDate is the day of SOURCE_DATE_EPOCH, empty when it is not set.
func sourceDate() (string, error) {
	s := os.Getenv("SOURCE_DATE_EPOCH")
	if s == "" {
		return "", nil
	}
	sec, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return "", fmt.Errorf("SOURCE_DATE_EPOCH is %q: expected seconds since 1970", s)
	}
	return time.Unix(sec, 0).UTC().Format(time.DateOnly), nil
}
