package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading"
	"github.com/congvan-cli/congvan/pkg/internal/reading/codec"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
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

// What newDecodeCmd says on standard error, a line each.
const (
	saidDamage      = "damage: "      // the image is there, but parts of it may be missing
	saidDamaged     = "damaged: "     // there is no image
	saidUnsupported = "unsupported: " // the same
	saidMissing     = "missing: "     // what decodes it can't be loaded
)

// newDecodeCmd is a process that decodes the image of a file, or the page of a TIFF
// file whose directory is at an offset, and writes it to standard output as PNM.
func newDecodeCmd(std *Streams) *cobra.Command {
	maxPixels := 0
	cmd := &cobra.Command{Use: decodeName + " FILE OFFSET", Hidden: true, Args: cobra.ExactArgs(2), RunE: func(_ *cobra.Command, args []string) error {
		at, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil {
			return usageErrorf("%v", err)
		}
		said, err := codec.Decode(std.Out, args[0], at, maxPixels)
		switch {
		case errors.Is(err, codec.ErrUnsupported):
			fmt.Fprintln(std.Err, saidUnsupported+err.Error())
		case errors.Is(err, codec.ErrDamaged):
			fmt.Fprintln(std.Err, saidDamaged+err.Error())
		case fault.ClassOf(err) == fault.Tool:
			fmt.Fprintln(std.Err, saidMissing+err.Error())
		case err != nil:
			return err
		default:
			if said != "" {
				fmt.Fprintln(std.Err, saidDamage+said)
			}
			return nil
		}
		return &StatusError{Status: ExitFailed}
	}}
	cmd.Flags().IntVar(&maxPixels, "max-pixels", 0, "")
	return cmd
}

// decodeOutside is document.Options.Decode by way of newDecodeCmd.
func decodeOutside(maxPixels int) func(ctx context.Context, path string, at int64, use func(io.Reader) error) (string, error) {
	return func(ctx context.Context, path string, at int64, use func(io.Reader) error) (string, error) {
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		stderr, err := pdftools.Cmd{Program: self, Options: []string{decodeName, "--max-pixels", strconv.Itoa(maxPixels), "--"},
			Output: []string{strconv.FormatInt(at, 10)}, Use: use}.Run(ctx, path)
		exit := new(pdftools.ExitError)
		if errors.As(err, &exit) {
			stderr = exit.Stderr
		}
		return decodeSaid(stderr, err)
	}
}

// libjpegDamage finds what libjpeg itself prints of data that are missing.
var libjpegDamage = lazy.Regexp(`(?m)^(Premature end of JPEG file|Corrupt JPEG data.*)$`)

// decodeSaid reads what newDecodeCmd said; err is how it ended.
func decodeSaid(stderr string, err error) (damage string, _ error) {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if s, ok := strings.CutPrefix(line, saidDamage); ok {
			damage = s
		} else if s, ok := strings.CutPrefix(line, saidDamaged); ok {
			return "", &codec.Error{Kind: codec.ErrDamaged, Said: s}
		} else if s, ok := strings.CutPrefix(line, saidUnsupported); ok {
			return "", &codec.Error{Kind: codec.ErrUnsupported, Said: s}
		} else if s, ok := strings.CutPrefix(line, saidMissing); ok {
			return "", fault.New(fault.Tool, errors.New(s))
		}
	}
	if damage == "" {
		damage = libjpegDamage().FindString(stderr)
	}
	return damage, err
}
