package reading

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Handwritten numbers are marked, apart from what is printed beside them; printed
// ones stay, and so do numbers of running text.
func TestMarkHand(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"Số: 12|35|60x52 /UBND-KT", "Số: [12] /UBND-KT"},
		{"Số: 125 /UBND-KT", "Số: 125 /UBND-KT"},
		{"Số: 125|80|60x50 /UBND-KT", "Số: [125] /UBND-KT"}, // too high
		{"Số: 125|96|60x60 /UBND-KT", "Số: 125 /UBND-KT"},   // its box holds something else
		{"Căn cứ Quyết định số 324/QĐ-|18 BHXH", "Căn cứ Quyết định số 324/QĐ- BHXH"},
		{"(Kèm theo Công văn số 6?4Ð|14 /UBND-SGD của Ủy ban)", "(Kèm theo Công văn số [6?4Ð] /UBND-SGD của Ủy ban)"},
		{"Số:sÄ22Ƒ|52 /TB-ĐHĐL", "Số: [sÄ22Ƒ] /TB-ĐHĐL"},
		{"Số: 9433/TB-ĐHĐL|38", "Số: [9433] /TB-ĐHĐL"},
		{"Số: 943/TB-ĐHĐL|88", "Số: 943/TB-ĐHĐL"},
		{"Số: jj6ŸÊ..TB-ĐHĐL|36", "Số: [jj6ŸÊ] ..TB-ĐHĐL"},
		{"Số: 4#|84 /QĐ-BHXH", "Số: [4#] /QĐ-BHXH"},
		{"Số: /#|31 /UBND- KSTTHC", "Số: [/#] /UBND- KSTTHC"},
		{"Số: 15/2024/QĐ-UBND", "Số: 15/2024/QĐ-UBND"},
		{"Sở Giáo|60 dục / UBND", "Sở Giáo dục / UBND"},
		{"Hà Nội, ngày j0|39|40x56 tháng ©|86 năm 2016", "Hà Nội, ngày [j0] tháng [©] năm 2016"},
		{"Đà Nẵng, ngày Aÿtháng|21 10 năm 2023", "Đà Nẵng, ngày [Aÿ] tháng 10 năm 2023"},
		{"Hà Nội, ngàyAô|47 tháng 6|90|20x50 năm 2021", "Hà Nội, ngày [Aô] tháng [6] năm 2021"},
		{"Hà Nội, ngày 05 tháng 6 năm 2021", "Hà Nội, ngày 05 tháng 6 năm 2021"},
		{"Căn cứ Nghị quyết ngày 15|40 tháng 12 năm 2015;", "Căn cứ Nghị quyết ngày 15 tháng 12 năm 2015;"},
	} {
		p := &ocr.Page{Lines: []ocr.Line{lineOf(100, strings.Split(tt.line, " ")...)}}
		markHand(p)
		var got []string
		hands := 0
		for _, w := range p.Lines[0].Words {
			if w.Hand {
				hands++
				w.Text = "[" + w.Text + "]"
			}
			got = append(got, w.Text)
		}
		if s := strings.Join(got, " "); s != tt.want || len(p.Regions) != hands {
			t.Errorf("%s: %s with %d regions, want %s", tt.line, s, len(p.Regions), tt.want)
		}
	}
}
