package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/lab/corpus"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/senses"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

type trainSenseOptions struct {
	out   string
	train senses.TrainOptions
	texts []string
}

func newTrainSenseCmd(std *Streams) *cobra.Command {
	var o trainSenseOptions
	cmd := &cobra.Command{
		Use:   "sense -o FILE TEXT…",
		Short: "Learn which of the words that look alike without marks fits its surroundings",
		Long: `Learn which of the words that look alike without their marks fits the words
around them, where a language model is unsure.

Each TEXT is UTF-8 with a paragraph or sentence a line; a file that ends in .xz
is unpacked with xz. The texts are divided in two. A language model of each half,
made as 'congvan train lm' does by default, takes the part of one that has not
seen the text, and restores the other half without its marks; what it doubts is
learned. A gigabyte of text takes twenty minutes on two cores and 4 GB of memory.
The same texts and options give the same bytes, on any number of cores.

Exit status: 0 trained, 1 failed, 4 mistake on the command line, 130 interrupted.`,
		Example: "  congvan train sense -o vi.sense legal.txt.xz news.txt.xz",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.texts = args
			return runTrainSense(cmd.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.out, "output", "o", "", "`FILE` to write")
	f.IntVar(&o.train.Bits, "bits", senses.DefaultBits, "log2 of the number of weights, half a byte each")
	f.IntVar(&o.train.Rounds, "rounds", senses.DefaultRounds, "how often what was doubted is gone through")
	cmd.MarkFlagRequired("output")
	return cmd
}

func runTrainSense(ctx context.Context, std *Streams, o trainSenseOptions) error {
	if o.train.Bits < sense.MinBits || o.train.Bits > sense.MaxBits {
		return usageErrorf("--bits %d: expected %d to %d", o.train.Bits, sense.MinBits, sense.MaxBits)
	}
	date, err := sourceDate()
	if err != nil {
		return err
	}
	logf := func(format string, args ...any) { fmt.Fprintf(std.Err, "congvan: "+format+"\n", args...) }
	lessons := senses.Lessons{
		Texts: o.texts,
		Open: func(ctx context.Context, path string, read func(int)) io.Reader {
			return &corpus.Text{Context: ctx, Path: path, Stdin: std.In, Add: read}
		},
		Progress: func(what string) (func(int), func()) { return textProgress(std, what, o.texts) },
		Log:      logf,
	}
	var trainer senses.Trainer
	about, err := lessons.Gather(ctx, &trainer)
	if errors.Is(err, lm.ErrNoText) {
		return &StatusError{Status: ExitFailed, Err: err, Hint: fmt.Sprintf("the halves take %d lines in turn: give longer texts", corpus.HalfLines)}
	}
	if err != nil {
		return packedText(err)
	}
	options := fmt.Sprintf("--bits %d --rounds %d %s, %d choices", o.train.Bits, o.train.Rounds, date, trainer.Len())
	o.train.Log, o.train.Summary = logf, strings.Join(append([]string{options}, about...), "\n")
	return whole.WriteBytes(o.out, trainer.Train(o.train))
}
