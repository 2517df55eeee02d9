package reading

import (
	"image"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// What is made of strokes and stamps goes; print stays, wherever it stands and
// however little of it there is.
func TestWithoutNoise(t *testing.T) {
	stamp := image.Rect(800, 1000, 1200, 1400)
	for _, tt := range []struct {
		text string
		sure float64
		in   bool // in the stamp
		want bool // kept
	}{
		{"si —", 0.3, false, false},
		{"¬ O `", 0.4, false, false},
		{"“` —", 0.2, false, false},
		{"hTỔN X", 0.4, true, false},
		{"hTỔN X", 0.4, false, true}, // no region says that it is none
		{"PHÓ GIÁM ĐỐC", 0.9, true, true},
		{"Nguyễn Văn A", 0.65, true, true},
		{"12", 0.3, true, true}, // a page number that is doubted
		{"a)", 0.9, false, true},
		{"I.", 0.8, false, true},
		{"Nơi nhận", 0.2, false, true}, // badly read, but words
	} {
		l := ocr.Line{Box: image.Rect(100, 1100, 400, 1140)}
		if tt.in {
			l.Box = image.Rect(850, 1100, 1150, 1140)
		}
		for _, s := range strings.Fields(tt.text) {
			l.Words = append(l.Words, ocr.Word{Text: s, Confidence: tt.sure})
		}
		p := &ocr.Page{Lines: []ocr.Line{l}, Regions: []ocr.Region{{Kind: ocr.Rule, Box: image.Rect(0, 0, 2000, 2000)}, {Kind: ocr.Stamp, Box: stamp}}}
		if got := len(withoutNoise(p)) == 1; got != tt.want {
			t.Errorf("%q, sure by %.2f, in a stamp %t: kept %t", tt.text, tt.sure, tt.in, got)
		}
	}
}
