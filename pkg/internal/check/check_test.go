package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// letter is a made-up letter without anything wrong.
const letter = `ỦY BAN NHÂN DÂN HUYỆN BÌNH SƠN
Số: 217/UBND-VP
V/v góp ý dự thảo quy chế

Kính gửi: Các phòng, ban thuộc huyện; Ủy ban nhân dân các xã, thị trấn.

Thực hiện Công văn số 45/SNV-TCBC ngày 12 tháng 3 năm 2014 của Sở Nội vụ, Chủ tịch Ủy ban nhân dân huyện yêu cầu
thủ trưởng các đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản và gửi về Văn phòng trước ngày 30 để tổng hợp.
Nếu quá thời hạn nói trên mà không có ý kiến thì xem như thống nhất với nội dung dự thảo.
`

// one describes findings shortly: rule, place, proposal.
func brief(fs []Finding) string {
	var out []string
	for _, f := range fs {
		s := fmt.Sprintf("%s %d:%d", f.Rule.ID, f.Line, f.Column)
		if f.Proposal != "" && f.Rule.ID != "CV001" && f.Rule.ID != "CV002" {
			s += " " + f.Proposal
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestRules(t *testing.T) {
	last := strings.Count(letter, "\n") + 1
	at := func(id string, col int, propose string) string {
		return strings.TrimSpace(fmt.Sprintf("%s %d:%d %s", id, last, col, propose))
	}
	for _, tt := range []struct {
		add  string // after the letter
		want string
	}{
		{"", ""},
		{"ban nghành trung ương", at("CV009", 5, "ngành")},
		{"kết qủa thựợc hơặc", at("CV016", 5, "quả") + "; " + at("CV009", 9, "") + "; " + at("CV009", 15, "")},
		{"phê duyệt tòan bộ, điện thọai", at("CV016", 11, "toàn") + "; " + at("CV016", 25, "thoại")},
		{"hòa bình, khỏe, thủy lợi", ""},
		{"hòa bình và hoà thuận, hòa giải", at("CV011", 13, "hòa")},
		{"tỉnh Ðồng Nai", at("CV008", 6, "Đồng")},
		{"huyện Bình Sơn", at("CV008", 7, "Bình")}, // И-less: the і below is Cyrillic
		{"Bộ Trưởng, BộTrưởng, quyđịnh", at("CV017", 12, "Bộ Trưởng") + "; " + at("CV017", 22, "quy định")},
		{"nhân\u200bdân, xã\u00ad hội", at("CV012", 5, "") + "; " + at("CV012", 13, "")},
		{"nhân\u0008 dân", at("CV013", 5, "")},
		{norm.NFD.String("huyện"), at("CV007", 1, "huyện")},
		// Foreign names, ethnic names, abbreviations and other languages pass.
		{"Krông Bông, Đắk Lắk, Mátxcơva, Inđônêxia, BLĐTBXH, HĐND, TƯ, François, Malmö", ""},
		{"H5N1, A4, 20h, QL1A, ôxy, cađimi, Êđê, M’Nông, Ea H’leo", ""},
		{"Привет, мир. Ελλάδα. 越南社會主義共和國 👨‍👩‍👧", ""},
		{"ban nghành hòan congvan:ignore", ""},
		{"hội\u0323 congvan:ignore\nhội, ho\u0323i", fmt.Sprintf("CV007 %d:6 họi", last+1)},
		{"ban nghành hòan # congvan:ignore CV009", at("CV016", 12, "hoàn")},
		{"# congvan:ignore-next-line misplaced-tone\nhòan, nghành", fmt.Sprintf("CV009 %d:7 ngành", last+1)},
		{"<!-- congvan:ignore-file --> nghành", ""},
	} {
		add := tt.add
		if strings.HasPrefix(add, "huyện Bình") {
			add = "huyện B\u0456\u0300nh Sơn" // a Cyrillic letter with a mark
		}
		if got := brief(New(Options{}).Check("x", []byte(letter+add))); got != tt.want {
			t.Errorf("%q: %s\nwant %s", add, got, tt.want)
		}
	}
}

func TestWholeFiles(t *testing.T) {
	crlf := strings.ReplaceAll(letter, "\n", "\r\n")
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"CRLF", crlf, ""},
		{"mixed endings", crlf + "nhân dân\n", "CV014 10:9 CRLF"},
		{"mark", "\ufeff" + letter, "CV015 1:1"},
		{"binary", "\x00\x01\xff\xfe\x00" + letter, ""},
		{"invalid", letter + "\xff", "CV006 10:1"},
		{"marker", "# congvan:ignore-file\nhòan", ""},
		{"a little unmarked", letter + "Ho Chi Minh, Ha Noi, Viet Nam", ""},
	} {
		if got := brief(New(Options{}).Check("x", []byte(tt.in))); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What --fix does to a text leaves nothing to fix, and clean text alone.
func TestApply(t *testing.T) {
	c := New(Options{})
	bad := "\ufeff" + norm.NFD.String("Kính gửi: ") + "Ðồng chí, tòan thể\u200e\r\n" + letter
	fs := c.Check("x", []byte(bad))
	fixed := Apply([]byte(bad), fs)
	if want := "Kính gửi: Đồng chí, toàn thể\n" + letter; string(fixed) != want {
		t.Errorf("fixed: %+q\nwant %+q\nfindings %s", fixed, want, brief(fs))
	}
	if got := Apply([]byte(letter), c.Check("x", []byte(letter))); string(got) != letter {
		t.Errorf("clean text was changed: %q", got)
	}
}

// A part of a file that is garbled or stripped is found where it is.
func TestParts(t *testing.T) {
	clean := strings.Repeat(letter, 4)
	stripped := strings.Repeat("Thuc hien Cong van so 45 ngay 12 thang 3 cua So Noi vu, Chu tich Uy ban nhan dan huyen yeu cau\n"+
		"thu truong cac don vi nghien cuu, dong gop y kien bang van ban va gui ve Van phong truoc ngay 30.\n", 6)
	for _, tt := range []struct{ in, want string }{
		{clean + stripped + clean, "CV002"},
		{stripped, "CV002"},
		{strings.NewReplacer("nghien", "nghién", "thu", "t6", "don", "d0n", "kien", "kién", "van", "vin").Replace(stripped), "CV001"},
		{clean, ""},
	} {
		fs := New(Options{}).Check("x", []byte(tt.in))
		got := ""
		for _, f := range fs {
			got += f.Rule.ID
		}
		if got != tt.want {
			t.Errorf("%q…: %s, want %s", tt.in[:40], got, tt.want)
		}
	}
}

// What is wrong in a part of a right letter, however short, is found and named.
func TestSpoiltInPart(t *testing.T) {
	const words = "Thực hiện Kế hoạch của Sở Nội vụ, Chủ tịch Ủy ban nhân dân huyện yêu cầu thủ trưởng các đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản và gửi về Văn phòng trước ngày ba mươi để tổng hợp.\n" // 40
	shapes := func(s string) string {                                                                                                                                                                             // tones gone
		return strings.Map(func(r rune) rune { l, _ := viet.Split(r); return l }, s)
	}
	for _, tt := range []struct{ in, want string }{
		{letter + viet.Strip(words) + letter, "CV002"},
		{letter + "Ho tro kinh phi cho cac ho ngheo trong xa.\n" + letter, "CV002"}, // a line
		{letter + shapes(words) + letter, "CV002"},
		{shapes(letter), "CV002"},
		{strings.NewReplacer("ộ", "\uFFFD", "ủ", "\uFFFD", "ế", "\uFFFD", "ư", "\uFFFD", "ệ", "\uFFFD").Replace(letter), "CV018"},
		{letter + "c\uFFFDc", "CV018"},
		{letter + "Thc hin K hoch s 45 ngy 12 thng 3 ca S Ni v, y ban nhn dn huyn Bnh Sn yu cu\n", "CV018"},
		{letter + "Thự c hiệ n Kế hoạch số 45 của Sở Nộ i vụ, Hộ i đồng nhân dân huyệ n Bình Sơn yêu cầ u\n", "CV019"},
		{letter + "Thu ̛ ̣c hie ̣ ̂n Ke ̂ ́ hoa ̣ch so ̂ ́ 45 nga ̀y 12 tha ́ng 3 cu ̉a So ̛ ̉ No ̣ ̂i vu ̣ yêu cầu\n", "CV019"},
		{letter + "Thá»±c hiá»‡n Káº¿ hoáº¡ch sá»‘ 45 ngÃ y 12 thÃ¡ng 3 cá»§a Sá»Ÿ Ná»™i vá»¥, huyá»‡n BÃ¬nh SÆ¡n\n", "CV005"},
		{"Qu ỹ h ỗ tr ợ ph á t tri ể n đ ề ngh ị c á c đ ơ n v ị g ử i h ồ s ơ tr ư ớ c ng à y 12\n", "CV019"},
		{letter + "quyếtđịnh", "CV017"},
		{letter, ""},
		{letter + "Ông John Smith, Trưởng đại diện; ông Nguyen Van Nam, kỹ sư; Ha Noi, Viet Nam.\n", ""},
		{letter + "Is that so? Yes. See https://example.org/?q=a&b=c; gì?Tôi", ""},
	} {
		got := ""
		for _, f := range New(Options{}).Check("x", []byte(tt.in)) {
			if !strings.HasSuffix(got, f.Rule.ID) {
				got += f.Rule.ID
			}
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in[max(0, len(tt.in)-120):], got, tt.want)
		}
	}
}

// No fix takes out what may be a letter or a space that was lost: the ư of TCVN3 is a
// soft hyphen in Windows-1252.
func TestFixLosesNothing(t *testing.T) {
	for _, in := range []string{
		letter + "Ng\u00ADêi lao ®éng ®\u00ADîc h\u00ADëng l\u00AD¬ng theo quy ®Þnh.\n",
		letter + "nh\u00AD vậy\n", // too little to be told
		letter + "nhân\u200Bdân, nhân\u200Cdân, nhân\u0008dân\n",
	} {
		data := []byte(in)
		if got := Apply(data, New(Options{}).Check("x", data)); string(got) != in {
			t.Errorf("%q became %q", in[len(letter):], got[len(letter):])
		}
	}
}

// Twice the text on one line is looked at twice as often, however many findings it has.
func TestLongLine(t *testing.T) {
	looked := func(n int) int {
		c := New(Options{})
		fs := c.Check("x", []byte(letter+strings.Repeat("nhân\u200B dân tỉnh Ðồng Nai, ", n)))
		if len(fs) != 2*n {
			t.Fatalf("%d findings, want %d", len(fs), 2*n)
		}
		return c.looked
	}
	if one, two := looked(200), looked(400); two > 3*one || one == 0 {
		t.Errorf("columns took %d bytes, of twice the text %d", one, two)
	}
}

func TestSeverities(t *testing.T) {
	c := New(Options{Severities: map[string]Severity{"CV016": Off, "CV009": Error}})
	fs := c.Check("x", []byte(letter+"nghành hòan"))
	if len(fs) != 1 || fs[0].Severity != Error {
		t.Errorf("findings: %s", brief(fs))
	}
}

func TestExplain(t *testing.T) {
	for i := range Rules {
		r := &Rules[i]
		page := r.Explain()
		if !strings.HasPrefix(page, "# "+r.ID+" "+r.Name+"\n") || !strings.Contains(page, "Severity: "+r.Severity.String()+".") || len(page) < 150 {
			t.Errorf("%s has no proper page:\n%s", r.ID, page)
		}
		if fixes := strings.Contains(page, "Fix: `--fix`"); fixes != r.Fix {
			t.Errorf("%s: the page says %v about --fix, the rule %v", r.ID, fixes, r.Fix)
		}
		if by, ok := RuleByName(r.Name); !ok || by != r {
			t.Errorf("%s is not found by its name", r.ID)
		}
	}
}

// tinyModel knows one sentence.
func tinyModel(t testing.TB) *ngram.Model {
	text := strings.Repeat("đối tượng được hỗ trợ là hộ nghèo trong xã\ncổ phần của công ty được chuyển nhượng\nđôi giày và cô giáo trong phòng\n", 40)
	return lmtest.Model(t, text, lm.CountOptions{Repeats: -1})
}

func TestModel(t *testing.T) {
	// So small a model is sure of nothing; the limit is low.
	l := NewModel(tinyModel(t), 0.5)
	l.lowWord, l.lowPair = -0.3, -0.3
	var got []string
	text := "Đôi tượng được hỗ trợ là hộ nghèo trong xã.\n\ncô phần của công ty\n"
	l.Suspects(text, func(_ string, start, end int, propose string) {
		got = append(got, text[start:end]+" → "+propose)
	})
	if want := "Đôi → Đối; cô → cổ"; strings.Join(got, "; ") != want {
		t.Errorf("suspects: %q, want %q", got, want)
	}
	l.Suspects("đối tượng được hỗ trợ\ncổ phần của công ty\nđôi giày và cô giáo trong phòng", func(_ string, start, end int, propose string) {
		t.Errorf("a right word is suspected, for %q", propose)
	})
	c := New(Options{LM: l})
	if got := brief(c.Check("x", []byte("Cô phần của công ty được chuyển nhượng"))); got != "CV010 1:1 Cổ" {
		t.Errorf("findings: %s", got)
	}
}

// Words that lost the space between them are found whether or not they are a frequent
// pair; names and words taken from other languages are left alone.
func TestGluedWords(t *testing.T) {
	f, err := models.Files().Open(restore.Clean)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{LM: NewModel(f.Language, 0)})
	for _, tt := range []struct{ in, want string }{
		{"Báo cáo bằng văn bản giấyvà thư điện tử.", "giấy và"},
		{"Đơn vị nào chưagửi thìcoi như không có ý kiến.", "chưa gửi; thì coi"},
		{"Những khó khăn trongquá trình làm việc", "trong quá"},
		{"Đề nghị các đơn vị thamgia đầy đủ", "tham gia"},
		{"TheoMạc Thị gia phả; ủybannhândân", "Theo Mạc; ủy ban nhân dân"},
		{"SỞNỘI VỤ TỈNH HÀ ĐÔNG", "SỞ NỘI"},
		{"Xe chở ximăng và bêtông; dán ápphích, áo pôpơlin, tàu Ápganixtan, lò viba, môđun, bônxêvích.", ""},
		{"Ông Krông Phanxipăng, người Xơđăng và Giarai ở Đắklắk, Kontum, Sinhgapo, Vênêxuêla, Ôxtrâylia.", ""},
		{"Công ty Vinamilk, hãng Samsung, trang Facebook, Windows, hàm tinhTong()", ""},
	} {
		var got []string
		for _, f := range c.Check("x", []byte(letter+tt.in)) {
			if f.Rule.ID == gluedRule {
				got = append(got, f.Proposal)
			}
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, s, tt.want)
		}
	}
}

// Without a space between any of its words a text has findings, too, with and without a
// language model.
func TestNoSpaces(t *testing.T) {
	for line := range strings.Lines(letter[strings.Index(letter, "Thực hiện"):]) {
		in := strings.ReplaceAll(line, " ", "")
		if fs := New(Options{}).Check("x", []byte(in)); len(fs) == 0 || fs[0].Rule.ID != gluedRule {
			t.Errorf("%q: %s", in, brief(fs))
		}
	}
}

// findings of all kinds, for the writers.
func findings(t testing.TB) []Finding {
	fs := New(Options{}).Check("thư mục/a%b.txt", []byte("\ufeff"+letter+"ban nghành, hòan\r\nÐồng\u0008 chí <&> hoà hòa hoà\n"))
	if len(fs) < 5 {
		t.Fatalf("only %s", brief(fs))
	}
	return fs
}

func writeAll(t testing.TB, format string) []byte {
	var b bytes.Buffer
	w, err := NewWriter(format, &b, WriterOptions{Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	fs := findings(t)
	s := Summary{Files: 2}
	for i := range fs {
		s.Count(&fs[i])
	}
	if err := w.File("clean.txt", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.File(fs[0].Path, fs); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJSON(t *testing.T) {
	lines := bytes.Split(bytes.TrimSpace(writeAll(t, "json")), []byte("\n"))
	for i, l := range lines {
		var v struct{ Type, Rule, Severity string }
		if err := json.Unmarshal(l, &v); err != nil {
			t.Fatal(err)
		}
		if last := i == len(lines)-1; (v.Type == "summary") != last || (v.Rule == "") != last {
			t.Errorf("line %d: %s", i, l)
		}
	}
}

func TestGitHub(t *testing.T) {
	for l := range strings.Lines(string(writeAll(t, "github"))) {
		if !strings.HasPrefix(l, "::warning file=thư mục/a%25b.txt,line=") && !strings.HasPrefix(l, "::notice file=thư mục/a%25b.txt,line=") {
			t.Errorf("no workflow command: %q", l)
		}
	}
}

func TestHuman(t *testing.T) {
	var b bytes.Buffer
	w, _ := NewWriter("human", &b, WriterOptions{Colour: true})
	if err := w.File("", findings(t)[1:2]); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasPrefix(got, "\x1b[1mthư mục/a%b.txt:10:5\x1b[0m: \x1b[1;33mwarning\x1b[0m CV009 impossible-syllable: ") {
		t.Errorf("%q", got)
	}
}

// A baseline is known from any folder, can be read by people, and tells what is left of it.
func TestBaseline(t *testing.T) {
	dir := tree(t, map[string]string{"repo/sub/x": ""})
	t.Chdir(filepath.Join(dir, "repo"))
	fs := findings(t)
	name := filepath.Join(dir, "repo", "base.json")
	b, err := NewBaseline(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range fs {
		b.Add(&fs[i])
	}
	var buf bytes.Buffer
	if err := b.Write(&buf); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, buf.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if want := `"path": "thư mục/a%b.txt",
   "rule": "CV009",
   "text": "nghành",
   "count": 1`; !strings.Contains(buf.String(), want) {
		t.Errorf("no %s in\n%s", want, &buf)
	}
	t.Chdir("sub")
	if b, err = ReadBaseline("../base.json"); err != nil {
		t.Fatal(err)
	}
	for i := range fs {
		if left := b.Left(); len(left) != len(fs)-i {
			t.Errorf("%d left before %d of %d", len(left), i, len(fs))
		}
		fs[i].Line += 100 // the file has grown above
		fs[i].Path = "../" + fs[i].Path
		if !b.Accept(&fs[i]) {
			t.Errorf("%s is not accepted", fs[i].Message)
		}
		if b.Accept(&fs[i]) {
			t.Errorf("%s is accepted twice", fs[i].Message)
		}
	}
	// What version 1 wrote.
	old := fmt.Sprintf(`{"tool": "congvan check", "version": 1, "accepted": {%q: 1}}`, fs[0].Fingerprint())
	if err := b.decode([]byte(old)); err != nil || !b.Accept(&fs[0]) || b.Accept(&fs[0]) {
		t.Errorf("a baseline of version 1: %v", err)
	}
	for _, bad := range []string{`{"tool":"other"}`, `{"tool": "congvan check", "version": 3, "accepted": []}`, `{"tool": "congvan check", "version": 2, "accepted": {}}`} {
		if b.decode([]byte(bad)) == nil {
			t.Errorf("%s is a baseline", bad)
		}
	}
}

// Markers that drop nothing are reported, unless nobody looked.
func TestUnusedIgnore(t *testing.T) {
	none := Options{}
	model := Options{LM: NewModel(tinyModel(t), 0)}
	for _, tt := range []struct {
		opt  Options
		add  string
		want string
	}{
		{none, "ban nghành congvan:ignore CV009\n", ""},
		{none, "ban ngành congvan:ignore CV009\n", "CV020 10:11"},
		{none, "congvan:ignore-next-line CV009\nban nghành\n", ""},
		{none, "congvan:ignore-next-line CV016\nban nghành\n", "CV020 10:1; CV009 11:5 ngành"},
		{none, "ban ngành congvan:ignore CV010\n", ""}, // it may have, with the model
		{none, "ban ngành congvan:ignore\n", ""},
		{model, "ban ngành congvan:ignore\n", "CV020 10:11"},
		{model, "ban nghành congvan:ignore\n", ""},
		{Options{Severities: map[string]Severity{"CV009": Off}}, "ban nghành congvan:ignore CV009\n", ""},
		{Options{Severities: map[string]Severity{"CV020": Off}}, "ban ngành congvan:ignore CV009\n", ""},
		{model, "congvan:ignore-file\n", "CV020 10:1"},
		{model, "ban nghành congvan:ignore-file\n", ""},
	} {
		if got := brief(New(tt.opt).Check("x", []byte(letter+tt.add))); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.add, got, tt.want)
		}
	}
	if got := brief(New(none).Check("x", []byte("A line with congvan:ignore CV009 has no findings.\n"))); got != "" {
		t.Errorf("in English: %s", got)
	}
}

func TestStatistics(t *testing.T) {
	fs := findings(t)
	for _, tt := range []struct{ format, want string }{
		{"human", "     2  CV009  impossible-syllable, in 2 files\n     2  CV015  byte-order-mark, in 2 files (--fix repairs 2)\n"},
		{"json", `{"type":"statistic","rule":"CV009","name":"impossible-syllable","count":2,"files":2,"fixable":0}` + "\n" +
			`{"type":"statistic","rule":"CV015","name":"byte-order-mark","count":2,"files":2,"fixable":2}` + "\n" + `{"type":"summary",`},
	} {
		var b bytes.Buffer
		w, err := NewWriter(tt.format, &b, WriterOptions{Statistics: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.File("a", fs[:2]), w.File("b", fs[:2]), w.Close(Summary{})); err != nil || !strings.HasPrefix(b.String(), tt.want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.format, err, &b, tt.want)
		}
	}
	if _, err := NewWriter("junit", io.Discard, WriterOptions{Statistics: true}); err == nil {
		t.Error("JUnit has statistics")
	}
}

// GitLab takes an array of issues whose fingerprints differ.
func TestGitLab(t *testing.T) {
	var b bytes.Buffer
	w, _ := NewWriter("gitlab", &b, WriterOptions{})
	fs := findings(t)
	if err := errors.Join(w.File("x", append(fs, fs...)), w.Close(Summary{})); err != nil {
		t.Fatal(err)
	}
	var issues []gitlabIssue
	if err := json.Unmarshal(b.Bytes(), &issues); err != nil {
		t.Fatal(err)
	}
	prints := map[string]bool{}
	for i, is := range issues {
		f := fs[i%len(fs)]
		prints[is.Fingerprint] = true
		if is.CheckName != f.Rule.ID || is.Location.Path != f.Path || is.Location.Lines.Begin != f.Line || !slices.Contains([]string{"info", "minor", "major"}, is.Severity) {
			t.Errorf("issue %+v of finding %+v", is, f)
		}
	}
	if len(prints) != 2*len(fs) {
		t.Errorf("%d fingerprints for %d findings", len(prints), 2*len(fs))
	}
	b.Reset()
	w, _ = NewWriter("gitlab", &b, WriterOptions{})
	if err := w.Close(Summary{}); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("no findings: %v %q", err, &b)
	}
}

// No input is too strange; places are inside the text; edits apply, and after
// at most a few rounds nothing is left to fix.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(letter))
	f.Add([]byte("\ufeffnghành hòan\r\nÐồng\u0008 \u200b hoà hòa"))
	f.Add([]byte("T\x00i\x00\xbf\x1e"))
	f.Fuzz(func(t *testing.T, in []byte) {
		c := New(Options{})
		for _, data := range [][]byte{in, append([]byte(letter), in...)} {
			lines := bytes.Count(data, []byte("\n")) + 1
			for round := 0; ; round++ {
				fs := c.Check("x", data)
				for _, f := range fs {
					if f.Line < 1 || f.Line > lines || f.Column < 1 || f.EndLine < f.Line {
						t.Fatalf("%s at %d:%d to %d:%d of %d lines", f.Rule.ID, f.Line, f.Column, f.EndLine, f.EndColumn, lines)
					}
				}
				fixed := Apply(data, fs)
				if bytes.Equal(fixed, data) {
					break
				}
				if round == 6 {
					t.Fatalf("still fixing: %s in %q", brief(fs), data)
				}
				data, lines = fixed, bytes.Count(fixed, []byte("\n"))+1
			}
		}
	})
}
