package restore

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/source"
)

// MaxBlock is the bytes at which a block ends with its line, so that memory does
// not grow with the input.
const MaxBlock = 4 << 10

// Limits of a block, so that memory does not grow with the input.
const (
	farAhead = 32 << 10 // bytes that lookAhead goes through
	maxLine  = 8 << 10  // bytes; the line is then cut at white space
)

// EncodingError reports input that is not UTF-8.
type EncodingError struct {
	Offset int64  // of the first invalid byte
	Data   []byte // what stands around it, for a guess at the encoding
}

func (e *EncodingError) Error() string {
	return fmt.Sprintf("not valid UTF-8 at byte %d", e.Offset)
}

// Blocks restores what it reads, block by block. The results together hold the whole
// text; their spans count from its start. A block in which right lines and spoilt ones
// take turns comes in parts. Where the source is to be found out, the first 32 kB are
// read before the first block is given out, so that it is judged by those after it,
// too, and garbled blocks wait until their reader is known (see held); with
// Options.LineBuffered each line is given out as soon as it has ended. Of a long text
// Options.Jobs parts are restored at a time, and it may have been read on from when
// the loop ends early. An error ends them; it is an *EncodingError or that of reading.
func (r *Restorer) Blocks(in io.Reader) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		rd := &blockReader{rd: bufio.NewReaderSize(in, maxLine), lines: r.opt.LineBuffered}
		out := &outlet{adapted: r.opt.Adapted, yield: yield}
		first := held{doc: r.Document()}
		var ahead []piece
		if r.opt.Source == Auto && !r.opt.LineBuffered {
			ahead = first.doc.lookAhead(rd)
		}
		for r.opt.LineBuffered || rd.size < firstStretch || len(ahead) > 0 || len(first.blocks) > 0 {
			if len(ahead) == 0 {
				ahead = first.doc.divide(rd.next())
			}
			p := ahead[0]
			ahead = ahead[1:]
			if !out.put(first.add(p), p.err) {
				return
			}
		}
		first.doc.stretches(rd, out)
	}
}

// outlet hands out blocks with their place in the whole text.
type outlet struct {
	adapted       func(*channel.Model) // Options.Adapted
	yield         func(Result, error) bool
	read, written int
}

// put hands out blocks, and the error that ended them. It reports whether to go on.
func (o *outlet) put(blocks []restored, err error) bool {
	for _, b := range blocks {
		if b.adapted != nil && o.adapted != nil {
			o.adapted(b.adapted)
		}
		b.move(b.block, o.read, o.written)
		b.Text += norm.NFC.String(b.gap)
		o.read += len(b.block) + len(b.gap)
		o.written += len(b.Text)
		if !o.yield(b.Result, nil) {
			return false
		}
	}
	if err != nil && err != io.EOF {
		o.yield(Result{}, err)
	}
	return err == nil
}

// piece is a block as it was read, or lines of one that are in one state. It is empty
// where the text was not UTF-8.
type piece struct {
	raw []byte
	gap int   // bytes at its end that are empty lines
	err error // that of reading on
}

// cut returns the text of a piece and the empty lines after it.
func (p piece) cut() (block, gap string) {
	at := len(p.raw) - p.gap
	return string(p.raw[:at]), string(p.raw[at:])
}

// lookAhead reads the first blocks of a text and lets each take the evidence of those
// after it.
func (d *Document) lookAhead(rd *blockReader) []piece {
	var ahead []piece
	for size := 0; size < farAhead; {
		ahead = append(ahead, d.divide(rd.next())...)
		last := &ahead[len(ahead)-1]
		if size += len(last.raw); last.err != nil {
			break
		}
	}
	w := d.r.workers.Get().(*worker)
	defer d.r.workers.Put(w)
	w.recent = d.recent
	for _, p := range ahead { // whether words are bare throughout spares many blocks the search for sources
		w.lat.reset(norm.NFC.String(string(p.raw)))
		d.seeBare(w.look())
	}
	for _, p := range ahead {
		w.take(norm.NFC.String(string(p.raw)))
		if d.detect(w, d.r.spoilers()); d.isSure() {
			break
		}
	}
	return ahead
}

// divide cuts a block where right lines and spoilt ones meet.
func (d *Document) divide(p piece) []piece {
	whole := []piece{p}
	if d.r.opt.Source != Auto || len(p.raw) == p.gap {
		return whole
	}
	w := d.r.workers.Get().(*worker)
	defer d.r.workers.Put(w)
	cuts := w.cuts(p.raw[:len(p.raw)-p.gap])
	if len(cuts) == 0 {
		return whole
	}
	var out []piece
	from := 0
	for _, to := range cuts {
		out = append(out, piece{raw: p.raw[from:to]})
		from = to
	}
	return append(out, piece{p.raw[from:], p.gap, p.err})
}

// Text restores a whole text. Invalid UTF-8 is an error.
func (r *Restorer) Text(s string) (Result, error) {
	var all Result
	var out bytes.Buffer
	for res, err := range r.Blocks(bytes.NewReader([]byte(s))) {
		if err != nil {
			return Result{}, err
		}
		out.WriteString(res.Text)
		all.Tokens = append(all.Tokens, res.Tokens...)
		all.Arcs = append(all.Arcs, res.Arcs...)
		if all.Source == "" || all.Source == Foreign {
			all.Source = res.Source
		}
	}
	all.Text = out.String()
	return all, nil
}

// blockReader divides what it reads into blocks.
type blockReader struct {
	rd     *bufio.Reader
	carry  []byte  // of an overlong line
	lines  bool    // each line is a block
	size   int     // bytes read
	latest []piece // the last of them, see runIn
	kept   int     // bytes in latest
}

// next reads a block with the empty lines after it.
func (b *blockReader) next() piece {
	p := b.read()
	if i := source.Invalid(p.raw); i >= 0 && (p.err == nil || p.err == io.EOF) {
		more, _ := b.rd.Peek(b.rd.Buffered()) // for a guess at the encoding
		return piece{err: &EncodingError{int64(b.size + i), append(p.raw, more...)}}
	}
	b.size += len(p.raw)
	b.keepRunIn(p)
	return p
}

// read reads lines up to and with the first empty ones.
func (b *blockReader) read() (p piece) {
	for {
		line, err := b.line()
		p.raw = append(p.raw, line...)
		if len(bytes.TrimFunc(line, unicode.IsSpace)) == 0 {
			p.gap += len(line)
		} else {
			p.gap = 0
		}
		if err != nil || p.gap > 0 || b.lines || len(p.raw) >= MaxBlock {
			p.err = err
			return p
		}
	}
}

// line reads a line with its end, or as much of an overlong one as ends in white
// space.
func (b *blockReader) line() ([]byte, error) {
	line, err := b.rd.ReadSlice('\n')
	if len(b.carry) > 0 {
		line = append(b.carry, line...)
		b.carry = nil
	}
	if err != bufio.ErrBufferFull {
		return line, err
	}
	cut := bytes.LastIndexAny(line, " \t") + 1
	if cut == 0 { // the last letter may go on in what follows, with a mark of its own
		cut = norm.NFC.LastBoundary(line)
	}
	if cut <= 0 {
		cut = len(line)
		for cut > len(line)-utf8.UTFMax && !utf8.RuneStart(line[cut-1]) {
			cut--
		}
		cut--
	}
	b.carry = bytes.Clone(line[cut:])
	return line[:cut], nil
}

// move shifts the spans of a block by what stands before it, and turns offsets
// in its NFC form into those in the input.
func (res *Result) move(block string, in, out int) {
	at := func(i int) int { return i }
	if !norm.NFC.IsNormalString(block) {
		at = nfcOffsets(block)
	}
	res.Start.In, res.Start.Out = in, out
	for i := range res.Tokens {
		t := &res.Tokens[i]
		t.In = Span{in + at(t.In.Start), in + at(t.In.End)}
		t.Out = Span{out + t.Out.Start, out + t.Out.End}
	}
	for i := range res.Arcs {
		a := &res.Arcs[i]
		a.In = Span{in + at(a.In.Start), in + at(a.In.End)}
	}
}

// nfcOffsets maps offsets in the NFC form of s to offsets in s.
func nfcOffsets(s string) func(int) int {
	var composed, original []int
	var it norm.Iter
	it.InitString(norm.NFC, s)
	n := 0
	for !it.Done() {
		composed, original = append(composed, n), append(original, it.Pos())
		n += len(it.Next())
	}
	composed, original = append(composed, n), append(original, len(s))
	return func(i int) int {
		lo, hi := 0, len(composed)-1
		for lo < hi {
			mid := (lo + hi + 1) / 2
			if composed[mid] <= i {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		return original[lo]
	}
}
