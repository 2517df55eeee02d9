package restore_test

import (
	"math"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// The evidence of each arc adds up to its score, the chosen arcs spell the result,
// and no other arc of its place scores higher where it was no close race.
func TestArcs(t *testing.T) {
	for _, tt := range []struct{ source, in string }{
		{restore.Strip, "Nghe si Le Tuong Sang hat hai bai.\nKhan gia tang hoa cho Le Tuong Sang.\n"},
		{"eng", "Kinh gti: Uy ban nhan dan cac huyén, thi x4, thanhpho.\nS6 12/QD-UBND ngay 5/6/2021, tht? MARC 07thang.\n"},
		{"vie", "kết quà thực hiện\n"},
	} {
		r := newRestorer(t, restore.Options{Source: tt.source, Arcs: true})
		res := text(t, r, tt.in)
		if plain := text(t, restorer(t, tt.source), tt.in); plain.Text != res.Text {
			t.Errorf("%s: %q with arcs, %q without", tt.source, res.Text, plain.Text)
		}
		var spelled []string
		for _, a := range res.Arcs {
			sum := 0.0
			for _, e := range a.Evidence {
				sum += float64(e.Value) * float64(e.Weight)
			}
			if math.Abs(sum-a.Score) > 1e-3 {
				t.Errorf("%s: %q for %q scores %g, its evidence %g: %v", tt.source, a.Text, a.Read, a.Score, sum, a.Evidence)
			}
			if tt.in[a.In.Start:a.In.End] != a.Read {
				t.Errorf("%s: %q is not at %v", tt.source, a.Read, a.In)
			}
			if a.Chosen {
				spelled = append(spelled, a.Text)
			}
		}
		if got, want := strings.Join(spelled, ""), strings.Join(strings.Fields(res.Text), ""); got != want {
			t.Errorf("%s: the chosen arcs spell %q, the result is %q", tt.source, got, want)
		}
	}
}

// Weights can be set: without the language model and the memory of words the
// likeliest misreading wins.
func TestWeights(t *testing.T) {
	const in = "kết quà thực hiện"
	none := evidence.Default().With(evidence.Language, 1e-9)
	for _, tt := range []struct {
		weights *evidence.Weights
		want    string
	}{{nil, "kết quả thực hiện"}, {none, in}} {
		m := shipped()
		m.Weights = tt.weights
		r, err := restore.New(m, restore.Options{Source: "vie"})
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, r, in).Text; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
