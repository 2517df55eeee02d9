package conform

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A command is a line of a document that a reader may type.
type command struct {
	line int
	text string
	want string // what the document shows of its output; empty: nothing
}

// commandsOf returns the commands in the code blocks of a document: fenced ones
// that name no other language, and those set in by four spaces. Where lines have
// prompts, what stands between them is output.
func commandsOf(t *testing.T, path string) (all []command) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	fenced, ours, prompts := false, false, false
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if lang, ok := strings.CutPrefix(line, "```"); ok {
			fenced, ours, prompts = !fenced, !fenced && (lang == "" || lang == "sh" || lang == "console"), false
			continue
		}
		rest, indented := strings.CutPrefix(line, "    ")
		switch {
		case fenced && !ours, !fenced && !indented:
			prompts = prompts && line == ""
			continue
		case !fenced:
			line = rest
		}
		if text, ok := strings.CutPrefix(line, "$ "); ok {
			all, prompts = append(all, command{line: n, text: text}), true
			continue
		}
		last := len(all) - 1
		switch {
		case last >= 0 && strings.HasSuffix(all[last].text, "\\"):
			all[last].text = strings.TrimSuffix(all[last].text, "\\") + strings.TrimSpace(line)
		case prompts:
			all[last].want += line + "\n"
		case regexp.MustCompile(`^[a-z./_A-Z=0-9]+( |$)`).MatchString(line) && !strings.ContainsAny(line, "─→"): // those are drawings
			all = append(all, command{line: n, text: line})
		}
	}
	return all
}

// elsewhere are commands that want a cluster, a cloud, or to change this machine.
var elsewhere = []string{"aws", "docker", "kubectl", "sbatch", "parallel", "sudo", "apt", "apt-get", "go", "git", "man", "source", "CGO_ENABLED=0"}

// TestDocuments runs the commands of the documents, in one folder a document, in
// their order.
func TestDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	if !readsImages() {
		t.Skip("SKIPPED: needs Tesseract and its data for Vietnamese")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	docs, _ := filepath.Glob(root + "/docs/*.md")
	for _, doc := range append(docs, root+"/README.md") {
		name := strings.TrimSuffix(filepath.Base(doc), ".md")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := sandbox(t, root)
			for _, c := range commandsOf(t, doc) {
				c.try(t, name, root, dir)
			}
		})
	}
}

// sandbox has what the documents take for granted.
func sandbox(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	letters := filepath.Join(root, "testdata/letters")
	for to, from := range map[string]string{
		"scans/a.jpg": letters + "/thong-bao.jpg", "archive/a.jpg": letters + "/thong-bao.jpg", "archive/old/b.txt": letters + "/giay-moi.eng.txt", "srv/scanner/a.jpg": letters + "/thong-bao.jpg",
		"letter.pdf": "testdata/born-digital.pdf", "old.pdf": "testdata/born-digital.pdf",
		"letter.txt": letters + "/cong-van.eng.txt", "old.txt": letters + "/cong-van.txt", "letters/a.txt": letters + "/cong-van.txt",
		"scan.png": letters + "/cong-van.png",
	} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		to = filepath.Join(dir, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(root, "testdata"), filepath.Join(dir, "testdata")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (c command) try(t *testing.T, doc, root, dir string) {
	t.Helper()
	where := fmt.Sprintf("%s.md:%d: %s", doc, c.line, c.text)
	program := strings.Fields(c.text)[0]
	switch {
	case slices.Contains(elsewhere, program):
		return
	case program == "make":
		makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
		if target := strings.Fields(c.text + " all")[1]; err != nil || !regexp.MustCompile(`(?m)^`+target+`:`).Match(makefile) {
			t.Errorf("%s: no such target", where)
		}
		return
	case strings.HasPrefix(program, ".ci/"), strings.HasPrefix(program, "./.ci/"):
		if _, err := os.Stat(filepath.Join(root, program)); err != nil {
			t.Errorf("%s: %v", where, err)
		}
		return
	}
	script := strings.ReplaceAll(c.text, "/srv/", dir+"/srv/")
	if regexp.MustCompile(`congvan (watch|serve)\b`).MatchString(script) { // they run until they are told to stop
		script = "timeout --preserve-status -s TERM 5 " + script
	}
	cmd := exec.Command("bash", "-o", "pipefail", "-c", script)
	cmd.Dir = dir
	out, err := cmd.Output()
	status := cmd.ProcessState.ExitCode()
	finds := strings.Contains(script, "congvan check") || strings.Contains(script, "congvan search")
	if err != nil && !(status == 1 && finds) && !(status == 143 && strings.HasPrefix(script, "timeout")) {
		stderr := ""
		if e, ok := err.(*exec.ExitError); ok {
			stderr = string(e.Stderr)
		}
		t.Errorf("%s: exit status %d\n%s%s", where, status, out, stderr)
		return
	}
	for want := range strings.Lines(c.want) {
		begin, _, _ := strings.Cut(strings.TrimSpace(want), "…") // of a line that is cut
		if !strings.Contains(string(out), begin) {
			t.Errorf("%s: the document shows\n%s\nthe program\n%s", where, c.want, out)
			return
		}
	}
}
