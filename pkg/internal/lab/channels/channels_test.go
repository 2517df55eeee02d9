package channels

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A page is one with pairs or with a reading by the one asked for; pairs go first.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"b.gold.txt": "Kính gửi\n", "b.eng.txt": "Kinh gti\n",
		"a.gold.txt": "x\n", "a.eng.txt": "y\n", "a.pairs.eng.tsv": "Số\tSo\nno tab\n",
		"c.gold.txt": "nobody read it\n", "d.gold.txt": "x\n", "d.vie.txt": "x\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := Find([]string{dir}, "eng")
	if err != nil || len(pages) != 2 {
		t.Fatalf("%v, %v", pages, err)
	}
	for i, want := range [][2]string{{"Số", "So"}, {"Kính gửi", "Kinh gti"}} {
		got, err := pages[i].Pairs()
		if err != nil || len(got) != 1 || got[0].Gold != want[0] || got[0].Read != want[1] {
			t.Errorf("page %d: %v, %v; want %q", i, got, err, want)
		}
	}
}

// A reader that others are like is known from them, another is not.
func TestWorths(t *testing.T) {
	dir := t.TempDir()
	lines := func(signs ...string) string {
		read := strings.NewReplacer(signs...)
		return read.Replace(strings.Repeat("ban hành kế hoạch\nthực hiện nhiệm vụ của xã\nđề nghị các đơn vị báo cáo\n", 20))
	}
	for reader, text := range map[string]string{
		"gold": lines(), "one": lines("ế", "é", "ệ", "ê", "à", "a"), "two": lines("ế", "é", "ệ", "ê", "ạ", "a"),
		"odd": lines("ế", "8", "ệ", "~", "à", "@", "ạ", "9", "ự", "\\l", "á", "4", "ị", "j", "ơ", "Q", "ụ", "\\1"),
	} {
		if err := os.WriteFile(filepath.Join(dir, "p."+reader+".txt"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	readers, pages := []string{"one", "two", "odd"}, map[string][]Page{}
	for _, r := range readers {
		found, err := Find([]string{dir}, r)
		if err != nil {
			t.Fatal(err)
		}
		pages[r] = found
	}
	got, err := Worths(readers, pages)
	if err != nil || len(got) != len(readers) {
		t.Fatal(got, err)
	}
	for i, w := range got {
		if w.Reader != readers[i] || w.Words < 200 || w.Own <= w.Others {
			t.Errorf("%+v: it does not know itself best", w)
		}
	}
	if odd := got[2]; odd.Others >= got[0].Others || odd.Others >= got[1].Others {
		t.Errorf("the odd one is known as well as the others: %+v", got)
	}
}
