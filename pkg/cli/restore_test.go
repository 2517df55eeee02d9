package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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

// A file is replaced as a whole and keeps its permissions; a link stays a link.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a.txt"), filepath.Join(dir, "link.txt")
	if err := os.WriteFile(file, []byte("Kinh gti\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	o := restoreOptions{files: []string{link}, inPlace: true}
	if err := o.restoreFile(testRestorer(t), link, &Streams{}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != "Kính gửi\n" {
		t.Errorf("the file holds %q", got)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o640 {
		t.Errorf("permissions are now %v", info.Mode())
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is no link any more")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".*")); len(names) > 0 {
		t.Errorf("left behind: %q", names)
	}
}

// The channels that the program ships are there under their names.
func TestShippedSources(t *testing.T) {
	want := []string{restore.Auto, restore.Clean, restore.Strip, "eng", "vie"}
	if got := testRestorer(t).Sources(); !reflect.DeepEqual(got, want) {
		t.Errorf("sources %q, want %q", got, want)
	}
}
