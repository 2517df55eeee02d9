package legacy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// clean splits the development corpus into files of 200 characters and more.
func clean(t *testing.T, size int) []string {
	paths, _ := filepath.Glob("../../../../shared/data/dev/stripped/*.gold.txt")
	if len(paths) == 0 {
		t.Skip("SKIPPED: the development corpus is not here")
	}
	var files []string
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var cur strings.Builder
		n := 0
		for line := range strings.Lines(string(b)) {
			cur.WriteString(line)
			if cur.Len() >= size {
				files = append(files, cur.String())
				cur.Reset()
				if n++; n == 170 {
					break
				}
			}
		}
	}
	return files
}

// Every file of 200 characters or more is named rightly in every encoding that
// can write it, and as what it is when nothing is wrong with it.
func TestCorpus(t *testing.T) {
	for _, size := range []int{300, 3000} {
		files := clean(t, size)
		if len(files) < 500 && size < 1000 {
			t.Fatalf("only %d files", len(files))
		}
		if os.Getenv("CONGVAN_FULL") == "" {
			files = files[len(files)/2-40 : len(files)/2+40]
		}
		tried, wrong, like := 0, 0, 0
		for _, name := range Names() {
			e, _, _ := Lookup(name)
			for _, s := range files {
				if name == NameVIQR || name == NameDouble {
					s = strings.Map(quotes, s)
				}
				raw, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(s))
				if err != nil {
					t.Fatal(err)
				}
				inputs := [][]byte{raw}
				if eightBit[name] != nil {
					w, _, _ := transform.Bytes(redouble{}, raw)
					inputs = append(inputs, w)
				}
				for i, in := range inputs {
					tried++
					d := Detect(in)
					if name == NameTCVN5712 && d.Name == NameTCVN3 {
						like++ // none of the letters that only VN1 has
					} else if d.Name != name || d.Wrapped != (i == 1) {
						wrong++
						if wrong < 20 {
							t.Errorf("%s %d: taken for %v (%.2f): %q", name, i, d, d.Confidence, s[:150])
						}
					}
				}
			}
		}
		t.Logf("%d files, %d tries, %d wrong, %d VN1 like TCVN3", len(files), tried, wrong, like)
	}
}

func quotes(r rune) rune {
	switch r {
	case '“', '”':
		return '"'
	case '–', '—':
		return '-'
	}
	return r
}
