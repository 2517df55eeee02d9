//go:build cgo

package tesseract

import (
	"fmt"
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
	smeared := line(50, "ĐỐC", 0.8)
	smeared.Words = append([]ocr.Word{{Read: "n6dJ", Confidence: 0.05}}, smeared.Words...)
	second := []ocr.Line{line(2, "G1AM", 0.5), smeared, line(102, "PHÓ", 0.9), line(150, "`^=;", 0.3)}
	var got []string
	for _, l := range merged(first, second) {
		got = append(got, l.Words[len(l.Words)-1].Read)
	}
	if s := strings.Join(got, " "); s != "GIÁM ĐỐC PHÓ An" {
		t.Error(s)
	}
}

// wordsOf sets words, "text|left|right|top|bottom|sureness in percent", as a line.
func wordsOf(t *testing.T, words ...string) (l ocr.Line) {
	t.Helper()
	for _, s := range words {
		var w ocr.Word
		var sure int
		read, rest, _ := strings.Cut(s, "|")
		if _, err := fmt.Sscanf(rest, "%d|%d|%d|%d|%d", &w.Box.Min.X, &w.Box.Max.X, &w.Box.Min.Y, &w.Box.Max.Y, &sure); err != nil {
			t.Fatal(s, err)
		}
		w.Read, w.Confidence = read, float64(sure)/100
		l.Words, l.Box = append(l.Words, w), l.Box.Union(w.Box)
	}
	return l
}

// A line that goes on in the next column, under a stamp, is cut where that begins if it
// is doubted there.
func TestParted(t *testing.T) {
	isIn := func(r image.Rectangle) bool { return r.Min.X >= 500 }
	for _, tt := range []struct {
		line ocr.Line
		want string
	}{
		{wordsOf(t, "khóa;|100|200|0|30|96", "PKRRƯƠNG|600|700|0|30|0", "PHONG|710|800|0|30|93"), "khóa; / PKRRƯƠNG PHONG"},
		{wordsOf(t, "nhận:|100|200|0|30|96", "TL.|600|700|0|30|93", "HIỆU|710|800|0|30|92"), "nhận: TL. HIỆU"},
		{wordsOf(t, "được|100|485|0|30|96", "PKRRƯƠNG|510|700|0|30|0"), "được PKRRƯƠNG"}, // running text
		{wordsOf(t, "PKRR|100|200|0|30|0", "khóa|300|400|0|30|96"), "PKRR khóa"},
	} {
		var got []string
		for _, l := range parted([]ocr.Line{tt.line}, isIn) {
			var words []string
			for _, w := range l.Words {
				words = append(words, w.Read)
			}
			got = append(got, strings.Join(words, " "))
		}
		if s := strings.Join(got, " / "); s != tt.want {
			t.Errorf("%s, want %s", s, tt.want)
		}
	}
}

// A stroke that is taken for a word does not make the row of a line higher.
func TestRow(t *testing.T) {
	l := wordsOf(t, "n6|0|40|60|90|5", "tệp|60|120|0|92|0", "TRƯ|130|200|50|90|54", "G|210|240|52|90|92")
	if got, want := row(l), image.Rect(-19, 33, 259, 109); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// Dirt among text goes; where nearly all is doubtful, as in a drawing, nothing tells it from
// what is meant.
func TestWithoutDirt(t *testing.T) {
	page := func(text, dirt int) (lines []ocr.Line) {
		for range text {
			lines = append(lines, ocr.Line{Words: []ocr.Word{{Read: "Giám", Confidence: 0.95}}})
		}
		for range dirt {
			lines = append(lines, ocr.Line{Words: []ocr.Word{{Read: "|=_»", Confidence: 0.2}}})
		}
		return lines
	}
	for _, tt := range []struct{ text, dirt, want int }{{5, 3, 5}, {30, maxAgain, 30}, {5, maxAgain + 1, maxAgain + 6}, {4, 0, 4}} {
		if got := len(withoutDirt(page(tt.text, tt.dirt))); got != tt.want {
			t.Errorf("%d lines of text, %d of dirt: %d are left, not %d", tt.text, tt.dirt, got, tt.want)
		}
	}
}
