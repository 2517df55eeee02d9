package reading

import (
	"image"
	"math"
	"strings"
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

// What no number looks like is doubted, however sure the reader is of it.
func TestDoubtOddDigits(t *testing.T) {
	for _, tt := range []struct{ words, doubted string }{
		{"vốn 0DA của Q.0M", "0DA Q.0M"},
		{"Gò 6ò 5ơ 250.000đ 100m2", "6ò 5ơ"},
		{"ngày 05/1 1/2005", "05/1 1/2005"},
		{"ngày 01 12/2001, 14:05 2009", "01 12/2001, 14:05 2009"},
		{"241.999 198 đồng", "241.999 198"},
		{"27/02 2020)", "27/02 2020)"},
		{"lúc 7 giờ 30, 10 12 13", ""},
		{"số 12/2001  14", ""}, // far apart
		{"mục 2.1; 3.2 - 5", ""},
	} {
		p := &ocr.Page{Lines: []ocr.Line{lineOf(0, strings.Split(tt.words, " ")...)}}
		var got []string
		for i := range p.Lines[0].Words {
			p.Lines[0].Words[i].Sure = 0.99
		}
		doubtDigits(p)
		for _, w := range p.Lines[0].Words {
			if w.Confidence < wordsDoubted {
				got = append(got, w.Text)
			}
		}
		if s := strings.Join(got, " "); s != tt.doubted {
			t.Errorf("%s: doubted %q, want %q", tt.words, s, tt.doubted)
		}
	}
}

// Thousands and dates are joined where there is no space between their parts.
func TestJoinDigits(t *testing.T) {
	for _, tt := range []struct {
		words string
		gap   int // of a height of 40
		want  string
	}{
		{"đến 40.000. 000 đồng", 2, "đến 40.000.000 đồng"},
		{"đến 40.000. 000 đồng", 20, "đến 40.000. 000 đồng"},
		{"1.000. 000.000;", 2, "1.000.000.000;"},
		{"2. 500.000", 2, "2. 500.000"}, // an item
		{"241.999 198", 2, "241.999 198"},
		{"ngày 05/1 1/2005, tại", 6, "ngày 05/11/2005, tại"},
		{"ngày 31/ 12/2005", 6, "ngày 31/12/2005"},
		{"ngày 05/1 9/2005", 6, "ngày 05/1 9/2005"},
	} {
		l := lineOf(0, strings.Split(tt.words, " ")...)
		for i := range l.Words {
			if i > 0 {
				w := &l.Words[i]
				w.Box = w.Box.Add(image.Pt(l.Words[i-1].Box.Max.X+tt.gap-w.Box.Min.X, 0))
			}
		}
		hull := ocr.Around(l.Words)
		l.Words = joinDigits(l.Words)
		if got := textOf(l.Words); got != tt.want || ocr.Around(l.Words) != hull {
			t.Errorf("%s, %d between: %s, want %s", tt.words, tt.gap, got, tt.want)
		}
		for _, w := range l.Words {
			if !strings.Contains(tt.words, w.Text) && w.Confidence > doubted {
				t.Errorf("%s is not doubted", w.Text)
			}
		}
	}
}

// What else is put right in a line is so in the line of which two words were joined.
func TestJoinedLineIsMended(t *testing.T) {
	l := lineOf(0, "~", "40.000.", "000", "50.000d")
	l.Words[2].Box = l.Words[2].Box.Add(image.Pt(l.Words[1].Box.Max.X+2-l.Words[2].Box.Min.X, 0))
	p := &ocr.Page{Lines: []ocr.Line{l}}
	mendSigns(p)
	if got := textOf(p.Lines[0].Words); got != "- 40.000.000 50.000đ" {
		t.Error(got)
	}
}
