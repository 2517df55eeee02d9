package ngram

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The example in the description of the format.
func TestFormatExample(t *testing.T) {
	vocab := make([]string, 300)
	for i := range vocab {
		vocab[i] = fmt.Sprint("w", i)
	}
	probs, backs := make([]float32, 32), make([]float32, 32)
	for i := range probs {
		probs[i], backs[i] = float32(i), float32(i)
	}
	tr := &tree{vocab: vocab, order: 3}
	l := &tr.levels[2]
	l.start, l.kids, l.backoff = []uint32{0, 2}, []uint32{0, 0}, []float32{9}
	l.word, l.prob = []ID{7, 290}, []float32{20, 3}
	w := nodeWriter{packer: &packer{tree: tr, q: Quant{Prob: 5, Backoff: 5}}}
	w.probs[2] = codebook{values: probs}.withLimits()
	w.backs[2] = codebook{values: backs}.withLimits()
	var out bitString
	w.node(2, 0, len(vocab), &out)
	if got, want := fmt.Sprintf("% X", out.buf), "49 0F 50 91 03"; got != want {
		t.Errorf("the node is %s, want %s", got, want)
	}
}

func TestTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2, 15, 16, 17, 100, 1000, 16384} {
		keys := rng.Perm(maxVocab)[:n]
		slices.Sort(keys)
		var k, payload []uint32
		for _, key := range keys {
			k, payload = append(k, uint32(key)), append(payload, uint32(key)%32)
		}
		var b bitString
		b.put(5, 3) // tables begin at any bit
		b.putTable(k, payload, idBits, 5)
		data := append(b.buf, make([]byte, padding)...)
		tab := newTable(uint32(n), idBits, 5)
		tab.at = 3
		if got := tab.end(); got != uint64(b.size) {
			t.Errorf("%d numbers end at bit %d, want %d", n, got, b.size)
		}
		next := 0
		for key := range uint32(maxVocab) {
			place, code, ok := tab.find(data, key)
			want := next < n && k[next] == key
			if ok != want || ok && (place != uint32(next) || code != payload[next]) {
				t.Fatalf("%d numbers: find(%d) = %d, %d, %t", n, key, place, code, ok)
			}
			if want {
				next++
			}
		}
		var each []uint32
		tab.each(data, func(key, _ uint32) { each = append(each, key) })
		if !slices.Equal(each, k) {
			t.Errorf("each goes through %v, want %v", each, k)
		}
	}
}

func TestLoadRejects(t *testing.T) {
	file, err := count(t, randomText(2, 300), CountOptions{}).Train(TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(file) {
		if m, err := Load(file[:cut]); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut off after %d of %d bytes: model %v, error %v", cut, len(file), m != nil, err)
		}
	}
	if _, err := Load(append(slices.Clone(file), 0)); !errors.Is(err, ErrFormat) {
		t.Errorf("a byte too long: error %v", err)
	}
	for at := len(magic); at < len(file); at += 7 {
		bad := slices.Clone(file)
		bad[at] ^= 0x10
		if m, err := Load(bad); err == nil && m.Verify() == nil {
			t.Fatalf("byte %d changed: not noticed", at)
		}
	}
}

// A model scores without allocating.
func TestScoreDoesNotAllocate(t *testing.T) {
	m := train(t, count(t, randomText(2, 300), CountOptions{}), TrainOptions{})
	words := ids(m, "căn cứ nghị định của chính phủ")
	if n := testing.AllocsPerRun(100, func() {
		s := m.Begin()
		for _, w := range words {
			_, s = m.Score(s, w)
		}
		m.ID("chính")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func ids(m *Model, words string) []ID {
	var out []ID
	for w := range strings.FieldsSeq(words) {
		out = append(out, m.ID(w))
	}
	return out
}

// Scoring through a Context gives what Score gives, and leads to the same state.
func TestContextAgreesWithScore(t *testing.T) {
	m := train(t, count(t, randomText(4, 2000), CountOptions{}), TrainOptions{})
	rng := rand.New(rand.NewPCG(4, 4))
	cache := m.NewCache()
	s := m.Begin()
	var c, next Context
	m.Open(&c, s)
	var all []ID
	for id := range m.Len() {
		all = append(all, ID(id))
	}
	for range 2000 {
		big := m.Bigrams(nil, []ID{c.Last()}, all, cache)
		for i, w := range all {
			if got, want := m.LogProbIn(&c, big[i]), m.LogProb(s, w); math.Abs(float64(got-want)) > 1e-4 {
				t.Fatalf("log10 p(%s) = %f in the context, %f by Score", m.Word(w), got, want)
			}
		}
		w := all[rng.IntN(len(all))]
		s = m.Next(s, w)
		m.Follow(&next, &c, w, cache)
		if next.State() != s {
			t.Fatalf("after %s the states are %v and %v", m.Word(w), next.State(), s)
		}
		c = next
	}
}

// wideText has a word that hundreds of others follow.
func wideText() string {
	var b strings.Builder
	for i := range 3 * rowLeast {
		for _, mark := range []string{"a", "à", "ạ"}[:1+i%3] {
			fmt.Fprintf(&b, "của %cu%s%c và\n%s %d\n", 'b'+rune(i%20), mark, 'a'+rune(i/20), mark, i)
		}
	}
	return b.String()
}

// A list is unpacked once it has been searched enough, and says what it said
// before.
func TestRow(t *testing.T) {
	m := train(t, count(t, wideText(), CountOptions{}), TrainOptions{})
	words := []ID{0, ID(m.Len()), math.MaxUint16}
	for id := range m.Len() {
		words = append(words, ID(id))
	}
	cache := m.NewCache()
	lasts := append(ids(m, "của và"), None, math.MaxUint16)
	for round, unpacked := range []bool{false, true, true} {
		if got := m.row(lasts[0]) != nil; got != unpacked {
			t.Fatalf("round %d: the list is unpacked: %v", round, got)
		}
		got := m.Bigrams(nil, lasts, words, cache)
		for _, last := range lasts {
			var c Context
			s := m.Next(State{}, last)
			m.Open(&c, s)
			for i, w := range words {
				if p := m.LogProbIn(&c, got[i]); int(w) < m.Len() && math.Abs(float64(p-m.LogProb(s, w))) > 1e-4 {
					t.Errorf("round %d: log10 p(%s|%s) = %f, %f by LogProb", round, m.Word(w), m.Word(last), p, m.LogProb(s, w))
				}
			}
			got = got[len(words):]
		}
	}
	if m.row(lasts[1]) != nil {
		t.Error("a short list was unpacked")
	}
}

func TestByStrip(t *testing.T) {
	m := train(t, count(t, strings.Repeat("đã đà da dạ đá đa voi với\n", 3), CountOptions{}), TrainOptions{})
	var got []string
	for _, id := range m.ByStrip("da") {
		got = append(got, m.Word(id))
	}
	slices.Sort(got)
	if want := []string{"da", "dạ", "đa", "đà", "đá", "đã"}; !slices.Equal(got, want) {
		t.Errorf("da may be %v, want %v", got, want)
	}
	if got := m.ByStrip("xyz"); got != nil {
		t.Errorf("xyz may be %v", got)
	}
}

// Names have capitals in the middle of a sentence, other words do not.
func TestCapitals(t *testing.T) {
	text := strings.Repeat("Sáng nay ông Hoàng Văn Thái vẫn làm việc tại Hà Nội.\nCỘNG HÒA XÃ HỘI VẪN VẪN VẪN\n", 20)
	m := train(t, count(t, text, CountOptions{}), TrainOptions{})
	for _, tt := range []struct {
		a, b         string
		title, after bool
	}{
		{"văn", "vẫn", true, true},
		{"vẫn", "văn", false, true},
		{"hoàng", "ông", true, false},
	} {
		a, b := m.CapLogProb(m.ID(tt.a), tt.title, tt.after), m.CapLogProb(m.ID(tt.b), tt.title, tt.after)
		if a <= b {
			t.Errorf("capital %t after capital %t: %s has %f, %s %f", tt.title, tt.after, tt.a, a, tt.b, b)
		}
	}
}

// What a document said before makes it likelier to say it again.
func TestRecent(t *testing.T) {
	m := train(t, count(t, "với với với với voi\nvới voi voi khác\n", CountOptions{}), TrainOptions{})
	r := m.NewRecent()
	choice := ids(m, "voi với")
	if b := r.Boosts(nil, choice); b[0] != 0 || b[1] != 0 {
		t.Errorf("with nothing remembered: %v", b)
	}
	for range 5000 {
		r.Add(choice[0])
	}
	if b := r.Boosts(nil, choice); b[0] <= 0 || b[1] >= 0 {
		t.Errorf("after many voi: %v", b)
	}
}

// An exported model, imported again, is the same model.
func TestARPARoundTrip(t *testing.T) {
	for order := 3; order <= maxOrder; order++ {
		m := train(t, count(t, randomText(6, 1500), CountOptions{Order: order}), TrainOptions{})
		var arpa, second bytes.Buffer
		if err := m.WriteARPA(&arpa); err != nil {
			t.Fatal(err)
		}
		file, err := ImportARPA(bytes.NewReader(arpa.Bytes()), Quant{Prob: 8, Backoff: 8}, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.WriteARPA(&second); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(arpa.Bytes(), second.Bytes()) {
			t.Errorf("order %d: the models differ", order)
		}
	}
}

// The values of an ARPA file written by hand, backing off included.
func TestARPAByHand(t *testing.T) {
	const arpa = `
\data\
ngram 1=5
ngram 2=3
ngram 3=1

\1-grams:
-99	<s>	-0.5
-1.0	</s>
-0.8	kính	-0.3
-0.9	gửi	-0.2
-1.5	<unk>

\2-grams:
-0.1	<s> kính	-0.4
-0.2	kính gửi	-0.05
-0.7	gửi </s>

\3-grams:
-0.01	<s> kính gửi

\end\
`
	file, err := ImportARPA(strings.NewReader(arpa), exact, "")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		words string
		want  float32
	}{
		{"<s> kính", -0.1},
		{"<s> kính gửi", -0.01},
		{"gửi kính gửi", -0.2},              // no trigram, no bigram "gửi kính": the bigram as it is
		{"<s> gửi", -0.5 - 0.9},             // backs off once
		{"<s> kính kính", -0.4 - 0.3 - 0.8}, // twice
		{"kính lạ", -0.3 - 1.5},             // a word outside the vocabulary
	} {
		var s State
		var got float32
		for _, w := range ids(m, tt.words) {
			got, s = m.Score(s, w)
		}
		if math.Abs(float64(got-tt.want)) > 1e-5 {
			t.Errorf("%s: %f, want %f", tt.words, got, tt.want)
		}
	}
}

// Whatever a file holds, it is refused or scores without a panic.
func FuzzLoad(f *testing.F) {
	file, err := count(f, randomText(2, 100), CountOptions{}).Train(TrainOptions{Quant: Quant{Prob: 4, Backoff: 4}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file, uint64(1))
	f.Add([]byte(magic), uint64(1))
	f.Fuzz(func(t *testing.T, file []byte, seed uint64) {
		m, err := Load(file)
		if err != nil {
			return
		}
		m.Verify()
		m.Summary()
		rng := rand.New(rand.NewPCG(seed, 0))
		s := m.Begin()
		var c, next Context
		m.Open(&c, s)
		cache := m.NewCache()
		for range 50 {
			w := ID(rng.IntN(m.Len() + 2))
			m.LogProbIn(&c, m.Bigrams(nil, []ID{c.Last()}, []ID{w}, cache)[0])
			m.Follow(&next, &c, w, cache)
			c = next
			_, s = m.Score(s, w)
			m.CapLogProb(w, true, false)
		}
	})
}

// Whatever damage the tree has, scoring goes on.
func FuzzDamage(f *testing.F) {
	file, err := count(f, randomText(2, 300)+wideText(), CountOptions{}).Train(TrainOptions{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		bad := slices.Clone(file)
		for range 1 + rng.IntN(200) {
			bad[headerSize+rng.IntN(len(bad)-headerSize)] = byte(rng.Uint32())
		}
		m, err := Load(bad)
		if err != nil {
			return
		}
		s := m.Begin()
		for range 200 {
			_, s = m.Score(s, ID(rng.IntN(m.Len())))
		}
		cache := m.NewCache()
		words := make([]ID, 2*rowLeast)
		for i := range words {
			words[i] = ID(rng.IntN(m.Len()))
		}
		for range 20 {
			m.Bigrams(nil, words[:10], words, cache)
			m.Bigrams(nil, []ID{m.ID("của")}, words, cache)
		}
	})
}

// Whatever an ARPA file holds, it is refused or becomes a model.
func FuzzARPA(f *testing.F) {
	m := train(f, count(f, randomText(2, 30), CountOptions{}), TrainOptions{})
	var arpa bytes.Buffer
	if err := m.WriteARPA(&arpa); err != nil {
		f.Fatal(err)
	}
	f.Add(arpa.Bytes())
	f.Add([]byte("\\data\\\nngram 1=2\nngram 2=1\n\n\\1-grams:\n-1 a\n-1 b\n\\2-grams:\n-1 a b\n\\end\\\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ImportARPA(bytes.NewReader(data), Quant{Prob: 4, Backoff: 4}, "")
		if err != nil {
			return
		}
		m, err := Load(file)
		if err != nil {
			t.Fatalf("an imported model does not load: %v", err)
		}
		m.Score(m.Begin(), Unknown)
	})
}
