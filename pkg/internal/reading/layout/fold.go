package layout

import (
	"strings"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Fold leaves of s its letters a to z, in lower case and without marks: what
// survives a bad reading of a formula.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(viet.Strip(s)) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Distance is the edit distance of two short strings of ASCII.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
