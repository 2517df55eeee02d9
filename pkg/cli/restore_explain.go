package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/restore"
)

// mostCandidates is how many candidates of a word --explain shows.
const mostCandidates = 12

// candidatesOf returns the arcs where a token stands, the chosen first and then by
// their share and score. The one that leaves the text as it was read is always
// among them.
func candidatesOf(t restore.Token, arcs []restore.Arc) []restore.Arc {
	var out []restore.Arc
	for _, a := range arcs {
		if a.In == t.In {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b restore.Arc) int {
		switch {
		case a.Chosen != b.Chosen:
			return map[bool]int{true: -1, false: 1}[a.Chosen]
		case a.Posterior != b.Posterior:
			return cmp.Compare(b.Posterior, a.Posterior)
		}
		return cmp.Compare(b.Score, a.Score)
	})
	for i, a := range out {
		if a.Word == "" && i >= mostCandidates {
			out[mostCandidates-1] = a
		}
	}
	return out[:min(len(out), mostCandidates)]
}

// explained shows for each word of a block what it may be and what speaks for it:
// the share of a candidate in all readings, its score, and the evidence as value
// × weight. Words that were no question are left out.
func explained(res restore.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "source %s\n", res.Source)
	for _, t := range res.Tokens {
		candidates := candidatesOf(t, res.Arcs)
		if len(candidates) < 2 {
			continue
		}
		fmt.Fprintf(&b, "%d-%d %s → %s\n", t.In.Start, t.In.End, t.Read, t.Text)
		for _, a := range candidates {
			mark := " "
			if a.Chosen {
				mark = "*"
			}
			what := a.Text
			if a.Word == "" {
				what += " (as it is)"
			}
			fmt.Fprintf(&b, "  %s %5.3f %8.2f  %-12s", mark, a.Posterior, a.Score, what)
			for _, e := range a.Evidence {
				fmt.Fprintf(&b, "  %s %.2f×%g", e.Name, e.Value, e.Weight)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// A candidate of a token and its evidence as --explain --json writes them.
type (
	jsonCandidate struct {
		Text      string         `json:"text"`
		Word      string         `json:"word,omitempty"` // of the language model
		Chosen    bool           `json:"chosen,omitempty"`
		Posterior float64        `json:"posterior"`
		Score     float64        `json:"score"`
		Evidence  []jsonEvidence `json:"evidence"`
	}
	jsonEvidence struct {
		Name   string  `json:"name"`
		Value  float32 `json:"value"`
		Weight float32 `json:"weight"`
	}
)

func jsonCandidates(t restore.Token, arcs []restore.Arc) []jsonCandidate {
	var out []jsonCandidate
	for _, a := range candidatesOf(t, arcs) {
		c := jsonCandidate{Text: a.Text, Word: a.Word, Chosen: a.Chosen, Posterior: a.Posterior, Score: a.Score, Evidence: []jsonEvidence{}}
		for _, e := range a.Evidence {
			c.Evidence = append(c.Evidence, jsonEvidence(e))
		}
		out = append(out, c)
	}
	return out
}
