package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	fields "github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
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
	write       writeFlags
	batch       batchFlags
	watch       *batch.Watch // set by "congvan watch"
}

func defaultOCROptions() ocrOptions {
	return ocrOptions{formats: []string{"txt"}, readers: []string{"vie"}, prepare: "auto", textLayer: layerAuto, jobs: runtime.NumCPU(), pageTimeout: 3 * time.Minute, maxPixels: document.DefaultMaxPixels}
}

// register adds the flags that ocr and watch share.
func (o *ocrOptions) register(f *pflag.FlagSet) {
	f.StringVarP(&o.out, "output", "o", "", "output folder, or - for standard output")
	f.StringSliceVar(&o.formats, "format", o.formats, "what is written: "+strings.Join(output.Names(), ", ")+"; several at once with commas")
	f.StringSliceVar(&o.readers, "readers", o.readers, "who reads: vie (fast), eng, or vie,eng")
	f.StringVar(&o.prepare, "prepare", o.prepare, "what is done to page images first: "+strings.Join(imaging.Names(), ", ")+"; several steps with commas")
	f.StringVar(&o.textLayer, "text-layer", o.textLayer, "text that a PDF page holds already: auto takes it if the page is born digital and the text sound, use takes it always, redo and ignore read the image")
	f.StringVar(&o.keepImages, "keep-images", "", "folder for the page images as they were read")
	f.IntVarP(&o.jobs, "jobs", "j", o.jobs, "pages read at a time")
	f.StringVar(&o.tessdata, "tessdata", "", "folder with Tesseract's trained data (default: where packages put it)")
	f.DurationVar(&o.pageTimeout, "page-timeout", o.pageTimeout, "time limit for reading a page")
	f.IntVar(&o.maxPixels, "max-pixels", o.maxPixels, "largest page image that is decoded")
	f.BoolVar(&o.noRestore, "no-restore", false, "leave the text as Tesseract reads it")
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
		Short: "Read scanned letters (PDF, TIFF, PNG, JPEG, BMP, WebP) into text",
		Long: `Read scanned letters into text: one .txt file a document in the output folder,
pages separated by form feeds. Folders are searched for documents.

A document that cannot be read is one line on standard error; the others are
read all the same, and the exit status says so.

` + batchHelp,
		Example: `  congvan ocr letter.pdf -o -          # to the terminal
  congvan ocr scans/ -o text/          # a folder, one .txt a document`,
		Args: pathArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			if err := opts.check(); err != nil {
				return err
			}
			return run(cmd.Context(), std, opts)
		},
	}
	opts.register(cmd.Flags())
	completeOCR(cmd)
	return cmd
}

// completeOCR gives the shell the values of flags that take a fixed set.
func completeOCR(cmd *cobra.Command) {
	for flag, values := range map[string][]string{
		"format":     output.Names(),
		"readers":    {"vie", "eng", "vie,eng"},
		"prepare":    imaging.Names(),
		"text-layer": layerModes,
	} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // fails for flags that are not there
	}
}

func (o *ocrOptions) check() error {
	switch {
	case o.out == "":
		return &StatusError{Status: ExitUsage, Err: errors.New("no output: say -o DIR"), Hint: "-o - writes to standard output"}
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
		return &StatusError{Status: ExitUsage, Err: fmt.Errorf("-o %s: the output is a folder, and this looks like a file", o.out), Hint: fmt.Sprintf("-o - > %s writes one document to a file; -o %s/ makes a folder", o.out, o.out)}
	}
	if err := o.batch.checkRetry(o.paths); err != nil {
		return err
	}
	if _, err := imaging.ParseSteps(o.prepare); err != nil {
		return usageErrorf("--prepare: %v", err)
	}
	if err := o.write.check(o.paths, o.formats, o.watch != nil); err != nil {
		return err
	}
	if !slices.Contains(layerModes, o.textLayer) {
		return usageErrorf("--text-layer %s: expected one of %s", o.textLayer, strings.Join(layerModes, ", "))
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

// runOCR reads documents.
func runOCR(ctx context.Context, std *Streams, o ocrOptions) error {
	if !tesseract.Available {
		return &StatusError{Status: ExitData, Err: tesseract.ErrNoCgo, Hint: "use a build with cgo and libtesseract, as the README explains"}
	}
	data, err := tesseract.FindData(o.tessdata, o.readers...)
	if err != nil {
		return dataError(err)
	}
	steps, err := imaging.ParseSteps(o.prepare)
	if err != nil {
		return usageErrorf("--prepare: %v", err)
	}
	command, err := workerCommand(data, steps, true)
	if err != nil {
		return err
	}
	restorer, err := o.models.restorer(restore.Options{Alternatives: 5})
	if err != nil {
		return err
	}
	pool := ocr.NewPool(ocr.PoolOptions{Command: command, Jobs: o.jobs, Timeout: o.pageTimeout})
	defer pool.Close()
	src := &ocrSource{
		formats: o.formats,
		write:   o.write,
		images:  o.keepImages,
		docs:    document.Options{MaxPixels: o.maxPixels, Decode: decodeOutside(o.maxPixels)},
		pipe: pipeline{readers: pool, langs: o.readers, keep: o.keepImages != "",
			takeLayer: layerTaker(o.textLayer, restorer)},
	}
	if !o.noRestore {
		src.restore = restorer
	}
	return runBatch(ctx, std, o.config(std), o.batch, src.job(o, data))
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
		Inputs: o.paths,
		Out:    o.out,
		Jobs:   o.jobs,
		Watch:  o.watch,
		// The pool limits each reading; this is for all that goes on around it.
		PageTimeout: time.Duration(len(o.readers))*o.pageTimeout + 5*time.Minute,
	}
	if o.out == "-" {
		cfg.Out, cfg.Stdout = "", std.Out
	}
	return cfg
}

// ocrSource opens documents for the batch.
type ocrSource struct {
	formats []string
	write   writeFlags
	images  string // folder for the images as read; empty: not kept
	docs    document.Options
	pipe    pipeline
	restore *restore.Restorer // nil: the text stays as it was read
}

// job describes to the batch what is done with each document, and what it
// depends on.
func (s *ocrSource) job(o ocrOptions, tessdata string) batch.Job {
	job := batch.Job{
		Options: fmt.Sprintf("readers=%s prepare=%s text-layer=%s formats=%s restore=%t %s", strings.Join(o.readers, ","), o.prepare, o.textLayer, strings.Join(o.formats, ","), !o.noRestore, &o.write),
		Model:   dataFingerprint(tessdata, o.readers),
		Accept:  document.HasKnownName,
		Spare:   spareCorrected,
		Open:    s.open,
	}
	if o.keepImages != "" { // so that asking for them does the documents again
		job.Options += fmt.Sprintf(" keep-images=%q", o.keepImages)
	}
	if !o.noRestore {
		job.Model += " " + o.models.fingerprint()
	}
	for _, name := range o.formats {
		f, err := output.Lookup(name)
		if err == nil {
			job.Suffixes = append(job.Suffixes, f.Extension)
		}
	}
	return job
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

func (s *ocrSource) open(ctx context.Context, in batch.Input, out *batch.Outputs) (batch.Document, error) {
	doc, err := document.Open(ctx, in.Path, s.docs)
	if err != nil {
		return nil, stopping(err)
	}
	d := &ocrDocument{src: s, doc: doc, rel: in.Rel, reads: map[int]*pageRead{}}
	d.info = output.Document{Path: in.Rel, Size: in.Size, SHA256: in.SHA256, Pages: doc.NumPages(), Reader: strings.Join(s.pipe.langs, ",")}
	if doc.Kind() == document.PDF {
		d.info.PDF = func() (io.ReaderAt, int64, error) {
			f, err := os.Open(in.Path)
			d.pdf = f
			return f, in.Size, err
		}
	}
	if err := d.begin(out); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// stopping marks errors that concern every document: missing trained data.
func stopping(err error) error {
	if errors.As(err, new(*ocr.DataError)) {
		return batch.Stop(err)
	}
	return err
}

// ocrDocument is a document in the hands of the batch.
type ocrDocument struct {
	src     *ocrSource
	doc     *document.Document
	rel     string
	info    output.Document
	pdf     *os.File // opened by a writer
	writers []output.Writer
	review  *whole.File   // nil: none is wanted
	letter  fields.Parser // of the pages emitted

	mu    sync.Mutex
	reads map[int]*pageRead // read, not emitted yet

	conf  float64 // sum over words
	words int
}

func (d *ocrDocument) begin(out *batch.Outputs) error {
	for _, name := range d.src.formats {
		f, err := output.Lookup(name)
		if err != nil {
			return err
		}
		w, err := out.Create(f.Extension)
		if err != nil {
			return err
		}
		if err := d.add(name, w); err != nil {
			return err
		}
	}
	if d.src.write.report == "" {
		return nil
	}
	var err error
	if d.review, err = whole.Create(d.src.write.report); err != nil {
		return err
	}
	return d.add("html", d.review)
}

// add starts a writer of the document.
func (d *ocrDocument) add(format string, w io.Writer) error {
	ow, err := output.New(format, w, d.src.write.options())
	if err != nil {
		return err
	}
	d.writers = append(d.writers, ow)
	return ow.Begin(&d.info)
}

func (d *ocrDocument) Pages() int { return d.doc.NumPages() }

func (d *ocrDocument) Read(ctx context.Context, n int) error {
	r, err := d.src.pipe.read(ctx, d.doc, n)
	if err != nil {
		return stopping(err)
	}
	if err := d.keepImage(r); err != nil {
		return err
	}
	d.correct(r)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads[n] = r
	if r.damage != nil {
		return &fault.Error{Class: fault.ClassOf(r.damage), Err: r.damage, Hint: fault.HintOf(r.damage), Kept: true}
	}
	return nil
}

// correct restores the text of a page, but for a text layer that was found sound.
func (d *ocrDocument) correct(r *pageRead) {
	switch taken := r.layer != nil && r.readings[0] == r.layer.Page; {
	case d.src.restore == nil:
	case !taken:
		r.readings = []*ocr.Page{correct(d.src.restore, r.readings, d.src.pipe.langs)}
	case !sound(d.src.restore, r.layer.Page):
		r.readings = []*ocr.Page{correct(d.src.restore, r.readings, nil)}
	}
}

// keepImage writes the image of a page as it was read.
func (d *ocrDocument) keepImage(r *pageRead) error {
	if len(r.seen) == 0 || !filepath.IsLocal(d.rel) {
		return nil
	}
	data, err := document.ToPNG(r.seen)
	if err != nil {
		return err
	}
	r.seen = nil
	name := filepath.Join(d.src.images, filepath.FromSlash(d.rel), fmt.Sprintf("%04d.png", r.number+1))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return whole.WriteBytes(name, data)
}

func (d *ocrDocument) Emit(n int, readErr error) error {
	d.mu.Lock()
	r := d.reads[n]
	delete(d.reads, n)
	d.mu.Unlock()
	page := &output.Page{Number: n + 1, Err: readErr, Image: func() (output.Image, error) { return d.image(n) }}
	if r != nil {
		page.Page = r.readings[0]
		page.Keep = r.layer != nil && page.Page == r.layer.Page // taken as it is
		d.letter.Add(page.Number, page.Page)
		d.count(page.Page)
	}
	for _, w := range d.writers {
		if err := w.Page(page); err != nil {
			return err
		}
	}
	return nil
}

// image returns the image of a page as the writers take it.
func (d *ocrDocument) image(n int) (output.Image, error) {
	data, dpi, err := d.doc.Encoded(context.Background(), n)
	return output.Image{Data: data, DPI: dpi}, err
}

func (d *ocrDocument) count(p *ocr.Page) {
	for _, l := range p.Lines {
		for _, w := range l.Words {
			d.conf += w.Confidence
			d.words++
		}
	}
}

func (d *ocrDocument) Finish() (batch.Info, error) {
	d.info.Letter = d.letter.Letter()
	for _, w := range d.writers {
		if err := w.End(&d.info); err != nil {
			return batch.Info{}, err
		}
	}
	if d.review != nil {
		if err := d.review.Commit(); err != nil {
			return batch.Info{}, err
		}
		d.review = nil
	}
	return batch.Info{Confidence: d.conf / float64(max(d.words, 1))}, nil
}

func (d *ocrDocument) Close() error {
	if d.review != nil {
		d.review.Discard()
	}
	if d.pdf != nil {
		d.pdf.Close()
	}
	return d.doc.Close()
}
