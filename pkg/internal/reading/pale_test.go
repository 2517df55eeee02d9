package reading

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// Print in a pale colour is read beside black print, and alone; a highlighter over black
// print, and paper in a colour, hide nothing of it.
func TestPalePrint(t *testing.T) {
	if _, err := tesseract.FindData("", "vie"); !tesseract.Available || err != nil {
		t.Skip("SKIPPED: needs Tesseract with Vietnamese data")
	}
	t.Setenv(asWorker, "yes")
	pool := ocr.NewPool(ocr.PoolOptions{Command: []string{os.Args[0]}, Jobs: 1})
	defer pool.Close()
	letter := testLetter(t).SubImage(image.Rect(0, 900, 2480, 1300)).(*image.Gray) // six lines at 300 dpi
	middle := 1072                                                                 // between two of them
	black, white := color.RGBA{20, 20, 20, 255}, color.RGBA{255, 255, 255, 255}
	yellow, cream := color.RGBA{255, 242, 0, 255}, color.RGBA{255, 250, 190, 255}
	for _, c := range []struct {
		name          string
		upper, lower  color.RGBA // print
		paper, marked color.RGBA // of the page, and of its lower half
	}{
		{"black", black, black, white, white},
		{"yellow below", black, yellow, white, white},
		{"all yellow", yellow, yellow, white, white},
		{"pale green", black, color.RGBA{160, 235, 90, 255}, white, white},
		{"pale cyan", color.RGBA{110, 230, 255, 255}, black, white, white},
		{"pale pink", black, color.RGBA{255, 160, 220, 255}, white, white},
		{"highlighted", black, black, white, yellow},
		{"yellow, and highlighted", yellow, black, white, yellow},
		{"cream paper", black, black, cream, cream},
	} {
		m := image.NewRGBA(letter.Rect)
		for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
			for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
				ink, paper := c.upper, c.paper
				if y >= middle {
					if ink = c.lower; x > 200 && x < 2200 {
						paper = c.marked
					}
				}
				mix := func(ink, paper uint8) uint8 {
					v := int(letter.GrayAt(x, y).Y)
					return uint8((int(paper)*v + int(ink)*(255-v)) / 255)
				}
				m.SetRGBA(x, y, color.RGBA{mix(ink.R, paper.R), mix(ink.G, paper.G), mix(ink.B, paper.B), 255})
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		p, err := pool.Read(t.Context(), ocr.Image{Data: b.Bytes(), DPI: 300}, "vie")
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"hoạch số", "phối hợp thực hiện"} {
			if !strings.Contains(strings.ReplaceAll(p.Text(), "\n", " "), words) {
				t.Errorf("%s: no %q in %q", c.name, words, p.Text())
			}
		}
	}
}
