package restore_test

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// The words around decide between words that look alike, where the language model
// alone is misled by those next to them.
func TestSense(t *testing.T) {
	m := shipped()
	m.Sense = nil
	alone, err := restore.New(m, restore.Options{Source: restore.Strip})
	if err != nil {
		t.Fatal(err)
	}
	r := restorer(t, restore.Strip)
	for _, want := range []string{
		"Ca sĩ hát bài ấy bằng giọng trầm và ấm.",
		"Họa sĩ vẽ bức tranh ấy trên lụa bằng màu nước.",
	} {
		if got := text(t, r, viet.Strip(want)).Text; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if text(t, alone, viet.Strip(want)).Text == want {
			t.Errorf("the language model alone gets it right: %s", want)
		}
	}
}

// The words of one line are known to the next, whose sentence may go on from it.
func TestSentences(t *testing.T) {
	r := restorer(t, restore.Strip)
	for _, want := range []string{
		"Ủy ban nhân dân tỉnh yêu cầu các sở, ban, ngành và Ủy ban nhân dân các\nhuyện báo cáo trước ngày 10.\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n",
		"Điều 1. Phạm vi\nQuyết định này quy định việc quản lý tài liệu.\n\nĐiều 2. Hiệu lực",
		"\n  Trân trọng cảm ơn./.",
	} {
		if got := text(t, r, viet.Strip(want)).Text; got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// A lesson tells what is right wherever the language model had a doubt.
func TestLesson(t *testing.T) {
	r := restorer(t, restore.Strip)
	lm := shipped().Language
	lines := strings.Repeat("Họa sĩ vẽ bức tranh ấy trên lụa bằng màu nước.\n", 2)
	truth := strings.Fields(strings.ReplaceAll(lines, ".", " ."))
	words, choices, right := r.Document().Lesson(lines)
	if len(words) != len(truth) || len(choices) == 0 || len(right) != len(choices) {
		t.Fatalf("%d words, %d choices, %d of them right", len(words), len(choices), len(right))
	}
	for i, c := range choices {
		if right[i] < 0 {
			t.Errorf("the right word is not among those for %q", truth[c.At])
		} else if got := lm.Word(c.Words[right[i]]); got != strings.ToLower(truth[c.At]) {
			t.Errorf("%q is right, not %q", truth[c.At], got)
		}
	}
}
