package reading

import (
	"fmt"
	"testing"
)

func TestPages(t *testing.T) {
	for _, tt := range []struct{ in, of9 string }{
		{"1", "[0]"},
		{"1-3,7", "[0 1 2 6]"},
		{"7, 1-3, 2", "[0 1 2 6]"}, // in order, each once
		{"8-", "[7 8]"},
		{"9-99", "[8]"},
		{"10", "[]"},
		{"10-", "[]"},
	} {
		p, err := ParsePages(tt.in)
		if got := fmt.Sprint(p.of(9)); err != nil || got != tt.of9 {
			t.Errorf("%s: %s, want %s; %v", tt.in, got, tt.of9, err)
		}
		again, err := ParsePages(p.String())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(p) {
			t.Errorf("%s is written as %s: %v", tt.in, p, err)
		}
	}
	if got := len(Pages(nil).of(9)); got != 9 {
		t.Errorf("of all 9 pages there are %d", got)
	}
	for _, bad := range []string{"", ",", "0", "-3", "3-1", "a", "1-b", "1--2", "+1", "1-3-5", "1;2", "99999999999999999999"} {
		if p, err := ParsePages(bad); err == nil {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
}
