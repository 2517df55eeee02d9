package formula

import (
	"slices"
	"strings"
	"sync"
)

// Kinds of documents by Decree 30/2020/NĐ-CP and of laws, in small letters with
// a capital first.
var Kinds = []string{
	"Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn",
	"Chương trình", "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng",
	"Công điện", "Bản ghi nhớ", "Bản thỏa thuận", "Giấy ủy quyền", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép",
	"Phiếu gửi", "Phiếu chuyển", "Phiếu báo", "Nghị định", "Thông tư", "Thông tư liên tịch", "Luật", "Pháp lệnh",
	"Lệnh", "Hiến pháp", "Công văn", "Chương trình phối hợp", "Quy chế phối hợp", "Kế hoạch liên tịch",
	"Nghị quyết liên tịch", "Kết luận", "Quy trình", "Điều lệ", "Nội quy", "Thư mời", "Thư ngỏ", "Thư công", "Giấy triệu tập",
	"Giấy xác nhận", "Giấy chứng nhận", "Giấy phép", "Bản cam kết", "Lịch công tác", "Sao lục", "Công bố",
}

// Letter is the kind of a letter proper, which bears no kind in print.
const Letter = "Công văn"

// symbols of kinds in the numbers of documents, by Decree 30/2020/NĐ-CP.
var symbols = map[string]string{
	"NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QyĐ": "Quy định", "TC": "Thông cáo",
	"TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án",
	"DA": "Dự án", "BC": "Báo cáo", "BB": "Biên bản", "TTr": "Tờ trình", "HĐ": "Hợp đồng", "CĐ": "Công điện",
	"GM": "Giấy mời", "GGT": "Giấy giới thiệu", "GNP": "Giấy nghỉ phép", "PG": "Phiếu gửi", "PC": "Phiếu chuyển",
	"PB": "Phiếu báo", "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch",
}

// KindOfSymbol returns the kind of document that an abbreviation in its number
// stands for, "" for none.
func KindOfSymbol(s string) string { return symbols[s] }

// bodies open the name of a body.
var bodies = []string{
	"Bộ", "Sở", "Ủy ban", "UBND", "Hội đồng", "HĐND", "Cục", "Tổng cục", "Chi cục", "Vụ", "Ban", "Trường", "Viện",
	"Trung tâm", "Công ty", "Tổng công ty", "Tập đoàn", "Ngân hàng", "Tòa án", "Hội", "Đoàn", "Liên đoàn",
	"Tổng liên đoàn", "Công đoàn", "Văn phòng", "Chính phủ", "Quốc hội", "Thủ tướng", "Công an", "Phòng", "Kho bạc",
	"Bảo hiểm", "Đài", "Tỉnh ủy", "Thành ủy", "Huyện ủy", "Quận ủy", "Thị ủy", "Đảng ủy", "Đảng bộ", "Học viện",
	"Đại học", "Bệnh viện", "Chi nhánh", "Thanh tra", "Kiểm toán", "Tổng đại lý", "Liên hiệp", "Liên minh", "Mặt trận",
	"Đảng", "Xí nghiệp", "Nhà máy", "Thư viện", "Bảo tàng", "Khoa", "Chủ tịch nước", "Bộ Tư lệnh", "Quân khu", "Hạt",
	"Trạm", "Đội", "Nhà xuất bản", "Nhà hát", "Báo", "Tạp chí", "Hợp tác xã", "Tổ chức", "Câu lạc bộ", "Hiệp hội", "Quỹ",
	"Nhà trường", "Viện kiểm sát", "Thường trực", "Thường vụ", "CĐCS", "LĐLĐ", "BCĐ", "Chủ tịch", "Tổ", "Thành đoàn", "Tỉnh đoàn", "Huyện đoàn", "Quận đoàn", "Chi đoàn", "Chi bộ", "BCH", "Ban Chấp hành", "Ban chỉ đạo", "Ban chỉ huy",
}

// Capacities in which people sign, and those of whom they are deputies.
var Capacities = []string{
	"Chủ tịch", "Bộ trưởng", "Thứ trưởng", "Giám đốc", "Tổng giám đốc", "Cục trưởng", "Tổng cục trưởng", "Vụ trưởng",
	"Chánh văn phòng", "Thủ tướng", "Trưởng ban", "Hiệu trưởng", "Trưởng phòng", "Bí thư", "Viện trưởng", "Chánh án",
	"Thống đốc", "Thư ký", "Tổng thư ký", "Chủ tịch nước", "Chủ tịch Quốc hội", "Chánh thanh tra", "Chi cục trưởng",
	"Bộ trưởng, Chủ nhiệm", "Chủ nhiệm", "Tổng Kiểm toán Nhà nước", "Thủ trưởng", "Thủ trưởng đơn vị", "Hiệu phó",
	"Kế toán trưởng", "Trưởng khoa", "Trưởng đoàn", "Trưởng bộ môn", "Trưởng Công an", "Đội trưởng", "Tổ trưởng",
	"Trạm trưởng", "Hạt trưởng", "Chỉ huy trưởng", "Tư lệnh", "Chính ủy", "Viện trưởng", "Tổng biên tập", "Đại diện",
	"Người lập", "Chủ tọa", "Người ghi biên bản", "Tổng bí thư", "Trưởng trạm", "Ủy viên", "Chủ trì", "Bên", "Trưởng ban quản lý",
}

// deputies stand before a capacity.
var deputies = []string{"Phó", "Quyền", "Q.", "Nguyên"}

// authorities say for whom a letter is signed: thay mặt, ký thay, thừa lệnh,
// thừa ủy quyền, quyền.
var authorities = []string{"TM", "KT", "TL", "TUQ", "TƯQ", "Q", "T/M", "K/T", "T/L", "TUN"}

// Provinces and cities, of now and of before 2025, by their short names.
var provinces = []string{
	"An Giang", "Bà Rịa - Vũng Tàu", "Vũng Tàu", "Bắc Giang", "Bắc Kạn", "Bạc Liêu", "Bắc Ninh", "Bến Tre", "Bình Định",
	"Bình Dương", "Bình Phước", "Bình Thuận", "Cà Mau", "Cần Thơ", "Cao Bằng", "Đà Nẵng", "Đắk Lắk", "Đắk Nông",
	"Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng",
	"Hậu Giang", "Hòa Bình", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lâm Đồng", "Lạng Sơn",
	"Lào Cai", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình",
	"Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên",
	"Thanh Hóa", "Thừa Thiên Huế", "Huế", "Tiền Giang", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Hồ Chí Minh",
	"Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
}

// surnames of most people, and those of the larger peoples other than the Kinh.
var surnames = []string{
	"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
	"Đinh", "Trịnh", "Đoàn", "Mai", "Tô", "Cao", "Đào", "Lâm", "Phùng", "Hà", "Trương", "Lương", "Vương", "Chu", "Tạ", "Tăng",
	"Quách", "Thái", "Tống", "Triệu", "Nghiêm", "Kiều", "Lưu", "La", "Ninh", "Giang", "Hứa", "Khổng", "Kim", "Lại", "Lục", "Lò",
	"Lường", "Mạc", "Ma", "Nông", "Ngọ", "Nhâm", "Ông", "Phí", "Quàng", "Sầm", "Tòng", "Từ", "Thân", "Thạch", "Tôn", "Trang",
	"Ung", "Ưng", "Văn", "Vi", "Viên", "Vừ", "Giàng", "Sùng", "Hầu", "Hạng", "Bạch", "Bế", "Biện", "Cấn", "Châu", "Chung", "Cù",
	"Danh", "Đàm", "Đàng", "Đậu", "Đồng", "Điểu", "Doãn", "Đổng", "Đới", "Đường", "Khuất", "Khúc", "Lã", "Lô", "Mã", "Mẫn", "Ngụy", "Nhan",
	"Nhữ", "Phó", "Phương", "Quan", "Quản", "Sơn", "Tiêu", "Tào", "Thiều", "Trà", "Trác", "Vàng", "Y", "H", "K", "Rơ", "Siu", "Ksor", "Kpă", "Niê", "Êban",
}

// titles and ranks that stand before the name of a signer.
var titles = []string{
	"GS", "PGS", "TS", "TSKH", "ThS", "Th.S", "BS", "BSCKI", "BSCKII", "CKI", "CKII", "KS", "CN", "LS", "DS", "NGND", "NGƯT", "TTND", "TTƯT", "NSND", "Thạc sĩ", "Tiến sĩ", "Bác sĩ", "Kỹ sư",
	"Thiếu úy", "Trung úy", "Thượng úy", "Đại úy", "Thiếu tá", "Trung tá", "Thượng tá", "Đại tá",
	"Thiếu tướng", "Trung tướng", "Thượng tướng", "Đại tướng", "Ông", "Bà", "Đồng chí",
}

// folded returns the folded forms of names, made when first asked for.
func folded(names ...[]string) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		m := make(map[string]string)
		for _, n := range slices.Concat(names...) {
			m[Fold(n)] = n
		}
		return m
	})
}

var (
	kindNames     = folded(Kinds)
	bodyNames     = folded(bodies)
	capacityNames = folded(Capacities)
	authorityMark = folded(authorities)
	provinceNames = folded(provinces)
	totalNames    = folded([]string{"Cộng", "Tổng cộng", "Tổng số"})
	surnameMarks  = set(surnames)
	titleNames    = folded(titles)
)

func set(names []string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := make(map[string]bool)
		for _, n := range names {
			m[n] = true
		}
		return m
	})
}

// Surname returns the surname that a word with a capital may be read from: "Lý" from
// "LÝ", and "Mai" from "Mái" if no other surname has its letters; else the word.
func Surname(word string) string {
	if r := []rune(word); len(r) > 1 && !surnameMarks()[word] {
		if s := string(r[:1]) + strings.ToLower(string(r[1:])); surnameMarks()[s] {
			return s
		}
		if s := surnameOf()[Fold(word)]; s != "" {
			return s
		}
	}
	return word
}

// surnameOf has the surnames of which no other has the same letters without marks.
var surnameOf = sync.OnceValue(func() map[string]string {
	of := map[string]string{}
	for _, s := range surnames {
		f := Fold(s)
		if _, two := of[f]; two {
			s = ""
		}
		of[f] = s
	}
	return of
})

// IsMiddleName reports whether a word is the commonest middle name of women or men, which
// is a small word elsewhere.
func IsMiddleName(word string) bool {
	w := strings.ToLower(word)
	return w == "thị" || w == "văn"
}

// IsSurname reports whether a word, with a capital and its marks, is a surname.
func IsSurname(word string) bool { return surnameMarks()[word] }

// OpensTitle returns how many of the words are one title or rank of a person.
func OpensTitle(ws []string) int { return opens(ws, titleNames(), 2) }

// OpensTotal reports whether words open the row of a table that sums up the others.
func OpensTotal(ws []string) bool { return opens(ws, totalNames(), 2) > 0 }

// Kind returns the kind of document that a heading names, "" if it names none.
// In a name of eight letters or more one may be wrong.
func Kind(heading string) string {
	f := Fold(heading)
	if k, ok := kindNames()[f]; ok {
		return k
	}
	for _, k := range Kinds {
		fk := Fold(k)
		if len(fk) >= 8 && len(f) >= len(fk)-1 && len(f) <= len(fk)+1 && Distance(f, fk) == 1 {
			return k
		}
	}
	return ""
}

// OpensBody returns how many of the words open the name of a body, 0 if they
// don't.
func OpensBody(ws []string) int { return opens(ws, bodyNames(), 3) }

// Province returns how many of the last words name a province or city.
func Province(ws []string) int {
	for n := min(5, len(ws)); n > 0; n-- {
		if _, ok := provinceNames()[Fold(strings.Join(ws[len(ws)-n:], ""))]; ok {
			return n
		}
	}
	return 0
}

// SpellProvince returns words in capitals with the name of a province after "TỈNH"
// or "THÀNH PHỐ" spelled as it is, whatever marks were read.
func SpellProvince(ws []string) []string {
	out := slices.Clone(ws)
	for i, w := range ws {
		f := Fold(w)
		if f != "tinh" && f != "pho" && f != "tp" || !IsHeading(strings.Join(ws, " ")) {
			continue
		}
		for n := 1; n <= 3 && i+n < len(ws); n++ {
			name, ok := provinceNames()[Fold(strings.Join(ws[i+1:i+1+n], ""))]
			if spelled := strings.Fields(strings.ToUpper(name)); ok && len(spelled) == n {
				copy(out[i+1:], spelled)
				if f == "tinh" {
					out[i] = "TỈNH"
				}
				break
			}
		}
	}
	return out
}

// opens returns how many words, at most n, make a name.
func opens(ws []string, names map[string]string, n int) int {
	f := ""
	for i, w := range ws[:min(n, len(ws))] {
		f += Fold(w)
		if _, ok := names[f]; ok && f != "" {
			return i + 1
		}
	}
	return 0
}

// OpensCapacity reports whether words open with a capacity, "PHÓ GIÁM ĐỐC", or
// with the mark of the one for whom it is signed, "KT.".
func OpensCapacity(ws []string) bool {
	if len(ws) == 0 {
		return false
	}
	if _, ok := authorityMark()[Fold(ws[0])]; ok {
		return true
	}
	return opens(afterDeputy(ws), capacityNames(), 4) > 0
}

// IsCapacity reports whether words name a capacity and nothing else, one letter in
// four misread.
func IsCapacity(ws []string) bool {
	f := Fold(strings.Join(afterDeputy(ws), ""))
	if _, ok := capacityNames()[f]; ok {
		return true
	}
	for name := range capacityNames() {
		if Near(f, name) {
			return true
		}
	}
	return false
}

// DeputyOf returns the capacity of the deputy who signs for a principal, "PHÓ GIÁM
// ĐỐC" for "GIÁM ĐỐC", if a heading may be that with a third of its letters wrong;
// else "".
func DeputyOf(heading, principal string) string {
	if Fold(principal) == "" {
		return ""
	}
	deputy := "PHÓ " + principal
	if Fold(principal) == "botruong" {
		deputy = "THỨ TRƯỞNG"
	}
	if want := Fold(deputy); 3*Distance(Fold(heading), want) <= len(want) {
		return deputy
	}
	return ""
}

// afterDeputy returns the words after "Phó" and the like.
func afterDeputy(ws []string) []string {
	if len(ws) > 1 {
		for _, d := range deputies {
			if Fold(ws[0]) == Fold(d) {
				return ws[1:]
			}
		}
	}
	return ws
}
