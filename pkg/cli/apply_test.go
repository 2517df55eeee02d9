package cli

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// writeOutputs writes a document of one line in the formats named.
func writeOutputs(t *testing.T, dir string, formats ...string) {
	t.Helper()
	line := ocr.Line{Box: image.Rect(10, 10, 300, 40)}
	for i, s := range []string{"cô", "phân", "riêng", "lẻ"} {
		line.Words = append(line.Words, ocr.Word{Text: s, Read: s, Confidence: 0.5, Box: image.Rect(10+60*i, 10, 60+60*i, 40)})
	}
	page := &output.Page{Number: 1, Page: output.Clean(&ocr.Page{Size: image.Pt(400, 500), Lines: []ocr.Line{line}})}
	for _, name := range formats {
		f, err := output.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		err = output.Write(&b, name, &output.Document{Path: "thu/a.pdf"}, func(yield func(*output.Page, error) bool) { yield(page, nil) }, output.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a"+f.Extension), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestApply(t *testing.T) {
	const fix = `{"schema":"congvan-corrections","version":1,"document":"thu/a.pdf","corrections":[
		{"page":1,"line":1,"word":1,"from":"cô","to":"cổ"},{"page":1,"line":1,"word":2,"from":"phân","to":"phần"}]}`
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	dir := t.TempDir()
	writeOutputs(t, dir, "txt", "json", "hocr", "tsv")
	corrections := filepath.Join(dir, "a.pdf.corrections.json")
	if err := os.WriteFile(corrections, []byte(fix), 0o600); err != nil {
		t.Fatal(err)
	}
	txt := filepath.Join(dir, "a.txt")

	out, errs, status := runCmd(t, "", "apply", "-n", corrections)
	if out != "" || status != ExitOK || !strings.Contains(errs, "2 of 2 corrections to make") || read(txt) != "cô phân riêng lẻ\n" {
		t.Errorf("dry run: status %d, stdout %q, stderr %q, text %q", status, out, errs, read(txt))
	}
	out, errs, status = runCmd(t, "", "apply", corrections)
	if out != "" || status != ExitOK || !strings.Contains(errs, "2 of 2 corrections made") || read(txt) != "cổ phần riêng lẻ\n" {
		t.Errorf("status %d, stdout %q, stderr %q, text %q", status, out, errs, read(txt))
	}
	for _, name := range []string{"a.json", "a.hocr", "a.tsv"} {
		if s := read(filepath.Join(dir, name)); !strings.Contains(s, "phần") {
			t.Errorf("%s was not corrected:\n%s", name, s)
		}
	}
	if _, errs, status = runCmd(t, fix, "apply", "-", "-o", dir); status != ExitOK || !strings.Contains(errs, "0 of 2") {
		t.Errorf("a second time: status %d, stderr %q", status, errs)
	}

	// A text changed by hand is left alone.
	if err := os.WriteFile(txt, []byte("của tôi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	more := strings.NewReplacer(`"cô"`, `"cổ"`, `"to":"cổ"`, `"to":"Cổ"`, `"from":"phân","to":"phần"`, `"from":"phần","to":"phần"`).Replace(fix)
	more = strings.Replace(more, `"from":"Cổ"`, `"from":"cổ"`, 1)
	if _, errs, status = runCmd(t, more, "apply", "-", "-o", dir); status != ExitPartial || !strings.Contains(errs, "a.txt is left alone") || read(txt) != "của tôi\n" {
		t.Errorf("changed by hand: status %d, stderr %q, text %q", status, errs, read(txt))
	}
}

func TestApplyErrors(t *testing.T) {
	dir := t.TempDir()
	writeOutputs(t, dir, "txt", "json")
	for _, tt := range []struct {
		name, stdin string
		args        []string
		status      int
		stderr      string
	}{
		{"no argument", "", nil, ExitUsage, "no file of corrections"},
		{"no corrections", "{}", []string{"-"}, ExitFailed, "not a file of corrections"},
		{"no outputs", `{"schema":"congvan-corrections","version":1,"document":"b.pdf"}`, []string{"-", "-o", dir}, ExitFailed, "no JSON output of b.pdf"},
		{"out of the folder", `{"schema":"congvan-corrections","version":1,"document":"../../etc/a.pdf"}`, []string{"-", "-o", dir}, ExitFailed, "no JSON output"},
		{"another text", `{"schema":"congvan-corrections","version":1,"document":"thu/a.pdf","corrections":[{"page":1,"line":1,"word":1,"from":"x","to":"y"}]}`, []string{"-", "-o", dir}, ExitFailed, `is "cô", not "x"`},
		{"both", "", []string{"x", "-o", dir, "--json", "y"}, ExitUsage, "exclude each other"},
	} {
		_, errs, status := runCmd(t, tt.stdin, append([]string{"apply"}, tt.args...)...)
		if status != tt.status || !strings.Contains(errs, tt.stderr) {
			t.Errorf("%s: status %d, stderr %q", tt.name, status, errs)
		}
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "a.txt")); string(b) != "cô phân riêng lẻ\n" {
		t.Errorf("the text became %q", b)
	}
}
