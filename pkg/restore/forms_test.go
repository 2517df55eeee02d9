package restore

import "testing"

func TestMendDate(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"3016/2021", "30/6/2021"},
		{"301612021", "30/6/2021"},
		{"28/0112008", "28/01/2008"},
		{"28l01I2008", "28/01/2008"},
		{"111712021", "11/7/2021"}, // 1/17/2021 is no date
		{"111212021", ""},          // 11/2 or 1/12
		{"30/6/2021", "30/6/2021"}, // right
		{"32112/2021", ""},         // no such day
		{"3011312021", ""},         // no such month
		{"301613021", ""},          // no such year
		{"0912345678", ""},
		{"2021", ""},
		{"", ""},
	} {
		got, ok := mendDate(tt.in)
		if ok != (tt.want != "") || ok && got.text != tt.want {
			t.Errorf("%q: %q, %v, want %q", tt.in, got.text, ok, tt.want)
		}
	}
}

func TestMendCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"1012IKH-SXD", "1012/KH-SXD"},
		{"3721KH-UBND", "372/KH-UBND"},
		{"45lQD-UBND", "45/QĐ-UBND"},
		{"7|TTr-SNV", "7/TTr-SNV"},
		{"30]BC-HDND", "30/BC-HĐND"},
		{"52-CTITW", "52-CT/TW"},
		{"7-QDlTU", "7-QĐ/TU"},
		{"123456/CT-TTHT", ""}, // right
		{"123456lCT-TTHT", "123456/CT-TTHT"},
		{"1XYZ-ABC", ""}, // no kind
		{"IKH-UBND", ""}, // no number
		{"1KH-UBND", ""}, // the slash can't be all of the number
		{"12IKH-hnoi", ""},
		{"52-CTXTW", ""},
		{"52", ""},
		{"", ""},
	} {
		got, ok := mendCode(tt.in)
		if ok != (tt.want != "") || ok && got.text != tt.want {
			t.Errorf("%q: %q, %v, want %q", tt.in, got.text, ok, tt.want)
		}
	}
}
