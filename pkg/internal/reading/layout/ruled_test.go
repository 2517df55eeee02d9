package layout

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/ocrtest"
)

// cellsOf sets a page's cells as "row.column text", its other lines as they are.
func cellsOf(lines []ocr.Line) string {
	var out []string
	for _, l := range lines {
		s := strings.Join(texts(l.Words), " ")
		if l.Cell.Table > 0 {
			s = fmt.Sprintf("%d.%d %s", l.Cell.Row, l.Cell.Column, s)
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

// Rules part what the reader ran together, and keep together what they frame; where
// one is missing the cells are one. Frames and underlines are no tables.
func TestRuled(t *testing.T) {
	page := ocrtest.Page(0, 0,
		"Danh sách kèm theo:",
		" STT  Khóa học      Thời gian",
		"                      đăng ký",
		"  1   Khóa mười        7 giờ",
		"  2   Môn không        8 giờ",
		"      còn dạy",
		"      Tổng cộng        9 giờ",
		"Ghi chú: không.")
	across := func(y, x0, x1 int) image.Rectangle { return image.Rect(x0, y, x1, y+3) }
	along := func(x, y0, y1 int) image.Rectangle { return image.Rect(x, y0, x+3, y1) }
	// Rows of text are 50 apart and 40 high; rules stand in the 10 between.
	table := []image.Rectangle{
		across(44, 0, 640), across(144, 0, 640), across(194, 0, 640), across(294, 0, 640), across(344, 0, 640),
		along(5, 44, 345), along(110, 44, 294), along(360, 44, 345), along(637, 44, 345),
	}
	want := `Danh sách kèm theo:
1.1 STT
1.2 Khóa học
1.3 Thời gian
1.3 đăng ký
2.1 1
2.2 Khóa mười
2.3 7 giờ
3.1 2
3.2 Môn không
3.2 còn dạy
3.3 8 giờ
4.1 Tổng cộng
4.3 9 giờ
Ghi chú: không.`
	if got := cellsOf(Ruled(page.Lines, table)); got != want {
		t.Errorf("got\n%s", got)
	}
	cells := Cells(table, 40)
	if len(cells) != 11 || cells[0] != image.Rect(6, 45, 111, 145) || cells[9] != image.Rect(6, 295, 361, 345) {
		t.Errorf("cells: %v", cells)
	}
	plain := cellsOf(page.Lines)
	for name, rules := range map[string][]image.Rectangle{
		"none":       nil,
		"a frame":    {across(44, 0, 640), across(344, 0, 640), along(5, 44, 345), along(637, 44, 345)},
		"underlines": {across(44, 0, 200), across(144, 100, 300), across(194, 0, 640)},
		"far apart":  {across(44, 0, 640), across(344, 0, 640), along(700, 400, 800), along(900, 400, 800)},
	} {
		if got := cellsOf(Ruled(page.Lines, rules)); got != plain {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

func TestIsRule(t *testing.T) {
	for _, tt := range []struct {
		text string
		wide int // of a height of 40
		want bool
	}{
		{"|", 6, true}, {"Ị", 6, true}, {"ì", 9, true}, {"||", 20, true},
		{"Ị", 12, false}, {"I", 6, false}, {"1", 6, false}, {"ìí", 9, false},
	} {
		if got := isRule(ocr.Word{Text: tt.text, Box: image.Rect(0, 0, tt.wide, 40)}); got != tt.want {
			t.Errorf("%s, %d wide: %v", tt.text, tt.wide, got)
		}
	}
	p := ocrtest.Page(0, 0, "Ị  Gạo     7", "   Muối    8", "   Cá      9")
	p.Lines[0].Words[0].Box.Max.X = 5
	if got := Columns(p).Lines[0]; len(got.Words) != 1 || got.Words[0].Text != "Gạo" {
		t.Errorf("the first cell is %v", texts(got.Words))
	}
}
