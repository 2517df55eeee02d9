package channels

import (
	"os"
	"path/filepath"
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
