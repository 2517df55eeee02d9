// Package lmtest makes small language models for tests.
package lmtest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
)

// File trains a model on a text, nothing pruned, and returns its file.
func File(t testing.TB, text string, opt lm.CountOptions) []byte {
	t.Helper()
	counts, err := lm.Count([]lm.Source{{Name: "test", Text: strings.NewReader(text)}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	file, err := counts.Train(lm.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Model trains a model on a text, nothing pruned.
func Model(t testing.TB, text string, opt lm.CountOptions) *ngram.Model {
	t.Helper()
	m, err := ngram.Load(File(t, text, opt))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Text is a text of few words in which n-grams repeat.
func Text(seed uint64, lines int) string {
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
