package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// letter is the body of a made-up letter.
const letter = `Thực hiện Kế hoạch số 45 ngày 12 tháng 3 của Sở Nội vụ, Ủy ban nhân dân huyện Bình Sơn yêu cầu
thủ trưởng các đơn vị trực thuộc nghiên cứu, đóng góp ý kiến bằng văn bản cho dự thảo quy chế làm việc
và gửi về Văn phòng trước ngày 30 để tổng hợp, báo cáo Thường trực Hội đồng nhân dân.
Nếu quá thời hạn nói trên mà không có ý kiến thì xem như thống nhất với nội dung dự thảo đã gửi kèm.
`

// toneless takes the tones away and keeps the shapes of letters.
func toneless(s string) string {
	return strings.Map(func(r rune) rune { l, _ := viet.Split(r); return l }, s)
}

// shifted gives each letter the next in the alphabet, as a font without names does.
func shifted(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r + 1
		}
		return r
	}, s)
}

// lossy writes a sign for each letter that only Vietnamese has.
func lossy(sign rune) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if onlyVietnamese(r) {
				return sign
			}
			return r
		}, s)
	}
}

// spaced puts a space around each letter with a mark.
func spaced(s string) string {
	var b strings.Builder
	for _, r := range s {
		if viet.IsMarked(r) && viet.IsVowel(r) {
			b.WriteString(" " + string(r) + " ")
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "  ", " ")
}

// stored writes an old encoding and takes its bytes for Windows-1252.
func stored(name string) func(string) string {
	return func(s string) string {
		e, _, _ := legacy.Lookup(name)
		raw, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(s)
		if err != nil {
			panic(err)
		}
		out, _, err := transform.String(legacy.Double.NewEncoder(), raw)
		if err != nil {
			panic(err)
		}
		return out
	}
}

// utf16Swapped reads UTF-16 with the bytes in the wrong order.
func utf16Swapped(s string) string {
	return strings.Map(func(r rune) rune { return r>>8 | r&0xFF<<8 }, s)
}

// garbled imitates an English reader, which knows é and digits.
func garbled(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'é' {
			return r
		}
		return viet.StripRune(r)
	}, garbles.Replace(s))
}

var garbles = strings.NewReplacer("ư", "w", "ứ", "ir", "ổ", "6", "ố", "6", "ộ", "6", "ủ", "ti", "ế", "é", "ệ", "é", "đ", "d", "ạ", "a", "ớ", "d", "ợ", "g", "ề", "é")

func judge(t testing.TB) *Judge {
	data, err := os.ReadFile("../../../../models/vi.cvlm") // package models imports this one
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return New(m)
}

// ways are what happens to a text, and the state that it is in afterwards.
var ways = []struct {
	name  string
	spoil func(string) string
	want  State
	sound bool
}{
	{"right", func(s string) string { return s }, Clean, true},
	{"stripped", viet.Strip, Stripped, false},
	{"capitals", func(s string) string { return strings.ToUpper(viet.Strip(s)) }, Stripped, false},
	{"toneless", toneless, Toneless, false},
	{"an English reader", garbled, Garbled, false},
	{"U+FFFD", lossy('\uFFFD'), Broken, false},
	{"question marks", lossy('?'), Broken, false},
	{"private use", lossy('\uE123'), Broken, false},
	{"shifted", shifted, Broken, false},
	{"swapped", utf16Swapped, Broken, false},
	{"spaced", spaced, Spaced, false},
	{"glued", func(s string) string { return strings.ReplaceAll(s, " ", "") }, Clean, false},
	{"TCVN3", stored(legacy.NameTCVN3), Encoded, false},
	{"VNI", stored(legacy.NameVNI), Encoded, false},
	{"twice encoded", stored(legacy.NameUTF8), Encoded, false},
	{"gha", func(s string) string { return strings.NewReplacer("ư", "ƣ", "Ư", "Ƣ").Replace(s) }, Clean, false}, // its words are known all the same
	{"nothing", func(string) string { return "" }, Foreign, false},
	{"numbers", func(string) string { return "12 34 56\n78 90\n" }, Foreign, false},
}

func TestStates(t *testing.T) {
	j := judge(t)
	for _, w := range ways {
		in := w.spoil(letter)
		v := j.Text([]byte(in), nil)
		if v.State != w.want || v.Sound() != w.sound {
			t.Errorf("%s: %v, sound %v; want %v, %v: %.120q", w.name, v.State, v.Sound(), w.want, w.sound, in)
		}
	}
}

// Other languages are foreign and sound, with a language model and without.
func TestOtherLanguages(t *testing.T) {
	withModel, without := judge(t), New(nil)
	for _, in := range []string{
		"The parties agree that the documents listed below remain in force until further notice is given.",
		"Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt.",
		"Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience.",
		"Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama.",
		"Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
		"Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
		"Все люди рождаются свободными и равными в своем достоинстве и правах.",
		"人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
		"There are no fields on this page: w w w w w w w w w w w w w",
		"Kɛ́ gbɔmɔ fɛɛ gbɔmɔ fɛɛ nɔ kɛ nɔ ngɛ kɛ nɔ fɛɛ nɔ ngɛ nɔ",
		"Ci hè à a sera à a fine è à a mossa ò à u fiume.",                                                        // words of one vowel are not letters spaced out
		"Chan pai ban phuean. Khao hai nam cha kha, lae rao nang kin khao kan. Mai mi khon nai ban, pai hai mot.", // Thai: its syllables are known, its words are not
		"Our office received letters from Uy ban nhan dan tinh Thanh Hoa and asks you kindly to answer them before Friday.",
		"See https://example.org/search?q=1&page=2. What?Yes. Why? Because. [a?b:c]",
	} {
		for _, j := range []*Judge{withModel, without} {
			v := j.Text([]byte(in), nil)
			if v.State != Foreign || !v.Sound() && strings.ContainsFunc(in, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
				t.Errorf("%v, sound %v: %q", v.State, v.Sound(), in)
			}
		}
	}
}

// parts writes a verdict as the first line of each state.
func parts(text string, v Verdict) string {
	var out []string
	for _, p := range v.Parts {
		line := strings.Count(text[:p.Start], "\n") + 1
		if n := len(out); n == 0 || !strings.HasSuffix(out[n-1], " "+p.State.String()) {
			out = append(out, fmt.Sprintf("%d %v", line, p.State))
		}
	}
	return strings.Join(out, ", ")
}

// What is wrong in a part of a text is found there.
func TestParts(t *testing.T) {
	right := strings.SplitAfter(letter, "\n")
	for _, tt := range []struct{ in, want string }{
		{letter + viet.Strip(letter) + letter, "1 clean, 5 stripped, 9 clean"},
		{letter + "\n" + toneless(letter), "1 clean, 5 toneless"},
		{right[0] + viet.Strip(right[1]) + right[2] + viet.Strip(right[3]), "1 clean, 2 stripped, 3 clean, 4 stripped"},
		{letter + garbled(letter+letter), "1 clean, 5 garbled"},
		{right[0] + stored(legacy.NameTCVN3)(right[1]) + right[2], "1 clean, 2 encoded, 3 clean"},
		{letter + "Ông John Smith, Giám đốc.\n" + letter, "1 clean"},
		{letter + "Ho Chi Minh City, Ha Noi\n" + letter, "1 clean"}, // a few names are no part
		{letter + "\nThis letter is sent to all members of the board for their information and further action.\n\n" + letter, "1 clean, 5 foreign, 7 clean"},
	} {
		if got := parts(tt.in, judge(t).Text([]byte(tt.in), nil)); got != tt.want {
			t.Errorf("%s, want %s:\n%s", got, tt.want, tt.in)
		}
	}
}

// What stands before a mark outside ASCII is no mark of VIQR.
func TestMarksOfVIQR(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int
	}{
		{"Vie^t ba?o", 2},
		{"Ông nói: “Xong.” Rồi (đúng hẹn), l’ông d'Ấp.", 0},
	} {
		got := 0
		for _, p := range judge(t).Text([]byte(tt.in), nil).Parts {
			got += p.ASCII
		}
		if got != tt.want {
			t.Errorf("%q has %d, want %d", tt.in, got, tt.want)
		}
	}
}

// Parts are whole, follow each other and hold all of the text, whatever it is.
func FuzzText(f *testing.F) {
	for _, w := range ways {
		f.Add([]byte(w.spoil(letter)))
	}
	f.Add([]byte("?\x00??\xff a?b \u200b\u0301"))
	j := judge(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		at := 0
		for _, p := range j.Text(in, nil).Parts {
			if p.Start != at || p.End <= p.Start {
				t.Fatalf("part %d to %d after %d", p.Start, p.End, at)
			}
			at = p.End
		}
		if at != len(in) {
			t.Fatalf("parts end at %d of %d", at, len(in))
		}
	})
}

const shared = "../../../../../shared/data/dev/"

// pieces cuts texts into pieces of some 3,000 bytes, whole lines.
func pieces(t *testing.T, pattern string) (out []string) {
	paths, _ := filepath.Glob(shared + pattern)
	if len(paths) == 0 {
		t.Skip("SKIPPED: the development texts are not here")
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var cur strings.Builder
		for line := range strings.Lines(string(b)) {
			if cur.WriteString(line); cur.Len() >= 3000 {
				out = append(out, cur.String())
				cur.Reset()
			}
		}
		if strings.Count(cur.String(), " ") > 20 {
			out = append(out, cur.String())
		}
	}
	return out
}

// Development texts, spoilt in every way, are in the state that they should be in, with
// one piece in a hundred wrong at most, and none of those that are right.
func TestCorpus(t *testing.T) {
	j := judge(t)
	texts := pieces(t, "stripped/*.gold.txt")
	if os.Getenv("CONGVAN_FULL") == "" {
		texts = texts[len(texts)/2-40 : len(texts)/2+40]
	}
	for _, w := range ways[:10] {
		wrong, unsound := 0, 0
		for _, s := range texts {
			v := j.Text([]byte(w.spoil(s)), nil)
			if v.State != w.want {
				if wrong++; wrong < 4 {
					t.Logf("%s: %v: %.200q", w.name, v.State, w.spoil(s))
				}
			}
			if v.Sound() != w.sound {
				unsound++
			}
		}
		limit := len(texts) / 100
		if w.want == Clean {
			limit = 0
		}
		if wrong > limit || unsound > limit {
			t.Errorf("%s: of %d texts %d are in another state, %d wrongly sound or not", w.name, len(texts), wrong, unsound)
		}
	}
	for _, s := range pieces(t, "real/*.eng.txt") {
		if v := j.Text([]byte(s), nil); v.State != Garbled {
			t.Errorf("an English reading is %v: %.80q", v.State, s)
		}
	}
	for _, s := range pieces(t, "real/*.vie.txt") {
		if v := j.Text([]byte(s), nil); v.State != Clean || !v.Sound() {
			t.Errorf("a Vietnamese reading is %v, sound %v: %.80q", v.State, v.Sound(), s)
		}
	}
}
