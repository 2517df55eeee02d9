package restore_test

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// A name that is plain in one line decides how it is read in the next.
func TestAgree(t *testing.T) {
	r := restorer(t, restore.Strip)
	for _, want := range []string{
		"Nghệ sĩ Lê Tường Sang hát hai bài.\nKhán giả tặng hoa cho Lê Tường Sang khi màn diễn kết thúc.\n",
		"Nghệ sĩ Lê Hiền Vy hát hai bài.\nKhán giả tặng hoa cho Lê Hiền Vy khi màn diễn kết thúc.\n",
		"Nghệ sĩ Doãn Thái Thục hát hai bài.\nKhán giả tặng hoa cho Doãn Thái Thục khi màn diễn kết thúc.\n",
	} {
		if got := text(t, r, viet.Strip(want)).Text; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		_, alone, _ := strings.Cut(want, "\n")
		if text(t, r, viet.Strip(alone)).Text == alone {
			t.Errorf("it is plain without the line before: %s", alone)
		}
	}
}

// A word that other places chose against what its own says is marked as unsure.
func TestAgreeUnsure(t *testing.T) {
	in := viet.Strip("Nghệ sĩ Lê Tường Sang hát hai bài.\nKhán giả tặng hoa cho Lê Tường Sang khi màn diễn kết thúc.\n")
	var sure []float64
	for _, tok := range text(t, restorer(t, restore.Strip), in).Tokens {
		if tok.Text == "Lê" {
			sure = append(sure, tok.Confidence)
		}
	}
	if len(sure) != 2 || sure[0] < 0.9 || sure[1] > 0.5 {
		t.Errorf("confidence %.2f of the plain and the doubtful place", sure)
	}
}
