package senses_test

import (
	"bytes"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/lab/senses"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
)

// toy is a language model of a few words, after those that are too common to say
// anything from afar.
func toy(t testing.TB) *ngram.Model {
	text := ""
	for i := range 100 {
		text += strings.Repeat(string([]rune{'b', 'a' + rune(i%10), 'm' + rune(i/10)})+" ", 20) + "\n"
	}
	text += strings.Repeat("con chim trong lồng hót\ncha mẹ trong lòng mong\nxã hội hỏi\nthửa ruộng cày thưa\n", 4)
	return lmtest.Model(t, text, lm.CountOptions{Order: 3, Vocab: 1000, MinCount: 1})
}

// words makes a text of words and fillers, "_", which are words the model lacks.
func words(m *ngram.Model, s string) (text []sense.Word) {
	for _, w := range strings.Fields(s) {
		text = append(text, sense.Word{ID: m.ID(w)})
	}
	return text
}

// cage is a choice between "lồng" (0) and "lòng" (1) in a text.
func cage(m *ngram.Model, at int) sense.Choice {
	return sense.Choice{At: at, Words: []ngram.ID{m.ID("lồng"), m.ID("lòng")}, Logs: []float32{float32(math.Log(0.3)), float32(math.Log(0.7))}}
}

// taught is a model that was taught that "chim" goes with "lồng" and "mẹ" with
// "lòng".
func taught(m *ngram.Model) []byte {
	v := sense.NewVocab(m)
	var t senses.Trainer
	for range 40 {
		t.Add(v, words(m, "chim _ _ _ trong lồng hót"), []sense.Choice{cage(m, 5)}, []int{0})
		t.Add(v, words(m, "mẹ _ _ _ trong lòng hót"), []sense.Choice{cage(m, 5)}, []int{1})
		t.Add(v, words(m, "hỏi _ trong lòng"), []sense.Choice{cage(m, 3)}, []int{-1})
	}
	return t.Train(senses.TrainOptions{Bits: 12, Summary: "a toy"})
}

func TestWeigh(t *testing.T) {
	lm := toy(t)
	m, err := sense.Load(taught(lm))
	if err != nil {
		t.Fatal(err)
	}
	if m.Summary != "a toy" {
		t.Errorf("summary %q", m.Summary)
	}
	w := sense.NewWeigher(m, sense.NewVocab(lm))
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
