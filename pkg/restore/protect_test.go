package restore_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
)

// protected are things that no reader's language can improve.
var protected = []string{
	"1453/BTTTT-HTQT", "30/2020/NĐ-CP", "87/KH-UBND", "12/QĐ-TTg", "318/SGTCC-QLDT", "05/CT-UBND", // document numbers
	"05/3/2020", "17/5", "10-05-2024", "31.12.2023", "5/2021", // dates
	"1.250.000.000", "18.750.000", "10,5", "98,5%", "1.204", "42.600", "16", "2024", "2024-2026", // amounts
	"0912.345.678", "0255.3712.468", "(024) 3822 1234", "+84 912 345 678", "1900 6789", // telephones
	"bdtd@sgtcc.anha.gov.vn", "le.thi.mai@example.com", "van_thu@binhson.gov.vn", // e-mail
	"www.binhson.gov.vn", "https://dichvucong.anha.gov.vn/ho-so?id=12", "http://example.org", // addresses
	"bao-cao.thang.3.docx", "danh_sach_can_bo.xlsx", "1.pdf", "cong-van.eng.txt", "PHU_LUC.PDF", `C:\Users\Hoa\HoSo\1.doc`, "hop-dong/so.tif", // files
	"dia_chi", "ma_so_1", "CAN_BO", // fields
	"H5N1", "Covid-19", "QCVN 01:2021/BXD", "TCVN 9362:2012", "29A-123.45", "27/4/2024",
}

// Numbers, dates, amounts, addresses and codes come out as they went in, in the
// middle of text that every source garbles in its way.
func TestProtected(t *testing.T) {
	const (
		garbled = "Thuc hién Ké hoach s6 %s cua Uy ban nhan dan tinh, So Tai chinh dé nghi cac don vi lién hé, bdo cdo truéc ngay."
		bare    = "Thuc hien Ke hoach so %s cua Uy ban nhan dan tinh, So Tai chinh de nghi cac don vi lien he, bao cao truoc ngay."
		clean   = "Thực hiện Kế hoạch số %s của Ủy ban nhân dân tỉnh, Sở Tài chính đề nghị các đơn vị liên hệ, báo cáo trước ngày."
	)
	for _, tt := range []struct{ source, carrier string }{
		{restore.Auto, garbled}, {"eng", garbled},
		{restore.Auto, bare}, {restore.Strip, bare},
		{restore.Auto, clean}, {"vie", clean},
	} {
		r := restorer(t, tt.source)
		for _, s := range protected {
			in := fmt.Sprintf(tt.carrier, s)
			if got := text(t, r, in).Text; !strings.Contains(got, s) {
				t.Errorf("%s: %q is gone: %s", tt.source, s, got)
			}
		}
	}
}

// Text without a damaged word stays as it is, whatever the others are.
func TestUnchanged(t *testing.T) {
	for _, in := range []string{
		"1 2 3\n4 5 6\n", "...", "-----", "||", "STT\t1\t2", "x = y + 2", "A4", "I. II. III. IV.",
		"Việt Nam", "ÔNG", "đ", "1. Mở đầu", "The quick brown fox jumps over the lazy dog.",
		"Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc",
		"The cat sat on the mat.", "Take the tram to the chap on the quay", "Dan ran to the hotel to get the phone.", // of letters that Vietnamese words have
		"He can not do that thing to them, but you may see no one in the lane.",
		"Dear Sir, please find the attached cong van from Ms. Lan at phong Hanh chinh.",
		"Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung.",
		"Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
		"Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama.",
		"Ci hè à a sera à a fine è à a mossa ò à u fiume.", // not letters spaced out
		"Hɔɔlaɣ 7", "Wɛ́ɖɛ kaɖaa 5", "Nʋʋnŋɔ 2", "Ʌŋsəkəl bekʌ tɔfɔt", // letters of which no reader of Vietnamese knows
		"Các đảo Hawaiʻi được tạo ra do núi lửa.", "Tiếng Hɔɔlaɣ được nói ở vùng này.", "Người theo Shīʿa đọc kinh.",
		"Buôn Kŏ Tam, xã Ea Tu, thành phố Buôn Ma Thuột.", "Bà H'Ŏng Niê và ông Y Bhĭm Êban ở buôn Dhă Prŏng.", "Huyện Čư M'gar và xã Ea Ƀhŏk, làng Kơ Ƀang, sông K'rông Năng và Kư̆.",
		"package main\n\nfunc main() { fmt.Println(\"hi\") }\n",
	} {
		if got := text(t, restorer(t, restore.Auto), in).Text; got != in {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// A reader that keeps marks reads names, letters and short forms as they are.
func TestHarmless(t *testing.T) {
	for _, in := range []string{
		"Xã Ea Kpam, huyện Cư M'gar và thôn Y Brông thuộc xã Krông Nô.",
		"Học viên khóa K15, lớp 12A1 ở nhà B, phòng C, mua 250mg và 3m2 (đ/c p/h).",
		"Bà Nguyễn Thị Sửng, chị Cầm Thị Đoan và ông Trầm họp ở suối Hón Can, bến Vụng Trâu.",
		"Buôn M'Hăng, buôn M'Ùm và thôn Bh'lô Bền đã có điện.",
		"Phần mềm Docker Compose và Apache Kafka chạy trên máy chủ.",
	} {
		if got := text(t, restorer(t, "vie"), in).Text; got != in {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// The same of more lines, of a reading that may be right throughout, too.
func TestHarmlessLines(t *testing.T) {
	data, err := os.ReadFile("testdata/harmless.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(data), "\n\n")
	for line := range strings.Lines(lines) {
		for _, source := range []string{"vie", restore.Auto} {
			if got := text(t, restorer(t, source), line).Text; got != line {
				t.Errorf("%s: %q became %q", source, line, got)
			}
		}
	}
}

// What programs write stays, the words in it do not.
func TestPrograms(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"so": 1, "ngay": "thu hai"}`, `{"so": 1, "ngay": "thứ hai"}`},
		{`Tep C:\Tai lieu\Cong van\bao cao.docx o day`, `Tệp C:\Tai lieu\Cong van\bao cao.docx ở đây`},
		{`<a href="tin tuc">Thong bao</a>`, `<a href="tin tuc">Thông báo</a>`},
		{`\section{Gioi thieu chung}`, `\section{Giới thiệu chung}`},
	} {
		if got := text(t, restorer(t, restore.Strip), tt.in).Text; got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// Keys and heads that words with spaces make stay, too; what looks like one in a letter
// is none.
func TestKeysAndHeads(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"don vi": "Phong Tai chinh", "dia chi": null}`, `{"don vi": "Phòng Tài chính", "dia chi": null}`},
		{"  \"nguoi ky\": 5,", "  \"nguoi ky\": 5,"},
		{`[{"ma": 1}, {"ten file": [2]}]`, `[{"ma": 1}, {"ten file": [2]}]`},
		{`"don vi": cac phong ban`, `"đơn vị": các phòng ban`},
		{"ho_ten: 1\ndon-vi: 2\nngay: 2021-05-01", "ho_ten: 1\ndon-vi: 2\nngay: 2021-05-01"},
		{"- ten: bao cao thang\n  so: 5", "- ten: báo cáo tháng\n  so: 5"},
		{"nguoi-ky:\n  chuc-vu: giam doc", "nguoi-ky:\n  chuc-vu: giám đốc"},
		{"ngay: 12 thang 5", "ngày: 12 tháng 5"},
		{"ten,ngay sinh,dia chi\n1,2,3", "ten,ngay sinh,dia chi\n1,2,3"},
		{"STT;Ho ten;Don vi\n1;2;3", "STT;Ho ten;Don vi\n1;2;3"},
		{"ma\tten\tso luong\n1\t2\t3", "ma\tten\tso luong\n1\t2\t3"},
		{`"ten","dia chi","ghi chu"` + "\n\"1\",\"2\",\"3\"", `"ten","dia chi","ghi chu"` + "\n\"1\",\"2\",\"3\""},
		{"cac so,ban, nganh va\ndoan the,cac huyen, xa", "các sở,ban, ngành và\nđoàn thể,các huyện, xã"},
	} {
		if got := text(t, restorer(t, restore.Strip), tt.in).Text; got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// Letters that only look right are mended, and tones on wrong letters where a text
// has them throughout; a single one is the author's.
func TestMend(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Sinh viên đƣợc xét nhƣ sau: chƣa nộp học phí thì chƣa đƣợc dự thi.", "Sinh viên được xét như sau: chưa nộp học phí thì chưa được dự thi."},
		{"Hồ sơ đựơc nộp trứơc ngày 15 và đựơc trả lại sau khi hòan thành.", "Hồ sơ được nộp trước ngày 15 và được trả lại sau khi hoàn thành."},
		{"Đơn vị phải hòan thành báo cáo của mình trước ngày 15 tháng 6 năm nay.", "Đơn vị phải hòan thành báo cáo của mình trước ngày 15 tháng 6 năm nay."},
	} {
		if got := text(t, restorer(t, restore.Auto), tt.in).Text; got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
