package layout

import (
	"image"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A line that is out of order does not take a table with it.
func TestAbove(t *testing.T) {
	for _, tt := range []struct {
		name string
		ys   []int
		want int
	}{
		{"nothing", nil, 0},
		{"in order", []int{10, 20, 30, 60, 70}, 3},
		{"all above", []int{10, 20}, 2},
		{"all below", []int{60, 70}, 0},
		{"a line of the foot first", []int{90, 10, 20, 30, 60, 70}, 4},
		{"a line of the head last", []int{10, 20, 60, 70, 5}, 2},
		{"one below among those above", []int{10, 80, 20, 60}, 1},
	} {
		var lines []ocr.Line
		for _, y := range tt.ys {
			lines = append(lines, ocr.Line{Box: image.Rect(0, y-4, 100, y+4)})
		}
		if got := above(lines, 50); got != tt.want {
			t.Errorf("%s: %d lines, want %d", tt.name, got, tt.want)
		}
	}
}
