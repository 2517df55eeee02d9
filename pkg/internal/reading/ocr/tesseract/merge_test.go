//go:build cgo

package tesseract

import (
	"image"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// What a second reading of a place adds is kept if it is sure; what both have is taken
// from the surer one.
func TestMerged(t *testing.T) {
	line := func(y int, text string, sure float64) ocr.Line {
		box := image.Rect(0, y, 300, y+30)
		return ocr.Line{Box: box, Words: []ocr.Word{{Read: text, Confidence: sure, Box: box}}}
	}
	first := []ocr.Line{line(0, "GIÁM", 0.9), line(100, "PH Á", 0.3), line(200, "An", 0.9)}
	second := []ocr.Line{line(2, "G1AM", 0.5), line(50, "ĐỐC", 0.8), line(102, "PHÓ", 0.9), line(150, "`^=;", 0.3)}
	var got []string
	for _, l := range merged(first, second) {
		got = append(got, l.Words[0].Read)
	}
	if s := strings.Join(got, " "); s != "GIÁM ĐỐC PHÓ An" {
		t.Error(s)
	}
}
