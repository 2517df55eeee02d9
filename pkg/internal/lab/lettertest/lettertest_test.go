package lettertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrong(t *testing.T) {
	for _, tt := range []struct {
		name, truth, text string
		lost, extra       []string
	}{
		{"nothing", "Ủy ban nhân dân,\ntỉnh.", "tỉnh Ủy ban, nhân dân", nil, nil},
		{"marks", "Ủy ban nhân dân", "Uy ban nhân dan", []string{"Ủy", "dân"}, []string{"Uy", "dan"}},
		{"a word twice", "xã, xã và xã", "xã và xa", []string{"xã", "xã"}, []string{"xa"}},
		{"joined", "của tỉnh", "củatỉnh", []string{"của", "tỉnh"}, []string{"củatỉnh"}},
		{"composition does not count", "tiếng", "tie\u0302\u0301ng", nil, nil},
		{"case and marks inside a code do", "12/QĐ-TTg", "12/QD-TTg", []string{"12/QĐ-TTg"}, []string{"12/QD-TTg"}},
	} {
		lost, extra := Wrong(tt.truth, tt.text)
		if d := cmp.Diff(lost, tt.lost) + cmp.Diff(extra, tt.extra); d != "" {
			t.Errorf("%s: lost %q, instead %q", tt.name, lost, extra)
		}
	}
}

func TestGarbles(t *testing.T) {
	const text = "Số: 12/QĐ-UBND\nNgười được hưởng chế độ nghỉ lễ, e-mail: a@b.vn"
	want := map[string]string{
		"strip": "So: 12/QD-UBND\nNguoi duoc huong che do nghi le, e-mail: a@b.vn",
		"tones": "Sô: 12/QĐ-UBND\nNgươi đươc hương chê đô nghi lê, e-mail: a@b.vn",
		"half":  "Số: 12/QD-UBND\nNguoi được huong chế độ nghỉ le, e-mail: a@b.vn",
		"apart": "Sô': 12/QĐ-UBND\nNgu'o'`i đu'ợc hu'o'?ng chê' đô. nghỉ lê~, e-mail: a@b.vn",
		"west":  "Sô: 12/QD-UBND\nNgüöi đüöc hüóng chế ðô nghí lễ, e-mail: a@b.vn",
		"tilde": "S~: 12/QĐ-UBND\nNgu~i đuợc huong ch~ đ~ nghỉ l~, e-mail: a@b.vn",
	}
	for _, g := range Garbles {
		got := g.Make(text)
		if got != want[g.Name] {
			t.Errorf("%s:\n%s\nwant\n%s", g.Name, got, want[g.Name])
		}
		if g.Make(text) != got || strings.Count(got, "\n") != 1 {
			t.Errorf("%s makes another text at times, or other lines", g.Name)
		}
	}
}

// A table holds: what gets worse fails, what gets better is told, and only
// -update writes.
func TestTable(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("made", func(t *testing.T) {
		tb := OpenTable(t, "counts.txt", "words", true)
		tb.Count(t, "b", "eng", "một hai ba", "mot hai")
		tb.Add(t, "a", "eng", 0, "")
		tb.Add(t, "a", "vie", 12, "")
	})
	const file = "# words\n        eng     vie\na         0      12\nb         2       -\nall       2      12\n"
	tb := OpenTable(t, "counts.txt", "words", false)
	if got := tb.String(); got != file {
		t.Errorf("the table is\n%swant\n%s", got, file)
	}
	for _, tt := range []struct {
		row, col string
		n        int
		fails    bool
	}{
		{"b", "eng", 2, false},
		{"b", "eng", 1, false}, // better
		{"b", "eng", 3, true},
		{"b", "vie", 0, true}, // the table lacks it
	} {
		probe := &probe{TB: t}
		tb.Add(probe, tt.row, tt.col, tt.n, "")
		if probe.failed != tt.fails {
			t.Errorf("%v: failed %v", tt, probe.failed)
		}
	}
}

// probe is a test that only notes that it failed.
type probe struct {
	testing.TB
	failed bool
}

func (p *probe) Helper()               {}
func (p *probe) Logf(string, ...any)   {}
func (p *probe) Errorf(string, ...any) { p.failed = true }

func TestLostLines(t *testing.T) {
	for _, tt := range []struct {
		truth, text string
		want        []string
	}{
		{"a\nb\n\nc\n", "a\nb\nc", nil},
		{"a\nb\fc", "b\na\nc", []string{"a"}},
		{"a\nb\nc", "a b\nc\nd", []string{"a", "b"}},
		{"a\na", "a", []string{"a"}},
		{"", "a", nil},
	} {
		if got := LostLines(tt.truth, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("LostLines(%q, %q) = %q, want %q", tt.truth, tt.text, got, tt.want)
		}
	}
}
