package channel

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestAlignWords(t *testing.T) {
	for _, tt := range []struct {
		truth, read string
		want        []Pair
	}{
		{"", "", nil},
		{"Kính gửi", "Kinh gti", []Pair{{"Kính", "Kinh"}, {"gửi", "gti"}}},
		// A space lost, and one added.
		{"tỉnh thành phố lớn", "tinh thanhpho lon", []Pair{{"tỉnh", "tinh"}, {"thành phố", "thanhpho"}, {"lớn", "lon"}}},
		{"tỉnh thành phố lớn", "tinh tha nh pho lon", []Pair{{"tỉnh", "tinh"}, {"thành", "tha nh"}, {"phố", "pho"}, {"lớn", "lon"}}},
		// Words that only one side has are no pairs.
		{"căn cứ Luật", "can cu ZZ|||| Luat", []Pair{{"căn", "can"}, {"cứ", "cu"}, {"Luật", "Luat"}}},
		// Marks that both sides have are left out, those of the garble stay.
		{"“Đọc sách”;", `"Doc sach";`, []Pair{{"Đọc", "Doc"}, {"sách", "sach"}}},
		{"lần thứ ba", "lan tht? ba", []Pair{{"lần", "lan"}, {"thứ", "tht?"}, {"ba", "ba"}}},
		// Not a reading of this text at all.
		{"một hai ba", "xyzw qqqqqqqq jkl", nil},
	} {
		if got := alignWords(tt.truth, tt.read); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("alignWords(%q, %q)\n got %q\nwant %q", tt.truth, tt.read, got, tt.want)
		}
	}
}

// A page that lost a column still yields pairs that are right: the alignment
// leaves its band or skips, but pairs no strangers.
func TestAlignWordsLostColumn(t *testing.T) {
	truth := strings.Repeat("sở văn hóa thông tin tỉnh bình sơn ", 40)
	read := strings.Repeat("so van hoa thong tin tinh binh son ", 20)
	for _, p := range alignWords(truth, read) {
		if d := distance(skeletons([]string{p.Word})[0], skeletons([]string{p.Read})[0]); d > 0 && !strings.Contains(p.Word, " ") {
			t.Errorf("%q paired with %q", p.Word, p.Read)
		}
	}
}

// A page whose reading lost a paragraph still teaches all that is left of it.
func TestAlignWordsLostParagraph(t *testing.T) {
	paragraph := func(from, words int) (truth, read string) {
		for i := range words {
			w := fmt.Sprintf("lớp%03d ", from+i)
			truth, read = truth+w, read+strings.Replace(w, "ớ", "o", 1)
		}
		return truth, read
	}
	before, readBefore := paragraph(0, 60)
	lost, _ := paragraph(60, 60)
	after, readAfter := paragraph(120, 60)
	got := alignWords(before+lost+after, readBefore+readAfter)
	if len(got) != 120 {
		t.Fatalf("%d pairs, want 120", len(got))
	}
	for _, p := range got {
		if want := strings.Replace(p.Word, "ớ", "o", 1); p.Read != want {
			t.Errorf("%q paired with %q", p.Word, p.Read)
		}
	}
}

// Memory grows with the words, not with their square.
func TestAlignWordsMemory(t *testing.T) {
	bytes := func(n int) uint64 {
		truth, read := strings.Repeat("căn cứ luật ", n), strings.Repeat("can ctr luat ", n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		alignWords(truth, read)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if one, two := bytes(300), bytes(600); two > 3*one {
		t.Errorf("%d bytes for a text, %d for twice that", one, two)
	}
}

func TestTrim(t *testing.T) {
	for _, tt := range []struct{ word, read, want, wantRead string }{
		{"thứ", "tht?", "thứ", "tht?"},    // the mark may be a trace of the letter
		{"thứ,", "tht?,", "thứ", "tht?"},  // as many marks as the word has
		{"thứ,", "thtr", "thứ", "thtr"},   // the mark was lost
		{"(Sở", "(Sé", "Sở", "Sé"},        // in front
		{"(Sở)", "Sé", "Sở", "Sé"},        // both lost
		{"ngày", "ngay.", "ngày", "ngay"}, // full stops are dirt
		{"./.", "./.", "", ""},            // no word
		{"18.750.000", "18.750.000", "18.750.000", "18.750.000"},
		{"đ)", "d)", "đ", "d"},
		{"a)", ")", "a", ""},
	} {
		if got := trim(tt.word, tt.read); got.Word != tt.want || got.Read != tt.wantRead {
			t.Errorf("trim(%q, %q) = %q, want %q %q", tt.word, tt.read, got, tt.want, tt.wantRead)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float32
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"abc", "abd", 1.0 / 3},
		{"abc", "", 1},
		{"kitten", "sitting", 3.0 / 7},
		{strings.Repeat("a", 41), "a", 1}, // too long to look at
	} {
		if got := distance([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("distance(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// Aligning any two texts ends, and its pairs are made of their words.
func FuzzAlignWords(f *testing.F) {
	f.Add("Kính gửi: Ủy ban", "Kinh gti: Uy ban")
	f.Add("a b c d", "abcd")
	f.Add("", "x")
	f.Add("\xff ngày", "ngay \xff")
	f.Fuzz(func(t *testing.T, truth, read string) {
		if len(truth)+len(read) > 400 {
			return
		}
		for _, p := range alignWords(truth, read) {
			if p.Word == "" || p.Read == "" {
				t.Errorf("empty side: %q", p)
			}
			for _, w := range strings.Fields(p.Word) {
				if !strings.Contains(truth, w) {
					t.Errorf("%q is not in the text", w)
				}
			}
		}
	})
}
