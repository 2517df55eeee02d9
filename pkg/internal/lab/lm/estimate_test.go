package lm_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// exact keeps the quantised values of a small model as they are.
var exact = lm.Quant{Prob: 16, Backoff: 16}

func count(t testing.TB, text string, opt lm.CountOptions) *lm.Counts {
	t.Helper()
	opt.Rare = 1
	c, err := lm.Count([]lm.Source{{Name: "text", Text: strings.NewReader(text)}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func train(t testing.TB, c *lm.Counts, opt lm.TrainOptions) *ngram.Model {
	t.Helper()
	file, err := c.Train(opt)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(); err != nil {
		t.Fatal(err)
	}
	return m
}

// prob is p(last word|the others), in a text that does not start with them.
func prob(m *ngram.Model, words string) float64 {
	f := strings.Fields(words)
	var s ngram.State
	for _, w := range f[:len(f)-1] {
		s = m.Next(s, m.ID(w))
	}
	return math.Pow(10, float64(m.LogProb(s, m.ID(f[len(f)-1]))))
}

// The sums can be done by hand. lm.Counts of counts lack some ranks, so all
// discounts are y = n1/(n1+2*n2), for trigrams and bigrams 8/(8+2*1) = 0.8 and
// for single words 0.5.
func TestKneserNeyByHand(t *testing.T) {
	c := count(t, "đề nghị quý công ty\nđề nghị công ty\nđề nghị ủy ban\n", lm.CountOptions{Order: 3, MinCount: 1})
	m := train(t, c, lm.TrainOptions{Quant: exact})
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

// reference is modified Kneser-Ney as in the article: maps and recursion.
type reference struct {
	order  int
	counts [format.MaxOrder + 1]map[string]float64
	disc   [format.MaxOrder + 1][4]float64
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
	text := lmtest.Text(7, 400)
	c := count(t, text, lm.CountOptions{Order: 4, MinCount: 1, Repeats: -1})
	m := train(t, c, lm.TrainOptions{Quant: exact})

	r := reference{order: 4}
	for n := range r.counts {
		r.counts[n] = map[string]float64{}
	}
	var lines [][]string
	for line := range strings.Lines(text) {
		lines = append(lines, append(append([]string{"<s>"}, strings.Fields(line)...), "</s>"))
	}
	before := [format.MaxOrder + 1]map[string]map[string]bool{}
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
		r.disc[n] = lm.Discounts(coc)
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
	c := count(t, lmtest.Text(3, 2000), lm.CountOptions{MinCount: 1})
	full, err := c.Train(lm.TrainOptions{Quant: exact})
	if err != nil {
		t.Fatal(err)
	}
	for _, opt := range []lm.TrainOptions{{Quant: exact}, {Quant: exact, Order: 3}, {Quant: exact, MaxSize: len(full) - 2000, Task: 0.5}} {
		m := train(t, c, opt)
		for _, ctx := range []string{"", "căn", "căn cứ", "<s> căn cứ", "của chính phủ về", "phủ phủ phủ phủ", "định của chính phủ về"} {
			var s ngram.State
			for w := range strings.FieldsSeq(ctx) {
				s = m.Next(s, m.ID(w))
			}
			sum := 0.0
			for id := range m.Len() {
				if ngram.ID(id) != ngram.None && ngram.ID(id) != ngram.Start {
					sum += math.Pow(10, float64(m.LogProb(s, ngram.ID(id))))
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
	text := lmtest.Text(5, 3000)
	var first []byte
	for range 3 {
		file, err := count(t, text, lm.CountOptions{}).Train(lm.TrainOptions{MaxSize: 40000, Date: "2024-01-01"})
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
	c := count(t, lmtest.Text(9, 20000), lm.CountOptions{MinCount: 1})
	full, err := c.Train(lm.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, share := range []float64{0.97, 0.9, 0.85} {
		size := int(share * float64(len(full)))
		file, err := c.Train(lm.TrainOptions{MaxSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > size {
			t.Errorf("asked for %d bytes, got %d", size, len(file))
		}
		m, err := ngram.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		lp := perplexityOf(m, lmtest.Text(9, 500))
		if lp > last+1e-9 && share < 0.9 {
			t.Errorf("a smaller model scores better: %f after %f", lp, last)
		}
		last = lp
	}
}

func perplexityOf(m *ngram.Model, text string) float64 {
	sum := 0.0
	for line := range strings.Lines(text) {
		s := m.Begin()
		for _, w := range ngram.AppendSymbols(nil, strings.TrimSpace(line)) {
			lp, next := m.Score(s, m.ID(w))
			sum += float64(lp)
			s = next
		}
	}
	return sum
}

func ids(m *ngram.Model, words string) []ngram.ID {
	var out []ngram.ID
	for w := range strings.FieldsSeq(words) {
		out = append(out, m.ID(w))
	}
	return out
}

// An exported model, imported again, is the same model.
func TestARPARoundTrip(t *testing.T) {
	for order := 3; order <= format.MaxOrder; order++ {
		m := train(t, count(t, lmtest.Text(6, 1500), lm.CountOptions{Order: order}), lm.TrainOptions{})
		var arpa, second bytes.Buffer
		if err := lm.WriteARPA(&arpa, m); err != nil {
			t.Fatal(err)
		}
		file, err := lm.ImportARPA(bytes.NewReader(arpa.Bytes()), lm.Quant{Prob: 8, Backoff: 8}, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := ngram.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := lm.WriteARPA(&second, again); err != nil {
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
	file, err := lm.ImportARPA(strings.NewReader(arpa), exact, "")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Load(file)
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
		var s ngram.State
		var got float32
		for _, w := range ids(m, tt.words) {
			got, s = m.Score(s, w)
		}
		if math.Abs(float64(got-tt.want)) > 1e-5 {
			t.Errorf("%s: %f, want %f", tt.words, got, tt.want)
		}
	}
}

// Whatever an ARPA file holds, it is refused or becomes a model.
func FuzzARPA(f *testing.F) {
	m := train(f, count(f, lmtest.Text(2, 30), lm.CountOptions{}), lm.TrainOptions{})
	var arpa bytes.Buffer
	if err := lm.WriteARPA(&arpa, m); err != nil {
		f.Fatal(err)
	}
	f.Add(arpa.Bytes())
	f.Add([]byte("\\data\\\nngram 1=2\nngram 2=1\n\n\\1-grams:\n-1 a\n-1 b\n\\2-grams:\n-1 a b\n\\end\\\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := lm.ImportARPA(bytes.NewReader(data), lm.Quant{Prob: 4, Backoff: 4}, "")
		if err != nil {
			return
		}
		m, err := ngram.Load(file)
		if err != nil {
			t.Fatalf("an imported model does not load: %v", err)
		}
		m.Score(m.Begin(), ngram.Unknown)
	})
}

// Names have capitals in the middle of a sentence, other words do not.
func TestCapitals(t *testing.T) {
	text := strings.Repeat("Sáng nay ông Hoàng Văn Thái vẫn làm việc tại Hà Nội.\nCỘNG HÒA XÃ HỘI VẪN VẪN VẪN\n", 20)
	m := train(t, count(t, text, lm.CountOptions{}), lm.TrainOptions{})
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
