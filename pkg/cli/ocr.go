package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/congvan-cli/congvan/pkg/document"
	"github.com/congvan-cli/congvan/pkg/ocr"
	"github.com/congvan-cli/congvan/pkg/ocr/tesseract"
)

// ocrOptions are the flags of "congvan ocr".
type ocrOptions struct {
	paths       []string
	out         string // folder, or "-" for standard output
	readers     []string
	jobs        int
	tessdata    string
	pageTimeout time.Duration
	maxPixels   int
	noRestore   bool
}

func newOCRCmd(std *Streams, run func(context.Context, *Streams, ocrOptions) error) *cobra.Command {
	opts := ocrOptions{readers: []string{"vie"}, jobs: runtime.NumCPU(), pageTimeout: 3 * time.Minute, maxPixels: document.DefaultMaxPixels}
	cmd := &cobra.Command{
		Use:   "ocr PATH... -o DIR",
		Short: "Read scanned letters (PDF, TIFF, PNG, JPEG, BMP, WebP) into text",
		Long: `Read scanned letters into text: one .txt file a document in the output folder,
pages separated by form feeds. Folders are searched for documents.

A document that cannot be read is one line on standard error; the others are
read all the same, and the exit status says so.

Exit status: 0 all read; 1 the run failed; 3 finished, some documents or pages
unread; 4 mistake on the command line; 5 Tesseract's data missing; 130
interrupted.`,
		Example: `  congvan ocr letter.pdf -o -          # to the terminal
  congvan ocr scans/ -o text/          # a folder, one .txt a document`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageErrorf("no documents given")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			if err := opts.check(); err != nil {
				return err
			}
			return run(cmd.Context(), std, opts)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&opts.out, "output", "o", "", "output folder, or - for standard output")
	f.StringSliceVar(&opts.readers, "readers", opts.readers, "who reads: vie (fast), eng, or vie,eng")
	f.IntVarP(&opts.jobs, "jobs", "j", opts.jobs, "pages read at a time")
	f.StringVar(&opts.tessdata, "tessdata", "", "folder with Tesseract's trained data (default: where packages put it)")
	f.DurationVar(&opts.pageTimeout, "page-timeout", opts.pageTimeout, "time limit for reading a page")
	f.IntVar(&opts.maxPixels, "max-pixels", opts.maxPixels, "largest page image that is decoded")
	f.BoolVar(&opts.noRestore, "no-restore", false, "leave the text as Tesseract reads it")
	return cmd
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
		return &StatusError{Status: ExitData, Err: tesseract.ErrNoCgo, Hint: "use a build with cgo and libtesseract; see the README"}
	}
	data, err := tesseract.FindData(o.tessdata, o.readers...)
	if err != nil {
		return dataError(err)
	}
	command, err := workerCommand(data)
	if err != nil {
		return err
	}
	pool := ocr.NewPool(ocr.PoolOptions{Command: command, Jobs: o.jobs, Timeout: o.pageTimeout})
	defer pool.Close()
	job := &ocrJob{
		std:  std,
		out:  o.out,
		docs: document.Options{MaxPixels: o.maxPixels, Decode: decodeOutside(o.maxPixels)},
		pipe: pipeline{engine: pool, readers: o.readers, gate: make(chan struct{}, o.jobs+1)},
	}
	return job.run(ctx, o.paths)
}

// dataError gives errors about trained data their exit status.
func dataError(err error) error {
	var de *ocr.DataError
	if errors.As(err, &de) {
		return &StatusError{Status: ExitData, Err: err, Hint: de.Hint()}
	}
	return err
}

// ocrJob is one run over documents.
type ocrJob struct {
	std    *Streams
	out    string
	docs   document.Options
	pipe   pipeline
	failed int
	first  bool // something has been written to standard output
}

func (j *ocrJob) run(ctx context.Context, paths []string) error {
	files, err := findDocuments(paths)
	if err != nil {
		return err
	}
	if j.out != "-" {
		if err := os.MkdirAll(j.out, 0o777); err != nil {
			return err
		}
	}
	bar := j.progress(len(files))
	for _, f := range files {
		if err := j.document(ctx, f); err != nil {
			if ctx.Err() != nil || document.ClassOf(err) == document.ClassTool {
				return dataError(err)
			}
			j.fail(err)
		}
		bar.Add(1)
	}
	bar.Exit()
	if j.failed > 0 {
		return &StatusError{Status: ExitPartial}
	}
	return nil
}

func (j *ocrJob) progress(n int) *progressbar.ProgressBar {
	f, ok := j.std.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return progressbar.DefaultSilent(int64(n))
	}
	return progressbar.NewOptions(n, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}

func (j *ocrJob) fail(err error) {
	j.failed++
	msg := err.Error()
	if h := document.HintOf(err); h != "" {
		msg += " (" + h + ")"
	}
	fmt.Fprintf(j.std.Err, "congvan: %s\n", msg)
}

// found is a document and the name of its output, without suffix.
type found struct{ path, name string }

func findDocuments(paths []string) (out []found, err error) {
	for _, p := range paths {
		fi, err := os.Stat(p)
		if err != nil || !fi.IsDir() {
			out = append(out, found{p, strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))})
			continue
		}
		err = filepath.WalkDir(p, func(f string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !document.IsCandidate(f) {
				return err
			}
			rel, err := filepath.Rel(p, f)
			out = append(out, found{f, strings.TrimSuffix(rel, filepath.Ext(rel))})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (j *ocrJob) document(ctx context.Context, f found) error {
	doc, err := document.Open(ctx, f.path, j.docs)
	if err != nil {
		return err
	}
	defer doc.Close()
	w, done, err := j.writer(f)
	if err != nil {
		return err
	}
	n := doc.NumPages()
	reads := make([]*pageRead, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	ready := make(chan int, n)
	for i := range n {
		wg.Go(func() { reads[i], errs[i] = j.pipe.read(ctx, doc, i); ready <- i })
	}
	wg.Wait()
	for i := range n {
		if errs[i] != nil {
			if ctx.Err() != nil || document.ClassOf(errs[i]) == document.ClassTool {
				return done(errs[i])
			}
			j.fail(errs[i])
		}
		if i > 0 {
			io.WriteString(w, "\f")
		}
		if reads[i] != nil {
			io.WriteString(w, reads[i].readings[0].Text())
		}
	}
	return done(nil)
}

func (j *ocrJob) writer(f found) (io.Writer, func(error) error, error) {
	if j.out == "-" {
		if j.first {
			io.WriteString(j.std.Out, "\f")
		}
		j.first = true
		return j.std.Out, func(err error) error { return err }, nil
	}
	name := filepath.Join(j.out, f.name+".txt")
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".congvan-*")
	if err != nil {
		return nil, nil, err
	}
	return tmp, func(err error) error {
		err = errors.Join(err, tmp.Close())
		if err == nil {
			err = os.Rename(tmp.Name(), name)
		}
		if err != nil {
			os.Remove(tmp.Name())
		}
		return err
	}, nil
}
