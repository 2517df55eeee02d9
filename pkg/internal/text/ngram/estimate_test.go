package ngram

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// exact keeps the quantised values of a small model as they are.
var exact = Quant{Prob: 16, Backoff: 16}

func count(t testing.TB, text string, opt CountOptions) *Counts {
	t.Helper()
	opt.Rare = 1
	c, err := Count([]Source{{Name: "text", Text: strings.NewReader(text)}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func train(t testing.TB, c *Counts, opt TrainOptions) *Model {
	t.Helper()
	file, err := c.Train(opt)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(); err != nil {
		t.Fatal(err)
	}
	return m
}

// prob is p(last word|the others), in a text that does not start with them.
func prob(m *Model, words string) float64 {
	f := strings.Fields(words)
	var s State
	for _, w := range f[:len(f)-1] {
		s = m.Next(s, m.ID(w))
	}
	return math.Pow(10, float64(m.LogProb(s, m.ID(f[len(f)-1]))))
}

// The sums can be done by hand. Counts of counts lack some ranks, so all
// discounts are y = n1/(n1+2*n2), for trigrams and bigrams 8/(8+2*1) = 0.8 and
// for single words 0.5.
func TestKneserNeyByHand(t *testing.T) {
	c := count(t, "đề nghị quý công ty\nđề nghị công ty\nđề nghị ủy ban\n", CountOptions{Order: 3, MinCount: 1})
	m := train(t, c, TrainOptions{Quant: exact})
	// Ten words can follow: seven syllables, </s>, <unk>, <foreign>. The eight
	// that were seen have 10 different words before them, "ty" one of these.
	ty := (1-0.5)/10.0 + 8*0.5/10/10
	// "ty" follows "công", whatever comes before: after "quý" and after "nghị".
	congTy := (2-0.8)/2 + 0.8/2*ty
	for _, tt := range []struct {
		words string
		want  float64
	}{
		{"ty", ty},
		{"công ty", congTy},
		{"nghị công ty", (1-0.8)/1 + 0.8*congTy},
		{"ban công ty", congTy},                          // never seen, and neither was "ban công"
		{"đề nghị ty", 3 * 0.8 / 3 * (3 * 0.8 / 3 * ty)}, // three words follow "đề nghị" and "nghị", once each
	} {
		if got := prob(m, tt.words); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("p(%s) = %.7f, want %.7f", tt.words, got, tt.want)
		}
	}
}

// randomText is a text of few words in which n-grams repeat.
func randomText(seed uint64, lines int) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("căn cứ nghị định của chính phủ về công tác văn thư và lưu trữ quốc gia , .")
	var b strings.Builder
	for range lines {
		i := rng.IntN(len(words))
		for range 3 + rng.IntN(12) {
			b.WriteString(words[i] + " ")
			i = (i*i + rng.IntN(3) + rng.IntN(1+rng.IntN(9))) % len(words)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// reference is modified Kneser-Ney as in the article: maps and recursion.
type reference struct {
	order  int
	counts [maxOrder + 1]map[string]float64
	disc   [maxOrder + 1][4]float64
	uni    func(w string) float64
}

func (r *reference) prob(ctx []string, w string) float64 {
	n := len(ctx) + 1
	if n == 1 {
		return r.uni(w)
	}
	h := strings.Join(ctx, " ") + " "
	total, left := 0.0, 0.0
	for g, c := range r.counts[n] {
		if rest, ok := strings.CutPrefix(g, h); ok && !strings.Contains(rest, " ") {
			total += c
			left += r.disc[n][int(min(c, 3))]
		}
	}
	lower := r.prob(ctx[1:], w)
	if total == 0 {
		return lower
	}
	c := r.counts[n][h+w]
	return (c-r.disc[n][int(min(c, 3))])/total + left/total*lower
}

func TestAgainstReference(t *testing.T) {
	text := randomText(7, 400)
	c := count(t, text, CountOptions{Order: 4, MinCount: 1, Repeats: -1})
	m := train(t, c, TrainOptions{Quant: exact})

	r := reference{order: 4}
	for n := range r.counts {
		r.counts[n] = map[string]float64{}
	}
	var lines [][]string
	for line := range strings.Lines(text) {
		lines = append(lines, append(append([]string{"<s>"}, strings.Fields(line)...), "</s>"))
	}
	before := [maxOrder + 1]map[string]map[string]bool{}
	for n := 1; n <= 4; n++ {
		before[n] = map[string]map[string]bool{}
		for _, l := range lines {
			for i := 0; i+n <= len(l); i++ {
				g := strings.Join(l[i:i+n], " ")
				if n == 4 || i == 0 {
					r.counts[n][g]++
				} else {
					if before[n][g] == nil {
						before[n][g] = map[string]bool{}
					}
					before[n][g][l[i-1]] = true
				}
			}
		}
		var coc [5]uint64
		for g, left := range before[n] {
			r.counts[n][g] += float64(len(left))
		}
		for _, v := range r.counts[n] {
			if v <= 4 {
				coc[int(v)]++
			}
		}
		r.disc[n] = discounts(coc)
	}
	delete(r.counts[1], "<s>")
	sum := 0.0
	for _, v := range r.counts[1] {
		sum += v
	}
	seen := float64(len(r.counts[1]))
	r.uni = func(w string) float64 {
		return max(r.counts[1][w]-0.5, 0)/sum + 0.5*seen/sum/(seen+2)
	}

	for _, l := range lines[:20] {
		s := m.Begin()
		for i := 1; i < len(l); i++ {
			lp, next := m.Score(s, m.ID(l[i]))
			want := math.Log10(r.prob(l[max(0, i-3):i], l[i]))
			if math.Abs(float64(lp)-want) > 1e-5 {
				t.Fatalf("%v: log10 p(%s) = %f, want %f", l[:i], l[i], lp, want)
			}
			s = next
		}
	}
}

// In every context the probabilities of all words add up to 1, pruned or not.
func TestSumsToOne(t *testing.T) {
	c := count(t, randomText(3, 2000), CountOptions{MinCount: 1})
	full, err := c.Train(TrainOptions{Quant: exact})
	if err != nil {
		t.Fatal(err)
	}
	for _, opt := range []TrainOptions{{Quant: exact}, {Quant: exact, Order: 3}, {Quant: exact, MaxSize: len(full) - 2000, Task: 0.5}} {
		m := train(t, c, opt)
		for _, ctx := range []string{"", "căn", "căn cứ", "<s> căn cứ", "của chính phủ về", "phủ phủ phủ phủ", "định của chính phủ về"} {
			var s State
			for w := range strings.FieldsSeq(ctx) {
				s = m.Next(s, m.ID(w))
			}
			sum := 0.0
			for id := range m.Len() {
				if ID(id) != None && ID(id) != Start {
					sum += math.Pow(10, float64(m.LogProb(s, ID(id))))
				}
			}
			if math.Abs(sum-1) > 1e-3 {
				t.Errorf("%+v after %q: sum %f", opt, ctx, sum)
			}
		}
	}
}

// The same text gives the same bytes, however many cores work on it.
func TestDeterministic(t *testing.T) {
	text := randomText(5, 3000)
	var first []byte
	for range 3 {
		file, err := count(t, text, CountOptions{}).Train(TrainOptions{MaxSize: 40000, Date: "2024-01-01"})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		} else if string(file) != string(first) {
			t.Fatal("two runs differ")
		}
	}
}

func TestPruningFitsAndKeepsTheBest(t *testing.T) {
	c := count(t, randomText(9, 20000), CountOptions{MinCount: 1})
	full, err := c.Train(TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, share := range []float64{0.97, 0.9, 0.85} {
		size := int(share * float64(len(full)))
		file, err := c.Train(TrainOptions{MaxSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > size {
			t.Errorf("asked for %d bytes, got %d", size, len(file))
		}
		m, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		lp := perplexityOf(m, randomText(9, 500))
		if lp > last+1e-9 && share < 0.9 {
			t.Errorf("a smaller model scores better: %f after %f", lp, last)
		}
		last = lp
	}
}

func perplexityOf(m *Model, text string) float64 {
	sum := 0.0
	for line := range strings.Lines(text) {
		s := m.Begin()
		for _, w := range AppendSymbols(nil, strings.TrimSpace(line)) {
			lp, next := m.Score(s, m.ID(w))
			sum += float64(lp)
			s = next
		}
	}
	return sum
}

// A run of twelve words that was seen three times is not counted again.
func TestRepeatsAreNotCounted(t *testing.T) {
	line := "mot hai ba bon nam sau bay tam chin muoi a b c d e f\n"
	c := count(t, strings.Repeat(line, 10), CountOptions{MinCount: 1})
	words := strings.Fields(line)
	for i, want := range []uint32{10, 10, 3} { // "mot hai", "chin muoi"; "e f" ends such a run
		pair := [][2]string{{words[0], words[1]}, {words[8], words[9]}, {words[14], words[15]}}[i]
		a, b := indexOf(c.Vocab, pair[0]), indexOf(c.Vocab, pair[1])
		at, ok := c.find([]ID{a, b})
		if !ok || c.levels[2].count[at] != want {
			t.Errorf("%v: found %v, counted %d times, want %d", pair, ok, c.levels[2].count[at], want)
		}
	}
}

func indexOf(vocab []string, w string) ID {
	for i, v := range vocab {
		if v == w {
			return ID(i)
		}
	}
	panic(fmt.Sprintf("%q is not in the vocabulary", w))
}
