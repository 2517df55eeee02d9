package ngram_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
	"github.com/congvan-cli/congvan/pkg/viet"
)

func TestLoadRejects(t *testing.T) {
	file := lmtest.File(t, lmtest.Text(2, 300), lm.CountOptions{Rare: 1})
	for cut := range len(file) {
		if m, err := ngram.Load(file[:cut]); !errors.Is(err, ngram.ErrFormat) {
			t.Fatalf("cut off after %d of %d bytes: model %v, error %v", cut, len(file), m != nil, err)
		}
	}
	if _, err := ngram.Load(append(slices.Clone(file), 0)); !errors.Is(err, ngram.ErrFormat) {
		t.Errorf("a byte too long: error %v", err)
	}
	for at := len(format.Magic); at < len(file); at += 7 {
		bad := slices.Clone(file)
		bad[at] ^= 0x10
		if m, err := ngram.Load(bad); err == nil && m.Verify() == nil {
			t.Fatalf("byte %d changed: not noticed", at)
		}
	}
}

// A file of version 1, whose words are numbered as they come, says what one of today says.
func TestVersion1(t *testing.T) {
	file, err := os.ReadFile("testdata/version1.cvlm")
	if err != nil {
		t.Fatal(err)
	}
	old, err := ngram.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	m := lmtest.Model(t, strings.Repeat("căn cứ nghị định của chính phủ\ncan cứ của nghi dinh\nđã đà da dạ\n", 3), lm.CountOptions{Rare: 1})
	if form := []string{"can", "da", "dinh"}; !slices.EqualFunc(form, form, func(a, b string) bool { return slices.Equal(old.ByStrip(a), m.ByStrip(b)) && old.ByStrip(a) != nil }) {
		t.Error("other words look alike")
	}
	for a := range ngram.ID(m.Len()) {
		for b := range ngram.ID(m.Len()) {
			for c := range ngram.ID(m.Len()) {
				words := []ngram.ID{a, b}
				if got, want := old.LogProb(old.After(words), c), m.LogProb(m.After(words), c); got != want {
					t.Fatalf("log10 p(%s|%s %s) = %f, want %f", m.Word(c), m.Word(a), m.Word(b), got, want)
				}
			}
		}
	}
}

// A model scores without allocating.
func TestScoreDoesNotAllocate(t *testing.T) {
	m := lmtest.Model(t, lmtest.Text(2, 300), lm.CountOptions{Rare: 1})
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

func ids(m *ngram.Model, words string) []ngram.ID {
	var out []ngram.ID
	for w := range strings.FieldsSeq(words) {
		out = append(out, m.ID(w))
	}
	return out
}

// Scoring through a Context gives what Score gives, and leads to the same state.
func TestContextAgreesWithScore(t *testing.T) {
	m := lmtest.Model(t, lmtest.Text(4, 2000), lm.CountOptions{Rare: 1})
	rng := rand.New(rand.NewPCG(4, 4))
	cache := m.NewCache()
	s := m.Begin()
	var c, next ngram.Context
	var big ngram.Bigrams
	m.Open(&c, s)
	var all []ngram.ID
	for id := range m.Len() {
		all = append(all, ngram.ID(id))
	}
	for range 2000 {
		big.Of(m, all)
		big.Add(m, []ngram.ID{c.Last()}, cache)
		got := m.LogProbs(nil, &c, &big, 0)
		for i, w := range all {
			if got, want := got[i], m.LogProb(s, w); math.Abs(float64(got-want)) > 1e-4 {
				t.Fatalf("log10 p(%s) = %f in the context, %f by Score", m.Word(w), got, want)
			}
		}
		w := all[1+rng.IntN(len(all)-1)] // not None
		s = m.Next(s, w)
		next = m.Follow([]ngram.Context{c}, []ngram.Step{{Word: w}}, cache)[1]
		if next.State() != s {
			t.Fatalf("after %s the states are %v and %v", m.Word(w), next.State(), s)
		}
		c = next
	}
}

// wideText has a word that hundreds of others follow, and one that some do.
func wideText() string {
	var b strings.Builder
	for i := range 500 {
		for _, mark := range []string{"a", "à", "ạ"}[:1+i%3] {
			fmt.Fprintf(&b, "của %cu%s%c và\n%s %d\n", 'b'+rune(i%20), mark, 'a'+rune(i/20), mark, i)
			if i < 20 {
				fmt.Fprintf(&b, "với %cu%s%c và\n", 'b'+rune(i%20), mark, 'a'+rune(i/20))
			}
		}
	}
	return b.String()
}

// Words are found whatever stands beside them, in long lists and in short ones.
func TestBigrams(t *testing.T) {
	m := lmtest.Model(t, wideText(), lm.CountOptions{Rare: 1})
	rng := rand.New(rand.NewPCG(3, 3))
	lasts := append(ids(m, "của với và"), ngram.None, math.MaxUint16)
	for range 200 {
		words := []ngram.ID{0, ngram.ID(m.Len()), math.MaxUint16}
		for len(words) < 100 {
			form := m.ByStrip(viet.Strip(m.Word(ngram.ID(rng.IntN(m.Len())))))
			from := rng.IntN(len(form) + 1)
			words = append(words, form[from:from+rng.IntN(len(form)-from+1)]...)
		}
		var big ngram.Bigrams
		big.Of(m, words)
		big.Add(m, lasts[:2], m.NewCache())
		big.Add(m, lasts[2:], m.NewCache())
		for k, last := range lasts {
			s := m.Next(ngram.State{}, last)
			for i, w := range words {
				if got, want := big.After(k)[i], m.LogProb(s, w); int(w) < m.Len() && math.Abs(float64(got-want)) > 1e-4 {
					t.Errorf("log10 p(%s|%s) = %f, %f by LogProb", m.Word(w), m.Word(last), got, want)
				}
			}
		}
	}
}

func TestByStrip(t *testing.T) {
	m := lmtest.Model(t, strings.Repeat("đã đà da dạ đá đa voi với\n", 3), lm.CountOptions{Rare: 1})
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

// What a document said before makes it likelier to say it again.
func TestRecent(t *testing.T) {
	m := lmtest.Model(t, "với với với với voi\nvới voi voi khác\n", lm.CountOptions{Rare: 1})
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

// Whatever a file holds, it is refused or scores without a panic.
func FuzzLoad(f *testing.F) {
	file := lmtest.File(f, lmtest.Text(2, 100), lm.CountOptions{Rare: 1})
	f.Add(file, uint64(1))
	f.Add([]byte(format.Magic), uint64(1))
	f.Fuzz(func(t *testing.T, file []byte, seed uint64) {
		m, err := ngram.Load(file)
		if err != nil {
			return
		}
		m.Verify()
		m.Summary()
		rng := rand.New(rand.NewPCG(seed, 0))
		s := m.Begin()
		var c, next ngram.Context
		m.Open(&c, s)
		cache := m.NewCache()
		for range 50 {
			w := ngram.ID(rng.IntN(m.Len() + 2))
			var big ngram.Bigrams
			big.Of(m, []ngram.ID{w, w + 1})
			big.Add(m, []ngram.ID{c.Last()}, cache)
			m.LogProbs(nil, &c, &big, 0)
			next = m.Follow([]ngram.Context{c}, []ngram.Step{{Word: w}}, cache)[1]
			c = next
			_, s = m.Score(s, w)
			m.CapLogProb(w, true, false)
		}
	})
}

// Whatever damage the tree has, scoring goes on.
func FuzzDamage(f *testing.F) {
	file := lmtest.File(f, lmtest.Text(2, 300)+wideText(), lm.CountOptions{Rare: 1})
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		bad := slices.Clone(file)
		for range 1 + rng.IntN(200) {
			bad[format.HeaderSize+rng.IntN(len(bad)-format.HeaderSize)] = byte(rng.Uint32())
		}
		m, err := ngram.Load(bad)
		if err != nil {
			return
		}
		s := m.Begin()
		for range 200 {
			_, s = m.Score(s, ngram.ID(rng.IntN(m.Len())))
		}
		cache := m.NewCache()
		words := make([]ngram.ID, 16)
		for i := range words {
			words[i] = ngram.ID(rng.IntN(m.Len()))
		}
		var big ngram.Bigrams
		for range 20 {
			big.Of(m, words)
			big.Add(m, append(words[:10:10], m.ID("của")), cache)
		}
	})
}
