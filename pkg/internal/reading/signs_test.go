package reading

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

func TestMendSigns(t *testing.T) {
	for _, tt := range []struct{ lines, want string }{
		{"e Mang theo; ~ Như trên; __ Sinh viên; - Lưu", "• Mang theo; - Như trên; - Sinh viên; - Lưu"},
		{"e thế", "e thế"},
		{"a) một; b) hai; c) ba; đ) bốn; đ) năm; e) sáu", "a) một; b) hai; c) ba; d) bốn; đ) năm; e) sáu"},
		{"c) ba; d) bốn; d) năm; e) sáu", "c) ba; d) bốn; đ) năm; e) sáu"},
		{"8) một; b) hai", "a) một; b) hai"},
		{"7) một; 8) hai; b) ba", "7) một; 8) hai; b) ba"},
		{"đ) năm", "đ) năm"},
		{"ngày 3l tháng I0", "ngày 31 tháng 10"},
		{"khóa DI2+DI3|80 và MI5|95", "khóa D12+D13 và MI5"},
		{"QĐÐ-BHXH CÐ", "QĐ-BHXH CĐ"},
		{"/QĐ-CTH§SSV § 5", "/QĐ-CTHSSV § 5"},
		{"thu 50.000d; gồm 3d", "thu 50.000đ; gồm 3d"},
		{"hòm thư nvhung(®gmail.com, vt(@sgd.edu.vn (vt@so.vn) Tên®", "hòm thư nvhung@gmail.com, vt@sgd.edu.vn (vt@so.vn) Tên®"},
		{"ngày 03:07/2002, 12:09:1995; lúc 14:05:20", "ngày 03/07/2002, 12/09/1995; lúc 14:05:20"},
		{"ngày 11⁄11⁄2017", "ngày 11/11/2017"},
		{"gồm: (¡) một", "gồm: (i) một"},
	} {
		p := &ocr.Page{}
		for s := range strings.SplitSeq(tt.lines, "; ") {
			p.Lines = append(p.Lines, lineOf(60*len(p.Lines), strings.Split(s, " ")...))
		}
		mendSigns(p)
		var got []string
		for _, l := range p.Lines {
			got = append(got, textOf(l.Words))
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.lines, s, tt.want)
		}
	}
}

// One Đ that is read as two stays one when the restorer has made both Đ.
func TestMendRestored(t *testing.T) {
	for _, tt := range []struct{ read, text, want string }{
		{"42/QĐÐ-BHXH", "42/QĐĐ-BHXH", "42/QĐ-BHXH"},
		{"42/ĐĐBQH", "42/ĐĐBQH", "42/ĐĐBQH"},
	} {
		if got := mendWord(ocr.Word{Read: tt.read, Text: tt.text, Sure: 0.95}); got != tt.want {
			t.Errorf("%s, restored as %s: %s, want %s", tt.read, tt.text, got, tt.want)
		}
	}
}

func TestMendColumn(t *testing.T) {
	for _, tt := range []struct{ column, want string }{
		{"i 3 3", "1 2 3"},
		{"4 S 6 7", "4 5 6 7"},
		{"TT I 2 3", "TT 1 2 3"},
		{"1 2. 6 7", "1 2. 6 7"}, {"1 2 6 7 8", "1 2 6 7 8"}, // 3 to 5 are lost
		{"1. ? 3. 4.", "1. 2 3. 4."},
		{"1 2 3 a", "1 2 3 4"},
		{"1 2 3 1 2", "1 2 3 1 2"}, {"1 2 3 1 a 6", "1 2 3 1 a 6"}, // two lists
		{"5 9 2", "5 9 2"}, // a column of values
		{"1 1 1", "1 1 1"},
	} {
		p := &ocr.Page{Lines: []ocr.Line{lineOf(0, "STT")}}
		p.Lines[0].Cell = ocr.Cell{Table: 1, Row: 1, Column: 1}
		for i, s := range strings.Fields(tt.column) {
			l := lineOf(60*i+60, s)
			l.Cell = ocr.Cell{Table: 1, Row: i + 2, Column: 1}
			p.Lines = append(p.Lines, l)
		}
		mendColumn(p.Lines)
		var got []string
		for _, l := range p.Lines[1:] {
			got = append(got, textOf(l.Words))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.column, s, tt.want)
		}
	}
}

func TestMendInOrder(t *testing.T) {
	for _, tt := range []struct{ lines, want string }{
		{"- Như trên;|- Các Sở,|- Báo tỉnh;|- Lưu: VT.", "- Như trên;|- Các Sở;|- Báo tỉnh;|- Lưu: VT."},
		{"- Như trên,|- Các Sở,|- Báo tỉnh;|- Lưu: VT.", "- Như trên,|- Các Sở,|- Báo tỉnh;|- Lưu: VT."}, // who writes so may mean it
		{"- Như trên;|- Báo tỉnh;|- Các Sở,|Ban;|- Lưu.", "- Như trên;|- Báo tỉnh;|- Các Sở,|Ban;|- Lưu."},
		{"KT. GIÁM ĐỐC.|‹PH Á M ĐỐC|Lê Thị An", "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC|Lê Thị An"},
		{"KT. BỘ TRƯỞNG|THU TRƯƠNQ", "KT. BỘ TRƯỞNG|THỨ TRƯỞNG"},
		{"KT. CHÁNH VĂN PHÒNG|PHÓ VĂN PHÒNG", "KT. CHÁNH VĂN PHÒNG|PHÓ VĂN PHÒNG"},
		{"TM. ỦY BAN NHÂN DÂN|CHU T1CH", "TM. ỦY BAN NHÂN DÂN|CHU T1CH"},
		{"TL. CHỦ TỊCH UBND TP.|CHÁNH VĂN PHÒNG", "TL. CHỦ TỊCH UBND TP.|CHÁNH VĂN PHÒNG"},
		{"- Lưu: VT., TH (3b).|- PGS., TS. An", "- Lưu: VT, TH (3b).|- PGS., TS. An"},
		{"- Lưu: VT, HC (5b).w⁄|- Lưu: VT, HC (L-40b).4|- Lưu: VT (2b)Ø.", "- Lưu: VT, HC (5b).|- Lưu: VT, HC (L-40b).|- Lưu: VT (2b)."},
		{"- Lưu: VT (2b).KN|- Lưu: VT, HC (5b).hg|- Lưu VT, Lý NTM(02).", "- Lưu: VT (2b).KN|- Lưu: VT, HC (5b).hg|- Lưu VT, Lý NTM(02)."},
		{"- Điều 2 (1b).4", "- Điều 2 (1b).4"},
		{"KT GIÁM ĐỐC|.PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC"},
		{"ICT, CHỦ TỊCH|2) CHU TỊCH", "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"},
		{"“GIÁM ĐỐC", "GIÁM ĐỐC"}, {"“GIÁM ĐỐC”", "“GIÁM ĐỐC”"},
		{"TL MINH|KT CAO", "TL MINH|KT CAO"},
		{"Ông là Giám đốc.|Sở này.", "Ông là Giám đốc.|Sở này."},
	} {
		var lines []ocr.Line
		for s := range strings.SplitSeq(tt.lines, "|") {
			lines = append(lines, lineOf(60*len(lines), strings.Split(s, " ")...))
		}
		mendInOrder(lines)
		var got []string
		for _, l := range lines {
			got = append(got, textOf(l.Words))
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.lines, s, tt.want)
		}
	}
}
