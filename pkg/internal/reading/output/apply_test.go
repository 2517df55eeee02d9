package output

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func fileOf(t *testing.T, pages ...*Page) *File {
	t.Helper()
	f, err := Decode(bytes.NewReader(write(t, "json", &Document{Path: "a.pdf", SHA256: strings.Repeat("1", 64)}, pages, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func textOf(t *testing.T, f *File) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "txt", f.Document(), f.PageSeq(), Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestApply(t *testing.T) {
	f := fileOf(t, page(1, "một hai|ba bốn", "x", "Số: 5/SNV", "Kính gửi: Sở A"))
	c := &Corrections{Corrections: []Correction{
		{Page: 1, Line: 1, Word: 2, From: "hai|ba", To: " hai  ba "},
		{Page: 1, Line: 1, Word: 3, From: "bốn", To: "bo\u0302\u0301n"}, // decomposed: the same text already
		{Page: 1, Line: 2, Word: 1, From: "x", To: ""},
		{Page: 1, Line: 3, Word: 2, From: "5/SNV", To: "15/SNV"},
	}}
	n, err := f.Apply(c)
	if n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got, want := textOf(t, f), "một hai ba bốn\nSố: 15/SNV\nKính gửi: Sở A\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := []FileWord{
		{Box: Box{160, 100, 220, 140}, Text: "hai", Read: "hai|ba", Confidence: 1, Corrected: true},
		{Box: Box{240, 100, 280, 140}, Text: "ba", Confidence: 1, Corrected: true},
	}
	if diff := cmp.Diff(want, f.Pages[0].Lines[0].Words[1:3]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if f.Letter == nil || f.Letter.Number != "15/SNV" {
		t.Errorf("the letter was not read again: %+v", f.Letter)
	}
}

// Corrections that do not fit change nothing, not even those that do.
func TestApplyMismatch(t *testing.T) {
	good := Correction{Page: 1, Line: 1, Word: 1, From: "một", To: "mốt"}
	for name, c := range map[string]Corrections{
		"other text":     {Corrections: []Correction{good, {Page: 1, Line: 1, Word: 2, From: "ba", To: "bà"}}},
		"no such page":   {Corrections: []Correction{good, {Page: 2, Line: 1, Word: 1, From: "một", To: "x"}}},
		"no such line":   {Corrections: []Correction{good, {Page: 1, Line: 0, Word: 1, From: "một", To: "x"}}},
		"no such word":   {Corrections: []Correction{good, {Page: 1, Line: 1, Word: 9, From: "một", To: "x"}}},
		"twice":          {Corrections: []Correction{good, good}},
		"other document": {SHA256: strings.Repeat("2", 64), Corrections: []Correction{good}},
	} {
		f := fileOf(t, page(1, "một hai"))
		if _, err := f.Apply(&c); !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
		if got := textOf(t, f); got != "một hai\n" {
			t.Errorf("%s: the text became %q", name, got)
		}
	}
}

func TestDecodeCorrectionsErrors(t *testing.T) {
	for _, in := range []string{"", "{}", `{"schema":"congvan","version":1}`, `{"schema":"congvan-corrections","version":2}`} {
		if _, err := DecodeCorrections(strings.NewReader(in)); err == nil {
			t.Errorf("%q: nothing wrong", in)
		}
	}
}
