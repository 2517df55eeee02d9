package corpus

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// The halves of a text are all of it.
func TestHalf(t *testing.T) {
	long := strings.Repeat("x", 100_000) // more than is read at a time
	var all, first, second strings.Builder
	for i := range 5 * HalfLines / 2 {
		line := fmt.Sprintf("line %d\n", i)
		if i == 7 || i == HalfLines+7 {
			line = long + "\n"
		}
		all.WriteString(line)
		if i/HalfLines%2 == 0 {
			first.WriteString(line)
		} else {
			second.WriteString(line)
		}
	}
	for which, want := range []string{first.String(), second.String()} {
		got, err := io.ReadAll(Half(iotest.OneByteReader(strings.NewReader(all.String())), which))
		if err != nil || string(got) != want {
			t.Errorf("half %d: %d bytes, want %d: %v", which, len(got), len(want), err)
		}
	}
}
