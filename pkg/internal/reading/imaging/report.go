package imaging

import (
	"image"
	"math"
)

// Report says what Prepare found on a page and what it did.
type Report struct {
	Source   image.Point `json:"source"`            // size of the image given, in pixels
	Size     image.Point `json:"size"`              // size of the prepared image
	DPI      int         `json:"dpi,omitempty"`     // of the prepared image; 0 if unknown
	Kind     Kind        `json:"kind"`              // of the image given
	Measure  Measure     `json:"measure"`           // of the image given
	Steps    []Step      `json:"steps,omitempty"`   // applied, in order
	Quarters int         `json:"quarters,omitzero"` // clockwise quarter turns applied
	Skew     float64     `json:"skew,omitzero"`     // degrees turned clockwise besides
	Scale    float64     `json:"scale"`             // of the prepared image against the original
	Millis   float64     `json:"ms"`                // spent

	Regions []Region          `json:"regions,omitempty"` // stamps, edges and coloured things that were taken off, on the image given
	Frames  []image.Rectangle `json:"frames,omitempty"`  // black frames of the size of stamps, on the image given
	Numbers []image.Rectangle `json:"numbers,omitempty"` // lone signs above or below the text, on the image given
	Rules   []image.Rectangle `json:"rules,omitempty"`   // straight lines that were taken off, on the prepared image

	// to takes a point of the original to the prepared image.
	to affine
}

// Kind is what the samples of an image say.
type Kind string

// The kinds of images.
const (
	Bilevel  Kind = "bilevel"
	Grey     Kind = "grey"
	Coloured Kind = "colour"
)

// Measure holds the figures of a page that decide on its preparation. Levels
// run from 0 (black) to 255.
type Measure struct {
	XHeight    float64 `json:"xHeight,omitzero"`    // of the commonest letters, in pixels; 0 if there is no text
	Paper      int     `json:"paper,omitzero"`      // level of the background
	Ink        int     `json:"ink,omitzero"`        // level of the text
	Uneven     int     `json:"uneven,omitzero"`     // how much the background varies over the page
	Noise      float64 `json:"noise,omitzero"`      // standard deviation from pixel to pixel
	Specks     int     `json:"specks,omitzero"`     // components too small for a dot
	Components int     `json:"components,omitzero"` // in all
	Letters    int     `json:"letters,omitzero"`    // of them, of the size and shape of letters
	Coloured   float64 `json:"coloured,omitzero"`   // share of coloured pixels
	Pale       int     `json:"pale,omitzero"`       // things of the size of letters or words in a pale colour
	Skew       float64 `json:"skew,omitzero"`       // degrees
	SkewConf   float64 `json:"skewConf,omitzero"`   // below 3 is doubtful
	Across     int     `json:"across,omitzero"`     // pairs of letters side by side
	Along      int     `json:"along,omitzero"`      // pairs of letters one above the other
	Up         float64 `json:"up,omitzero"`         // evidence that lines across stand upright, in standard deviations
	Left       float64 `json:"left,omitzero"`       // evidence that lines along have their top at the left
}

// A Region is the place of a stamp, an edge or a coloured thing, that is no print.
type Region struct {
	Kind RegionKind      `json:"kind"`
	Box  image.Rectangle `json:"box"` // in pixels of the image given
}

// RegionKind says what is in a region.
type RegionKind string

// The kinds of regions.
const (
	Stamp       RegionKind = "stamp"
	Framed      RegionKind = "framed" // a stamp in a frame
	Handwriting RegionKind = "handwriting"
	Rule        RegionKind = "rule"
	Watermark   RegionKind = "watermark"
	Margin      RegionKind = "margin" // dark edges and punch holes of a scan
)

// Step is one thing done to a page.
type Step struct {
	Name   string  `json:"name"`
	Millis float64 `json:"ms"`
}

// Changed reports whether the prepared image differs from the original.
func (r *Report) Changed() bool { return len(r.Steps) > 0 }

// ToOriginal returns the smallest upright box of the original image that
// covers box b of the prepared one.
func (r *Report) ToOriginal(b image.Rectangle) image.Rectangle {
	if !r.Changed() {
		return b
	}
	return r.to.inverse().box(b).Intersect(image.Rectangle{Max: r.Source})
}

// ToPrepared is the inverse of ToOriginal.
func (r *Report) ToPrepared(b image.Rectangle) image.Rectangle {
	if !r.Changed() {
		return b
	}
	return r.to.box(b).Intersect(image.Rectangle{Max: r.Size})
}

// affine takes (x, y) to (a·x + b·y + c, d·x + e·y + f).
type affine struct{ a, b, c, d, e, f float64 }

var identity = affine{a: 1, e: 1}

// then returns the map that applies m first and n after it.
func (m affine) then(n affine) affine {
	return affine{
		n.a*m.a + n.b*m.d, n.a*m.b + n.b*m.e, n.a*m.c + n.b*m.f + n.c,
		n.d*m.a + n.e*m.d, n.d*m.b + n.e*m.e, n.d*m.c + n.e*m.f + n.f,
	}
}

func (m affine) inverse() affine {
	det := m.a*m.e - m.b*m.d
	i := affine{a: m.e / det, b: -m.b / det, d: -m.d / det, e: m.a / det}
	i.c, i.f = -i.a*m.c-i.b*m.f, -i.d*m.c-i.e*m.f
	return i
}

// box returns the upright box around the image of b. A hundredth of a pixel
// of rounding error does not widen it.
func (m affine) box(b image.Rectangle) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range [4]image.Point{b.Min, {X: b.Max.X, Y: b.Min.Y}, {X: b.Min.X, Y: b.Max.Y}, b.Max} {
		x := m.a*float64(p.X) + m.b*float64(p.Y) + m.c
		y := m.d*float64(p.X) + m.e*float64(p.Y) + m.f
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return image.Rect(int(math.Floor(x0+0.01)), int(math.Floor(y0+0.01)), int(math.Ceil(x1-0.01)), int(math.Ceil(y1-0.01)))
}

// quarterTurns is the map of n clockwise quarter turns of a w×h image.
func quarterTurns(n, w, h int) affine {
	switch n & 3 {
	case 1:
		return affine{b: -1, c: float64(h), d: 1}
	case 2:
		return affine{a: -1, c: float64(w), e: -1, f: float64(h)}
	case 3:
		return affine{b: 1, d: -1, f: float64(w)}
	}
	return identity
}

// turn is the map of a clockwise turn by deg about the middle of a w×h image.
func turn(deg float64, w, h int) affine {
	s, c := math.Sincos(deg * math.Pi / 180)
	x, y := float64(w)/2, float64(h)/2
	return affine{a: c, b: -s, c: x - c*x + s*y, d: s, e: c, f: y - s*x - c*y}
}
