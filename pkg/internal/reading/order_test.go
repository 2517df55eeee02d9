package reading

import (
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// mendPages mends lines; pages end at those of a slash, which go.
func mendPages(lines []ocr.Line) []ocr.Line {
	var o order
	from := 0
	for i := range lines {
		if textOf(lines[i].Words) == "/" {
			o.mend(lines[from:i])
			from = i
		}
	}
	o.mend(lines[from:])
	return slices.DeleteFunc(lines, func(l ocr.Line) bool { return textOf(l.Words) == "/" })
}

// Numbers of parts are mended by those before and after them, and by nothing less.
func TestMendOrder(t *testing.T) {
	for _, tt := range []struct{ lines, want string }{
		{"Điều 9. Một; Điều 1O. Hai; Điều 11. Ba", "Điều 9. Một; Điều 10. Hai; Điều 11. Ba"},
		{"Điều 3. Một; Điều ?1. Hai; Điều 5. Ba", "Điều 3. Một; Điều 4. Hai; Điều 5. Ba"},
		{"Điều 4. Một; Điều 15. Hai; Điều 6. Ba", "Điều 4. Một; Điều 15. Hai; Điều 6. Ba"},         // quotes another law, maybe
		{"12. Một; 13 Hai; 14. Ba; 14. Bốn; 15. Năm", "12. Một; 13 Hai; 14. Ba; 14. Bốn; 15. Năm"}, // the author's
		{"Điều 4. Một; Điều 7 Luật này; Điều 5. Hai", "Điều 4. Một; Điều 7 Luật này; Điều 5. Hai"},
		{"Điều 4. Một; Điều 9. Hai; Điều 10. Ba", "Điều 4. Một; Điều 9. Hai; Điều 10. Ba"},
		{"Chương I Chung; Chương ll Riêng; Chương III Cuối", "Chương I Chung; Chương II Riêng; Chương III Cuối"},
		{"I. Chung; 1. Một; ll. Riêng; 1. Một; III. Cuối", "I. Chung; 1. Một; II. Riêng; 1. Một; III. Cuối"},
		{"1. Một; 2. Hai; S. Ba; 4. Bốn", "1. Một; 2. Hai; 3. Ba; 4. Bốn"},
		{"1. Một; 2. Hai; 1. Một; 2. Hai; 3. Ba", "1. Một; 2. Hai; 1. Một; 2. Hai; 3. Ba"},
		{"1. Một; a) hai; 2. Ba; ?8. Bốn; 4. Năm", "1. Một; a) hai; 2. Ba; 3. Bốn; 4. Năm"},
		{"1) Một; 3. Hai; 3) Ba", "1) Một; 3. Hai; 3) Ba"}, // two lists
		{"5 người; 1 xe; 7 nhà", "5 người; 1 xe; 7 nhà"},
		{"Điều 4. Một; /; Điều ?8. Hai; Điều 6. Ba", "Điều 4. Một; Điều 5. Hai; Điều 6. Ba"},
		{"Điều 4. Một; /; xe; /; 5. Hai; Điều ?8. Hai; Điều 6. Ba", "Điều 4. Một; xe; 5. Hai; Điều 5. Hai; Điều 6. Ba"},
		{"b) Một; /; ?e) Hai; d) Ba; d) Bốn; e) Năm", "b) Một; c) Hai; d) Ba; đ) Bốn; e) Năm"},
		{"d) Một; /; d) Hai; e) Ba", "d) Một; đ) Hai; e) Ba"},
		{"b. Một; 1. Hai; /; 2. Ba; ê. Bốn; d. Năm", "b. Một; 1. Hai; 2. Ba; c. Bốn; d. Năm"},
		{"b) Một; /; e) Hai; d) Ba", "b) Một; e) Hai; d) Ba"},  // the reader is sure
		{"b) Một; /; ?e) Hai; đ) Ba", "b) Một; e) Hai; đ) Ba"}, // one may be lost
		{"b) Một; ?e) Hai; a) Ba; /; d) Bốn", "b) Một; e) Hai; a) Ba; d) Bốn"},
		{"b) Một; /; ?e. Hai; d) Ba", "b) Một; e. Hai; d) Ba"},
		{"a) Một; /; 8) Hai; c) Ba", "a) Một; 8) Hai; c) Ba"},                    // a list of numbers, maybe
		{"a) Một; /; ?i) Hai; ii) Ba; c) Bốn", "a) Một; i) Hai; ii) Ba; c) Bốn"}, // b) is lost
		{"d) Một; /; ?e) Hai; f) Ba", "d) Một; e) Hai; f) Ba"},                   // no đ in this list
		{"(i) Một; /; (1i) Hai; (iii) Ba; (iv) Bốn", "(i) Một; (ii) Hai; (iii) Ba; (iv) Bốn"},
		{"i) Một; /; ?i) Hai; iii) Ba", "i) Một; ii) Hai; iii) Ba"},
		{"i) Một; ?1) Hai; iii) Ba", "i) Một; 1) Hai; iii) Ba"},   // ii) is lost, maybe
		{"i) Một; /; l) Hai; iii) Ba", "i) Một; l) Hai; iii) Ba"}, // a letter, maybe
		{"h) Một; 1) Hai; j) Ba; k) Bốn", "h) Một; 1) Hai; j) Ba; k) Bốn"},
		{"y) Một; ?z) Hai; a) Ba", "y) Một; z) Hai; a) Ba"},
		{"1.2.2 Một; 1.23 Hai; 13 Ba; 1.3. Bốn", "1.2.2 Một; 1.2.3 Hai; 13 Ba; 1.3. Bốn"},
		{"1.2.2 Một; /; 12.3. Hai; 1.2.31 Ba; 21 Bốn", "1.2.2 Một; 1.2.3. Hai; 1.2.3.1 Ba; 21 Bốn"},
		{"1.2.2 Một; 1.23 tỷ; 1.2.2 Một; 1.24 Hai; 1.25 Ba", "1.2.2 Một; 1.23 tỷ; 1.2.2 Một; 1.24 Hai; 1.25 Ba"},
	} {
		var lines []ocr.Line
		for s := range strings.SplitSeq(tt.lines, "; ") {
			l := lineOf(60*len(lines), strings.Split(s, " ")...)
			for i := range l.Words {
				w := &l.Words[i]
				w.Sure, w.Confidence = 0.99, 1
				if s, doubts := strings.CutPrefix(w.Text, "?"); doubts {
					w.Text, w.Sure = s, 0.7
				}
			}
			lines = append(lines, l)
		}
		lines = mendPages(lines)
		var got []string
		for _, l := range lines {
			got = append(got, textOf(l.Words))
			for _, w := range l.Words {
				if changed := !strings.Contains(tt.lines, w.Text); changed && w.Confidence > doubted {
					t.Errorf("%s: %s is not doubted", tt.lines, w.Text)
				}
			}
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.lines, s, tt.want)
		}
	}
	table := []ocr.Line{lineOf(0, "1.", "Gạo"), lineOf(60, "9.", "Muối"), lineOf(120, "3.", "Cá")}
	for i := range table {
		table[i].Cell, table[i].Words[0].Sure = ocr.Cell{Table: 1, Row: i + 1, Column: 1}, 0.7
	}
	if new(order).mend(table); textOf(table[1].Words) != "9. Muối" {
		t.Errorf("cells of a table: %s", textOf(table[1].Words))
	}
}

// The numbers of a document go on from page to page, but in text that is taken as it
// stands, or as it was read.
func TestOrderOverPages(t *testing.T) {
	for _, tt := range []struct {
		own, asRead bool
		want        string
	}{{want: "5."}, {own: true, want: "8."}, {asRead: true, want: "8."}} {
		page := func(texts ...string) *Page {
			p := &Page{Page: &ocr.Page{}, Own: tt.own}
			for i, s := range texts {
				p.Lines = append(p.Lines, lineOf(60*i, "Điều", s, "Hai"))
				p.Lines[i].Words[1].Sure = 0.7
			}
			return p
		}
		second := page("8.", "6.")
		j := &Job{opts: &Options{Reader: Reader{AsRead: tt.asRead}}, pages: []int{0, 1}, reads: map[int]*Page{0: page("4."), 1: second}}
		for n := range j.pages {
			if err := j.Emit(n, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := second.Lines[0].Words[1].Text; got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
