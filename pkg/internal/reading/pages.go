package reading

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Pages are the pages of a document that are to be read, as ranges from 1; nil is all.
type Pages []pageRange

type pageRange struct{ first, last int }

// ParsePages reads pages as people write them: "1-3,7", "9-" to the end.
func ParsePages(s string) (Pages, error) {
	var p Pages
	for part := range strings.SplitSeq(s, ",") {
		first, last, to := strings.Cut(strings.TrimSpace(part), "-")
		r := pageRange{number(first), number(last)}
		switch {
		case !to:
			r.last = r.first
		case last == "":
			r.last = math.MaxInt
		}
		if r.first < 1 || r.last < r.first {
			return nil, fmt.Errorf("%q is no page and no range of pages, such as 1-3,7 or 9-", part)
		}
		p = append(p, r)
	}
	return p, nil
}

// number is that of digits; 0 if they are none.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// of are the pages of a document of n, counted from 0, in order and each once.
func (p Pages) of(n int) (pages []int) {
	for i := range n {
		if p == nil || slices.ContainsFunc(p, func(r pageRange) bool { return r.first <= i+1 && i+1 <= r.last }) {
			pages = append(pages, i)
		}
	}
	return pages
}

// String is what ParsePages reads.
func (p Pages) String() string {
	var parts []string
	for _, r := range p {
		switch r.last {
		case r.first:
			parts = append(parts, strconv.Itoa(r.first))
		case math.MaxInt:
			parts = append(parts, fmt.Sprintf("%d-", r.first))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", r.first, r.last))
		}
	}
	return strings.Join(parts, ",")
}
