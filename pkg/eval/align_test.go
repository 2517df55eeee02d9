package eval

import (
	"math/rand/v2"
	"testing"
)

// levenshtein is the textbook table, as a witness.
func levenshtein(a, b []symbol) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			c := corner
			if a[i] != b[j] {
				c++
			}
			corner = row[j+1]
			row[j+1] = min(c, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// noisy returns a text and a copy with edits.
func noisy(rng *rand.Rand, n, alphabet int, rate float64) (a, b []symbol) {
	for range n {
		s := symbol(rng.IntN(alphabet))
		a = append(a, s)
		if rng.Float64() >= rate {
			b = append(b, s)
			continue
		}
		switch rng.IntN(3) {
		case 0:
			b = append(b, symbol(rng.IntN(alphabet)))
		case 1:
			b = append(b, s, symbol(rng.IntN(alphabet)))
		}
	}
	return a, b
}

func checkAlignment(t *testing.T, a, b []symbol, want int) {
	t.Helper()
	pairs, edits := align(a, b)
	if edits != want {
		t.Errorf("%d edits between texts of %d and %d symbols, want %d", edits, len(a), len(b), want)
	}
	i, j := int32(0), int32(0)
	for _, p := range pairs {
		if p.Gold >= 0 && p.Gold != i || p.Pred >= 0 && p.Pred != j || p.Gold < 0 && p.Pred < 0 {
			t.Fatalf("alignment jumps at %d, %d: %v", i, j, p)
		}
		if p.Gold >= 0 {
			i++
		}
		if p.Pred >= 0 {
			j++
		}
	}
	if int(i) != len(a) || int(j) != len(b) {
		t.Fatalf("alignment covers %d of %d and %d of %d", i, len(a), j, len(b))
	}
}

func TestAlign(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 63, 64, 65, 200, 1500, 3000} {
		for _, rate := range []float64{0, 0.01, 0.2, 0.9} {
			for _, alphabet := range []int{2, 60, 10000} {
				a, b := noisy(rng, n, alphabet, rate)
				want := levenshtein(a, b)
				checkAlignment(t, a, b, want)
				checkAlignment(t, b, a, want)
			}
		}
	}
	a, _ := noisy(rng, 2500, 60, 0)
	for _, b := range [][]symbol{nil, a[:1], a[1200:], append(a[1500:], a[:1500]...)} {
		checkAlignment(t, a, b, levenshtein(a, b))
		checkAlignment(t, b, a, levenshtein(a, b))
	}
}

// Cutting at anchors must not cost edits in practice.
func TestAlignCuts(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	a, b := noisy(rng, 20000, 60, 0.15)
	want, _ := distance(a, b, 0)
	for _, n := range []int{24, 12} {
		cuts := anchors(a, b, n)
		if len(cuts) == 0 && n == 12 {
			t.Fatal("no anchors")
		}
		got, last := 0, pair{}
		for _, c := range append(cuts, pair{int32(len(a)), int32(len(b))}) {
			d, _ := distance(a[last.Gold:c.Gold], b[last.Pred:c.Pred], 0)
			got += d
			last = c
		}
		if got != want {
			t.Errorf("%d edits in pieces of %d, %d in whole", got, n, want)
		}
	}
}

// The alignment covers both texts and has as many edits as the textbook table.
func FuzzAlign(f *testing.F) {
	f.Add([]byte("kitten"), []byte("sitting"))
	f.Add([]byte(""), []byte("x"))
	f.Fuzz(func(t *testing.T, x, y []byte) {
		a, b := make([]symbol, len(x)), make([]symbol, len(y))
		for i, c := range x {
			a[i] = symbol(c)
		}
		for i, c := range y {
			b[i] = symbol(c)
		}
		want := levenshtein(a, b)
		checkAlignment(t, a, b, want)
		if d, _ := distance(a, b, 0); d != want {
			t.Errorf("distance %d, want %d", d, want)
		}
		al := aligner{}
		al.divide(a, b, 0, 0, want)
	})
}

func BenchmarkAlign(b *testing.B) {
	for _, tt := range []struct {
		name string
		n    int
		rate float64
	}{{"page", 3000, 0.03}, {"book clean", 1000000, 0.01}, {"book garbled", 1000000, 0.25}} {
		b.Run(tt.name, func(b *testing.B) {
			x, y := noisy(rand.New(rand.NewPCG(5, 6)), tt.n, 100, tt.rate)
			b.SetBytes(int64(tt.n))
			b.ReportAllocs()
			for b.Loop() {
				align(x, y)
			}
		})
	}
}
