package cli

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// writeFlags say how texts are written, and where the review page goes.
type writeFlags struct {
	layout, paragraphs bool
	report             string // file; empty: none
}

func (o *writeFlags) register(f *pflag.FlagSet) {
	f.BoolVar(&o.layout, "layout", false, "txt: keep columns and indents with spaces")
	f.BoolVar(&o.paragraphs, "paragraphs", false, "txt: a paragraph a line, words cut at the end of a line put together")
	f.StringVar(&o.report, "report", "", "file for a page on which a document is checked by eye and corrected")
}

// check finds mistakes. watched: documents come as they please.
func (o *writeFlags) check(paths, formats []string, watched bool) error {
	switch {
	case o.layout && o.paragraphs:
		return usageErrorf("--layout and --paragraphs exclude each other")
	case (o.layout || o.paragraphs) && !slices.Contains(formats, "txt"):
		return usageErrorf("--layout and --paragraphs are for the format txt")
	case o.report == "":
		return nil
	}
	one := !watched && len(paths) == 1
	if one {
		st, err := os.Stat(paths[0])
		one = err != nil || !st.IsDir()
	}
	if !one {
		return &StatusError{Status: ExitUsage, Err: fmt.Errorf("--report is for one document"), Hint: "--format html writes a review page for each of several"}
	}
	return nil
}

// String is what the outputs depend on, for the journal.
func (o *writeFlags) String() string {
	return fmt.Sprintf("layout=%t paragraphs=%t report=%q", o.layout, o.paragraphs, o.report)
}

func (o *writeFlags) options() output.Options {
	return output.Options{Layout: o.layout, Paragraphs: o.paragraphs, Generator: "congvan " + versionString()}
}
