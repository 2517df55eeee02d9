package sense

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/ngramtest"
)

// toy is a language model of a few words, after those that are too common to say
// anything from afar.
func toy(t testing.TB) *ngram.Model {
	text := ""
	for i := range common {
		text += strings.Repeat(string([]rune{'b', 'a' + rune(i%10), 'm' + rune(i/10)})+" ", 20) + "\n"
	}
	text += strings.Repeat("con chim trong lồng hót\ncha mẹ trong lòng mong\nxã hội hỏi\nthửa ruộng cày thưa\n", 4)
	return ngramtest.Model(t, text, ngram.CountOptions{Order: 3, Vocab: 1000, MinCount: 1})
}

// words makes a text of words and fillers, "_", which are words the model lacks.
func words(m *ngram.Model, s string) (text []Word) {
	for _, w := range strings.Fields(s) {
		text = append(text, Word{ID: m.ID(w)})
	}
	return text
}

// cage is a choice between "lồng" (0) and "lòng" (1) in a text.
func cage(m *ngram.Model, at int) Choice {
	return Choice{At: at, Words: []ngram.ID{m.ID("lồng"), m.ID("lòng")}, Logs: []float32{float32(math.Log(0.3)), float32(math.Log(0.7))}}
}

// taught is a model that was taught that "chim" goes with "lồng" and "mẹ" with
// "lòng".
func taught(m *ngram.Model) []byte {
	v := NewVocab(m)
	var t Trainer
	for range 40 {
		t.Add(v, words(m, "chim _ _ _ trong lồng hót"), []Choice{cage(m, 5)}, []int{0})
		t.Add(v, words(m, "mẹ _ _ _ trong lòng hót"), []Choice{cage(m, 5)}, []int{1})
		t.Add(v, words(m, "hỏi _ trong lòng"), []Choice{cage(m, 3)}, []int{-1})
	}
	return t.Train(TrainOptions{Bits: 12, Summary: "a toy"})
}

func TestWeigh(t *testing.T) {
	lm := toy(t)
	m, err := Load(taught(lm))
	if err != nil {
		t.Fatal(err)
	}
	if m.Summary != "a toy" {
		t.Errorf("summary %q", m.Summary)
	}
	w := NewWeigher(m, NewVocab(lm))
	for _, tt := range []struct {
		text string
		at   int
		want int
	}{
		{"chim _ _ _ trong lòng hót", 5, 0},
		{"mẹ _ _ _ trong lòng hót", 5, 1},
		{"chim _ _ trong lòng", 4, 0}, // the distance is new
		{"_ _ _", 1, 1},               // nothing is known: the n-gram model decides
	} {
		c := cage(lm, tt.at)
		w.Weigh(words(lm, tt.text), c)
		got := 0
		if c.Logs[1] > c.Logs[0] {
			got = 1
		}
		if got != tt.want {
			t.Errorf("%q: word %d (%.2f), want %d", tt.text, got, c.Logs, tt.want)
		}
		if sum := math.Exp(float64(c.Logs[0])) + math.Exp(float64(c.Logs[1])); math.Abs(sum-1) > 1e-5 {
			t.Errorf("%q: probabilities add up to %g", tt.text, sum)
		}
	}
}

func TestSameBytes(t *testing.T) {
	lm := toy(t)
	a := taught(lm)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if b := taught(lm); !bytes.Equal(a, b) {
		t.Error("the same lessons gave other bytes on one core")
	}
}

func TestAlike(t *testing.T) {
	lm := toy(t)
	v := NewVocab(lm)
	for _, tt := range []struct {
		a, b string
		want bool
	}{{"lồng", "lòng", true}, {"hội", "hỏi", true}, {"thửa", "thưa", true}, {"trong", "lòng", false}, {"hót", "hội", false}} {
		if got := v.Alike(lm.ID(tt.a), lm.ID(tt.b)); got != tt.want {
			t.Errorf("Alike(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestDamage(t *testing.T) {
	file := taught(toy(t))
	if m, err := Load(file); err != nil || m.Verify() != nil {
		t.Fatal(err, m.Verify())
	}
	for n := range file {
		if _, err := Load(file[:n]); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut off at %d: %v", n, err)
		}
	}
	for i := range file {
		bad := slices.Clone(file)
		bad[i] ^= 0x10
		if m, err := Load(bad); err == nil && m.Verify() == nil {
			t.Fatalf("byte %d may be changed unnoticed", i)
		}
	}
}

// FuzzLoad: no file makes Load or Weigh panic.
func FuzzLoad(f *testing.F) {
	lm := toy(f)
	v := NewVocab(lm)
	file := taught(lm)
	f.Add(file)
	f.Add(file[:40])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Load(data)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Error(err)
			}
			return
		}
		NewWeigher(m, v).Weigh(words(lm, "chim trong lòng"), cage(lm, 2))
	})
}
