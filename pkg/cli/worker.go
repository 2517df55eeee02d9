package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// The hidden commands by which this program starts itself.
const (
	workerName = "__worker" // reads pages
	decodeName = "__decode" // decodes one image file
)

// workerCommand returns how to start a worker. With again it reads lines a second
// time that Tesseract doubts; without, pages are read as Tesseract does.
func workerCommand(tessdata string, prepare imaging.Steps, again bool) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program to start it again: %w", err)
	}
	return []string{self, workerName, "--tessdata", tessdata, "--prepare", prepare.String(), "--again=" + strconv.FormatBool(again)}, nil
}

// newWorkerCmd is a process that prepares and reads pages for ocr.Pool. It
// leaves when its supervisor closes the pipe or dies; signals from the
// terminal, which reach the whole group, are the supervisor's business.
func newWorkerCmd() *cobra.Command {
	var opts tesseract.Options
	var prepare string
	cmd := &cobra.Command{Use: workerName, Hidden: true, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		in, out := os.NewFile(ocr.WorkerIn, "requests"), os.NewFile(ocr.WorkerOut, "answers")
		if _, err := in.Stat(); err != nil {
			return usageErrorf("%s is for congvan itself", workerName)
		}
		steps, err := imaging.ParseSteps(prepare)
		if err != nil {
			return usageErrorf("--prepare: %v", err)
		}
		eng, err := tesseract.New(opts)
		if err != nil {
			return err
		}
		s := ocr.Server{Engine: eng, Prepare: preparer(steps), Gone: func() { os.Exit(0) }}
		return s.Serve(in, out)
	}}
	cmd.Flags().StringVar(&opts.DataDir, "tessdata", "", "")
	cmd.Flags().BoolVar(&opts.Again, "again", false, "")
	cmd.Flags().StringVar(&prepare, "prepare", "none", "")
	return cmd
}

// preparer returns the preparation of page images by package imaging, or nil
// for none. A page that cannot be prepared is read as it is.
func preparer(steps imaging.Steps) ocr.Preparer {
	if steps == imaging.None {
		return nil
	}
	return func(img ocr.Image) (ocr.Image, func(*ocr.Page)) {
		data, rep, err := imaging.Prepare(img.Data, imaging.Options{Skip: imaging.All &^ steps, DPI: img.DPI, MaxPixels: math.MaxInt32})
		if err != nil || !rep.Changed() {
			return img, func(*ocr.Page) {}
		}
		return ocr.Image{Data: data, DPI: rep.DPI}, func(p *ocr.Page) { takeBack(p, rep, img.DPI) }
	}
}

// takeBack takes the boxes of a page from the prepared image to the original,
// turned upright.
func takeBack(p *ocr.Page, rep *imaging.Report, dpi int) {
	w, h := rep.Source.X, rep.Source.Y
	turn := func(r image.Rectangle) image.Rectangle {
		r = rep.ToOriginal(r)
		switch rep.Quarters & 3 {
		case 1:
			return image.Rect(h-r.Min.Y, r.Min.X, h-r.Max.Y, r.Max.X)
		case 2:
			return image.Rect(w-r.Min.X, h-r.Min.Y, w-r.Max.X, h-r.Max.Y)
		case 3:
			return image.Rect(r.Min.Y, w-r.Min.X, r.Max.Y, w-r.Max.X)
		}
		return r
	}
	p.Size, p.DPI, p.Turn = rep.Source, dpi, 90*(rep.Quarters&3)
	if rep.Quarters&1 != 0 {
		p.Size = image.Pt(h, w)
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		l.Box = turn(l.Box)
		for j := range l.Words {
			l.Words[j].Box = turn(l.Words[j].Box)
		}
	}
}

// newDecodeCmd is a process that decodes one page of an image file by
// Leptonica and writes it to standard output as PNM.
func newDecodeCmd(std *Streams) *cobra.Command {
	maxPixels := 0
	cmd := &cobra.Command{Use: decodeName + " FILE PAGE", Hidden: true, Args: cobra.ExactArgs(2), RunE: func(_ *cobra.Command, args []string) error {
		page, err := strconv.Atoi(args[1])
		if err != nil {
			return usageErrorf("%v", err)
		}
		data, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		if data, err = tesseract.DecodeImage(data, page, maxPixels); err != nil {
			return err
		}
		_, err = std.Out.Write(data)
		return err
	}}
	cmd.Flags().IntVar(&maxPixels, "max-pixels", 0, "")
	return cmd
}

// decodeOutside is document.Options.Decode by way of newDecodeCmd.
func decodeOutside(maxPixels int) func(ctx context.Context, path string, page int) ([]byte, error) {
	return func(ctx context.Context, path string, page int) ([]byte, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd := exec.CommandContext(ctx, self, decodeName, "--max-pixels", strconv.Itoa(maxPixels), "--", path, strconv.Itoa(page))
		cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		data, readErr := io.ReadAll(out)
		if err := cmd.Wait(); err != nil {
			return nil, decodeError(err, stderr.String())
		}
		return data, readErr
	}
}

// decodeError takes the child's own message out of what it printed.
func decodeError(err error, stderr string) error {
	for line := range strings.Lines(stderr) {
		if msg, ok := strings.CutPrefix(line, "congvan: error: "); ok {
			return errors.New(strings.TrimSpace(msg))
		}
	}
	return fmt.Errorf("decoding: %w", err)
}
