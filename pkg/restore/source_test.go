package restore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

func letter(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata/letters", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSourceChanges: long stripped text, a garbled letter and a clean one in one
// file are each told apart, whatever came before.
func TestSourceChanges(t *testing.T) {
	clean := ""
	for _, name := range []string{"bao-cao.txt", "quyet-dinh.txt", "ke-hoach.txt", "to-trinh.txt"} {
		clean += letter(t, name) + "\n\n"
	}
	bare, garbled := viet.Strip(clean), letter(t, "cong-van.eng.txt")+"\n\n"
	parts := []struct{ text, source string }{
		{bare, restore.Strip}, {garbled, "eng"}, {bare, restore.Strip}, {clean, restore.Clean}, {garbled, "eng"},
	}
	doc := restorer(t, restore.Auto).Document()
	for k, part := range parts {
		right, all := 0, 0
		for block := range strings.SplitSeq(part.text, "\n\n") {
			res := doc.Block(block)
			if len(strings.Fields(block)) < 8 {
				continue
			}
			all++
			if res.Source == part.source {
				right++
			}
		}
		if all-right > 1 { // the garbled letter has a heading that only lost its marks
			t.Errorf("part %d: %d of %d blocks are %s", k, right, all, part.source)
		}
	}
}
