package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/check"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/restore"
)

type checkOptions struct {
	format, output          string
	fix, diff               bool
	baseline, writeBaseline string
	config                  string
	failOn                  string
	rules                   []string
	maxErrors, jobs         int
	noModel, all            bool
	explain, colour         string
	listRules               bool
	stdinName               string

	model        modelFlags
	maxErrorsSet bool
}

func newCheckCmd(std *Streams) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Find what is wrong with the Vietnamese in text files",
		Long: `Check reads text files, folders of them, and the text layers of PDFs, and reports
garbled and stripped Vietnamese, old encodings, letters that are not composed or
only look right, impossible syllables, misplaced tones, glued words, and words
that hardly fit. Each kind has a rule: --list-rules names them and --explain
CV003 tells more. Text in other languages has no findings.

Folders: files whose names look like text, but for what .gitignore files exclude.
A file .congvan.yaml there or above sets rules, severities and globs. A line with
"congvan:ignore", or "congvan:ignore CV009", has no findings; the same goes for
the line after "congvan:ignore-next-line" and a file with "congvan:ignore-file".

Exit status: 0 nothing at or above --fail-on, 1 findings, 3 some files could not
be read, 4 mistake on the command line or in the configuration, 5 model missing or
unreadable, 130 interrupted.`,
		Example: `  congvan check docs/
  congvan check --fix letters/*.txt
  congvan check --format sarif -o congvan.sarif .
  congvan check --write-baseline .congvan-baseline.json archive/
  congvan check --explain CV003`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.maxErrorsSet = cmd.Flags().Changed("max-errors")
			if !cmd.Flags().Changed("fail-on") {
				o.failOn = ""
			}
			return runCheck(cmd.Context(), std, args, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "human", strings.Join(check.Formats, ", "))
	f.StringVarP(&o.output, "output", "o", "-", "file to write, - is standard output")
	f.BoolVar(&o.fix, "fix", false, "repair what can be repaired without doubt, and report the rest")
	f.BoolVar(&o.diff, "diff", false, "show what --fix would change, and change nothing")
	f.StringVar(&o.baseline, "baseline", "", "file of accepted findings, which are not reported")
	f.StringVar(&o.writeBaseline, "write-baseline", "", "accept all findings: write them to this file")
	f.StringVar(&o.config, "config", "", "configuration file (default: "+check.ConfigName+" here or above)")
	f.StringVar(&o.failOn, "fail-on", "error", "least severity for exit status 1: error, warning, note, or never")
	f.StringSliceVar(&o.rules, "rule", nil, "change a rule: CV011=off, look-alike=error")
	f.IntVar(&o.maxErrors, "max-errors", 0, "report this many findings at most, 0 is all")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "files checked at a time")
	f.BoolVar(&o.noModel, "no-model", false, "leave out the rules that need the language model; ten times as fast")
	f.StringVar(&o.model.language, "model", "", "language model `FILE` instead of the one built in")
	f.BoolVar(&o.all, "no-ignore", false, "also check what .gitignore files exclude")
	f.StringVar(&o.explain, "explain", "", "print the page of a rule")
	f.BoolVar(&o.listRules, "list-rules", false, "list the rules")
	f.StringVar(&o.colour, "color", "auto", "auto, always or never")
	f.StringVar(&o.stdinName, "stdin-name", "<stdin>", "name of standard input in the findings")
	return cmd
}

func runCheck(ctx context.Context, std *Streams, paths []string, o checkOptions) error {
	switch {
	case o.explain != "":
		r, ok := check.RuleByName(o.explain)
		if !ok {
			return &StatusError{Status: ExitUsage, Err: fmt.Errorf("no rule %q", o.explain), Hint: "congvan check --list-rules names them"}
		}
		_, err := io.WriteString(std.Out, r.Explain())
		return err
	case o.listRules:
		for _, r := range check.Rules {
			fix := ""
			if r.Fix {
				fix = " (--fix)"
			}
			if _, err := fmt.Fprintf(std.Out, "%s  %-20s  %-7s  %s%s\n", r.ID, r.Name, r.Severity, r.Summary, fix); err != nil {
				return err
			}
		}
		return nil
	case o.jobs < 1:
		return usageErrorf("--jobs must be at least 1")
	case o.maxErrors < 0:
		return usageErrorf("--max-errors must not be negative")
	case o.fix && o.diff:
		return usageErrorf("--fix and --diff exclude each other")
	case checkColour(o.colour) != nil:
		return checkColour(o.colour)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	run, err := newCheckRun(std, paths, o)
	if err != nil {
		return err
	}
	if !o.noModel && (run.cfg.Model == nil || *run.cfg.Model) {
		opened, err := o.model.open(restore.Clean)
		if err != nil {
			return err
		}
		run.lm = opened.Language
	}
	write := func(w io.Writer) error { return run.all(ctx, w) }
	if o.output == "-" {
		err = write(std.Out)
	} else {
		err = whole.Write(o.output, write)
	}
	if err != nil {
		return err
	}
	return run.finish()
}

// checkRun is one run of the check command.
type checkRun struct {
	std      *Streams
	o        checkOptions
	cfg      *check.Config
	sev      map[string]check.Severity
	failOn   check.Severity // Off is never
	files    []string
	baseline *check.Baseline
	accepted *check.Baseline // to write
	lm       *ngram.Model    // nil without

	summary check.Summary
	failing int // findings at or above failOn
	shown   int
	fixed   int
}

func newCheckRun(std *Streams, paths []string, o checkOptions) (*checkRun, error) {
	usage := func(err error) error { return &StatusError{Status: ExitUsage, Err: err} }
	r := &checkRun{std: std, o: o}
	var err error
	if o.config != "" {
		r.cfg, err = check.ReadConfig(o.config)
	} else {
		dir := paths[0]
		if st, statErr := os.Stat(dir); statErr != nil || !st.IsDir() {
			dir = filepath.Dir(dir)
		}
		r.cfg, err = check.FindConfig(dir)
	}
	if err != nil {
		return nil, usage(err)
	}
	if r.cfg == nil {
		r.cfg = &check.Config{}
	}
	if r.sev, err = r.cfg.Severities(); err != nil {
		return nil, usage(err)
	}
	for _, s := range o.rules {
		name, value, ok := strings.Cut(s, "=")
		more := check.Config{Rules: map[string]string{name: value}}
		m, err := more.Severities()
		if !ok || err != nil {
			return nil, usageErrorf("--rule %q: want NAME=off, note, warning or error", s)
		}
		maps.Copy(r.sev, m)
	}
	failOn := o.failOn
	if failOn == "" {
		failOn = r.cfg.FailOn
	}
	switch failOn {
	case "":
		r.failOn = check.Error
	case "never":
		r.failOn = check.Off
	default:
		if r.failOn, err = check.ParseSeverity(failOn); err != nil || r.failOn == check.Off {
			return nil, usageErrorf("--fail-on: %q is none of error, warning, note, never", failOn)
		}
	}
	if !o.maxErrorsSet && r.cfg.MaxErrors != nil {
		r.o.maxErrors = *r.cfg.MaxErrors
	}
	name := o.baseline
	if name == "" && r.cfg.Baseline != "" {
		name = filepath.Join(r.cfg.Dir, r.cfg.Baseline)
	}
	if name != "" && o.writeBaseline == "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usage(err)
		}
		defer f.Close()
		if r.baseline, err = check.ReadBaseline(f); err != nil {
			return nil, usage(fmt.Errorf("%s: %w", name, err))
		}
	}
	if o.writeBaseline != "" {
		r.accepted = check.NewBaseline()
	}
	if _, err := check.NewWriter(o.format, io.Discard, false, ""); err != nil {
		return nil, usageErrorf("--format: %v", err)
	}
	rest := paths[:0:0]
	for _, p := range paths {
		if p == "-" {
			r.files = append(r.files, "-")
		} else {
			rest = append(rest, p)
		}
	}
	if err := anyThere(rest); err != nil && len(r.files) == 0 {
		return nil, usage(err)
	}
	found, err := check.Find(rest, r.cfg, o.all)
	if err != nil {
		return nil, usage(err)
	}
	r.files = append(r.files, found...)
	return r, nil
}

// anyThere returns an error if none of the paths is there: that is a mistake on the
// command line, and no file that could not be read.
func anyThere(paths []string) (err error) {
	for _, p := range paths {
		if _, err = os.Stat(p); err == nil {
			return nil
		}
	}
	return err
}

// checked is what came of one file.
type checked struct {
	findings []check.Finding
	diff     string
	fixed    int
	noText   bool // a PDF of pictures
	err      error
}

// all checks the files, as many at a time as there are jobs, and writes what it
// finds in their order.
func (r *checkRun) all(ctx context.Context, w io.Writer) error {
	to := io.Writer(nil)
	if r.o.output == "-" {
		to = r.std.Out
	}
	out, err := check.NewWriter(r.o.format, w, coloured(to, r.o.colour), versionString())
	if err != nil {
		return err
	}
	results := make([]chan checked, len(r.files))
	for i := range results {
		results[i] = make(chan checked, 1)
	}
	g, ctx := errgroup.WithContext(ctx)
	var next int
	var mu sync.Mutex
	// Results wait in memory until it is their turn; window bounds how many.
	window := make(chan struct{}, 64*r.o.jobs)
	for range min(r.o.jobs, max(len(r.files), 1)) {
		opt := check.Options{Severities: r.sev}
		if r.lm != nil {
			opt.LM = check.NewModel(r.lm, r.cfg.MinGain)
		}
		g.Go(func() error {
			c := check.New(opt)
			for {
				select {
				case window <- struct{}{}:
				case <-ctx.Done():
					return ctx.Err()
				}
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(r.files) {
					return nil
				}
				results[i] <- r.one(ctx, c, r.files[i])
			}
		})
	}
	g.Go(func() error {
		for i, name := range r.files {
			select {
			case res := <-results[i]:
				if err := r.report(out, w, name, res); err != nil {
					return err
				}
				<-window
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return out.Close(r.summary)
}

// report takes the result of a file into account.
func (r *checkRun) report(out check.Writer, w io.Writer, name string, res checked) error {
	if res.err != nil {
		r.summary.Failed++
		fmt.Fprintf(r.std.Err, "congvan: error: %s: %v\n", name, unwrapPath(res.err))
		return nil
	}
	if res.noText {
		fmt.Fprintf(r.std.Err, "congvan: warning: %s: no text layer, nothing to check; congvan ocr --format pdf adds one\n", name)
	}
	r.summary.Files++
	r.fixed += res.fixed
	fs := res.findings[:0:0]
	for i := range res.findings {
		f := &res.findings[i]
		if r.accepted != nil {
			r.accepted.Add(f)
			continue
		}
		if r.baseline != nil && r.baseline.Accept(f) {
			r.summary.Accepted++
			continue
		}
		r.summary.Count(f)
		if r.failOn != check.Off && f.Severity >= r.failOn {
			r.failing++
		}
		if r.o.maxErrors == 0 || r.shown < r.o.maxErrors {
			r.shown++
			fs = append(fs, *f)
		}
	}
	if r.o.diff {
		_, err := io.WriteString(w, res.diff)
		return err
	}
	return out.File(r.name(name), fs)
}

func (r *checkRun) name(path string) string {
	if path == "-" {
		return r.o.stdinName
	}
	return path
}

// one checks a file, and fixes it.
func (r *checkRun) one(ctx context.Context, c *check.Checker, path string) (res checked) {
	var data []byte
	pdf := strings.EqualFold(filepath.Ext(path), ".pdf")
	switch {
	case path == "-":
		data, res.err = io.ReadAll(r.std.In)
	case pdf:
		data, res.err = pdfText(ctx, path)
	default:
		data, res.err = os.ReadFile(path)
	}
	if res.err != nil {
		return res
	}
	name := r.name(path)
	res.findings = c.Check(name, data)
	res.noText = pdf && len(bytes.TrimSpace(data)) == 0
	if pdf {
		byPage(res.findings, data)
		return res
	}
	if !r.o.fix && !r.o.diff {
		return res
	}
	fixed := data
	for range 4 { // a repair may uncover another
		repaired := check.Apply(fixed, res.findings)
		if bytes.Equal(repaired, fixed) {
			break
		}
		for _, f := range res.findings {
			if len(f.Fixes) > 0 {
				res.fixed++
			}
		}
		fixed = repaired
		res.findings = c.Check(name, fixed)
	}
	if bytes.Equal(fixed, data) {
		return res
	}
	switch {
	case r.o.diff:
		res.diff = udiff.Unified("a/"+name, "b/"+name, string(data), string(fixed))
	case path == "-":
		res.err = errors.New("--fix can't write to standard input")
	default:
		res.err = whole.WriteBytes(path, fixed)
	}
	return res
}

// byPage counts the lines of findings in a text layer anew on each page.
func byPage(fs []check.Finding, text []byte) {
	before := []int{0} // lines before each page
	lines := 0
	for page := range bytes.SplitAfterSeq(text, []byte("\f")) {
		lines += bytes.Count(page, []byte("\n"))
		before = append(before, lines)
	}
	for i := range fs {
		f := &fs[i]
		page := max(1, sort.SearchInts(before, f.Line))
		f.Line -= before[page-1]
		f.EndLine = max(f.Line, f.EndLine-before[page-1])
		f.Message = fmt.Sprintf("page %d: %s", page, f.Message)
		f.Fixes = nil
	}
}

// pdfText returns the text layer of a PDF.
func pdfText(ctx context.Context, path string) ([]byte, error) {
	abs, err := filepath.Abs(path) // no path looks like an option
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "pdftotext", "-q", "-enc", "UTF-8", abs, "-")
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("pdftotext (package poppler-utils) is needed for PDFs")
	}
	if err != nil {
		return nil, pdfError(ctx, path, fmt.Errorf("pdftotext: %w", err))
	}
	return out, nil
}

// pdfError says why a PDF can't be read, as reading its pages would; otherwise what err says.
func pdfError(ctx context.Context, path string, err error) error {
	doc, openErr := document.Open(ctx, path, document.Options{})
	if openErr == nil {
		doc.Close()
		return err
	}
	e := new(fault.Error)
	if !errors.As(openErr, &e) {
		return openErr
	}
	if hint := fault.HintOf(e); hint != "" {
		return fmt.Errorf("%w; %s", e.Bare(), hint)
	}
	return e.Bare()
}

// finish writes the baseline and the summary, and says how the run ends.
func (r *checkRun) finish() error {
	s := r.summary
	if r.accepted != nil {
		if err := whole.Write(r.o.writeBaseline, r.accepted.Write); err != nil {
			return err
		}
		n := 0
		for _, k := range r.accepted.Accepted {
			n += k
		}
		fmt.Fprintf(r.std.Err, "congvan: %s accepted in %s\n", count(n, "finding"), r.o.writeBaseline)
		if s.Failed > 0 {
			return &StatusError{Status: ExitPartial}
		}
		return nil
	}
	all := s.Errors + s.Warnings + s.Notes
	if r.o.format == "human" {
		fmt.Fprintf(r.std.Err, "congvan: %s checked: %s, %s, %s", count(s.Files, "file"), count(s.Errors, "error"), count(s.Warnings, "warning"), count(s.Notes, "note"))
		if s.Accepted > 0 {
			fmt.Fprintf(r.std.Err, ", %d accepted by the baseline", s.Accepted)
		}
		if r.fixed > 0 && r.o.fix {
			fmt.Fprintf(r.std.Err, ", %d fixed", r.fixed)
		} else if s.Fixable > 0 && !r.o.diff {
			fmt.Fprintf(r.std.Err, "; --fix repairs %d", s.Fixable)
		}
		fmt.Fprintln(r.std.Err)
		if r.shown < all && !r.o.diff {
			fmt.Fprintf(r.std.Err, "congvan: %d more are not shown (--max-errors)\n", all-r.shown)
		}
	}
	switch {
	case r.failing > 0:
		return &StatusError{Status: ExitFailed}
	case s.Failed > 0:
		return &StatusError{Status: ExitPartial}
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
