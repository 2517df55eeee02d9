package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/check"
)

const cleanLetter = `Kính gửi: Các phòng, ban thuộc huyện; Ủy ban nhân dân các xã, thị trấn.

Thực hiện Công văn số 45/SNV-TCBC ngày 12 tháng 3 năm 2014 của Sở Nội vụ, Chủ tịch Ủy ban nhân dân huyện yêu cầu
thủ trưởng các đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản và gửi về Văn phòng trước ngày 30 để tổng hợp.
`

const strippedLetter = `Thuc hien Cong van so 45 ngay 12 thang 3 cua So Noi vu, Chu tich Uy ban nhan dan huyen yeu cau
thu truong cac don vi nghien cuu, dong gop y kien bang van ban va gui ve Van phong truoc ngay 30.
`

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, dir, map[string]string{
		"a/clean.txt": cleanLetter, "a/stripped.txt": strippedLetter, "a/typos.txt": cleanLetter + "ban nghành, tòan thể\n", "a/english.txt": "Nothing here is Vietnamese.\n",
	})
	out, errs, status := runCmd(t, "", "check", "a")
	if status != 1 || strings.Count(out, "\n") != 3 || !strings.Contains(out, "a/stripped.txt:1:1: error CV002") ||
		!strings.Contains(out, "a/typos.txt:5:13: warning CV016") || !strings.Contains(errs, "4 files checked: 1 error, 2 warnings, 0 notes; --fix repairs 1") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	for _, tt := range []struct {
		args   string
		status int
		lines  int
	}{
		{"check a/clean.txt a/english.txt", 0, 0},
		{"check a/typos.txt", 0, 2}, // warnings do not fail
		{"check --fail-on warning a/typos.txt", 1, 2},
		{"check --fail-on never a", 0, 3},
		{"check --max-errors 1 a", 1, 1},
		{"check --rule stripped=off a", 0, 2},
		{"check --rule CV009=error,CV016=off a/typos.txt", 1, 1},
		{"check --no-model a/clean.txt", 0, 0},
		{"check --format json a/typos.txt", 0, 3},
		{"check --format github a", 1, 3},
		{"check --list-rules", 0, 20},
		{"check --exit-zero a", 0, 3},
		{"check --statistics a", 1, 3},
		{"check --format gitlab --exit-zero a/english.txt", 0, 1},
		{"check --statistics --format junit a", ExitUsage, 0},
		{"check --exit-zero --fail-on note a", ExitUsage, 0},
		{"check --fix --fix-only a", ExitUsage, 0},
		{"check --format xml a", ExitUsage, 0},
		{"check --fail-on often a", ExitUsage, 0},
		{"check --rule CV999=off a", ExitUsage, 0},
		{"check --rule CV001 a", ExitUsage, 0},
		{"check --jobs 0 a", ExitUsage, 0},
		{"check --fix --diff a", ExitUsage, 0},
		{"check --explain CV999", ExitUsage, 0},
		{"check --baseline none a", ExitUsage, 0},
		{"check --config none a", ExitUsage, 0},
		{"check --color pink a", ExitUsage, 0},
		{"check --model none a", ExitData, 0},
		{"check nowhere", ExitUsage, 0},
	} {
		out, errs, status := runCmd(t, "", strings.Fields(tt.args)...)
		if n := strings.Count(out, "\n"); status != tt.status || n != tt.lines {
			t.Errorf("%s: status %d, want %d, %d lines, want %d\n%s%s", tt.args, status, tt.status, n, tt.lines, out, errs)
		}
	}
	if out, _, _ := runCmd(t, "", "check", "--explain", "stripped"); !strings.HasPrefix(out, "# CV002 stripped\n") {
		t.Errorf("explain: %q", out)
	}
	if out, _, status := runCmd(t, strippedLetter, "check", "-"); status != 1 || !strings.HasPrefix(out, "<stdin>:1:1: error CV002") {
		t.Errorf("standard input: status %d, %q", status, out)
	}

	// Repair.
	if out, _, status := runCmd(t, "", "check", "--diff", "a"); status != 1 || !strings.Contains(out, "\n-ban nghành, tòan thể\n+ban nghành, toàn thể\n") {
		t.Errorf("diff: status %d\n%s", status, out)
	}
	if out, errs, _ := runCmd(t, "", "check", "--fix", "a/typos.txt"); strings.Contains(out, "CV016") || !strings.Contains(errs, "1 fixed") {
		t.Errorf("fix: %s%s", out, errs)
	}
	if got, _ := os.ReadFile("a/typos.txt"); string(got) != cleanLetter+"ban nghành, toàn thể\n" {
		t.Errorf("fixed: %q", got)
	}
	if out, _, status := runCmd(t, "hòan "+cleanLetter, "check", "--fix", "-"); status != ExitPartial {
		t.Errorf("fix of standard input: status %d, %q", status, out)
	}

	// Old findings.
	if _, errs, status := runCmd(t, "", "check", "--write-baseline", "base.json", "a"); status != 0 || !strings.Contains(errs, "2 findings accepted") {
		t.Errorf("write baseline: status %d, %s", status, errs)
	}
	write(t, dir, map[string]string{"a/new.txt": strippedLetter, "a/typos.txt": "Một dòng mới ở trên.\n" + cleanLetter + "ban nghành, toàn thể\n"})
	if out, errs, status := runCmd(t, "", "check", "--baseline", "base.json", "a"); status != 1 || strings.Count(out, "\n") != 1 ||
		!strings.Contains(out, "a/new.txt:1:1: error CV002") || !strings.Contains(errs, "2 accepted by the baseline") {
		t.Errorf("baseline: status %d\n%s%s", status, out, errs)
	}

	// Configuration.
	write(t, dir, map[string]string{".congvan.yaml": "rules: {stripped: note}\nexclude: [a/new.txt]\nfail-on: note\nbaseline: base.json\nmodel: false\n"})
	if out, errs, status := runCmd(t, "", "check", "a"); status != 0 || out != "" || !strings.Contains(errs, "2 accepted") {
		t.Errorf("configuration: status %d\n%s%s", status, out, errs)
	}
	write(t, dir, map[string]string{".congvan.yaml": "rule: {}\n"})
	if _, errs, status := runCmd(t, "", "check", "a"); status != ExitUsage || !strings.Contains(errs, ".congvan.yaml:1:1: no setting \"rule\"\n    1 | rule: {}\n      | ^\ncongvan: hint: did you mean rules?") {
		t.Errorf("bad configuration: status %d, %s", status, errs)
	}
	os.Remove(".congvan.yaml")

	// A file that can't be read does not stop the others.
	write(t, dir, map[string]string{"a/broken.pdf": "%PDF-1.4 nonsense"})
	out, errs, status = runCmd(t, "", "check", "--fail-on", "never", "a", "nowhere.txt")
	if status != ExitPartial || !strings.Contains(errs, "a/broken.pdf: damaged PDF") || !strings.Contains(errs, "nowhere.txt: no such file") || !strings.Contains(out, "CV002") {
		t.Errorf("broken PDF: status %d\n%s%s", status, out, errs)
	}
	if _, _, status := runCmd(t, "", "check", "--write-baseline", "bl.json", "a/broken.pdf"); status != ExitPartial {
		t.Errorf("a baseline of what can't be read: status %d", status)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Log("SKIPPED: no pdftotext")
	}
}

// Each file is governed by the nearest configuration: its rules, its model, what it
// fails on, its baseline.
func TestCheckConfigs(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	typos := cleanLetter + "ban nghành, tòan thể\n"
	write(t, dir, map[string]string{
		".congvan.yaml": "model: false\n", "top.txt": typos,
		"strict/.congvan.yaml": "fail-on: warning\nrules: {CV016: off}\nmodel: false\n", "strict/a.txt": typos,
		"old/.congvan.yaml": "baseline: base.json\nfail-on: note\nmodel: false\n", "old/a.txt": typos, "old/b.txt": typos,
		"out/.congvan.yaml": "exclude: ['*.txt']\nmodel: false\n", "out/a.txt": typos,
	})
	if _, errs, status := runCmd(t, "", "check", "--write-baseline", "old/base.json", "old"); status != 0 || !strings.Contains(errs, "4 findings accepted") {
		t.Fatalf("baseline: status %d, %s", status, errs)
	}
	out, errs, status := runCmd(t, "", "check", ".")
	if status != 1 || strings.Count(out, "\n") != 3 || strings.Count(out, "top.txt:5:") != 2 || !strings.Contains(out, "strict/a.txt:5:5: warning CV009") || !strings.Contains(errs, "4 accepted") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if _, _, status := runCmd(t, "", "check", "top.txt", "old"); status != 0 {
		t.Errorf("warnings of top.txt fail what old/ says: status %d", status)
	}
	// The baseline holds from anywhere, and for files that are named.
	t.Chdir("old")
	if out, errs, status := runCmd(t, "", "check", "../old/a.txt"); status != 0 || out != "" || !strings.Contains(errs, "2 accepted") {
		t.Errorf("in old/: status %d\n%s%s", status, out, errs)
	}
	// What is mended, or gone, is stale; what was not looked at is not.
	write(t, dir, map[string]string{"old/a.txt": cleanLetter + "ban nghành, toàn thể\n"})
	os.Remove("b.txt")
	stale := "base.json: accepted, and not there any more: "
	if _, errs, status := runCmd(t, "", "check", "a.txt"); status != 0 || strings.Count(errs, stale) != 3 ||
		!strings.Contains(errs, stale+`a.txt: CV016 "tòan"`) || !strings.Contains(errs, "hint: --write-baseline") {
		t.Errorf("stale: status %d\n%s", status, errs)
	}
	if _, errs, _ := runCmd(t, "", "check", "--rule", "CV016=off", "a.txt"); strings.Contains(errs, "a.txt: CV016") {
		t.Errorf("a rule that is off leaves stale entries:\n%s", errs)
	}
	t.Chdir(dir)
	// Excluded files are checked when they are named, unless that is forced.
	if out, _, _ := runCmd(t, "", "check", "out/a.txt"); out == "" {
		t.Error("a named file is excluded")
	}
	if out, errs, status := runCmd(t, "", "check", "--force-exclude", "out/a.txt"); status != 0 || out != "" || !strings.Contains(errs, "0 files checked") {
		t.Errorf("forced: status %d\n%s%s", status, out, errs)
	}
	// Standard input is governed by where it says it is from.
	if out, _, status := runCmd(t, typos, "check", "--stdin-name", "strict/new.txt", "-"); status != 1 || !strings.HasPrefix(out, "strict/new.txt:5:5: warning CV009") || strings.Contains(out, "CV016") {
		t.Errorf("standard input: status %d\n%s", status, out)
	}
	// What is fixed is fixed, and of the rest nothing is said.
	if out, errs, status := runCmd(t, "", "check", "--fix-only", "top.txt"); status != 0 || out != "" || errs != "congvan: 1 file checked, 1 fixed\n" {
		t.Errorf("--fix-only: status %d\n%s%s", status, out, errs)
	}
	if got, _ := os.ReadFile("top.txt"); string(got) != cleanLetter+"ban nghành, toàn thể\n" {
		t.Errorf("fixed: %q", got)
	}
}

// The result does not depend on how many files are checked at a time.
func TestCheckOrder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	files := map[string]string{}
	for i := range 300 {
		files[filepath.Join("d", strings.Repeat("x", i%7)+string(rune('a'+i%26))+string(rune('a'+i/26))+".txt")] = strings.Repeat(strippedLetter, 1+i%3)
	}
	write(t, dir, files)
	one, _, _ := runCmd(t, "", "check", "--no-model", "-j", "1", "d")
	many, _, _ := runCmd(t, "", "check", "--no-model", "-j", "8", "d")
	if one != many || strings.Count(one, "\n") != len(files) {
		t.Errorf("%d and %d lines for %d files", strings.Count(one, "\n"), strings.Count(many, "\n"), len(files))
	}
}

func TestByPage(t *testing.T) {
	text := []byte("một\nhai\n\fba\nbốn\n\fnăm\n")
	for _, tt := range []struct{ line, page, want int }{{1, 1, 1}, {2, 1, 2}, {3, 2, 1}, {4, 2, 2}, {5, 3, 1}} {
		fs := []check.Finding{{Line: tt.line, EndLine: tt.line}}
		byPage(fs, text)
		if want := fmt.Sprintf("page %d: ", tt.page); fs[0].Line != tt.want || fs[0].Message != want {
			t.Errorf("line %d is %sline %d, want %sline %d", tt.line, fs[0].Message, fs[0].Line, want, tt.want)
		}
	}
}
