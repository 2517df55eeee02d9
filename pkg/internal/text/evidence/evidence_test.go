package evidence_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
)

// What is written is read again, and is what the program ships.
func TestWrite(t *testing.T) {
	want := evidence.Default()
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := evidence.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Summary != want.Summary {
		t.Errorf("summary %q, want %q", got.Summary, want.Summary)
	}
	for _, f := range evidence.Features() {
		if got.Of(f) != want.Of(f) {
			t.Errorf("%s weighs %g, want %g", f, got.Of(f), want.Of(f))
		}
		if f.About() == "" {
			t.Errorf("%s: nothing tells what it is", f)
		}
	}
}

func TestParseErrors(t *testing.T) {
	var b bytes.Buffer
	if err := evidence.Default().Write(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	without := func(name string) string {
		at := strings.Index(whole, "\n"+name+" ")
		return whole[:at] + whole[at+1+strings.IndexByte(whole[at+1:], '\n'):]
	}
	for _, tt := range []struct{ in, want string }{
		{"", "does not begin"},
		{"weights\n", "does not begin"},
		{whole[:strings.LastIndex(whole, "\n"+"letter ")+1], "is missing"}, // cut off
		{without("channel"), `"channel" is missing`},
		{whole + "channel 1\n", `"channel" is there twice`},
		{whole + "colour 1\n", `no feature "colour"`},
		{whole + "none 1\n", `no feature "none"`},
		{strings.Replace(whole, "channel ", "channel 1 ", 1), "want a name and a weight"},
		{strings.Replace(whole, "channel  ", "channel NaN#", 1), "is no weight"},
		{strings.Replace(whole, "channel  ", "channel 1e9#", 1), "is no weight"},
	} {
		if _, err := evidence.Parse(strings.NewReader(tt.in)); !errors.Is(err, evidence.ErrFormat) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.60q…: error %v, want %q", tt.in, err, tt.want)
		}
	}
}

// Whatever comes in is refused or can be written and read again.
func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := evidence.Default().Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add("congvan weights 1\n# note\nlanguage 1\n")
	f.Fuzz(func(t *testing.T, in string) {
		w, err := evidence.Parse(strings.NewReader(in))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := w.Write(&b); err != nil {
			t.Fatal(err)
		}
		if again, err := evidence.Parse(&b); err != nil || *again != *w {
			t.Errorf("%q came back as %q: %v", in, b.String(), err)
		}
	})
}

func TestTally(t *testing.T) {
	tally := evidence.Tally{Weights: evidence.Default().With(evidence.Channel, 2).With(evidence.Acronym, -4), Keep: true}
	tally.Begin()
	tally.Add(evidence.Channel, -1.5)
	tally.Add(evidence.None, 1)
	tally.AddPart(evidence.Part{})
	tally.Add(evidence.Acronym, 1)
	if tally.Cost != 7 || len(tally.Parts) != 2 {
		t.Errorf("cost %g of %v", tally.Cost, tally.Parts)
	}
	if tally.Begin(); tally.Cost != 0 || len(tally.Parts) != 0 {
		t.Errorf("not empty at the start: %g, %v", tally.Cost, tally.Parts)
	}
}
