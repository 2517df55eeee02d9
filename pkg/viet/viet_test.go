package viet

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestStrip(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"ĐƯỜNG", "DUONG"},
		{"Tie\u0302\u0301ng", "Tieng"}, // decomposed, as some scanners emit it
		{"Số: 30/2020/NĐ-CP", "So: 30/2020/ND-CP"},
		{"Å ñ ö ç", "Å ñ ö ç"}, // letters of other languages stay
	} {
		if got := Strip(tt.in); got != tt.want {
			t.Errorf("Strip(%+q) = %+q, want %+q", tt.in, got, tt.want)
		}
	}
}

func TestSplitWithToneAreInverse(t *testing.T) {
	n := 0
	for r := rune(0); r < tableSize; r++ {
		letter, tone := Split(r)
		if got := WithTone(letter, tone); got != r {
			t.Errorf("WithTone(Split(%q)) = %q", r, got)
		}
		if letter != r || IsMarked(r) {
			n++
		}
	}
	if want := 2 * (12*5 + 7); n != want { // 12 vowels with 5 tones, 7 letters of their own
		t.Errorf("%d marked letters, want %d", n, want)
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Parts
	}{
		{"nghiêng", Parts{"ngh", "iêng", Ngang}},
		{"gì", Parts{"g", "i", Huyen}},
		{"gìn", Parts{"g", "in", Huyen}},
		{"giếng", Parts{"gi", "iêng", Sac}},
		{"giữa", Parts{"gi", "ưa", Nga}},
		{"quý", Parts{"qu", "y", Sac}},
		{"quyết", Parts{"qu", "yêt", Sac}},
		{"khuỷu", Parts{"kh", "uyu", Hoi}},
		{"hoà", Parts{"h", "oa", Huyen}},
		{"hòa", Parts{"h", "oa", Huyen}},
		{"ưỡn", Parts{"", "ươn", Nga}},
		{"độc", Parts{"đ", "ôc", Nang}},
		{"yêu", Parts{"", "yêu", Ngang}},
	} {
		if got, ok := Parse(tt.in); !ok || got != tt.want {
			t.Errorf("Parse(%q) = %v, %v, want %v", tt.in, got, ok, tt.want)
		}
	}
	for _, in := range []string{
		"", "t6", "chirc", "viec", "nghà", "kông", "bók̀", "hoàá", "cac", "f", "đàt", "quư", "world", "tôt",
	} {
		if p, ok := Parse(in); ok {
			t.Errorf("Parse(%q) = %v, want none", in, p)
		}
	}
}

func TestPlaceTone(t *testing.T) {
	for _, tt := range []struct{ old, new string }{
		{"hòa", "hoà"},
		{"Thủy, KHỎE.", "Thuỷ, KHOẺ."},
		{"quý", "quý"},   // the u is part of the onset
		{"hoàn", "hoàn"}, // closed: one place only
		{"thuyền", "thuyền"},
		{"tùy ý và tòa án", "tuỳ ý và toà án"},
	} {
		if got := PlaceTone(tt.new, Old); got != tt.old {
			t.Errorf("PlaceTone(%q, Old) = %q, want %q", tt.new, got, tt.old)
		}
		if got := PlaceTone(tt.old, New); got != tt.new {
			t.Errorf("PlaceTone(%q, New) = %q, want %q", tt.old, got, tt.new)
		}
	}
	if old, new := CountStyles("hòa bình, thuỷ lợi, TÒA"); old != 2 || new != 1 {
		t.Errorf("CountStyles = %d, %d, want 2, 1", old, new)
	}
}

func TestCase(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Case
	}{{"việt", Lower}, {"Việt", Title}, {"Đ", Title}, {"VIỆT", Upper}, {"VIệt", Mixed}, {"12", Lower}} {
		if got := CaseOf(tt.in); got != tt.want {
			t.Errorf("CaseOf(%q) = %v, want %v", tt.in, got, tt.want)
		}
		if tt.want != Mixed {
			if got := tt.want.Apply(strings.ToLower(tt.in)); got != tt.in {
				t.Errorf("%v.Apply(%q) = %q", tt.want, strings.ToLower(tt.in), got)
			}
		}
	}
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// Stripping leaves nothing to strip, keeps the number of runes of NFC text, and
// moving tones to and fro gives the text back in one style.
func FuzzOrthography(f *testing.F) {
	for _, s := range []string{"Độc lập - Tự do", "hoà thủy quý", "Tie\u0302\u0301ng", "\xff", "oà\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		s = norm.NFC.String(s)
		stripped := Strip(s)
		if Strip(stripped) != stripped {
			t.Errorf("Strip is not idempotent on %+q", s)
		}
		if letters(stripped) != letters(s) {
			t.Errorf("Strip(%+q) changes the number of letters", s)
		}
		old := PlaceTone(s, Old)
		if PlaceTone(PlaceTone(old, New), Old) != old {
			t.Errorf("PlaceTone is not stable on %+q", s)
		}
	})
}
