package output

import (
	"bytes"
	"errors"
	"slices"
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
		{Page: 1, Line: 1, Word: 3, From: "bốn", To: "bo\u0302\u0301n"}, // decomposed: right as it is
		{Page: 1, Line: 2, Word: 1, From: "x", To: ""},
		{Page: 1, Line: 3, Word: 2, From: "5/SNV", To: "15/SNV"},
	}}
	n, err := f.Apply(c)
	if n != 4 || err != nil {
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
		"twice":          {Corrections: []Correction{good, {Page: 1, Line: 1, Word: 1, From: "một", To: "mót"}}},
		"added nowhere":  {Corrections: []Correction{good, {Page: 1, Line: 3, Add: AddLine, To: "x"}}},
		"no such field":  {Corrections: []Correction{good, {Field: "colour", To: "red"}}},
		"no such letter": {Corrections: []Correction{good, {Field: "number", Letter: 2, To: "1/QĐ"}}},
		"later text":     {Base: 1, Corrections: []Correction{good}},
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

// Words and lines that were missing are added; what is made once is not made again, and
// a file of corrections that goes on from one that was applied makes the rest.
func TestApplyAgain(t *testing.T) {
	first := []Correction{
		{Page: 1, Line: 1, Word: 1, From: "một", To: "mười một"},
		{Page: 1, Line: 1, Word: 2, From: "hai", To: "hai"},
		{Page: 1, Line: 1, Word: 2, Add: AddWords, To: "rưỡi"},
		{Page: 1, Line: 2, Word: 1, From: "x", To: ""}, // with its line
		{Page: 1, Line: 2, Add: AddLine, To: "Nơi nhận:", Box: &Box{80, 700, 300, 740}},
		{Page: 1, Line: 0, Add: AddLine, To: "MẬT"},
		{Page: 1, Line: 3, Word: 0, Add: AddWords, To: "-"},
		{Page: 1, Line: 3, Word: 2, From: "năm", To: "lăm"},
	}
	later := append(slices.Clone(first),
		Correction{Page: 1, Line: 3, Word: 2, From: "năm", To: "lắm"}, // another time, in the same page
		Correction{Page: 1, Line: 3, Word: 1, From: "bốn", To: "Bốn"},
		Correction{Page: 1, Line: 2, Add: AddLine, To: "- Lưu VT."})
	later = slices.Delete(later, 7, 8)
	f := fileOf(t, page(1, "một hai ba", "x", "bốn năm"))
	for _, step := range []struct {
		name string
		c    Corrections
		made int
		want string
	}{
		{"first", Corrections{Corrections: first}, 8, "MẬT\nmười một hai rưỡi ba\nNơi nhận:\n- bốn lăm\n"},
		{"twice", Corrections{Corrections: first}, 0, "MẬT\nmười một hai rưỡi ba\nNơi nhận:\n- bốn lăm\n"},
		{"more from the same page", Corrections{Corrections: later}, 3, "MẬT\nmười một hai rưỡi ba\nNơi nhận:\n- Lưu VT.\n- Bốn lắm\n"},
		{"from the new page", Corrections{Base: 11, Corrections: []Correction{{Page: 1, Line: 5, Word: 3, From: "lắm", To: "năm"}}}, 1, "MẬT\nmười một hai rưỡi ba\nNơi nhận:\n- Lưu VT.\n- Bốn năm\n"},
	} {
		n, err := f.Apply(&step.c)
		if got := textOf(t, f); n != step.made || err != nil || got != step.want {
			t.Errorf("%s: %d made, %v\n%s", step.name, n, err, got)
		}
	}
	if w := f.Pages[0].Lines[1].Words[2]; w.Text != "hai" || !w.Corrected || w.Confidence != 1 {
		t.Errorf("right as it is: %+v", w)
	}
	if b := f.Pages[0].Lines[2].Box; b != (Box{80, 700, 300, 740}) {
		t.Errorf("the line stands at %v", b)
	}
	var b bytes.Buffer
	if err := f.Encode(&b); err != nil {
		t.Fatal(err)
	}
	again, err := Decode(&b)
	if err != nil || len(again.Corrections) != len(f.Corrections) {
		t.Errorf("%d corrections of %d are kept, %v", len(again.Corrections), len(f.Corrections), err)
	}
}

// Fields that a person has set stay when words are corrected and the others are found
// again.
func TestApplyFields(t *testing.T) {
	f := fileOf(t, page(1, "SỞ NỘI VỤ", "Số: 5/SNV", "Kính gửi: Sở A"))
	fields := &Corrections{Corrections: []Correction{
		{Field: "number", From: "5/SNV", To: "15/SNV"}, {Field: "date", To: "2021-05"}, {Field: "addressees", From: "Sở A", To: "Sở A; Sở B"},
		{Field: "signer", To: "Trần Thị Bình An"}, {Field: "signer", To: "Trần Thị Bình An"},
	}}
	for _, want := range []int{4, 0} {
		if n, err := f.Apply(fields); n != want || err != nil {
			t.Fatal(n, err)
		}
	}
	if n, err := f.Apply(&Corrections{Corrections: []Correction{{Page: 1, Line: 2, Word: 2, From: "5/SNV", To: "25/SNV"}, {Page: 1, Line: 1, Word: 3, From: "VỤ", To: "VỤ,"}}}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	l := f.Letter
	if l.Number != "15/SNV" || l.Date != "2021-05" || len(l.Addressees) != 2 || l.Signer != "Trần Thị Bình An" || l.Issuer != "SỞ NỘI VỤ" {
		t.Errorf("%+v", l)
	}
	if n, err := f.Apply(&Corrections{Corrections: []Correction{{Field: "number", From: "15/SNV", To: ""}, {Field: "date", From: "2021-05", To: "5.2021"}}}); n != 0 || err == nil || f.Letter.Number != "15/SNV" {
		t.Errorf("a date that is none: %d, %v, %+v", n, err, f.Letter)
	}
}
