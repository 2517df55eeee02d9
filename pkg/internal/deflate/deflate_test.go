package deflate

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func plain(data []byte) int {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	z.Write(data)
	z.Close()
	return b.Len()
}

// page is like the text layer of a page of official text.
func page(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("ủy ban nhân dân tỉnh về việc thực hiện kế hoạch năm học quy định tại khoản điều của thông tư " +
		"sở giáo dục và đào tạo đề nghị các đơn vị báo cáo kết quả trước ngày tháng hồ sơ công chức viên chức")
	var b bytes.Buffer
	for b.Len() < 2600 {
		b.WriteString("0 -28 Td(")
		for range 11 {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		b.WriteString(")Tj\n")
	}
	return b.Bytes()
}

// What is packed is unpacked again, and is smaller than what the standard library
// makes of it.
func TestZlib(t *testing.T) {
	data := page(1)
	packed := Zlib(data)
	if !bytes.Equal(unpack(t, packed), data) {
		t.Fatal("unpacks to something else")
	}
	if got, most := len(packed), plain(data)*98/100; got > most {
		t.Errorf("%d bytes, want %d at most", got, most)
	}
}

// Lengths and distances have the symbols of the tables of RFC 1951, 3.2.5.
func TestSymbols(t *testing.T) {
	for _, c := range []struct{ length, symbol, extra, more int }{
		{3, 257, 0, 0}, {10, 264, 0, 0}, {11, 265, 1, 0}, {12, 265, 1, 1}, {18, 268, 1, 1}, {19, 269, 2, 0},
		{66, 276, 3, 7}, {130, 280, 4, 15}, {131, 281, 5, 0}, {257, 284, 5, 30}, {258, 285, 0, 0},
	} {
		if s, e, m := lengthSymbol(c.length); s != c.symbol || e != c.extra || m != c.more {
			t.Errorf("length %d: %d %d %d, want %d %d %d", c.length, s, e, m, c.symbol, c.extra, c.more)
		}
	}
	for _, c := range []struct{ distance, symbol, extra, more int }{
		{1, 0, 0, 0}, {4, 3, 0, 0}, {5, 4, 1, 0}, {7, 5, 1, 0}, {9, 6, 2, 0}, {32768, 29, 13, 8191}, {24577, 29, 13, 0},
	} {
		if s, e, m := distanceSymbol(c.distance); s != c.symbol || e != c.extra || m != c.more {
			t.Errorf("distance %d: %d %d %d, want %d %d %d", c.distance, s, e, m, c.symbol, c.extra, c.more)
		}
	}
}

// No code is longer than allowed, however unlike the counts are.
func TestHuffmanLimit(t *testing.T) {
	counts := make([]int, 30)
	for i := range counts {
		counts[i] = 1 << min(i, 40)
	}
	for _, limit := range []int{7, 15} {
		room := 0
		for _, n := range huffman(counts, limit) {
			if n < 1 || n > limit {
				t.Fatalf("a code of %d bits", n)
			}
			room += 1 << (limit - n)
		}
		if room != 1<<limit {
			t.Errorf("codes fill %d of %d", room, 1<<limit)
		}
	}
}

func FuzzZlib(f *testing.F) {
	for _, s := range []string{"", "a", "aa", "abcabcabcabc", strings.Repeat("x", 1000)} {
		f.Add([]byte(s))
	}
	f.Add(page(2))
	f.Fuzz(func(t *testing.T, data []byte) {
		packed := Zlib(data)
		if !bytes.Equal(unpack(t, packed), data) {
			t.Error("unpacks to something else")
		}
		if n := plain(data); len(packed) > n {
			t.Errorf("%d bytes, where %d would do", len(packed), n)
		}
	})
}

func BenchmarkZlib(b *testing.B) {
	data := page(3)
	for b.Loop() {
		Zlib(data)
	}
}
