package restore

import "testing"

func TestNameLen(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"bao-cao.docx, kem theo", "bao-cao.docx"},
		{"danh_sach.xlsx).", "danh_sach.xlsx"},
		{"1.pdf", "1.pdf"},
		{"a/b/c.TIF", "a/b/c.TIF"},
		{`D:\tai-lieu\kh.x.`, `D:\tai-lieu\kh.x`},
		{"ma_so = 12", "ma_so"},
		{"dan.doc lap", ""},   // "dân. Độc lập"
		{"Tu do.Doc lap", ""}, // the chunk is "Tu"
		{"do.Doc", ""},
		{"so.DOC", ""},
		{"van-ban.doc", "van-ban.doc"},
		{".pdf", ""},
		{"dia_chỉ", ""},
		{"____", ""},
		{"ngay___thang", ""},
		{"30/2020/ND-CP", ""},
		{"3.docx.", "3.docx"},
		{"", ""},
	} {
		if got := tt.in[:nameLen(tt.in)]; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
