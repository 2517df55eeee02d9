package sense_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
)

// toy is a language model of a few words.
func toy(t testing.TB) *ngram.Model {
	return lmtest.Model(t, strings.Repeat("con chim trong lồng hót\ncha mẹ trong lòng mong\nxã hội hỏi\nthửa ruộng cày thưa\n", 4), lm.CountOptions{MinCount: 1})
}

// noise is the file of a model with weights by chance.
func noise(bits int) []byte {
	c := sense.Content{Bits: bits, Trust: 0.8, Levels: [sense.Levels]float32{1: 0.5, 2: -0.5}, Summary: "noise"}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1 << (bits - 1) {
		c.Cells = append(c.Cells, byte(rng.Uint32()))
	}
	return c.File()
}

func TestAlike(t *testing.T) {
	lm := toy(t)
	v := sense.NewVocab(lm)
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
	file := noise(10)
	if m, err := sense.Load(file); err != nil || m.Verify() != nil {
		t.Fatal(err, m.Verify())
	}
	for n := range file {
		if _, err := sense.Load(file[:n]); !errors.Is(err, sense.ErrFormat) {
			t.Fatalf("cut off at %d: %v", n, err)
		}
	}
	for i := range file {
		bad := slices.Clone(file)
		bad[i] ^= 0x10
		if m, err := sense.Load(bad); err == nil && m.Verify() == nil {
			t.Fatalf("byte %d may be changed unnoticed", i)
		}
	}
}

// FuzzLoad: no file makes Load or Weigh panic.
func FuzzLoad(f *testing.F) {
	lm := toy(f)
	v := sense.NewVocab(lm)
	text := []sense.Word{{ID: lm.ID("chim")}, {ID: lm.ID("trong")}, {ID: lm.ID("lòng")}}
	choice := sense.Choice{At: 2, Words: []ngram.ID{lm.ID("lồng"), lm.ID("lòng")}, Logs: []float32{-1, -1}}
	file := noise(10)
	f.Add(file)
	f.Add(file[:40])
	f.Add([]byte("cvanSN01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := sense.Load(data)
		if err != nil {
			if !errors.Is(err, sense.ErrFormat) {
				t.Error(err)
			}
			return
		}
		sense.NewWeigher(m, v).Weigh(text, choice)
	})
}
