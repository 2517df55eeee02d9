package restore

import (
	"slices"
	"testing"
)

// A channel is beaten once it is far enough behind, whatever a single block says, but not
// in blocks that the leader explains badly.
func TestRace(t *testing.T) {
	var r race
	block := func(eng, any float64) {
		r.begin()
		for _, source := range r.leaderFirst([]string{"eng", "any"}) {
			if !r.isBeaten(source) {
				r.run(source, map[string]float64{"eng": eng, "any": any}[source])
			}
		}
	}
	for range beaten/5 - 2 {
		block(20, 15)
	}
	beatenNow := func(leads float64) bool {
		now := r.clone()
		now.begin()
		now.run("eng", leads)
		return now.isBeaten("any")
	}
	if r.leader != "eng" || beatenNow(20) {
		t.Errorf("%s leads and any is beaten when it is %.0f behind", r.leader, r.behind["any"])
	}
	block(200, 10)
	if beatenNow(20) {
		t.Error("any is beaten by one block")
	}
	block(20, 15)
	if !beatenNow(20) {
		t.Errorf("any is not beaten when it is %.0f behind", r.behind["any"])
	}
	if beatenNow(1) {
		t.Error("any is beaten where eng explains little")
	}
	block(1, 15)
	if beatenNow(20) {
		t.Error("any is beaten after it has won")
	}
	for range 30 {
		block(5, 15)
	}
	if got := r.leaderFirst([]string{Strip, "eng", "vie", "any"}); !slices.Equal(got, []string{"any", Strip, "eng", "vie"}) {
		t.Errorf("%s leads: %v", r.leader, got)
	}
}
