package restore_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

var benchText = flag.String("text", "", "file to restore in benchmarks, in place of letters of the tests")

// benchInput is the file of -text, or the letters that match pattern.
func benchInput(b *testing.B, pattern string) string {
	paths := []string{*benchText}
	if *benchText == "" {
		paths, _ = filepath.Glob("../../testdata/letters/" + pattern)
	}
	var text strings.Builder
	for _, path := range paths {
		if strings.Count(filepath.Base(path), ".") == strings.Count(pattern, ".") || *benchText != "" { // *.txt is the truth
			data, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			text.Write(data)
		}
	}
	return text.String()
}

// restoring measures how many words a second are restored, on one core. With
// cold each text is the first that a Restorer sees.
func restoring(b *testing.B, source, text string, cold bool) {
	opt := restore.Options{Source: source, TextOnly: true}
	pass := func(r *restore.Restorer, text string) {
		for _, err := range r.Blocks(pipe{strings.NewReader(text)}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	r := newRestorer(b, opt)
	pass(r, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	took := time.Duration(0) // without what a new Restorer takes, unlike ns/op
	for b.Loop() {
		if cold {
			r = newRestorer(b, opt)
			pass(r, "Kinh giti cdc don vi.\n")
		}
		start := time.Now()
		pass(r, text)
		took += time.Since(start)
	}
	b.ReportMetric(float64(len(strings.Fields(text)))*float64(b.N)/took.Seconds(), "words/s")
}

// pipe can't be wound back.
type pipe struct{ io.Reader }

func BenchmarkStripped(b *testing.B) {
	restoring(b, restore.Strip, viet.Strip(benchInput(b, "*.txt")), false)
}

func BenchmarkStrippedAuto(b *testing.B) {
	restoring(b, restore.Auto, viet.Strip(benchInput(b, "*.txt")), false)
}

func BenchmarkClean(b *testing.B) { restoring(b, restore.Auto, benchInput(b, "*.txt"), false) }

func BenchmarkEnglishText(b *testing.B) {
	restoring(b, restore.Auto, strings.Repeat("The parties agree that the documents listed below remain in force until further notice.\n", 20), false)
}

func BenchmarkGarbledCold(b *testing.B) {
	restoring(b, restore.Auto, benchInput(b, "*.eng.txt"), true)
}

func BenchmarkGarbledWarm(b *testing.B) {
	restoring(b, restore.Auto, benchInput(b, "*.eng.txt"), false)
}

// BenchmarkStart opens the models and restores one line.
func BenchmarkStart(b *testing.B) {
	for _, source := range []string{restore.Auto, restore.Strip} {
		b.Run(source, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := models.Restorer(restore.Options{Source: source, TextOnly: true})
				if err != nil {
					b.Fatal(err)
				}
				text(b, r, "Ngay 12 thang 3\n")
			}
		})
	}
}
