package document

import (
	"image"
)

// viewDPI is the resolution of the drawing that an extracted image is compared
// with: three or four points a stroke, a few milliseconds a page.
const viewDPI = 72

// matchView finds how the image m of a page must be laid down to look like
// view, the page as drawn at a low resolution. It fails when no way makes them
// alike all over, that is when the page shows more than its image: a number
// typed over the scan, a signature's stamp, a text on a scanned letterhead.
// A pale watermark does not count.
func matchView(m, view image.Image) (orientation, bool) {
	v, ok := view.(*image.Gray)
	if !ok {
		return orientation{}, false
	}
	best, bestDiff := orientation{}, 1<<62
	b := v.Rect
	for _, o := range exifOrientations[1:] {
		w, h := b.Dx(), b.Dy()
		if o.transpose {
			w, h = h, w
		}
		if !near(float64(w)*float64(m.Bounds().Dy()), float64(h)*float64(m.Bounds().Dx()), 0.06) {
			continue
		}
		s := o.apply(shrink(m, w, h)).(*image.Gray)
		diff := 0
		for i := range s.Pix {
			diff += abs(int(s.Pix[i]) - int(v.Pix[i]))
		}
		if diff < bestDiff {
			best, bestDiff = o, diff
		}
	}
	if bestDiff == 1<<62 {
		return best, false
	}
	w, h := b.Dx(), b.Dy()
	if best.transpose {
		w, h = h, w
	}
	s := best.apply(shrink(m, w, h)).(*image.Gray)
	return best, worstBlock(s, v) <= maxBlockDiff
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

// shrink returns m in w x h by averaging boxes.
func shrink(m image.Image, w, h int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	mw, mh := m.Bounds().Dx(), m.Bounds().Dy()
	sum, cnt := make([]int, w), make([]int, w)
	col := make([]int, mw)
	for x := range col {
		col[x] = x * w / mw
	}
	for y, v := 0, 0; v < h; v++ {
		clear(sum)
		clear(cnt)
		for end := max(y+1, (v+1)*mh/h); y < end && y < mh; y++ {
			addRow(m, y, col, sum, cnt)
		}
		for u := range sum {
			if cnt[u] > 0 {
				out.Pix[v*out.Stride+u] = uint8(sum[u] / cnt[u])
			}
		}
	}
	return out
}

func addRow(m image.Image, y int, col, sum, cnt []int) {
	switch m := m.(type) {
	case *image.Gray:
		for x, g := range m.Pix[y*m.Stride : y*m.Stride+len(col)] {
			sum[col[x]] += int(g)
			cnt[col[x]]++
		}
	case *image.RGBA:
		row := m.Pix[y*m.Stride : y*m.Stride+4*len(col)]
		for x, u := range col {
			sum[u] += (299*int(row[4*x]) + 587*int(row[4*x+1]) + 114*int(row[4*x+2])) / 1000
			cnt[u]++
		}
	}
}

// blockSide and maxBlockDiff: a block of 8 x 8 points of 1/72 inch is about
// the size of a digit of 13 pt type.
const (
	blockSide    = 8
	maxBlockDiff = 48
)

// worstBlock returns the largest mean by which view is darker than s in any
// block, after both have been blurred a little against shifts of a fraction of
// a point.
func worstBlock(s, view *image.Gray) int {
	a, b := blur(s), blur(view)
	worst := 0
	for y := 0; y+blockSide <= s.Rect.Dy(); y += blockSide / 2 {
		for x := 0; x+blockSide <= s.Rect.Dx(); x += blockSide / 2 {
			sum := 0
			for v := range blockSide {
				i := (y+v)*s.Stride + x
				for u := range blockSide {
					sum += abs(int(a.Pix[i+u]) - int(b.Pix[i+u]))
				}
			}
			worst = max(worst, sum/(blockSide*blockSide))
		}
	}
	return worst
}

// blur averages 3 x 3 points.
func blur(m *image.Gray) *image.Gray {
	out := image.NewGray(m.Rect)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			sum := 0
			for v := -1; v <= 1; v++ {
				i := (y+v)*m.Stride + x
				sum += int(m.Pix[i-1]) + int(m.Pix[i]) + int(m.Pix[i+1])
			}
			out.Pix[y*out.Stride+x] = uint8(sum / 9)
		}
	}
	return out
}
