package lettertest

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Table holds counts of what is wrong, a row a letter and a column for each
// way the letter came in, in a file that people read:
//
//	# what is counted
//	             eng  vie
//	bao-cao       19    2
//	bien-ban      31    -
//
// A count above that of the file fails the test, and says which words are
// wrong. One below is told, so that whoever made it better renews the file.
// It is safe for concurrent use.
type Table struct {
	path   string
	about  string // the comment at the head of the file
	update bool
	want   map[cell]int
	mu     sync.Mutex
	got    map[cell]int
	rows   []string
	cols   []string
}

type cell struct{ row, col string }

// OpenTable reads the table in testdata. With update it is written anew when
// the test ends, what was counted in this run in place of what was there.
func OpenTable(t testing.TB, name, about string, update bool) *Table {
	t.Helper()
	tb := &Table{path: filepath.Join("testdata", name), about: about, update: update, want: map[cell]int{}, got: map[cell]int{}}
	data, err := os.ReadFile(tb.path)
	if err != nil && !(update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	if err := tb.parse(string(data)); err != nil {
		t.Fatalf("%s: %v", tb.path, err)
	}
	t.Cleanup(func() { tb.close(t) })
	return tb
}

func (tb *Table) parse(text string) error {
	sc := bufio.NewScanner(strings.NewReader(text))
	for sc.Scan() {
		line := sc.Text()
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || line[0] == '#' || f[0] == total:
		case line[0] == ' ':
			tb.cols = f
		case len(f) != len(tb.cols)+1:
			return fmt.Errorf("%d columns, the head has %d: %q", len(f)-1, len(tb.cols), line)
		default:
			tb.rows = append(tb.rows, f[0])
			for i, s := range f[1:] {
				if s == none {
					continue
				}
				n, err := strconv.Atoi(s)
				if err != nil {
					return err
				}
				tb.want[cell{f[0], tb.cols[i]}] = n
			}
		}
	}
	return sc.Err()
}

const (
	none  = "-"
	total = "all"
)

// Count compares a text with the truth and the count with that of the table.
func (tb *Table) Count(t testing.TB, row, col, truth, text string) {
	t.Helper()
	lost, extra := Wrong(truth, text)
	tb.Add(t, row, col, max(len(lost), len(extra)), fmt.Sprintf("lost %q\ninstead %q", lost, extra))
}

// Add compares a count with that of the table; detail says what was counted.
func (tb *Table) Add(t testing.TB, row, col string, n int, detail string) {
	t.Helper()
	c := cell{row, col}
	tb.mu.Lock()
	tb.got[c] = n
	want, ok := tb.want[c]
	tb.mu.Unlock()
	switch {
	case tb.update:
	case !ok:
		t.Errorf("%s, %s: not in %s; renew it with -update", row, col, tb.path)
	case n > want:
		t.Errorf("%s, %s: %d wrong, %d before (%s):\n%s", row, col, n, want, tb.path, detail)
	case n < want:
		t.Logf("%s, %s: %d wrong, %d before: better; renew %s with -update", row, col, n, want, tb.path)
	}
}

// close writes the table with update.
func (tb *Table) close(t testing.TB) {
	if !tb.update || t.Failed() {
		return
	}
	for c, n := range tb.got {
		tb.want[c] = n
		tb.rows, tb.cols = with(tb.rows, c.row), with(tb.cols, c.col)
	}
	if err := os.MkdirAll(filepath.Dir(tb.path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tb.path, []byte(tb.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// with adds an element to a sorted list that lacks it.
func with(list []string, s string) []string {
	i, found := slices.BinarySearch(list, s)
	if found {
		return list
	}
	return slices.Insert(list, i, s)
}

// String returns the table as its file has it.
func (tb *Table) String() string {
	var b strings.Builder
	for line := range strings.SplitSeq(tb.about, "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	width := len(total)
	for _, r := range tb.rows {
		width = max(width, len(r))
	}
	fmt.Fprintf(&b, "%*s", width, "")
	for _, c := range tb.cols {
		fmt.Fprintf(&b, "  %*s", columnWidth, c)
	}
	b.WriteByte('\n')
	sums := make([]int, len(tb.cols))
	for _, r := range tb.rows {
		fmt.Fprintf(&b, "%-*s", width, r)
		for i, c := range tb.cols {
			n, ok := tb.want[cell{r, c}]
			s := none
			if ok {
				s = strconv.Itoa(n)
			}
			sums[i] += n
			fmt.Fprintf(&b, "  %*s", columnWidth, s)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%-*s", width, total)
	for _, n := range sums {
		fmt.Fprintf(&b, "  %*d", columnWidth, n)
	}
	b.WriteByte('\n')
	return b.String()
}

const columnWidth = 6

// Wrong returns the syllables of the truth that a text lacks and those that it
// has instead, in the order they stand. Order is not compared: the columns of a
// letter may be read one after the other or side by side. Marks at the edges of
// a syllable are not part of it.
func Wrong(truth, text string) (lost, extra []string) {
	have, want := bag(text), bag(truth)
	return minus(truth, have), minus(text, want)
}

func bag(text string) map[string]int {
	m := map[string]int{}
	for _, s := range syllables(text) {
		m[s]++
	}
	return m
}

// minus returns the syllables of a text without those of the bag, which it
// empties.
func minus(text string, bag map[string]int) []string {
	var out []string
	for _, s := range syllables(text) {
		if bag[s] == 0 {
			out = append(out, s)
			continue
		}
		bag[s]--
	}
	return out
}

func syllables(text string) []string {
	var out []string
	for f := range strings.FieldsSeq(text) {
		f = strings.TrimFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
		if f != "" {
			out = append(out, norm.NFC.String(f))
		}
	}
	return out
}
