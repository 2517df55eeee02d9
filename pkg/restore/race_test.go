package restore

import (
	"slices"
	"testing"
)

// A channel sits out once it is far enough behind, whatever a single block says, but not
// for blocks that the leader explains badly, nor for each one in eight.
func TestRace(t *testing.T) {
	var r race
	block := func(eng, any float64) {
		r.begin()
		for _, source := range r.leaderFirst([]string{"eng", "any"}) {
			if !r.sitsOut(source) {
				r.run(source, map[string]float64{"eng": eng, "any": any}[source])
			}
		}
	}
	for range beaten/5 - 2 {
		block(20, 15)
	}
	sitsOut := func(leads float64) bool {
		now := r.clone()
		now.begin()
		now.run("eng", leads)
		return now.sitsOut("any")
	}
	if r.leader != "eng" || sitsOut(20) {
		t.Errorf("%s leads and any sits out when it is %.0f behind", r.leader, r.behind["any"])
	}
	block(200, 10)
	if sitsOut(20) {
		t.Error("any sits out because of one block")
	}
	block(20, 15)
	if !sitsOut(20) {
		t.Errorf("any does not sit out when it is %.0f behind", r.behind["any"])
	}
	if sitsOut(1) {
		t.Error("any sits out where eng explains little")
	}
	block(1, 15)
	if sitsOut(20) {
		t.Error("any sits out after it has won")
	}
	for range 30 {
		block(5, 15)
	}
	if got := r.leaderFirst([]string{Strip, "eng", "vie", "any"}); !slices.Equal(got, []string{"any", Strip, "eng", "vie"}) {
		t.Errorf("%s leads: %v", r.leader, got)
	}
	weighed := 0
	for range 80 {
		r.begin()
		r.run("any", 15)
		if !r.sitsOut("eng") {
			weighed++
			r.run("eng", 5)
		}
	}
	if weighed != 80/lookBack {
		t.Errorf("one that was beaten is weighed for %d of 80 blocks", weighed)
	}
}
