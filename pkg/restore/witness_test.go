package restore_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/restore"
)

// witnesses are what the English reader saw, word by word.
func witnesses(text, read string) []restore.Witness {
	var out []restore.Witness
	heard, at := strings.Fields(read), 0
	for i, w := range strings.Fields(text) {
		start := at + strings.Index(text[at:], w)
		at = start + len(w)
		out = append(out, restore.Witness{Start: start, End: at, Channel: "eng", Read: heard[i]})
	}
	return out
}

func TestReading(t *testing.T) {
	r := restorer(t, restore.Auto)
	for _, tt := range []struct{ vie, eng, alone, both string }{
		// The first reader alone is mended where the language says so …
		{"đề nghị các đơn vị bảo cảo kết quà", "dé nghi cac don vi bdo cdo két qua",
			"đề nghị các đơn vị báo cáo kết quả", "đề nghị các đơn vị báo cáo kết quả"},
		// … but which name it was only the second can tell.
		{"xã Tân Lót", "x4 Tan Léc", "xã Tân Lót", "xã Tân Lộc"},
		// A second reader without letters of its own does not spoil the first.
		{"ông Trần Văn Hưng", "6ng Tran Van Hing", "ông Trần Văn Hưng", "ông Trần Văn Hưng"},
		// Punctuation on either side only.
		{"(xã Tân Lót),", "(x4 Tan Léc", "(xã Tân Lót),", "(xã Tân Lộc),"},
		{"ngày 12/3/2024, số 45/QĐ-UBND", "ngay 12/3/2024, s6 4S/QD-UBND", "ngày 12/3/2024, số 45/QĐ-UBND", "ngày 12/3/2024, số 45/QĐ-UBND"},
	} {
		alone := r.Document().Reading(tt.vie, "vie", nil)
		if alone.Text != tt.alone {
			t.Errorf("%q alone: %q, want %q", tt.vie, alone.Text, tt.alone)
		}
		both := r.Document().Reading(tt.vie, "vie", witnesses(tt.vie, tt.eng))
		if both.Text != tt.both {
			t.Errorf("%q with %q: %q, want %q", tt.vie, tt.eng, both.Text, tt.both)
		}
		sound(t, tt.vie, alone)
		sound(t, tt.vie, both)
	}
}

// A reader without a channel is believed.
func TestReadingUnknownChannel(t *testing.T) {
	const in = "Kinh giti: Uy ban nhan dan"
	if got := restorer(t, restore.Auto).Document().Reading(in, "fra", nil); got.Text != in || got.Source != restore.Clean {
		t.Errorf("%s: %q", got.Source, got.Text)
	}
}

// Witnesses with any spans and texts do no harm to what holds of all results.
func FuzzReading(f *testing.F) {
	f.Add("xã Tân Lót", "x4", 0, 3, "Léc", 8, 12, true)
	f.Add("xã Tân Lót", "", -5, 900, "\xff", 3, 2, true)
	f.Add("(xã),", "(x4", 0, 6, "),", 2, 2, false)
	f.Add("", "a", 0, 0, "b", 0, 1, true)
	f.Add("đ đ", "d", 1, 2, "?", 1, 2, false)
	f.Fuzz(func(t *testing.T, block, read1 string, start1, end1 int, read2 string, start2, end2 int, eng bool) {
		if len(block) > 300 || len(read1)+len(read2) > 60 || !utf8.ValidString(block) || strings.Contains(block, "\n\n") {
			return
		}
		block = norm.NFC.String(block)
		by := "vie"
		if eng {
			by = "eng"
		}
		got := restorer(t, restore.Auto).Document().Reading(block, "vie", []restore.Witness{
			{Start: start1, End: end1, Channel: by, Read: read1},
			{Start: start2, End: end2, Channel: by, Read: read2},
		})
		sound(t, block, got)
	})
}
