package restore_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/congvan-cli/congvan/pkg/restore"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden restores the texts in testdata. Each archive holds the input (in)
// and the output (want), which -update renews. The other sections are not
// renewed: lines that the input holds and the output must hold as well (keep),
// lines that the output must hold (has), and same, that nothing may change.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	section := map[string]string{}
	for _, f := range ar.Files {
		section[f.Name] = string(f.Data)
	}
	in := section["in"]
	got := text(t, restorer(t, restore.Auto), in).Text
	if _, same := section["same"]; same && got != in {
		t.Errorf("changed:\n%s", diff(in, got))
	}
	for _, s := range strings.Split(section["keep"], "\n") {
		if !strings.Contains(got, s) {
			t.Errorf("%q is gone", s)
		}
	}
	for _, s := range strings.Split(section["has"], "\n") {
		if !strings.Contains(got, s) {
			t.Errorf("%q is missing", s)
		}
	}
	if _, ok := section["same"]; ok || got == section["want"] {
		return
	}
	if !*update {
		t.Errorf("not what was expected (renew with -update):\n%s", diff(section["want"], got))
		return
	}
	files := ar.Files[:0]
	for _, f := range ar.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	ar.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(file, txtar.Format(ar), 0o666); err != nil {
		t.Fatal(err)
	}
}

// diff shows the lines that differ.
func diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			out.WriteString("-" + x + "\n+" + y + "\n")
		}
	}
	return out.String()
}

// TestLetter restores a whole letter that Tesseract read with its English data,
// and counts the lines that come out as they were printed.
func TestLetter(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile("../../testdata/letters/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	truth := read("cong-van.txt")
	got := text(t, restorer(t, restore.Auto), read("cong-van.eng.txt")).Text
	right, all := 0, 0
	for _, line := range strings.Split(truth, "\n") {
		if line == "" {
			continue
		}
		all++
		if strings.Contains(got, line) {
			right++
		}
	}
	t.Logf("%d of %d lines right", right, all)
	if right*10 < all*6 {
		t.Errorf("%d of %d lines right, want 60 %% at least", right, all)
	}
	for _, s := range []string{
		"1245/SVHTT-QLDS", "87/KH-UBND", "22/3/2024", "27/4/2024", "18.750.000.000", "65%", "35%", "42.600",
		"10/5/2024", "qlds@svhtt.binhson.gov.vn", "0255.3712.468", "0987.120.345", "Dublin Core", "Google Meet", "Zoom",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("%q is gone", s)
		}
	}
}
