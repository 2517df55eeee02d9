package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
)

// reporter tells on standard error what happens in a batch: a line for every
// document that failed, how far it is (a bar on a terminal, a line every half
// minute elsewhere), and a summary. As JSON it is an object a line, with time
// and type; rows of the journal are of type document.
type reporter struct {
	std   *Streams
	done  *batch.Progress
	json  bool
	quiet bool
	after *after                   // nil: no command
	bar   *progressbar.ProgressBar // nil: not a terminal
	stop  chan struct{}
	wg    sync.WaitGroup
	mu    sync.Mutex // guards what is printed
}

// logInterval is how often a log hears of progress.
const logInterval = 30 * time.Second

func newReporter(std *Streams, done *batch.Progress, b batchFlags) *reporter {
	r := &reporter{std: std, done: done, json: b.logFormat == logJSON, quiet: b.quiet, stop: make(chan struct{})}
	if r.quiet {
		return r
	}
	interval := logInterval
	if f, ok := std.Err.(*os.File); ok && !r.json && term.IsTerminal(int(f.Fd())) {
		interval = 200 * time.Millisecond
		r.bar = progressbar.NewOptions64(1, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(20), progressbar.OptionSetElapsedTime(false))
	}
	r.wg.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.progress()
			case <-r.stop:
				return
			}
		}
	})
	return r
}

func (r *reporter) progress() {
	p := r.done
	if r.json {
		r.event("progress", map[string]any{
			"documents": p.Total.Load(), "done": p.Done.Load(), "blank": p.Blank.Load(), "partial": p.Partial.Load(), "failed": p.Failed.Load(), "skipped": p.Skipped.Load(),
			"pages": p.Pages.Load(), "failed_pages": p.FailedPages.Load(), "pages_per_second": p.PagesPerSecond(), "seconds_left": p.Left().Seconds(),
		})
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	line := fmt.Sprintf("%s, %.1f a second", pages(int(p.Pages.Load())), p.PagesPerSecond())
	if n := p.Failed.Load(); n > 0 {
		line += fmt.Sprintf(", %d failed", n)
	}
	if left := p.Left(); left > 0 {
		line += fmt.Sprintf(", about %v left", left.Round(time.Second))
	}
	if r.bar == nil {
		fmt.Fprintf(r.std.Err, "congvan: %d of %d documents; %s\n", p.Over(), p.Total.Load(), line)
		return
	}
	r.bar.Describe(line)
	r.bar.ChangeMax64(max(p.Total.Load(), 1))
	_ = r.bar.Set64(p.Over())
}

// Begin implements batch.Reporter.
func (r *reporter) Begin(int) {}

// Document implements batch.Reporter.
func (r *reporter) Document(row *batch.Row) {
	r.after.document(row)
	if r.json && (!r.quiet || row.State != batch.Done || len(row.Notes) > 0) {
		r.row(row)
	} else if !r.json {
		r.failure(row)
		r.notes(row)
		r.blank(row)
	}
}

// afterFailed tells of a command after a document that failed.
func (r *reporter) afterFailed(row *batch.Row, err error) {
	if r.json {
		r.event("after", map[string]any{"path": row.Path, "error": err.Error()})
		return
	}
	r.println(fmt.Sprintf("%s: --after: %v", shown(row), err))
}

// Skip implements batch.Reporter. A dry run has its say on standard output.
func (r *reporter) Skip(rel string, row *batch.Row, reason batch.Reason) {
	switch {
	case !reason.Skipped():
		fmt.Fprintf(r.std.Out, "%s\t%s\n", reason, printable(rel))
	case reason == batch.ReasonFailed && row != nil && r.json:
		r.row(row)
	case reason == batch.ReasonFailed && row != nil:
		r.failure(row)
	}
}

// row logs a row of the journal as JSON.
func (r *reporter) row(row *batch.Row) {
	r.jsonLine(struct {
		Time time.Time `json:"time"`
		*batch.Row
	}{time.Now().UTC(), row})
}

// event logs anything else as JSON.
func (r *reporter) event(kind string, fields map[string]any) {
	fields["time"], fields["type"] = time.Now().UTC(), kind
	r.jsonLine(fields)
}

func (r *reporter) jsonLine(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		b = fmt.Appendf(nil, `{"type":"error","error":%q}`, err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.std.Err, "%s\n", b)
}

// failure prints one line about a document that was not read, or not whole.
func (r *reporter) failure(row *batch.Row) {
	if row.Error == "" {
		return
	}
	msg := fmt.Sprintf("%s: %s", shown(row), row.Error)
	if row.FailedPages > 1 {
		msg += fmt.Sprintf(" (and %d more of %d pages)", row.FailedPages-1, row.Pages)
	}
	if row.Hint != "" {
		msg += "; " + row.Hint
	}
	r.println(strings.ReplaceAll(msg, "\n", " "))
}

// notes prints a line for everything that the outputs of a document do not keep.
func (r *reporter) notes(row *batch.Row) {
	for _, n := range row.Notes {
		r.println(strings.ReplaceAll(fmt.Sprintf("%s: note: %s", shown(row), n), "\n", " "))
	}
}

// blank prints a line about a document with pages on which nothing was read.
func (r *reporter) blank(row *batch.Row) {
	where := "nothing was read on any page; is it blank, or dark, or upside down?"
	switch n := len(row.Blank); {
	case n == 0 || r.quiet && row.State != batch.Blank:
		return
	case row.Pages == 1:
		where = "nothing was read; is it blank, or dark?"
	case row.State != batch.Blank:
		where = "nothing was read on " + numbered(row.Blank)
	}
	r.println(shown(row) + ": " + where)
}

// numbered names pages: "page 2", "pages 2, 3, 5 and 12 more".
func numbered(pages []int) string {
	if len(pages) == 1 {
		return fmt.Sprintf("page %d", pages[0])
	}
	const most = 8
	var names []string
	for _, n := range pages[:min(most, len(pages))] {
		names = append(names, strconv.Itoa(n))
	}
	s := "pages " + strings.Join(names, ", ")
	if more := len(pages) - most; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// shown is the name of a document for people.
func shown(row *batch.Row) string {
	return printable(shortPath(filepath.Join(string(row.Root), filepath.FromSlash(string(row.Path)))))
}

// printable shows a name on one line whatever is in it.
func printable(name string) string {
	if utf8.ValidString(name) && strings.IndexFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		return name
	}
	return strconv.Quote(name)
}

// shortPath shows a path below the working directory from there.
func shortPath(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return rel
}

// Note implements batch.Reporter.
func (r *reporter) Note(msg string) {
	switch {
	case r.quiet:
	case r.json:
		r.event("note", map[string]any{"message": msg})
	default:
		r.println(msg)
	}
}

func (r *reporter) println(msg string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		_ = r.bar.Clear()
	}
	fmt.Fprintf(r.std.Err, "congvan: %s\n", msg)
}

// close takes the bar away.
func (r *reporter) close() {
	close(r.stop)
	r.wg.Wait()
	if r.bar != nil {
		_ = r.bar.Clear()
	}
}

// manyDocuments is how many there must be before the slowest and the least
// confident are worth naming, and few how many are named.
const manyDocuments, few = 10, 3

// summary tells what came of a run over more than one document.
func (r *reporter) summary(s *batch.Summary, dry bool) {
	switch {
	case r.quiet:
	case r.json:
		r.jsonLine(struct {
			Time time.Time `json:"time"`
			*batch.Summary
		}{time.Now().UTC(), s})
	case dry:
		todo := 0
		for _, n := range s.Todo {
			todo += n
		}
		r.println(fmt.Sprintf("%d of %d documents to do", todo, s.Documents))
	case s.Documents > 1:
		r.println(countLine(s))
		if s.Done > manyDocuments {
			r.println("slowest: " + briefLine(s.Slowest, func(b batch.Brief) string { return fmt.Sprintf("%.1f s, %s", b.Seconds, pages(b.Pages)) }))
			r.println("least confident: " + briefLine(s.Least, func(b batch.Brief) string { return fmt.Sprintf("%.0f %%", 100*b.Confidence) }))
		}
	}
}

func pages(n int) string {
	if n == 1 {
		return "1 page"
	}
	return fmt.Sprintf("%d pages", n)
}

// countLine is the counts of a summary, those that are not nothing.
func countLine(s *batch.Summary) string {
	if s.Skipped == s.Documents && s.Complete {
		return fmt.Sprintf("nothing to do: %d documents are done and unchanged", s.Documents)
	}
	parts := []string{fmt.Sprintf("%d of %d documents read (%s, %.1f a second)", s.Done, s.Documents, pages(s.Pages-s.FailedPages), s.PagesPerSec)}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.Skipped, "unchanged")
	add(s.Blank, "blank")
	add(s.Partial, "with pages missing")
	add(s.Failed, "failed")
	line := strings.Join(parts, ", ") + " in " + time.Duration(s.Seconds*float64(time.Second)).Round(time.Second/10).String()
	var classes []string
	for _, c := range slices.Sorted(maps.Keys(s.Classes)) {
		classes = append(classes, fmt.Sprintf("%d %s", s.Classes[c], c))
	}
	if len(classes) > 0 {
		line += ": " + strings.Join(classes, ", ")
	}
	return line
}

func briefLine(list []batch.Brief, what func(batch.Brief) string) string {
	var parts []string
	for _, b := range list[:min(few, len(list))] {
		parts = append(parts, fmt.Sprintf("%s (%s)", printable(string(b.Path)), what(b)))
	}
	return strings.Join(parts, ", ")
}
