package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	std     *Streams
	done    *batch.Progress
	left    timeLeft
	told    [2]int64    // documents and pages of the last line in a log
	begun   atomic.Bool // the documents are counted
	waiting atomic.Bool // for more of them
	json    bool
	quiet   bool
	after   *after                   // nil: no command
	bar     *progressbar.ProgressBar // nil: not a terminal
	stop    chan struct{}
	wg      sync.WaitGroup
	mu      sync.Mutex // guards what is printed
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
			"at": p.At(), "waiting": r.waiting.Load(),
			"pages": p.Pages.Load(), "failed_pages": p.FailedPages.Load(), "pages_per_second": p.PagesPerSecond(), "seconds_left": p.Left().Seconds(),
		})
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.left.update(time.Now(), p.Left())
	if r.bar == nil {
		r.log(left)
		return
	}
	over, total := p.Over(), max(p.Total.Load(), 1)
	if at := p.At(); total == 1 && at != nil { // the pages of the one document
		over, total = p.Pages.Load(), int64(at.Pages)
	}
	r.bar.Describe(r.line(left, barColumns(r.std.Err)))
	r.bar.ChangeMax64(total)
	_ = r.bar.Set64(min(over, total))
}

// log writes a line to where there is no terminal, if something has happened.
func (r *reporter) log(left time.Duration) {
	now := [2]int64{r.done.Over(), r.done.Pages.Load()}
	if now == r.told || r.waiting.Load() {
		return
	}
	r.told = now
	fmt.Fprintf(r.std.Err, "congvan: %d of %d documents; %s\n", now[0], r.done.Total.Load(), strings.Join(r.counts(left), ", "))
}

// counts are how far the run is, the most telling first.
func (r *reporter) counts(left time.Duration) (parts []string) {
	p := r.done
	parts = append(parts, fmt.Sprintf("%s, %.1f a second", pages(int(p.Pages.Load())), p.PagesPerSecond()))
	if n := p.Failed.Load(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", n))
	}
	if left > 0 {
		parts = append(parts, "about "+roundly(left)+" left")
	}
	return parts
}

// line is what stands before the bar, in so many columns: the document and its page,
// then what there is room for.
func (r *reporter) line(left time.Duration, columns int) string {
	if r.waiting.Load() {
		return "waiting for documents"
	}
	line := ""
	if at := r.done.At(); at != nil {
		page := fmt.Sprintf(", page %d of %d", at.Page, at.Pages)
		line = tail(printable(string(at.Path)), max(12, columns-len(page))) + page
	}
	counts := r.counts(left)
	slices.Reverse(counts) // the time left is missed the most
	for _, part := range counts {
		if with := strings.TrimPrefix(line+"; "+part, "; "); utf8.RuneCountInString(with) <= columns {
			line = with
		}
	}
	return line
}

// tail is the end of a name in so many columns.
func tail(name string, columns int) string {
	if r := []rune(name); len(r) > columns {
		return "…" + string(r[len(r)-columns+1:])
	}
	return name
}

// barWidth is that of the bar with its numbers, and usualColumns those of a terminal
// that does not say how many it has.
const barWidth, usualColumns = 50, 80

// barColumns is the room beside the bar.
func barColumns(w io.Writer) int {
	columns := usualColumns
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			columns = n
		}
	}
	return columns - barWidth
}

// Begin implements batch.Reporter: on a terminal it tells what was found.
func (r *reporter) Begin(total int, ignored map[string]int) {
	r.waiting.Store(false)
	if first := !r.begun.Swap(true); first && r.bar != nil && (total > 1 || len(ignored) > 0) {
		r.println(count(total, "document") + ignoredFiles(ignored))
	}
}

// Waiting implements batch.Reporter.
func (r *reporter) Waiting() {
	if !r.waiting.Swap(true) && !r.quiet {
		if r.json {
			r.event("waiting", map[string]any{})
		} else {
			r.println("waiting for documents; Ctrl-C ends")
		}
	}
}

// kindsNamed is how many kinds of ignored files are named.
const kindsNamed = 4

// ignoredFiles counts the files that are no documents: ", 5 files ignored (.docx 3, .zip 2)".
func ignoredFiles(kinds map[string]int) string {
	total := 0
	names := slices.Collect(maps.Keys(kinds))
	for _, n := range kinds {
		total += n
	}
	if total == 0 {
		return ""
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(kinds[b], kinds[a]), cmp.Compare(a, b)) })
	var parts []string
	for _, k := range names[:min(kindsNamed, len(names))] {
		parts = append(parts, fmt.Sprintf("%s %d", printable(k), kinds[k]))
	}
	if len(names) > kindsNamed {
		parts = append(parts, "…")
	}
	return fmt.Sprintf(", %s ignored (%s)", count(total, "file"), strings.Join(parts, ", "))
}

// Document implements batch.Reporter.
func (r *reporter) Document(row *batch.Row) {
	r.after.document(row)
	r.waiting.Store(false)
	if r.json && (!r.quiet || row.State != batch.Done || len(row.Notes) > 0) {
		r.row(row)
	} else if !r.json {
		r.failure(row)
		r.notes(row)
		r.blank(row)
		r.leftOut(row)
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
	r.waiting.Store(false)
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
	if row.State == batch.Blank && row.LeftOut > 0 {
		where = fmt.Sprintf("nothing was read but %s that %s no sense (--format json has them); is it a picture, or a poor scan?",
			count(row.LeftOut, "word"), map[bool]string{true: "makes", false: "make"}[row.LeftOut == 1])
	}
	r.println(shown(row) + ": " + where)
}

// muchNoise is the share of all words above which it is worth a line that they are left
// out: of a letter with stamps and signatures one in fifty are, of an example graph one in four.
const muchNoise = 0.15

// leftOut prints a line about a document of which many words were taken for noise.
func (r *reporter) leftOut(row *batch.Row) {
	all := row.Words + row.LeftOut
	if r.quiet || row.State == batch.Blank || row.LeftOut < 2 || float64(row.LeftOut) < muchNoise*float64(all) {
		return
	}
	r.println(fmt.Sprintf("%s: %d of %d words look like noise and are left out (--format json has them)", shown(row), row.LeftOut, all))
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
	case s.Documents > 1 || s.Ignored > 0:
		r.println(countLine(s))
		if n := len(s.Blanks); n > 0 {
			r.println("blank: " + namesOf(s.Blanks, s.Blank))
		}
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
		return fmt.Sprintf("nothing to do: %d documents are done and unchanged", s.Documents) + ignoredFiles(s.IgnoredAs)
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
	add(s.LeftOut, "words left out as noise")
	line := strings.Join(parts, ", ") + " in " + time.Duration(s.Seconds*float64(time.Second)).Round(time.Second/10).String()
	var classes []string
	for _, c := range slices.Sorted(maps.Keys(s.Classes)) {
		classes = append(classes, fmt.Sprintf("%d %s", s.Classes[c], c))
	}
	if len(classes) > 0 {
		line += ": " + strings.Join(classes, ", ")
	}
	return line + ignoredFiles(s.IgnoredAs)
}

// namesOf names documents, the first of so many.
func namesOf(list []batch.Brief, all int) string {
	var names []string
	for _, b := range list {
		names = append(names, printable(string(b.Path)))
	}
	if more := all - len(list); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

func briefLine(list []batch.Brief, what func(batch.Brief) string) string {
	var parts []string
	for _, b := range list[:min(few, len(list))] {
		parts = append(parts, fmt.Sprintf("%s (%s)", printable(string(b.Path)), what(b)))
	}
	return strings.Join(parts, ", ")
}
