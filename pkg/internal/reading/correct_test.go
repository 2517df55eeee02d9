package reading

import (
	"image"
	"strings"
	"sync"
	"testing"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// shippedRestorer is over the models that the program ships.
var shippedRestorer = sync.OnceValues(func() (*restore.Restorer, error) {
	return models.Restorer(restore.Options{Alternatives: 3})
})

func testRestorer(t *testing.T) *restore.Restorer {
	t.Helper()
	r, err := shippedRestorer()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pageOf is a page of lines, 40 pixels apart, of words with 10 pixels a letter.
// An empty line starts a new paragraph.
func pageOf(text string) *ocr.Page {
	p := &ocr.Page{Size: image.Pt(1600, 2000), DPI: 200}
	par := 0
	for i, line := range strings.Split(text, "\n") {
		if line == "" {
			par++
			continue
		}
		l := ocr.Line{Par: par}
		x := 100
		for _, s := range strings.Fields(line) {
			w := 10 * len([]rune(s))
			box := image.Rect(x, 40*i, x+w, 40*i+30)
			l.Words = append(l.Words, ocr.Word{Box: box, Read: s, Text: s, Confidence: 0.5})
			l.Box = l.Box.Union(box)
			x += w + 10
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

func lineText(l ocr.Line) string {
	var words []string
	for _, w := range l.Words {
		words = append(words, w.Text)
	}
	return strings.Join(words, " ")
}

// A page that was turned before it was read is still one when it is corrected.
func TestCorrectKeepsThePage(t *testing.T) {
	p := pageOf("Kinh giti")
	p.Turn = 270
	got := correct(testRestorer(t), []*ocr.Page{p}, []string{"eng"})
	if got.Size != p.Size || got.DPI != p.DPI || got.Turn != p.Turn {
		t.Errorf("the page has %v pixels, %d dpi and a turn of %d", got.Size, got.DPI, got.Turn)
	}
}

func TestCorrect(t *testing.T) {
	const in = `UY BAN NHAN DAN TINH BINH SON
S6: 318/SGTCC-QLDT

Kinh gti: Uy ban nhan dan cdc huyén, thi xa,
thanhpho thuéc tinh.

Dé nghi cac don vi bao cao két qua tru6c
ngay 10/03/2023, dién thoai 0912.345.678./.`
	first := pageOf(in)
	got := correct(testRestorer(t), []*ocr.Page{first}, []string{"eng"})
	want := []string{
		"ỦY BAN NHÂN DÂN TỈNH BÌNH SƠN",
		"Số: 318/SGTCC-QLDT",
		"Kính gửi: Ủy ban nhân dân các huyện, thị xã,",
		"thành phố thuộc tỉnh.",
		"Đề nghị các đơn vị báo cáo kết quả trước",
		"ngày 10/03/2023, điện thoại 0912.345.678./.",
	}
	if got.Size != first.Size || got.DPI != first.DPI || len(got.Lines) != len(want) {
		t.Fatalf("page of size %v, %d dpi, %d lines", got.Size, got.DPI, len(got.Lines))
	}
	for i, l := range got.Lines {
		if s := lineText(l); s != want[i] {
			t.Errorf("line %d: %q, want %q", i, s, want[i])
		}
		if l.Box != first.Lines[i].Box || l.Par != first.Lines[i].Par || l.Block != first.Lines[i].Block {
			t.Errorf("line %d has moved", i)
		}
		for _, w := range l.Words {
			if !w.Box.In(l.Box) || w.Box.Empty() || w.Read == "" || w.Confidence < 0 || w.Confidence > 1 {
				t.Errorf("line %d: word %+v", i, w)
			}
		}
	}
	for i, l := range first.Lines { // what was read is not touched
		if lineText(l) != strings.Join(strings.Fields(strings.Split(strings.ReplaceAll(in, "\n\n", "\n"), "\n")[i]), " ") {
			t.Errorf("the reading itself has changed: %q", lineText(l))
		}
	}
}

// A word that was two shares its box between them, by their lengths.
func TestCorrectDivides(t *testing.T) {
	p := newParagraph(pageOf("tai thanhpho nay").Lines)
	got, _ := p.corrected(restore.Result{
		Text: "tại thành phố này\n",
		Tokens: []restore.Token{
			{In: restore.Span{Start: 0, End: 3}, Out: restore.Span{Start: 0, End: 5}, Text: "tại", Confidence: 0.9},
			{In: restore.Span{Start: 4, End: 9}, Out: restore.Span{Start: 6, End: 12}, Text: "thành", Confidence: 0.8},
			{In: restore.Span{Start: 9, End: 12}, Out: restore.Span{Start: 13, End: 18}, Text: "phố", Confidence: 0.7},
			{In: restore.Span{Start: 13, End: 16}, Out: restore.Span{Start: 19, End: 23}, Text: "này", Confidence: 1},
		},
	})
	words := got[0].Words
	if s := lineText(got[0]); s != "tại thành phố này" {
		t.Fatalf("got %q", s)
	}
	whole := image.Rect(140, 0, 220, 30)
	if a, b := words[1].Box, words[2].Box; a.Min != whole.Min || b.Max != whole.Max || a.Max.X >= b.Min.X || a.Dx() <= b.Dx() {
		t.Errorf("boxes %v and %v, of %v", a, b, whole)
	}
	for _, w := range words[1:3] {
		if w.Read != "thanhpho" || w.Confidence != 0.7 { // the least sure of the two
			t.Errorf("%+v", w)
		}
	}
}

// Words that were one have one box; marks at their edges stay.
func TestCorrectJoins(t *testing.T) {
	p := newParagraph(pageOf("(tha nh, ph6) 12").Lines)
	got, _ := p.corrected(restore.Result{
		Text: "(thành, phố) 12\n",
		Tokens: []restore.Token{
			{In: restore.Span{Start: 0, End: 1}, Out: restore.Span{Start: 0, End: 1}, Text: "(", Confidence: 1},
			{In: restore.Span{Start: 1, End: 7}, Out: restore.Span{Start: 1, End: 7}, Text: "thành", Confidence: 0.9},
			{In: restore.Span{Start: 7, End: 8}, Out: restore.Span{Start: 7, End: 8}, Text: ",", Confidence: 1},
			{In: restore.Span{Start: 9, End: 12}, Out: restore.Span{Start: 9, End: 14}, Text: "phố", Confidence: 0.6},
			{In: restore.Span{Start: 12, End: 13}, Out: restore.Span{Start: 14, End: 15}, Text: ")", Confidence: 1},
			{In: restore.Span{Start: 14, End: 16}, Out: restore.Span{Start: 16, End: 18}, Text: "12", Confidence: 1},
		},
	})
	if s := lineText(got[0]); s != "(thành, phố) 12" {
		t.Fatalf("got %q", s)
	}
	words := got[0].Words
	if words[0].Box != image.Rect(100, 0, 180, 30) || words[0].Read != "(tha nh," {
		t.Errorf("joined word: %+v", words[0])
	}
	if words[1].Confidence != 0.6 { // of the letters, not the marks
		t.Errorf("phố: %v", words[1].Confidence)
	}
	if words[2].Confidence != 0.5 { // the reader's own, for a number
		t.Errorf("12: %v", words[2].Confidence)
	}
}

// Whatever a reader sees, no word is lost but dirt, and no line at all; a text
// that is left alone passes word by word.
func TestCorrectLosesNothing(t *testing.T) {
	r := testRestorer(t)
	for _, in := range []string{
		"", "a", "| ~ _", "12 13 14", "Veuillez agréer, Monsieur, nos salutations.",
		"Đề nghị các đơn vị báo cáo.", "( ) , . ; :", "x\n\ny\n\nz",
		"“Mdi trang sach” - (tht? ba), 12/3: d) e) ./.",
	} {
		first := pageOf(in)
		for _, langs := range [][]string{nil, {"eng"}, {"vie"}, {"fra"}} {
			got := correct(r, []*ocr.Page{first}, langs)
			if len(got.Lines) != len(first.Lines) {
				t.Fatalf("%q: %d lines of %d", in, len(got.Lines), len(first.Lines))
			}
			for i, l := range got.Lines {
				before, after := lineText(first.Lines[i]), lineText(l)
				if a, b := marks(before), marks(after); a != b && !strings.ContainsAny(before, "|~_?") {
					t.Errorf("%v: %q became %q", langs, before, after)
				}
			}
		}
	}
}

// marks are the digits and signs of a line.
func marks(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789.,;:()-/“”", r) {
			return r
		}
		return -1
	}, s)
}

// A second reader decides where the first alone would be believed.
func TestCorrectHearsWitness(t *testing.T) {
	r := testRestorer(t)
	first, second := pageOf("xã Tân Lót"), pageOf("x4 Tan Léc")
	for i := range second.Lines { // both readers saw the same boxes
		for j := range second.Lines[i].Words {
			second.Lines[i].Words[j].Box = first.Lines[i].Words[j].Box
		}
		second.Lines[i].Box = first.Lines[i].Box
	}
	const want = "xã Tân Lộc"
	alone := lineText(correct(r, []*ocr.Page{first}, []string{"vie"}).Lines[0])
	both := lineText(correct(r, []*ocr.Page{first, second}, []string{"vie", "eng"}).Lines[0])
	if alone != "xã Tân Lót" || both != want {
		t.Errorf("alone %q, with a witness %q, want %q", alone, both, want)
	}
}
