package restore_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

func letter(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata/letters", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSourceChanges: long stripped text, a garbled letter and a clean one in one
// file are each told apart, whatever came before.
func TestSourceChanges(t *testing.T) {
	clean := ""
	for _, name := range []string{"bao-cao.txt", "quyet-dinh.txt", "ke-hoach.txt", "to-trinh.txt"} {
		clean += letter(t, name) + "\n\n"
	}
	bare, garbled := viet.Strip(clean), letter(t, "cong-van.eng.txt")+"\n\n"
	parts := []struct{ text, source string }{
		{bare, restore.Strip}, {garbled, "eng"}, {bare, restore.Strip}, {clean, restore.Clean}, {garbled, "eng"},
	}
	doc := restorer(t, restore.Auto).Document()
	for k, part := range parts {
		right, all := 0, 0
		for block := range strings.SplitSeq(part.text, "\n\n") {
			res := doc.Block(block)
			if len(strings.Fields(block)) < 8 {
				continue
			}
			all++
			if res.Source == part.source {
				right++
			}
		}
		if all-right > 1 { // the garbled letter has a heading that only lost its marks
			t.Errorf("part %d: %d of %d blocks are %s", k, right, all, part.source)
		}
	}
}

// toneless takes the tones off a text and keeps the shapes of its letters.
func toneless(s string) string {
	return strings.Map(func(r rune) rune { l, _ := viet.Split(r); return l }, s)
}

// Text that lost its tones alone is a source of its own: at most three words in a
// hundred come out wrong, and right text is not taken for it.
func TestToneless(t *testing.T) {
	for _, name := range []string{"bao-cao.txt", "quyet-dinh.txt", "ke-hoach.txt", "to-trinh.txt"} {
		want := letter(t, name)
		res := text(t, restorer(t, restore.Auto), toneless(want))
		wrong, got, right := 0, strings.Fields(res.Text), strings.Fields(want)
		if len(got) != len(right) {
			t.Fatalf("%s: %d words of %d", name, len(got), len(right))
		}
		for i := range right {
			if got[i] != right[i] {
				wrong++
			}
		}
		if wrong*100 > 3*len(right) {
			t.Errorf("%s: %d of %d words are wrong\n%s", name, wrong, len(right), diff(want, res.Text))
		}
	}
}

// Right and spoilt lines in turn, with no empty line between: each is told apart.
func TestLinesInTurn(t *testing.T) {
	right := []string{
		"Đường liên xã bị ngập sau trận mưa lớn đêm qua.",
		"Ủy ban nhân dân xã đã huy động lực lượng dân quân khắc phục.",
		"Học sinh các trường trong vùng được nghỉ học hai ngày.",
		"Trạm y tế cấp phát thuốc khử trùng nước cho các hộ dân.",
		"Hội phụ nữ tổ chức nấu cơm miễn phí cho người già.",
	}
	for name, spoil := range map[string]func(string) string{"stripped": viet.Strip, "toneless": toneless} {
		in, want := "", strings.Join(right, "\n")+"\n"
		for i, line := range right {
			if i%2 == 0 {
				line = spoil(line)
			}
			in += line + "\n"
		}
		if got := text(t, restorer(t, restore.Auto), in).Text; got != want {
			t.Errorf("%s lines in turn with right ones:\n%s", name, diff(want, got))
		}
	}
}

// The same bytes give the same text, from a file and from a pipe.
func TestFileAndPipe(t *testing.T) {
	head, body := "KE HOACH\n\nSo: 12\n\n", viet.Strip(letter(t, "ke-hoach.txt"))
	r := restorer(t, restore.Auto)
	var file, pipe strings.Builder
	for res, err := range r.Blocks(strings.NewReader(head + body)) {
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString(res.Text)
	}
	for res, err := range r.Blocks(io.MultiReader(strings.NewReader(head), strings.NewReader(body))) {
		if err != nil {
			t.Fatal(err)
		}
		pipe.WriteString(res.Text)
	}
	if file.String() != pipe.String() {
		t.Errorf("a pipe gives another text:\n%s", diff(file.String(), pipe.String()))
	}
	if !strings.HasPrefix(file.String(), "KẾ HOẠCH\n\nSố: 12\n") {
		t.Errorf("the head does not go with what follows: %.40q", file.String())
	}
}

// Text with a sign for each letter that an encoding lacked gets its letters back: nine
// words in ten that lost some.
func TestLostLetters(t *testing.T) {
	for _, sign := range []rune{'?', '\uFFFD', '\uE001'} {
		lost, wrong := 0, 0
		for _, name := range []string{"bao-cao.txt", "quyet-dinh.txt", "ke-hoach.txt"} {
			want := strings.Fields(letter(t, name))
			in := strings.Map(func(r rune) rune {
				if r >= 0x100 && viet.IsMarked(r) {
					return sign
				}
				return r
			}, letter(t, name))
			res := text(t, restorer(t, restore.Auto), in)
			sound(t, in, res)
			got := strings.Fields(res.Text)
			if len(got) != len(want) {
				t.Fatalf("%s, %U: %d words of %d", name, sign, len(got), len(want))
			}
			for i, read := range strings.Fields(in) {
				if read != want[i] {
					lost++
					if got[i] != want[i] {
						wrong++
					}
				}
			}
		}
		t.Logf("%U: %d of %d words", sign, wrong, lost)
		if wrong*10 > lost {
			t.Errorf("%U: %d of %d words with lost letters are wrong", sign, wrong, lost)
		}
	}
}

// Right paragraphs do not hold back one that a Vietnamese reader got wrong: most of
// what it reads has no error.
func TestWrongAmongRight(t *testing.T) {
	const (
		right = "Ủy ban nhân dân huyện yêu cầu các đơn vị trực thuộc góp ý bằng văn bản cho dự thảo quy chế làm việc."
		wrong = "Hệ thông các tiêu chuẩn và tố chức đánh giá an toàn thông tin của các Chỉ cục Hải quan."
		want  = "Hệ thống các tiêu chuẩn và tổ chức đánh giá an toàn thông tin của các Chi cục Hải quan."
	)
	doc := restorer(t, restore.Auto).Document()
	for range 12 {
		if got := doc.Block(right).Text; got != right {
			t.Fatalf("right text became %s", got)
		}
	}
	if got := doc.Block(wrong).Text; got != want {
		t.Errorf("got %s", got)
	}
}

// Words of another language around a stripped name of an office stay; those of a stripped
// text with names from abroad get their marks all the same.
func TestMixedLanguages(t *testing.T) {
	r := restorer(t, restore.Auto)
	for _, tt := range []struct{ in, want string }{
		{"We met the delegation of Uy ban nhan dan tinh Quang Nam on Monday and the men can not go to the hall to hang the ban.",
			"We met the delegation of Ủy ban nhân dân tỉnh Quảng Nam on Monday and the men can not go to the hall to hang the ban."},
		{"The project of So Nong nghiep va Phat trien nong thon will start in May, and the team can do it.",
			"The project of Sở Nông nghiệp và Phát triển nông thôn will start in May, and the team can do it."},
		{"Theo Reuters, Tong thong Donald Trump va Tong thong Putin gap nhau tai Helsinki.",
			"Theo Reuters, Tổng thống Donald Trump và Tổng thống Putin gặp nhau tại Helsinki."},
		{"Ti ɖo nkɛ ɖɔ kɛnyɛ nɛ tibi kpɛi imɔu: ba i, i yi ɖo nkɛnsenni.", "Ti ɖo nkɛ ɖɔ kɛnyɛ nɛ tibi kpɛi imɔu: ba i, i yi ɖo nkɛnsenni."},
		{"Trong do: GDP binh quan/nguoi/nam vung DT&MN", "Trong đó: GDP bình quân/người/năm vùng ĐT&MN"},
	} {
		if got := text(t, r, tt.in).Text; got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// Where another reader takes over, its channel does, from the first of its blocks on.
func TestReaderChanges(t *testing.T) {
	d := restorer(t, restore.Auto).Document()
	blocks := func(reader string) map[string]int {
		count := map[string]int{}
		for _, l := range lettertest.Letters(t) {
			for b := range strings.SplitSeq(l.Readings(t)[reader], "\n\n") {
				if len(b) > 80 && (reader != "eng" || count["eng"] < 50) {
					count[d.Block(b).Source]++
				}
			}
		}
		return count
	}
	if got := blocks("eng"); got["eng"] < 50 {
		t.Fatalf("blocks of an English reader came from %v", got)
	}
	if got := blocks("ocrad"); got["eng"] > 1 || got["any"] < 10 {
		t.Errorf("blocks of another reader came from %v", got)
	}
}
