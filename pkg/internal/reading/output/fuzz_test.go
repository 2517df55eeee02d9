package output

import (
	"strings"
	"testing"
)

// FuzzCorrections: a file of corrections fits or is an error. What does not fit
// leaves the file as it was; what does changes as many words as it says.
func FuzzCorrections(f *testing.F) {
	head := `{"schema":"` + CorrectionsSchema + `","version":1,"corrections":[`
	f.Add(head + `{"page":1,"line":1,"word":2,"from":"hai","to":"ba"}]}`)
	f.Add(head + `{"page":1,"line":1,"word":1,"from":"mot","to":""},{"page":1,"line":2,"word":1,"from":"bon","to":"a b c"}]}`)
	f.Add(head + `{"page":1,"line":1,"word":1,"from":"mot","to":"x"},{"page":1,"line":1,"word":1,"from":"mot","to":"y"}]}`)
	f.Add(head + `{"page":-1,"line":9223372036854775807,"word":-9223372036854775808,"to":"x"}]}`)
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := DecodeCorrections(strings.NewReader(text))
		if err != nil {
			return
		}
		file := fileOf(t, page(1, "mot hai ba", "bon nam"))
		before := textOf(t, file)
		changed, err := file.Apply(c)
		after := textOf(t, file)
		if err != nil && (changed != 0 || after != before) {
			t.Errorf("an error (%v) and %d words changed:\n%s", err, changed, after)
		}
		if err == nil && changed == 0 && after != before {
			t.Errorf("no word changed, but the text:\n%s", after)
		}
	})
}

// FuzzDecode: a JSON output is refused, or comes back as it was once written again,
// and its pages can be given to writers.
func FuzzDecode(f *testing.F) {
	head := `{"schema":"congvan","version":1,`
	f.Add(head + `"pages":[{"number":1,"width":10,"height":10,"lines":[{"box":[0,0,5,5],"words":[{"text":"a","box":[0,0,5,5]}]}]}]}`)
	f.Add(head + `"pages":[{"number":-1,"lines":[{"box":null,"words":[{}]}]},{}]}`)
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range file.Pages {
			file.Pages[i].Page()
		}
		var once, twice strings.Builder
		if err := file.Encode(&once); err != nil {
			t.Fatal(err)
		}
		again, err := Decode(strings.NewReader(once.String()))
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, once.String())
		}
		if err := again.Encode(&twice); err != nil || twice.String() != once.String() {
			t.Errorf("written again (%v):\n%s\nwant\n%s", err, twice.String(), once.String())
		}
	})
}
