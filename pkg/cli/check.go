package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
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
	cache                   string
	forceExclude, fixOnly   bool
	statistics, exitZero    bool
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

Folders: files whose names look like text, but for what git ignores. The nearest
.congvan.yaml, in a file's folder or above it, sets rules, severities and globs. A
line with "congvan:ignore", or "congvan:ignore CV009", has no findings; the same
goes for the line after "congvan:ignore-next-line" and a file with
"congvan:ignore-file".

Exit status: 0 nothing at or above --fail-on, 1 findings, 3 some files could not
be read, 4 mistake on the command line or in the configuration, 5 model missing or
unreadable, 130 interrupted.`,
		Example: `  congvan check docs/
  congvan check --fix letters/*.txt
  congvan check --statistics archive/   # how many of each kind
  congvan check --format sarif -o congvan.sarif .
  congvan check --write-baseline .congvan-baseline.json archive/
  congvan check --explain CV003`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.maxErrorsSet = cmd.Flags().Changed("max-errors")
			switch {
			case o.exitZero && cmd.Flags().Changed("fail-on"):
				return usageErrorf("--exit-zero and --fail-on exclude each other")
			case o.exitZero:
				o.failOn = check.Never
			case !cmd.Flags().Changed("fail-on"):
				o.failOn = ""
			}
			return runCheck(cmd.Context(), std, args, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "human", strings.Join(check.Formats, ", "))
	f.StringVarP(&o.output, "output", "o", "-", "file to write, - is standard output")
	f.BoolVar(&o.fix, "fix", false, "repair what can be repaired without doubt, and report the rest")
	f.BoolVar(&o.fixOnly, "fix-only", false, "repair what can be repaired without doubt, and be silent about the rest")
	f.BoolVar(&o.diff, "diff", false, "show what --fix would change, and change nothing")
	f.StringVar(&o.baseline, "baseline", "", "file of accepted findings, which are not reported")
	f.StringVar(&o.writeBaseline, "write-baseline", "", "accept all findings: write them to this file")
	f.StringVar(&o.config, "config", "", "configuration file for all (default: for each file the nearest "+check.ConfigName+", in its folder or above)")
	f.StringVar(&o.failOn, "fail-on", "error", "least severity for exit status 1: error, warning, note, or never")
	f.BoolVar(&o.exitZero, "exit-zero", false, "findings are no failure: the same as --fail-on never")
	f.BoolVar(&o.statistics, "statistics", false, "say how many findings each rule has, in place of the findings")
	f.StringSliceVar(&o.rules, "rule", nil, "change a rule: CV011=off, look-alike=error")
	f.IntVar(&o.maxErrors, "max-errors", 0, "report this many findings at most, 0 is all")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "files checked at a time")
	f.StringVar(&o.cache, "cache", "", "`FILE` to remember findings in, so that texts that are as they were are not checked again")
	f.BoolVar(&o.noModel, "no-model", false, "leave out the rules that need the language model; ten times as fast")
	f.StringVar(&o.model.language, "model", "", "language model `FILE` instead of the one built in")
	f.BoolVar(&o.all, "no-ignore", false, "also check what git ignores")
	f.BoolVar(&o.forceExclude, "force-exclude", false, "have the configuration's exclude hold for files that are named, too")
	f.StringVar(&o.explain, "explain", "", "print the page of a rule")
	f.BoolVar(&o.listRules, "list-rules", false, "list the rules")
	f.StringVar(&o.colour, "color", "auto", "auto, always or never")
	f.StringVar(&o.stdinName, "stdin-name", "<stdin>", "name of standard input in the findings, and where its configuration is looked for")
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
	case o.fix && o.diff || o.fixOnly && (o.fix || o.diff):
		return usageErrorf("--fix, --fix-only and --diff exclude each other")
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
	if run.wantsModel() {
		opened, err := o.model.open(restore.Clean)
		if err != nil {
			return err
		}
		run.lm = opened.Language
	}
	if o.cache != "" {
		if run.cache, err = check.OpenCache(o.cache, o.model.maker()); err != nil {
			return usage(err)
		}
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
	if err := run.cache.Close(); err != nil {
		return err
	}
	return run.finish()
}

// checkRun is one run of the check command.
type checkRun struct {
	std       *Streams
	o         checkOptions
	files     []check.File
	governing map[*check.Config]*governing
	baselines map[string]*check.Baseline // by the names of their files
	accepted  *check.Baseline            // to write
	lm        *ngram.Model               // nil without
	cache     *check.Cache               // nil without

	summary check.Summary
	failing int // findings at or above what their files fail on
	shown   int
	fixed   int
	read    map[string]*governing // the files that were compared with a baseline, by absolute path
}

// governing is what a configuration, under the flags, means for its files.
type governing struct {
	severities map[string]check.Severity
	failOn     check.Severity  // Off is never
	baseline   *check.Baseline // nil without
	model      bool
	minGain    float64
}

func usage(err error) error {
	if err == nil {
		return nil
	}
	hint := ""
	var ce *check.ConfigError
	if errors.As(err, &ce) {
		hint, ce.Path = ce.Hint, shortPath(ce.Path)
	}
	return &StatusError{Status: ExitUsage, Err: err, Hint: hint}
}

func newCheckRun(std *Streams, paths []string, o checkOptions) (r *checkRun, err error) {
	r = &checkRun{
		std: std, o: o, governing: map[*check.Config]*governing{}, baselines: map[string]*check.Baseline{}, read: map[string]*governing{},
	}
	if _, err := check.NewWriter(o.format, io.Discard, check.WriterOptions{Statistics: o.statistics}); err != nil {
		return nil, usageErrorf("--format: %v", err)
	}
	if o.writeBaseline != "" {
		if r.accepted, err = check.NewBaseline(o.writeBaseline); err != nil {
			return nil, err
		}
	}
	if err := r.find(paths); err != nil {
		return nil, err
	}
	for _, f := range r.files {
		if r.governing[f.Config] == nil {
			if r.governing[f.Config], err = r.govern(f.Config); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// find lists the files, with their configurations. What the whole run goes by is in
// that of the first path.
func (r *checkRun) find(paths []string) (err error) {
	var configs check.Configs
	if r.o.config != "" {
		if configs.Only, err = check.ReadConfig(r.o.config); err != nil {
			return usage(err)
		}
	}
	rest := paths[:0:0]
	for _, p := range paths {
		if p != "-" {
			rest = append(rest, p)
			continue
		}
		c, err := configs.Of(filepath.Dir(r.o.stdinName))
		if err != nil {
			return usage(err)
		}
		r.files = append(r.files, check.File{Path: "-", Config: c})
	}
	if err := anyThere(rest); err != nil && len(r.files) == 0 {
		return usage(err)
	}
	found, err := check.Find(rest, &configs, check.FindOptions{NoIgnore: r.o.all, ForceExclude: r.o.forceExclude})
	if err != nil {
		return usage(err)
	}
	r.files = append(r.files, found...)
	first := paths[0]
	if st, err := os.Stat(first); err != nil || !st.IsDir() {
		first = filepath.Dir(first)
	}
	c, err := configs.Of(first)
	if err == nil && !r.o.maxErrorsSet && c.MaxErrors != nil {
		r.o.maxErrors = *c.MaxErrors
	}
	// Flags are looked at though there be no file.
	if err == nil && len(r.files) == 0 {
		_, err = r.govern(c)
		return err
	}
	return usage(err)
}

// govern works out what a configuration means under the flags.
func (r *checkRun) govern(c *check.Config) (*governing, error) {
	g := &governing{model: !r.o.noModel && (c.Model == nil || *c.Model), minGain: c.MinGain, failOn: check.Error}
	var err error
	if g.severities, err = c.Severities(); err != nil {
		return nil, usage(err)
	}
	for _, s := range r.o.rules {
		name, value, ok := strings.Cut(s, "=")
		more := check.Config{Rules: map[string]string{name: value}}
		m, err := more.Severities()
		if !ok || err != nil {
			return nil, usageErrorf("--rule %q: want NAME=off, note, warning or error", s)
		}
		maps.Copy(g.severities, m)
	}
	if failOn := cmp.Or(r.o.failOn, c.FailOn); failOn != "" {
		if g.failOn, err = check.ParseFailOn(failOn); err != nil {
			return nil, usageErrorf("--fail-on: %v", err)
		}
	}
	name := r.o.baseline
	if name == "" && c.Baseline != "" {
		name = filepath.Join(c.Dir, c.Baseline)
	}
	if name == "" || r.accepted != nil {
		return g, nil
	}
	if r.baselines[name] == nil {
		if r.baselines[name], err = check.ReadBaseline(name); err != nil {
			return nil, usage(err)
		}
	}
	g.baseline = r.baselines[name]
	return g, nil
}

// wantsModel reports whether any file is checked with the language model.
func (r *checkRun) wantsModel() bool {
	for _, g := range r.governing {
		if g.model {
			return true
		}
	}
	return false
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

// variant tells it from others by which the same text has other findings.
func (g *governing) variant() string { return fmt.Sprint(g.severities, g.model, g.minGain) }

// checkers are the checkers of one goroutine, one for each configuration.
type checkers map[*governing]*check.Checker

func (cs checkers) of(g *governing, lm *ngram.Model) *check.Checker {
	if cs[g] == nil {
		opt := check.Options{Severities: g.severities}
		if lm != nil && g.model {
			opt.LM = check.NewModel(lm, g.minGain)
		}
		cs[g] = check.New(opt)
	}
	return cs[g]
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
	base, err := os.Getwd()
	if err != nil {
		return err
	}
	out, err := check.NewWriter(r.o.format, w, check.WriterOptions{
		Colour: coloured(to, r.o.colour), Version: versionString(), Base: base, Statistics: r.o.statistics,
	})
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
		g.Go(func() error {
			cs := checkers{}
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
				f := r.files[i]
				g := r.governing[f.Config]
				results[i] <- r.one(ctx, cs.of(g, r.lm), g.variant(), f.Path)
			}
		})
	}
	g.Go(func() error {
		for i, f := range r.files {
			select {
			case res := <-results[i]:
				if err := r.report(out, w, f, res); err != nil {
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
	r.stale()
	if r.o.fixOnly {
		return nil
	}
	return out.Close(r.summary)
}

// report takes the result of a file into account.
func (r *checkRun) report(out check.Writer, w io.Writer, file check.File, res checked) error {
	name := file.Path
	if res.err != nil {
		r.summary.Failed++
		fmt.Fprintf(r.std.Err, "congvan: error: %s: %v\n", name, unwrapPath(res.err))
		return nil
	}
	if res.noText {
		fmt.Fprintf(r.std.Err, "congvan: warning: %s: no text layer, nothing to check; congvan ocr --format pdf adds one\n", name)
	}
	g := r.governing[file.Config]
	if abs, err := filepath.Abs(r.name(name)); err == nil && g.baseline != nil {
		r.read[abs] = g
	}
	r.summary.Files++
	r.fixed += res.fixed
	fs := r.unaccepted(g, res.findings)
	switch {
	case r.o.fixOnly:
		return nil
	case r.o.diff:
		_, err := io.WriteString(w, res.diff)
		return err
	case r.o.maxErrors > 0 && !r.o.statistics:
		fs = fs[:min(len(fs), r.o.maxErrors-r.shown)]
	}
	r.shown += len(fs)
	return out.File(r.name(name), fs)
}

// unaccepted counts the findings of a file, but for those that are, or are to be,
// accepted.
func (r *checkRun) unaccepted(g *governing, findings []check.Finding) (fs []check.Finding) {
	for i := range findings {
		f := &findings[i]
		switch {
		case r.accepted != nil:
			r.accepted.Add(f)
			continue
		case g.baseline != nil && g.baseline.Accept(f):
			r.summary.Accepted++
			continue
		}
		r.summary.Count(f)
		if g.failOn != check.Off && f.Severity >= g.failOn {
			r.failing++
		}
		fs = append(fs, *f)
	}
	return fs
}

// manyStale is how many stale entries of a baseline are named.
const manyStale = 5

// stale tells what the baselines accept that is not there any more: in files that were
// checked by the rule, or that are gone.
func (r *checkRun) stale() {
	for _, name := range slices.Sorted(maps.Keys(r.baselines)) {
		b, n, name := r.baselines[name], 0, shortPath(name)
		for _, e := range b.Left() {
			path := b.Path(e.Accepted)
			g := r.read[path]
			if _, err := os.Stat(path); g == nil && !errors.Is(err, fs.ErrNotExist) || g != nil && !r.looksFor(g, e.Rule) {
				continue
			}
			if n += e.Count; n <= manyStale {
				fmt.Fprintf(r.std.Err, "congvan: warning: %s: accepted, and not there any more: %s: %s %q\n", name, e.Path, e.Rule, e.Text)
			}
		}
		if n > manyStale {
			fmt.Fprintf(r.std.Err, "congvan: warning: %s: %d accepted findings in all are not there any more\n", name, n)
		}
		if n > 0 && r.summary.Stale == 0 {
			fmt.Fprintf(r.std.Err, "congvan: hint: --write-baseline %s, over all files, takes them out\n", name)
		}
		r.summary.Stale += n
	}
}

// looksFor reports whether files are checked for a rule.
func (r *checkRun) looksFor(g *governing, id string) bool {
	rule, ok := check.RuleByName(id)
	if !ok {
		return true
	}
	sev, set := g.severities[id]
	return (!set || sev != check.Off) && (!rule.Model || g.model)
}

func (r *checkRun) name(path string) string {
	if path == "-" {
		return r.o.stdinName
	}
	return path
}

// one checks a file, and fixes it.
func (r *checkRun) one(ctx context.Context, c *check.Checker, variant, path string) (res checked) {
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
	res.findings = r.cache.Check(c, variant, name, data)
	res.noText = pdf && len(bytes.TrimSpace(data)) == 0
	if pdf {
		byPage(res.findings, data)
		return res
	}
	if !r.o.fix && !r.o.fixOnly && !r.o.diff {
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
		res.findings = r.cache.Check(c, variant, name, fixed)
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
		fmt.Fprintf(r.std.Err, "congvan: %s accepted in %s\n", count(r.accepted.Len(), "finding"), r.o.writeBaseline)
		if s.Failed > 0 {
			return &StatusError{Status: ExitPartial}
		}
		return nil
	}
	if r.o.fixOnly {
		fmt.Fprintf(r.std.Err, "congvan: %s checked, %d fixed\n", count(s.Files, "file"), r.fixed)
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
		if r.shown < all && !r.o.diff && !r.o.statistics {
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
