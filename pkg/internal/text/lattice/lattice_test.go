package lattice

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
)

func model(t testing.TB) *ngram.Model {
	t.Helper()
	text := strings.Repeat("đã đến lúc\nda của voi rất dày\nông đã với tới\nvới voi thì khác\nda voi đã dày\n", 4)
	return lmtest.Model(t, text, lm.CountOptions{Rare: 1})
}

// randomLattice has arcs between neighbours and some that skip a node.
func randomLattice(rng *rand.Rand, m *ngram.Model, nodes int) []Arc {
	var arcs []Arc
	for v := range nodes {
		for range 1 + rng.IntN(3) {
			a := Arc{From: int32(v), To: int32(v + 1), Cost: rng.Float32() * 3}
			if rng.IntN(6) == 0 && v+2 <= nodes {
				a.To++
			}
			if rng.IntN(8) > 0 {
				a.Word = ngram.ID(3 + rng.IntN(m.Len()-3))
			}
			arcs = append(arcs, a)
		}
		arcs = append(arcs, Arc{From: int32(v), To: int32(v + 1), Word: ngram.Unknown, Cost: 4})
	}
	rng.Shuffle(len(arcs), func(i, j int) { arcs[i], arcs[j] = arcs[j], arcs[i] })
	return arcs
}

// all calls f with each reading from node v to node n.
func all(m *ngram.Model, arcs []Arc, v, n int32, s ngram.State, score float64, path []int32, scale float64, f func([]int32, float64)) {
	if v == n {
		f(path, score)
		return
	}
	for i, a := range arcs {
		if a.From != v {
			continue
		}
		next, lp := s, float32(0)
		if a.Word != ngram.None {
			lp, next = m.Score(s, a.Word)
		}
		all(m, arcs, a.To, n, next, score+scale*float64(lp)-float64(a.Cost), append(path, int32(i)), scale, f)
	}
}

// Without beam and margin the decoder finds what trying all readings finds, and
// its posteriors are the shares of the readings.
func TestAgainstAllReadings(t *testing.T) {
	m := model(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for _, scale := range []float32{1, 0.7} {
		d := New(m, Options{Scale: scale, Posteriors: true})
		for range 60 {
			n := 1 + rng.IntN(5)
			arcs := randomLattice(rng, m, n)
			best, sum := math.Inf(-1), 0.0
			share := make([]float64, len(arcs))
			all(m, arcs, 0, int32(n), m.Begin(), 0, nil, float64(scale), func(path []int32, score float64) {
				best = max(best, score)
				p := math.Pow(10, score)
				sum += p
				for _, a := range path {
					share[a] += p
				}
			})
			res, ok := d.Decode(n, arcs, m.Begin())
			if !ok {
				t.Fatal("no reading")
			}
			if math.Abs(float64(res.Score)-best) > 1e-4 {
				t.Fatalf("best reading scores %f, want %f", res.Score, best)
			}
			s, score := m.Begin(), 0.0
			for _, i := range res.Path {
				score -= float64(arcs[i].Cost)
				if w := arcs[i].Word; w != ngram.None {
					var lp float32
					lp, s = m.Score(s, w)
					score += float64(scale * lp)
				}
			}
			if math.Abs(score-best) > 1e-4 || s != res.End {
				t.Fatalf("the path scores %f and ends in %v, want %f and %v", score, s, best, res.End)
			}
			for i := range arcs {
				if math.Abs(float64(res.Posterior[i])-share[i]/sum) > 1e-3 {
					t.Fatalf("arc %d has posterior %f, want %f", i, res.Posterior[i], share[i]/sum)
				}
			}
		}
	}
}

// A margin wide enough changes nothing; a narrow one still finds a reading.
func TestMarginAndBeam(t *testing.T) {
	m := model(t)
	rng := rand.New(rand.NewPCG(2, 2))
	exact := New(m, Options{})
	wide := New(m, Options{Margin: 60, Beam: 10000})
	narrow := New(m, Options{Margin: 0.1, Beam: 1})
	for range 50 {
		arcs := randomLattice(rng, m, 12)
		want, _ := exact.Decode(12, arcs, m.Begin())
		got, ok := wide.Decode(12, arcs, m.Begin())
		if !ok || got.Score != want.Score || !slices.Equal(got.Path, want.Path) {
			t.Fatalf("wide beam: %v, want %v", got, want)
		}
		if got, ok := narrow.Decode(12, arcs, m.Begin()); !ok || got.Score > want.Score+1e-4 {
			t.Fatalf("narrow beam: %v, %t", got, ok)
		}
	}
}

// Where every arc leads to the next node, looking ahead with a margin wide enough
// changes nothing, and a narrow one still finds a reading.
func TestAhead(t *testing.T) {
	m := model(t)
	rng := rand.New(rand.NewPCG(4, 4))
	exact := New(m, Options{Posteriors: true})
	wide := New(m, Options{Ahead: 60, Posteriors: true})
	narrow := New(m, Options{Margin: 1, Ahead: 0.1})
	for range 50 {
		arcs := randomLattice(rng, m, 12)
		for i := range arcs {
			arcs[i].From = min(arcs[i].From, 11)
			arcs[i].To = arcs[i].From + 1
		}
		want, _ := exact.Decode(12, arcs, m.Begin())
		got, ok := wide.Decode(12, arcs, m.Begin())
		if !ok || got.Score != want.Score || !slices.Equal(got.Path, want.Path) || !slices.Equal(got.Posterior, want.Posterior) || got.End != want.End {
			t.Fatalf("wide margin: %v, want %v", got, want)
		}
		if got, ok := narrow.Decode(12, arcs, m.Begin()); !ok || got.Score > want.Score+1e-4 {
			t.Fatalf("narrow margin: %v, %t", got, ok)
		}
	}
}

func TestNoReading(t *testing.T) {
	m := model(t)
	d := New(m, Options{Posteriors: true})
	for _, arcs := range [][]Arc{
		nil,
		{{From: 0, To: 1, Word: 5}}, // does not reach the end
		{{From: 1, To: 0}, {From: 0, To: 9}, {From: -1, To: 2}}, // not in the lattice
	} {
		if res, ok := d.Decode(2, arcs, m.Begin()); ok {
			t.Errorf("%v: %v", arcs, res)
		}
	}
	if res, ok := d.Decode(0, nil, m.Begin()); !ok || len(res.Path) != 0 || res.End != m.Begin() {
		t.Errorf("the empty lattice: %v, %t", res, ok)
	}
}

// Once its buffers have grown, a decoder does not allocate.
func TestDecodeDoesNotAllocate(t *testing.T) {
	m := model(t)
	d := New(m, Options{Margin: 5, Posteriors: true})
	arcs := randomLattice(rand.New(rand.NewPCG(3, 3)), m, 40)
	if n := testing.AllocsPerRun(50, func() { d.Decode(40, arcs, m.Begin()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// chainLattice has arcs between neighbours only, of very different costs.
func chainLattice(rng *rand.Rand, m *ngram.Model, nodes int) []Arc {
	var arcs []Arc
	for v := range nodes {
		for range 6 {
			arcs = append(arcs, Arc{From: int32(v), To: int32(v + 1), Cost: rng.Float32() * 6, Word: ngram.ID(3 + rng.IntN(m.Len()-3))})
		}
	}
	return arcs
}

// Each bound drops contexts, and what it drops is what it says.
func TestBoundsDrop(t *testing.T) {
	m := model(t)
	rng := rand.New(rand.NewPCG(3, 3))
	const nodes = 8
	exact, dropped := 0, map[string]int{}
	missed := 0 // best readings that Ahead dropped
	for range 100 {
		arcs := chainLattice(rng, m, nodes)
		d := New(m, Options{})
		best, _ := d.Decode(nodes, arcs, m.Begin())
		score := best.Score
		exact += len(d.hyps)
		for name, opt := range map[string]Options{"beam": {Beam: 3}, "margin": {Margin: 1}, "ahead": {Ahead: 1}} {
			d := New(m, opt)
			got, ok := d.Decode(nodes, arcs, m.Begin())
			if !ok {
				t.Fatalf("%s: no reading", name)
			}
			dropped[name] += len(d.hyps)
			if name == "ahead" && got.Score < score-1e-4 {
				missed++
			}
			for v := range nodes {
				of := d.hyps[d.first[v+1]:d.first[v+2]]
				most := slices.MaxFunc(of, func(a, b hyp) int { return int(1e6 * (a.score - b.score)) }).score
				for _, h := range of {
					if name == "margin" && h.score < most-1.001 {
						t.Errorf("margin: a context %f worse was kept", most-h.score)
					}
				}
				if name == "beam" && len(of) > 3 {
					t.Errorf("beam: %d contexts were kept", len(of))
				}
			}
		}
	}
	for name, n := range dropped {
		if 3*n > 2*exact {
			t.Errorf("%s: %d of %d contexts were kept", name, n, exact)
		}
	}
	t.Logf("%d contexts, kept %v; ahead missed %d", exact, dropped, missed)
	if missed > 2 { // it is a bound, not a proof
		t.Errorf("looking a word ahead missed %d of 100 best readings", missed)
	}
}

// Looking ahead counts what the next arc costs, so that of readings that end there
// hardly one is missed, and sees through arcs without a word to the one before.
func TestAheadIsFair(t *testing.T) {
	m := model(t)
	rng := rand.New(rand.NewPCG(5, 5))
	word := func() ngram.ID { return ngram.ID(3 + rng.IntN(m.Len()-3)) }
	exact, ahead := New(m, Options{}), New(m, Options{Ahead: 1})
	missed, kept, all := 0, 0, 0
	for range 500 {
		var arcs, apart []Arc // the same with an arc without a word between
		for range 4 {
			arcs = append(arcs, Arc{From: 0, To: 1, Cost: rng.Float32() / 2, Word: word()})
		}
		apart = append(slices.Clone(arcs), Arc{From: 1, To: 2, Word: ngram.None})
		for range 4 {
			a := Arc{From: 1, To: 2, Cost: rng.Float32() * 9, Word: word()}
			arcs = append(arcs, a)
			a.From, a.To = 2, 3
			apart = append(apart, a)
		}
		want, _ := exact.Decode(2, arcs, m.Begin())
		score := want.Score
		if got, ok := ahead.Decode(2, arcs, m.Begin()); !ok || got.Score < score-1e-4 {
			missed++
		}
		ahead.Decode(3, apart, m.Begin())
		kept, all = kept+int(ahead.first[3]-ahead.first[2]), all+int(ahead.first[2]-ahead.first[1])
	}
	t.Logf("%d readings missed, %d of %d contexts kept", missed, kept, all)
	if missed > 0 {
		t.Errorf("%d of 500 readings missed", missed)
	}
	if kept == all {
		t.Error("none was dropped before the next word")
	}
}
