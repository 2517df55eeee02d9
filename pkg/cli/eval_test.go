package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEval(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, dir, map[string]string{
		"truth/a.txt": "Kính gửi: Sở Y tế\n", "truth/sub/b.gold.txt": "một hai\nba\n", "truth/lost.txt": "x",
		"read/a.txt": "Kính gưi: So Y tế\n", "read/sub/b.vie.txt": "một hai\nba\n",
		"raw/a.txt": "Kinh gui: So Y te\n", "raw/sub/b.eng.txt": "mot hai\nba\n",
	})
	out, errs, status := runCmd(t, "", "eval", "--gold", "truth", "--pred", "read", "--raw", "raw")
	if status != ExitPartial || !strings.Contains(errs, "truth/lost.txt: no counterpart read/lost.txt") {
		t.Errorf("status %d, stderr %q", status, errs)
	}
	// Two of five and none of three syllables; raw has four and one.
	for _, want := range []string{"2 of 8 syllables", "5 of 8 syllables", "all 2 files", "ở → o", "0 of 3 syllables that were right"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	os.Remove("truth/lost.txt")

	for _, tt := range []struct{ format, want string }{
		{"json", `"ser":{"errors":2,"total":8}`},
		{"html", `<mark class="marks">ở</mark>`},
	} {
		out, errs, status := runCmd(t, "", "eval", "--gold", "truth", "--pred", "read", "--format", tt.format, "-o", "r."+tt.format)
		got, _ := os.ReadFile("r." + tt.format)
		if status != 0 || out != "" || errs != "" || !strings.Contains(string(got), tt.want) {
			t.Errorf("%s: status %d, stderr %q, no %q in\n%s", tt.format, status, errs, tt.want, got)
		}
	}
	if _, _, status := runCmd(t, "", "eval", "--gold", "truth", "--pred", "raw", "--format", "json", "-o", "raw.json"); status != 0 {
		t.Error("no report on raw/")
	}
	if out, errs, status := runCmd(t, "", "eval", "compare", "r.json", "raw.json"); status != 0 || !strings.Contains(out, "SER  25.00  62.50  +37.50") {
		t.Errorf("compare: status %d, %q\n%s", status, errs, out)
	}
	if out, _, status := runCmd(t, "", "eval", "compare", "r.json", "raw.json", "--format", "json"); status != 0 || !strings.Contains(out, `"delta":0.375`) {
		t.Errorf("compare: status %d\n%s", status, out)
	}
	if out, _, status := runCmd(t, "mot hai\nba", "eval", "--gold", "truth/sub/b.gold.txt", "--pred", "-", "--max-ser", "10"); status != 1 || !strings.Contains(out, "33.33") {
		t.Errorf("standard input: status %d\n%s", status, out)
	}
	if _, _, status := runCmd(t, "", "eval", "--gold", "truth/sub", "--gold-suffix", ".gold.txt", "--pred", "read/sub", "--pred-suffix", ".vie.txt", "--max-ser", "1"); status != 0 {
		t.Errorf("suffixes: status %d", status)
	}
	for _, args := range [][]string{
		{}, {"--gold", "truth"}, {"--gold", "truth", "--pred", "read", "--fold", "x"}, {"--gold", "truth", "--pred", "read", "--format", "x"}, {"compare", "r.json"},
	} {
		if out, _, status := runCmd(t, "", append([]string{"eval"}, args...)...); status != ExitUsage || out != "" {
			t.Errorf("eval %v: status %d, %q", args, status, out)
		}
	}
	if _, errs, status := runCmd(t, "", "eval", "compare", "r.json", "r.html"); status != 1 || !strings.Contains(errs, "r.html: not a report") {
		t.Errorf("compare with HTML: status %d, %q", status, errs)
	}
}
