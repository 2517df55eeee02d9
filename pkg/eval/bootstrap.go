package eval

import (
	"math/rand/v2"
	"slices"
)

// Interval is where a rate lies with 95 % confidence.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Resamples is how many bootstrap samples an Interval comes from. 1,000 fix its
// ends to about a tenth of its width.
const Resamples = 1000

// Bootstrap resamples units of text, which should be independent of each other:
// documents where there are enough, lines otherwise. Two runs agree, the seed is
// fixed.
func Bootstrap(units []Count) Interval {
	if len(units) == 0 {
		return Interval{}
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(units))))
	rates := make([]float64, Resamples)
	for i := range rates {
		var sum Count
		for range units {
			sum.add(units[rng.IntN(len(units))])
		}
		rates[i] = sum.Rate()
	}
	slices.Sort(rates)
	return Interval{quantile(rates, 0.025), quantile(rates, 0.975)}
}

func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Difference compares two systems on the same units, resampled in pairs.
type Difference struct {
	A      Count    `json:"a"`
	B      Count    `json:"b"`
	Delta  float64  `json:"delta"` // rate of B less rate of A
	Within Interval `json:"interval"`
	// P is how often a difference as large would be seen if there were none,
	// in either direction.
	P float64 `json:"p"`
	// Worse and Better are the units on which B makes more and fewer errors.
	Worse  int `json:"units_worse"`
	Better int `json:"units_better"`
}

// Significant reports whether chance is an unlikely reason (5 %).
func (d Difference) Significant() bool { return d.P < 0.05 }

// Compare2 compares two systems; a[i] and b[i] are the same piece of the truth.
// The interval comes from resampling the pairs, P from swapping the two systems
// at random in each (an approximate randomisation test), which holds whatever
// the distribution.
func Compare2(a, b []Count) Difference {
	const resamples = 5000
	var d Difference
	for i := range a {
		d.A.add(a[i])
		d.B.add(b[i])
		if b[i].Errors > a[i].Errors {
			d.Worse++
		} else if b[i].Errors < a[i].Errors {
			d.Better++
		}
	}
	d.Delta = d.B.Rate() - d.A.Rate()
	if len(a) == 0 {
		d.P = 1
		return d
	}
	rng := rand.New(rand.NewPCG(2, uint64(len(a))))
	deltas := make([]float64, resamples)
	for i := range deltas {
		var sa, sb Count
		for range a {
			k := rng.IntN(len(a))
			sa.add(a[k])
			sb.add(b[k])
		}
		deltas[i] = sb.Rate() - sa.Rate()
	}
	slices.Sort(deltas)
	d.Within = Interval{quantile(deltas, 0.025), quantile(deltas, 0.975)}

	// Totals are equal, so the difference in errors is all that matters.
	seen := abs(d.B.Errors - d.A.Errors)
	extreme := 0
	for range resamples {
		diff := 0
		for i := range a {
			if e := b[i].Errors - a[i].Errors; rng.Uint64()&1 == 0 {
				diff += e
			} else {
				diff -= e
			}
		}
		if abs(diff) >= seen {
			extreme++
		}
	}
	d.P = float64(extreme+1) / float64(resamples+1)
	return d
}
