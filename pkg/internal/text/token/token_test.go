package token

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

var names = [...]string{"word", "mixed", "number", "percent", "date", "code", "email", "url", "item", "punct"}

func show(line string) string {
	var b strings.Builder
	for i, t := range Tokenize(line) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(line[t.Start:t.End])
		if t.Class != Word {
			fmt.Fprintf(&b, "|%s", names[t.Class])
		}
	}
	return b.String()
}

func TestTokenize(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"Kính gửi: Ủy ban", "Kính gửi :|punct Ủy ban"},
		{"t6 chirc Véi.", "t6|mixed chirc Véi .|punct"},
		{"Số: 1453/BTTTT-HTQT", "Số :|punct 1453/BTTTT-HTQT|code"},
		{"1453 /BTTTT-HTQT", "1453|number /|punct BTTTT-HTQT|code"},
		{"30/2020/NĐ-CP, 12a/BC-UBND.", "30/2020/NĐ-CP|code ,|punct 12a/BC-UBND|code .|punct"},
		{"Hà-Nội HÀ-NỘI NĐ-CP", "Hà -|punct Nội HÀ -|punct NỘI NĐ-CP|code"},
		{"ngày 17/5, 07/05/2021 và 7-5-2021; 5/2021", "ngày 17/5|date ,|punct 07/05/2021|date và 7-5-2021|date ;|punct 5/2021|date"},
		{"45/60 17/13", "45|number /|punct 60|number 17|number /|punct 13|number"},
		{"10.000 đồng, 10,5% 0912802454", "10.000|number đồng ,|punct 10,5%|percent 0912802454|number"},
		{"dntuyen@mic.gov.vn.", "dntuyen@mic.gov.vn|email .|punct"},
		{"xem www.a-b.vn/tin?id=1, (http://x.y/z).", "xem www.a-b.vn/tin?id=1|url ,|punct (|punct http://x.y/z|url )|punct .|punct"},
		{"xong.Anh", "xong .|punct Anh"}, // a lost space, not a host
		{"mic.gov.vn", "mic.gov.vn|url"},
		{"a) Lời", "a)|item Lời"},
		{"đ) 1. x", "đ)|item 1|number .|punct x"},
		{"  (ii) 2.3. x", "(ii)|item 2.3|number .|punct x"},
		{"2.3. Tổ chức", "2.3.|item Tổ chức"},
		{"1. Thông", "1.|item Thông"},
		{"2021. Năm", "2021|number .|punct Năm"},
		{"viễn thông/ICT", "viễn thông /|punct ICT"},
		{"....... ___", ".......|punct ___|punct"},
		{"H5N1 2G", "H5N1|mixed 2G|mixed"},
		{"\xff a", "\xff|punct a"},
		{"123-45-2021 32-5-2021 32-12-2021", "123|number -|punct 45|number -|punct 2021|number 32|number -|punct 5|number -|punct 2021|number 32|number -|punct 12|number -|punct 2021|number"},
		{"07.05.2021", "07.05.2021|date"},
		{"18446744073709551617/5", "18446744073709551617|number /|punct 5|number"}, // 1 in 64 bits
		{"5/202 5/20213 5/1700", "5|number /|punct 202|number 5|number /|punct 20213|number 5|number /|punct 1700|number"},
		{"7/5/2021/x 7/5/x", "7|number /|punct 5|number /|punct 2021|number /|punct x 7|number /|punct 5|number /|punct x"}, // a path, not a date
		{"12/QĐ-UBNDt NĐ-CPx", "12|number /|punct QĐ -|punct UBNDt NĐ -|punct CPx"},
		{"12/KH&ĐT-VP", "12/KH&ĐT-VP|code"},
		{"UBND, HĐND", "UBND ,|punct HĐND"}, // one group is a word
		{"a.b.c www.x.y", "a .|punct b .|punct c www .|punct x .|punct y"},
	} {
		if got := show(tt.in); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestSymbol(t *testing.T) {
	for _, tt := range []struct {
		in    string
		class Class
		want  string
	}{
		{"HOÀ", Word, "hòa"}, {"1945", Number, "<year>"}, {"7", Number, "<n>"}, {"10.000", Number, "<num>"},
		{"“", Punct, `"`}, {"–", Punct, "-"}, {"...", Punct, "…"}, {"\x01", Punct, ""},
	} {
		if got := Symbol(tt.in, tt.class); got != tt.want {
			t.Errorf("Symbol(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Tokens are in order, not empty, hold no white space, and cover all that is
// not white space.
func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"30/2020/NĐ-CP", "a@b.vn", "http://", "(ii) x", "1..2", "ftp://.", "đ", "-/-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, tok := range Tokenize(s) {
			if tok.Start < at || tok.End <= tok.Start {
				t.Fatalf("%q: token %v after %d", s, tok, at)
			}
			if strings.TrimFunc(s[at:tok.Start], unicode.IsSpace) != "" {
				t.Fatalf("%q: %q left out", s, s[at:tok.Start])
			}
			if strings.ContainsFunc(s[tok.Start:tok.End], unicode.IsSpace) {
				t.Fatalf("%q: white space in %v", s, tok)
			}
			Symbol(s[tok.Start:tok.End], tok.Class)
			at = tok.End
		}
		if strings.TrimFunc(s[at:], unicode.IsSpace) != "" {
			t.Fatalf("%q: %q left out", s, s[at:])
		}
	})
}
