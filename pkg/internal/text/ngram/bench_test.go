package ngram

import (
	"flag"
	"math/rand/v2"
	"os"
	"testing"
)

var benchModel = flag.String("model", "../../../../models/vi.cvlm", "model for benchmarks")

func openBench(b *testing.B) (*Model, []byte) {
	file, err := os.ReadFile(*benchModel)
	if err != nil {
		b.Skip(err)
	}
	m, err := Load(file)
	if err != nil {
		b.Fatal(err)
	}
	return m, file
}

func BenchmarkLoad(b *testing.B) {
	_, file := openBench(b)
	b.ReportAllocs()
	for b.Loop() {
		Load(file)
	}
}

func BenchmarkVerify(b *testing.B) {
	m, file := openBench(b)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		m.Verify()
	}
}

// A sentence of a letter, over and over: all that it needs is in the cache.
func BenchmarkScoreWarm(b *testing.B) {
	m, _ := openBench(b)
	words := []ID{}
	for _, s := range AppendSymbols(nil, "Trân trọng đề nghị quý cơ quan xem xét, cho ý kiến bằng văn bản trước ngày 15/9/2024.") {
		words = append(words, m.ID(s))
	}
	b.ReportAllocs()
	queries := 0
	for b.Loop() {
		s := m.Begin()
		for _, w := range words {
			_, s = m.Score(s, w)
		}
		queries += len(words)
	}
	b.ReportMetric(float64(queries)/b.Elapsed().Seconds(), "queries/s")
}

// Words drawn from the model's own single-word distribution: hardly a context
// comes twice.
func BenchmarkScoreCold(b *testing.B) {
	m, _ := openBench(b)
	rng := rand.New(rand.NewPCG(1, 1))
	words := make([]ID, 1<<16)
	for i := range words {
		words[i] = ID(float64(m.Len()) * rng.Float64() * rng.Float64() * rng.Float64())
	}
	b.ReportAllocs()
	queries := 0
	for b.Loop() {
		s := m.Begin()
		for _, w := range words {
			_, s = m.Score(s, w)
		}
		queries += len(words)
	}
	b.ReportMetric(float64(queries)/b.Elapsed().Seconds(), "queries/s")
}
