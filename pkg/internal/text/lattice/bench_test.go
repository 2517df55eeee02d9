package lattice

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// BenchmarkDecode decodes stripped lines, their lattices built beforehand:
//
//	go test -bench Decode ./pkg/internal/text/lattice -model FILE -text FILE
func BenchmarkDecode(b *testing.B) {
	if *evalModel == "" || *benchText == "" {
		b.Skip("needs -model and -text")
	}
	file, err := os.ReadFile(*evalModel)
	if err != nil {
		b.Fatal(err)
	}
	m, err := ngram.Load(file)
	if err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(*benchText)
	if err != nil {
		b.Fatal(err)
	}
	type task struct {
		n    int
		arcs []Arc
	}
	var tasks []task
	words, pairs := 0, 0
	s := &stripper{m: m, dec: New(m, Options{Beam: *evalBeam, Margin: float32(*evalMargin)}), caps: float32(*evalCaps)}
	for line := range strings.Lines(string(text)) {
		n := s.lattice(viet.Strip(strings.TrimSpace(line)))
		tasks = append(tasks, task{n, slices.Clone(s.arcs)})
		words += n - 1
	}
	b.ReportAllocs()
	cpu := userTime()
	for b.Loop() {
		pairs = 0
		for _, t := range tasks {
			if _, ok := s.dec.Decode(t.n, t.arcs, m.Begin()); !ok {
				b.Fatal("no path")
			}
			pairs += len(s.dec.hyps)
		}
	}
	b.ReportMetric(float64(words)*float64(b.N)/(userTime()-cpu).Seconds(), "tokens/cpu-s")
	b.ReportMetric(float64(pairs)/float64(words), "hyps/token")
}
