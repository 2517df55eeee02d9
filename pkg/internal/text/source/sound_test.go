package source

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// What layers of letters hold: heads in capitals, a few lines, tables, lists.
const layerBody = `Thực hiện Kế hoạch số 45 ngày 12 tháng 3 của Sở Nội vụ, Ủy ban nhân dân huyện Bình Sơn yêu cầu
thủ trưởng các đơn vị trực thuộc nghiên cứu, đóng góp ý kiến bằng văn bản cho dự thảo quy chế làm việc
và gửi về Văn phòng trước ngày 30 để tổng hợp, báo cáo Thường trực Hội đồng nhân dân.
Nếu quá thời hạn nói trên mà không có ý kiến thì xem như thống nhất với nội dung dự thảo đã gửi kèm.
`
const layerHead = `ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH
SỞ GIAO THÔNG VẬN TẢI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/QĐ-SGTVT
`
const layerShort = `Kính gửi: Phòng Tài chính huyện Hoài Ân.
Đề nghị quý phòng cử người dự họp.
`
const layerTable = `1 Nguyễn Thị Hường 12/03/1987 Kế toán trưởng 5.400.000
2 Trần Văn Đức 01/11/1990 Chuyên viên 4.200.000
3 Lê Quốc Việt 23/07/1979 Phó trưởng phòng 6.150.000
4 Phạm Thị Mỹ Dung 09/02/1985 Văn thư 3.980.000
`
const layerList = `Nơi nhận:
- Như trên;
- Thường trực Tỉnh ủy (b/c);
- Lãnh đạo Sở;
- Lưu: VT, KTTH.
`

func latin1(name string) func(string) string { // bytes as latin-1
	return func(s string) string {
		e, _, _ := legacy.Lookup(name)
		raw, _ := encoding.ReplaceUnsupported(e.NewEncoder()).String(s)
		var b strings.Builder
		for i := 0; i < len(raw); i++ {
			b.WriteRune(rune(raw[i]))
		}
		return b.String()
	}
}
func lossyAs(to string, is func(rune) bool) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if is(r) {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}
}
func marked(r rune) bool { return r > 0x7f && unicode.IsLetter(r) }
func shift(n rune, all bool) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || all && r > ' ' {
				return r + n
			}
			return r
		}, s)
	}
}
func partly(f func(string) string, every int) func(string) string { // every n-th line spoiled
	return func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		for i := range lines {
			if i%every == every-1 {
				lines[i] = f(lines[i])
			}
		}
		return strings.Join(lines, "")
	}
}
func spacedAll(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		if unicode.IsLetter(r) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
func spacedMarks(s string) string {
	var b strings.Builder
	for _, r := range s {
		if marked(r) {
			b.WriteString(" " + string(r) + " ")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
func spacedAfter(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		if onlyVietnamese(r) {
			b.WriteString(" ")
		}
	}
	return b.String()
}
func parted(sep string) func(string) string { // marks parted from letters
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			d := norm.NFD.String(string(r))
			for i, q := range []rune(d) {
				if i > 0 {
					b.WriteString(sep)
				}
				b.WriteRune(q)
			}
		}
		return b.String()
	}
}

var spacing = strings.NewReplacer("\u0301", "´", "\u0300", "`", "\u0309", "?", "\u0303", "~", "\u0323", ".", "\u0302", "^", "\u0306", "˘", "\u031b", "'")

func mute(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) && viet.IsVowel(r) {
			return -1
		}
		return r
	}, s)
}

// layers are what fonts and programs make of the text of a page.
var layers = []struct {
	name  string
	f     func(string) string
	sound bool
}{
	{"right", func(s string) string { return s }, true},
	{"nfd", func(s string) string { return norm.NFD.String(s) }, true},
	{"tcvn3", stored("tcvn3"), false}, {"tcvn3 latin1", latin1("tcvn3"), false},
	{"vni", stored("vni"), false}, {"vni latin1", latin1("vni"), false},
	{"viscii latin1", latin1("viscii"), false}, {"viscii", stored("viscii"), false},
	{"utf8 twice", stored("utf-8"), false}, {"utf8 latin1", latin1("utf-8"), false},
	{"cp1258", stored("cp1258"), false},
	{"fffd only", lossyAs("\uFFFD", onlyVietnamese), false}, {"fffd all", lossyAs("\uFFFD", marked), false},
	{"qm", lossyAs("?", onlyVietnamese), false}, {"pua", lossyAs("\uE123", onlyVietnamese), false}, {"box", lossyAs("□", marked), false}, {"dot", lossyAs("·", marked), false},
	{"gone", lossyAs("", marked), false}, {"gone only", lossyAs("", onlyVietnamese), false}, {"space", lossyAs(" ", marked), false}, {"underscore", lossyAs("_", marked), false},
	{"control", lossyAs("\x01", marked), false},
	{"shift1", shift(1, false), false}, {"shift-1", shift(-1, false), false}, {"shift all 29", shift(-29, true), false}, {"shift all 3", shift(3, true), false}, {"pua all", func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' {
				return 0xF000 + r&0xff
			}
			return r
		}, s)
	}, false},
	{"swapped", func(s string) string { return strings.Map(func(r rune) rune { return r>>8 | r&0xFF<<8 }, s) }, false},
	{"gha", func(s string) string { return strings.NewReplacer("ư", "ƣ", "Ư", "Ƣ").Replace(s) }, false},
	{"spaced all", spacedAll, false}, {"spaced marks", spacedMarks, false}, {"spaced after", spacedAfter, false},
	{"parted space", parted(" "), false}, {"parted newline", parted("\n"), false}, {"spacing marks", func(s string) string { return spacing.Replace(norm.NFD.String(s)) }, false},
	{"marks first", func(s string) string {
		var b strings.Builder
		for _, r := range s {
			d := []rune(norm.NFD.String(string(r)))
			for i := len(d) - 1; i >= 0; i-- {
				b.WriteRune(d[i])
			}
		}
		return b.String()
	}, false},
	{"glued", func(s string) string { return strings.ReplaceAll(s, " ", "") }, false},
	{"glued pairs", func(s string) string {
		n := 0
		return strings.Map(func(r rune) rune {
			if r == ' ' {
				n++
				if n%2 == 0 {
					return -1
				}
			}
			return r
		}, s)
	}, false},
	{"reversed", func(s string) string {
		var out []string
		for _, l := range strings.Split(s, "\n") {
			r := []rune(l)
			for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
				r[i], r[j] = r[j], r[i]
			}
			out = append(out, string(r))
		}
		return strings.Join(out, "\n")
	}, false},
	{"cyrillic", func(s string) string {
		return strings.NewReplacer("a", "а", "o", "о", "c", "с", "e", "е").Replace(s)
	}, false},
	{"toneless", func(s string) string { return strings.Map(func(r rune) rune { l, _ := viet.Split(r); return l }, s) }, false},
	{"stripped", viet.Strip, false},
	{"no vowels", mute, false},
	{"numbers for letters", func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return '0' + r%10
			}
			return r
		}, s)
	}, false},
}

// A layer that is not what the page shows is not sound, however little of it there is;
// names are those of the texts that are too short to tell.
func TestSoundLayers(t *testing.T) {
	j := judge(t)
	texts := map[string]string{"body": layerBody, "head": layerHead, "short": layerShort, "table": layerTable, "list": layerList,
		"all": layerHead + layerShort + layerBody + layerList, "capitals": strings.ToUpper(layerBody)}
	tooLittle := map[string]string{
		"gone only": "short head", "shift all 29": "capitals", "gha": "head", "marks first": "short list", "cyrillic": "capitals", "stripped": "short",
	}
	for _, w := range layers {
		for name, text := range texts {
			if strings.Contains(tooLittle[w.name], name) {
				continue
			}
			s := w.f(text)
			if got := j.Sound(s); got != w.sound {
				t.Errorf("%s, %s: sound %t: %q", w.name, name, got, s)
			}
		}
		// Every other line of a page in such a font.
		if s := partly(w.f, 2)(texts["all"] + layerTable); !w.sound && !strings.Contains("shift-1 shift all 29 marks first numbers for letters", w.name) && j.Sound(s) {
			t.Errorf("%s, every other line: sound: %q", w.name, s)
		}
	}
}

// Right text with what looks like damage is sound.
func TestSoundAllTheSame(t *testing.T) {
	j := judge(t)
	for _, s := range []string{
		"Không mưa. Nhiệt độ thấp nhất 10 độ C, cao nhất 17 độ C.\nCó mưa. Nhiệt độ thấp nhất 9 độ C, cao nhất 20 độ C.\n",
		"a) Diện tích 12 m² x 3 ha;\nb) Chiều dài 5 m, rộng 3 m ± 2 cm;\nc) Khối lượng 20 kg.\n",
		"STT Họ và tên N M K\n1 Nguyễn Văn An x x\n2 Trần Thị Bình x x x\n3 Lê Quốc Việt x\n",
		"TTg, CP, BTNMT, TT-HĐND, UBND, VPCP, HĐND, TTXVN, KBNN, BHXH các cấp và đơn vị trực thuộc\n",
		"Le Gouvernement général de l'Indochine française a décidé d'appliquer l'arrêté du 12 mars à toutes les provinces.\n",
		"Smlouva byla podepsána v Praze; krk, prst, vlk a smrt jsou slova bez samohlásek, která čeština zná a běžně používá.\n",
		"Đề nghị các xã Krông Pắc, M'Drắk, Ea H'leo, Y Thịnh và H'Hen Niê báo cáo trước ngày 5/4.\n",
	} {
		if !j.Sound(s) {
			t.Errorf("not sound: %q", s)
		}
	}
}
