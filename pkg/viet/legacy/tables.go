package legacy

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// tones are the combining marks of huyền, hỏi, ngã, sắc, nặng.
const tones = "\u0300\u0309\u0303\u0301\u0323"

// compose returns the precomposed letter of a base and a combining mark.
func compose(base, mark rune) (rune, bool) {
	s := norm.NFC.String(string(base) + string(mark))
	r, n := utf8.DecodeRuneInString(s)
	return r, n == len(s)
}

// The tables are made when they are first asked for: few runs of a program need
// them.

// TCVN 5712:1993 (VN1), bytes in the order of the letters.
var tcvn5712Letters = []struct {
	from    byte
	letters string
}{
	{0x01, "ÚỤ"}, {0x04, "ỪỬỮ"}, {0x11, "ỨỰỲỶỸÝỴ"},
	{0x80, "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"},
	{0xA1, "ĂÂÊÔƠƯĐăâêôơưđẰ"}, {0xB5, "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"},
	{0xE0, "Ổỏõóọồổỗốộờởỡớợù"}, {0xF0, "Ỗủũúụừửữứựỳỷỹýỵ"}, {0xFF, "Ố"},
}

var tcvn5712 = sync.OnceValue(func() *table {
	t := newTable(NameTCVN5712, charmap.ISO8859_1)
	for _, run := range tcvn5712Letters {
		b := run.from
		for _, r := range run.letters {
			t.setOne(b, r)
			b++
		}
	}
	t.setTCVNMarks()
	return t.finish()
})

// tcvn3 is what the ABC fonts kept of it: no capital with a tone. The bytes in
// between are Windows-1252, as Word wrote its quotes and dashes.
var tcvn3 = sync.OnceValue(func() *table {
	t := newTable(NameTCVN3, charmap.Windows1252)
	for _, run := range tcvn5712Letters {
		b := run.from
		for _, r := range run.letters {
			if b >= 0xA1 && (unicode.IsLower(r) || b <= 0xA7) {
				t.setOne(b, r)
			}
			b++
		}
	}
	t.setTCVNMarks()
	t.finish()
	for r := range t.enc { // a capital with a tone is written small, see tcvn3.go
		if up := unicode.ToUpper(r); up != r && viet.IsMarked(r) {
			if _, ok := t.enc[up]; !ok {
				t.enc[up] = t.enc[r]
			}
		}
	}
	return t
})

// setTCVNMarks adds the five tones that stand alone and follow their letter.
func (t *table) setTCVNMarks() {
	for b := range 256 {
		if r := t.one[b]; viet.IsVowel(r) {
			for i, m := range []rune(tones) {
				if c, ok := compose(r, m); ok && c != r {
					t.setPair(byte(b), byte(0xB0+i), c)
				}
			}
		}
	}
}

// VISCII 1.1 (RFC 1456).
var viscii = sync.OnceValue(func() *table {
	t := newTable(NameVISCII, charmap.ISO8859_1)
	for b, r := range map[byte]rune{0x02: 'Ẳ', 0x05: 'Ẵ', 0x06: 'Ẫ', 0x14: 'Ỷ', 0x19: 'Ỹ', 0x1E: 'Ỵ'} {
		t.setOne(b, r)
	}
	b := byte(0x80)
	for _, r := range "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ" +
		"ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ" {
		t.setOne(b, r)
		b++
	}
	return t.finish()
})

// Windows code page 1258: letters with a quality mark or with a common tone,
// and five tones that follow their letter.
var cp1258 = sync.OnceValue(func() *table {
	t := newTable(NameCP1258, charmap.Windows1258)
	marks := map[byte]rune{0xCC: 0x300, 0xD2: 0x309, 0xDE: 0x303, 0xEC: 0x301, 0xF2: 0x323}
	for b := range 256 {
		if r := t.one[b]; unicode.IsLetter(r) {
			for m, c := range marks {
				if p, ok := compose(r, c); ok && p != r {
					t.setPair(byte(b), m, p)
				}
			}
		}
	}
	return t.finish()
})

// VNI for Windows: a letter, then a byte for all its marks. A capital takes the
// capital form of that byte; texts that mix the two are read as well. ơ, ư, đ, ỵ
// and i with its tones have bytes of their own.
var vni = sync.OnceValue(func() *table {
	t := newTable(NameVNI, charmap.Windows1252)
	for _, row := range []struct {
		base    byte
		letters string // one for each of marks, "." for none
	}{
		{'a', "áàảãạăắằẳẵặâấầẩẫậ"},
		{'e', "éèẻẽẹ......êếềểễệ"},
		{'o', "óòỏõọ......ôốồổỗộ"},
		{'u', "úùủũụ............"},
		{'y', "ýỳỷỹ............."},
		{0xF4, "ớờởỡợ............"}, // ơ
		{0xF6, "ứừửữự............"}, // ư
	} {
		const marks = "\xF9\xF8\xFB\xF5\xEF\xEA\xE9\xE8\xFA\xFC\xEB\xE2\xE1\xE0\xE5\xE3\xE4"
		i := 0
		for _, r := range row.letters {
			if lower := marks[i]; r != '.' {
				t.setPair(row.base, lower, r)
				t.setPair(row.base, lower-0x20, r)
				t.setPair(row.base-0x20, lower, unicode.ToUpper(r))
				t.setPair(row.base-0x20, lower-0x20, unicode.ToUpper(r))
			}
			i++
		}
	}
	for b, r := range map[byte]rune{0xF4: 'ơ', 0xF6: 'ư', 0xF1: 'đ', 0xEE: 'ỵ', 0xED: 'í', 0xEC: 'ì', 0xE6: 'ỉ', 0xF3: 'ĩ', 0xF2: 'ị'} {
		t.setOne(b, r)
		t.setOne(b-0x20, unicode.ToUpper(r))
	}
	return t.finish()
})
