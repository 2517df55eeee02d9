package synth

import (
	"image"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// A Placement maps points of a page to pixels of its scan: resolution, a skew
// about the middle of the page, and the slow bends of a sheet that did not lie
// flat. Outlines are drawn through it, so nothing is resampled.
type Placement struct {
	DPI              float64
	Skew             float64 // degrees, clockwise
	Bend             float64 // amplitude of the bends, in points
	Phase            float64 // of the bends, in radians
	Tilt             float64 // perspective: how much wider the lower edge is than the middle, in parts
	Drift            float64 // horizontal stretch of a paper feed that slips, in parts
	cx, cy, sin, cos float64
}

func (t *Placement) fit(p *Page) {
	t.cx, t.cy = p.Width/2, p.Height/2
	t.sin, t.cos = math.Sincos(t.Skew * math.Pi / 180)
}

func (t *Placement) apply(x, y float64) (px, py float64) {
	if t.Bend != 0 {
		x, y = x+t.Bend*math.Sin(y/170+t.Phase), y+t.Bend*math.Sin(x/140+1.7*t.Phase)
	}
	dx, dy := (x-t.cx)*(1+t.Drift), y-t.cy
	if t.Tilt != 0 {
		far := 1 + t.Tilt*dy/t.cy
		dx, dy = dx*far, dy*far
	}
	k := t.DPI / 72
	return k * (t.cx + dx*t.cos - dy*t.sin), k * (t.cy + dx*t.sin + dy*t.cos)
}

// invert finds the point of the page that lies under a pixel.
func (t *Placement) invert(px, py float64) (x, y float64) {
	k := t.DPI / 72
	x, y = px/k, py/k
	for range 6 {
		qx, qy := t.apply(x, y)
		x, y = x-(qx-px)/k, y-(qy-py)/k
	}
	return x, y
}

// plate is what the inks cover, one byte a pixel, 255 is all of it.
type plate struct {
	w, h int
	ink  [inks][]uint8 // by ink; nil where the ink is not used
}

// draw rasterises a page.
func (p *Page) draw(t *Placement) *plate {
	t.fit(p)
	pl := &plate{w: int(math.Round(p.Width * t.DPI / 72)), h: int(math.Round(p.Height * t.DPI / 72))}
	var d drawer
	for _, g := range p.glyphs {
		sin, cos := math.Sincos(g.angle)
		d.begin()
		d.segments(g.path.path, func(x, y float64) (float64, float64) {
			x, y = x*g.scale, y*g.scale
			return t.apply(g.x+x*cos-y*sin, g.y+x*sin+y*cos)
		})
		d.fill(pl, g.ink)
	}
	for _, r := range p.rules {
		d.begin()
		d.polygon(t, subdivide([][2]float64{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}}))
		d.fill(pl, inkBlack)
	}
	for _, m := range p.marks {
		for i := 1; i < len(m.points); i++ {
			d.begin()
			d.polygon(t, stroke(m.points[i-1], m.points[i], m.width))
			d.fill(pl, m.ink)
		}
	}
	return pl
}

// subdivide adds points to the long sides of a polygon, so that a bent page
// bends its rules.
func subdivide(pts [][2]float64) [][2]float64 {
	var out [][2]float64
	for i, a := range pts {
		b := pts[(i+1)%len(pts)]
		n := int(math.Hypot(b[0]-a[0], b[1]-a[1])/20) + 1
		for k := range n {
			f := float64(k) / float64(n)
			out = append(out, [2]float64{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])})
		}
	}
	return out
}

// stroke is the outline of a thick line with square ends that overlap a
// little, so that the pieces of a curve join.
func stroke(a, b [2]float64, width float64) [][2]float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	l := math.Hypot(dx, dy)
	if l == 0 {
		return nil
	}
	dx, dy = dx/l*width/2, dy/l*width/2
	return [][2]float64{
		{a[0] - dx/2 - dy, a[1] - dy/2 + dx}, {b[0] + dx/2 - dy, b[1] + dy/2 + dx},
		{b[0] + dx/2 + dy, b[1] + dy/2 - dx}, {a[0] - dx/2 + dy, a[1] - dy/2 - dx},
	}
}

// drawer fills one outline at a time.
type drawer struct {
	path           []pathStep
	x0, y0, x1, y1 float64
	raster         vector.Rasterizer
	mask           image.Alpha
}

type pathStep struct {
	op  uint8 // points used: 0 is a move, 1 a line, 2 and 3 curves
	pts [3][2]float64
}

func (d *drawer) begin() {
	d.path = d.path[:0]
	d.x0, d.y0, d.x1, d.y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
}

func (d *drawer) add(op uint8, pts ...[2]float64) {
	s := pathStep{op: op}
	copy(s.pts[:], pts)
	for _, p := range pts {
		d.x0, d.x1 = min(d.x0, p[0]), max(d.x1, p[0])
		d.y0, d.y1 = min(d.y0, p[1]), max(d.y1, p[1])
	}
	d.path = append(d.path, s)
}

func (d *drawer) segments(segs sfnt.Segments, place func(x, y float64) (float64, float64)) {
	at := func(s sfnt.Segment, i int) [2]float64 {
		x, y := place(float64(s.Args[i].X)/64, float64(s.Args[i].Y)/64)
		return [2]float64{x, y}
	}
	for _, s := range segs {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			d.add(0, at(s, 0))
		case sfnt.SegmentOpLineTo:
			d.add(1, at(s, 0))
		case sfnt.SegmentOpQuadTo:
			d.add(2, at(s, 0), at(s, 1))
		case sfnt.SegmentOpCubeTo:
			d.add(3, at(s, 0), at(s, 1), at(s, 2))
		}
	}
}

func (d *drawer) polygon(t *Placement, pts [][2]float64) {
	for i, p := range pts {
		x, y := t.apply(p[0], p[1])
		d.add(uint8(min(i, 1)), [2]float64{x, y})
	}
}

// fill rasterises the outline and lays it over what the ink covers already.
func (d *drawer) fill(pl *plate, in ink) {
	if len(d.path) == 0 {
		return
	}
	box := image.Rect(int(math.Floor(d.x0))-1, int(math.Floor(d.y0))-1, int(math.Ceil(d.x1))+1, int(math.Ceil(d.y1))+1)
	box = box.Intersect(image.Rect(0, 0, pl.w, pl.h))
	if box.Empty() {
		return
	}
	w, h := box.Dx(), box.Dy()
	d.raster.Reset(w, h)
	f := func(p [2]float64) (float32, float32) {
		return float32(p[0] - float64(box.Min.X)), float32(p[1] - float64(box.Min.Y))
	}
	for _, s := range d.path {
		ax, ay := f(s.pts[0])
		bx, by := f(s.pts[1])
		cx, cy := f(s.pts[2])
		switch s.op {
		case 0:
			d.raster.ClosePath()
			d.raster.MoveTo(ax, ay)
		case 1:
			d.raster.LineTo(ax, ay)
		case 2:
			d.raster.QuadTo(ax, ay, bx, by)
		case 3:
			d.raster.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	d.raster.ClosePath()
	d.mask = image.Alpha{Pix: slices.Grow(d.mask.Pix[:0], w*h)[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	clear(d.mask.Pix)
	d.raster.Draw(&d.mask, d.mask.Rect, image.Opaque, image.Point{})
	if pl.ink[in] == nil {
		pl.ink[in] = make([]uint8, pl.w*pl.h)
	}
	for y := range h {
		dst := pl.ink[in][(box.Min.Y+y)*pl.w+box.Min.X:][:w]
		for x, m := range d.mask.Pix[y*w : (y+1)*w] {
			if m > 0 {
				dst[x] = uint8(255 - (255-int(dst[x]))*(255-int(m))/255)
			}
		}
	}
}
