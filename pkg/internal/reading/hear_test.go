package reading

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// heardText is a page of a letter as a Vietnamese reader reads it, with a word that
// only another reader can tell.
const heardText = `Kính gửi: Ủy ban nhân dân các huyện, thị xã, thành phố
Thực hiện Luật Thư viện và Nghị quyết của Hội đồng nhân dân tỉnh,
Sở Văn hóa và Thông tin đề nghị Ủy ban nhân dân các huyện, thị xã,
thành phố chỉ đạo các cơ quan, đơn vị trên địa bàn tổ chức hoạt động
hưởng ứng Tuần lễ Đọc sách bằng nhiều hình thức phù hợp với điều kiện
thực tế, bảo đảm an toàn, tiết kiệm và hiệu quả, báo cáo kết quả thực hiện.
Trong quá trình thực hiện nếu có vướng mắc, các đơn vị phản ánh kịp thời
về Sở Văn hóa và Thông tin để được hướng dẫn, giải quyết theo quy định.
Địa điểm tổ chức là thư viện xã Tân Bắt và ở đây có ông Trần Văn Hưng`

// layerOf is a layer of a page: its text as another reader reads it, in its boxes.
func layerOf(p *ocr.Page, read func(word string) string) *ocr.Page {
	out := p.Resize(p.Size)
	for i := range out.Lines {
		for j := range out.Lines[i].Words {
			w := &out.Lines[i].Words[j]
			w.Text = read(w.Text)
			w.Read = w.Text
		}
	}
	return out
}

func TestHear(t *testing.T) {
	r := testRestorer(t)
	first := pageOf(heardText)
	restored := correct(r, []*ocr.Page{first}, []string{"vie"})
	garble := func(s string) string { return viet.Strip(strings.Replace(s, "Bắt", "Bắc", 1)) }
	shuffled := strings.Fields(heardText)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	next := 0
	turned := layerOf(first, garble)
	turned.Turn = 90
	for _, tt := range []struct {
		name  string
		layer *ocr.Page
		want  string // in place of Bắt
	}{
		{"another reader's, garbled", layerOf(first, garble), "Bắc"},
		{"at half the size", layerOf(first, garble).Resize(first.Size.Div(2)), "Bắc"},
		{"of the same reader", layerOf(first, func(s string) string { return s }), "Bắt"},
		{"of other words", layerOf(first, func(string) string { next++; return garble(shuffled[next-1]) }), "Bắt"},
		{"of signs", layerOf(first, func(s string) string { return strings.Repeat("~", len(s)) }), "Bắt"},
		{"of one word", layerOf(pageOf("Bắc"), garble), "Bắt"},
		{"the other way up", turned, "Bắt"},
		{"without words", &ocr.Page{Size: first.Size}, "Bắt"},
	} {
		got := hear(r, first, restored, tt.layer, "vie")
		want := strings.Replace(restored.Text(), "Bắt", tt.want, 1)
		if got.Text() != want {
			t.Errorf("%s: %q, want %q", tt.name, got.Text(), want)
		}
		if tt.want == "Bắt" && got != restored {
			t.Errorf("%s: the page was restored again", tt.name)
		}
	}
}

// A layer that repeats the errors that were mended is the same reader's; one that has
// others, or hardly any words of its own, is judged by how many it says otherwise.
func TestBrings(t *testing.T) {
	one := func(read, text, layer string) pair {
		return pair{word: ocr.Word{Read: read, Text: text}, layer: ocr.Word{Text: layer}}
	}
	same := func(n int, p pair) (out []pair) {
		for range n {
			out = append(out, p)
		}
		return out
	}
	right, wrong := one("phố", "phố", "phố"), one("phố", "phố", "ph6")
	for _, tt := range []struct {
		name string
		said []pair
		want bool
	}{
		{"nothing", nil, false},
		{"all the same", same(100, right), false},
		{"as restored", same(100, one("phó", "phố", "phố")), false},
		{"garbled", same(100, wrong), true},
		{"two in a hundred otherwise", append(same(98, right), wrong, wrong), true},
		{"our errors", append(same(50, wrong), same(4, one("phó", "phố", "phó"))...), false},
		{"three of our errors", append(same(50, wrong), same(3, one("phó", "phố", "phó"))...), true},
		{"half of our errors", append(append(same(50, wrong), same(4, one("phó", "phố", "phó"))...), same(4, one("phó", "phố", "ph6"))...), true},
	} {
		if got := brings(tt.said); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// pdfOf is a PDF page of the size of p at 300 dpi that has its words as they are given, in
// the places of p.
func pdfOf(p *ocr.Page, word func(string) string) []byte {
	var text bytes.Buffer
	pt := func(px int) float64 { return float64(px) * 72 / 300 }
	text.WriteString("BT /F1 5 Tf\n")
	for _, l := range p.Lines {
		for _, w := range l.Words {
			fmt.Fprintf(&text, "1 0 0 1 %.2f %.2f Tm (%s) Tj\n", pt(w.Box.Min.X), pt(p.Size.Y-w.Box.Max.Y)+1.5, word(w.Text))
		}
	}
	text.WriteString("ET\n")
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>", pt(p.Size.X), pt(p.Size.Y)),
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", text.Len(), text.Bytes()),
	} {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return out.Bytes()
}

// given is an engine that has read the page already.
type given struct{ page *ocr.Page }

func (g given) Do(_ context.Context, t ocr.Task) (*ocr.Reading, error) {
	r := &ocr.Reading{}
	for range t.Langs {
		r.Pages = append(r.Pages, g.page.Resize(g.page.Size))
	}
	return r, nil
}

// A page that is read for all its text has that as a witness, unless nobody is to hear
// it, or somebody else is heard.
func TestReaderHears(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("SKIPPED: needs poppler")
	}
	first := pageOf(heardText)
	for i := range first.Lines { // or it is noise
		for j := range first.Lines[i].Words {
			first.Lines[i].Words[j].Sure = 0.95
		}
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdfOf(first, func(s string) string { return viet.Strip(strings.Replace(s, "Bắt", "Bắc", 1)) }), 0o666); err != nil {
		t.Fatal(err)
	}
	doc, err := document.Open(t.Context(), path, document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	for _, tt := range []struct {
		name   string
		reader Reader
		want   string
	}{
		{"by default", Reader{Langs: []string{"vie"}, TextLayer: LayerAuto}, "Bắc"},
		{"redo", Reader{Langs: []string{"vie"}, TextLayer: LayerRedo}, "Bắc"},
		{"no witness", Reader{Langs: []string{"vie"}, TextLayer: LayerAuto, Deaf: true}, "Bắt"},
		{"not looked at", Reader{Langs: []string{"vie"}, TextLayer: LayerIgnore}, "Bắt"},
		{"another witness", Reader{Langs: []string{"vie", "vie"}, TextLayer: LayerAuto}, "Bắt"},
		{"as read", Reader{Langs: []string{"vie"}, TextLayer: LayerAuto, AsRead: true}, "Bắt"},
	} {
		tt.reader.Engines, tt.reader.Restorer = given{first}, testRestorer(t)
		page, err := tt.reader.Page(t.Context(), doc, 0)
		if err != nil {
			t.Fatal(err)
		}
		if text := page.Text(); !strings.Contains(text, "xã Tân "+tt.want+" và") {
			t.Errorf("%s: %q", tt.name, text)
		}
	}
}
