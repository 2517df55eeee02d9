package conform

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program without Tesseract takes the text that a PDF holds, and fails on what
// it can't read, on that alone.
func TestWithoutCgo(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "congvan")
	build := exec.Command("go", "build", "-o", bin, "github.com/congvan-cli/congvan/cmd/congvan")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("SKIPPED: poppler is not installed")
	}
	out, err := exec.Command(bin, "ocr", "testdata/born-digital.pdf", "-o", "-").Output()
	if err != nil || !strings.Contains(string(out), "Kính gửi: Ủy ban nhân dân các huyện") {
		t.Errorf("%v: %s", err, out)
	}
	both := exec.Command(bin, "ocr", "testdata/born-digital.pdf", "../../../testdata/letters/cong-van.png", "-o", dir)
	said, _ := both.CombinedOutput()
	if code := both.ProcessState.ExitCode(); code != 3 || !strings.Contains(string(said), "cong-van.png: this congvan was built without Tesseract") {
		t.Errorf("exit status %d: %s", code, said)
	}
}

// What differs between systems builds for each of them; that of Windows is not run
// anywhere here.
func TestOtherSystems(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	for _, system := range []string{"windows", "darwin"} {
		vet := exec.Command("go", "vet", "./pkg/internal/batch", "./pkg/internal/whole")
		vet.Dir, vet.Env = "../../..", append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		if out, err := vet.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", system, err, out)
		}
	}
}
