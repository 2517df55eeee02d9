package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
)

// What is shown of the time left goes down second by second, though estimates jump, and
// ends where they do.
func TestTimeLeft(t *testing.T) {
	const hour = 3600
	for name, estimate := range map[string]func(second int) int{
		"steady":            func(s int) int { return hour - s },
		"by turns":          func(s int) int { return (hour - s) * (1 + s/10%3) }, // long and short documents
		"twice as long":     func(s int) int { return hour - s + min(s/1800, 1)*hour },
		"half after a half": func(s int) int { return (hour - s) / (1 + min(s/1800, 1)) },
	} {
		var left timeLeft
		now := time.Unix(0, 0)
		before := time.Duration(0)
		for s := range hour {
			shown := left.update(now.Add(time.Duration(s)*time.Second), time.Duration(estimate(s))*time.Second)
			if s > 0 && before > 3*time.Minute {
				if jump := (shown - before + time.Second).Abs(); jump > before/50+time.Second {
					t.Fatalf("%s: after %d s the time left goes from %v to %v", name, s, before, shown)
				}
			}
			before = shown
		}
		if want := time.Duration(estimate(hour-1)) * time.Second; before > 3*want+10*time.Second {
			t.Errorf("%s: at the end %v are left, of %v", name, before, want)
		}
	}
	var left timeLeft
	if left.update(time.Unix(0, 0), 0) != 0 || left.update(time.Unix(1, 0), time.Minute) != time.Minute || left.update(time.Unix(2, 0), 0) != 0 {
		t.Error("nothing is known, and something shown")
	}
}

func TestRoundly(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{time.Second, "5 s"}, {31 * time.Second, "30 s"}, {64 * time.Second, "1 min 00 s"}, {125 * time.Second, "2 min 10 s"},
		{754 * time.Second, "13 min"}, {100 * time.Minute, "1 h 40 min"}, {11*time.Hour + 4*time.Minute, "11 h 00 min"},
	} {
		if got := roundly(tt.d); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.d, got, tt.want)
		}
	}
}

// The line before the bar names the document and its page, and what else there is room for.
func TestLine(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("thư mục/", 12) + "một lá thư.txt"
	write(t, dir, map[string]string{name: "chữ"})
	p := new(batch.Progress)
	cfg := batch.Config{Inputs: []string{dir}, Out: filepath.Join(t.TempDir(), "out"), Progress: p}
	if _, err := batch.Run(t.Context(), cfg, shoutJob()); err != nil {
		t.Fatal(err)
	}
	r := &reporter{done: p}
	for columns, begin := range map[int]string{200: name + ", page 1 of 1; about 30 s left; 1 page, ", 60: "…", 10: "…"} {
		got := r.line(30*time.Second, columns)
		if n := len([]rune(got)); !strings.Contains(got, "một lá thư.txt, page 1 of 1") && columns > 10 || !strings.HasPrefix(got, begin) || n > max(columns, 25) {
			t.Errorf("%d columns: %q of %d", columns, got, n)
		}
	}
	r.waiting.Store(true)
	if got := r.line(0, 80); got != "waiting for documents" {
		t.Errorf("waiting: %q", got)
	}
	if n := barColumns(os.Stderr); n < 1 {
		t.Errorf("%d columns", n)
	}
}
