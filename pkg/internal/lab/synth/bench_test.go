package synth

import (
	"math/rand/v2"
	"testing"
)

// A whole A4 page at 300 dpi, black and white, as most training pages are.
func BenchmarkScan(b *testing.B) {
	lib, err := OpenLibrary(FontDirs)
	if err != nil {
		b.Skip("SKIPPED: ", err)
	}
	l := Letters()[0]
	pages, err := l.Typeset(lib)
	if err != nil {
		b.Skip("SKIPPED: ", err)
	}
	for b.Loop() {
		l.Wear.Scan(pages[0], rand.New(rand.NewPCG(1, 2)))
	}
}

func BenchmarkAlignLines(b *testing.B) {
	lib, err := OpenLibrary(FontDirs)
	if err != nil {
		b.Skip("SKIPPED: ", err)
	}
	pages, err := (&Letters()[0]).Typeset(lib)
	if err != nil {
		b.Skip("SKIPPED: ", err)
	}
	var lines []string
	for _, l := range pages[0].Lines {
		lines = append(lines, l.Text)
	}
	b.ReportAllocs()
	for b.Loop() {
		AlignLines(lines, lines)
	}
}
