package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/reading"
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
	var w reading.Worker
	var prepare string
	cmd := &cobra.Command{Use: workerName, Hidden: true, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		in, out := os.NewFile(ocr.WorkerIn, "requests"), os.NewFile(ocr.WorkerOut, "answers")
		if _, err := in.Stat(); err != nil {
			return usageErrorf("%s is for congvan itself", workerName)
		}
		var err error
		if w.Prepare, err = imaging.ParseSteps(prepare); err != nil {
			return usageErrorf("--prepare: %v", err)
		}
		return w.Serve(in, out)
	}}
	cmd.Flags().StringVar(&w.Tesseract.DataDir, "tessdata", "", "")
	cmd.Flags().BoolVar(&w.Tesseract.Again, "again", false, "")
	cmd.Flags().StringVar(&prepare, "prepare", "none", "")
	return cmd
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
