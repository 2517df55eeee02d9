package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// writeFlags say how texts are written, and where the review page goes.
type writeFlags struct {
	layout, paragraphs bool
	lang               string // of review pages
	report             string // file, or folder for those of many documents; empty: none
	many               bool   // report is a folder
	pdfa               bool
}

func (o *writeFlags) register(f *pflag.FlagSet) {
	f.BoolVar(&o.layout, "layout", false, "txt: keep columns and indents with spaces")
	f.BoolVar(&o.paragraphs, "paragraphs", false, "txt: a paragraph a line, words cut at the end of a line put together")
	f.StringVar(&o.report, "report", "", "file for a page on which a document is checked by eye and corrected; of many documents, a folder for such pages and a list of them, least sure first")
	f.StringVar(&o.lang, "lang", output.ReportLanguages[0], "language of review pages: "+strings.Join(output.ReportLanguages, ", "))
	f.BoolVar(&o.pdfa, "pdfa", false, "pdf: PDF/A-2b for scans, of their page images")
}

// check finds mistakes. watched: documents come as they please.
func (o *writeFlags) check(paths, formats []string, watched bool) error {
	switch {
	case o.layout && o.paragraphs:
		return usageErrorf("--layout and --paragraphs exclude each other")
	case (o.layout || o.paragraphs) && !slices.Contains(formats, "txt"):
		return usageErrorf("--layout and --paragraphs are for the format txt")
	case !slices.Contains(output.ReportLanguages, o.lang):
		return &StatusError{Status: ExitUsage, Err: fmt.Errorf("--lang %s: review pages are in %s", o.lang, strings.Join(output.ReportLanguages, ", ")), Hint: "what reads the pages is --readers vie, eng, or vie,eng"}
	case o.pdfa && !slices.Contains(formats, "pdf"):
		return usageErrorf("--pdfa is for the format pdf")
	}
	o.many = watched || len(paths) != 1
	if !o.many {
		st, err := os.Stat(paths[0])
		o.many = err == nil && st.IsDir()
	}
	if st, err := os.Stat(o.report); o.report != "" && o.many && err == nil && !st.IsDir() {
		return &StatusError{Status: ExitUsage, Err: fmt.Errorf("--report %s: a folder is needed for the pages of many documents, and this is a file", o.report), Hint: "name a folder; it is made if it is not there"}
	}
	return nil
}

// listReports writes the list of the review pages of a batch, by the journal in its output
// folder.
func (o *writeFlags) listReports(out string) error {
	if o.report == "" || !o.many || out == "-" {
		return nil
	}
	var docs []output.Reviewed
	err := batch.Rows([]string{out}, func(r *batch.Row) error {
		d := output.Reviewed{Name: string(r.Path), State: string(r.State), Why: r.Error, Pages: r.Pages, Confidence: r.Confidence}
		page := d.Name + ".html"
		if st, err := os.Stat(filepath.Join(o.report, filepath.FromSlash(page))); err == nil && st.Mode().IsRegular() {
			d.Page = page
		}
		docs = append(docs, d)
		return nil
	})
	if errors.Is(err, batch.ErrNoJournal) {
		return nil
	}
	if err != nil {
		return err
	}
	return whole.Rewrite(filepath.Join(o.report, "index.html"), func(w io.Writer) error { return output.Overview(w, o.lang, docs) })
}

// String is what the outputs depend on, for the journal.
func (o *writeFlags) String() string {
	s := fmt.Sprintf("layout=%t paragraphs=%t report=%q lang=%s", o.layout, o.paragraphs, o.report, o.lang)
	if o.pdfa {
		s += " pdfa"
	}
	return s
}

func (o *writeFlags) options() output.Options {
	return output.Options{Layout: o.layout, Paragraphs: o.paragraphs, PDFA: o.pdfa, Lang: o.lang, Generator: "congvan " + versionString()}
}
