package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// version is set by the linker (see the Makefile).
var version string

// versionString is what --version prints.
func versionString() string {
	v := version
	if v == "" {
		v = "(unknown)"
		if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
			v = b.Main.Version
		}
	}
	if !tesseract.Available {
		v += " (without Tesseract)"
	}
	return v
}

// build tells one program from another, for reports of errors.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the source
	Modified bool   `json:"modified,omitempty"` // with changes that are not in it
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Images   bool   `json:"images"` // it can read images
	Models   string `json:"models"` // fingerprint of those built in
}

func thisBuild() build {
	b := build{Version: versionString(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Images: tesseract.Available, Models: new(modelFlags).fingerprint()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (b build) print(w io.Writer) error {
	reads := "images and PDF"
	if !b.Images {
		reads = "PDF that holds its text; images need a build with cgo and libtesseract"
	}
	revision := b.Revision
	if b.Modified {
		revision += ", modified"
	}
	_, err := fmt.Fprintf(w, "congvan   %s\n", b.Version)
	if err == nil && revision != "" {
		_, err = fmt.Fprintf(w, "revision  %s\n", revision)
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "built     with %s for %s\nreads     %s\nmodels    %s\n", b.Go, b.Platform, reads, b.Models)
	}
	return err
}

func newVersionCmd(std *Streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which congvan this is, for reports of errors",
		Long: `Say which congvan this is: version, source, how it was built, what it can read,
and a fingerprint of the models in it.

Exit status: 0 said, 4 mistake on the command line.`,
		Example: "  congvan version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(std.Out).Encode(thisBuild())
			}
			return thisBuild().print(std.Out)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}
