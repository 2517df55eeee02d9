package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/restore"
)

type trainSenseOptions struct {
	out   string
	train sense.TrainOptions
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
	f.IntVar(&o.train.Bits, "bits", sense.DefaultBits, "log2 of the number of weights, half a byte each")
	f.IntVar(&o.train.Rounds, "rounds", sense.DefaultRounds, "how often what was doubted is gone through")
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
	var trainer sense.Trainer
	var about []string
	for half := range 2 {
		logf("half %d of 2: training a language model on the other", half+1)
		lm, sources, err := o.languageModel(ctx, std, 1-half)
		if err != nil {
			return err
		}
		if err := o.teach(ctx, std, &trainer, lm, half); err != nil {
			return err
		}
		logf("%d choices were doubtful so far", trainer.Len())
		for _, s := range sources {
			about = append(about, fmt.Sprintf("%s (half %d): %d lines, sha256 %s", s.Name, 2-half, s.Lines, s.SHA256))
		}
	}
	o.train.Log = logf
	about = append([]string{fmt.Sprintf("--bits %d --rounds %d %s, %d choices", o.train.Bits, o.train.Rounds, date, trainer.Len())}, about...)
	o.train.Summary = strings.Join(about, "\n")
	return replaceFile(o.out, writeBytes(trainer.Train(o.train)))
}

// languageModel trains a model of half of the texts and says what these are.
func (o *trainSenseOptions) languageModel(ctx context.Context, std *Streams, half int) (*ngram.Model, []ngram.SourceInfo, error) {
	add, done := textProgress(std, "counting", o.texts)
	defer done()
	var sources []ngram.Source
	for _, path := range o.texts {
		sources = append(sources, ngram.Source{Name: filepath.Base(path), Text: newHalf(&lazyText{ctx: ctx, path: path, std: std, add: add}, half)})
	}
	counts, err := ngram.Count(sources, ngram.CountOptions{Order: defaultOrder, Vocab: defaultVocab, MinCount: defaultMinCount, Repeats: defaultRepeats})
	if err != nil {
		return nil, nil, &StatusError{Status: ExitFailed, Err: fmt.Errorf("half %d of the texts: %w", half+1, err), Hint: fmt.Sprintf("the halves take %d lines in turn: give longer texts", halfLines)}
	}
	file, err := counts.Train(ngram.TrainOptions{MaxSize: defaultSize, Task: defaultTask, Quant: ngram.Quant{Prob: defaultBits, Backoff: defaultBits}})
	if err != nil {
		return nil, nil, err
	}
	lm, err := ngram.Load(file)
	return lm, counts.Sources, err
}

// chunkSize is the bytes of text that are restored as one document.
const chunkSize = 64 << 10

// taught is what a chunk of text teaches.
type taught struct {
	words   []sense.Word
	choices []sense.Choice
	right   []int
}

// teach restores half of the texts and collects what was doubtful, in order.
func (o *trainSenseOptions) teach(ctx context.Context, std *Streams, trainer *sense.Trainer, lm *ngram.Model, half int) error {
	r, err := restore.New(lm, nil, restore.Options{Source: restore.Strip})
	if err != nil {
		return err
	}
	add, done := textProgress(std, "restoring", o.texts)
	defer done()
	results := make(chan chan []taught, 2*runtime.GOMAXPROCS(0))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for c := range results {
			for _, t := range <-c {
				trainer.Add(r.Vocab(), t.words, t.choices, t.right)
			}
		}
		return nil
	})
	g.Go(func() error {
		defer close(results)
		var work errgroup.Group
		work.SetLimit(runtime.GOMAXPROCS(0))
		defer work.Wait()
		seen := map[uint64]struct{}{}
		for _, path := range o.texts {
			text := bufio.NewReaderSize(newHalf(&lazyText{ctx: ctx, path: path, std: std, add: add}, half), 1<<16)
			for {
				chunk, err := readLines(text, chunkSize, seen)
				if len(chunk) > 0 {
					c := make(chan []taught, 1)
					results <- c
					work.Go(func() error { c <- lessons(r, chunk); return nil })
				}
				if err == io.EOF {
					break
				}
				if err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
			}
		}
		return nil
	})
	return g.Wait()
}

// readLines reads lines up to a number of bytes, or a little more. A line that was
// seen before teaches nothing and is left out.
func readLines(r *bufio.Reader, size int, seen map[uint64]struct{}) (lines []string, err error) {
	for n := 0; n < size && err == nil; {
		var line string
		line, err = r.ReadString('\n')
		h := fnv.New64a()
		io.WriteString(h, line)
		if _, again := seen[h.Sum64()]; line != "" && !again {
			seen[h.Sum64()] = struct{}{}
			lines = append(lines, line)
			n += len(line)
		}
	}
	return lines, err
}

// lessons restores the lines of a document, in blocks as restore makes them.
func lessons(r *restore.Restorer, lines []string) (out []taught) {
	d := r.Document()
	for len(lines) > 0 {
		var block strings.Builder
		for len(lines) > 0 && block.Len() < restore.MaxBlock {
			block.WriteString(lines[0])
			lines = lines[1:]
		}
		var t taught
		if t.words, t.choices, t.right = d.Lesson(block.String()); len(t.choices) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// halfLines is how many lines in a row fall to one half of a text.
const halfLines = 2000

// half reads every other run of lines of a text.
type half struct {
	r    *bufio.Reader
	odd  bool
	line int
	rest []byte // read, but not passed on
	err  error
}

// newHalf returns a reader of the first half (0) or the second (1).
func newHalf(r io.Reader, which int) io.Reader {
	return &half{r: bufio.NewReaderSize(r, 1<<16), odd: which == 1}
}

func (h *half) Read(p []byte) (int, error) {
	for len(h.rest) == 0 && h.err == nil {
		part, err := h.r.ReadSlice('\n')
		if h.line/halfLines%2 == 1 == h.odd {
			h.rest = part
		}
		if err == nil {
			h.line++
		} else if !errors.Is(err, bufio.ErrBufferFull) {
			h.err = err
		}
	}
	if len(h.rest) == 0 {
		return 0, h.err
	}
	n := copy(p, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}
