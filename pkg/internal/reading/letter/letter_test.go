package letter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/ocrtest"
)

// page sets rows of text on a grid of cells of 20 by 40 pixels, as a reader
// would find them, and puts them in order; an empty row is white space.
func page(rows string) *ocr.Page {
	return layout.Columns(ocrtest.Page(0, 0, strings.Split(strings.Trim(rows, "\n"), "\n")...))
}

const letterProper = `
   UBND TỈNH SÔNG LAM               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     SỞ XÂY DỰNG                        Độc lập - Tự do - Hạnh phúc
    Số: 215 /SXD-QLN                   Hà Tĩnh, ngày 09 tháng 4 năm 2023
 V/v kiểm tra nhà ở cũ
   trước mùa mưa bão

          Kính gửi:
                 - Ủy ban nhân dân các huyện, thị xã;
                 - Công ty Cổ phần Nhà Sông Lam.

     Thực hiện kế hoạch phòng chống thiên tai năm nay, Sở Xây dựng đề nghị các
cơ quan kiểm tra toàn bộ nhà ở cũ trên địa bàn và báo cáo trước ngày 30/4.
     Trân trọng./.

Nơi nhận:                                       KT. GIÁM ĐỐC
- Như trên;                                     PHÓ GIÁM ĐỐC
- Giám đốc (để báo cáo);
- Lưu: VT, QLN.
                                              Lê Thị Thanh Vân
`

const decree = `
    CHÍNH PHỦ                       CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     ———                                Độc lập - Tự do - Hạnh phúc
  Số: 99/2031/NĐ-CP                   Hà Nội, ngày I5 tháng 0Ì năm 2031

                            NGHỊ ĐỊNH
               Quy định về thuyền nan và bè tre
                 trên các sông không có cầu

                            CHÍNH PHỦ

     Căn cứ Luật Tổ chức Chính phủ;
`

const decreeEnd = `
     Điều 9. Các bộ chịu trách nhiệm thi hành Nghị định này./.

                                                TM. CHÍNH PHỦ
Nơi nhận:                                         THỦ TƯỚNG
- Ban Bí thư;
- Các bộ, cơ quan ngang bộ, cơ quan
thuộc Chính phủ;
- Lưu: VT (5b).                                 Phạm Gia Định
`

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pages []string
		want  Letter
	}{
		{"a letter proper", []string{letterProper}, Letter{
			Parent: "UBND TỈNH SÔNG LAM", Issuer: "SỞ XÂY DỰNG", Number: "215/SXD-QLN", Place: "Hà Tĩnh", Date: "2023-04-09",
			Type: "Công văn", Subject: "kiểm tra nhà ở cũ trước mùa mưa bão",
			Addressees: []string{"Ủy ban nhân dân các huyện, thị xã", "Công ty Cổ phần Nhà Sông Lam"},
			Body:       &Range{Position{1, 12}, Position{1, 14}},
			Recipients: []string{"Như trên", "Giám đốc (để báo cáo)", "Lưu: VT, QLN"},
			Signature:  Signature{Authority: "KT. GIÁM ĐỐC", Capacity: "PHÓ GIÁM ĐỐC", Signer: "Lê Thị Thanh Vân"},
		}},
		{"a decree with digits misread, its end on another page", []string{decree, "trang giữa không có gì đáng kể", decreeEnd}, Letter{
			Issuer: "CHÍNH PHỦ", Number: "99/2031/NĐ-CP", Place: "Hà Nội", Date: "2031-01-15",
			Type: "Nghị định", Subject: "Quy định về thuyền nan và bè tre trên các sông không có cầu",
			Body:       &Range{Position{1, 10}, Position{3, 1}},
			Recipients: []string{"Ban Bí thư", "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ", "Lưu: VT (5b)"},
			Signature:  Signature{Authority: "TM. CHÍNH PHỦ", Capacity: "THỦ TƯỚNG", Signer: "Phạm Gia Định"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var pages []*ocr.Page
			for _, s := range tt.pages {
				pages = append(pages, page(s))
			}
			compare(t, Parse(pages), &tt.want)
		})
	}
}

func TestParseText(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       *Letter
	}{
		{"columns run together", `CỤC ĐƯỜNG THỦY PHÍA BẮC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

Số: 77 /CĐT-VP Độc lập - Tự do - Hạnh phúc
V/v mời họp về việc nạo vét Hải Phòng, ngày 2 tháng 11 năm 2022

luồng chạy tàu

Kính gửi: Công ty Nạo vét Ba Lạt; Trường Hàng giang.

Cục mời quý cơ quan cử người dự họp lúc 9 giờ ngày 12/11.

Nơi nhận: TL. CỤC TRƯỞNG
- Như trên; CHÁNH VĂN PHÒNG
- Lưu: VT. Vũ Đình Hải
`, &Letter{
			Issuer: "CỤC ĐƯỜNG THỦY PHÍA BẮC", Number: "77/CĐT-VP", Place: "Hải Phòng", Date: "2022-11-02", Type: "Công văn",
			Subject:    "mời họp về việc nạo vét luồng chạy tàu",
			Addressees: []string{"Công ty Nạo vét Ba Lạt", "Trường Hàng giang"},
			Body:       &Range{Position{1, 6}, Position{1, 6}},
			Recipients: []string{"Như trên", "Lưu: VT"},
			Signature:  Signature{Authority: "TL. CỤC TRƯỞNG", Capacity: "CHÁNH VĂN PHÒNG", Signer: "Vũ Đình Hải"},
		}},
		{"signed above the recipients, the seal in brackets", `SỞ XÂY DỰNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 03/SXD

Sở mời các huyện dự họp.

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Nơi nhận:
- Như trên;

Trần Văn Cầu (Giám sát)
`, &Letter{
			Issuer: "SỞ XÂY DỰNG", Number: "03/SXD",
			Body:       &Range{Position{1, 4}, Position{1, 4}},
			Recipients: []string{"Như trên"},
			Signature:  Signature{Authority: "KT. GIÁM ĐỐC", Capacity: "PHÓ GIÁM ĐỐC", Signer: "Trần Văn Cầu"},
		}},
		{"a proposal has a title and addressees", `TRƯỜNG TIỂU HỌC AN BÌNH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 03/TTr-THAB
An Bình, ngày 20 tháng 8 năm 2024

TỜ TRÌNH
Về việc sửa mái lớp học

Kính gửi: Phòng Giáo dục và Đào tạo

Mái lớp học dột khi mưa lớn, nhà trường kính trình Phòng xem xét cho sửa.

HIỆU TRƯỞNG
(đã ký)
ThS. Đỗ Văn Y
`, &Letter{
			Issuer: "TRƯỜNG TIỂU HỌC AN BÌNH", Number: "03/TTr-THAB", Place: "An Bình", Date: "2024-08-20", Type: "Tờ trình",
			Subject: "sửa mái lớp học", Addressees: []string{"Phòng Giáo dục và Đào tạo"},
			Body:      &Range{Position{1, 9}, Position{1, 9}},
			Signature: Signature{Capacity: "HIỆU TRƯỞNG", Title: "ThS", Signer: "Đỗ Văn Y"},
		}},
		{"a line of running text between number and date, a province misread", `UBND TINH QUÁNG NGẢI
Số: 7/UBND-VP
Ủy ban nhân dân tỉnh đã ký số văn bản này
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Quảng Ngãi, ngày 1 tháng 2 năm 2023
`, &Letter{Issuer: "UBND TỈNH QUẢNG NGÃI", Number: "7/UBND-VP", Place: "Quảng Ngãi", Date: "2023-02-01"}},
		{"a story is no letter", "Ngày xưa có một ông lão đánh cá sống bên bờ biển.\nÔng lão thả lưới, bà lão kéo sợi.", nil},
		{"nothing", "", nil},
		{"French", "Madame, Monsieur,\nNous avons bien reçu votre courrier du 3 mai.\nVeuillez agréer nos salutations.", nil},
	} {
		t.Run(tt.name, func(t *testing.T) { compare(t, ParseText(tt.text), tt.want) })
	}
}

func compare(t *testing.T, got, want *Letter) {
	t.Helper()
	if got != nil {
		got.Found, got.Pages = nil, nil // has a test of its own
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct{ in, want, read string }{
		{"Số: 1453 /BTC-QLG", "1453/BTC-QLG", ""},
		{"Số : 02/2010/QĐ-TTg", "02/2010/QĐ-TTg", ""},
		{"Sế⁄22⁄2010/TT-UBDT", "22/2010/TT-UBDT", ""}, // o read as e, a slash for the colon
		{"Số: 189/CĐVC", "189/CĐVC", ""},
		{"Số: 12a/BC-UBND", "12a/BC-UBND", ""},
		{"Số 01-CV/TU", "01-CV/TU", ""}, // the Party's form
		{"Số : 7 /TB - HTTT", "7/TB-HTTT", ""},
		{"Số: 31/BC-UBND _", "31/BC-UBND", ""},
		{"3) Số: 115 /CV-PA83", "115/CV-PA83", ""}, // a margin note
		{"Số: /SNV-TC", "?/SNV-TC", ""},            // number to be written by hand
		{"Số: Ø1 /UBND-SGDĐT", "?/UBND-SGDĐT", "Ø1"},
		{"Số: ;jj6ŸÊ..TB-ĐHĐL", "?/TB-ĐHĐL", "jj6ŸÊ"},
		{"Số:sÄ22Ƒ /TB-ĐHĐL", "?/TB-ĐHĐL", "sÄ22Ƒ"},
		{"Sốz24⁄/ø /TB-ĐHĐL", "?/TB-ĐHĐL", "z24//ø"},
		{"Số: /#32/UBND- KSTTHC", "?/UBND-KSTTHC", "#32"},
		{"Số: 2026. ./TB-ĐHĐL", "2026/TB-ĐHĐL", ""},
		{"Số tiền 200.000 đồng/người", "", ""}, // not a number of a letter
		{"Sở Nội vụ - Phòng TCCB", "", ""},
		{"Sổ tay", "", ""},
		{"SỐ HÓA TÀI LIỆU LƯU TRỮ", "", ""},
		{"Số: 12", "", ""},
		{"Số: 12 Lê-thánh", "", ""}, // one capital is no symbol
		{"Số: 12/Nhà", "", ""},
	} {
		var l Letter
		ws := lineOf(tt.in, 0.96)
		if n, ok := serialOf(ws.text, false); ok {
			l.setNumber(ws, n, ocr.Word{})
		}
		if l.Number != tt.want || l.NumberRead != tt.read {
			t.Errorf("%q: number %q, read %q, want %q, %q", tt.in, l.Number, l.NumberRead, tt.want, tt.read)
		}
	}
}

// lineOf returns a line without boxes.
func lineOf(s string, confidence float64) line {
	l := line{text: s}
	for _, w := range words(s) {
		l.words = append(l.words, ocr.Word{Text: w, Read: w, Confidence: confidence})
	}
	return l
}

func TestDate(t *testing.T) {
	for _, tt := range []struct {
		in                        string
		before, place, date, read string
	}{
		{"Hà Nội, ngày 07 tháng 05 năm 2021", "", "Hà Nội", "2021-05-07", ""},
		{"Số: 9/UBND Quảng Nam, ngày 1 tháng 12 năm 1999", "Số: 9/UBND", "Quảng Nam", "1999-12-01", ""},
		{"Hà Nội, ngày I5 tháng 0Ì năm 2010", "", "Hà Nội", "2010-01-15", ""},            // 1 read as I and Ì
		{"TP. Hồ Chí Minh, ngày tháng 3 năm 2020", "", "TP. Hồ Chí Minh", "2020-03", ""}, // day to be written by hand
		{"Hà Nội, ngày tháng § năm 2025", "", "Hà Nội", "2025", ""},
		{"Đà Nẵng, ngày Aÿtháng 10 năm 2023", "", "Đà Nẵng", "2023-10", ""},
		{"Hà Nội, ngày.) tháng 8 năm 2025", "", "Hà Nội", "2025-08", ""},
		{"Hà Nội, ngày oi.. tháng Á. năm 2025", "", "Hà Nội", "2025", ""},
		{"Hà Nội, ngày 31 tháng 02 năm 2020", "", "Hà Nội", "2020-02", ""}, // no such day
		{"Hà Nội, ngày 1 tháng 2 năm 1844", "", "Hà Nội", "", ""},          // before there were such letters
	} {
		var l Letter
		in := lineOf(tt.in, 0.96)
		d, ok := dateOf(in.text)
		if ok {
			l.setDate(in, d)
		}
		if before := in.part(0, d.before).text; !ok || before != tt.before || l.Place != tt.place || l.Date != tt.date || l.DateRead != tt.read {
			t.Errorf("%q: %q, %q, %q, %q", tt.in, before, l.Place, l.Date, l.DateRead)
		}
	}
	if _, ok := dateOf("theo công văn đã gửi đến quý cơ quan trong tuần trước, ngày 07 tháng 05 năm 2021"); ok {
		t.Error("a date in running text was taken for that of the letter")
	}
}

// What looks written by hand, unsure or of another height than the printed year,
// is kept as a reading and not stated.
func TestHandwritten(t *testing.T) {
	for _, tt := range []struct {
		name                         string
		change                       func(ws map[string]*ocr.Word)
		number, read, date, dateRead string
	}{
		{"all printed", func(map[string]*ocr.Word) {}, "44/TB-SXD", "", "2025-04-09", ""},
		{"number not sure", func(ws map[string]*ocr.Word) { ws["44"].Confidence = 0.6 }, "?/TB-SXD", "44", "2025-04-09", ""},
		{"number and symbol in a word", func(ws map[string]*ocr.Word) {
			ws["44"].Text, ws["/TB-SXD"].Text, ws["44"].Confidence = "44/TB-SXD", "", 0.69
		}, "44/TB-SXD", "", "2025-04-09", ""},
		{"the same, not sure", func(ws map[string]*ocr.Word) {
			ws["44"].Text, ws["/TB-SXD"].Text, ws["44"].Confidence = "44/TB-SXD", "", 0.4
		}, "?/TB-SXD", "44", "2025-04-09", ""},
		{"number high", func(ws map[string]*ocr.Word) { ws["44"].Box.Min.Y -= 20 }, "?/TB-SXD", "44", "2025-04-09", ""},
		{"day as high as the year and nearly sure", func(ws map[string]*ocr.Word) { ws["09"].Confidence = 0.69 }, "44/TB-SXD", "", "2025-04-09", ""},
		{"day a sixth higher and nearly sure", func(ws map[string]*ocr.Word) { ws["09"].Confidence = 0.77; ws["09"].Box.Min.Y -= 7 }, "44/TB-SXD", "", "2025-04", "2025-04-09"},
		{"day a sixth higher and sure", func(ws map[string]*ocr.Word) { ws["09"].Box.Min.Y -= 7 }, "44/TB-SXD", "", "2025-04-09", ""},
		{"day not sure", func(ws map[string]*ocr.Word) { ws["09"].Confidence = 0.6 }, "44/TB-SXD", "", "2025-04", "2025-04-09"},
		{"day high", func(ws map[string]*ocr.Word) { ws["09"].Box.Max.Y += 20 }, "44/TB-SXD", "", "2025-04", "2025-04-09"},
		{"month not sure", func(ws map[string]*ocr.Word) { ws["4"].Confidence = 0.6 }, "44/TB-SXD", "", "2025", "2025-04-09"},
		{"month high", func(ws map[string]*ocr.Word) { ws["4"].Box.Min.Y -= 20 }, "44/TB-SXD", "", "2025", "2025-04-09"},
	} {
		p := page(`
  SỞ XÂY DỰNG                     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
  Số: 44 /TB-SXD                       Độc lập - Tự do - Hạnh phúc
                                     Hà Tĩnh, ngày 09 tháng 4 năm 2025
                      THÔNG BÁO
                   Về việc nghỉ lễ`)
		ws := make(map[string]*ocr.Word)
		for i := range p.Lines {
			for j := range p.Lines[i].Words {
				ws[p.Lines[i].Words[j].Text] = &p.Lines[i].Words[j]
			}
		}
		tt.change(ws)
		l := Parse([]*ocr.Page{p})
		if l.Number != tt.number || l.NumberRead != tt.read || l.Date != tt.date || l.DateRead != tt.dateRead {
			t.Errorf("%s: %q, %q, %q, %q", tt.name, l.Number, l.NumberRead, l.Date, l.DateRead)
		}
	}
}

// Whatever the text, Parse returns and its body lies inside the pages.
func FuzzParseText(f *testing.F) {
	f.Add("BỘ X CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/X\nKính gửi: A\n\nNơi nhận:\n- B;")
	f.Add("Số: 1/X\f\n\nNơi nhận: TM. X\n")
	f.Fuzz(func(t *testing.T, s string) {
		l := ParseText(s)
		if l == nil || l.Body == nil {
			return
		}
		b := l.Body
		if b.From.Page < 1 || b.From.Line < 1 || b.To.Page < b.From.Page || b.To.Page == b.From.Page && b.To.Line < b.From.Line {
			t.Errorf("body %+v", *b)
		}
	})
}
