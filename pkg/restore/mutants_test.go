package restore_test

import (
	"cmp"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// heldFile is the lines that hold the weights and bounds, in stanzas: the mutants
// that each notices, then source and text, then what must come of it. A second
// reading, by the English reader, may follow after " // ". A line break is written \n.
const heldFile = "testdata/held.txt"

// A held is a line of text that comes out otherwise with some weight or bound moved.
type held struct {
	by                  []string // the mutants
	source, text, other string
	want                string
}

func openHeld(t *testing.T) []held {
	t.Helper()
	data, err := os.ReadFile(heldFile)
	if err != nil {
		t.Fatal(err)
	}
	var out []held
	for _, stanza := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		lines := strings.Split(stanza, "\n")
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "#") })
		if len(lines) == 0 {
			continue
		}
		h := held{by: strings.Split(lines[0], ", ")}
		if len(lines) == 3 {
			h.source, h.text, _ = strings.Cut(lines[1], ": ")
			h.text, h.other, _ = strings.Cut(strings.ReplaceAll(h.text, `\n`, "\n"), " // ")
			h.want = strings.ReplaceAll(lines[2], `\n`, "\n")
		}
		if h.want == "" {
			t.Fatalf("%s: want three lines: %q", heldFile, stanza)
		}
		out = append(out, h)
	}
	return out
}

// restore restores the line alone.
func (h *held) restore(t *testing.T, r *restore.Restorer) string {
	if h.other != "" {
		return r.Document().Reading(h.text, h.source, witnesses(h.text, h.other)).Text
	}
	return text(t, r, h.text).Text
}

// TestHeld: the lines come out right.
func TestHeld(t *testing.T) {
	for _, h := range openHeld(t) {
		if got := h.restore(t, base(t, h.source)); got != h.want {
			t.Errorf("%s: got\n%s\nwant\n%s", h.by, got, h.want)
		}
	}
}

// TestWeightsHold: without any one weight, and with four times as much, a line comes
// out otherwise. What no line notices is not held: write one (-update finds one in
// the test letters, to be read before it is believed), or let the weight go.
func TestWeightsHold(t *testing.T) {
	lines := openHeld(t)
	for _, f := range evidence.Features() {
		for name, factor := range map[string]float32{"off": 0, "fourfold": 4} {
			weight := factor * evidence.Default().Of(f)
			if f == evidence.Language {
				weight = max(weight, 1e-9) // 0 means 1 to the decoder
			}
			m := shipped()
			m.Weights = evidence.Default().With(f, weight)
			testMutant(t, f.String()+" "+name, m, lines)
		}
	}
}

// TestBoundsHold: with any one bound much closer, a line comes out otherwise.
func TestBoundsHold(t *testing.T) {
	lines := openHeld(t)
	fields := reflect.TypeFor[evidence.Bounds]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if slices.Contains(memoryBounds, name) || slices.Contains(lessonBounds, name) {
			continue
		}
		m := shipped()
		m.Bounds = evidence.DefaultBounds()
		moveBound(reflect.ValueOf(m.Bounds).Elem().Field(i), name)
		testMutant(t, name, m, lines)
	}
}

// memoryBounds cost time, never a word.
var memoryBounds = []string{"Finds", "Readings"}

// lessonBounds are of lessons, not of texts.
var lessonBounds = []string{"LeastTaught"}

// searchBounds are those that the channel's search goes by.
var searchBounds = []string{"Candidates", "Worst", "FewCandidates", "FewWorst", "LongWord"}

// lowerBounds are those that close by growing.
var lowerBounds = []string{"SplitWorse", "LeastDivided", "LeastChance", "DateCost", "YearCost"}

// moveBound makes a bound a quarter of what it is, or four times that.
func moveBound(v reflect.Value, name string) {
	grows := slices.Contains(lowerBounds, name)
	switch {
	case v.CanInt() && grows:
		v.SetInt(v.Int() * 4)
	case v.CanInt():
		v.SetInt(v.Int() / 4)
	case grows:
		v.SetFloat(v.Float() * 4)
	default:
		v.SetFloat(v.Float() / 4)
	}
}

// notHeld are the mutants that no text is known to notice, though what is moved by less
// or the other way is noticed: the penalties forbid as they stand, and the rest wants
// texts.
var notHeld = []string{
	"miscased fourfold", "dirt fourfold",
	"memory fourfold", "agreement fourfold", "LongWord", "YearCost", "LeastChance", "MostPlaces",
}

// base is the program as it stands.
func base(t *testing.T, source string) *restore.Restorer { return restorer(t, source) }

// testMutant fails unless a line that names the mutant notices it.
func testMutant(t *testing.T, name string, models restore.Models, lines []held) {
	t.Run(name, func(t *testing.T) {
		mutated := func(source string) *restore.Restorer {
			r, err := restore.New(models, restore.Options{Source: source})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(searchBounds, name) {
				r.Inherit(base(t, source))
			}
			return r
		}
		known := false
		for _, h := range lines {
			if !slices.Contains(h.by, name) {
				continue
			}
			known = true
			if got := h.restore(t, mutated(h.source)); got == h.want {
				t.Errorf("SURVIVED: does not change %q", h.want)
			}
		}
		if !known && *update {
			known = findHeld(t, name, mutated)
		}
		switch {
		case known && slices.Contains(notHeld, name):
			t.Error("it is held: take it off the list")
		case !known && slices.Contains(notHeld, name):
			t.Skip("SKIPPED: SURVIVED, known")
		case !known:
			t.Errorf("SURVIVED: no line in %s is for it", heldFile)
		}
	})
}

// findHeld adds to the file the shortest text of the test letters in which the mutant
// makes what is right wrong.
func findHeld(t *testing.T, name string, mutated func(source string) *restore.Restorer) bool {
	feature, _, _ := strings.Cut(name, " ")
	bySource := map[string]*restore.Restorer{}
	for _, c := range candidates(t) {
		if feature != name && !c.features[feature] {
			continue
		}
		r := bySource[c.source]
		if r == nil {
			r = mutated(c.source)
			bySource[c.source] = r
		}
		got := c.restore(t, r)
		if got == c.want {
			continue
		}
		if _, extra := lettertest.Wrong(c.truth, got); len(extra) == 0 {
			continue
		}
		f, err := os.OpenFile(heldFile, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		one := strings.NewReplacer("\n", `\n`)
		if _, err := fmt.Fprintf(f, "\n%s\n%s: %s\n%s\n", name, c.source, one.Replace(c.text), one.Replace(c.want)); err != nil {
			t.Fatal(err)
		}
		t.Logf("added %q, not %q", c.want, got)
		return true
	}
	return false
}

// candidate is a part of a test letter that is restored without a fault.
type candidate struct {
	held
	truth    string          // of the whole letter
	features map[string]bool // that have a say in it
}

var allCandidates []candidate

// candidates returns the lines and blocks of all readings and garbles of the test
// letters, the shortest first.
func candidates(t *testing.T) []candidate {
	if allCandidates != nil {
		return allCandidates
	}
	explaining := map[string]*restore.Restorer{}
	for _, l := range lettertest.Letters(t) {
		all := l.Readings(t)
		for _, g := range lettertest.Garbles {
			all[g.Name] = g.Make(l.Truth)
		}
		all["truth"] = l.Truth
		for name, in := range all {
			source := map[string]string{"eng": "eng", "vie": "vie", "strip": "strip", "tones": "toneless"}[name]
			source = cmp.Or(source, "auto")
			r := explaining[source]
			if r == nil {
				r = newRestorer(t, restore.Options{Source: source, Arcs: true})
				r.Inherit(base(t, source))
				explaining[source] = r
			}
			for _, part := range append(strings.Split(in, "\n"), strings.Split(in, "\n\n")...) {
				part = strings.TrimSpace(part)
				if len(long.FindAllString(part, -1)) < 4 || strings.Contains(part, " // ") {
					continue
				}
				c := candidate{held{source: source, text: part}, l.Truth, map[string]bool{"agreement": strings.Contains(part, "\n")}}
				res := text(t, r, part)
				c.want = res.Text
				if _, extra := lettertest.Wrong(c.truth, c.want); len(extra) > 0 {
					continue
				}
				for _, a := range res.Arcs {
					for _, e := range a.Evidence {
						c.features[e.Name] = true
					}
				}
				allCandidates = append(allCandidates, c)
			}
		}
	}
	slices.SortFunc(allCandidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(len(a.text), len(b.text)), strings.Compare(a.source+a.text, b.source+b.text))
	})
	t.Logf("%d candidates", len(allCandidates))
	return allCandidates
}

// long are words that are no specks.
var long = regexp.MustCompile(`\pL{3,}`)
