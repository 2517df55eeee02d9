//go:build ignore

// Gen counts Vietnamese text on standard input and writes vietnamese.txt: the
// 1,000 most frequent syllables without their marks, each with the share, in
// tenths, of its occurrences that have none, then the 4,000 most frequent pairs
// of such syllables.
//
//	cat corpus/*.txt | go run gen.go > vietnamese.txt
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/viet"
)

func main() {
	all, bare := map[string]int{}, map[string]int{}
	pairs := map[[2]string]int{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		last := ""
		line := strings.ToLower(norm.NFC.String(in.Text()))
		for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) }) {
			s := viet.Strip(w)
			all[s]++
			if s == w {
				bare[s]++
			}
			if len(last) > 1 && len(s) > 1 && len(last)+len(s) > 5 {
				pairs[[2]string{last, s}]++
			}
			last = s
		}
	}
	words := top(all, 1000, func(string) bool { return true }, strings.Compare)
	known := map[string]bool{}
	for _, w := range words {
		known[w] = true
		fmt.Println(w, 10*bare[w]/all[w])
	}
	fmt.Println()
	both := func(p [2]string) bool { return known[p[0]] && known[p[1]] }
	for _, p := range top(pairs, 4000, both, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }) {
		fmt.Println(p[0], p[1])
	}
}

func top[K comparable](counts map[K]int, n int, keep func(K) bool, order func(a, b K) int) []K {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(counts)), func(k K) bool { return !keep(k) })
	slices.SortFunc(keys, func(a, b K) int { return cmp.Or(counts[b]-counts[a], order(a, b)) })
	return keys[:min(n, len(keys))]
}
