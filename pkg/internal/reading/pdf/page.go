package pdf

import (
	"fmt"
	"maps"
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

// inheritable are the entries that a page takes from the nodes above it.
var inheritable = []Name{"Resources", "MediaBox", "CropBox", "Rotate"}

// Leaf is a page of the page tree that has not been read.
type Leaf struct {
	ref   Ref
	above Dict // what it inherits
}

// Pages returns all pages in order. Inheritance goes down the tree as it is
// walked: Parent may be wrong.
func (r *Reader) Pages() ([]Leaf, error) {
	var leaves []Leaf
	seen := map[Ref]bool{}
	var walk func(o Object, above Dict, depth int) error
	walk = func(o Object, above Dict, depth int) error {
		ref, ok := o.(Ref)
		d := r.dict(o)
		if !ok || d == nil || seen[ref] || depth > maxDepth {
			return fmt.Errorf("the page tree is damaged: %w", errSyntax)
		}
		seen[ref] = true
		kids, inner := r.resolve(d["Kids"]).(Array)
		if !inner || d["Type"] == Name("Page") {
			leaves = append(leaves, Leaf{ref, above})
			return nil
		}
		above = r.below(d, above)
		for _, k := range kids {
			if err := walk(k, above, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	root := r.dict(r.trailer["Root"])
	if err := walk(root["Pages"], Dict{}, 0); err != nil {
		return nil, err
	}
	return leaves, r.err
}

// below returns what the children of a node inherit.
func (r *Reader) below(d, above Dict) Dict {
	out := maps.Clone(above)
	for _, k := range inheritable {
		if r.resolve(d[k]) != nil {
			out[k] = d[k]
		}
	}
	return out
}

// Page reads a page.
func (r *Reader) Page(l Leaf) (*Page, error) {
	d, ok := r.resolve(l.ref).(Dict)
	if !ok {
		return nil, fmt.Errorf("object %d is no page: %w", l.ref.Num, errSyntax)
	}
	p := &Page{ref: l.ref, dict: d}
	all := r.below(d, l.above)
	p.resources = r.dict(all["Resources"])
	media, ok := r.box(all["MediaBox"])
	if !ok {
		media = Box{0, 0, 612, 792}
	}
	p.Box = media
	if crop, ok := r.box(all["CropBox"]); ok {
		if c := crop.and(media); c.area() > 0 {
			p.Box = c
		}
	}
	if n, ok := r.number(all["Rotate"]); ok {
		p.Rotate = ((int(n)%360 + 360) % 360) / 90 * 90
	}
	return p, r.err
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
