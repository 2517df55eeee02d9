package lettertest

import (
	"slices"
	"strings"
)

// LostLines returns the lines of the truth that are not in the text in their
// place: those outside a longest run of lines that both have in the same order.
// Empty lines do not count.
func LostLines(truth, text string) []string {
	a, b := lines(truth), lines(text)
	// best[i][j] is the length of such a run in a[i:] and b[j:].
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if a[i] == b[j] {
				best[i][j] = 1 + best[i+1][j+1]
			}
		}
	}
	var lost []string
	i, j := 0, 0
	for i < len(a) {
		switch {
		case j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j < len(b) && best[i][j+1] > best[i+1][j]:
			j++
		default:
			lost = append(lost, a[i])
			i++
		}
	}
	return lost
}

func lines(text string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\f' }),
		func(s string) bool { return strings.TrimSpace(s) == "" })
}
