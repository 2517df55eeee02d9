package restore

import (
	"maps"
	"slices"
)

// race is run by the channels of readers that spoil what they read: mostly one reader
// made a text. A channel that the leader has beaten by far, in blocks in a row, is weighed
// no more (Wald, "Sequential tests of statistical hypotheses", 1945), unless it comes to
// explain what the leader takes for the words of a block better than the leader does.
type race struct {
	leader string
	odds   map[string]float64 // of each channel, summed
	behind map[string]float64 // how far each is behind the leader, since it last had better odds
	block  float64            // odds of the leader for the block at hand
}

const (
	beaten   = 25 // log10, in blocks in a row
	mostLead = 10 // of one block: its words are alike, and say the same again and again
)

// begin begins a block.
func (r *race) begin() { r.block = 0 }

// run adds log10 of the odds of a channel for the block.
func (r *race) run(source string, odds float64) {
	if r.odds == nil {
		r.odds, r.behind = map[string]float64{}, map[string]float64{}
	}
	switch r.odds[source] += odds; {
	case source == r.leader:
		r.block = odds
	case odds < r.block:
		r.behind[source] += min(r.block-odds, mostLead)
	default:
		r.behind[source] = 0
	}
	if lead, ok := r.odds[r.leader]; !ok || r.odds[source] > lead {
		r.leader, r.behind[source] = source, 0
	}
}

// isBeaten reports whether a channel is, by a leader that explains the block.
func (r *race) isBeaten(source string) bool {
	return r.behind[source] >= beaten && r.block > blockEvidence
}

// isWonBy reports whether a source is the leader and all other channels are beaten, if it
// explains the block.
func (r *race) isWonBy(source string) bool { return source == r.leader && !r.isOpen() }

// isOpen reports whether a channel that ran is not beaten yet.
func (r *race) isOpen() bool {
	for source := range r.odds {
		if source != r.leader && r.behind[source] < beaten {
			return true
		}
	}
	return false
}

// leaderFirst returns the sources with the leader before the others.
func (r *race) leaderFirst(sources []string) []string {
	i := slices.Index(sources, r.leader)
	if i < 0 {
		return sources
	}
	return slices.Concat(sources[i:i+1], sources[:i], sources[i+1:])
}

func (r *race) clone() race {
	next := *r
	next.odds, next.behind = maps.Clone(r.odds), maps.Clone(r.behind)
	return next
}
