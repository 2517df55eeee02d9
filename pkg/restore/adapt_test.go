package restore_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// strange garbles text as no reader does that the channels know: signs stand for
// whole groups of marked vowels, and other marks are lost.
var strange = strings.NewReplacer(
	"ế", "~", "ề", "~", "ể", "~", "ệ", "~", "ấ", "S", "ậ", "S", "ầ", "S", "ộ", "Q", "ọ", "Q", "ợ", "Q", "ị", "j",
	"ủ", "\\i", "ứ", "\\i", "ụ", "\\l", "ồ", "6", "ố", "6", "ổ", "6", "đ", "tl", "ư", "r n",
)

func garbled(s string) string { return viet.Strip(strange.Replace(s)) }

// testLetter returns one of the test letters.
func testLetter(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../testdata/letters/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// wrong counts the words of want that got lacks, in order.
func wrong(want, got string) (n int) {
	have := map[string]int{}
	for _, w := range strings.Fields(got) {
		have[w]++
	}
	for _, w := range strings.Fields(want) {
		if have[w]--; have[w] < 0 {
			n++
		}
	}
	return n
}

// A text whose reader no channel knows is restored by what it tells of its reader.
func TestAdapt(t *testing.T) {
	want := testLetter(t, "ke-hoach") + "\n\n" + testLetter(t, "bao-cao")
	calls := 0
	adapting := newRestorer(t, restore.Options{Source: "eng", Adapted: func(*channel.Model) { calls++ }})
	plain := newRestorer(t, restore.Options{Source: "eng", NoAdapt: true})
	with, without := wrong(want, text(t, adapting, garbled(want)).Text), wrong(want, text(t, plain, garbled(want)).Text)
	all := len(strings.Fields(want))
	t.Logf("of %d words %d are wrong, %d without adapting", all, with, without)
	if calls == 0 || 10*with > 8*without {
		t.Errorf("of %d words %d are wrong, %d without adapting, after %d adaptations", all, with, without, calls)
	}
}

// What a channel knows, and what needs none, is not adapted to.
func TestAdaptNot(t *testing.T) {
	r := newRestorer(t, restore.Options{Adapted: func(ch *channel.Model) { t.Errorf("%s was adapted", ch.Name) }})
	for name, s := range map[string]string{
		"reading of Tesseract": testLetter(t, "cong-van.eng"), "clean": testLetter(t, "to-trinh"),
		"stripped": viet.Strip(testLetter(t, "to-trinh")), "nothing": "", "a few words": garbled("Cộng hòa xã hội chủ nghĩa Việt Nam"),
	} {
		t.Run(name, func(t *testing.T) { text(t, r, s) })
	}
}

// A pipe gives what a file gives, with the spans of the tokens in place.
func TestAdaptPipe(t *testing.T) {
	in := garbled(testLetter(t, "ke-hoach") + "\n\n" + testLetter(t, "bao-cao"))
	r := newRestorer(t, restore.Options{Source: "eng"})
	want := text(t, r, in)
	var got strings.Builder
	for res, err := range r.Blocks(io.MultiReader(strings.NewReader(in))) {
		if err != nil {
			t.Fatal(err)
		}
		for _, tok := range res.Tokens {
			if in[tok.In.Start:tok.In.End] != tok.Read {
				t.Fatalf("%q is said to stand at %v", tok.Read, tok.In)
			}
		}
		got.WriteString(res.Text)
	}
	if got.String() != want.Text {
		t.Errorf("from a pipe:\n%s", diff(want.Text, got.String()))
	}
}
