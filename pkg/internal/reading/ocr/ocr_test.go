package ocr

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	word := func(s string) Word { return Word{Text: s} }
	p := &Page{Lines: []Line{
		{Block: 1, Par: 1, Words: []Word{word("Kính"), word("gửi:")}},
		{Block: 1, Par: 1, Words: []Word{word("Sở")}},
		{Block: 1, Par: 2, Words: []Word{word("Căn")}},
		{Block: 2, Par: 2, Words: []Word{word("Nơi")}},
	}}
	if got, want := p.Text(), "Kính gửi:\nSở\n\nCăn\n\nNơi\n"; got != want {
		t.Errorf("Text() = %q, want %q", got, want)
	}
}

func TestResize(t *testing.T) {
	p := &Page{Size: image.Pt(100, 200), DPI: 100, Lines: []Line{{Box: image.Rect(10, 20, 30, 40), Words: []Word{{Box: image.Rect(10, 20, 20, 40)}}}}}
	q := p.Resize(image.Pt(300, 600))
	if q.DPI != 300 || q.Lines[0].Box != image.Rect(30, 60, 90, 120) || q.Lines[0].Words[0].Box != image.Rect(30, 60, 60, 120) {
		t.Errorf("got %+v", q)
	}
	if p.Lines[0].Words[0].Box != image.Rect(10, 20, 20, 40) {
		t.Error("the original was changed")
	}
}

func TestFromImage(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 4, 1))
	gray.Pix = []byte{1, 2, 3, 4}
	sub := gray.SubImage(image.Rect(1, 0, 3, 1))
	blackAndWhite := image.NewGray(image.Rect(0, 0, 3, 1))
	blackAndWhite.Pix = []byte{0, 255, 0}
	rgba := image.NewRGBA(image.Rect(0, 0, 1, 1))
	rgba.Set(0, 0, color.RGBA{9, 8, 7, 255})
	clear := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	for _, tt := range []struct {
		m    image.Image
		want string
	}{
		{gray, "P5\n4 1\n255\n\x01\x02\x03\x04"},
		{sub, "P5\n2 1\n255\n\x02\x03"},
		{blackAndWhite, "P4\n3 1\n\xa0"}, // packed, 1 is black
		{rgba, "P6\n1 1\n255\n\x09\x08\x07"},
		{clear, "P6\n1 1\n255\n\xff\xff\xff"}, // what is transparent is paper
	} {
		if got := FromImage(tt.m, 300); string(got.Data) != tt.want || got.DPI != 300 {
			t.Errorf("FromImage(%T) = %q, want %q", tt.m, got.Data, tt.want)
		}
	}
	if !strings.HasPrefix(string(FromImage(image.NewAlpha(image.Rect(0, 0, 2, 3)), 0).Data), "P6\n2 3\n") {
		t.Error("an alpha image is not flattened")
	}
}
