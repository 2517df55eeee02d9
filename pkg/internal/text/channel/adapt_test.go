package channel

import (
	"fmt"
	"slices"
	"testing"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// foreign is lessons of a reader that writes ~ for ế, § for ộ and S for other
// letters with a quality and a tone.
func foreign() *Lessons {
	l := new(Lessons)
	for _, p := range []Pair{
		{"tiếng", "ti~ng"}, {"kế", "k~"}, {"thế", "th~"}, {"hội", "h§i"}, {"bộ", "b§"}, {"cộng", "c§ng"},
		{"của", "cua"}, {"nhân", "nhan"}, {"dân", "dan"}, {"thống", "thSng"}, {"số", "sS"}, {"bổ", "bS"},
	} {
		for range 4 {
			l.Add(p.Word, p.Read, 0.9)
		}
	}
	return l
}

func TestAdapt(t *testing.T) {
	base := shipped(t, "eng")
	m := base.Adapt(foreign())
	for _, tt := range []struct{ word, read string }{
		{"quyết", "quy~t"}, // ~ is ế in words that were no lesson
		{"mộng", "m§ng"},   // a sign that the channel did not know
		{"Ế", "~"},         // and in the other case
		{"mống", "mSng"},
	} {
		if before, after := base.Log10(tt.word, tt.read), m.Log10(tt.word, tt.read); after < before+0.5 {
			t.Errorf("%s read as %s: %.2f became %.2f", tt.word, tt.read, before, after)
		}
	}
	// What the document did not show is as it was.
	for _, p := range []Pair{{"phủ", "phti"}, {"đã", "da"}, {"Ủy", "Uy"}} {
		if before, after := base.Log10(p.Word, p.Read), m.Log10(p.Word, p.Read); after < before-1 {
			t.Errorf("%s read as %s: %.2f became %.2f", p.Word, p.Read, before, after)
		}
	}
	if base.Likeness(foreign()) > -0.4 || m.Likeness(foreign()) < -0.3 {
		t.Errorf("likeness %.2f became %.2f", base.Likeness(foreign()), m.Likeness(foreign()))
	}
}

func TestAdaptFinds(t *testing.T) {
	lex := lexiconOf([]string{"quyết", "quyên", "mộng", "mong", "một"})
	s := NewSearch(shipped(t, "eng").Adapt(foreign()), lex)
	for token, want := range map[string]string{"quy~t": "quyết", "m§ng": "mộng"} {
		if got := s.Find(token, viet.Lower); len(got) == 0 || lex.Words[got[0].Word] != want {
			t.Errorf("Find(%q) = %v, want %s", token, got, want)
		}
	}
	for _, token := range []string{"中国队", "สวัสดี", "مرحبا", "nghi中p", "гражданство", "χώρα"} { // other writings are no signs
		if got := s.Find(token, viet.Lower); len(got) != 0 {
			t.Errorf("Find(%q) = %v, want nothing", token, got)
		}
	}
}

// Adapting moves chances about and makes none: what a context gives to its
// readings and to the shorter context is one, or as much as it was where the
// training dropped readings that were too rare.
func TestAdaptSumsToOne(t *testing.T) {
	base := shipped(t, "eng")
	m := base.Adapt(foreign())
	for i, r := range m.edits.rows {
		if k := key(r.context) << 27; i == noRow || i == len(m.edits.rows)-1 || !isContext(k) {
			continue
		} else if before, now := sumOf(base, k), sumOf(m, k); now > 1.02 || now < before-0.02 {
			t.Fatalf("shares of %x add up to %v, were %v", r.context, now, before)
		}
	}
}

// sumOf adds up the row of a context, 1 if there is none.
func sumOf(m *Model, k key) (sum float32) {
	row := m.edits.row(k)
	if row == noRow {
		return 1
	}
	for _, p := range m.edits.shares[m.edits.rows[row].first:m.edits.rows[row+1].first] {
		sum += p
	}
	return sum
}

// An adapted channel can be kept and opened.
func TestAdaptRoundTrip(t *testing.T) {
	m := shipped(t, "eng").Adapt(foreign()).Named("scanner")
	got, err := Load(bytesOf(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if p := (Pair{"quyết", "quy~t"}); got.Name != "scanner" || !near(got.Log10(p.Word, p.Read), m.Log10(p.Word, p.Read), 0.01) {
		t.Errorf("%s: %.3f became %.3f", got.Name, m.Log10(p.Word, p.Read), got.Log10(p.Word, p.Read))
	}
}

// The order of lessons does not matter, and there is an end to what they hold.
func TestLessons(t *testing.T) {
	a, b := new(Lessons), new(Lessons)
	pairs := []Pair{{"kế", "k~"}, {"bộ", "b§"}, {"kế", "ke"}}
	for _, p := range pairs {
		a.Add(p.Word, p.Read, 0.8)
	}
	slices.Reverse(pairs)
	for _, p := range pairs {
		b.Add(p.Word, p.Read, 0.8)
	}
	base := small()
	if x, y := base.Adapt(a), base.Adapt(b); string(bytesOf(t, x)) != string(bytesOf(t, y)) {
		t.Error("the order of lessons matters")
	}
	if !near(a.Letters(), 6*0.8, 1e-9) {
		t.Errorf("%v letters", a.Letters())
	}
	for i := range 2 * maxLessons {
		a.Add("kế", fmt.Sprint("k", i), 1)
	}
	if len(a.pairs) != maxLessons {
		t.Errorf("%d lessons are held", len(a.pairs))
	}
}

// U+FFFD and "?" are letters that were not read, and signs that no training saw
// may be any letter.
func TestFindUnread(t *testing.T) {
	lex := lexiconOf([]string{"nghiệp", "nghỉ", "phường"})
	s := NewSearch(shipped(t, "eng"), lex)
	for token, want := range map[string]string{"nghi\ufffdp": "nghiệp", "nghi?p": "nghiệp", "ph\ufffd\ufffdng": "phường", "nghi▒p": "nghiệp"} {
		if got := s.Find(token, viet.Lower); len(got) == 0 || lex.Words[got[0].Word] != want {
			t.Errorf("Find(%q) = %v, want %s", token, got, want)
		}
	}
}
