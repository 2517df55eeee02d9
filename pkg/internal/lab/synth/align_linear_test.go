package synth

import (
	"strings"
	"testing"
)

// Divided or whole, the path is as cheap.
func TestAlignWithin(t *testing.T) {
	g := joinLines([]string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 12/QĐ-UBND"})
	r := joinLines([]string{"CONG HOA XA H0I CHU NGHlA VIET NAM Doc lap - Tu do", "- Hanh phic", "", "S6: 12/QD-UBND |"})
	price := func(path []step) (sum int32) {
		at := step{}
		for _, s := range path {
			switch {
			case s.g < 0:
				sum += gap(r.text[s.r])
			case s.r < 0:
				sum += gap(g.text[s.g])
			default:
				sum += substitution(g.text[s.g], r.text[s.r], g.base[s.g], r.base[s.r])
			}
			if s.g >= 0 && s.g != at.g || s.r >= 0 && s.r != at.r {
				t.Fatalf("step %v after %v", s, at)
			}
			if s.g >= 0 {
				at.g++
			}
			if s.r >= 0 {
				at.r++
			}
		}
		return sum
	}
	want := price(alignWhole(g, r))
	for _, most := range []int{1, 50, 400, 2000} {
		if got := price(alignWithin(g, r, most)); got != want {
			t.Errorf("in parts of %d cells the path costs %d, as a whole %d", most, got, want)
		}
	}
}

// Memory grows with the text, not with its square.
func TestAlignMemory(t *testing.T) {
	bytes := func(n int) int64 {
		g := joinLines([]string{strings.Repeat("Căn cứ Luật ", n)})
		r := joinLines([]string{strings.Repeat("Can ctr Luat ", n)})
		return testing.Benchmark(func(b *testing.B) {
			for range b.N {
				alignWithin(g, r, 1<<12)
			}
		}).AllocedBytesPerOp()
	}
	if one, two := bytes(20), bytes(80); two > 8*one {
		t.Errorf("%d bytes for a text, %d for one of four times its length", one, two)
	}
}
