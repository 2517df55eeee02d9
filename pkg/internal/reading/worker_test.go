package reading

import (
	"image"
	"image/draw"
	"slices"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// testLetter returns a test letter, as a grey image.
func testLetter(t *testing.T) *image.Gray {
	t.Helper()
	d, err := document.Open(t.Context(), "../../../testdata/letters/cong-van.png", document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	img, err := d.Image(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img.Image, image.Point{}, draw.Src)
	return g
}

// Boxes on the prepared image of a page that lay on its side, or upside down,
// come back to where the words stand on the page turned upright.
func TestTakeBack(t *testing.T) {
	upright := testLetter(t)
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	word := image.Rect(w/4, h/5, w/3, h/5+40) // on the upright page
	for quarters, lain := range map[int]image.Image{
		0: upright,
		1: turned(upright, 3),
		2: turned(upright, 2),
		3: turned(upright, 1),
	} {
		_, rep, err := imaging.Prepare(ocr.FromImage(lain, 200).Data, imaging.Options{DPI: 200})
		if err != nil {
			t.Skipf("no Leptonica: %v", err)
		}
		if rep.Quarters&3 != quarters {
			t.Errorf("a page turned by %d quarters is turned back by %d", (4-quarters)%4, rep.Quarters)
			continue
		}
		p := &ocr.Page{Lines: []ocr.Line{{Box: rep.ToPrepared(lainBox(word, quarters, w, h)), Words: []ocr.Word{{}}}}}
		takeBack(p, rep, 200)
		if p.Turn != 90*quarters || p.Size != image.Pt(w, h) || !near(p.Lines[0].Box, word, 4) {
			t.Errorf("%d quarters: box %v of %v, turned by %d; want %v of %v", quarters, p.Lines[0].Box, p.Size, p.Turn, word, image.Pt(w, h))
		}
	}
}

func near(a, b image.Rectangle, off int) bool {
	return a.In(b.Inset(-off)) && b.In(a.Inset(-off))
}

// turned returns m turned clockwise by quarters.
func turned(m *image.Gray, quarters int) *image.Gray {
	for range quarters {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.SetGray(h-1-y, x, m.GrayAt(x, y))
			}
		}
		m = out
	}
	return m
}

// lainBox is where a box of the upright w x h page is on the page that needs
// that many clockwise quarters.
func lainBox(r image.Rectangle, quarters, w, h int) image.Rectangle {
	for range (4 - quarters) % 4 {
		r = image.Rect(h-r.Max.Y, r.Min.X, h-r.Min.Y, r.Max.X)
		w, h = h, w
	}
	return r
}

// A black frame is a stamp if what is in it is not read well; the one of who received a
// letter stands in the upper half. A note of the letter in a frame, and a table, stay.
func TestFrames(t *testing.T) {
	frame := image.Rect(50, 50, 500, 300)
	cell := func(l ocr.Line) ocr.Line { l.Cell = ocr.Cell{Table: 1, Row: 1, Column: 1}; return l }
	for _, tt := range []struct {
		name  string
		lines []ocr.Line
		down  int
		want  []ocr.RegionKind
	}{
		{"empty", nil, 0, []ocr.RegionKind{ocr.Received}},
		{"empty, below", nil, 1000, []ocr.RegionKind{ocr.Stamp}},
		{"dirt", []ocr.Line{lineOf(100, "S0|20", ",:|30", "eLLe|10")}, 0, []ocr.RegionKind{ocr.Received}},
		{"a note", []ocr.Line{lineOf(100, "Giấy", "phép"), lineOf(160, "kinh", "doanh")}, 0, nil},
		{"a received-stamp", []ocr.Line{lineOf(100, "CÔNG", "VĂN", "ĐẾN"), lineOf(160, "Số:", "12")}, 0, []ocr.RegionKind{ocr.Received}},
		{"a cell", []ocr.Line{cell(lineOf(100, "S0|20"))}, 0, nil},
		{"beside it", []ocr.Line{lineOf(400, "Kính gửi các đơn vị trực thuộc")}, 0, []ocr.RegionKind{ocr.Received}},
	} {
		p := &ocr.Page{Lines: tt.lines}
		for i := range p.Lines {
			for j := range p.Lines[i].Words {
				w := &p.Lines[i].Words[j]
				w.Confidence = w.Sure
			}
		}
		rep := &imaging.Report{Source: image.Pt(1200, 1700), Frames: []image.Rectangle{frame.Add(image.Pt(0, tt.down))}}
		takeBack(p, rep, 100)
		var got []ocr.RegionKind
		for _, r := range p.Regions {
			got = append(got, r.Kind)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
