package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// counted counts the bytes that are read from a file.
type counted struct {
	*bytes.Reader
	n int
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(b, at)
	c.n += n
	return n, err
}

// mostReads is how often a file may be read over before all its pages are found:
// objects are looked at where they are referred to, streams of objects once.
const mostReads = 64

// readPages opens a file and reads all its pages, and fails if that reads more of
// it than is in proportion to its size.
func readPages(t *testing.T, src []byte) {
	c := &counted{Reader: bytes.NewReader(src)}
	if r, err := Open(c, int64(len(src))); err == nil {
		if leaves, err := r.Pages(); err == nil {
			for _, l := range leaves {
				r.Page(l)
			}
		}
	}
	c.check(t, src)
}

// check fails if more of a file was read than is in proportion to its size.
func (c *counted) check(t *testing.T, src []byte) {
	if limit := mostReads * (len(src) + 16<<10); c.n > limit {
		t.Errorf("%d bytes were read of a file of %d", c.n, len(src))
	}
}

// Files made to send a parser round and round.
func hostile() [][]byte {
	var chain, kids, deep strings.Builder
	chain.WriteString("%PDF-1.4\n")
	prev := 0
	for range 1500 { // cross-reference tables, each pointing to the one before
		at := chain.Len()
		fmt.Fprintf(&chain, "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\n", prev)
		prev = at
	}
	fmt.Fprintf(&chain, "startxref\n%d\n%%%%EOF\n", prev)
	for range 3000 { // the same page over and over
		kids.WriteString("3 0 R ")
	}
	objects := []string{catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 9 9]>>"}
	for i := range 800 { // a page tree that is one long branch
		objects = append(objects, fmt.Sprintf("<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>", i+2, i+4))
	}
	deep.Write(source(append(objects, "<</Type/Page/Parent 2 0 R>>")...))
	double := []string{catalog}
	for i := range 16 { // a page tree whose branches meet again
		double = append(double, fmt.Sprintf("<</Type/Pages/Kids[%d 0 R %[1]d 0 R]/Count 2/MediaBox[0 0 9 9]>>", i+3))
	}
	circle := "%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"
	return [][]byte{
		[]byte(circle),
		source(append(double, "<</Type/Page>>")...),
		[]byte(chain.String()),
		source(catalog, "<</Type/Pages/Kids["+kids.String()+"]/Count 3000/MediaBox[0 0 9 9]>>", "<</Type/Page/Parent 2 0 R>>"),
		source(catalog, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/MediaBox[0 0 9 9]>>"),
		[]byte(deep.String()),
	}
}

func TestHostileFiles(t *testing.T) {
	for _, src := range hostile() {
		readPages(t, src)
	}
}

// Whatever a filter is given, what comes out is at most so much longer: no filter
// unfolds a byte into more than a thousand or so.
func FuzzFilters(f *testing.F) {
	filters := []Name{"FlateDecode", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode"}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write([]byte("\x02abcd\x04abcd"))
	w.Close()
	f.Add(z.Bytes(), 15, 1, 8, 4)
	f.Add([]byte("<~87cURD]~>"), 1, 1, 8, 1)
	f.Add([]byte("\x81a\x02abc\x80"), 2, 3, 16, 1<<20)
	f.Add([]byte("41 4>"), 12, 32, 1, 1)
	f.Fuzz(func(t *testing.T, data []byte, predictor, colors, bits, columns int) {
		parms := map[Name]int{"Predictor": predictor, "Colors": colors, "BitsPerComponent": bits, "Columns": columns}
		for _, filter := range filters {
			out, err := decode(data, filter, func(key Name, def int) int {
				if n, ok := parms[key]; ok {
					return n
				}
				return def
			})
			const row = 32 * 16 / 8 << 20 // the last one of a predictor is filled up
			if err == nil && len(out) > 1100*len(data)+row {
				t.Errorf("%s makes %d bytes of %d", filter, len(out), len(data))
			}
		}
	})
}

// Whatever the file, reading all of its pages takes work in proportion to it.
func FuzzSteps(f *testing.F) {
	for _, src := range hostile() {
		f.Add(src[:min(len(src), 4<<10)])
	}
	f.Add(source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>", "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", streamOf("", "BT ET")))
	f.Fuzz(func(t *testing.T, src []byte) { readPages(t, src) })
}
