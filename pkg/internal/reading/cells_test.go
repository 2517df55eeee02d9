package reading

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// The reader is told the cells of a table that the rules of a page make, on the page as
// it is prepared.
func TestCellsAreTold(t *testing.T) {
	m := testLetter(t)
	table := image.Rect(300, 700, 2100, 1300)
	draw.Draw(m, table, image.White, image.Point{}, draw.Src)
	for y := table.Min.Y; y <= table.Max.Y; y += 200 {
		draw.Draw(m, image.Rect(table.Min.X, y, table.Max.X, y+4), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	for x := table.Min.X; x <= table.Max.X; x += 600 {
		draw.Draw(m, image.Rect(x, table.Min.Y, x+4, table.Max.Y+4), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	ready, rep := prepared(ocr.FromImage(m, 300), imaging.All, 0)
	if rep == nil {
		t.Skip("SKIPPED: needs Leptonica")
	}
	if len(ready.Cells) != 9 {
		t.Fatalf("cells: %v, rules: %v", ready.Cells, rep.Rules)
	}
	for i, c := range ready.Cells {
		want := image.Rect(0, 0, 600, 200).Add(image.Pt(table.Min.X+i%3*600, table.Min.Y+i/3*200))
		if got := rep.ToOriginal(c); !near(got, want, 12) {
			t.Errorf("cell %d is at %v, not %v", i, got, want)
		}
	}
}
