package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/lab/corpus"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
)

// runTrees runs one of the commands with arguments and returns its status and
// streams.
func runLMTree(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	std := &Streams{In: strings.NewReader(""), Out: &out, Err: &errs}
	root := &cobra.Command{Use: "congvan", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(newLMCmd(std), newTrainCmd(std))
	root.SetArgs(args)
	status = report(std, nil, root.ExecuteContext(context.Background()))
	return status, out.String(), errs.String()
}

// A model is trained, described, exported, imported again, and scores the same.
func TestTrainInfoExportImport(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	text := strings.Repeat("Căn cứ Nghị định số 30 của Chính phủ về công tác văn thư;\nKính gửi: Ủy ban nhân dân các tỉnh, thành phố.\n", 20) +
		"Trân trọng cảm ơn sự hợp tác của quý cơ quan.\n"
	if err := os.WriteFile(at("text.txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	must := func(args ...string) string {
		t.Helper()
		status, out, errs := runLMTree(t, args...)
		if status != ExitOK {
			t.Fatalf("%v: status %d: %s", args, status, errs)
		}
		return out
	}
	must("train", "lm", "-o", at("a.cvlm"), "--max-size", "0", "--counts", at("counts"), "--prob-bits", "12", "--backoff-bits", "12", at("text.txt"))
	must("train", "lm", "-o", at("b.cvlm"), "--max-size", "0", "--counts", at("counts"), "--prob-bits", "12", "--backoff-bits", "12")
	a, _ := os.ReadFile(at("a.cvlm"))
	b, _ := os.ReadFile(at("b.cvlm"))
	if !bytes.Equal(a, b) {
		t.Error("the model made of kept counts differs")
	}
	must("lm", "export", at("a.cvlm"), "-o", at("a.arpa"))
	must("lm", "import", at("a.arpa"), "-o", at("c.cvlm"), "--prob-bits", "12", "--backoff-bits", "12")
	line := func(model string) string {
		out := must("lm", "info", at(model), "--text", at("text.txt"))
		_, perplexity, _ := strings.Cut(out, "perplexity ")
		return perplexity
	}
	if got, want := line("c.cvlm"), line("a.cvlm"); got != want || want == "" {
		t.Errorf("after export and import perplexity is %q, was %q", got, want)
	}
	if out := must("lm", "info", at("a.cvlm")); !strings.Contains(out, "date       2023-11-14\n") || !strings.Contains(out, "text       text.txt: weight 1, 41 lines") {
		t.Errorf("lm info prints\n%s", out)
	}
}

func TestLMMistakes(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk")
	if err := os.WriteFile(junk, []byte("not a model"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   []string
		status int
		stderr string
	}{
		{[]string{"train", "lm", "text"}, ExitUsage, "--output"},
		{[]string{"train", "lm", "-o", "x"}, ExitUsage, "no text"},
		{[]string{"train", "lm", "-o", "x", "--max-size", "much", junk}, ExitUsage, "much"},
		{[]string{"train", "lm", "-o", "x", "--weight", "junk=0", junk}, ExitUsage, "junk=0"},
		{[]string{"train", "lm", "-o", "x", "--order", "9", junk}, ExitFailed, "order 9"},
		{[]string{"lm", "info", junk}, ExitData, "junk"},
		{[]string{"lm", "info", filepath.Join(dir, "none")}, ExitData, "none"},
		{[]string{"lm", "import", junk, "-o", filepath.Join(dir, "x")}, ExitFailed, "ARPA"},
	} {
		status, out, errs := runLMTree(t, tt.args...)
		if status != tt.status || !strings.Contains(errs, tt.stderr) || out != "" {
			t.Errorf("%v: status %d, want %d; stdout %q, stderr %q", tt.args, status, tt.status, out, errs)
		}
	}
}

// A sense model is the same whatever the cores, and one that may be used.
func TestTrainSense(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.txt")
	var b strings.Builder
	for i := range 2*corpus.HalfLines + 500 {
		fmt.Fprintf(&b, "Ông nuôi chim %d trong lồng.\nBà giữ %d trong lòng.\n", i, i)
	}
	if err := os.WriteFile(text, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	train := func(name string) []byte {
		t.Helper()
		out := filepath.Join(dir, name)
		if status, _, errs := runLMTree(t, "train", "sense", "--bits", "10", "-o", out, text); status != ExitOK {
			t.Fatalf("status %d: %s", status, errs)
		}
		file, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	file := train("a.sense")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if !bytes.Equal(file, train("b.sense")) {
		t.Error("on one core the same text gives another model")
	}
	if m, err := sense.Load(file); err != nil || m.Verify() != nil {
		t.Error(err)
	}

	if status, _, errs := runLMTree(t, "train", "sense", "--bits", "40", "-o", filepath.Join(dir, "c"), text); status != ExitUsage {
		t.Errorf("40 bits: status %d: %s", status, errs)
	}
	if err := os.WriteFile(text, []byte("Một dòng.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := runLMTree(t, "train", "sense", "-o", filepath.Join(dir, "c"), text); status != ExitFailed || !strings.Contains(errs, "give longer texts") {
		t.Errorf("a text of one line: status %d: %s", status, errs)
	}
}
