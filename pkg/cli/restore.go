package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

type restoreOptions struct {
	models        modelFlags
	source        string
	tone          string
	minConfidence float64
	json          bool
	mark          bool
	markBelow     float64
	unaccented    bool
	lineBuffered  bool
	explain       bool
	output        string
	inPlace       bool
	jobs          int
	files         []textFile
	to            destination
	noAdapt       bool
	saveChannel   string
	adapted       *channel.Model // the last one, if it is to be saved
	written       atomic.Int64   // bytes
	settled       sync.Once      // the start is over
}

var toneStyles = map[string]viet.Style{"keep": viet.Keep, "old": viet.Old, "new": viet.New}

func newRestoreCmd(std *Streams) *cobra.Command {
	var o restoreOptions
	cmd := &cobra.Command{
		Use:   "restore [FILE|FOLDER…]",
		Short: "Restore Vietnamese text that OCR garbled or that lost its marks",
		Long: `Restore Vietnamese text that OCR garbled or that lost its marks.

Reads FILEs and the texts (*.txt) in FOLDERs, or standard input if there are none
or for "-", and writes to standard output, or with -o into a folder that is like
the one that was read. As many files are restored at a time as there are --jobs,
and as many parts of a long text; what comes out does not depend on it. Text is UTF-8; lines, spaces and all that is no damaged
Vietnamese stay as they are. Each paragraph is written as soon as it has ended;
with --line-buffered each line. Otherwise garbled ones first wait for 32 kB of
text, unless the way that they are garbled is known: it is then learned from the
text itself. --no-adapt leaves that out, --save-channel keeps what was learned
for other texts of the same scanner, to be used with --channel.

Exit status: 0 all files restored, 1 failed (with a single input: it was no
UTF-8 text, or could not be read or written), 3 some of several files failed,
4 mistake on the command line, 5 model missing or unreadable.`,
		Example: `  congvan restore < letter.txt
  congvan restore -o restored/ ocr/*.txt
  congvan restore -o restored/ archive/
  congvan restore --mark letter.txt | less
  congvan restore --save-channel scanner.channel first.txt > first.out
  congvan restore --channel scanner.channel next.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRestore(cmd.Context(), &o, args, std)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "`FILE` to write, or folder if there are several inputs")
	f.BoolVar(&o.inPlace, "in-place", false, "replace each FILE")
	f.StringVar(&o.source, "source", restore.Auto, "what made the text: auto, clean, strip, toneless, broken, eng, vie, or a channel given with --channel")
	f.StringVar(&o.tone, "tone", "keep", "where tones of open oa, oe, uy are written: keep, old (hòa), new (hoà)")
	f.Float64Var(&o.minConfidence, "min-confidence", 0, "leave words as read that are less sure than this, 0 to 1")
	f.BoolVar(&o.json, "json", false, "write one JSON object a block, with its tokens")
	f.BoolVar(&o.mark, "mark", false, "put ⟦ ⟧ around words that are less sure than --mark-below")
	f.Float64Var(&o.markBelow, "mark-below", 0.9, "confidence for --mark")
	f.BoolVar(&o.explain, "explain", false, "show for each word what it may be and the evidence; with --json as \"candidates\" of each token")
	f.BoolVar(&o.unaccented, "unaccented", false, "write the text without marks, for searching")
	f.BoolVar(&o.lineBuffered, "line-buffered", false, "write each line as soon as it was read, instead of each paragraph")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "files, or parts of a long text, restored at a time")
	f.BoolVar(&o.noAdapt, "no-adapt", false, "do not learn from a text how it was garbled")
	f.StringVar(&o.saveChannel, "save-channel", "", "`FILE` to keep what was learned of how the text was garbled, for --channel")
	o.models.register(f)
	return cmd
}

func (o *restoreOptions) check(args []string) error {
	if _, ok := toneStyles[o.tone]; !ok {
		return usageErrorf("--tone must be keep, old or new, not %q", o.tone)
	}
	for _, p := range []float64{o.minConfidence, o.markBelow} {
		if p < 0 || p > 1 {
			return usageErrorf("a confidence must be from 0 to 1, not %v", p)
		}
	}
	forms := 0
	for _, on := range []bool{o.json || o.explain, o.mark, o.unaccented} {
		if on {
			forms++
		}
	}
	switch {
	case forms > 1:
		return usageErrorf("--json or --explain, --mark and --unaccented exclude each other")
	case o.inPlace && o.output != "":
		return usageErrorf("--in-place and --output exclude each other")
	case o.jobs < 1:
		return usageErrorf("--jobs must be at least 1")
	case o.inPlace && (len(args) == 0 || slices.Contains(args, "-")):
		return usageErrorf("--in-place needs files")
	case o.inPlace && forms > 0:
		return usageErrorf("--in-place writes restored text only")
	case o.saveChannel != "" && o.noAdapt:
		return usageErrorf("--save-channel and --no-adapt exclude each other")
	}
	output := o.output
	if output == "-" {
		output = ""
	}
	if len(args) == 0 {
		args = []string{"-"}
	}
	files, folders, err := texts(args, output)
	if err != nil {
		return err
	}
	o.files = files
	if o.to = newDestination(output, o.inPlace, folders || len(files) > 1); o.to.apart() {
		return o.to.distinct(files)
	}
	return nil
}

func runRestore(ctx context.Context, o *restoreOptions, args []string, std *Streams) error {
	if err := o.check(args); err != nil {
		return err
	}
	debug.SetGCPercent(-1) // until the start is over: what it makes stays
	defer o.settle()
	atOnce := o.filesAtOnce()
	r, err := o.models.restorer(restore.Options{
		Source: o.source, Tone: toneStyles[o.tone], MinConfidence: o.minConfidence, Alternatives: alternatives(o),
		LineBuffered: o.lineBuffered, TextOnly: !o.json && !o.mark && !o.explain, Arcs: o.explain,
		NoAdapt: o.noAdapt, Adapted: o.learn(), Jobs: max(1, o.jobs/atOnce),
	})
	if err != nil {
		return err
	}
	m := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(m) // runtime.ReadMemStats would stop all and touch a megabyte
	debug.SetMemoryLimit(int64(m[0].Value.Uint64()-m[1].Value.Uint64()) + startMemory)
	if err := o.restoreFiles(ctx, r, atOnce, std); err != nil {
		return err
	}
	return o.keepChannel(std)
}

// filesAtOnce is how many files are restored at a time: as many as there are jobs, if
// each is written to a file of its own, but one after the other if they teach a channel.
func (o *restoreOptions) filesAtOnce() int {
	if !o.to.apart() || o.saveChannel != "" {
		return 1
	}
	return min(o.jobs, len(o.files))
}

// learn is what is done with each channel that was adapted to a text.
func (o *restoreOptions) learn() func(*channel.Model) {
	if o.saveChannel == "" {
		return nil
	}
	return func(ch *channel.Model) { o.adapted = ch }
}

// keepChannel writes what was learned of how the text was garbled, under the name
// of the file.
func (o *restoreOptions) keepChannel(std *Streams) error {
	if o.saveChannel == "" {
		return nil
	}
	if o.adapted == nil {
		fmt.Fprintf(std.Err, "congvan: nothing was learned for %s: no text was garbled in a way that is not known, or it was too short\n", o.saveChannel)
		return nil
	}
	base := filepath.Base(o.saveChannel)
	var b bytes.Buffer
	if _, err := o.adapted.Named(strings.TrimSuffix(base, filepath.Ext(base))).WriteTo(&b); err != nil {
		return err
	}
	return whole.WriteBytes(o.saveChannel, b.Bytes())
}

// restoreFiles restores the inputs, so many at a time, and says in their order which
// failed.
func (o *restoreOptions) restoreFiles(ctx context.Context, r *restore.Restorer, atOnce int, std *Streams) error {
	if len(o.files) == 1 {
		return o.restoreFile(ctx, r, o.files[0], std)
	}
	results := make([]chan error, len(o.files))
	for i := range results {
		results[i] = make(chan error, 1)
	}
	var next atomic.Int64
	var all sync.WaitGroup
	defer all.Wait() // each takes away what it has begun
	for range atOnce {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(o.files); i = next.Add(1) - 1 {
				results[i] <- o.restoreFile(ctx, r, o.files[i], std)
			}
		})
	}
	failed := 0
	for _, result := range results {
		if err := <-result; err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed++
			fmt.Fprintf(std.Err, "congvan: error: %v\n", err)
			if se := new(StatusError); errors.As(err, &se) && se.Hint != "" {
				fmt.Fprintf(std.Err, "congvan: hint: %s\n", se.Hint)
			}
		}
	}
	if failed > 0 {
		return &StatusError{Status: ExitPartial, Err: fmt.Errorf("%d of %d files failed", failed, len(o.files))}
	}
	return nil
}

func alternatives(o *restoreOptions) int {
	if o.json {
		return 5
	}
	return 0
}

// restoreFile restores one input to where the options want it. A file is written
// beside its final name and renamed.
func (o *restoreOptions) restoreFile(ctx context.Context, r *restore.Restorer, file textFile, std *Streams) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	in, name := std.In, "standard input"
	if file.path != "-" {
		f, err := os.Open(file.path)
		if err != nil {
			return err
		}
		defer f.Close()
		in, name = f, file.path
	}
	return o.to.put(std, file, func(w io.Writer) error { return o.copy(ctx, r, w, in, name) })
}

// copy restores in and writes it in the form that the options ask for.
func (o *restoreOptions) copy(ctx context.Context, r *restore.Restorer, w io.Writer, in io.Reader, name string) error {
	for res, err := range r.Blocks(in) {
		if err != nil {
			return fmt.Errorf("%s: %w", name, explain(err))
		}
		n, err := w.Write(o.form(res, name))
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if o.written.Add(int64(n)) >= startBytes {
			o.settle()
		}
	}
	return nil
}

// The start ends when so many bytes are written. What it takes is not collected, unless
// that is so much memory.
const (
	startBytes  = 8 << 10
	startMemory = 20 << 20
)

// settle ends the start: from now on memory counts more than time. Marks alone take
// little memory, so that more of it may be garbage; what a channel remembers is
// several times as large.
func (o *restoreOptions) settle() {
	o.settled.Do(func() {
		percent := 25
		if o.source == restore.Strip {
			percent = 40
		}
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(math.MaxInt64)
	})
}

// form is a block of the named input as it is written.
func (o *restoreOptions) form(res restore.Result, name string) []byte {
	switch {
	case o.json && len(o.files) > 1:
		return jsonBlock(res, name)
	case o.json:
		return jsonBlock(res, "")
	case o.explain:
		return []byte(explained(res))
	case o.mark:
		return []byte(o.marked(res))
	case o.unaccented:
		return []byte(viet.Strip(res.Text))
	}
	return []byte(res.Text)
}

// marked puts marks around the words that are not sure.
func (o *restoreOptions) marked(res restore.Result) string {
	var b strings.Builder
	last, base := 0, 0
	if len(res.Tokens) > 0 {
		base = res.Start.Out
	}
	for _, t := range res.Tokens {
		if t.Confidence < o.markBelow {
			b.WriteString(res.Text[last : t.Out.Start-base])
			b.WriteString("⟦" + t.Text + "⟧")
			last = t.Out.End - base
		}
	}
	b.WriteString(res.Text[last:])
	return b.String()
}

// A block and a token as --json writes them. Fields are only ever added.
type (
	jsonResult struct {
		Type   string      `json:"type"`           // "block"
		File   string      `json:"file,omitempty"` // where there are several
		Source string      `json:"source"`
		Text   string      `json:"text"`
		Tokens []jsonToken `json:"tokens"`
	}
	jsonToken struct {
		In           [2]int            `json:"in"`  // bytes of the input, from and to
		Out          [2]int            `json:"out"` // bytes of the output
		Read         string            `json:"read"`
		Text         string            `json:"text"`
		Confidence   float64           `json:"confidence"`
		Alternatives []jsonAlternative `json:"alternatives,omitempty"`
		Candidates   []jsonCandidate   `json:"candidates,omitempty"` // with --explain
	}
	jsonAlternative struct {
		Text       string  `json:"text"`
		Confidence float64 `json:"confidence"`
	}
)

func jsonBlock(res restore.Result, file string) []byte {
	out := jsonResult{Type: "block", File: file, Source: res.Source, Text: res.Text, Tokens: []jsonToken{}}
	for _, t := range res.Tokens {
		j := jsonToken{
			In: [2]int{t.In.Start, t.In.End}, Out: [2]int{t.Out.Start, t.Out.End},
			Read: t.Read, Text: t.Text, Confidence: t.Confidence,
		}
		for _, a := range t.Alternatives {
			j.Alternatives = append(j.Alternatives, jsonAlternative(a))
		}
		j.Candidates = jsonCandidates(t, res.Arcs)
		out.Tokens = append(out.Tokens, j)
	}
	b, err := json.Marshal(out)
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(b, '\n')
}

// explain adds to an error about the encoding what it looks like.
func explain(err error) error {
	var bad *restore.EncodingError
	if !errors.As(err, &bad) {
		return err
	}
	hint := "convert it to UTF-8 first"
	what := ""
	if name, sure := legacy.Guess(bad.Data); name != "" && sure > 0.5 {
		what = "; it looks like " + name
		hint = "convert it first: congvan convert --from " + name
	}
	return &StatusError{Status: ExitFailed, Err: fmt.Errorf("%w%s", err, what), Hint: hint}
}
