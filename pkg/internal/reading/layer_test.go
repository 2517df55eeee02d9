package reading

import "testing"

func TestIsNumbers(t *testing.T) {
	for in, want := range map[string]bool{
		"12": true, "- 11 -": true, "1.250.000 (12,5 %)\n2021-2022: 45": true,
		"": false, "–": false, "\"7+%-": false, "12 a": false, "34!56": false,
	} {
		if got := isNumbers(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}
