package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// shoutJob is a job without an engine: a document is a text, its output the
// same in capitals. A text that begins with "!" fails with the class that
// follows.
func shoutJob() batch.Job {
	return batch.Job{
		Suffixes: []string{".txt"},
		Open: func(_ context.Context, in batch.Input, out *batch.Outputs) (batch.Document, error) {
			text, err := os.ReadFile(in.Path)
			if err != nil {
				return nil, err
			}
			if class, ok := strings.CutPrefix(string(text), "!"); ok {
				return nil, fault.New(fault.Class(class), errors.New("no luck"))
			}
			w, err := out.Create(".txt")
			return &shoutDoc{text: string(text), w: w}, err
		},
	}
}

type shoutDoc struct {
	text string
	w    io.Writer
}

func (d *shoutDoc) Pages() int       { return 1 }
func (d *shoutDoc) Number(n int) int { return n + 1 }
func (d *shoutDoc) Read(ctx context.Context, _ int) error {
	if d.text == "hang" {
		<-ctx.Done()
	}
	return ctx.Err()
}
func (d *shoutDoc) Emit(int, error) error {
	_, err := io.WriteString(d.w, strings.ToUpper(d.text))
	return err
}
func (d *shoutDoc) Finish() (batch.Info, error) { return batch.Info{Confidence: 0.75}, nil }
func (d *shoutDoc) Close() error                { return nil }

// parseBatch parses batch flags.
func parseBatch(args string) (b batchFlags, err error) {
	f := pflag.NewFlagSet("test", pflag.ContinueOnError)
	b.register(f)
	err = f.Parse(strings.Fields(args))
	return b, err
}

// shout runs a batch over texts by name and returns its exit status.
func shout(t *testing.T, ctx context.Context, args string, texts map[string]string) (status int, out, errs, dir string) {
	t.Helper()
	b, err := parseBatch(args)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "in"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, "in", name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	std := &Streams{Out: &stdout, Err: &stderr}
	if b.summary != "" {
		b.summary = filepath.Join(dir, b.summary)
	}
	err = runBatch(ctx, std, batch.Config{Inputs: []string{filepath.Join(dir, "in")}, Out: filepath.Join(dir, "out"), Jobs: 2}, b, shoutJob())
	return report(std, context.Cause(ctx), err), stdout.String(), stderr.String(), dir
}

// The exit status tells what kind of failure there was, and the worst of them
// for the scheduler: what another run may mend.
func TestBatchStatus(t *testing.T) {
	for _, tt := range []struct {
		texts string
		want  int
	}{
		{"mot", ExitOK},
		{"mot !damaged", ExitPartial},
		{"mot !too-many-pages !permission", ExitPartial},
		{"mot !timeout", ExitRetry},
		{"!damaged !crash", ExitRetry},
		{"mot !disk-full", ExitRetry}, // stops the run
	} {
		texts := map[string]string{}
		for i, text := range strings.Fields(tt.texts) {
			texts[string(rune('a'+i))] = text
		}
		status, _, errs, _ := shout(t, t.Context(), "", texts)
		if status != tt.want {
			t.Errorf("%s: exit status %d, want %d\n%s", tt.texts, status, tt.want, errs)
		}
	}
}

// A run that is interrupted says so, in its status too.
func TestBatchInterrupted(t *testing.T) { synctest.Test(t, testBatchInterrupted) }

func testBatchInterrupted(t *testing.T) {
	for sig, want := range map[syscall.Signal]int{syscall.SIGINT: ExitInterrupted, syscall.SIGTERM: ExitTerminated} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errSignal{sig}) }) // when a is read and b hangs
		status, _, errs, dir := shout(t, ctx, "--summary s.json", map[string]string{"a": "mot", "b": "hang"})
		if status != want || !strings.Contains(errs, "stopped by") {
			t.Errorf("%v: exit status %d\n%s", sig, status, errs)
		}
		if s := readSummary(t, dir); s.Complete || s.Done != 1 {
			t.Errorf("%+v", s)
		}
	}
}

func readSummary(t *testing.T, dir string) (s batch.Summary) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "s.json"))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// --log-format json writes JSON and nothing else to standard error.
func TestBatchJSON(t *testing.T) {
	_, _, errs, dir := shout(t, t.Context(), "--log-format json --summary s.json", map[string]string{"a": "mot", "b": "!damaged", "c\nd": "hai"})
	types := map[string]int{}
	for line := range strings.Lines(errs) {
		var v struct {
			Time time.Time
			Type string
			Hint string
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Time.IsZero() {
			t.Errorf("%q: %v", line, err)
		}
		types[v.Type]++
	}
	if types["document"] != 3 || types["summary"] != 1 || len(types) != 2 {
		t.Errorf("%v", types)
	}
	if s := readSummary(t, dir); s.Done != 2 || s.Failed != 1 || s.Classes[fault.Damaged] != 1 || s.Confidence != 0.75 || len(s.Slowest) != 2 || !s.Complete {
		t.Errorf("%+v", s)
	}
}

// What a person reads: a line a failure, with its hint, on one line whatever
// the name is; the summary; nothing but failures with --quiet.
func TestBatchText(t *testing.T) {
	texts := map[string]string{"a": "mot", "b\nc": "!damaged"}
	_, out, errs, _ := shout(t, t.Context(), "", texts)
	lines := strings.Split(strings.TrimSpace(errs), "\n")
	if out != "" || len(lines) != 2 || !strings.Contains(lines[0], `b\nc": no luck; open it`) || !strings.Contains(lines[1], "1 of 2 documents read (1 page,") || !strings.HasSuffix(lines[1], ": 1 damaged") {
		t.Errorf("%q %q", out, errs)
	}
	_, _, errs, _ = shout(t, t.Context(), "-q", texts)
	if strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "no luck") {
		t.Errorf("--quiet: %q", errs)
	}
	_, out, errs, dir := shout(t, t.Context(), "-n", texts)
	if out != "new\ta\nnew\t\"b\\nc\"\n" || !strings.Contains(errs, "2 of 2 documents to do") {
		t.Errorf("--dry-run: %q %q", out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("--dry-run made the output folder")
	}
}

// A second run on the same folder is told to wait, and what runs there.
func TestBatchLocked(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	os.Mkdir(in, 0o777)
	os.WriteFile(filepath.Join(in, "a"), []byte("hang"), 0o666)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	cfg := batch.Config{Inputs: []string{in}, Out: out}
	go func() { _, err := batch.Run(ctx, cfg, shoutJob()); first <- err }()
	for _, err := os.Stat(filepath.Join(out, "journal.jsonl")); err != nil; _, err = os.Stat(filepath.Join(out, "journal.jsonl")) {
		time.Sleep(5 * time.Millisecond)
	}
	var errs bytes.Buffer
	std := &Streams{Out: io.Discard, Err: &errs}
	b, _ := parseBatch("")
	status := report(std, nil, runBatch(t.Context(), std, cfg, b, shoutJob()))
	if status != ExitRetry || !strings.Contains(errs.String(), "another run is at work on this output folder (process") || !strings.Contains(errs.String(), "hint: ") {
		t.Errorf("exit status %d: %s", status, errs.String())
	}
	cancel()
	<-first
}

// Mistakes in the flags are told before anything is done.
func TestBatchFlags(t *testing.T) {
	env := map[string]string{"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "7", "SLURM_ARRAY_TASK_COUNT": "8"}
	for _, tt := range []struct {
		args string
		want string // "" or what the error says
		ok   func(c batch.Config) bool
	}{
		{"", "", func(c batch.Config) bool { return c.MaxPages == defaultMaxPages && c.Retry == batch.RetrySome }},
		{"--retry", "", func(c batch.Config) bool { return c.Retry == batch.RetryAll }},
		{"--retry=none --redo --checksum", "", func(c batch.Config) bool { return c.Retry == batch.RetryNone && c.Redo && c.Checksum }},
		{"--retry=maybe", "--retry maybe: expected retryable, all or none", nil},
		{"--shard 3/8", "", func(c batch.Config) bool { return c.Shard == batch.Shard{Index: 3, Count: 8} }},
		{"--shard 9/8", `"9/8" is not a shard`, nil},
		{"--shards 8", "", func(c batch.Config) bool { return c.Shard == batch.Shard{Index: 2, Count: 8} }},
		{"--shards auto", "", func(c batch.Config) bool { return c.Shard == batch.Shard{Index: 2, Count: 8} }},
		{"--shards 4", "the Slurm array has 8 tasks, but there are 4 shards", nil},
		{"--shards 0", "--shards 0: expected a number", nil},
		{"--shards 8x", "--shards 8x: expected a number", nil},
		{"--shard 1/8 --shards 8", "exclude each other", nil},
		{"--log-format xml", "--log-format xml: expected text or json", nil},
		{"--max-pages -1", "--max-pages must be at least 0", nil},
	} {
		b, err := parseBatch(tt.args)
		if err != nil {
			t.Fatal(err)
		}
		var cfg batch.Config
		err = b.apply(&cfg, func(k string) string { return env[k] })
		switch {
		case tt.want == "" && (err != nil || !tt.ok(cfg)):
			t.Errorf("%s: %v %+v", tt.args, err, cfg)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want %s", tt.args, err, tt.want)
		}
	}
}

// The command lines of watch and journal are checked before anything runs.
func TestBatchCommandLines(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"watch", "no documents given"},
		{"watch in", "no output"},
		{"watch in -o -", "watch needs an output folder"},
		{"ocr in -o out.txt", "the output is a folder"},
		{"ocr in -o out --retry none", "write --retry=none"},
		{"watch in -o out -n", "watch knows no --dry-run"},
		{"watch in -o out --settle 0s", "--interval and --settle must be positive"},
		{"journal list", "no output folder or journal given"},
		{"journal list x --state lost", "--state lost: expected done, blank, partial or failed"},
		{"journal merge", "no output folder or journal given"},
		{"journal verify", "no output folder or journal given"},
	} {
		var errs bytes.Buffer
		status := Main(strings.Fields(tt.args), &Streams{Out: io.Discard, Err: &errs})
		if status != ExitUsage || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%s: exit status %d, %s", tt.args, status, errs.String())
		}
	}
}

// journal lists, merges and verifies what a batch has left.
func TestJournalCommands(t *testing.T) {
	_, _, _, dir := shout(t, t.Context(), "", map[string]string{"a": "mot", "b": "!damaged", "c\td": "hai"})
	out := filepath.Join(dir, "out")
	run := func(args ...string) (int, string) {
		var stdout bytes.Buffer
		status := Main(append([]string{"journal"}, args...), &Streams{Out: &stdout, Err: io.Discard})
		return status, stdout.String()
	}
	if _, got := run("list", out); got != "done\t1\t0.750\ta\t\t\nfailed\t0\t\tb\tdamaged\tno luck\ndone\t1\t0.750\t\"c\\td\"\t\t\n" {
		t.Errorf("list: %q", got)
	}
	if _, got := run("list", out, "--state", "failed", "--json"); strings.Count(got, "\n") != 1 || !json.Valid([]byte(got)) {
		t.Errorf("list --json: %q", got)
	}
	all := filepath.Join(dir, "all.jsonl")
	if status, got := run("merge", out, "-o", all); status != ExitOK || got != "" {
		t.Errorf("merge: %d %q", status, got)
	}
	if _, got := run("merge", all); strings.Count(got, "\n") != 3 {
		t.Errorf("merge of the merged: %q", got)
	}
	if status, got := run("verify", out); status != ExitOK || got != "" {
		t.Errorf("verify: %d %q", status, got)
	}
	os.WriteFile(filepath.Join(out, "a.txt"), []byte("MOO"), 0o666)
	if status, got := run("verify", out); status != ExitFailed || !strings.HasPrefix(got, "altered\t") {
		t.Errorf("verify: %d %q", status, got)
	}
	if status, _ := run("verify", dir); status != ExitFailed {
		t.Errorf("verify without a journal: %d", status)
	}
}
