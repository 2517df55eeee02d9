package restore

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
)

// Each unit asks a few witnesses, however many cover it.
func TestWitnessesGrow(t *testing.T) {
	asked := func(n int) (calls int) {
		b := &builder{bounds: evidence.DefaultBounds()}
		b.reset(strings.Repeat("xã ", n))
		all := make([]Witness, n)
		for i := range all {
			all[i] = Witness{Start: i, End: len(b.text), Channel: "vie", Read: "xã"}
		}
		b.attachWitnesses(all, func(string) *channel.Model { calls++; return nil })
		return calls
	}
	if once, twice := asked(200), asked(400); twice > 3*once || once < 200 {
		t.Errorf("%d questions, %d of twice as many", once, twice)
	}
}

// The nodes of a run go up along it, two before each character but the first.
func TestNumber(t *testing.T) {
	b := &builder{bounds: evidence.DefaultBounds()}
	b.reset("(ab,c) d")
	b.number()
	//         (  ab ,  c  )   d   end
	want := []int32{0, 2, 6, 8, 10, 12, 14}
	ends := []int32{2, 7, 8, 11, 12, 14}
	for i, n := range want {
		if b.nodes[i] != n || i < len(ends) && b.ends[i] != ends[i] {
			t.Fatalf("nodes %v, ends %v; want %v and %v", b.nodes, b.ends, want, ends)
		}
	}
	b.chain(0, len(b.units))
	if b.end() != len(b.units) {
		t.Errorf("without characters the last node is %d of %d units", b.end(), len(b.units))
	}
}
