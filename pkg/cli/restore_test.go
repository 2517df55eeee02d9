package cli

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
)

// Each line of --json is one object with the documented fields; the blocks
// together are the restored text, and offsets index input and output.
func TestRestoreJSON(t *testing.T) {
	const in = "Kinh gti: Uy ban nhan dan\r\n\r\nMonsieur le Directeur,\n\n\tBdo cao két qua thanhph6\n"
	var out, errs bytes.Buffer
	status := Main([]string{"restore", "--json"}, &Streams{In: strings.NewReader(in), Out: &out, Err: &errs})
	if status != ExitOK || errs.Len() > 0 {
		t.Fatalf("exit status %d: %s", status, &errs)
	}
	type token struct {
		In, Out      *[2]int
		Read, Text   *string
		Confidence   *float64
		Alternatives []struct {
			Text       *string
			Confidence *float64
		}
	}
	var text string
	var tokens []token
	var sources []string
	for line := range strings.Lines(out.String()) {
		var block struct {
			Type, Source, Text string
			Tokens             []token
		}
		dec := json.NewDecoder(strings.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&block); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if block.Type != "block" || block.Tokens == nil {
			t.Errorf("type %q, tokens %v", block.Type, block.Tokens)
		}
		text += block.Text
		tokens = append(tokens, block.Tokens...)
		sources = append(sources, block.Source)
	}
	if want := []string{"eng", "foreign", "eng"}; !reflect.DeepEqual(sources, want) {
		t.Errorf("sources %q, want %q", sources, want)
	}
	if want := "Kính gửi: Ủy ban nhân dân\r\n\r\nMonsieur le Directeur,\n\n\tBáo cáo kết quả thành phố\n"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	for _, k := range tokens {
		if k.In == nil || k.Out == nil || k.Read == nil || k.Text == nil || k.Confidence == nil {
			t.Fatalf("a token lacks a field: %+v", k)
		}
		if in[k.In[0]:k.In[1]] != *k.Read || text[k.Out[0]:k.Out[1]] != *k.Text {
			t.Errorf("offsets %v, %v are not those of %q, %q", *k.In, *k.Out, *k.Read, *k.Text)
		}
		for _, a := range k.Alternatives {
			if a.Text == nil || a.Confidence == nil {
				t.Errorf("an alternative lacks a field: %+v", a)
			}
		}
	}
}

// --mark puts brackets around words and changes nothing else, in blocks after
// the first as well.
func TestRestoreMark(t *testing.T) {
	const in = "Kinh gti: Uy ban\n\nDing Thi Duyén, ban doc.\n\nthanhph6 ¥\n"
	run := func(args ...string) string {
		var out, errs bytes.Buffer
		if status := Main(append([]string{"restore", "--source", "eng"}, args...), &Streams{In: strings.NewReader(in), Out: &out, Err: &errs}); status != ExitOK {
			t.Fatalf("exit status %d: %s", status, &errs)
		}
		return out.String()
	}
	plain := run()
	for _, below := range []string{"0", "0.5", "0.9", "0.999999", "1"} {
		marked := run("--mark", "--mark-below", below)
		if got := strings.NewReplacer("⟦", "", "⟧", "").Replace(marked); got != plain {
			t.Errorf("--mark-below %s: %q without its marks is not %q", below, marked, plain)
		}
		if below == "0.999999" && !strings.Contains(marked, "⟦") {
			t.Errorf("nothing is marked: %q", marked)
		}
	}
}

// The channels that the program ships are there under their names.
func TestShippedSources(t *testing.T) {
	want := []string{restore.Auto, restore.Clean, restore.Strip, restore.Toneless, restore.Broken, "eng", "vie", "any"}
	r, err := new(modelFlags).restorer(restore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Sources(); !reflect.DeepEqual(got, want) {
		t.Errorf("sources %q, want %q", got, want)
	}
}
