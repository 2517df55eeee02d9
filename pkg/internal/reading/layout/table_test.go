package layout

import (
	"image"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

func TestTables(t *testing.T) {
	for _, tt := range []struct {
		name       string
		rows       []string
		want       string
		unmodified bool
	}{
		{name: "cells of several lines, the number in the middle of its row, text around", rows: []string{
			"Danh mục thiết bị mà các trường cần được trang bị trong năm nay như sau:",
			"",
			"STT       Tên thiết bị         Số lượng       Ghi chú",
			"",
			"          Máy chiếu loại          02          Phòng",
			"1         gắn trần                            họp",
			"",
			"2         Bảng viết               15",
			"",
			"          Tủ đựng hồ sơ           06          Kho",
			"3         có khóa, loại                       lưu",
			"          nhỏ                                 trữ",
			"Tổng cộng                         23",
			"",
			"Các trường tự bố trí kinh phí trong dự toán đã được giao từ đầu năm và báo",
			"cáo Sở trước ngày 30 tháng 4.",
		}, want: `Danh mục thiết bị mà các trường cần được trang bị trong năm nay như sau:
STT	Tên thiết bị	Số lượng	Ghi chú
1	Máy chiếu loại gắn trần	02	Phòng họp
2	Bảng viết	15
3	Tủ đựng hồ sơ có khóa, loại nhỏ	06	Kho lưu trữ
Tổng cộng	23
Các trường tự bố trí kinh phí trong dự toán đã được giao từ đầu năm và báo
cáo Sở trước ngày 30 tháng 4.`},
		{name: "two columns and no numbers", rows: []string{
			"NHIỆM VỤ                                 CƠ QUAN CHỦ TRÌ",
			"Xây dựng Luật Thủ đô                     Bộ Tư pháp",
			"Xây dựng đề án vị trí việc làm của       Bộ Nội vụ",
			"công chức",
			"Xây dựng chiến lược cán bộ               Bộ Nội vụ",
		}, want: `NHIỆM VỤ	CƠ QUAN CHỦ TRÌ
Xây dựng Luật Thủ đô	Bộ Tư pháp
Xây dựng đề án vị trí việc làm của công chức	Bộ Nội vụ
Xây dựng chiến lược cán bộ	Bộ Nội vụ`},
		{name: "numbers a word's width from the next column, one misread, rules read as strokes", rows: []string{
			"TT  Vị trí việc làm      Số lượng      Trình độ",
			"1 | Kỹ sư thủy văn       12            Đại học",
			"7   Quan trắc viên       09            Cao đẳng",
			"3   Kế toán, thủ quỹ     04            Đại học",
			"4   Lái xuồng cứu hộ     02            Chứng chỉ",
			"    Cộng                 27",
		}, want: `TT	Vị trí việc làm	Số lượng	Trình độ
1	Kỹ sư thủy văn	12	Đại học
7	Quan trắc viên	09	Cao đẳng
3	Kế toán, thủ quỹ	04	Đại học
4	Lái xuồng cứu hộ	02	Chứng chỉ
Cộng	27`},
		{name: "a list", unmodified: true, rows: []string{
			"-    Sinh viên nộp đơn xin bảo vệ khóa luận;",
			"-    Giảng viên nhận xét khóa luận;",
			"-    Hội đồng chấm khóa luận;",
			"-    Khoa công bố kết quả.",
		}},
		{name: "a list in the second column", unmodified: true, rows: []string{
			"Thành phần        - Ban Giám hiệu;",
			"gồm có            - Các trưởng khoa;",
			"như sau           - Các trưởng phòng;",
			"đây               - Đại diện sinh viên.",
		}},
		{name: "a form", unmodified: true, rows: []string{
			"Họ và tên:                      Ngày sinh:",
			"Mã sinh viên:                   Ngành:",
			"Lớp:                            Khoa:",
		}},
		{name: "dots to write on", unmodified: true, rows: []string{
			"Họ và tên .............     Ngày sinh .........    Nam ........",
			"Mã số .................     Ngành .............    Khóa .......",
			"Lớp ...................     Khoa ..............    Năm ........",
		}},
		{name: "a pen's marks in the margin", unmodified: true, rows: []string{
			"`   Ỳ        q          Các cơ sở giáo dục trên địa bàn thành phố",
			"Ñ   W        g          cần báo cáo ngay cho cơ quan chức năng",
			"N   ì        à          để phối hợp ngăn chặn theo quy định",
		}},
		{name: "columns of running text", unmodified: true, rows: []string{
			"Sông Lam chảy qua ba huyện phía      tàu thuyền qua lại tấp nập cả ngày,",
			"tây rồi đổ ra biển ở cửa Hội, nơi    chở gạo, muối và cá khô lên các chợ",
			"có bến cảng lớn nhất của tỉnh mà     miền ngược rồi mang măng, mật ong và",
			"từ thời xưa đã nổi tiếng vì có rất   gỗ quý về xuôi bán cho các lái buôn.",
		}},
		{name: "running text with a wide space", unmodified: true, rows: []string{
			"Năm 2010 là  năm cuối thực hiện kế hoạch phát triển kinh tế - xã hội",
			"và là năm  chuẩn bị cho chiến lược phát triển của mười năm tiếp theo",
			"vì vậy cần  tập trung mọi nguồn lực để hoàn thành các nhiệm vụ đề ra",
		}},
		{name: "addressees beside Kính gửi", unmodified: true, rows: []string{
			"Kính gửi:      Các sở          Các ban",
			"               Các huyện       Các thị xã",
			"               Các trường      Các viện",
		}},
		{name: "a head whose running text above hides it", unmodified: true, rows: []string{
			"(Ban hành kèm theo Quyết định số 12 ngày 3 tháng 4 của Bộ trưởng Bộ Giao thông)",
			"BỘ GIAO THÔNG                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
			"CỤC ĐƯỜNG BIỂN                       Độc lập - Tự do - Hạnh phúc",
			"Số: 7/CĐB                       Hà Nội, ngày 1 tháng 3 năm 2024",
		}},
		{name: "a list with wide gaps", unmodified: true, rows: []string{
			"1)   Người được cử phải biết việc và có mặt đủ;",
			"2)   Không cử người đang nghỉ;",
			"3)   Văn thư giữ bản chính.",
		}},
		{name: "a line under the table that reaches beyond it", rows: []string{
			"STT      Tên dự án         Kinh phí",
			"1        Cầu Sông Lam          300",
			"2        Đường ven biển        150",
			"                            Hà Nội, ngày 3 tháng 5 năm 2024",
		}, want: `STT	Tên dự án	Kinh phí
1	Cầu Sông Lam	300
2	Đường ven biển	150
Hà Nội, ngày 3 tháng 5 năm 2024`},
		{name: "a line under the table in two columns of its own", rows: []string{
			"STT   Tên       Số    Tiền",
			"1     Cầu       30    300",
			"2     Đường     15    150",
			"3     Trạm      12    120",
			"Người lập biểu ký   Trần An",
		}, want: `STT	Tên	Số	Tiền
1	Cầu	30	300
2	Đường	15	150
3	Trạm	12	120
Người lập biểu ký Trần An`},
		{name: "rows of several lines parted by white", rows: []string{
			"Tên            Nơi           Tiền",
			"",
			"cầu            xã A          100",
			"               xa",
			"",
			"               huyện B",
			"đường          xa            200",
		}, want: `Tên	Nơi	Tiền
cầu	xã A xa	100
huyện B
đường	xa	200`},
		{name: "too few rows", unmodified: true, rows: []string{
			"Thời gian         Tuần sau",
			"Địa điểm          Hội trường",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkColumns(t, page(tt.rows...), tt.want, tt.unmodified) })
	}
}

// White of less than the height of a word, which lines of text have in common by
// chance, does not make a table of two columns.
func TestTablesNarrow(t *testing.T) {
	for _, tt := range []struct {
		gap  int
		want bool
	}{{30, false}, {50, true}} {
		p := page(
			"Cầu Sông Lam  sửa xong",
			"Đường số bảy  còn dở",
			"Trạm bơm lớn  chưa làm gì",
		)
		for _, l := range p.Lines {
			for i := range l.Words[3:] {
				b := &l.Words[3+i].Box
				*b = b.Add(image.Pt(tt.gap-40, 0))
			}
		}
		if _, got := Tables(p.Lines); got != tt.want {
			t.Errorf("white of %d pixels between words of 40: table %t, want %t", tt.gap, got, tt.want)
		}
	}
}

// The reader may give a table column by column, or a cell's lines as lines of their
// own; a table stands between the head and the foot of a letter.
func TestTablesOutOfOrder(t *testing.T) {
	p := page(
		"  SỞ XÂY DỰNG                     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"  Số: 44/TB-SXD                        Độc lập - Tự do - Hạnh phúc",
		"",
		"                      THÔNG BÁO",
		"",
		"Sở Xây dựng thông báo danh sách các nhà mà Sở đang quản lý từ đầu năm:",
		"TT      Tên nhà        Tầng",
		"1       Nhà A          3",
		"2       Nhà B          5",
		"3       Nhà C          2",
		"",
		"Nơi nhận:                                    GIÁM ĐỐC",
		"- Như trên;",
	)
	var lines []ocr.Line
	table := p.Lines[4:8]
	for c := range 3 {
		for _, l := range table {
			n := []int{0, 1, len(l.Words) - 1, len(l.Words)}
			if l := part(l, n[c], n[c+1]); len(l.Words) > 0 {
				l.Block = 5 + c
				lines = append(lines, l)
			}
		}
	}
	p.Lines = append(append(p.Lines[:4:4], lines...), p.Lines[8:]...)
	want := `SỞ XÂY DỰNG
Số: 44/TB-SXD
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
THÔNG BÁO
Sở Xây dựng thông báo danh sách các nhà mà Sở đang quản lý từ đầu năm:
TT	Tên nhà	Tầng
1	Nhà A	3
2	Nhà B	5
3	Nhà C	2
Nơi nhận:
- Như trên;
GIÁM ĐỐC`
	if got := textOf(Columns(p)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var rows []string
	for _, par := range Paragraphs(Columns(p).Lines) {
		rows = append(rows, Join(par))
	}
	if got := strings.Join(rows[len(rows)-7:len(rows)-3], "\n"); got != "TT\tTên nhà\tTầng\n1\tNhà A\t3\n2\tNhà B\t5\n3\tNhà C\t2" {
		t.Errorf("paragraphs:\n%s", got)
	}
}
