package synth

import (
	"math"
	"math/rand/v2"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// A design sets the marks of Vietnamese letters anew, in parts of an em. The
// free twins of Times share its letters but not its marks: theirs stand beside
// the circumflex and the horn stands high, where Times New Roman piles them up
// and keeps the horn low. Readers confuse those differently ("chức" becomes
// "chtrc", not "chifc"), and most official letters are set in it; so we pile
// the marks up ourselves, a little differently on every page.
type design struct {
	hatScale, hatGap   float64 // circumflex and breve: size and height above the letter
	toneScale, toneGap float64 // tones, above the letter
	stackGap, slide    float64 // tones on a circumflex: above it, and acute and grave aside
	hornScale, hornTop float64 // the horn, and how far it rises above the letter
	hornIn, hornRoom   float64 // how far it stands inside the letter, and widens it
	dotGap             float64 // dot below the baseline
}

// stacked returns the family with its marks set anew.
func (f *Family) stacked(rng *rand.Rand) (*Family, error) {
	d := &design{
		hatScale: between(rng, 0.8, 1), hatGap: between(rng, 0.01, 0.06),
		toneScale: between(rng, 0.75, 1.05), toneGap: between(rng, 0.05, 0.12),
		stackGap: between(rng, -0.03, 0.02), slide: between(rng, 0.03, 0.1),
		hornScale: between(rng, 0.6, 0.9), hornTop: between(rng, -0.01, 0.07),
		hornIn: between(rng, 0, 0.045), hornRoom: between(rng, -0.03, 0.03),
		dotGap: between(rng, 0.02, 0.09),
	}
	out := &Family{Name: f.Name, weight: f.weight, paths: f.paths}
	for i := range out.faces {
		base, err := f.face(i&1 == 1, i&2 == 2)
		if err != nil {
			return nil, err
		}
		out.faces[i] = &face{font: base.font, em: base.em, glyphs: map[rune]*glyph{}, design: d}
		out.once[i].Do(func() {})
	}
	return out, nil
}

// markGlyphs are the characters whose outlines serve as marks.
var markGlyphs = map[rune]rune{
	0x300: '`', 0x301: 0xb4, 0x302: 0x2c6, 0x303: 0x2dc, 0x306: 0x2d8, 0x309: 0x309, 0x31b: 0x2019, 0x323: '.',
}

// compose sets a letter with marks from its parts, nil if it has none or the
// font lacks a part.
func (f *face) compose(r rune) *glyph {
	parts := []rune(norm.NFD.String(string(r)))
	if len(parts) < 2 {
		return nil
	}
	dotless := parts[0]
	if dotless == 'i' && parts[1] != 0x323 {
		dotless = 'ı'
	}
	base := f.load(dotless)
	if base.index == 0 {
		return nil
	}
	d := f.design
	g := &glyph{index: base.index, advance: base.advance, path: base.path}
	box := bounds(base.path)
	middle := (box.x0 + box.x1) / 2
	if r := parts[0]; r == 'd' || r == 'đ' {
		return nil
	}
	top, hat := box.y0, false
	for _, m := range orderMarks(parts[1:]) {
		mg := f.load(markGlyphs[m])
		if mg.index == 0 || len(mg.path) == 0 {
			return nil
		}
		mb := bounds(mg.path)
		// place puts the mark's box at cx with its lower edge at y.
		place := func(cx, y, scale float64) {
			dx, dy := cx-scale*(mb.x0+mb.x1)/2, y-scale*mb.y1
			g.path = append(g.path[:len(g.path):len(g.path)], moved(mg.path, scale, dx, dy)...)
			top = y - scale*(mb.y1-mb.y0)
		}
		switch m {
		case 0x31b:
			h := d.hornScale * (mb.y1 - mb.y0)
			w := d.hornScale * (mb.x1 - mb.x0)
			right := box.x1
			if parts[0] == 'u' { // the stem, not its foot
				right -= 0.02 * f.em
			}
			place(right-d.hornIn*f.em+w/2, box.y0-d.hornTop*f.em+h, d.hornScale)
			top = box.y0
			g.advance += d.hornRoom * f.em
		case 0x302, 0x306:
			place(middle, top-d.hatGap*f.em, d.hatScale)
			hat = true
		case 0x323:
			keep := top
			place(middle, (d.dotGap+0.1)*f.em, 1)
			top = keep
		default:
			x, gap := middle, d.toneGap
			if hat {
				gap = d.stackGap
				switch m {
				case 0x301:
					x += d.slide * f.em
				case 0x300:
					x -= d.slide * f.em
				}
			}
			place(x, top-gap*f.em, d.toneScale)
		}
	}
	return g
}

// orderMarks puts a horn and a circumflex before a tone.
func orderMarks(marks []rune) []rune {
	if len(marks) == 2 && (marks[1] == 0x302 || marks[1] == 0x306 || marks[1] == 0x31b) {
		return []rune{marks[1], marks[0]}
	}
	return marks
}

type rect struct{ x0, y0, x1, y1 float64 }

func bounds(segs sfnt.Segments) rect {
	b := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, s := range segs {
		for i := range segmentPoints(s.Op) {
			x, y := float64(s.Args[i].X)/64, float64(s.Args[i].Y)/64
			b.x0, b.x1 = min(b.x0, x), max(b.x1, x)
			b.y0, b.y1 = min(b.y0, y), max(b.y1, y)
		}
	}
	return b
}

func segmentPoints(op sfnt.SegmentOp) int {
	switch op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	}
	return 1
}

func moved(segs sfnt.Segments, scale, dx, dy float64) sfnt.Segments {
	out := make(sfnt.Segments, len(segs))
	for i, s := range segs {
		for k := range s.Args {
			s.Args[k] = fixed.Point26_6{
				X: fixed.Int26_6(math.Round(scale*float64(s.Args[k].X) + 64*dx)),
				Y: fixed.Int26_6(math.Round(scale*float64(s.Args[k].Y) + 64*dy)),
			}
		}
		out[i] = s
	}
	return out
}
