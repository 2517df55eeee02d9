package layout

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/ocrtest"
)

// page sets rows of text as a reader would find them.
func page(rows ...string) *ocr.Page { return ocrtest.Page(0, 0, rows...) }

func textOf(p *ocr.Page) string {
	return strings.TrimRight(strings.ReplaceAll(p.Text(), "\n\n", "\n"), "\n")
}

func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		name       string
		rows       []string
		want       string
		unmodified bool
	}{
		{name: "head of a letter", rows: []string{
			"  BỘ GIAO THÔNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
			"                                     Độc lập - Tự do - Hạnh phúc",
			"   Số: 12/BGT-KH                    Hà Nội, ngày 05 tháng 3 năm 2024",
			" V/v sửa cầu Sông Lam",
			"",
			"               Kính gửi: Ủy ban nhân dân các huyện trong tỉnh",
		}, want: `BỘ GIAO THÔNG
Số: 12/BGT-KH
V/v sửa cầu Sông Lam
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 05 tháng 3 năm 2024
Kính gửi: Ủy ban nhân dân các huyện trong tỉnh`},
		{name: "the columns nearly touch and the formula is misread", rows: []string{
			"ỦY BAN NHÂN DÂN TỈNH  CQNG HOA XA H0I CHU NGHiA VIET NAM",
			"     Số: 7/UBND            Độc lập - Tự do - Hạnh phúc",
			"",
			"                    QUYẾT ĐỊNH",
		}, want: `ỦY BAN NHÂN DÂN TỈNH
Số: 7/UBND
CQNG HOA XA H0I CHU NGHiA VIET NAM
Độc lập - Tự do - Hạnh phúc
QUYẾT ĐỊNH`},
		{name: "a digital signature printed over the name, so that only the motto is read", rows: []string{
			"                                              SAO Y",
			"                                    Bộ Giao thông",
			"  BỘ GIAO THÔNG        CỘNG HÒA XÃ#1 ý] Wb? 0:00",
			" CỤC ĐƯỜNG BIỂN          Độc lập - Tự do - Hạnh phúc",
			" Số:     /CĐB-KH         Hà Nội, ngày     tháng 3 năm 2024",
			"",
			"      Kính gửi: Ủy ban nhân dân các huyện trong tỉnh",
		}, want: `SAO Y
Bộ Giao thông
BỘ GIAO THÔNG
CỤC ĐƯỜNG BIỂN
Số: /CĐB-KH
CỘNG HÒA XÃ#1 ý] Wb? 0:00
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày tháng 3 năm 2024
Kính gửi: Ủy ban nhân dân các huyện trong tỉnh`},
		{name: "what is left of the name begins far left of the motto", rows: []string{
			"BỘ GIAO THÔNG       CỘNG HÒA XÃ#1 ý] Wb? 0:00 CHỦ ]( NGHĨA",
			"CỤC ĐƯỜNG BIỂN                  Độc lập - Tự do - Hạnh phúc",
			"Số: 7/CĐB-KH              Hà Nội, ngày 1 tháng 3 năm 2024",
			"",
			"              Kính gửi: Ủy ban nhân dân các huyện trong tỉnh",
		}, want: `BỘ GIAO THÔNG
CỤC ĐƯỜNG BIỂN
Số: 7/CĐB-KH
CỘNG HÒA XÃ#1 ý] Wb? 0:00 CHỦ ]( NGHĨA
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 1 tháng 3 năm 2024
Kính gửi: Ủy ban nhân dân các huyện trong tỉnh`},
		{name: "running text right under the head", rows: []string{
			"  BỘ GIAO THÔNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
			"   Số: 12/BGT-KH                     Độc lập - Tự do - Hạnh phúc",
			"Bộ trả lời công văn số 7/UBND của tỉnh.",
			"Bộ đồng ý.",
		}, want: `BỘ GIAO THÔNG
Số: 12/BGT-KH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bộ trả lời công văn số 7/UBND của tỉnh.
Bộ đồng ý.`},
		{name: "addressees right under the left column", rows: []string{
			"  BỘ GIAO THÔNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
			"   Số: 12/BGT-KH                     Độc lập - Tự do - Hạnh phúc",
			" Kính gửi: Tỉnh Sông Lam",
		}, want: `BỘ GIAO THÔNG
Số: 12/BGT-KH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Kính gửi: Tỉnh Sông Lam`},
		{name: "foot with the signer beside the last recipients", rows: []string{
			"tổ chức thực hiện văn bản này.",
			"",
			"Nơi nhận:                            KT. GIÁM ĐỐC",
			"- Như trên;                          PHÓ GIÁM ĐỐC",
			"- Lưu: VT.                          Trần Thị Bình An",
		}, want: `tổ chức thực hiện văn bản này.
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Trần Thị Bình An`},
		{name: "a table goes row by row", rows: []string{
			"STT      Tên dự án         Kinh phí",
			"1        Cầu Sông Lam          300",
			"2        Đường ven biển        150",
		}, want: `STT	Tên dự án	Kinh phí
1	Cầu Sông Lam	300
2	Đường ven biển	150`},
		{name: "the name itself is misread, alone in its row", rows: []string{
			"                     (Ộ1: Q0Ạ %2#1 ý] Wb? 0:00 ]( V1: WẠX",
			"  BỘ GIAO THÔNG         Độc lập - Tự do - Hạnh phúc",
			"  Số: 7/BGT             Hà Nội, ngày 1 tháng 3 năm 2024",
			"",
			"              Kính gửi: Ủy ban nhân dân các huyện trong tỉnh",
		}, want: `BỘ GIAO THÔNG
Số: 7/BGT
(Ộ1: Q0Ạ %2#1 ý] Wb? 0:00 ]( V1: WẠX
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 1 tháng 3 năm 2024
Kính gửi: Ủy ban nhân dân các huyện trong tỉnh`},
		{name: "the signature begins above the recipients", rows: []string{
			"tổ chức thực hiện văn bản này.",
			"",
			"                                     KT. GIÁM ĐỐC",
			"Nơi nhận:                            PHÓ GIÁM ĐỐC",
			"- Như trên;",
			"- Lưu: VT.                          Trần Thị Bình An",
		}, want: `tổ chức thực hiện văn bản này.
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Trần Thị Bình An`},
		{name: "the formula inside running text", unmodified: true, rows: []string{
			"Hiến pháp của nước ta ghi rõ quyền và nghĩa vụ của công dân,",
			"theo đó nước Cộng hòa xã hội chủ nghĩa Việt Nam là một nước",
			"độc lập, có chủ quyền, thống nhất và toàn vẹn lãnh thổ.",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkColumns(t, page(tt.rows...), tt.want, tt.unmodified) })
	}
}

// The lines of a column go from top to bottom, in whatever order the reader had them.
func TestColumnsOutOfOrder(t *testing.T) {
	p := page(
		"tổ chức thực hiện văn bản này.",
		"",
		"Nơi nhận:                            KT. GIÁM ĐỐC",
		"- Như trên;                          PHÓ GIÁM ĐỐC",
		"- Lưu: VT.                          Trần Thị Bình An",
	)
	p.Lines[2], p.Lines[3] = p.Lines[3], p.Lines[2]
	checkColumns(t, p, `tổ chức thực hiện văn bản này.
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Trần Thị Bình An`, false)
}

// Recipients that the reader gives first come after what stands above them, a ruled
// table, too.
func TestRecipientsFirst(t *testing.T) {
	p := page(
		"             Các đơn vị tổ chức thực hiện văn bản này.",
		"             Ngày            Công việc",
		"",
		"                                     TRƯỞNG KHOA",
		"Nơi nhận:",
		"- Như trên;",
		"- Lưu: VT.                          Trần Thị Bình An",
	)
	ws := p.Lines[1].Words
	table := []ocr.Line{part(p.Lines[1], 0, 1), part(p.Lines[1], 1, len(ws))}
	table[0].Cell, table[1].Cell = ocr.Cell{Table: 1, Row: 1, Column: 1}, ocr.Cell{Table: 1, Row: 1, Column: 2}
	p.Lines = slices.Concat(p.Lines[3:5], p.Lines[:1], table, p.Lines[2:3], p.Lines[5:])
	checkColumns(t, p, `Các đơn vị tổ chức thực hiện văn bản này.
Ngày	Công việc
Nơi nhận:
- Như trên;
- Lưu: VT.
TRƯỞNG KHOA
Trần Thị Bình An`, false)
}

// The second page of a spread comes after the recipients of the first.
func TestRecipientsOfSpread(t *testing.T) {
	var rows []string
	for range 9 {
		rows = append(rows, "Các đơn vị tổ chức thực hiện.         Danh sách các đơn vị")
	}
	p := page(append(rows, "Nơi nhận:                             thực hiện văn bản", "- Như trên;                           số 12 của Bộ.")...)
	var left, right []ocr.Line
	for _, l := range p.Lines {
		k, gap, _ := widestGap(l.Words)
		if gap < 3*medianHeight(l.Words) {
			left = append(left, l)
			continue
		}
		left, right = append(left, part(l, 0, k)), append(right, part(l, k, len(l.Words)))
	}
	p.Lines = append(left, right...)
	if lines, moved := footLast(p.Lines); moved {
		t.Errorf("changed to\n%s", textOf(&ocr.Page{Lines: lines}))
	}
}

// checkColumns wants a page as it is, or in an order that a second call keeps.
func checkColumns(t *testing.T, in *ocr.Page, want string, unmodified bool) {
	t.Helper()
	got := Columns(in)
	if unmodified {
		if got != in {
			t.Fatalf("changed to\n%s", textOf(got))
		}
		return
	}
	if textOf(got) != want {
		t.Fatalf("got\n%s\nwant\n%s", textOf(got), want)
	}
	if again := Columns(got); again != got {
		t.Errorf("a second call changes it to\n%s", textOf(again))
	}
}

// Columns moves words about, but never loses or invents one.
func FuzzColumns(f *testing.F) {
	f.Add("BỘ NỘI VỤ          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1      Độc lập\nNơi nhận:       TM. BỘ")
	f.Add("x CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\n\n\n\n\n\nNơi nhận:")
	f.Fuzz(func(t *testing.T, s string) {
		in := page(strings.Split(s, "\n")...)
		count := func(p *ocr.Page) map[string]int {
			m := map[string]int{}
			for _, l := range p.Lines {
				for _, w := range l.Words {
					if !isRule(w) { // in a table it goes
						m[w.Text+w.Box.String()]++
					}
				}
			}
			return m
		}
		before, after := count(in), count(Columns(in))
		if len(before) != len(after) {
			t.Fatalf("%d words became %d", len(before), len(after))
		}
		for k, n := range before {
			if after[k] != n {
				t.Fatalf("%q: %d became %d", k, n, after[k])
			}
		}
	})
}

func TestParagraphs(t *testing.T) {
	p := page(
		"             QUY CHẾ LÀM VIỆC",
		"     Văn phòng có trách nhiệm theo dõi việc thi hành",
		"quy chế này ở các đơn vị và báo cáo trước ngày mười",
		"lăm hằng tháng.",
		"     1. Đơn vị nào chưa có người phụ trách thì cử một",
		"người, báo về Văn phòng.",
		"     a) Người được cử phải biết việc;",
		"     b) Không được cử người đang nghỉ phép dài ngày để",
		"tránh gián đoạn.",
	)
	var got []string
	for _, par := range Paragraphs(p.Lines) {
		got = append(got, Join(par))
	}
	want := []string{
		"QUY CHẾ LÀM VIỆC",
		"Văn phòng có trách nhiệm theo dõi việc thi hành quy chế này ở các đơn vị và báo cáo trước ngày mười lăm hằng tháng.",
		"1. Đơn vị nào chưa có người phụ trách thì cử một người, báo về Văn phòng.",
		"a) Người được cử phải biết việc;",
		"b) Không được cử người đang nghỉ phép dài ngày để tránh gián đoạn.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A paragraph ends where a line does early, though nothing else tells, and the
// lines of a title that are centred under each other are not run together.
func TestParagraphsByShape(t *testing.T) {
	for _, tt := range []struct {
		rows []string
		want int
	}{
		{[]string{
			"văn phòng có trách nhiệm theo dõi việc thi hành quy",
			"chế này ở các đơn vị",
			"văn thư giữ bản chính và gửi bản sao cho đơn vị nào",
		}, 2},
		{[]string{
			"văn phòng có trách nhiệm theo dõi việc thi hành quy",
			"chế này ở các đơn vị, nơi nào thiếu người thì cử ra",
			"văn thư giữ bản chính và gửi bản sao cho đơn vị nào",
		}, 1},
		{[]string{
			"văn phòng có trách nhiệm theo dõi việc thi hành quy",
			"chế này ở các đơn vị",
			"văn thư giữ bản chính",
		}, 2},
		{[]string{ // the item is no further right
			"văn phòng có trách nhiệm theo dõi việc thi hành quy",
			"b) văn thư giữ bản chính và gửi bản sao cho đơn vị",
		}, 2},
		{[]string{ // white space parts them
			"văn phòng có trách nhiệm theo dõi việc thi hành quy",
			"",
			"",
			"chế này ở các đơn vị, nơi nào thiếu người thì cử ra",
		}, 2},
		{[]string{
			"   về việc cử người theo dõi thi hành quy chế ấy",
			"ở các đơn vị, phòng, ban, trạm và trường trong tỉnh ta",
		}, 2},
	} {
		if got := len(Paragraphs(page(tt.rows...).Lines)); got != tt.want {
			t.Errorf("%d paragraphs, want %d:\n%s", got, tt.want, strings.Join(tt.rows, "\n"))
		}
	}
}

func TestJoinHyphens(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"buổi mít-|tinh sáng", "buổi mít-tinh sáng"},           // two syllables: the hyphen is spelling
		{"the develop-|ment of", "the development of"},          // a word cut for the line's end
		{"số 14/SXD-|KTQH ngày", "số 14/SXD-KTQH ngày"},         // part of a number
		{"giai đoạn 2021-|2025 tới", "giai đoạn 2021-2025 tới"}, // a range
		{"kinh tế -|xã hội", "kinh tế - xã hội"},                // a dash
		{"phát\u00ad|triển mạnh", "pháttriển mạnh"},             // a soft hyphen says so itself
		{"danh sách:|- một", "danh sách: - một"},                // no hyphen at all
		{"không có gì|đặc biệt", "không có gì đặc biệt"},        // the usual case
		{"Công-|ty cổ phần", "Công-ty cổ phần"},                 // old spelling
		{"bản A-|hai mặt", "bản A-hai mặt"},                     // a capital alone is a sign
		{"trang e-|mail cũ", "trang e-mail cũ"},                 // one letter stays apart
		{"điện thoại 024-|38221234", "điện thoại 024-38221234"}, // a telephone number
	} {
		a, b, _ := strings.Cut(tt.in, "|")
		if got := Join(page(a, b).Lines); got != tt.want {
			t.Errorf("Join(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRows(t *testing.T) {
	p := page("một hai", "bốn")
	p.Lines = append(p.Lines, ocr.Line{Box: image.Rect(400, 4, 500, 44), Words: []ocr.Word{{Text: "ba", Box: image.Rect(400, 4, 500, 44)}}})
	rows := Rows(p.Lines)
	if len(rows) != 2 || len(rows[0]) != 2 || rows[0][1].Words[0].Text != "ba" {
		t.Errorf("got %v", rows)
	}
}
