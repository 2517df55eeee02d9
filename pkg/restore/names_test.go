package restore

import (
	"strings"
	"testing"
)

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

func TestCodeLen(t *testing.T) {
	for _, tt := range []struct{ text, at, want string }{
		{`{"ten": "mot", "so-luong":2}`, `"ten"`, `"ten"`},
		{`{"ten": "mot", "so-luong":2}`, `"so-l`, `"so-luong"`},
		{`{"ten": "mot"}`, `"mot"`, ""}, // a value
		{`ban "chinh": mot`, `"chinh"`, ""},
		{`<p class="noi dung">tin</p>`, `<p`, `<p class="noi dung">`},
		{`<p class="noi dung">tin</p>`, `</p`, `</p>`},
		{"a < b va c > d", "< b", ""},
		{"h<;>c phi", "<;", ""},
		{`\section{Gioi thieu}`, `\sec`, `\section`},
		{`\begin{document}`, `\beg`, `\begin{document}`},
		{`th\lc hien`, `\lc`, ""},
		{"ten,ngay,so_luong\n1,2,3", "ten", "ten,ngay,so_luong"},
		{"ban,nganh doan the", "ban", ""},
		{"va ten,ngay,so", "ten", ""},
		{"so-ten: mot\nngay: hai", "so-", "so-ten"},
		{"so-ten: mot\nngay: hai", "ten", ""}, // the key began before
		{"- ten: mot\n- ngay: hai", "ngay", "ngay"},
		{"a - ten: mot\nngay: hai", "ten", ""},
	} {
		at := strings.Index(tt.text, tt.at)
		if got := tt.text[at:][:codeLen(tt.text, at)]; got != tt.want {
			t.Errorf("%q at %q: %q, want %q", tt.text, tt.at, got, tt.want)
		}
	}
	for _, tt := range []struct{ in, want string }{
		{`C:\Du lieu\Bao cao\thang 5\so lieu.xlsx la tep`, `C:\Du lieu\Bao cao\thang 5\so lieu.xlsx`},
		{`C:\Tai lieu\ke-hoach va phuong an`, `C:\Tai lieu\ke-hoach`},
		{`D:\ho so.pdf.`, `D:\ho so.pdf`},
		{`a:b`, ""},
	} {
		if got := tt.in[:nameLen(tt.in)]; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
