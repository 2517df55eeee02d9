package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// testLetter is a letter as a JSON output, a string a page, a line of it a line.
func testLetter(l letter.Letter, pages ...string) *output.File {
	f := &output.File{Schema: output.SchemaName, Version: output.SchemaVersion, Source: output.Source{Path: "scans/" + l.Signer + ".pdf", SHA256: "ab", Size: 7, Reader: "vie"}}
	if l.Number != "" {
		f.Letter = &l
	}
	for i, text := range pages {
		p := output.FilePage{Number: i + 1, Width: 1000, Height: 1000}
		for line := range strings.Lines(text) {
			var fl output.FileLine
			for _, w := range strings.Fields(line) {
				fl.Words = append(fl.Words, output.FileWord{Text: w, Confidence: 0.5})
			}
			p.Lines = append(p.Lines, fl)
		}
		f.Pages = append(f.Pages, p)
	}
	return f
}

// testLetters are the JSON outputs that most tests look at, by their names.
func testLetters() map[string]*output.File {
	return map[string]*output.File{
		"2021/a.json": testLetter(letter.Letter{Number: "1453/BTTTT-HTQT", Date: "2021-05-07", Parent: "BỘ THÔNG TIN", Issuer: "VỤ HỢP TÁC QUỐC TẾ", Type: "Công văn", Subject: "V/v tổ chức hội thảo", Language: "vi",
			Signature: letter.Signature{Title: "TS", Signer: "Nguyễn Văn Thịnh"}, Addressees: []string{"Sở A", "Sở B"}, Attachments: []string{"PHỤ LỤC 1"}},
			"Kính gửi: Các sở\nMời dự hội thảo chuyển đổi số", "Nơi nhận: Như trên"),
		"2021/b.json": testLetter(letter.Letter{Number: "?/QĐ-UBND", NumberRead: "12", Date: "2021-11", Issuer: "ỦY BAN NHÂN DÂN XÃ LÂM GIANG", Type: "Quyết định", Subject: "=1+1", Signature: letter.Signature{Signer: "Y Thịnh"}},
			"Thảo luận tại hội trường về quý đất", "Điều 2. quỹ đất công ích"),
		"2022/c.json": testLetter(letter.Letter{Number: "3/BC-THCS", Date: "2022-01-02", Issuer: "TRƯỜNG THCS", Type: "Báo cáo", Signature: letter.Signature{Signer: "H'Hen Niê"}},
			"Báo cáo số 1453 về Hội Thảo hè, thuỷ lợi"),
		"none.json": testLetter(letter.Letter{Signature: letter.Signature{Signer: "x"}}, "hội thảo không ngày tháng", ""),
	}
}

func writeOutputs(t *testing.T, dir string, files map[string]*output.File) {
	t.Helper()
	for name, f := range files {
		var b bytes.Buffer
		if err := f.Encode(&b); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), b.Bytes())
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// update brings the index of a folder up to date, and returns what changed.
func update(t *testing.T, dir string) Changes {
	t.Helper()
	x, err := Create(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	c, err := x.Update(t.Context(), []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testIndex(t *testing.T) *Index {
	t.Helper()
	dir := t.TempDir()
	writeOutputs(t, dir, testLetters())
	update(t, dir)
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// found writes hits as "path pages", best first.
func foundPages(r *Result) (out []string) {
	for _, h := range r.Hits {
		s := h.Path
		for _, m := range h.Matches {
			s += fmt.Sprint(" ", m.Page)
		}
		out = append(out, s)
	}
	return out
}

func TestSearch(t *testing.T) {
	x := testIndex(t)
	for _, tt := range []struct {
		name string
		q    Query
		want []string
	}{
		{"in a row before apart, then the newest, no date last", Query{Words: "hoi thao"}, []string{"2022/c.json 1", "2021/a.json 1", "none.json 1", "2021/b.json 1"}},
		{"case and marks do not count", Query{Words: "HỘI THẢO"}, []string{"2022/c.json 1", "2021/a.json 1", "none.json 1", "2021/b.json 1"}},
		{"as typed before the same letters", Query{Words: "quỹ đất"}, []string{"2021/b.json 1 2"}},
		{"the place of the tone does not count", Query{Words: "thủy lợi"}, []string{"2022/c.json 1"}},
		{"nor does đ", Query{Words: "dat cong ich"}, []string{"2021/b.json 2"}},
		{"quotation marks ask for a row", Query{Words: `"thao luan" hoi`}, []string{"2021/b.json 1"}},
		{"a row that is nowhere", Query{Words: `"luan thao"`}, nil},
		{"the beginning of a word", Query{Words: "chuy*"}, []string{"2021/a.json 1"}},
		{"all words, on one page", Query{Words: "hoi ich"}, nil},
		{"a number on the card is no number on the page", Query{Number: "1453"}, []string{"2021/a.json 1"}},
		{"a handwritten number by what it was read as", Query{Number: "12"}, []string{"2021/b.json 1"}},
		{"a symbol", Query{Number: "QD-UBND"}, []string{"2021/b.json 1"}},
		{"the parent is an issuer, too", Query{Issuer: "bo thong tin"}, []string{"2021/a.json 1"}},
		{"a signer of the mountains", Query{Signer: "h'hen"}, []string{"2022/c.json 1"}},
		{"words and a type", Query{Words: "hoi thao", Type: "bao cao"}, []string{"2022/c.json 1"}},
		{"from a day", Query{Words: "hoi thao", From: "2021-05-08"}, []string{"2022/c.json 1", "2021/b.json 1"}},
		{"to a month, its last day too; what has no date is in no span", Query{Words: "hoi thao", To: "2021-05"}, []string{"2021/a.json 1"}},
		{"a date alone", Query{From: "2021", To: "2021"}, []string{"2021/b.json 1", "2021/a.json 1"}},
		{"no document twice", Query{Words: "cong", Limit: 1}, []string{"2021/b.json 2"}},
		{"signs are no syntax", Query{Words: `AND OR NOT NEAR( ) ^ : - + ' { "`}, nil},
	} {
		got, err := x.Search(t.Context(), tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if d := cmp.Diff(tt.want, foundPages(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
	for _, q := range []Query{{}, {Words: " ?! "}, {Number: "/"}, {Words: "a", From: "7.5.2021"}} {
		if _, err := x.Search(t.Context(), q); !errors.Is(err, ErrQuery) {
			t.Errorf("%+v: error %v, want ErrQuery", q, err)
		}
	}
}

// Pages that have the words with the marks that were typed come before those that
// have them with others, however new these are.
func TestSearchAsTyped(t *testing.T) {
	dir := t.TempDir()
	writeOutputs(t, dir, map[string]*output.File{
		"old.json": testLetter(letter.Letter{Number: "1/A", Date: "2001-01-01"}, "quỹ đất"),
		"new.json": testLetter(letter.Letter{Number: "2/A", Date: "2021-01-01"}, "quý đạt"),
	})
	update(t, dir)
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for words, want := range map[string]string{"quỹ đất": "old.json 1", "quy dat": "new.json 1", "QUỸ dat": "old.json 1"} {
		got, err := x.Search(t.Context(), Query{Words: words})
		if err != nil || len(got.Hits) != 2 || foundPages(got)[0] != want {
			t.Errorf("%q: %v %v, want %s first of two", words, foundPages(got), err, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	text := "một hai ba bốn năm sáu bảy tám chín mười\nmười một Hội\nthảo, hội trường " + strings.Repeat("và ", 40) + "hết"
	q := Query{Words: "hoi thao"}
	w, err := q.compile()
	if err != nil {
		t.Fatal(err)
	}
	s := snippet(text, w.asks[0].groups)
	want := "… ba bốn năm sáu bảy tám chín mười mười một [Hội thảo], hội trường " + strings.TrimSpace(strings.Repeat("và ", 16)) + " …"
	if got := s.Mark("[", "]"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	b, err := s.MarshalJSON()
	if err != nil || !bytes.Contains(b, []byte(`"found":["Hội thảo"]`)) {
		t.Errorf("JSON %s, %v", b, err)
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"ĐƯỜNG Hòa Hoà", " duong hoa hoa "},
		{"Tie\u0302\u0301ng", " tieng "}, // decomposed
		{"Café ﬁnance Å", " cafe finance a "},
		{"12/QĐ-UBND: ", " 12 qd ubnd "},
	} {
		if got := fold(tt.in); got != tt.want {
			t.Errorf("fold(%+q) = %+q, want %+q", tt.in, got, tt.want)
		}
	}
}

func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	writeOutputs(t, dir, testLetters())
	write(t, filepath.Join(dir, "summary.json"), []byte(`{"documents": 4}`)) // of another kind
	steps := []struct {
		name   string
		change func()
		want   Changes
	}{
		{"all is new", func() {}, Changes{Added: 4, Pages: 7}},
		{"nothing is", func() {}, Changes{Unchanged: 4, Pages: 7}},
		{"one has changed", func() {
			writeOutputs(t, dir, map[string]*output.File{"2021/a.json": testLetter(letter.Letter{Number: "9/X"}, "khác hẳn")})
		}, Changes{Updated: 1, Unchanged: 3, Pages: 6}},
		{"one is gone", func() { os.Remove(filepath.Join(dir, "2021/b.json")) }, Changes{Removed: 1, Unchanged: 3, Pages: 4}},
		{"one is broken: what was known of it stays", func() {
			write(t, filepath.Join(dir, "2022/c.json"), []byte("{\n\"schema\": \"congvan\",\n\"version\": 1, \"pages\": [{"))
		}, Changes{Unchanged: 2, Pages: 4}},
	}
	for _, s := range steps {
		s.change()
		got := update(t, dir)
		if broken := strings.HasPrefix(s.name, "one is broken"); broken != (len(got.Failed) == 1) {
			t.Errorf("%s: failed %q", s.name, got.Failed)
		}
		got.Failed = nil
		if d := cmp.Diff(s.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, d)
		}
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for words, want := range map[string]int{"khac han": 1, "chuyen doi so": 0, "luan": 0, "thuy loi": 1} {
		got, err := x.Search(t.Context(), Query{Words: words})
		if err != nil || len(got.Hits) != want {
			t.Errorf("%q: %v, %v, want %d", words, foundPages(got), err, want)
		}
	}
}

// A run that was stopped has lost nothing but its last transaction, and the next one
// goes on.
func TestUpdateStopped(t *testing.T) {
	dir := t.TempDir()
	writeOutputs(t, dir, testLetters())
	x, err := Create(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err = x.Update(ctx, []string{dir}, func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	x.Close()
	if c := update(t, dir); c.Pages != 7 || c.Added+c.Unchanged != 4 {
		t.Errorf("afterwards: %+v", c)
	}
}

// The same outputs make the same file, and an index that is up to date is not
// written to.
func TestSameBytes(t *testing.T) {
	var files [2][]byte
	for i := range files {
		dir := t.TempDir()
		writeOutputs(t, dir, testLetters())
		for range i + 1 {
			update(t, dir)
		}
		files[i], _ = os.ReadFile(filepath.Join(dir, Name))
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the files differ")
	}
}

func TestNoIndex(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); !errors.Is(err, ErrNoIndex) {
		t.Errorf("empty folder: %v", err)
	}
	other, err := connect(filepath.Join(dir, "other.sqlite"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.db.Exec(`CREATE TABLE precious (a)`); err != nil {
		t.Fatal(err)
	}
	other.Close()
	if _, err := Open(other.path); !errors.Is(err, ErrNoIndex) {
		t.Errorf("another program's file: %v", err)
	}
	if _, err := Create(other.path); err == nil {
		t.Error("another program's file was taken for an index")
	}
	write(t, filepath.Join(dir, "text.sqlite"), []byte("no database at all, but long enough to be looked at as if it were one"))
	if _, err := Create(filepath.Join(dir, "text.sqlite")); err == nil {
		t.Error("a text was taken for an index")
	}
}

func TestCSV(t *testing.T) {
	x := testIndex(t)
	var b bytes.Buffer
	if err := x.WriteCSV(t.Context(), &b, true); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\r\n")
	want := `2021.0000001,2021,1,Công văn,1453,BTTTT-HTQT,2021-05-07,VỤ HỢP TÁC QUỐC TẾ,V/v tổ chức hội thảo,Tiếng Việt,2,,,,,Số hóa,,,1,2021/a.json,scans/Nguyễn Văn Thịnh.pdf,ab,7,vie,BỘ THÔNG TIN,VỤ HỢP TÁC QUỐC TẾ,1453/BTTTT-HTQT,,,2021-05-07,Công văn,V/v tổ chức hội thảo,Sở A; Sở B,,PHỤ LỤC 1,,,TS,Nguyễn Văn Thịnh,,,,vi,2,0.5000`
	if len(lines) != 6 || lines[1] != want || !strings.HasPrefix(lines[0], "\ufeffDocCode,FileCode,") {
		t.Errorf("got:\n%s\nwant after the names:\n%s", b.String(), want)
	}
	if !strings.Contains(lines[2], ",'=1+1,") || strings.Contains(b.String(), ",=1+1") {
		t.Errorf("a formula came out as it is:\n%s", b.String())
	}
}

// Pages of a letter that begins inside a file are found by its number and date.
func TestSecondLetter(t *testing.T) {
	dir := t.TempDir()
	f := testLetter(letter.Letter{Number: "1/QĐ", Date: "2020-01-01", Pages: &letter.PageRange{From: 1, To: 1},
		More: []*letter.Letter{{Number: "2/TB", Date: "2021-02-03", Pages: &letter.PageRange{From: 2, To: 3}}}}, "một", "hai", "ba")
	writeOutputs(t, dir, map[string]*output.File{"a.json": f})
	update(t, dir)
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for _, tt := range []struct {
		q    Query
		page int
	}{{Query{Number: "2/TB"}, 2}, {Query{Words: "ba", From: "2021"}, 3}, {Query{Number: "1/QĐ"}, 1}, {Query{Words: "hai", Number: "1/QĐ"}, 0}, {Query{Words: "một", From: "2021"}, 0}} {
		r, err := x.Search(t.Context(), tt.q)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if len(r.Hits) > 0 {
			got = r.Hits[0].Matches[0].Page
		}
		if got != tt.page {
			t.Errorf("%+v: page %d, want %d", tt.q, got, tt.page)
		}
	}
}

// Whatever is typed is an answer or ErrQuery, never an error of SQLite.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"hoi thao", `"a b`, `a"b`, "*", "a* *b", "NEAR(a b)", "text:a", "\x00", "é ǆ ß", "^a", "a -b"} {
		f.Add(s, "1")
	}
	dir := f.TempDir()
	x, err := Create(filepath.Join(dir, Name))
	if err != nil {
		f.Fatal(err)
	}
	defer x.Close()
	f.Fuzz(func(t *testing.T, words, number string) {
		if _, err := x.Search(t.Context(), Query{Words: words, Number: number}); err != nil && !errors.Is(err, ErrQuery) {
			t.Errorf("%q, %q: %v", words, number, err)
		}
	})
}

// FuzzDecode: what is taken for a JSON output gives cards and texts, or is refused.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema": "congvan","version":1,"pages":[{"number":1,"lines":[{"words":[{"text":"a","confidence":1}]}]}]}`))
	f.Add([]byte(`{"schema": "congvan","version":1,"letter":{"more":[{},null]},"pages":[null]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := decode(in)
		if err != nil {
			return
		}
		if ours(in) {
			cardOf("a.json", file, &file.Letter)
		}
		for _, p := range file.Pages {
			p.text()
		}
	})
}
