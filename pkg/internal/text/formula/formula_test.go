package formula

import (
	"strings"
	"testing"
)

func TestHead(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"BỘ XÂY DỰNG CQNG HOA XA H0I CHU NGHiA VIET NAM", "CQNG HOA XA H0I CHU NGHiA VIET NAM"}, // beside the left column, garbled
		{"CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM Thời gian ký: 19/10", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"CONGHOAXAHOI CHUNGHIA VIETNAM", "CONGHOAXAHOI CHUNGHIA VIETNAM"}, // spaces lost
		{"HUYỆN ỦY ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM"},
		{"Số: 7 Déc lap - Tu do - Hanh phic", "Déc lap - Tu do - Hanh phic"},
		{"nước Cộng hòa xã hội chủ nghĩa Việt Nam là", ""}, // the name in running text
		{"CỘNG TÁC VIÊN XÃ HỘI", ""},
		{"độc lập, có chủ quyền, tự do", ""},
		{"", ""},
	} {
		ws := strings.Fields(tt.in)
		from, to, ok := Head(ws)
		if got := strings.Join(ws[from:to], " "); got != tt.want || ok != (tt.want != "") {
			t.Errorf("Head(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// A line of two thousand words, which a page without spaces to speak of or a
// text file may have, costs twice what one of a thousand does.
func TestHeadGrowth(t *testing.T) {
	cost := func(n int) float64 {
		ws := strings.Fields(strings.Repeat("CỘNG HÒA XÃ ", n/3))
		return testing.AllocsPerRun(1, func() { Head(ws) })
	}
	if a, b := cost(1000), cost(2000); b > 3*a {
		t.Errorf("%.0f allocations for 1,000 words, %.0f for 2,000", a, b)
	}
}

func TestOpens(t *testing.T) {
	for _, tt := range []struct {
		f    Formula
		in   string
		want int
	}{
		{To, "Kính gửi: Các sở", 2},
		{To, "Kinh gứi: Cac so", 2}, {To, "Kinh girti: Cac so", 0}, // one letter in seven may be wrong
		{To, "Kínhgửi: Các sở", 1},
		{To, "Kính thưa các đồng chí", 0},
		{Copies, "Nơi nhận: TM. BỘ", 2},
		{Copies, "Nơi ở: xã Bình Sơn", 0},
		{Copies, "", 0},
	} {
		if got := tt.f.Opens(strings.Fields(tt.in)); got != tt.want {
			t.Errorf("%s opens %q with %d words, want %d", tt.f.Text, tt.in, got, tt.want)
		}
	}
}

func TestIsSubject(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want bool
	}{
		{"V/v", true}, {"v/v", true}, {"V/v:", true}, {"VIV", true}, {"V1v", true}, {"VW", true}, {"V⁄v", true},
		{"Vy", false}, {"VIP", false}, {"Việc", false}, {"v", false}, {"IV.", false}, {"", false},
	} {
		if got := IsSubject(tt.in); got != tt.want {
			t.Errorf("IsSubject(%q) = %v", tt.in, got)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"QUYẾT ĐỊNH", "Quyết định"}, {"QUYET DINH:", "Quyết định"}, {"QUYẾT ĐNH", "Quyết định"},
		{"CHƯƠNG TRÌNH PHỐI HỢP", "Chương trình phối hợp"}, {"LUẬT", "Luật"}, {"LUÂN", ""}, {"BỘ NỘI VỤ", ""}, {"", ""},
	} {
		if got := Kind(tt.in); got != tt.want {
			t.Errorf("Kind(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	for s, want := range map[string]string{"QĐ": "Quyết định", "TTr": "Tờ trình", "UBND": "", "": ""} {
		if got := KindOfSymbol(s); got != want {
			t.Errorf("KindOfSymbol(%q) = %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]bool{"Tổng cộng (đồng)": true, "Cộng 12": true, "Tổng cục": false, "": false} {
		if got := OpensTotal(strings.Fields(s)); got != want {
			t.Errorf("OpensTotal(%q) = %v", s, got)
		}
	}
	if !IsSurname("Trần") || IsSurname("trần") || IsSurname("Trung") {
		t.Error("surnames: Trần is one, Trung is not")
	}
	for s, want := range map[string]int{"TS Lê": 1, "Trung tá Lê": 2, "Lê Văn": 0} {
		if got := OpensTitle(strings.Fields(s)); got != want {
			t.Errorf("OpensTitle(%q) = %d, want %d", s, got, want)
		}
	}
	for _, tt := range []struct {
		in                        string
		body, opens, is, province int
	}{
		{"ỦY BAN NHÂN DÂN", 2, 0, 0, 0},
		{"CHI NHÁNH VĂN PHÒNG ĐẤT ĐAI", 2, 0, 0, 0},
		{"TỔNG ĐẠI LÝ SÁCH", 3, 0, 0, 0},
		{"PHÓ GIÁM ĐỐC", 0, 1, 1, 0},
		{"GIÁM BỐC", 0, 0, 1, 0},
		{"KT. BỘ TRƯỞNG", 0, 1, 1, 0}, // two letters in eight too many
		{"QUYỀN CỤC TRƯỞNG", 0, 1, 1, 0},
		{"TRƯỞNG PHÒNG CTSV", 1, 1, 0, 0}, // folded, TRƯỞNG is TRƯỜNG
		{"NGUYỄN VĂN AN", 0, 0, 0, 0},
		{"UBND TP. Hồ Chí Minh", 1, 0, 0, 4},
		{"Sở Y tế Nghệ An", 1, 0, 0, 2},
		{"", 0, 0, 0, 0},
	} {
		ws := strings.Fields(tt.in)
		n := func(b bool) int {
			if b {
				return 1
			}
			return 0
		}
		if got := [4]int{OpensBody(ws), n(OpensCapacity(ws)), n(IsCapacity(ws)), Province(ws)}; got != [4]int{tt.body, tt.opens, tt.is, tt.province} {
			t.Errorf("%q: body, opens capacity, is capacity, province: %v", tt.in, got)
		}
	}
}

func TestDeputyOf(t *testing.T) {
	for _, tt := range []struct{ heading, principal, want string }{
		{"PHÓ GIÁM ĐỐC", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"},
		{"PH Á M ĐỐC", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"},
		{"THỨ TRƯỞ", "BỘ TRƯỞNG", "THỨ TRƯỞNG"},
		{"TÀI CHÍNH", "GIÁM ĐỐC", ""},
		{"PHÓ", "", ""},
	} {
		if got := DeputyOf(tt.heading, tt.principal); got != tt.want {
			t.Errorf("DeputyOf(%q, %q) = %q, want %q", tt.heading, tt.principal, got, tt.want)
		}
	}
}

func TestSpellProvince(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"ỦY BAN NHÂN DÂN TINH PHÙ THỌ", "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ"},
		{"SỞ Y TẾ THÀNH PHỐ HÓ CHI MINH", "SỞ Y TẾ THÀNH PHỐ HỒ CHÍ MINH"},
		{"UBND TỈNH BÌNH SƠN", "UBND TỈNH BÌNH SƠN"},
		{"Sở Y tế tỉnh Phù Thọ", "Sở Y tế tỉnh Phù Thọ"}, // no heading
		{"CÔNG TY PHÙ THỌ", "CÔNG TY PHÙ THỌ"},           // no province
	} {
		if got := strings.Join(SpellProvince(strings.Fields(tt.in)), " "); got != tt.want {
			t.Errorf("SpellProvince(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestShape(t *testing.T) {
	for _, tt := range []struct {
		in                     string
		heading, dashed, opens bool
		item                   string
	}{
		{"- Như trên;", false, true, true, "Như trên"},
		{"'. – Lưu: VT, QLN.", false, true, false, "Lưu: VT, QLN"},
		{"~ Các sở,", false, true, true, "Các sở"},
		{"+ Một", false, true, true, "Một"},
		{"+84 24", false, false, false, "84 24"},
		{"a) Lời", false, false, true, "a) Lời"},
		{"2.3. Tổ chức", false, false, true, "2.3. Tổ chức"},
		{"A. NỘI DUNG", true, false, true, "A. NỘI DUNG"},
		{"Điều 3. Hiệu lực", false, false, true, "Điều 3. Hiệu lực"},
		{"Điều tra viên", false, false, false, "Điều tra viên"},
		{"1.", false, false, false, "1"},
		{"KT. GIÁM ĐỐC", true, false, false, "KT. GIÁM ĐỐC"},
		{"TM", false, false, false, "TM"},
		{"UBND xã", false, false, false, "UBND xã"},
		{"", false, false, false, ""},
	} {
		if got := IsHeading(tt.in); got != tt.heading {
			t.Errorf("IsHeading(%q) = %v", tt.in, got)
		}
		if got := IsDashed(tt.in); got != tt.dashed {
			t.Errorf("IsDashed(%q) = %v", tt.in, got)
		}
		if got := OpensItem(strings.Fields(tt.in)); got != tt.opens {
			t.Errorf("OpensItem(%q) = %v", tt.in, got)
		}
		if got := Item(tt.in); got != tt.item {
			t.Errorf("Item(%q) = %q, want %q", tt.in, got, tt.item)
		}
	}
}

func TestNextItem(t *testing.T) {
	for _, tt := range []struct{ last, read, want string }{
		{"c)", "d)", "d)"}, {"c)", "đ)", "đ)"}, {"d)", "d)", "đ)"}, {"d)", "đ)", "đ)"},
		{"", "đ)", "đ)"}, {"b)", "d)", "d)"}, {"đ)", "e)", "e)"}, {"(i)", "(i)", "(i)"}, {"d)", "1.", "1."},
	} {
		if got := NextItem(tt.last, tt.read); got != tt.want {
			t.Errorf("NextItem(%q, %q) = %q, want %q", tt.last, tt.read, got, tt.want)
		}
	}
}
