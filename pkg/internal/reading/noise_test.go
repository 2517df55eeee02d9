package reading

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// lineOf sets words at the given left edges, 40 high, 20 a letter. Each is written
// "text|sureness in percent|width x height", the last two where they are unusual.
func lineOf(y int, words ...string) ocr.Line {
	l := ocr.Line{Block: 1, Par: 1}
	x := 200
	for _, s := range words {
		part := strings.Split(s, "|")
		w := ocr.Word{Text: part[0], Read: part[0], Sure: 0.95, Confidence: 0.99}
		if part[0] == "" { // a gap
			x += 200
			continue
		}
		wide, high := 20*len([]rune(part[0])), 40
		if len(part) > 1 {
			n, err := strconv.Atoi(part[1])
			if err != nil {
				panic(err)
			}
			w.Sure = float64(n) / 100
		}
		if len(part) > 2 {
			if _, err := fmt.Sscanf(part[2], "%dx%d", &wide, &high); err != nil {
				panic(err)
			}
		}
		w.Box = image.Rect(x, y+40-high, x+wide, y+40)
		x += wide + 20
		l.Words, l.Box = append(l.Words, w), l.Box.Union(w.Box)
	}
	return l
}

// What is made of strokes, stamps, specks and seams goes; print stays, wherever it
// stands, however little of it there is and however badly it is read.
func TestWithoutNoise(t *testing.T) {
	for _, tt := range []struct {
		line, want string
		region     bool
	}{
		{line: "si|30 —|30", want: ""},
		{line: "¬|40 O|40 `|40", want: ""},
		{line: "mm|20 Z|19", want: ""},
		{line: "⁄|78", want: ""},
		{line: "-|78", want: "-"},
		{line: "phòng|55 X|40", want: "", region: true},
		{line: "phòng|55 X|40", want: "phòng X"}, // no region says that it is none
		{line: "PHÓ GIÁM ĐỐC", want: "PHÓ GIÁM ĐỐC", region: true},
		{line: "Nguyễn|65 Văn|65 A|65", want: "Nguyễn Văn A", region: true},
		{line: "-®*|0 +|18 THỦ TƯỚNG|90", want: "THỦ TƯỚNG", region: true}, // what strokes over print are made of
		{line: "nữ|8 HIỆU|0 TRƯỞNG|93", want: "HIỆU TRƯỞNG", region: true},
		{line: "nữ|8 TRƯỜNG|0 ĐIỆN|93", want: "", region: true}, // of the stamp itself
		{line: "12|30", want: "12"},                             // a page number that is doubted
		{line: "12|80", want: "12", region: true},
		{line: "12|30", want: "", region: true},
		{line: "°|90 C|90", want: "", region: true}, // letters of a ring
		{line: "“`|30 —|30", want: ""},
		{line: "©)|60 Người sử dụng", want: "©) Người sử dụng"}, // the letter of an item
		{line: "........", want: "........"},
		{line: "⁄|95 ỦY BAN NHÂN", want: "ỦY BAN NHÂN"},
		{line: "Nơi nhận:                ,|70", want: "Nơi nhận:"},
		{line: "5|64|7x7", want: ""}, // a speck
		{line: "a) b|80", want: "a) b"},
		{line: "I.|80", want: "I."},
		{line: "Nơi|20 nhận|20", want: "Nơi nhận"}, // badly read, but words
		{line: "Như Điều 3;  l|0|6x6", want: "Như Điều 3;"},
		{line: "Đà|0 Nẵng,|0 ngày", want: "Đà Nẵng, ngày"},
		{line: "Ban Quản lý;  Lš|56", want: "Ban Quản lý;"},
		{line: "vú|39|120x60  Thời gian qua", want: "Thời gian qua"},
		{line: "C|10|46x169 Trần Thị Hương", want: "Trần Thị Hương"},
		{line: "https://vi.example.vn/vWxFX8&6|28", want: "https://vi.example.vn/vWxFX8&6"},
		{line: "324/QĐ-|18 BHXH", want: "324/QĐ- BHXH"},
		{line: "2. __|31 Tổ chức", want: "2. Tổ chức"},
		{line: "“=Oppose|18", want: "“=Oppose"}, // a legend, and its line
		{line: "——=Net[note|35 2]|96", want: "——=Net[note 2]"},
		{line: "PFRSƯTG|30 angl.4i4:|0", want: ""},
	} {
		p := &ocr.Page{Lines: []ocr.Line{
			lineOf(100, "Hội", "thánh", "truyền", "đạo", "trái", "phép", "trong", "tỉnh"),
			lineOf(300, strings.Split(tt.line, " ")...),
			lineOf(500, "Chính", "quyền", "địa", "phương", "cần", "theo", "dõi"),
		}}
		if tt.region {
			p.Regions = []ocr.Region{{Kind: ocr.Stamp, Box: image.Rect(0, 250, 2000, 400)}}
		}
		p.Regions = append(p.Regions, ocr.Region{Kind: ocr.Rule, Box: image.Rect(0, 0, 2000, 2000)})
		all := wordsOf(p.Lines)
		leaveOutNoise(p)
		got := ""
		if len(p.Lines) == 3 {
			got = textOf(p.Lines[1].Words)
		}
		if n := wordsOf(p.Lines) + wordsOf(p.LeftOut); n != all {
			t.Errorf("%q: %d of %d words in the text or left out", tt.line, n, all)
		}
		if got != tt.want {
			t.Errorf("%q, in a stamp %t: kept %q, want %q", tt.line, tt.region, got, tt.want)
		}
	}
}

// A page that its reader doubts as a whole keeps what it has.
func TestWithoutNoisePoorPage(t *testing.T) {
	p := &ocr.Page{}
	for y := range 6 {
		p.Lines = append(p.Lines, lineOf(100*y, "Hội|55", "thanb|45", "tr|50", "đạo|52", "tráì|49"))
	}
	if leaveOutNoise(p); len(p.Lines) != 6 || len(p.Lines[3].Words) != 5 {
		t.Errorf("kept %v", p.Lines)
	}
}

func wordsOf(lines []ocr.Line) (n int) {
	for _, l := range lines {
		n += len(l.Words)
	}
	return n
}

// What a reader makes of a picture is left out as a whole, of however many words; a
// page of few words is none, nor one of numbers, or of another language.
func TestPictures(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		text  bool
	}{
		{lines: []string{"l|40 AI|20 VỆ|31 ỒN|12 ca.|30 .|40 tư|20 Ã|3", "¬|50 vuấ|20", "nang|30 -|80"}},
		{lines: []string{"%|80"}},
		{lines: []string{"*|85 °|80", ":|90 .|85", "5|40"}},
		{lines: []string{"+75%19NỆPNMGN,SGSASA|2 NAAES.ý|0"}},
		{lines: []string{"12"}, text: true},
		{lines: []string{"A|90", "B|90"}, text: true},
		{lines: []string{"Support|35 Oppose|18"}, text: true},
		{lines: []string{"Hôi|40 thanb|40 tr|30 đao|40 tráì|40"}, text: true},
	} {
		p := &ocr.Page{}
		for i, l := range tt.lines {
			p.Lines = append(p.Lines, lineOf(100*i, strings.Split(l, " ")...))
		}
		all := wordsOf(p.Lines)
		leaveOutNoise(p)
		if got := wordsOf(p.Lines) > 0; got != tt.text || wordsOf(p.Lines)+wordsOf(p.LeftOut) != all {
			t.Errorf("%q: kept %v, left out %v", tt.lines, p.Lines, p.LeftOut)
		}
	}
}

// What is written in the margin goes, and its place is a region; what is printed there
// stays.
func TestMargin(t *testing.T) {
	p := &ocr.Page{Size: image.Pt(2000, 3000)}
	for i := range runningLines + 2 {
		p.Lines = append(p.Lines, lineOf(100+60*i, "đề", "nghị", "các", "đơn", "vị", "thực", "hiện", "theo"))
	}
	for i, s := range []string{"W|90", "+|42 25/06.|29", "Điều|90", "12|90"} {
		l := lineOf(0, strings.Fields(s)...)
		for j := range l.Words {
			l.Words[j].Box = l.Words[j].Box.Add(image.Pt(-195, 100+60*i))
		}
		p.Lines[i].Words = append(l.Words, p.Lines[i].Words...)
		p.Lines[i].Box = ocr.Around(p.Lines[i].Words)
	}
	for i := range p.Lines { // the margin is wide
		for j := range p.Lines[i].Words {
			if w := &p.Lines[i].Words[j]; w.Box.Min.X >= 195 {
				w.Box = w.Box.Add(image.Pt(300, 0))
			}
		}
		p.Lines[i].Box = ocr.Around(p.Lines[i].Words)
	}
	leaveOutNoise(p)
	for i, want := range []string{"đề", "đề", "Điều", "12"} {
		if got := p.Lines[i].Words[0].Text; got != want {
			t.Errorf("line %d begins with %q, want %q", i, got, want)
		}
	}
	if len(p.Regions) != 1 || p.Regions[0].Kind != ocr.Margin || p.Regions[0].Box.Max.X > 300 || p.Regions[0].Box.Min.Y > 140 {
		t.Errorf("regions %v", p.Regions)
	}
}
