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
