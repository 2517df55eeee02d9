package senses

import (
	"bufio"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/lab/corpus"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// Lessons are the doubtful places of some texts. The texts are divided in two. A
// language model of each half, made as the shipped one is, takes the part of one
// that has not seen the text, and restores the other half without its marks.
type Lessons struct {
	Texts []string // paths

	// Open reads a text; read is told the bytes.
	Open func(ctx context.Context, path string, read func(int)) io.Reader
	// Progress begins to show how much of the texts was read, and what for.
	Progress func(what string) (read func(int), done func())
	Log      func(format string, args ...any)
}

// Gather adds the lessons to a Trainer and says what the texts are, a line a
// text and half.
func (l *Lessons) Gather(ctx context.Context, trainer *Trainer) (about []string, err error) {
	for half := range 2 {
		l.Log("half %d of 2: training a language model on the other", half+1)
		model, sources, err := l.languageModel(ctx, 1-half)
		if err != nil {
			return nil, err
		}
		if err := l.teach(ctx, trainer, model, half); err != nil {
			return nil, err
		}
		l.Log("%d choices were doubtful so far", trainer.Len())
		for _, s := range sources {
			about = append(about, fmt.Sprintf("%s (half %d): %d lines, sha256 %s", s.Name, 2-half, s.Lines, s.SHA256))
		}
	}
	return about, nil
}

// languageModel trains a model of half of the texts and says what these are.
func (l *Lessons) languageModel(ctx context.Context, half int) (*ngram.Model, []ngram.SourceInfo, error) {
	add, done := l.Progress("counting")
	defer done()
	var sources []lm.Source
	for _, path := range l.Texts {
		sources = append(sources, lm.Source{Name: filepath.Base(path), Text: corpus.Half(l.Open(ctx, path, add), half)})
	}
	counts, err := lm.Count(sources, lm.ShippedCount)
	if err != nil {
		return nil, nil, fmt.Errorf("half %d of the texts: %w", half+1, err)
	}
	file, err := counts.Train(lm.ShippedTrain)
	if err != nil {
		return nil, nil, err
	}
	model, err := ngram.Load(file)
	return model, counts.Sources, err
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
func (l *Lessons) teach(ctx context.Context, trainer *Trainer, model *ngram.Model, half int) error {
	r, err := restore.New(restore.Models{Language: model}, restore.Options{Source: restore.Strip})
	if err != nil {
		return err
	}
	add, done := l.Progress("restoring")
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
		for _, path := range l.Texts {
			text := bufio.NewReaderSize(corpus.Half(l.Open(ctx, path, add), half), 1<<16)
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
