package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// after runs a command after each document, one at a time, in the order in which they
// are done. Documents wait for it, no longer than afterQueue of them.
type after struct {
	command string
	out     string // folder that outputs are in
	std     *Streams
	failed  func(row *batch.Row, err error) // hears of commands that fail

	queue  chan *batch.Row
	done   sync.WaitGroup
	errors int
}

const afterQueue = 1000

// afterHole is a place in a command: of the document, or of an output of it.
var afterHole = lazy.Regexp(`\{[a-z]*\}`)

// checkAfter finds the outputs that a command wants and that are not written.
func checkAfter(command, out string, formats []string) error {
	for _, hole := range afterHole().FindAllString(command, -1) {
		name := strings.Trim(hole, "{}")
		switch {
		case !slices.Contains(output.Names(), name):
		case !slices.Contains(formats, name):
			return usageErrorf("--after wants %s, and --format does not name %s", hole, name)
		case out == "-":
			return usageErrorf("--after wants %s, and standard output is no file", hole)
		}
	}
	return nil
}

// startAfter returns nil if there is no command.
func startAfter(std *Streams, command, out string, failed func(*batch.Row, error)) *after {
	if command == "" {
		return nil
	}
	a := &after{command: command, out: out, std: std, failed: failed, queue: make(chan *batch.Row, afterQueue)}
	a.done.Go(func() {
		for row := range a.queue {
			if err := a.run(row); err != nil {
				a.errors++
				a.failed(row, err)
			}
		}
	})
	return a
}

// document has the command run for a document, unless it failed.
func (a *after) document(row *batch.Row) {
	if a != nil && row.State != batch.Failed {
		a.queue <- row
	}
}

// close waits for all commands, and returns how many failed.
func (a *after) close() int {
	if a == nil {
		return 0
	}
	close(a.queue)
	a.done.Wait()
	return a.errors
}

// run runs the command for one document. What it prints is no data of ours.
func (a *after) run(row *batch.Row) error {
	input := filepath.Join(string(row.Root), filepath.FromSlash(string(row.Path)))
	script := afterHole().ReplaceAllStringFunc(a.command, func(hole string) string {
		if hole == "{}" {
			return shellQuote(input)
		}
		f, err := output.Lookup(strings.Trim(hole, "{}"))
		if err != nil {
			return hole // the shell's, or awk's
		}
		return shellQuote(filepath.Join(a.out, filepath.FromSlash(string(row.Output))+f.Extension))
	})
	cmd := exec.Command("sh", "-c", script)
	cmd.Stdout, cmd.Stderr = a.std.Err, a.std.Err
	cmd.Env = append(os.Environ(), "CONGVAN_INPUT="+input, "CONGVAN_STATE="+string(row.State), fmt.Sprintf("CONGVAN_PAGES=%d", row.Pages))
	if a.out != "" {
		cmd.Env = append(cmd.Env, "CONGVAN_OUTPUT="+filepath.Join(a.out, filepath.FromSlash(string(row.Output))))
	}
	return cmd.Run()
}

// shellQuote makes one word of s for a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
