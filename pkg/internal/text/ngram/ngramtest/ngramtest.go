// Package ngramtest makes small language models for tests.
package ngramtest

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
)

// Model trains a model on a text, nothing pruned.
func Model(t testing.TB, text string, opt ngram.CountOptions) *ngram.Model {
	t.Helper()
	counts, err := ngram.Count([]ngram.Source{{Name: "test", Text: strings.NewReader(text)}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	file, err := counts.Train(ngram.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
