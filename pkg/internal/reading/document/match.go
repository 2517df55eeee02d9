package document

import (
	"image"
	"math"
)

// viewDPI is the resolution of the drawing that an extracted image is compared
// with: three or four points a stroke, a few milliseconds a page.
const viewDPI = 72

// matchView finds how the image m of a page must be laid down to look like
// view, the page as drawn at a low resolution, and returns the places (in
// pixels of view) where they differ all the same: a number typed over the
// scan, the stamp of a signature, a logo. A pale watermark does not show. It
// fails when the two do not look alike at all.
func matchView(m image.Image, view *image.Gray) (o orientation, differ []image.Rectangle, ok bool) {
	if min(view.Rect.Dx(), view.Rect.Dy()) < 4*reach {
		return o, nil, false // too small to tell
	}
	best := placed{diff: math.MaxInt}
	soft := blur(view)
	for _, o := range exifOrientations[1:] {
		size := view.Rect.Size()
		if o.transpose {
			size.X, size.Y = size.Y, size.X
		}
		if !near(float64(size.X)*float64(m.Bounds().Dy()), float64(size.Y)*float64(m.Bounds().Dx()), 0.06) {
			continue
		}
		s := blur(o.apply(shrink(m, size.X, size.Y)).(*image.Gray))
		if p := placeOn(s, soft); p.diff < best.diff {
			best = p
			best.o = o
		}
	}
	if best.small == nil {
		return o, nil, false
	}
	return best.o, best.differences(soft), true
}

// placed is a small image laid on a view, shifted against it.
type placed struct {
	o      orientation
	small  *image.Gray
	dx, dy int
	diff   int // per pixel, in 1/256
}

// reach is how far, in points, a scan may stand out over the edge of its sheet.
const reach = 4

// placeOn tries all shifts within reach.
func placeOn(s, view *image.Gray) placed {
	best := placed{small: s, diff: math.MaxInt}
	w, h := s.Rect.Dx(), s.Rect.Dy()
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			sum, n := 0, 0
			for y := reach; y < h-reach; y += 5 {
				a := s.Pix[y*s.Stride+reach : y*s.Stride+w-reach]
				b := view.Pix[(y+dy)*view.Stride+reach+dx:]
				for x, v := range a {
					sum += abs(int(v) - int(b[x]))
				}
				n += len(a)
			}
			if n > 0 && sum*256/n < best.diff {
				best.dx, best.dy, best.diff = dx, dy, sum*256/n
			}
		}
	}
	return best
}

func abs(x int) int { return max(x, -x) }

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

// A block of 8 x 8 points of 1/72 inch is about the size of a digit of 13 pt
// type. On scans of 2010, drawn and extracted and then blurred, no block of
// plain scan differed by more than 24; under a printed digit one differs by 60
// to 70.
const (
	blockSide    = 8
	maxBlockDiff = 40
)

// differences returns the blocks in which p and the view differ. Both have been
// blurred and are blurred again, because they may be out of step by a part of
// a point.
func (p placed) differences(view *image.Gray) (out []image.Rectangle) {
	s := blur(p.small)
	view = blur(view)
	for y := reach; y+blockSide <= s.Rect.Dy()-reach; y += blockSide / 2 {
		for x := reach; x+blockSide <= s.Rect.Dx()-reach; x += blockSide / 2 {
			sum := 0
			for v := range blockSide {
				a := s.Pix[(y+v)*s.Stride+x:]
				b := view.Pix[(y+v+p.dy)*view.Stride+x+p.dx:]
				for u := range blockSide {
					sum += abs(int(a[u]) - int(b[u]))
				}
			}
			if sum > maxBlockDiff*blockSide*blockSide {
				out = append(out, image.Rect(x, y, x+blockSide, y+blockSide).Add(image.Pt(p.dx, p.dy)))
			}
		}
	}
	return out
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
