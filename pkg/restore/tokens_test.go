package restore_test

import (
	"testing"
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
		{"an abbreviation explained", "Sinh vién dang ky mon hoc (DKMH) trén hé thong. Ai khong BKMH thi khong duoc hoc.", "Sinh viên đăng ký môn học (ĐKMH) trên hệ thống. Ai không ĐKMH thì không được học."},
		{"one that is not", "Sinh vién ctia BKMH dén truong.", "Sinh viên của BKMH đến trường."},
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
