package pdf

import (
	"fmt"
	"math"
)

// Matrix maps x, y to a*x + c*y + e, b*x + d*y + f.
type Matrix [6]float64

// Identity maps every point to itself.
var Identity = Matrix{1, 0, 0, 1, 0, 0}

// Mul returns the matrix that applies m first and n then.
func (m Matrix) Mul(n Matrix) Matrix {
	return Matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// Apply maps a point.
func (m Matrix) Apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// around returns the box around what m makes of another.
func (m Matrix) around(b Box) Box {
	out := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [][2]float64{{b[0], b[1]}, {b[2], b[1]}, {b[0], b[3]}, {b[2], b[3]}} {
		x, y := m.Apply(p[0], p[1])
		out = Box{min(out[0], x), min(out[1], y), max(out[2], x), max(out[3], y)}
	}
	return out
}

// upright reports whether m makes rectangles of rectangles.
func (m Matrix) upright() bool { return m[1] == 0 && m[2] == 0 || m[0] == 0 && m[3] == 0 }

// Box is left, bottom, right, top in points.
type Box [4]float64

// and returns what two boxes have in common.
func (b Box) and(o Box) Box {
	return Box{max(b[0], o[0]), max(b[1], o[1]), min(b[2], o[2]), min(b[3], o[3])}
}

// area is 0 for what has no inside.
func (b Box) area() float64 { return max(b[2]-b[0], 0) * max(b[3]-b[1], 0) }

// Page is one page of a Reader.
type Page struct {
	ref       Ref
	dict      Dict
	resources Dict
	Box       Box // what a viewer shows, before its rotation
	Rotate    int // clockwise: 0, 90, 180 or 270
}

// Pages returns the references of all pages in order.
func (r *Reader) Pages() ([]Ref, error) {
	root := r.dict(r.trailer["Root"])
	var refs []Ref
	seen := map[Ref]bool{}
	var walk func(o Object, depth int) error
	walk = func(o Object, depth int) error {
		ref, ok := o.(Ref)
		if !ok || seen[ref] || depth > maxDepth || len(refs) > 1<<20 {
			return fmt.Errorf("bad page tree")
		}
		seen[ref] = true
		d := r.dict(ref)
		if d == nil {
			return nil // a lost page; others can be read
		}
		kids := r.array(d["Kids"])
		if kids == nil || d["Type"] == Name("Page") {
			refs = append(refs, ref)
			return nil
		}
		for _, k := range kids {
			if err := walk(k, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root["Pages"], 0); err != nil {
		return nil, err
	}
	return refs, nil
}

// Page reads a page.
func (r *Reader) Page(ref Ref) (*Page, error) {
	d, ok := r.resolve(ref).(Dict)
	if !ok {
		return nil, fmt.Errorf("object %d is no page", ref.Num)
	}
	p := &Page{ref: ref, dict: d}
	p.resources = r.dict(r.inherited(d, "Resources"))
	media, ok := r.box(r.inherited(d, "MediaBox"))
	if !ok {
		media = Box{0, 0, 612, 792}
	}
	p.Box = media
	if crop, ok := r.box(r.inherited(d, "CropBox")); ok {
		c := Box{max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])}
		if c[0] < c[2] && c[1] < c[3] {
			p.Box = c
		}
	}
	if n, ok := r.number(r.inherited(d, "Rotate")); ok {
		p.Rotate = ((int(n)%360 + 360) % 360) / 90 * 90
	}
	return p, nil
}

// inherited looks a key up in a page and the nodes above it.
func (r *Reader) inherited(d Dict, key Name) Object {
	for range maxDepth {
		if o := r.resolve(d[key]); o != nil {
			return o
		}
		if d = r.dict(d["Parent"]); d == nil {
			return nil
		}
	}
	return nil
}

func (r *Reader) box(o Object) (Box, bool) {
	a := r.array(o)
	if len(a) != 4 {
		return Box{}, false
	}
	var v [4]float64
	for i := range v {
		x, ok := r.number(a[i])
		if !ok {
			return Box{}, false
		}
		v[i] = x
	}
	b := Box{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
	return b, b[2]-b[0] > 1 && b[3]-b[1] > 1
}

// FromUnit maps the unit square, y upwards, onto the box so that it shows
// upright after a clockwise rotation by rotate degrees.
func FromUnit(box Box, rotate int) Matrix {
	w, h := box[2]-box[0], box[3]-box[1]
	switch rotate {
	case 90:
		return Matrix{0, h, -w, 0, box[2], box[1]}
	case 180:
		return Matrix{-w, 0, 0, -h, box[2], box[3]}
	case 270:
		return Matrix{0, -h, w, 0, box[0], box[3]}
	}
	return Matrix{w, 0, 0, h, box[0], box[1]}
}
