package restore_test

import (
	"cmp"
	"flag"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/restore"
)

var mutants = flag.Bool("mutants", false, "test that the texts hold each weight and bound")

// TestWeightsHold: without any one weight, and with twice as much, some text
// comes out worse. What no text notices is not held: write one, or let the
// weight go.
func TestWeightsHold(t *testing.T) {
	run := newMutation(t)
	for _, f := range evidence.Features() {
		for name, factor := range map[string]float32{"off": 0, "doubled": 2} {
			weight := factor * evidence.Default().Of(f)
			if f == evidence.Language {
				weight = max(weight, 1e-9) // 0 means 1 to the decoder
			}
			m := shipped()
			m.Weights = evidence.Default().With(f, weight)
			run.test(t, f.String()+" "+name, m, true)
		}
	}
}

// TestBoundsHold: with any one bound much closer, some text comes out worse.
func TestBoundsHold(t *testing.T) {
	run := newMutation(t)
	fields := reflect.TypeFor[evidence.Bounds]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if slices.Contains(memoryBounds, name) {
			continue
		}
		m := shipped()
		m.Bounds = evidence.DefaultBounds()
		moveBound(reflect.ValueOf(m.Bounds).Elem().Field(i))
		run.test(t, name, m, !slices.Contains(searchBounds, name))
	}
}

// memoryBounds cost time, never a word.
var memoryBounds = []string{"Finds", "Readings"}

// searchBounds are those that the channel's search goes by.
var searchBounds = []string{"Candidates", "Worst", "FewCandidates", "FewWorst", "LongWord"}

// moveBound makes a bound a quarter of what it is.
func moveBound(v reflect.Value) {
	if v.CanInt() {
		v.SetInt(v.Int() / 4)
		return
	}
	v.SetFloat(v.Float() / 4)
}

// mutation is the texts that mutants are tested on and how many syllables are
// wrong in each as the program stands.
type mutation struct {
	base  *restore.Restorer
	texts []held
}

type held struct {
	name, in, truth string
	wrong           int
}

func newMutation(t *testing.T) *mutation {
	if !*mutants {
		t.Skip("SKIPPED: takes minutes; make mutants runs it")
	}
	m := &mutation{base: newRestorer(t, restore.Options{TextOnly: true})}
	for i, l := range lettertest.Letters(t) { // each in one of its ways, or this takes hours
		ins := inputs(t, i, l)
		cols := slices.Sorted(maps.Keys(ins))
		col := cols[i/2%len(cols)]
		m.texts = append(m.texts, held{name: l.Name + ", " + col, in: ins[col], truth: l.Truth})
	}
	slices.SortFunc(m.texts, func(a, b held) int { return cmp.Compare(len(a.in), len(b.in)) })
	m.texts = append(goldenTexts(t), m.texts...)
	for i := range m.texts {
		x := &m.texts[i]
		x.wrong = x.count(t, m.base)
	}
	return m
}

// goldenTexts are the texts of the golden files; what is wrong in those is what
// is not as it was.
func goldenTexts(t *testing.T) []held {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []held
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		h := held{name: file}
		for _, f := range ar.Files {
			switch f.Name {
			case "in":
				h.in = string(f.Data)
				h.truth = cmp.Or(h.truth, h.in)
			case "want":
				h.truth = string(f.Data)
			}
		}
		out = append(out, h)
	}
	return out
}

func (h *held) count(t *testing.T, r *restore.Restorer) int {
	lost, extra := lettertest.Wrong(h.truth, text(t, r, h.in).Text)
	return max(len(lost), len(extra))
}

// test fails unless a text comes out worse with these models. With sameFinds
// they don't change what a token may stand for.
func (m *mutation) test(t *testing.T, name string, models restore.Models, sameFinds bool) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		r, err := restore.New(models, restore.Options{TextOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if sameFinds {
			r.Inherit(m.base)
		}
		changed := 0
		for i := range m.texts {
			x := &m.texts[i]
			if n := x.count(t, r); n > x.wrong {
				t.Logf("noticed by %s: %d wrong, not %d", x.name, n, x.wrong)
				return
			} else if n < x.wrong {
				changed++
			}
		}
		t.Errorf("SURVIVED; %d texts are better", changed)
	})
}
