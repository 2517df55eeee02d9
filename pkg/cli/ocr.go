package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// ocrOptions are the flags of "congvan ocr".
type ocrOptions struct {
	paths       []string
	out         string // folder, or "-" for standard output
	formats     []string
	readers     []string
	prepare     string
	textLayer   string
	keepImages  string // folder; empty: not kept
	models      modelFlags
	jobs        int
	tessdata    string
	pageTimeout time.Duration
	maxPixels   int
	noRestore   bool
	noWitness   bool
	inputs      inputFlags
	write       writeFlags
	batch       batchFlags
	watch       *batch.Watch // set by "congvan watch"
	streams     map[string]batch.Stream
}

func defaultOCROptions() ocrOptions {
	return ocrOptions{formats: []string{"txt"}, readers: []string{"vie"}, prepare: "auto", textLayer: string(reading.LayerAuto), jobs: runtime.NumCPU(), pageTimeout: 3 * time.Minute, maxPixels: document.DefaultMaxPixels}
}

// register adds the flags that ocr and watch share.
func (o *ocrOptions) register(f *pflag.FlagSet) {
	f.StringVarP(&o.out, "output", "o", "", "output folder, or - for standard output")
	f.StringSliceVar(&o.formats, "format", o.formats, "what is written: "+strings.Join(output.Names(), ", ")+"; several at once with commas")
	f.StringSliceVar(&o.readers, "readers", o.readers, "who reads: vie (fast), eng, or vie,eng")
	f.StringVar(&o.prepare, "prepare", o.prepare, "what is done to page images first: "+strings.Join(imaging.Names(), ", ")+"; several steps with commas")
	f.StringVar(&o.textLayer, "text-layer", o.textLayer, "text that a PDF page holds already: auto takes it if the page is born digital and the text sound, use takes it always, redo and ignore read the image")
	f.BoolVar(&o.noWitness, "no-witness", false, "do not hear the text layer of a scan as a second reader")
	f.StringVar(&o.keepImages, "keep-images", "", "folder for the page images as they were read")
	f.IntVarP(&o.jobs, "jobs", "j", o.jobs, "pages read at a time")
	f.StringVar(&o.tessdata, "tessdata", "", "folder with Tesseract's trained data (default: where packages put it)")
	f.DurationVar(&o.pageTimeout, "page-timeout", o.pageTimeout, "time limit for reading a page")
	f.IntVar(&o.maxPixels, "max-pixels", o.maxPixels, "largest page image that is decoded")
	f.BoolVar(&o.noRestore, "no-restore", false, "leave the text as Tesseract reads it")
	f.StringVar(&o.inputs.pages, "pages", "", "pages to read of each document, such as 1-3,7 or 9-; the others stay in PDF copies of PDFs")
	o.write.register(f)
	o.batch.register(f)
}

// pathArgs wants documents or folders.
func pathArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageErrorf("no documents given")
	}
	if slices.Contains(args, "-") {
		return usageErrorf("documents are not read from standard input; name a file, or ./- if it is one")
	}
	return nil
}

func newOCRCmd(std *Streams, run func(context.Context, *Streams, ocrOptions) error) *cobra.Command {
	opts := defaultOCROptions()
	cmd := &cobra.Command{
		Use:   "ocr PATH... -o DIR",
		Short: "Read scanned letters (PDF, TIFF, PNG, JPEG, JP2, BMP, GIF, PNM, WebP) into text",
		Long: `Read scanned letters into text: one .txt file a document in the output folder,
pages separated by form feeds. Folders are searched for documents; - is a document
on standard input, whose text goes to standard output if -o names no folder.

A document that cannot be read is one line on standard error; the others are
read all the same, and the exit status says so.

` + batchHelp,
		Example: `  congvan ocr letter.pdf -o -          # to the terminal
  congvan ocr - < scan.png             # the same, from a pipe
  congvan ocr scans/ -o text/          # a folder, one .txt a document
  congvan ocr --format pdf,txt in.pdf -o out/     # searchable PDF, and its text
  find scans -name '*.pdf' -print0 | congvan ocr --files-from - --null -o text/
  congvan ocr scans/ -o text/ --after 'mv {} done/'   # a command after each document`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			if err := opts.inputs.check(args); err != nil {
				return err
			}
			if opts.out == "" && slices.Equal(args, []string{stdinPath}) {
				opts.out = "-"
			}
			if err := opts.check(); err != nil {
				return err
			}
			return run(cmd.Context(), std, opts)
		},
	}
	opts.register(cmd.Flags())
	opts.inputs.register(cmd.Flags())
	return cmd
}

func (o *ocrOptions) check() error {
	switch {
	case o.out == "":
		return o.noOutput()
	case o.jobs < 1:
		return usageErrorf("--jobs must be at least 1")
	case o.pageTimeout <= 0:
		return usageErrorf("--page-timeout must be positive, such as 3m")
	case o.maxPixels < 1:
		return usageErrorf("--max-pixels must be at least 1")
	case len(o.readers) == 0:
		return usageErrorf("--readers names no reader")
	}
	if st, err := os.Stat(o.out); !(err == nil && st.IsDir()) && slices.ContainsFunc(output.Formats(), func(f output.Format) bool { return strings.HasSuffix(o.out, f.Extension) }) {
		return &StatusError{Status: ExitUsage, Err: fmt.Errorf("-o %s: the output is a folder, and this looks like a file", o.out), Hint: fmt.Sprintf("%s-o - > %s writes one document to a file; -o %s/ makes a folder", o.formatFlag(o.out), o.out, o.out)}
	}
	if _, err := o.inputs.selection(); err != nil {
		return err
	}
	if err := checkAfter(o.batch.after, o.out, o.formats); err != nil {
		return err
	}
	if err := o.batch.checkRetry(o.paths); err != nil {
		return err
	}
	if _, err := imaging.ParseSteps(o.prepare); err != nil {
		return usageErrorf("--prepare: %v", err)
	}
	if err := o.write.check(o.paths, o.formats, o.watch != nil || o.inputs.from != ""); err != nil {
		return err
	}
	if !slices.Contains(reading.LayerModes, o.textLayer) {
		return usageErrorf("--text-layer %s: expected one of %s", o.textLayer, strings.Join(reading.LayerModes, ", "))
	}
	if len(o.formats) == 0 {
		return usageErrorf("--format names no format")
	}
	for i, name := range o.formats {
		if _, err := output.Lookup(name); err != nil {
			return usageErrorf("--format: %v", err)
		}
		if slices.Contains(o.formats[:i], name) {
			return usageErrorf("--format names %s twice", name)
		}
	}
	if o.out == "-" && len(o.formats) > 1 {
		return usageErrorf("standard output takes one format, not %d", len(o.formats))
	}
	if err := o.batch.apply(&batch.Config{}, os.Getenv); err != nil {
		return err
	}
	for i, r := range o.readers {
		if r != "vie" && r != "eng" || slices.Contains(o.readers[:i], r) {
			return usageErrorf("--readers %s: expected vie, eng, or vie,eng", strings.Join(o.readers, ","))
		}
	}
	return nil
}

// noOutput is the answer to a command line without -o: to "in.pdf out.pdf" what would
// do that.
func (o *ocrOptions) noOutput() error {
	e := &StatusError{Status: ExitUsage, Err: errors.New("no output: say -o DIR"), Hint: "-o - writes to standard output"}
	if len(o.paths) != 2 {
		return e
	}
	in, out := o.paths[0], o.paths[1]
	_, err := os.Stat(out)
	flag := o.formatFlag(out)
	switch {
	case flag != "" || strings.HasSuffix(out, ".txt"):
		e.Hint = fmt.Sprintf("all paths are inputs, %s, too; to write it: congvan ocr %s%s -o - > %s", out, flag, in, out)
	case errors.Is(err, fs.ErrNotExist):
		e.Hint = fmt.Sprintf("all paths are inputs, %s, too; congvan ocr %s -o %s makes it a folder with the text", out, in, out)
	}
	return e
}

// formatFlag is the flag with which a file of that name is written, if that is not
// what is written anyway.
func (o *ocrOptions) formatFlag(name string) string {
	for _, f := range output.Formats() {
		if strings.HasSuffix(name, f.Extension) && !slices.Equal(o.formats, []string{f.Name}) {
			return "--format " + f.Name + " "
		}
	}
	return ""
}

// someThere reports that there is none of some paths. Where there are others, the
// batch says of each that is not there what became of it.
func someThere(paths []string) (err error) {
	for _, path := range paths {
		if path == stdinPath {
			return nil
		}
		if _, err = os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return err
}

// runOCR reads documents.
func runOCR(ctx context.Context, std *Streams, o ocrOptions) error {
	listed, err := o.inputs.listed(std)
	if err != nil {
		return err
	}
	if o.paths = slices.Concat(o.paths, listed); len(o.paths) == 0 {
		fmt.Fprintf(std.Err, "congvan: --files-from %s names no documents\n", o.inputs.from)
		return nil
	}
	if err := someThere(o.paths); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "congvan-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.streams, err = streams(ctx, std, o.paths, dir); err != nil {
		return err
	}
	restorer, err := o.models.restorer(restore.Options{Alternatives: 5})
	if err != nil {
		return err
	}
	opts := o.reading()
	opts.Reader.Restorer = restorer
	if opts.Pages, err = o.inputs.selection(); err != nil {
		return err
	}
	if !tesseract.Available { // PDFs that hold their text can be read all the same
		fmt.Fprintln(std.Err, "congvan: this build cannot read images, only PDF pages that hold their text")
		opts.Reader.Engines = noEngine{}
		return o.runBatch(ctx, std, o.job(&opts, ""))
	}
	data, err := readerData(o.tessdata, o.readers...)
	if err != nil {
		return err
	}
	steps, err := imaging.ParseSteps(o.prepare)
	if err != nil {
		return usageErrorf("--prepare: %v", err)
	}
	command, err := workerCommand(data, steps, true)
	if err != nil {
		return err
	}
	pool := ocr.NewPool(ocr.PoolOptions{Command: command, Jobs: o.jobs, Timeout: o.pageTimeout})
	defer pool.Close()
	opts.Reader.Engines = pool
	return o.runBatch(ctx, std, o.job(&opts, data))
}

// runBatch reads the documents, and lists the review pages of all.
func (o *ocrOptions) runBatch(ctx context.Context, std *Streams, job batch.Job) error {
	err := runBatch(ctx, std, o.config(std), o.batch, job)
	if o.batch.dryRun {
		return err
	}
	return errors.Join(err, o.write.listReports(o.out))
}

// noCgo is what to do about a build that can't read images.
const noCgo = "use a build with cgo and libtesseract, as the README explains"

// noEngine stands for the readers that this build lacks.
type noEngine struct{}

func (noEngine) Do(context.Context, ocr.Task) (*ocr.Reading, error) {
	return nil, &fault.Error{Class: fault.Tool, Err: tesseract.ErrNoCgo, Hint: noCgo}
}

// readerData finds the data that readers need.
func readerData(dir string, langs ...string) (string, error) {
	if !tesseract.Available {
		return "", &StatusError{Status: ExitData, Err: tesseract.ErrNoCgo, Hint: noCgo}
	}
	data, err := tesseract.FindData(dir, langs...)
	return data, dataError(err)
}

// dataError gives errors about trained data their exit status.
func dataError(err error) error {
	var de *ocr.DataError
	if errors.As(err, &de) {
		return &StatusError{Status: ExitData, Err: de, Hint: de.Hint()}
	}
	return err
}

// config is the batch that the options ask for.
func (o *ocrOptions) config(std *Streams) batch.Config {
	cfg := batch.Config{
		Inputs:  o.paths,
		Streams: o.streams,
		Out:     o.out,
		Jobs:    o.jobs,
		Watch:   o.watch,
		// The pool limits each reading; this is for all that goes on around it.
		PageTimeout: time.Duration(len(o.readers))*o.pageTimeout + 5*time.Minute,
	}
	if o.inputs.from != "" { // so that names do not change with the list
		cfg.Root = "."
	}
	if o.out == "-" {
		cfg.Out, cfg.Stdout = "", std.Out
	}
	return cfg
}

// reading is how documents are read and written, but for the readers.
func (o *ocrOptions) reading() reading.Options {
	return reading.Options{
		Reader:   reading.Reader{Langs: o.readers, TextLayer: reading.LayerMode(o.textLayer), Deaf: o.noWitness, AsRead: o.noRestore, KeepImages: o.keepImages != ""},
		Document: document.Options{MaxPixels: o.maxPixels, Decode: decodeOutside(o.maxPixels)},
		Formats:  o.formats,
		Output:   o.write.options(),
		Review:   o.write.report,
		Reviews:  o.write.many,
		Images:   o.keepImages,
	}
}

// job describes to the batch what is done with each document, and what it
// depends on.
func (o *ocrOptions) job(opts *reading.Options, tessdata string) batch.Job {
	job := batch.Job{
		Options:   fmt.Sprintf("readers=%s prepare=%s text-layer=%s restore=%t", strings.Join(o.readers, ","), o.prepare, o.textLayer, !o.noRestore),
		Rendering: fmt.Sprintf("formats=%s %s", strings.Join(slices.Sorted(slices.Values(o.formats)), ","), &o.write),
		Model:     dataFingerprint(tessdata, o.readers),
		Accept:    document.HasKnownName,
		Spare:     spareCorrected,
		Open: func(ctx context.Context, in batch.Input, out *batch.Outputs) (batch.Document, error) {
			j, err := opts.Open(ctx, reading.Source{Path: in.Path, Name: in.Rel, Size: in.Size, SHA256: in.SHA256}, out.Create)
			if err != nil {
				return nil, stopping(err)
			}
			return ocrDocument{j}, nil
		},
		Kept: ".json",
		Again: func(ctx context.Context, in batch.Input, kept string, out *batch.Outputs) (batch.Document, error) {
			r, err := opts.Again(ctx, reading.Source{Path: in.Path, Name: in.Rel, Size: in.Size, SHA256: in.SHA256}, kept, out.Create)
			if err != nil {
				return nil, err
			}
			return ocrDocument{r}, nil
		},
	}
	if o.inputs.pages != "" {
		job.Options += " pages=" + opts.Pages.String()
	}
	if o.noWitness {
		job.Options += " no-witness"
	}
	if o.keepImages != "" { // so that asking for them does the documents again
		job.Options += fmt.Sprintf(" keep-images=%q", o.keepImages)
	}
	if !o.noRestore {
		job.Model += " " + o.models.fingerprint()
	}
	opts.Model = job.Model
	for _, name := range o.formats {
		f, err := output.Lookup(name)
		if err == nil {
			job.Suffixes = append(job.Suffixes, f.Extension)
		}
	}
	return job
}

// ocrDocument is a reading job, or the rendering of one, as the batch takes it.
type ocrDocument struct{ ocrWork }

type ocrWork interface {
	Pages() int
	Number(n int) int
	Read(ctx context.Context, n int) error
	Emit(n int, readErr error) error
	Finish() error
	Close() error
	Confidence() float64
	Words() int
	LeftOut() int
	Blank() []int
	Notes() []string
}

func (d ocrDocument) Read(ctx context.Context, n int) error {
	return stopping(d.ocrWork.Read(ctx, n))
}

func (d ocrDocument) Finish() (batch.Info, error) {
	err := d.ocrWork.Finish()
	return batch.Info{Confidence: d.Confidence(), Words: d.Words(), LeftOut: d.LeftOut(), Blank: d.Blank(), Notes: d.Notes()}, err
}

// stopping marks errors that concern every document: missing trained data.
func stopping(err error) error {
	if errors.As(err, new(*ocr.DataError)) {
		return batch.Stop(err)
	}
	return err
}

// spareCorrected keeps outputs in which a person has corrected something.
func spareCorrected(base string) error {
	name := base + ".json"
	data, err := os.ReadFile(name)
	if err != nil || !bytes.Contains(data, []byte(`"corrected"`)) {
		return nil // none, or none that can be known
	}
	f, err := output.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	if n := f.Corrected(); n > 0 {
		return &fault.Error{Class: fault.Collision, Err: fmt.Errorf("%s holds %d corrections by hand", name, n),
			Hint: "use another output folder, or --redo, which reads the document again and loses them"}
	}
	return nil
}

// dataFingerprint tells one set of trained data from another.
func dataFingerprint(dir string, langs []string) string {
	h := sha256.New()
	for _, l := range langs {
		data, err := os.ReadFile(filepath.Join(dir, l+".traineddata"))
		fmt.Fprintln(h, l, len(data), err)
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
