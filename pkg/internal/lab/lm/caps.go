package lm

import (
	"math"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// Caps counts how a word is written where its case is its own.
type Caps struct {
	// [0] counts those after a word without a capital, [1] after one with.
	Lower, Title [2]uint64
}

func (c *Caps) add(title, after bool) {
	i := 0
	if after {
		i = 1
	}
	if title {
		c.Title[i]++
	} else {
		c.Lower[i]++
	}
}

// code stores the share of capitals as log odds.
func (c Caps) code(after int) byte {
	prior := [2]float64{0.05, 0.4}[after]
	odds := math.Log((float64(c.Title[after]) + 2*prior) / (float64(c.Lower[after]) + 2*(1-prior)))
	return byte(math.Round(max(-127, min(127, format.CapStep*odds))) + 128)
}
