package restore_test

import (
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// What a token is follows from what explains it: signs, digits and capitals may be
// letters, dates and numbers are mended by their grammar, and what is none stays.
func TestTokens(t *testing.T) {
	for _, tt := range []struct{ why, in, want string }{
		{"signs in words", "Kien nghi cac don vi th\\lc hi~n k~t luan thanh tra.", "Kiến nghị các đơn vị thực hiện kết luận thanh tra."},
		{"inner capitals", "hoc sinh nQp ho so va nhUng giay to khac.", "học sinh nộp hồ sơ và những giấy tờ khác."},
		{"spaces lost", "cac phong di~u chinh thongtin cuatruong.", "các phòng điều chỉnh thông tin của trường."},
		{"slashes of a date", "Ké hoach nay ap dung tir ngay 3016/2021 dén hét ngay 111712021.", "Kế hoạch này áp dụng từ ngày 30/6/2021 đến hết ngày 11/7/2021."},
		{"the slash of a number", "theo Ké hoach s6 1012IKH-UBND cua Uy ban nhan dan tinh", "theo Kế hoạch số 1012/KH-UBND của Ủy ban nhân dân tỉnh"},
		{"letters spaced out after a whole one", "H à N ội, ng à y 12 th á ng 5 n ă m 2021", "Hà Nội, ngày 12 tháng 5 năm 2021"},
		{"an abbreviation explained", "Sinh vién dang ky mon hoc (DKMH) trén hé thong. Ai khong BKMH thi khong duoc hoc.", "Sinh viên đăng ký môn học (ĐKMH) trên hệ thống. Ai không ĐKMH thì không được học."},
		{"explained in words of which one is lost", "Sinh vién dang ky Icx hoc (BKMH) trén hé thong.", "Sinh viên đăng ký Icx học (ĐKMH) trên hệ thống."},
		{"a short one explained", "Thanh lap Ban Diéu hanh (BDH) cua huyén. Cac phong phoi hgp voi BBH.", "Thành lập Ban Điều hành (BĐH) của huyện. Các phòng phối hợp với BĐH."},
		{"the letters of a list", "c) Bao cao cap trén;\nd) Luu hd so;\nd) Chi phi di lai;\ne) Cac viéc khac.", "c) Báo cáo cấp trên;\nd) Lưu hồ sơ;\nđ) Chi phí đi lại;\ne) Các việc khác."},
		{"one that is not", "Sinh vién ctia BKMH dén truong.", "Sinh viên của BKMH đến trường."},
		{"an abbreviation whose words the document has", "Khoa huong dan dang ky mon hoc cho sinh vién. Sinh vién nQp phi BKMH.", "Khoa hướng dẫn đăng ký môn học cho sinh viên. Sinh viên nộp phí ĐKMH."},
		{"one that all letters have", "Bao cao cua SGDDT vé viéc day hoc.", "Báo cáo của SGDĐT về việc dạy học."},
		{"labels stay", "Cac lop Cong nghé thong tin 16A, 16B hoc tai nha D16, phong B205.", "Các lớp Công nghệ thông tin 16A, 16B học tại nhà D16, phòng B205."},
		{"a word that is one sign", "Can bộ dang céng tac & dia phuong, lam viéc & x4.", "Cán bộ đang công tác ở địa phương, làm việc ở xã."},
		{"a sign that is none", "Chi phi cho R & D cua céng ty H & M nam nay.\n* Can ctr | Diéu 5\n&", "Chi phí cho R & D của công ty H & M năm nay.\n* Căn cứ | Điều 5\n&"},
		{"a list has a second item", "(i) Treo bang ron, pano.\n(i) To chirc toa dam.\n(i) Thoi gian thuc hién.", "(i) Treo băng rôn, pano.\n(ii) Tổ chức tọa đàm.\n(iii) Thời gian thực hiện."},
		{"a letter read as three signs", "Sinh vién dang ky mon h<;>c va phai co don xin h<;>c.", "Sinh viên đăng ký môn học và phải có đơn xin học."},
		{"a piece after a word", "Van ban cua CON G TY c6 phan.", "Văn bản của CÔNG TY cổ phần."},
		{"the head of a letter", "CONG HOA xA HOI can NGHiA VIET NAM\nDQc lap - Tu do - H9nh phuc", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"},
		{"a word read as a digit and a sign", "T6 chirc Tuan 1& Doc sach, ty 1& hao hut, 4 gi& 30 phut cua R & D.", "Tổ chức Tuần lễ Đọc sách, tỷ lệ hao hụt, 4 giờ 30 phút của R & D."},
		{"names with apostrophes stay whole", "Cac buén M'Hang, M’Nong va N'Trang cua x4 duoc sap xép lai.", "Các buôn M'Hang, M’Nông và N'Trang của xã được sắp xếp lại."},
		{"the letter of other alphabets for Đ", "S6 16/CV-ÐHBS, 115/2020/NÐ-CP va 01/2024/TT-BKHDT cüa Chinh phu; GÐ, cac PGÐ, ÐVT.", "Số 16/CV-ĐHBS, 115/2020/NĐ-CP và 01/2024/TT-BKHĐT của Chính phủ; GĐ, các PGĐ, ĐVT."},
		{"a telegram", "S6: 17/CD-CT cua Chi tich Uy ban nhan dan tinh.", "Số: 17/CĐ-CT của Chủ tịch Ủy ban nhân dân tỉnh."},
		{"numbers stay", "Tai khoan s6 301612021 cua Kho bac Nha nuoc, dién thoai 0912345678.", "Tài khoản số 301612021 của Kho bạc Nhà nước, điện thoại 0912345678."},
	} {
		if got := text(t, restorer(t, "eng"), tt.in).Text; got != tt.want {
			t.Errorf("%s: got  %s\nwant %s", tt.why, got, tt.want)
		}
	}
}

// A mark between words stays a mark, and no space is lost after one.
func TestMarks(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"va/hoac cac don vi,to chirc", "và/hoặc các đơn vị,tổ chức"},
		{"(theo mau)", "(theo mẫu)"},
	} {
		if got := text(t, restorer(t, "eng"), tt.in).Text; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// What recurs in a document decides doubts, but no collocation: a letter full of
// "báo" knows "đảm bảo", one full of elephants "đối với".
func TestMemory(t *testing.T) {
	for _, tt := range []struct{ why, much, in, want string }{
		{"newspapers", "Cac co quan bao chi, bao Nhan Dan, bao Lao Dong, bao in va bao dien tu, nha bao, lam bao, viet bao, to bao.\n",
			"De dam bao chat luong, bao dam an toan, dam bao tien do va bao ve moi truong.\n", "Để đảm bảo chất lượng, bảo đảm an toàn, đảm bảo tiến độ và bảo vệ môi trường.\n"},
		{"elephants", "Dan voi rung va con voi nha, nguoi nuoi voi, bao ton voi, voi con, nga voi, thuc an cua voi.\n",
			"Doi voi cac huyen, cung voi nhan dan, phoi hop voi cong an, so voi nam truoc.\n", "Đối với các huyện, cùng với nhân dân, phối hợp với công an, so với năm trước.\n"},
		{"fish", "Con ca, nuoi ca, ca tra, ca ba sa, ca bien, danh ca, ca loc, ca nuoc ngot, ao ca.\n",
			"Tat ca cac don vi, ca nhan, ca nuoc, ke ca ban ngay, ca hat, ca phe.\n", "Tất cả các đơn vị, cá nhân, cả nước, kể cả ban ngày, ca hát, cà phê.\n"},
		{"bridges", "Cau Long Bien, cau Chuong Duong, xay cau, cau thep, cau vuot, cau treo.\n",
			"Yeu cau cac don vi, nhu cau, cau hoi, cau ca, toan cau, cau thu.\n", "Yêu cầu các đơn vị, nhu cầu, câu hỏi, câu cá, toàn cầu, cầu thủ.\n"},
	} {
		for _, source := range []string{"strip", "eng"} {
			got := text(t, restorer(t, source), strings.Repeat(tt.much, 6)+tt.in).Text
			if !strings.HasSuffix(got, "\n"+tt.want) {
				t.Errorf("%s, %s: %s\nwant at the end %s", tt.why, source, got, tt.want)
			}
		}
	}
}

// The same of forty things, spoken of twice, in the same block and in one before.
func TestMemories(t *testing.T) {
	data, err := os.ReadFile("testdata/memory.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, stanza := range strings.Split(strings.TrimSpace(string(data)), "\n\n")[1:] {
		much, want, _ := strings.Cut(stanza, "\n")
		for _, source := range []string{"strip", "eng"} {
			for _, gap := range []string{"", "\n"} {
				got := text(t, restorer(t, source), viet.Strip(strings.Repeat(much+"\n", 2)+gap+want)).Text
				if !strings.HasSuffix(got, "\n"+want) {
					t.Errorf("%s, gap %q: %s\nwant at the end %s", source, gap, got, want)
				}
			}
		}
	}
}
