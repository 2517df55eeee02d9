package check

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// counting is a language model that finds nothing and counts how often it is asked.
type counting struct{ asked int }

func (c *counting) Suspects(string, Report) { c.asked++ }

// A text is checked once, whatever its name, unless the options, the program or its
// bytes are others; what comes out of the cache is what went in.
func TestCache(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.json")
	text := []byte("Các đơn vị báo cáo vể kết qủa thực hiện nhiệm vụ đựơc giao cho đƣợc.\n")
	for _, tt := range []struct {
		name, maker, variant, add string
		asks                      bool
	}{
		{"first", "a", "x", "", true},
		{"again", "a", "x", "", false},
		{"other options", "a", "y", "", true},
		{"both", "a", "y", "", false},
		{"other bytes", "a", "x", "\n", true},
		{"other program", "b", "x", "", true},
		{"that one again", "b", "x", "", false},
		{"forgotten", "a", "x", "", true},
	} {
		c, err := OpenCache(path, tt.maker)
		if err != nil {
			t.Fatal(err)
		}
		lm := &counting{}
		data := append(text[:len(text):len(text)], tt.add...)
		got := c.Check(New(Options{LM: lm}), tt.variant, tt.name+".txt", data)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if asked := lm.asked > 0; asked != tt.asks {
			t.Errorf("%s: checked %v, want %v", tt.name, asked, tt.asks)
		}
		want := New(Options{}).Check(tt.name+".txt", data)
		if len(want) < 3 {
			t.Fatalf("there is little to remember: %v", want)
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Finding{})); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

// A file that is no cache is not written over; one that is damaged is made anew.
func TestCacheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("Kính gửi\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCache(path, "a"); !errors.Is(err, ErrNoCache) {
		t.Errorf("a letter is taken for a cache: %v", err)
	}
	for _, rest := range []string{"", "{", "null", `{"k":null}`, `{"k":{"day":1}}`} {
		if err := os.WriteFile(path, []byte(`{"magic":"congvan check cache 1","maker":"a"}`+"\n"+rest), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path, "a")
		if err != nil || len(c.texts) != 0 {
			t.Errorf("%q: %v, %v", rest, c, err)
			continue
		}
		c.Check(New(Options{}), "", "a.txt", []byte("kết qủa"))
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if c, err = OpenCache(path, "a"); err != nil || len(c.texts) != 1 {
			t.Errorf("after %q: %v, %v", rest, c, err)
		}
	}
}

// A cache of any bytes is refused, or used and written again.
func FuzzCache(f *testing.F) {
	head := `{"magic":"congvan check cache 1","maker":"a"}` + "\n"
	f.Add([]byte(head + `{"k":{"day":20000,"findings":[{"id":"CV001","line":-1,"column":9}]}}`))
	f.Add([]byte(head + `{"k":{"day":9223372036854775807,"findings":[{}]}}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		path := filepath.Join(t.TempDir(), "cache")
		if err := os.WriteFile(path, in, 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path, "a")
		if err != nil {
			return
		}
		for key := range c.texts {
			c.get(key, "a.txt")
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCache(path, "a"); err != nil {
			t.Errorf("%q is written as what is refused: %v", in, err)
		}
	})
}
