package synth

import (
	"slices"
	"testing"
)

// Every extra shows on the page; the truth has no more of it than an overlay's print.
func TestExtras(t *testing.T) {
	c := composer(t)
	make := func(with ...string) *Sample {
		c.With = with
		s, _, err := c.Compose(7, 1)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	plain := make()
	for _, name := range Extras {
		s := make(name)
		if again := make(name); again.Meta != s.Meta || again.Page.Text() != s.Page.Text() {
			t.Errorf("%s is not the same twice", name)
		}
		strokes, lines := len(s.Page.marks)-len(plain.Page.marks), len(s.Page.Lines)-len(plain.Page.Lines)
		switch name {
		case "received", "framed", "hand":
			if strokes < 1 || lines != 0 {
				t.Errorf("%s adds %d strokes and %d lines", name, strokes, lines)
			}
		case "overlay":
			if lines < 2 {
				t.Errorf("an overlay adds %d lines", lines)
			}
		case "stamp":
			if !slices.ContainsFunc(s.Page.marks, func(m mark) bool { return m.ink == inkStamp }) {
				t.Error("no stamp")
			}
		case "watermark":
			if lines != 0 || s.Wear.Bilevel || !slices.ContainsFunc(s.Page.glyphs, func(g placedGlyph) bool { return g.ink == inkWater }) {
				t.Errorf("a watermark adds %d lines, and pale letters: %+v", lines, s.Wear)
			}
		case "table":
			if len(s.Page.rules) < 10 {
				t.Errorf("a table of %d rules", len(s.Page.rules))
			}
		case "photo":
			if s.Wear.Tilt == 0 || s.Wear.Bilevel {
				t.Errorf("a photograph without perspective: %+v", s.Wear)
			}
		}
	}
}
