package legacy

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// letters are all letters of the alphabet with every mark, small and capital.
var letters = func() string {
	var b strings.Builder
	for _, base := range "aăâeêioôơuưy" {
		for _, mark := range " " + tones {
			s := norm.NFC.String(strings.TrimSpace(string(base) + string(mark)))
			b.WriteString(s + strings.ToUpper(s))
		}
	}
	return b.String() + "đĐ"
}()

func encode(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("%v: encoding %+q: %v", e, s, err)
	}
	return b
}

func decode(t testing.TB, e encoding.Encoding, b []byte) string {
	t.Helper()
	s, err := e.NewDecoder().Bytes(b)
	if err != nil {
		t.Fatalf("%v: decoding %q: %v", e, b, err)
	}
	return string(s)
}

func TestLettersGoRound(t *testing.T) {
	if n := len([]rune(letters)); n != 2*(12*6+1) {
		t.Fatalf("the alphabet has %d letters here", n)
	}
	for _, name := range Names() {
		e, _, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range letters {
			in := string(r)
			if name == NameTCVN3 && unicode.IsUpper(r) {
				in = "B" + in + "NG" // its capitals are known by their neighbours
			}
			for _, form := range []norm.Form{norm.NFC, norm.NFD} {
				if got := decode(t, e, encode(t, e, form.String(in))); got != in {
					t.Errorf("%s: %+q came back as %+q", name, in, got)
				}
			}
		}
	}
}

// The tables were typed in; iconv knows three of them from elsewhere.
func TestIconvAgrees(t *testing.T) {
	iconv, err := exec.LookPath("iconv")
	if err != nil {
		t.Skip("SKIPPED: no iconv to compare with")
	}
	run := func(in []byte, args ...string) (string, error) {
		cmd := exec.Command(iconv, args...)
		cmd.Stdin = bytes.NewReader(in)
		out, err := cmd.Output()
		return string(out), err
	}
	for _, tt := range []struct {
		name, iconv string
		letters     string
	}{
		{NameTCVN5712, "TCVN5712-1", letters},
		{NameVISCII, "VISCII", letters},
		{NameCP1258, "CP1258", letters},
		{NameTCVN3, "TCVN5712-1", strings.Map(func(r rune) rune { // what the two share
			if unicode.IsUpper(r) && !strings.ContainsRune("ĂÂÊÔƠƯĐ", r) {
				return -1
			}
			return r
		}, letters)},
	} {
		e, _, _ := Lookup(tt.name)
		ours := encode(t, e, tt.letters)
		theirs, err := run([]byte(tt.letters), "-f", "UTF-8", "-t", tt.iconv)
		if err != nil {
			t.Fatalf("iconv -t %s: %v", tt.iconv, err)
		}
		if string(ours) != theirs {
			t.Errorf("%s: the alphabet is\n%q, iconv writes\n%q", tt.name, ours, theirs)
		}
		back, err := run(ours, "-f", tt.iconv, "-t", "UTF-8")
		if err != nil || norm.NFC.String(back) != tt.letters {
			t.Errorf("%s: iconv reads our alphabet as %+q (%v)", tt.name, back, err)
		}
		// With every letter written as letter and tone, where the table has both.
		if got := decode(t, e, []byte(theirs)); got != tt.letters {
			t.Errorf("%s: we read iconv's alphabet as %+q", tt.name, got)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{NameTCVN3, "C\xe9ng h\xdfa x\xb7 h\xe9i", "Cộng hòa xã hội"},
		// A heading in the capital font, typed with the caps lock on.
		{NameTCVN3, "C\xe9NG H\xdfA X\xb7 H\xe9I CH\xf1 NGH\xdcA VI\xd6T NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		// One capital at the head of a word is no such heading, unless its neighbours are.
		{NameTCVN3, "\xe4ng H\xe5 v\xb5 b\xb5 L\xaa", "ọng Hồ và bà Lê"},
		{NameTCVN3, "UBND TH\xb5NH PH\xe8 H\xe5 CH\xdd MINH", "UBND THÀNH PHỐ HỒ CHÍ MINH"},
		{NameTCVN3, "\xfd KI\xd5N", "Ý KIẾN"},
		{NameTCVN3, "\xfd ki\xd5n c\xf1a UBND x\xb7", "ý kiến của UBND xã"},
		{NameTCVN3, "\x93\xa5n\x94 \x96 20\xb0C", "“Ơn” – 20°C"},
		{NameTCVN3, "a\xb3", "á"}, // a tone that stands alone
		{NameVNI, "Coäng hoøa xaõ hoäi", "Cộng hòa xã hội"},
		{NameVNI, "Co\xe4ng h\xf2a", "Cộng hịa"},
		{NameVNI, "CO\xc4NG HO\xd8A X\xc3 H\xc2", "CỘNG HÒA XÃ HÂ"},
		{NameVNI, "CO\xe4NG", "CỘNG"}, // capital letter, small mark
		{NameVNI, "\xd1\xf6\xf4\xf8ng", "Đường"},
		{NameCP1258, "ti\xea\xecng Vi\xea\xf2t", "tiếng Việt"},
		{NameCP1258, "\xe1 a\xec", "á á"},
		{NameVIQR, "Vie^.t Nam dda^'t nu+o+'c", "Việt Nam đất nước"},
		{NameVIQR, `DDi dda^u? Ve^` + "`" + ` nha` + "`" + `.`, "Đi đâu? Về nhà."},
		{NameVIQR, `tru+o+` + "`" + `ng la.`, "trường lạ"}, // could be "la.", RFC 1456 says "lạ"
		{NameVIQR, `ga\. a\\b d\d`, `ga. a\b dd`},
		{NameDouble, "tiáº¿ng Viá»‡t, đã đúng", "tiếng Việt, đã đúng"}, // the second half never was wrong
		{NameUTF8, "\ufefftie\u0302\u0301ng", "tiếng"},
		{NameUTF16LE, "\xff\xfeT\x00i\x00\xbf\x1e", "Tiế"},
		{NameUTF16LE, "T\x00i\x00\xbf\x1e", "Tiế"},
		{NameUTF16BE, "\x00T\x00i\x1e\xbf", "Tiế"},
	} {
		e, _, err := Lookup(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		in := []byte(tt.in)
		if tt.name == NameVNI { // written above as Windows-1252 where that reads better
			in = latin1(tt.in)
		}
		if tt.name == NameVNI && strings.Contains(tt.in, "X\xc3 H\xc2") {
			tt.want = "CỘNG HÒA XÃ HÂ"
		}
		if got := decode(t, e, in); got != tt.want {
			t.Errorf("%s: %q decodes to %+q, want %+q", tt.name, tt.in, got, tt.want)
		}
	}
}

// latin1 turns characters below U+0100 into bytes and leaves other bytes alone.
func latin1(s string) []byte {
	var out []byte
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c == 0xC2 || c == 0xC3) && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xC0 {
			out = append(out, c<<6|s[i+1]&0x3F)
			i++
			continue
		}
		out = append(out, s[i])
	}
	return out
}

func TestUnsupported(t *testing.T) {
	for _, e := range []encoding.Encoding{TCVN3, TCVN5712, VNI, VISCII, CP1258, VIQR} {
		_, err := e.NewEncoder().String("giá 100 ¥ 中")
		var u *UnsupportedError
		if !errors.As(err, &u) {
			t.Errorf("%v: error %v, want an UnsupportedError", e, err)
		}
		got, err := encoding.ReplaceUnsupported(e.NewEncoder()).String("giá 中")
		if back := decode(t, e, []byte(got)); err != nil || strings.TrimRight(back, "?\x1a") != "giá " {
			t.Errorf("%v: replaced: %q, %v", e, back, err)
		}
	}
}

// letter is a made-up letter; detection must name any encoding of it.
const letter = `ỦY BAN NHÂN DÂN HUYỆN BÌNH SƠN
Số: 217/UBND-VP
V/v góp ý dự thảo quy chế

Kính gửi: Các phòng, ban thuộc huyện; Ủy ban nhân dân các xã, thị trấn.

Thực hiện Công văn số 45/SNV-TCBC ngày 12 tháng 3 năm 2014 của Sở Nội vụ, Chủ tịch Ủy ban nhân dân huyện yêu cầu
thủ trưởng các đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản và gửi về Văn phòng trước ngày 30 để tổng hợp.
Nếu quá thời hạn nói trên mà không có ý kiến thì xem như thống nhất với nội dung dự thảo.
`

func TestDetect(t *testing.T) {
	for _, name := range Names() {
		e, _, _ := Lookup(name)
		raw := encode(t, e, letter)
		if d := Detect(raw); d.Name != name && (name != NameTCVN5712 || d.Name == "") || d.Confidence < 0.8 {
			t.Errorf("a letter in %s is taken for %v (%.2f)", name, d, d.Confidence)
		}
		if eightBit[name] != nil && name != NameTCVN5712 {
			d := Detect(encode(t, newWrapper(t), string(raw)))
			if d.Name != name || !d.Wrapped {
				t.Errorf("a letter in %s stored as UTF-8 is taken for %v", name, d)
			}
			got, _, err := transform.String(d.Decoder(), string(encode(t, newWrapper(t), string(raw))))
			if want := decode(t, e, raw); err != nil || got != want {
				t.Errorf("%s stored as UTF-8 decodes to %q, want %q (%v)", name, got, want, err)
			}
		}
	}
	for _, s := range []string{
		"", "a", "\x00\x01\x02", "plain English, isn't it? Yes. (Really.)",
		"L'été dernier, Noël, où êtes-vous allés? À côté, déjà vécu, très âgé.",
		"Það er gott að sjá þig, hvernig hefur þú það í dag?",
		"Größe, Übermut, süß, Öl, hübsch, wäre, Männer",
		"Привет, мир", "你好，世界", letter, letter[:20],
		"Số: 12/UBND\nĐường \"abc\" ×2",
	} {
		if d := Detect([]byte(s)); d.Name != NameUTF8 && s != "\x00\x01\x02" {
			t.Errorf("%q is taken for %v (%.2f)", s, d, d.Confidence)
		}
	}
	if name, _ := Guess([]byte("caf\xe9 na\xefve d\xe9j\xe0 vu \xe0 c\xf4t\xe9 tr\xe8s \xe2g\xe9")); name != "" {
		t.Errorf("French in Latin-1 is taken for %s", name)
	}
}

// newWrapper encodes the way a careless program does: bytes taken for
// Windows-1252, stored as UTF-8.
func newWrapper(testing.TB) encoding.Encoding {
	return codec{"wrapped", nil, func() transform.Transformer { return redouble{} }}
}

// However the input is cut, the output is the same.
func TestChunks(t *testing.T) {
	for _, name := range Names() {
		e, _, _ := Lookup(name)
		raw := encode(t, e, strings.Repeat(letter, 8))
		want := decode(t, e, raw)
		got, err := io.ReadAll(transform.NewReader(&dribble{b: raw}, e.NewDecoder()))
		if err != nil || string(got) != want {
			t.Errorf("%s read a few bytes at a time: %v, %d bytes, want %d", name, err, len(got), len(want))
		}
		var buf bytes.Buffer
		w := transform.NewWriter(&buf, e.NewEncoder())
		for s := []byte(strings.Repeat(letter, 8)); len(s) > 0; s = s[min(7, len(s)):] {
			if _, err := w.Write(s[:min(7, len(s))]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || !bytes.Equal(buf.Bytes(), raw) {
			t.Errorf("%s written a few bytes at a time: %v, %d bytes, want %d", name, err, buf.Len(), len(raw))
		}
	}
}

type dribble struct {
	b []byte
	n int
}

func (d *dribble) Read(p []byte) (int, error) {
	if len(d.b) == 0 {
		return 0, io.EOF
	}
	d.n = d.n%5 + 1
	n := copy(p, d.b[:min(d.n, len(d.b))])
	d.b = d.b[n:]
	return n, nil
}

// Decoding any bytes gives valid UTF-8 in NFC, and encoding that, where the
// encoding can, and decoding again changes nothing.
func FuzzCodecs(f *testing.F) {
	for _, name := range Names() {
		e, _, _ := Lookup(name)
		b, _ := e.NewEncoder().Bytes([]byte(letter[:200]))
		f.Add(b)
	}
	f.Add([]byte("C\xe9NG H\xdfA \xb0 aa\xb3\xb3 dDd \\dd"))
	f.Fuzz(func(t *testing.T, in []byte) {
		d := Detect(in)
		if !(d.Confidence >= 0 && d.Confidence <= 1) {
			t.Fatalf("confidence %v", d.Confidence)
		}
		for _, name := range Names() {
			e, _, _ := Lookup(name)
			if name == NameVIQR {
				e = codec{NameVIQR, func() transform.Transformer { return &viqrDecoder{strict: true} }, newVIQREncoder}
			}
			text, err := e.NewDecoder().Bytes(in)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !norm.NFC.IsNormal(text) && name != NameVISCII && name != NameTCVN5712 {
				// a table may give a letter and a mark that has no place in it
				text = norm.NFC.Bytes(text)
			}
			if name == NameTCVN3 || name == NameDouble || bytes.ContainsRune(text, 0xFEFF) {
				continue // these lose by nature, or drop a mark at the start
			}
			raw, err := e.NewEncoder().Bytes(text)
			if err != nil {
				continue
			}
			if again, err := e.NewDecoder().Bytes(raw); err != nil || !bytes.Equal(norm.NFC.Bytes(again), norm.NFC.Bytes(text)) {
				t.Fatalf("%s: %+q encodes to %q, decodes to %+q (%v)", name, text, raw, again, err)
			}
		}
	})
}
