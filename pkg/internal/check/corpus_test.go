package check

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

const shared = "../../../../shared/data/"

// cleanFiles divides the clean development texts into some 500 files.
func cleanFiles(t testing.TB) []string {
	paths, _ := filepath.Glob(shared + "dev/stripped/*.gold.txt")
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
		for line := range strings.Lines(string(b)) {
			cur.WriteString(line)
			if cur.Len() >= 3000 {
				files = append(files, cur.String())
				cur.Reset()
			}
		}
	}
	return files
}

func ids(fs []Finding) map[string]int {
	m := map[string]int{}
	for _, f := range fs {
		m[f.Rule.ID]++
	}
	return m
}

func TestCleanCorpus(t *testing.T) {
	files := cleanFiles(t)
	c := New(Options{})
	all := map[string]int{}
	shown := map[string]int{}
	for _, s := range files {
		for _, f := range c.Check("x", []byte(s)) {
			all[f.Rule.ID]++
			if f.Severity == Error {
				t.Errorf("%s: %s", f.Rule.ID, f.Message)
			} else if shown[f.Rule.ID]++; shown[f.Rule.ID] <= 40 {
				t.Logf("%s: %s", f.Rule.ID, f.Message)
			}
		}
	}
	t.Logf("%d files: %v", len(files), all)
}

// At most one syllable in 5,000 of clean text is called likely wrong. (Most of
// those on the development texts are typing errors in them.)
func TestLikelyWrongWords(t *testing.T) {
	files := cleanFiles(t)
	m, err := models.Files().Open(restore.Clean)
	if err != nil {
		t.Fatal(err)
	}
	l := NewModel(m.Language, 0)
	alarms, syllables := 0, 0
	if os.Getenv("CONGVAN_FULL") == "" {
		files = files[:200]
	}
	for _, s := range files {
		syllables += len(strings.Fields(s))
		l.Suspects(s, func(rule string, _, _ int, _ string) {
			if rule == "CV010" {
				alarms++
			}
		})
	}
	t.Logf("%d of %d", alarms, syllables)
	if alarms*5000 > syllables {
		t.Errorf("%d alarms on %d syllables", alarms, syllables)
	}
}

// garble imitates an English reader.
func garble(s string, rng *rand.Rand) string {
	marks := map[rune][]string{
		'ư': {"u", "w", "ir"}, 'ứ': {"ir", "tr", "u"}, 'ủ': {"ti", "u"}, 'ú': {"ui", "ii", "u"}, 'ổ': {"6", "o"}, 'ố': {"6", "d"}, 'ộ': {"6", "é"},
		'đ': {"d"}, 'Đ': {"D", "P", "B"}, 'ự': {"y", "u"}, 'ợ': {"g", "q"}, 'ơ': {"o"}, 'ẽ': {"é"}, 'ệ': {"é", "¢"}, 'ế': {"é", "e"}, 'ạ': {"a", "g"}, 'ả': {"a", "4"}, 'ô': {"6", "o"},
	}
	return strings.Map(func(r rune) rune { return r }, func() string {
		var b strings.Builder
		for _, r := range norm.NFC.String(s) {
			if m := marks[r]; m != nil {
				b.WriteString(m[rng.IntN(len(m))])
			} else if viet.IsMarked(r) && rng.IntN(10) > 0 {
				b.WriteRune(viet.StripRune(r))
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}())
}

func TestSpoiltCorpus(t *testing.T) {
	files := cleanFiles(t)
	if os.Getenv("CONGVAN_FULL") == "" {
		files = files[200:240]
	}
	rng := rand.New(rand.NewPCG(1, 1))
	c := New(Options{})
	spoil := map[string]func(string) string{
		"CV001": func(s string) string { return garble(s, rng) },
		"CV002": viet.Strip,
		"CV007": norm.NFD.String,
		"CV004": encoder(legacy.NameUTF16LE),
		"CV005": encoder(legacy.NameDouble),
	}
	for _, n := range []string{legacy.NameTCVN3, legacy.NameVNI, legacy.NameVISCII, legacy.NameCP1258, legacy.NameVIQR} {
		spoil["CV003 "+n] = encoder(n)
		spoil["CV003 wrapped "+n] = func(s string) string {
			if n == legacy.NameVIQR {
				return encoder(n)(s)
			}
			w := []rune{}
			for _, b := range []byte(encoder(n)(s)) {
				w = append(w, rune(b))
			}
			return string(w)
		}
	}
	for name, f := range spoil {
		id := name[:5]
		missed := 0
		for _, s := range files {
			bad := f(s)
			got := ids(c.Check("x", []byte(bad)))
			if got[id] == 0 || id != "CV007" && len(got) > 1 && got["CV001"]+got["CV002"]+got["CV003"]+got["CV004"]+got["CV005"] > got[id] {
				if missed++; missed < 4 {
					t.Errorf("%s: %v in %q", name, got, bad[:min(len(bad), 300)])
				}
			}
		}
		t.Logf("%s: %d of %d files missed", name, missed, len(files))
	}
}

func encoder(name string) func(string) string {
	return func(s string) string {
		e, _, _ := legacy.Lookup(name)
		out, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(s)
		if err != nil {
			panic(err)
		}
		return out
	}
}

// Pages as an English reader garbled them, whole and in pieces, and as a
// Vietnamese one read them.
func TestReadPages(t *testing.T) {
	paths, _ := filepath.Glob(shared + "pairs/dev/*.eng.txt")
	real, _ := filepath.Glob(shared + "dev/real/*.eng.txt")
	paths = append(append(paths, real...), shared+"dev/letters/000.raw.txt")
	if len(real) == 0 {
		t.Skip("SKIPPED: the development pages are not here")
	}
	c := New(Options{})
	pieces, missed := 0, 0
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(c.Check(p, b)); got["CV001"] == 0 || got["CV002"]+got["CV003"]+got["CV005"] > 0 {
			t.Errorf("%s: %v", p, got)
		}
		for s := string(b); len(s) > 500; s = s[500:] {
			pieces++
			if got := ids(c.Check(p, []byte(strings.ToValidUTF8(s[:500], "")))); got["CV001"] == 0 {
				missed++
			}
		}
		vie, err := os.ReadFile(strings.Replace(p, ".eng.", ".vie.", 1))
		if err == nil && !strings.Contains(p, "raw") {
			if got := ids(c.Check(p, vie)); got["CV001"]+got["CV002"]+got["CV003"]+got["CV004"]+got["CV005"]+got["CV006"] > 0 {
				t.Errorf("%s: %v", p, got)
			}
		}
	}
	t.Logf("%d of %d pieces of 500 bytes missed", missed, pieces)
}

// The Universal Declaration of Human Rights in other languages has no findings.
// CONGVAN_UDHR names a folder of its texts, vie.txt among them.
func TestOtherLanguages(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(os.Getenv("CONGVAN_UDHR"), "*.txt"))
	if os.Getenv("CONGVAN_UDHR") == "" || len(paths) == 0 {
		t.Skip("SKIPPED: CONGVAN_UDHR names no folder with texts in other languages")
	}
	c := New(Options{})
	latin := 0
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Latin, r) {
				return 'a'
			}
			return -1
		}, string(b)), "a")*2 > len([]rune(string(b))) {
			latin++
		}
		fs := c.Check(p, b)
		if filepath.Base(p) == "vie.txt" {
			for _, f := range fs {
				t.Logf("vie: %s %s", f.Rule.ID, f.Message)
			}
			continue
		}
		for _, f := range fs {
			t.Errorf("%s:%d: %s %s", filepath.Base(p), f.Line, f.Rule.ID, f.Message)
		}
		// In pieces as well.
		lines := strings.SplitAfter(string(b), "\n")
		for len(lines) > 0 {
			n := min(len(lines), 12)
			for _, f := range c.Check(p, []byte(strings.Join(lines[:n], ""))) {
				t.Errorf("%s, piece:%d: %s %s", filepath.Base(p), f.Line, f.Rule.ID, f.Message)
			}
			lines = lines[n:]
		}
	}
	t.Logf("%d texts, %d in Latin letters", len(paths), latin)
}
