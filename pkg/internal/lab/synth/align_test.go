package synth

import (
	"slices"
	"strings"
	"testing"
)

func TestAlignLines(t *testing.T) {
	for _, tt := range []struct {
		name       string
		gold, read []string
		want       []Pair
	}{
		{"line by line",
			[]string{"Kính gửi: Sở Nội vụ", "Ngày 12 tháng 3"},
			[]string{"Kinh gtri: S& N6i vu", "", "Ngay 12 thang 3"},
			[]Pair{{"Kính gửi: Sở Nội vụ", "Kinh gtri: S& N6i vu"}, {"Ngày 12 tháng 3", "Ngay 12 thang 3"}}},
		{"the reader ran two lines together: the truth's break is kept",
			[]string{"ỦY BAN NHÂN DÂN", "TỈNH BÌNH SƠN"},
			[]string{"UY BAN NHAN DAN TINH BINH SON"},
			[]Pair{{"ỦY BAN NHÂN DÂN", "UY BAN NHAN DAN"}, {"TỈNH BÌNH SƠN", "TINH BINH SON"}}},
		{"the reader broke a line",
			[]string{"Số: 12/UBND-VX Bình Sơn, ngày 5"},
			[]string{"SO: 12/UBND-VX", "Binh Son, ngay 5"},
			[]Pair{{"Số: 12/UBND-VX Bình Sơn, ngày 5", "SO: 12/UBND-VX Binh Son, ngay 5"}}},
		{"a line of dirt in the reading, a line of truth that was lost",
			[]string{"Căn cứ Luật Tổ chức", "chính quyền địa phương", "đã được thông qua"},
			[]string{"Can ctr Luat T6 chirc", "~ | .,- =", "da duge thong qua"},
			[]Pair{{"Căn cứ Luật Tổ chức", "Can ctr Luat T6 chirc"}, {"đã được thông qua", "da duge thong qua"}}},
		{"nothing in common",
			[]string{"Nơi nhận: như trên"}, []string{"||| 0/ xx zz qq ]]"}, nil},
		{"nothing at all", nil, nil, nil},
	} {
		if got := AlignLines(tt.gold, tt.read); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %+q, want %+q", tt.name, got, tt.want)
		}
	}
}

// Words are never torn apart between two pairs.
func FuzzAlignLines(f *testing.F) {
	f.Add("một hai\nba bốn", "m6t hai ba\nb6n")
	f.Add("\n\n", "a")
	f.Fuzz(func(t *testing.T, gold, read string) {
		if len(gold)+len(read) > 2000 {
			t.Skip()
		}
		words := map[string]bool{}
		for _, l := range cleanLines(strings.Split(gold, "\n")) {
			for _, w := range strings.Fields(l) {
				words[w] = true
			}
		}
		for _, p := range AlignLines(strings.Split(gold, "\n"), strings.Split(read, "\n")) {
			for _, w := range strings.Fields(p.Gold) {
				if !words[w] {
					t.Errorf("pair %+q holds %+q, which the truth does not", p, w)
				}
			}
		}
	})
}
