package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/restore"
)

func newLMCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lm",
		Short: "Look into language models and exchange them with other programs",
		Long: `Look into language models and exchange them with other programs.

Exit status: that of the command.`,
		Example: "  congvan lm info",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(newLMInfoCmd(std, runLMInfo), newLMExportCmd(std, runLMExport), newLMImportCmd(std, runLMImport))
	return cmd
}

type lmInfoOptions struct {
	path  string // empty for the built-in model
	texts []string
	json  bool
}

func newLMInfoCmd(std *Streams, run func(*Streams, lmInfoOptions) error) *cobra.Command {
	var o lmInfoOptions
	cmd := &cobra.Command{
		Use:   "info [FILE]",
		Short: "Describe a language model and check that it is whole",
		Long: `Describe a language model, by default the one built in and the sense model beside
it: orders and sizes, what it was trained on and how, and with --text how well it
predicts a text. The checksum of the file is verified.

Perplexity is per token of the model (words, punctuation, classes of numbers and
the ends of lines), words outside the vocabulary counted as their class.

Exit status: 0 the model is sound, 1 failed, 4 mistake on the command line, 5 no
such model, or a damaged one.`,
		Example: "  congvan lm info\n  congvan lm info vi.cvlm --text held-out.txt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.path = args[0]
			}
			return run(std, o)
		},
	}
	cmd.Flags().StringArrayVar(&o.texts, "text", nil, "`FILE` of UTF-8 text to predict; may be repeated, - is standard input")
	cmd.Flags().BoolVar(&o.json, "json", false, "print a JSON object")
	return cmd
}

// lmInfo is what lm info prints as JSON.
type lmInfo struct {
	Type         string             `json:"type"`
	Bytes        int                `json:"bytes"`
	BytesPerGram float64            `json:"bytes_per_ngram"`
	Perplexity   map[string]float64 `json:"perplexity,omitempty"`
	ngram.Summary
	Sense *senseInfo `json:"sense,omitempty"` // of the built-in sense model
}

type senseInfo struct {
	Bytes   int    `json:"bytes"`
	Summary string `json:"summary"`
}

func runLMInfo(std *Streams, o lmInfoOptions) error {
	m, err := openLanguage(o.path)
	if err != nil {
		return err
	}
	info := lmInfo{Type: "language-model", Bytes: m.Size()}
	if info.Summary, err = m.Summary(); err != nil {
		return modelError(err, "")
	}
	if o.path == "" {
		f := restore.Files{Language: models.Files().Language, Sense: models.Files().Sense}
		f.Sense.Sound = false
		both, err := f.Open(restore.Strip)
		if err != nil {
			return badModel(err)
		}
		info.Sense = &senseInfo{both.Sense.Size(), both.Sense.Summary}
	}
	grams := 0
	for _, n := range info.Grams {
		grams += n
	}
	info.BytesPerGram = math.Round(100*float64(info.Bytes)/float64(max(grams, 1))) / 100
	for _, path := range o.texts {
		logp, tokens, err := scoreFile(std, m, path)
		if err != nil {
			return err
		}
		if info.Perplexity == nil {
			info.Perplexity = map[string]float64{}
		}
		info.Perplexity[path] = math.Round(100*math.Pow(10, -logp/float64(max(tokens, 1)))) / 100
	}
	if o.json {
		return json.NewEncoder(std.Out).Encode(info)
	}
	w := bufio.NewWriter(std.Out)
	fmt.Fprintf(w, "order      %d\nsize       %d bytes, %.2f an n-gram\n", info.Order, info.Bytes, info.BytesPerGram)
	for i, n := range info.Grams {
		fmt.Fprintf(w, "%d-grams    %d\n", i+1, n)
	}
	if info.Date != "" {
		fmt.Fprintf(w, "date       %s\n", info.Date)
	}
	if info.Options != "" {
		fmt.Fprintf(w, "options    %s\n", info.Options)
	}
	for _, s := range info.Sources {
		fmt.Fprintf(w, "text       %s: weight %d, %d lines, %d tokens, sha256 %s\n", s.Name, s.Weight, s.Lines, s.Tokens, s.SHA256)
	}
	if info.Sense != nil {
		fmt.Fprintf(w, "sense      %d bytes, %s\n", info.Sense.Bytes, strings.ReplaceAll(info.Sense.Summary, "\n", "\n           "))
	}
	for _, path := range o.texts {
		fmt.Fprintf(w, "perplexity %s: %.2f\n", path, info.Perplexity[path])
	}
	return w.Flush()
}

// openLanguage opens a language model, the built-in one if there is no path, and
// checks that it is whole.
func openLanguage(path string) (*ngram.Model, error) {
	f, err := (&modelFlags{language: path}).files()
	if err != nil {
		return nil, err
	}
	f.Language.Sound = false
	m, err := f.Open(restore.Clean)
	return m.Language, badModel(err)
}

// scoreFile adds up what a model gives a text.
func scoreFile(std *Streams, m *ngram.Model, path string) (logp float64, tokens int, err error) {
	in := std.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return 0, 0, err
		}
		defer f.Close()
		in = f
	}
	r := bufio.NewReaderSize(in, 1<<16)
	for {
		line, err := r.ReadString('\n')
		if syms := ngram.AppendSymbols(nil, strings.TrimSpace(line)); len(syms) > 0 {
			s := m.Begin()
			for _, w := range append(syms, "</s>") {
				lp, next := m.Score(s, m.ID(w))
				logp += float64(lp)
				s = next
			}
			tokens += len(syms) + 1
		}
		if err == io.EOF {
			return logp, tokens, nil
		}
		if err != nil {
			return 0, 0, fmt.Errorf("%s: %w", path, err)
		}
	}
}

type lmConvertOptions struct {
	in, out string
	quant   lm.Quant
}

func newLMExportCmd(std *Streams, run func(*Streams, lmConvertOptions) error) *cobra.Command {
	var o lmConvertOptions
	cmd := &cobra.Command{
		Use:   "export [FILE] -o ARPA",
		Short: "Write a language model in ARPA format",
		Long: `Write a language model, by default the one built in, in ARPA format, which
KenLM, SRILM and others read. Probabilities are those that the model gives, after
quantisation.

Exit status: 0 written, 1 failed, 4 mistake on the command line, 5 no such model,
or a damaged one.`,
		Example: "  congvan lm export vi.cvlm -o vi.arpa",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.in = args[0]
			}
			return run(std, o)
		},
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "-", "`FILE` to write; - is standard output")
	return cmd
}

func runLMExport(std *Streams, o lmConvertOptions) error {
	m, err := openLanguage(o.in)
	if err != nil {
		return err
	}
	if o.out == "-" {
		return lm.WriteARPA(std.Out, m)
	}
	return whole.Write(o.out, func(w io.Writer) error { return lm.WriteARPA(w, m) })
}

func newLMImportCmd(std *Streams, run func(*Streams, lmConvertOptions) error) *cobra.Command {
	var o lmConvertOptions
	cmd := &cobra.Command{
		Use:   "import ARPA -o FILE",
		Short: "Make a language model of an ARPA file",
		Long: `Make a language model of an ARPA file, such as KenLM and SRILM write, of at most
order 5 and 16,384 words. Its words should be the symbols of this program: lower
case, tone in the old place (hòa), classes such as <num>. - is standard input.

Exit status: 0 written, 1 failed, 4 mistake on the command line.`,
		Example: "  congvan lm import vi.arpa -o vi.cvlm",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.in = args[0]; o.out == "" {
				return usageErrorf("no output: say --output FILE")
			}
			return run(std, o)
		},
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` to write")
	cmd.Flags().IntVar(&o.quant.Prob, "prob-bits", 8, "bits a probability")
	cmd.Flags().IntVar(&o.quant.Backoff, "backoff-bits", 8, "bits a back-off weight")
	return cmd
}

func runLMImport(std *Streams, o lmConvertOptions) error {
	in := std.In
	if o.in != "-" {
		f, err := os.Open(o.in)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	file, err := lm.ImportARPA(in, o.quant, "imported from ARPA")
	if err != nil {
		return fmt.Errorf("%s: %w", o.in, err)
	}
	return whole.WriteBytes(o.out, file)
}
