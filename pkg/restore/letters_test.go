package restore_test

import (
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/restore"
)

const aboutLetters = `Syllables that are wrong in the test letters once restored, by what garbled
them: readers of images (eng, vie; west: one of fra, deu, Latin), and what
lettertest makes of the truth. Renew with
go test ./pkg/restore -run Letters -update`

// TestLetters restores the test letters from what readers and other damage
// left of them. Each letter comes in as an English reader or a Vietnamese one
// left it, by turns, and in one or two other ways, so that the test stays quick.
func TestLetters(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	table := lettertest.OpenTable(t, "letters.txt", aboutLetters, *update)
	r := restorer(t, restore.Auto)
	for i, l := range lettertest.Letters(t) {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			for col, in := range inputs(t, i, l) {
				table.Count(t, l.Name, col, l.Truth, text(t, r, in).Text)
			}
		})
	}
}

// inputs returns what the i-th letter comes in as, by column of the table.
func inputs(t *testing.T, i int, l *lettertest.Letter) map[string]string {
	readings := l.Readings(t)
	own := []string{"eng", "vie"}[i%2]
	in := map[string]string{own: readings[own]}
	for _, other := range []string{"fra", "deu", "Latin"} {
		if readings[other] != "" {
			in["west"] = readings[other]
		}
	}
	if readings["ocrad"] != "" {
		in["ocrad"] = readings["ocrad"]
	}
	g := lettertest.Garbles[i%len(lettertest.Garbles)]
	in[g.Name] = g.Make(l.Truth)
	return in
}

// TestLettersStay: what is right stays, to the byte.
func TestLettersStay(t *testing.T) {
	r := restorer(t, restore.Auto)
	letters := lettertest.Letters(t)
	if testing.Short() {
		letters = letters[:4]
	}
	for _, l := range letters {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			if got := text(t, r, l.Truth).Text; got != l.Truth {
				t.Errorf("changed:\n%s", diff(l.Truth, got))
			}
		})
	}
}
