package reading

import (
	"math"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

func TestDoubtDigits(t *testing.T) {
	for _, tt := range []struct {
		text             string
		sure, conf, want float64
	}{
		{"12/3/2024", 1, 1, 1},
		{"12/3/2024", 0.93, 0.93, 0.8},
		{"12/3/2024", 0.92, 0.92, 0.7914},
		{"45/QĐ-UBND", 0.465, 0.465, 0.4},
		{"s6", 0.965, 0.965, 0.9},
		{"s6", 0.965, 0.3, 0.3}, // the restorer is less sure
		{"phố", 0.6, 0.99, 0.99},
		{"1", 0, 0, 0},
	} {
		p := &ocr.Page{Lines: []ocr.Line{{Words: []ocr.Word{{Text: tt.text, Sure: tt.sure, Confidence: tt.conf}}}}}
		doubtDigits(p)
		if got := p.Lines[0].Words[0].Confidence; math.Abs(got-tt.want) > 1e-4 {
			t.Errorf("%s, %v sure: %v, want %v", tt.text, tt.sure, got, tt.want)
		}
	}
}
