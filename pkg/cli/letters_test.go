package cli

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

var update = flag.Bool("update", false, "rewrite the table of counts")

const aboutScans = `What 'congvan ocr' gets wrong of the scans of test letters, as Tesseract 5.3
reads them: syllables of the text, and fields (number, date, type, issuer,
signer). Renew with go test ./pkg/cli -run Letters -update`

// scans are letters of one page, of every state.
var scans = []string{
	"bao-cao.png", "cong-van.png", "giay-gioi-thieu.jpg", "giay-nghi-phep.png", "giay-uy-quyen.png", "phieu-bao.jpg", "phieu-chuyen.png", "phieu-gui.png",
}

// TestLetters reads scans from end to end.
func TestLettersRead(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	if version, err := exec.Command("tesseract", "--version").CombinedOutput(); err != nil || !strings.HasPrefix(string(version), "tesseract 5.3.") {
		t.Skip("SKIPPED: the counts are of Tesseract 5.3")
	}
	if _, err := tesseract.FindData("", "vie", "eng"); err != nil || !tesseract.Available {
		t.Skip("SKIPPED: this program can't read images here")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "congvan")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/congvan").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	args := []string{"ocr", "-o", filepath.Join(dir, "out"), "--format", "txt,json", "--quiet"}
	for _, s := range scans {
		args = append(args, filepath.Join(lettertest.Dir, s))
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	table := lettertest.OpenTable(t, "scans.txt", aboutScans, *update)
	for _, l := range lettertest.Letters(t) {
		if !slices.ContainsFunc(scans, func(s string) bool { return strings.HasPrefix(s, l.Name+".") }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, "out", l.Name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		table.Count(t, l.Name, "text", l.Truth, string(text))
		data, err := os.ReadFile(filepath.Join(dir, "out", l.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Letter letter.Letter }
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		wrong := wrongFields(&l.Fields, &file.Letter)
		table.Add(t, l.Name, "fields", len(wrong), strings.Join(wrong, "\n"))
	}
}

func wrongFields(want *synth.Fields, got *letter.Letter) (wrong []string) {
	for _, f := range [][3]string{
		{"number", got.Number, want.Number}, {"date", got.Date, want.Date}, {"type", got.Type, want.Type},
		{"issuer", got.Issuer, want.Issuer}, {"signer", got.Signer, want.Signer},
	} {
		if f[1] != f[2] {
			wrong = append(wrong, f[0]+": "+f[1]+", want "+f[2])
		}
	}
	return wrong
}
