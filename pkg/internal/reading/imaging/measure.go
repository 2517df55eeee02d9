package imaging

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// greys are the figures of an 8-bit page.
type greys struct {
	bilevel    bool    // holds black and white only
	paper, ink int     // levels
	uneven     int     // range of the paper's level over the page
	noise      float64 // standard deviation from pixel to pixel
}

// measureGrey takes the figures from a quarter of the rows. Of a noisy page,
// the levels are those of its local means: noise alone would split into a dark
// and a light half.
func measureGrey(p *leptonica.Pix) (greys, error) {
	noise := pixelNoise(p)
	if noise > 7 {
		side := 3
		if noise > 25 {
			side = 5
		}
		q, err := p.Blur(side)
		if err != nil {
			return greys{}, err
		}
		defer q.Free()
		p = q
	}
	w, h := p.Width(), p.Height()
	tile := max(16, w/12)
	cols := (w + tile - 1) / tile
	tiles := make([][256]int, cols*((h+tile-1)/tile))
	row := make([]byte, w)
	for y := 0; y < h; y += 4 {
		p.Row(y, row)
		for c := range cols {
			hist := &tiles[y/tile*cols+c]
			for _, v := range row[c*tile : min((c+1)*tile, w)] {
				hist[v]++
			}
		}
	}
	var hist [256]int
	for i := range tiles {
		for v, n := range tiles[i] {
			hist[v] += n
		}
	}
	t := otsu(&hist)
	g := greys{noise: noise, ink: mean(hist[:t], 0), paper: mean(hist[t:], t)}
	between, total := 0, 0
	for v, n := range hist {
		total += n
		if v > 24 && v < 232 {
			between += n
		}
	}
	g.bilevel = between*500 < total && g.paper > 250
	g.uneven = uneven(tiles, (g.ink+g.paper)/2)
	return g, nil
}

// uneven is the range of the paper's level over the tiles of a page, without
// the twentieth at either end and without tiles that are dark all over.
func uneven(tiles [][256]int, dark int) int {
	var paper []int
	for i := range tiles {
		if v := quantile(tiles[i][:], 0.7); v > dark {
			paper = append(paper, v)
		}
	}
	n := len(paper)
	if n == 0 {
		return 0
	}
	slices.Sort(paper)
	return paper[n-1-n/20] - paper[n/20]
}

// pixelNoise is the standard deviation of the noise that differs from pixel to
// pixel (Immerkær 1996), from the median rather than the mean so that the edges
// of letters count for nothing.
func pixelNoise(p *leptonica.Pix) float64 {
	w, h := p.Width(), p.Height()
	var hist [2048]int
	a, b, c := make([]byte, w), make([]byte, w), make([]byte, w)
	for y := 1; y < h-1; y += 16 {
		p.Row(y-1, a)
		p.Row(y, b)
		p.Row(y+1, c)
		for x := 1; x < w-1; x++ {
			l := int(a[x-1]) - 2*int(a[x]) + int(a[x+1]) -
				2*int(b[x-1]) + 4*int(b[x]) - 2*int(b[x+1]) +
				int(c[x-1]) - 2*int(c[x]) + int(c[x+1])
			hist[min(max(l, -l), len(hist)-1)]++
		}
	}
	// A normal deviate is within 0.6745 half of the time; the weights add up
	// to 36 in squares.
	return float64(quantile(hist[:], 0.5)) / (0.6745 * 6)
}

// otsu returns the level that splits a histogram with the largest variance
// between its halves.
func otsu(h *[256]int) int {
	var n, sum float64
	for v, c := range h {
		n += float64(c)
		sum += float64(v) * float64(c)
	}
	best, at := -1.0, 128
	var n0, s0 float64
	for t := 1; t < 256; t++ {
		n0 += float64(h[t-1])
		s0 += float64(t-1) * float64(h[t-1])
		if n0 == 0 || n0 == n {
			continue
		}
		d := s0/n0 - (sum-s0)/(n-n0)
		if v := n0 * (n - n0) * d * d; v > best {
			best, at = v, t
		}
	}
	return at
}

func mean(h []int, from int) int {
	n, s := 0, 0
	for i, c := range h {
		n, s = n+c, s+(from+i)*c
	}
	if n == 0 {
		return from
	}
	return s / n
}

// quantile returns the level below which the share q lies.
func quantile(h []int, q float64) int {
	n := 0
	for _, c := range h {
		n += c
	}
	left := int(q * float64(n))
	for v, c := range h {
		if left -= c; left < 0 {
			return v
		}
	}
	return len(h) - 1
}
