package imaging

import (
	"slices"
)

// measureGrey fills in the levels and the noise of an 8-bit page, from a
// quarter of its rows.
func (p *page) measureGrey() {
	w, h := p.pix.Width(), p.pix.Height()
	const across = 12 // tiles
	tile := max(16, w/across)
	var hist [256]int
	var tiles []*[256]int
	var laplace [1024]int
	rows := [3][]byte{make([]byte, w), make([]byte, w), make([]byte, w)}
	cols := (w + tile - 1) / tile
	for y := 1; y < h-1; y += 4 {
		if row := (y / tile) * cols; row+cols > len(tiles) {
			for range cols {
				tiles = append(tiles, new([256]int))
			}
		}
		p.pix.Row(y, rows[1])
		for x, v := range rows[1] {
			hist[v]++
			tiles[y/tile*cols+x/tile][v]++
		}
		if y%16 != 1 {
			continue
		}
		p.pix.Row(y-1, rows[0])
		p.pix.Row(y+1, rows[2])
		a, b, c := rows[0], rows[1], rows[2]
		for x := 1; x < w-1; x++ {
			l := int(a[x-1]) - 2*int(a[x]) + int(a[x+1]) - 2*int(b[x-1]) + 4*int(b[x]) - 2*int(b[x+1]) +
				int(c[x-1]) - 2*int(c[x]) + int(c[x+1])
			laplace[min(max(l, -l), len(laplace)-1)]++
		}
	}
	m := &p.rep.Measure
	t := otsu(&hist)
	m.Ink, m.Paper = mean(hist[:t], 0), mean(hist[t:], t)
	// A normal deviate is within 0.6745 half of the time; the mask's weights
	// add up to 36 in squares.
	m.Noise = float64(quantile(laplace[:], 0.5)) / (0.6745 * 6)
	var paper []int
	for _, hh := range tiles {
		paper = append(paper, quantile(hh[:], 0.7))
	}
	slices.Sort(paper)
	if n := len(paper); n > 0 {
		m.Uneven = paper[n-1-n/20] - paper[n/20]
	}
}

// threshold is the level that separates ink from paper.
func (p *page) threshold() int {
	m := &p.rep.Measure
	return (m.Ink + m.Paper + 1) / 2
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
