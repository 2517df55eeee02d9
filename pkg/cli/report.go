package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/congvan-cli/congvan/pkg/batch"
)

// reporter tells on standard error what happens in a batch: a line for every
// document that failed, and how far it is, as a bar on a terminal and as a
// line every half minute elsewhere.
type reporter struct {
	std  *Streams
	done *batch.Progress
	bar  *progressbar.ProgressBar // nil: not a terminal
	stop chan struct{}
	wg   sync.WaitGroup
	mu   sync.Mutex // guards what is printed
}

// logInterval is how often a log hears of progress.
const logInterval = 30 * time.Second

func newReporter(std *Streams, done *batch.Progress) *reporter {
	r := &reporter{std: std, done: done, stop: make(chan struct{})}
	interval := logInterval
	if f, ok := std.Err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		interval = 200 * time.Millisecond
		r.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
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
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.done
	line := fmt.Sprintf("%d of %d documents, %d failed; %d pages, %.1f a second", p.Over(), p.Total.Load(), p.Failed.Load(), p.Pages.Load(), p.PagesPerSecond())
	if left := p.Left(); left > 0 {
		line += fmt.Sprintf(", about %v left", left.Round(time.Second))
	}
	if r.bar == nil {
		fmt.Fprintf(r.std.Err, "congvan: %s\n", line)
		return
	}
	r.bar.Describe(line)
	r.bar.ChangeMax64(p.Total.Load())
	r.bar.Set64(p.Over())
}

// Begin implements batch.Reporter.
func (r *reporter) Begin(int) {}

// Document implements batch.Reporter.
func (r *reporter) Document(row *batch.Row) { r.failure(row) }

// Skip implements batch.Reporter.
func (r *reporter) Skip(_ string, row *batch.Row, reason batch.Reason) {
	if reason == batch.ReasonFailed && row != nil {
		r.failure(row)
	}
}

// failure prints one line about a document that was not read, or not whole.
func (r *reporter) failure(row *batch.Row) {
	if row.Error == "" {
		return
	}
	msg := fmt.Sprintf("%s: %s", shortPath(filepath.Join(string(row.Root), filepath.FromSlash(string(row.Path)))), row.Error)
	if row.FailedPages > 1 {
		msg += fmt.Sprintf(" (and %d more of %d pages)", row.FailedPages-1, row.Pages)
	}
	if h := row.Hint(); h != "" {
		msg += "; " + h
	}
	r.println(strings.ReplaceAll(msg, "\n", " "))
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
func (r *reporter) Note(msg string) { r.println(msg) }

func (r *reporter) println(msg string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.Clear()
	}
	fmt.Fprintf(r.std.Err, "congvan: %s\n", msg)
}

// close takes the bar away.
func (r *reporter) close() {
	close(r.stop)
	r.wg.Wait()
	if r.bar != nil {
		r.bar.Clear()
	}
}
