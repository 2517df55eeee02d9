package synth

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// A Source is a text file, a paragraph or sentence a line, of which training
// pages take stretches from random places. Files may be larger than memory.
type Source struct {
	Path   string
	Weight float64 // how often it is taken from, against the other sources
	size   int64
}

// NewSource checks that a file can be read.
func NewSource(path string, weight float64) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening text: %w", err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("%s: not a file that can be read at random: %w", path, err)
	}
	if size == 0 {
		return nil, fmt.Errorf("%s: no text", path)
	}
	return &Source{path, weight, size}, nil
}

// stretch returns up to n lines that follow each other, from a random place.
func (s *Source) stretch(rng *rand.Rand, n int) ([]string, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	at := rng.Int64N(s.size)
	if at > s.size/2 && at > s.size-1<<15 {
		at = max(0, s.size-1<<15)
	}
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(f, 1<<16)
	if at > 0 {
		if _, err := r.ReadString('\n'); err != nil { // the rest of a line
			return nil, nil
		}
	}
	var out []string
	for len(out) < n {
		line, err := r.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clip shortens a paragraph to about n characters, at a space.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := strings.LastIndexByte(s[:n], ' ')
	if i < 0 {
		return ""
	}
	return strings.TrimRightFunc(s[:i], func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

func chance(rng *rand.Rand, p float64) bool { return rng.Float64() < p }

func between(rng *rand.Rand, a, b float64) float64 { return a + (b-a)*rng.Float64() }

// The names that frame training pages: public bodies by their kinds, invented
// places, and people put together from common names.
var (
	bodies = []string{
		"ỦY BAN NHÂN DÂN TỈNH %s", "UBND TỈNH %s", "UỶ BAN NHÂN DÂN HUYỆN %s", "HỘI ĐỒNG NHÂN DÂN TỈNH %s",
		"SỞ NỘI VỤ", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ",
		"SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN", "SỞ Y TẾ", "SỞ TƯ PHÁP",
		"BỘ TÀI CHÍNH", "BỘ THÔNG TIN VÀ TRUYỀN THÔNG", "BỘ XÂY DỰNG", "BỘ CÔNG THƯƠNG", "BỘ Y TẾ", "BỘ TƯ PHÁP",
		"TỔNG CỤC THUẾ", "CỤC THUẾ TỈNH %s", "CỤC ĐƯỜNG THỦY NỘI ĐỊA", "BẢO HIỂM XÃ HỘI VIỆT NAM", "NGÂN HÀNG NHÀ NƯỚC",
		"LIÊN ĐOÀN LAO ĐỘNG TỈNH %s", "TRƯỜNG ĐẠI HỌC %s", "VIỆN KIỂM SÁT NHÂN DÂN", "TÒA ÁN NHÂN DÂN TỈNH %s",
		"BAN QUẢN LÝ DỰ ÁN %s", "CÔNG TY CỔ PHẦN %s", "VĂN PHÒNG CHÍNH PHỦ", "THANH TRA TỈNH %s", "KHO BẠC NHÀ NƯỚC",
	}
	places = []string{
		"Bình Sơn", "Hà Nội", "Đồng Phước", "Quảng Thịnh", "Lạng Khê", "Vĩnh Hưng", "Thừa Ân", "Đắk Lương", "Cẩm Thủy",
		"Phú Ninh", "An Giang", "Kỳ Lộc", "Hưng Nguyên", "Tây Hòa", "Mỹ Đức", "Gò Công", "Thạch Bàn", "Yên Mỹ", "Ngũ Hành",
	}
	families1  = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh"}
	middles    = []string{"Văn", "Thị", "Đức", "Hữu", "Ngọc", "Minh", "Quốc", "Xuân", "Thanh", "Đình", "Công", "Thu", "Kim", "Quang"}
	givens     = []string{"Hùng", "Dũng", "Tuấn", "Hạnh", "Thủy", "Phượng", "Sửu", "Đạt", "Nghĩa", "Lượng", "Bửu", "Toản", "Hằng", "Khuê", "Vỹ", "Ánh", "Quyền", "Thắng", "Mẫn", "Duệ", "Tịnh", "Ước"}
	symbols    = []string{"UBND-VX", "QĐ-UBND", "TB-SNV", "KH-UBND", "BC-SGDĐT", "TTr-STC", "NĐ-CP", "TT-BTC", "NQ-HĐND", "GM-VP", "BTTTT-HTQT", "STNMT-QLĐĐ", "CĐ-TTg", "HD-TLĐ", "LĐTBXH-PC", "TCT-CS", "QĐ-BGDĐT", "CV-ĐHBS"}
	recipients = []string{
		"- Như trên;", "- Như Điều 3;", "- Lưu: VT, %s.", "- Thủ tướng Chính phủ (để b/c);", "- Các Bộ, cơ quan ngang Bộ;",
		"- TT Tỉnh ủy, TT HĐND tỉnh;", "- UBND các huyện, thị xã, thành phố;", "- Văn phòng Quốc hội;", "- Cục KTVB - Bộ Tư pháp;",
		"- Cổng TTĐT tỉnh;", "- Công báo;", "- Các Phó Chủ tịch UBND tỉnh;", "- Kho bạc Nhà nước tỉnh;", "- Sở Tài chính;",
		"- Chủ tịch, các PCT UBND tỉnh;", "- Tòa án nhân dân tối cao;", "- Kiểm toán Nhà nước;", "- CVP, các PCVP;", "- Đăng Website;",
	}
	tableHeads = []string{"TT", "Nội dung", "Đơn vị", "Số lượng", "Ghi chú", "Họ và tên", "Chức vụ", "Thời gian", "Đơn giá (đồng)", "Thành tiền", "Địa điểm", "Cơ quan chủ trì", "Năm 2023", "Tỷ lệ (%)", "Diện tích (ha)", "Số điện thoại", "Mức độ"}
	addressees = []string{formula.To.Text + ": ", "Kính trình: "}
)

func fill(rng *rand.Rand, s string, upper bool) string {
	if !strings.Contains(s, "%s") {
		return s
	}
	p := pick(rng, places)
	if upper {
		p = strings.ToUpper(p)
	}
	return fmt.Sprintf(s, p)
}

func personName(rng *rand.Rand) string {
	return pick(rng, families1) + " " + pick(rng, middles) + " " + pick(rng, givens)
}

func docNumber(rng *rand.Rand) string {
	n := 1 + rng.IntN(int([]int{20, 300, 6000}[rng.IntN(3)]))
	if chance(rng, 0.3) {
		return fmt.Sprintf("%02d/%d/%s", n, 1999+rng.IntN(27), pick(rng, symbols))
	}
	return fmt.Sprintf("%02d/%s", n, pick(rng, symbols))
}

func placeDate(rng *rand.Rand) string {
	return fmt.Sprintf("%s, ngày %02d tháng %02d năm %d", pick(rng, places), 1+rng.IntN(28), 1+rng.IntN(12), 1998+rng.IntN(29))
}

func money(rng *rand.Rand) string {
	n := rng.IntN(900) + 1
	s := fmt.Sprint(n)
	for range rng.IntN(3) {
		s += fmt.Sprintf(".%03d", rng.IntN(1000))
	}
	return s
}

// contact is a sentence with what must survive any repair: addresses, numbers.
func contact(rng *rand.Rand) string {
	user := []string{"vanthu", "phongtckt", "nvhung", "tthanh.sgd", "bqlda_2", "hotro"}
	host := []string{"binhson.gov.vn", "moit.gov.vn", "mic.gov.vn", "sgddt.quangthinh.edu.vn", "gmail.com"}
	return fmt.Sprintf("%s %s, điện thoại %s, email: %s@%s, trước ngày %02d/%02d/%d để tổng hợp.",
		pick(rng, []string{"Mọi chi tiết xin liên hệ ông", "Đề nghị gửi văn bản về bà", "Đầu mối liên hệ: đồng chí"}), personName(rng),
		pick(rng, []string{"0912.345.678", "0255.3822.197", "(024) 3974 2110", "0903 118 264", "02553.822.045"}),
		pick(rng, user), pick(rng, host), 1+rng.IntN(28), 1+rng.IntN(12), 2001+rng.IntN(25))
}
