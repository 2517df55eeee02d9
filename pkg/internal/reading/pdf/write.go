package pdf

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/deflate"
)

// writer appends indirect objects to a file and writes its cross-references.
type writer struct {
	w        *bufio.Writer
	at       int64
	next     int           // the first free object number
	entries  map[int]entry // of objects written here
	packed   bool          // dictionaries go to object streams
	table    bool          // cross-references go to a table, those of packed objects to a stream beside it
	pending  []byte
	pendingN []int // number and offset of each object in pending
}

func newWriter(w io.Writer, next int, packed, table bool) *writer {
	return &writer{w: bufio.NewWriterSize(w, 64<<10), next: next, packed: packed, table: table, entries: map[int]entry{}}
}

// Write counts what goes out.
func (w *writer) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.at += int64(n)
	return n, err
}

// alloc returns a new object number.
func (w *writer) alloc() Ref {
	w.next++
	return Ref{w.next - 1, 0}
}

// put writes an object that is no stream.
func (w *writer) put(ref Ref, o Object) error {
	if w.packed && ref.Gen == 0 {
		w.pendingN = append(w.pendingN, ref.Num, len(w.pending))
		w.pending = append(Append(w.pending, o), ' ')
		if len(w.pendingN) >= 2*200 {
			return w.flushPacked()
		}
		return nil
	}
	w.entries[ref.Num] = entry{offset: w.at, gen: ref.Gen}
	b := fmt.Appendf(nil, "%d %d obj\n", ref.Num, ref.Gen)
	_, err := w.Write(append(Append(b, o), "\nendobj\n"...))
	return err
}

// putStream writes a stream, compressed unless d names a filter.
func (w *writer) putStream(ref Ref, d Dict, data []byte) error {
	d = maps.Clone(d)
	if d == nil {
		d = Dict{}
	}
	if d["Filter"] == nil {
		if z := deflate.Zlib(data); len(z) < len(data) {
			data = z
			d["Filter"] = Name("FlateDecode")
		}
	}
	return w.putPlain(ref, d, data)
}

// putPlain writes a stream as it is.
func (w *writer) putPlain(ref Ref, d Dict, data []byte) error {
	d["Length"] = Int(len(data))
	w.entries[ref.Num] = entry{offset: w.at, gen: ref.Gen}
	b := Append(fmt.Appendf(nil, "%d %d obj\n", ref.Num, ref.Gen), d)
	if _, err := w.Write(append(b, "\nstream\n"...)); err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\nendstream\nendobj\n")
	return err
}

// flushPacked writes the objects that wait for an object stream.
func (w *writer) flushPacked() error {
	if len(w.pendingN) == 0 {
		return nil
	}
	ref := w.alloc()
	var head []byte
	for i := 0; i < len(w.pendingN); i += 2 {
		head = fmt.Appendf(head, "%d %d ", w.pendingN[i], w.pendingN[i+1])
		w.entries[w.pendingN[i]] = entry{inside: ref.Num, index: i / 2}
	}
	d := Dict{"Type": Name("ObjStm"), "N": Int(len(w.pendingN) / 2), "First": Int(len(head))}
	data := append(head, w.pending...)
	w.pending, w.pendingN = w.pending[:0], w.pendingN[:0]
	return w.putStream(ref, d, data)
}

// finish writes cross-references and the trailer.
func (w *writer) finish(trailer Dict) error {
	if err := w.flushPacked(); err != nil {
		return err
	}
	var err error
	switch {
	case !w.table:
		err = w.xrefStream(trailer)
	case w.packed:
		err = w.xrefHybrid(trailer)
	default:
		err = w.xrefTable(trailer)
	}
	if err != nil {
		return err
	}
	return w.w.Flush()
}

// runs calls f for every run of consecutive numbers.
func runs(nums []int, f func(first, count int)) {
	for i := 0; i < len(nums); {
		j := i + 1
		for j < len(nums) && nums[j] == nums[j-1]+1 {
			j++
		}
		f(nums[i], j-i)
		i = j
	}
}

// xrefHybrid writes a table without objects, for a file that has tables, and a
// stream beside it, which alone can name packed objects (ISO 32000-1, 7.5.8.4).
// A program that doesn't know such streams shows the file as it was before.
func (w *writer) xrefHybrid(trailer Dict) error {
	ref := w.alloc()
	w.entries[ref.Num] = entry{offset: w.at}
	trailer["XRefStm"] = Int(int(w.at))
	if err := w.putXref(ref, Dict{}, w.entries); err != nil {
		return err
	}
	w.entries = nil
	return w.xrefTable(trailer)
}

func (w *writer) xrefTable(trailer Dict) error {
	start := w.at
	nums := slices.Sorted(maps.Keys(w.entries))
	var b []byte
	b = append(b, "xref\n"...)
	if trailer["Prev"] == nil || len(nums) == 0 {
		b = append(b, "0 1\n0000000000 65535 f \n"...)
	}
	runs(nums, func(first, count int) {
		b = fmt.Appendf(b, "%d %d\n", first, count)
		for n := first; n < first+count; n++ {
			b = fmt.Appendf(b, "%010d %05d n \n", w.entries[n].offset, w.entries[n].gen)
		}
	})
	trailer["Size"] = Int(w.next)
	b = append(b, "trailer\n"...)
	b = Append(b, trailer)
	b = fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", start)
	_, err := w.Write(b)
	return err
}

func (w *writer) xrefStream(trailer Dict) error {
	ref := w.alloc()
	start := w.at
	w.entries[ref.Num] = entry{offset: start}
	d := maps.Clone(trailer)
	for _, k := range []Name{"Filter", "DecodeParms", "Length", "XRefStm"} {
		delete(d, k)
	}
	if trailer["Prev"] == nil {
		w.entries[0] = entry{}
	}
	if err := w.putXref(ref, d, w.entries); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	return err
}

// putXref writes a stream of cross-references.
func (w *writer) putXref(ref Ref, d Dict, entries map[int]entry) error {
	width := 4
	if w.at >= 1<<32 {
		width = 8
	}
	var data []byte
	row := func(kind int, a int64, b int) {
		data = append(data, byte(kind))
		for i := width - 1; i >= 0; i-- {
			data = append(data, byte(a>>(8*i)))
		}
		data = append(data, byte(b>>8), byte(b))
	}
	index := Array{}
	runs(slices.Sorted(maps.Keys(entries)), func(first, count int) {
		index = append(index, Int(first), Int(count))
		for n := first; n < first+count; n++ {
			switch e := entries[n]; {
			case n == 0:
				row(0, 0, 65535)
			case e.inside != 0:
				row(2, int64(e.inside), e.index)
			default:
				row(1, e.offset, e.gen)
			}
		}
	})
	d["Type"], d["Size"], d["Index"] = Name("XRef"), Int(w.next), index
	d["W"] = Array{Int(1), Int(width), Int(2)}
	return w.putStream(ref, d, data)
}

// fileID returns an identifier made from what it is given, so that the same
// input gives the same file.
func fileID(parts ...string) String {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s", len(p), p)
	}
	return String(h.Sum(nil)[:16])
}
