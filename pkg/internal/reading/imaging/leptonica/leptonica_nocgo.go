//go:build !cgo

package leptonica

import "image"

// Available reports whether this binary holds Leptonica.
const Available = false

// Pix is an image that this binary cannot make.
type Pix struct{}

// Decode returns ErrNoCgo, so that no other function is reached.
func Decode(data []byte, maxPixels int) (*Pix, error) { return nil, ErrNoCgo }

// FromGray returns ErrNoCgo.
func FromGray(m *image.Gray) (*Pix, error) { return nil, ErrNoCgo }

func (p *Pix) Free()                                  {}
func (p *Pix) Width() int                             { return 0 }
func (p *Pix) Height() int                            { return 0 }
func (p *Pix) Depth() int                             { return 0 }
func (p *Pix) DPI() int                               { return 0 }
func (p *Pix) Row(y int, dst []byte)                  {}
func (p *Pix) Bits(y int) []uint32                    { return nil }
func (p *Pix) Gray() *image.Gray                      { return nil }
func (p *Pix) Luminance() (*Pix, error)               { return nil, ErrNoCgo }
func (p *Pix) Threshold(t int) (*Pix, error)          { return nil, ErrNoCgo }
func (p *Pix) Reduce(ranks ...Rank) (*Pix, error)     { return nil, ErrNoCgo }
func (p *Pix) Expand(n int) (*Pix, error)             { return nil, ErrNoCgo }
func (p *Pix) RotateQuarters(n int) (*Pix, error)     { return nil, ErrNoCgo }
func (p *Pix) Rotate(angle float64) (*Pix, error)     { return nil, ErrNoCgo }
func (p *Pix) Flatten() (*Pix, error)                 { return nil, ErrNoCgo }
func (p *Pix) Blur(n int) (*Pix, error)               { return nil, ErrNoCgo }
func (p *Pix) Dilate(w, h int) (*Pix, error)          { return nil, ErrNoCgo }
func (p *Pix) Open(w, h int) (*Pix, error)            { return nil, ErrNoCgo }
func (p *Pix) Close(w, h int) (*Pix, error)           { return nil, ErrNoCgo }
func (p *Pix) Fill(mask *Pix) (*Pix, error)           { return nil, ErrNoCgo }
func (p *Pix) And(q *Pix) (*Pix, error)               { return nil, ErrNoCgo }
func (p *Pix) Or(q *Pix) (*Pix, error)                { return nil, ErrNoCgo }
func (p *Pix) Minus(q *Pix) (*Pix, error)             { return nil, ErrNoCgo }
func (p *Pix) Invert(boxes ...image.Rectangle) error  { return ErrNoCgo }
func (p *Pix) Paint(mask *Pix, v byte) error          { return ErrNoCgo }
func (p *Pix) Larger(n int) (*Pix, error)             { return nil, ErrNoCgo }
func (p *Pix) Blank() (*Pix, error)                   { return nil, ErrNoCgo }
func (p *Pix) Blacken(boxes ...image.Rectangle) error { return ErrNoCgo }
func (p *Pix) Frame(n int) (*Pix, error)              { return nil, ErrNoCgo }
func (p *Pix) Fit(w, h int) (*Pix, error)             { return nil, ErrNoCgo }
func (p *Pix) Clone() (*Pix, error)                   { return nil, ErrNoCgo }
func (p *Pix) Clip(image.Rectangle) (*Pix, error)     { return nil, ErrNoCgo }
func (p *Pix) Count() int                             { return 0 }
func (p *Pix) Boxes() ([]image.Rectangle, error)      { return nil, ErrNoCgo }
func (p *Pix) Components() ([]Component, error)       { return nil, ErrNoCgo }
func (p *Pix) PGM() []byte                            { return nil }
func (p *Pix) Skew(sweep, search int, limit float64) (angle, conf float64, ok bool) {
	return 0, 0, false
}
