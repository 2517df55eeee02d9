package restore_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
)

// A long block comes to the same odds in pieces as it does whole; one of right text is not
// weighed to its end.
func TestPieces(t *testing.T) {
	r := restorer(t, restore.Auto)
	for name, right := range map[string]bool{"quy-che.txt": true, "du-an.txt": true, "sao-y.vie.txt": false, "nghi-quyet.vie.txt": false} {
		text, err := os.ReadFile("../../testdata/letters/" + name)
		if err != nil {
			t.Fatal(err)
		}
		block := strings.Join(strings.Fields(string(text)), " ")
		whole, pieces, hopeless := r.OddsOf("vie", block)
		if math.Abs(whole-pieces) > 0.1 {
			t.Errorf("%s: odds of %.2f, in pieces %.2f", name, whole, pieces)
		}
		if right && (hopeless > -10 || hopeless < pieces/2) {
			t.Errorf("%s: odds of %.2f until beyond hope, of %.2f in all", name, hopeless, pieces)
		}
	}
}
