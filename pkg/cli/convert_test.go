package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a command of the tree and returns what it wrote and its status.
func runCmd(t *testing.T, stdin string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	std := &Streams{In: strings.NewReader(stdin), Out: &o, Err: &e}
	root := newRootCmd(std)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	status = report(std, nil, err)
	return o.String(), e.String(), status
}

func TestConvert(t *testing.T) {
	dir := t.TempDir()
	path := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o640); err != nil {
			t.Fatal(err)
		}
		return p
	}
	abc := "C\xe9ng h\xdfa x\xb7 h\xe9i ch\xf1 ngh\xdca Vi\xd6t Nam\n"
	const text = "Cộng hòa xã hội chủ nghĩa Việt Nam\n"

	if out, _, status := runCmd(t, abc, "convert"); out != text || status != 0 {
		t.Errorf("auto: %q, status %d", out, status)
	}
	if out, _, status := runCmd(t, text, "convert", "--to", "ABC"); out != abc || status != 0 {
		t.Errorf("to tcvn3: %q, status %d", out, status)
	}
	wrapped := "C\u00e9ng h\u00dfa x\u00b7 h\u00e9i ch\u00f1 ngh\u00dca Vi\u00d6t Nam\n"
	for _, from := range []string{"auto", "tcvn3"} {
		if out, _, status := runCmd(t, wrapped, "convert", "--from", from); out != text || status != 0 {
			t.Errorf("from %s inside UTF-8: %q, status %d", from, out, status)
		}
	}

	a, b := path("a.txt", abc), path("b.txt", text)
	if _, errs, status := runCmd(t, "", "convert", "--in-place", a, b, filepath.Join(dir, "none")); status != ExitPartial ||
		!strings.Contains(errs, "none: no such file") || !strings.Contains(errs, "1 of 3 files") {
		t.Errorf("status %d, stderr %q", status, errs)
	}
	for _, p := range []string{a, b} {
		got, _ := os.ReadFile(p)
		st, _ := os.Stat(p)
		if string(got) != text || st.Mode().Perm() != 0o640 {
			t.Errorf("%s holds %q, mode %v", p, got, st.Mode())
		}
	}

	// A letter that the encoding lacks: nothing is written.
	c := path("c.txt", "Cộng hòa 中\n")
	if _, errs, status := runCmd(t, "", "convert", "--in-place", "--to", "vni", c); status != 1 || !strings.Contains(errs, "hint: --lossy") {
		t.Errorf("status %d, stderr %q", status, errs)
	}
	if got, _ := os.ReadFile(c); string(got) != "Cộng hòa 中\n" {
		t.Errorf("the file is now %q", got)
	}
	if out, _, status := runCmd(t, "", "convert", "--lossy", "--to", "viqr", c); out != "Co^.ng ho`a ?\n" || status != 0 {
		t.Errorf("lossy: %q, status %d", out, status)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".*.part"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	// Lines of Unicode among those of an old encoding, stored as UTF-8 or raw, are left alone.
	const unicode = "Người lao động được hưởng lương theo quy định.\n"
	for _, old := range []string{wrapped, abc} {
		if out, errs, status := runCmd(t, unicode+old+"\n"+unicode, "convert"); out != unicode+text+"\n"+unicode || status != 0 || !strings.Contains(errs, "in two encodings") {
			t.Errorf("two encodings: %q, stderr %q, status %d", out, errs, status)
		}
		if out, _, _ := runCmd(t, unicode+old+"\n"+unicode, "convert", "--detect"); !strings.Contains(out, "tcvn3") || !strings.Contains(out, "in lines 2-3, the others utf-8") {
			t.Errorf("two encodings: detected %q", out)
		}
	}
	// So are they among lines that were encoded twice.
	const twice = "NgÆ°á»\u009di lao Ä\u0091á»\u0099ng Ä\u0091Æ°á»£c hÆ°á»\u009fng lÆ°Æ¡ng theo quy Ä\u0091á»\u008bnh.\n"
	if out, errs, status := runCmd(t, strings.Repeat(unicode, 4)+twice+unicode, "convert"); out != strings.Repeat(unicode, 6) || status != 0 || !strings.Contains(errs, "double-utf8") {
		t.Errorf("encoded twice in part: %q, stderr %q, status %d", out, errs, status)
	}
	// Signs that are letters in no text stay.
	for _, in := range []string{"5 µm à 20 °C\n", "là 5 m² ± 2\n", "Điều 5 ¶ và § 6, Windows® là gì?\n", "các số ½ × 3 ÷ 4 «á» · à\n"} {
		if out, _, status := runCmd(t, in, "convert"); out != in || status != 0 {
			t.Errorf("%q became %q", in, out)
		}
	}
	// Abbreviations do not make a heading of what stands beside them.
	if out, _, _ := runCmd(t, "S\xe8: 12/Q\xa7-UBND\nS\xeb YT\nV\xd2 BHXH\n", "convert", "--from", "tcvn3"); out != "Số: 12/QĐ-UBND\nSở YT\nVề BHXH\n" {
		t.Errorf("TCVN3 beside abbreviations: %q", out)
	}

	if out, _, _ := runCmd(t, abc, "convert", "--detect"); out != "standard input: tcvn3 (88 %)\n" {
		t.Errorf("detect: %q", out)
	}
	if _, errs, status := runCmd(t, "caf\xe9\n", "convert"); status != 1 || !strings.Contains(errs, "hint: name it with --from") {
		t.Errorf("unknown: status %d, %q", status, errs)
	}
	if _, errs, status := runCmd(t, text+"\xff\n", "convert", "--from", "utf-8"); status != 1 || !strings.Contains(errs, "invalid UTF-8 at byte 46") {
		t.Errorf("invalid: status %d, %q", status, errs)
	}
	for _, args := range [][]string{
		{"--from", "ebcdic"}, {"--to", "ebcdic"}, {"a", "b"}, {"--in-place"}, {"--in-place", "-o", "x", "a"},
	} {
		if out, _, status := runCmd(t, "", append([]string{"convert"}, args...)...); status != ExitUsage || out != "" {
			t.Errorf("convert %v: status %d, stdout %q", args, status, out)
		}
	}
}
