package channel

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// shipped returns one of the channels that the program ships.
func shipped(t testing.TB, name string) *Model {
	t.Helper()
	data, err := os.ReadFile("../../../../models/" + name + ".channel")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// bytesOf returns the file of a model.
func bytesOf(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("WriteTo = %d, %v; wrote %d", n, err, b.Len())
	}
	return b.Bytes()
}

// small returns a channel trained on a hand-made reader: it loses the marks of
// most letters, and reads ủ as ti now and then.
func small() *Model {
	t := NewTrainer()
	add := func(n int, truth, read string) {
		for range n {
			t.Add(truth, read)
		}
	}
	add(6, "của", "cua")
	add(2, "của", "ctia")
	add(8, "tỉnh đã họp", "tinh da hop")
	add(4, "hoạt động xã", "hoat dong xa")
	add(5, "ngày sáng", "ngay sang")
	add(3, "phủ thủ chủ", "phti thti chti")
	add(6, "phủ thủ chủ", "phu thu chu")
	return t.Train("hand", "by hand", nil)
}

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// Of 8 times that "của" was seen, 6 were read "cua" and 2 "ctia". Each loses the
// discount of 0.75, and a tenth is left to the letters at the least:
// (6-0.75)/8·0.9 and (2-0.75)/8·0.9; the rest is for the letters.
func TestMemory(t *testing.T) {
	m := small()
	mem := m.memory.word("của")
	if mem == nil {
		t.Fatal("a word seen eight times is not remembered")
	}
	for _, tt := range []struct {
		name      string
		got, want float32
	}{
		{"cua", m.memory.seen(mem, "cua"), 0.590625},
		{"ctia", m.memory.seen(mem, "ctia"), 0.140625},
		{"rest", mem.rest, 0.26875},
	} {
		if !near(float64(tt.got), float64(tt.want), 1e-6) {
			t.Errorf("%s: share %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	// A reading that the memory does not hold has the share of the letters only.
	letters := m.align(m.alphabet.encode("của"), 0, 3, m.alphabet.encode("củ"))
	if got, want := m.Log10("của", "củ"), math.Log10(0.26875*letters); !near(got, want, 1e-4) {
		t.Errorf("Log10 of an unknown reading = %v, want %v", got, want)
	}
	if got := math.Pow(10, m.Log10("của", "cua")); got < 0.590625 || got > 0.590625+0.26875 {
		t.Errorf("P(cua|của) = %v, want from 0.59 to 0.86", got)
	}
	if got := slices.Collect(m.memory.recall("ctia")); !slices.Equal(got, []string{"của"}) {
		t.Errorf("remembered for ctia: %q", got)
	}
}

// Three spaces between the words of nine pairs; half a lost space is added to
// what was seen, as to all counts of so rare things.
func TestSpaces(t *testing.T) {
	tr := NewTrainer()
	for range 3 {
		tr.Add("tỉnh thành phố", "tinh thanhpho") // two pairs, one space lost
	}
	tr.Add("tỉnh họp", "tinh ho p") // two pairs, one space added
	m := tr.Train("x", "", nil)
	if want := (3 + 0.5) / (8 + 1); !near(m.LostSpace, want, 1e-9) {
		t.Errorf("LostSpace = %v, want %v", m.LostSpace, want)
	}
	if want := (1 + 0.5) / (8 + 1); !near(m.AddedSpace, want, 1e-9) {
		t.Errorf("AddedSpace = %v, want %v", m.AddedSpace, want)
	}
	if tr.Len() != 4 { // words with a space on either side teach only of spaces
		t.Errorf("Len = %d, want 4", tr.Len())
	}
}

// The chances of all that a letter may be read as come to about one: the
// members of a relation are round figures.
func TestReadingsSumToOne(t *testing.T) {
	for _, m := range []*Model{small(), shipped(t, "eng"), shipped(t, "vie")} {
		for _, around := range []string{"của", "ngày", "động", "Sở", "phủ"} {
			w := m.alphabet.encode(around)
			for i := range w {
				sum := float64(m.letter(at(w, i-1), w[i], at(w, i+1), nil))
				for c := firstCode; int(c) < len(m.alphabet.runes); c++ {
					sum += float64(m.letter(at(w, i-1), w[i], at(w, i+1), []code{c}))
				}
				if sum < 0.5 || sum > 1.1 {
					t.Errorf("%s: readings of %q in %q come to %.3f", m.Name, string([]rune(around)[i]), around, sum)
				}
			}
		}
	}
}

// What the reader did in training is likelier than what it did not.
func TestLog10(t *testing.T) {
	hand, eng, vie := small(), shipped(t, "eng"), shipped(t, "vie")
	for _, tt := range []struct {
		m                  *Model
		word, right, wrong string
	}{
		{hand, "của", "cua", "xyz"},
		{hand, "phủ", "phti", "phta"},
		{hand, "thủ", "thti", "thn"},
		{hand, "tình", "tinh", "tianh"}, // not seen, but its letters were
		{eng, "của", "cua", "cha"},
		{eng, "của", "ctia", "cxza"},
		{eng, "ở", "6", "b"},
		{eng, "thứ", "thtr", "thom"},
		{eng, "Độc", "Déc", "Dxc"},
		{eng, "Số", "S6", "S4"},
		{eng, "gửi", "gti", "gni"},
		{vie, "của", "của", "cua"},
		{vie, "ngày", "ngày", "ngảy"},
		{vie, "mức", "mức", "mực"},
	} {
		right, wrong := tt.m.Log10(tt.word, tt.right), tt.m.Log10(tt.word, tt.wrong)
		if right <= wrong {
			t.Errorf("%s: %q as %q %.2f, as %q %.2f", tt.m.Name, tt.word, tt.right, right, tt.wrong, wrong)
		}
		if right > 1e-6 {
			t.Errorf("%s: %q as %q: %.4f is no logarithm of a chance", tt.m.Name, tt.word, tt.right, right)
		}
	}
}

func TestKeepsMarks(t *testing.T) {
	if shipped(t, "eng").KeepsMarks() {
		t.Error("eng passes for a reader that keeps marks")
	}
	if !shipped(t, "vie").KeepsMarks() {
		t.Error("vie does not pass for a reader that keeps marks")
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"ngày", "ngày"},
		{"“a”", `"a"`},
		{"d’a – b — c", "d'a - b - c"},
	} {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// syllables is a small vocabulary.
var syllables = strings.Fields(`của cửa cua chủ chu chi phủ phú phố phó thủ thứ thu thư thử sở số sổ so sơ
	ở ô ơ ngày ngay ngày sáng sang sảng năm nằm nam độc đọc lập lặp tự từ tư do hạnh phúc tỉnh tinh tình
	đã đa động đồng đông hoạt xã xa họp hợp gửi kính uỷ ủy ban nhân dân huyện thị thành giám đốc`)

func lexiconOf(words []string) *Lexicon {
	words = slices.Compact(slices.Sorted(slices.Values(words)))
	return NewLexicon(words, slices.Repeat([]float32{1}, len(words)))
}

// inPieces is a reader that takes several letters for one: nh for M, inh for W.
func inPieces() *Model {
	m := small()
	t := newTable(1 << 10)
	m.edits.all(t.set)
	for letters, read := range map[string]string{"nh": "M", "inh": "W"} {
		k := segmentKey(m.alphabet.encode(letters))
		t.set(k.with(anyRead), 0.5)
		t.set(k.with(m.alphabet.encode(read)), 0.5)
	}
	m.set(t.edits())
	m.index()
	return m
}

// The search finds the words that weighing all of them one by one finds, and no others:
// what it leaves out it has bounded rightly.
func TestFindIsWeighingAll(t *testing.T) {
	const margin = 4.5
	lex := lexiconOf(append(strings.Fields("tinh minh anh nhanh thanh inh nh"), syllables...))
	tokens := strings.Fields(`ctia phti thtr 6 s6 sO ngdy nim hanh tinb ddng x4 giri huyén chii ~ rn TLi1 nghi?n c0ng ltiig thirc-hien a
		tW mW aM aMM thaM MaM Ma W M`)
	for _, m := range []*Model{small(), inPieces(), shipped(t, "eng"), shipped(t, "vie"), shipped(t, "any")} {
		s := NewSearch(m, lex).Limit(len(lex.Words), margin)
		for _, garble := range tokens {
			for _, c := range []viet.Case{viet.Lower, viet.Title, viet.Upper} {
				token := Fold(c.Apply(garble))
				chance, best := map[string]float64{}, 0.0
				for _, w := range lex.Words {
					cased := m.alphabet.encode(c.Apply(w))
					chance[w] = m.align(cased, 0, len(cased), m.alphabet.encode(token))
					best = max(best, chance[w])
				}
				least := max(hopeless, best*math.Pow(10, -margin))
				found := map[string]bool{}
				for _, got := range s.Find(token, c) {
					w := lex.Words[got.Word]
					found[w] = true
					if m.memory.word(c.Apply(w)) == nil && chance[w] < least*0.99 {
						t.Errorf("%s: %q finds %q with %.3g, less than %.3g", m.Name, token, w, chance[w], least)
					}
				}
				for w, p := range chance {
					if p > least*1.01 && !found[w] {
						t.Errorf("%s: %q does not find %q with %.3g, at least %.3g", m.Name, token, w, p, least)
					}
				}
			}
		}
	}
}

// The best candidate is the word that reads so most likely, found by weighing
// all of them one by one. Where no word is at all likely, the search may end
// before it has the best.
func TestFindIsBruteForce(t *testing.T) {
	lex := lexiconOf(syllables)
	garbles := strings.Fields(`cua ctia cla phti phii thir thtr s6 sé sO 6 ngay ngdy sang nim ndm déc dc lap ty tu
		hanh phic tinh tinb da di dong ddng hoat xA x4 hop hgp gti giri kinh uy nhan dan huyén thi thanh pho
		gidm dbc chti chii ~ ?? thu' nam.`)
	for _, m := range []*Model{small(), shipped(t, "eng"), shipped(t, "vie")} {
		s := NewSearch(m, lex).Limit(32, 4.5)
		for _, garble := range garbles {
			for _, c := range []viet.Case{viet.Lower, viet.Title, viet.Upper} {
				token := c.Apply(garble)
				best := math.Inf(-1)
				for _, w := range lex.Words {
					best = max(best, m.Log10(c.Apply(w), token))
				}
				got := s.Find(token, c)
				if best < -6 {
					continue
				}
				if len(got) == 0 {
					t.Errorf("%s: nothing for %q; the best has %.2f", m.Name, token, best)
					continue
				}
				word := lex.Words[got[0].Word]
				if !near(float64(got[0].Log10), best, 0.01) {
					t.Errorf("%s: %q finds %q with %.3f, the best has %.3f", m.Name, token, word, got[0].Log10, best)
				}
				if own := m.Log10(c.Apply(word), token); !near(float64(got[0].Log10), own, 0.01) {
					t.Errorf("%s: %q finds %q with %.3f, Log10 says %.3f", m.Name, token, word, got[0].Log10, own)
				}
			}
		}
	}
}

func TestFind(t *testing.T) {
	lex := lexiconOf(syllables)
	eng := NewSearch(shipped(t, "eng"), lex).Limit(32, 4.5)
	for _, tt := range []struct {
		token string
		c     viet.Case
		want  string // among the candidates
	}{
		{"ctia", viet.Lower, "của"},
		{"S6", viet.Title, "số"},
		{"6", viet.Lower, "ở"},
		{"thtr", viet.Lower, "thư"},
		{"thtr", viet.Lower, "thứ"},
		{"Déc", viet.Title, "độc"},
		{"lap", viet.Lower, "lập"},
		{"phic", viet.Lower, "phúc"},
		{"gti", viet.Lower, "gửi"},
		{"UY", viet.Upper, "ủy"},
		{"NHAN", viet.Upper, "nhân"},
		{"x4", viet.Lower, "xã"},
		{"ndm", viet.Lower, "năm"},
	} {
		found := eng.Find(tt.token, tt.c)
		if !slices.ContainsFunc(found, func(c Candidate) bool { return lex.Words[c.Word] == tt.want }) {
			t.Errorf("%q does not find %q", tt.token, tt.want)
		}
		if !slices.IsSortedFunc(found, func(a, b Candidate) int { return int(math.Copysign(1, float64(b.Log10-a.Log10))) }) {
			t.Errorf("%q: not best first: %v", tt.token, found)
		}
		for _, c := range found {
			if c.Case != tt.c {
				t.Errorf("%q: candidate in case %v", tt.token, c.Case)
			}
		}
	}
}

// A search gives so many candidates, beside those that the channel remembers.
func TestFindLimit(t *testing.T) {
	m, lex := small(), lexiconOf(syllables)
	if got := NewSearch(m, lex).Limit(3, 9).Find("thux", viet.Lower); len(got) != 3 {
		t.Errorf("%d candidates, want 3", len(got))
	}
	if got := NewSearch(m, lex).Limit(1, 9).Find("ctia", viet.Lower); lex.Words[got[0].Word] != "của" {
		t.Errorf("the word remembered for ctia is not first: %v", got)
	}
}

// Searches over one model and one lexicon are independent.
func TestFindConcurrently(t *testing.T) {
	m, lex := shipped(t, "eng"), lexiconOf(syllables)
	want := slices.Clone(NewSearch(m, lex).Limit(8, 4).Find("thtr", viet.Lower))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s := NewSearch(m, lex).Limit(8, 4)
			for range 20 {
				s.Find("phic", viet.Lower)
				if got := s.Find("thtr", viet.Lower); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

// A model that was saved and loaded weighs as before but for the rounding of
// its file, and saves as the same bytes.
func TestRoundTrip(t *testing.T) {
	m := small()
	file := bytesOf(t, m)
	got, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "hand" || got.Summary != "by hand" || got.KeepsMarks() != m.KeepsMarks() {
		t.Errorf("loaded %q, %q, keeps marks %v", got.Name, got.Summary, got.KeepsMarks())
	}
	if !near(math.Log10(got.LostSpace), math.Log10(m.LostSpace), 1e-3) || !near(math.Log10(got.AddedSpace), math.Log10(m.AddedSpace), 1e-3) {
		t.Errorf("spaces %v, %v; want %v, %v", got.LostSpace, got.AddedSpace, m.LostSpace, m.AddedSpace)
	}
	for _, word := range syllables {
		for _, read := range []string{"cua", "phti", "6", "ngay", word} {
			if a, b := m.Log10(word, read), got.Log10(word, read); !near(a, b, 0.02) {
				t.Errorf("%q as %q: %.4f before, %.4f after", word, read, a, b)
			}
		}
	}
	if !bytes.Equal(bytesOf(t, got), file) {
		t.Error("saved again, the model is another file")
	}
}

func TestTrainTwice(t *testing.T) {
	if !bytes.Equal(bytesOf(t, small()), bytesOf(t, small())) {
		t.Error("the same pairs give different files")
	}
}

// A training without pairs gives a model all the same.
func TestTrainOnNothing(t *testing.T) {
	passes := 0
	m := NewTrainer().Train("none", "", func(done, all int) { passes = done })
	if passes != iterations {
		t.Errorf("progress ended at %d", passes)
	}
	if got := m.Log10("của", "của"); math.IsNaN(got) || got <= m.Log10("của", "xyz") {
		t.Errorf("P(của|của) = 10^%v", got)
	}
	if _, err := Load(bytesOf(t, m)); err != nil {
		t.Error(err)
	}
}

// packed returns a channel file around a body.
func packed(body []byte) []byte {
	var b bytes.Buffer
	b.WriteString(magic)
	z := gzip.NewWriter(&b)
	z.Write(body)
	z.Close()
	return b.Bytes()
}

func unpacked(t testing.TB, file []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(file[len(magic):]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestLoadDamaged(t *testing.T) {
	file := bytesOf(t, small())
	body := unpacked(t, file)
	for name, data := range map[string][]byte{
		"empty":         nil,
		"another file":  []byte("P5 100 100 255"),
		"magic only":    []byte(magic),
		"cut off":       file[:len(file)/2],
		"one byte less": file[:len(file)-1],
		"a bit flipped": flipped(file, len(file)/2),
		"wrong bounds":  flipped(file, len(magic)+40),
		"body cut off":  packed(body[:len(body)-1]),
		"body goes on":  packed(append(body[:len(body):len(body)], 0)),
		"endless name":  packed([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}),
	} {
		if m, err := Load(data); err == nil || m != nil {
			t.Errorf("%s: no error", name)
		} else if name != "empty" && name != "another file" && !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file of an earlier program lacks what the header says now; it is found out.
func TestLoadOlder(t *testing.T) {
	for _, name := range []string{"eng", "vie"} {
		m := shipped(t, name)
		file := bytesOf(t, m)
		older, err := Load(packed(unpacked(t, file)))
		if err != nil {
			t.Fatal(err)
		}
		if older.KeepsMarks() != m.KeepsMarks() || !slices.Equal(older.most, m.most) || older.marks == 0 {
			t.Errorf("%s: the header says %c and %d bounds, the model %c and %d", name, m.marks, len(m.most), older.marks, len(older.most))
		}
	}
}

// What was opened is read when more than its name is asked for.
func TestOpen(t *testing.T) {
	file := bytesOf(t, shipped(t, "vie"))
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if !m.KeepsMarks() || m.Name != "vie" || m.edits != nil {
		t.Errorf("opened: %s, keeps marks %v, its edits read: %v", m.Name, m.KeepsMarks(), m.edits != nil)
	}
	if got, want := m.Log10("của", "cua"), shipped(t, "vie").Log10("của", "cua"); got != want {
		t.Errorf("Log10 = %v, want %v", got, want)
	}
	if _, err := Open(file[:len(magic)+4]); !errors.Is(err, errDamaged) {
		t.Errorf("a file that is cut off: %v", err)
	}
}

func flipped(file []byte, at int) []byte {
	out := bytes.Clone(file)
	out[at] ^= 0x10
	return out
}

// A small file that unpacks to much takes little memory all the same.
func TestLoadBomb(t *testing.T) {
	head := []byte{0, 0, 0, 0, 0, 0, 0, 0}                              // names, spaces, alphabet, no edits: see file.go
	bomb := append(bytes.Clone(head[:2+4+1+1]), 0xff, 0xff, 0xff, 0x01) // 4 million words …
	word := append([]byte{0x80, 0x20}, bytes.Repeat([]byte("x"), 4096)...)
	word = append(word, 0, 0, 0)
	for range 20000 { // … of 4096 letters
		bomb = append(bomb, word...)
	}
	file := packed(bomb)
	var before, after runtime.MemStats
	bomb = nil
	runtime.ReadMemStats(&before)
	if _, err := Load(file); err == nil {
		t.Error("no error")
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MB allocated for a file of %d KB", used>>20, len(file)>>10)
	}
}

// Loading any bytes is an error or gives a model that can be used; it never
// panics. The checksum of the file is made good, so that damage reaches the
// reader.
func FuzzLoad(f *testing.F) {
	body := unpacked(f, bytesOf(f, small()))
	f.Add(body)
	f.Add(body[:100])
	f.Add([]byte{1, 'x', 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		Load(body)
		new(Model).setExtra(body)
		m, err := Load(packed(body))
		if err != nil {
			return
		}
		m.Log10("của", "cua")
		NewSearch(m, lexiconOf(syllables[:8])).Limit(8, 4).Find("ctia", viet.Lower)
		if _, err := m.WriteTo(io.Discard); err != nil {
			t.Error(err)
		}
	})
}

// Any token finds words that Log10 gives a chance, or nothing; it never panics.
func FuzzFind(f *testing.F) {
	m, lex := shipped(f, "eng"), lexiconOf(syllables)
	s := NewSearch(m, lex).Limit(8, 4.5)
	for _, token := range []string{"", "ctia", "S6", "\x00", "\xff\xfe", "ngàỷ", "中国", "e\u0301", strings.Repeat("w", 24), strings.Repeat("w", 999), "’’’", "⟦"} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		for c := range viet.Mixed {
			for _, got := range s.Find(token, c) {
				if got.Word < 0 || int(got.Word) >= len(lex.Words) || math.IsNaN(float64(got.Log10)) || got.Log10 > 1e-3 {
					t.Errorf("%+q finds %+v", token, got)
				}
			}
		}
	})
}

// Most says what no word can pass: a search that trusts it loses nothing.
func TestMostIsABound(t *testing.T) {
	words := strings.Fields("của tổ chức và thông nghị định Điều ĐIỀU quyết người nước việt kế hoạch ủy ban ơ a ngày được thực hiện với những xã hội")
	reads := strings.Fields("ctia t6 chirc va théng nghj dinh Diéu piéu DIEU quyét ngudi nuéc viét ké hoach uy ban o a ngay dugc thuc hién véi nhiing x4 hdi rn 1 ## Ứ lỆ tô chúc của Điều")
	for _, name := range []string{"eng", "vie"} {
		m := shipped(t, name)
		for _, read := range reads {
			most := m.Most(read)
			for _, word := range words {
				if p := m.Log10(word, read); p > most+1e-3 {
					t.Errorf("%s reads %s as %s with 10^%.3f, more than the 10^%.3f of any word", name, word, read, p, most)
				}
			}
		}
	}
}

// A channel that saw nothing but right readings still expects that a worse page
// loses a mark now and then: a share of each class is left for what it never saw.
func TestNoise(t *testing.T) {
	tr := NewTrainer()
	for range 300 {
		tr.Add("tỉnh đã họp bàn về của cải", "tỉnh đã họp bàn về của cải")
	}
	m := tr.Train("x", "", nil)
	t.Logf("P(lua|lúa) = 10^%.2f", m.Log10("lúa", "lua"))
	if p := m.Log10("lúa", "lua"); p < -2.6 {
		t.Errorf("P(lua|lúa) = 10^%.2f", p)
	}
}

// Readings are as probable as Log10 says, and hold nearly all that a reader makes of a
// word.
func TestReadings(t *testing.T) {
	for _, name := range []string{"eng", "vie"} {
		m := shipped(t, name)
		for _, word := range []string{"của", "Chính", "ĐỘC", "nghiêng", "lập"} {
			sum := 0.0
			for read, log := range m.Readings(word, -4) {
				if got := m.Log10(word, read); got != log || log < -4 {
					t.Errorf("%s: %q read as %q: %.3f, Log10 says %.3f", name, word, read, log, got)
				}
				sum += math.Pow(10, log)
			}
			if sum < 0.7 || sum > 1.2 {
				t.Errorf("%s: the readings of %q have %.2f of the chance", name, word, sum)
			}
		}
	}
}
