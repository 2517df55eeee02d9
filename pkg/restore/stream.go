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

// Blocks restores what it reads, block by block, each as soon as it has ended.
// The results together hold the whole text; their spans count from its start.
// An error ends them; it is an *EncodingError or that of reading.
func (r *Restorer) Blocks(in io.Reader) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		doc := r.Document()
		doc.lookAhead(in)
		rd := &blockReader{rd: bufio.NewReaderSize(in, maxLine), lines: r.opt.LineBuffered}
		read, written := 0, 0
		for {
			raw, gap, err := rd.next()
			if err == nil || err == io.EOF {
				if i := invalid(raw); i >= 0 {
					more, _ := rd.rd.Peek(min(rd.rd.Buffered(), 4<<10)) // no waiting
					yield(Result{}, &EncodingError{int64(read + i), bytes.Clone(append(raw, more...))})
					return
				}
			}
			if len(raw) > 0 {
				res := doc.Block(string(raw[:len(raw)-gap]))
				res.move(string(raw[:len(raw)-gap]), read, written)
				res.Text += norm.NFC.String(string(raw[len(raw)-gap:]))
				read += len(raw)
				written += len(res.Text)
				if !yield(res, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Result{}, err)
				return
			}
		}
	}
}

// lookAhead lets the first blocks of a file take the evidence of those after them.
// Of what can't be wound back, a pipe, each block is judged by those before it.
func (d *Document) lookAhead(in io.Reader) {
	if d.r.opt.Source != Auto {
		return
	}
	file, ok := in.(io.Seeker)
	if !ok {
		return
	}
	start, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return
	}
	w := d.r.workers.Get().(*worker)
	defer d.r.workers.Put(w)
	w.recent = d.recent
	rd := &blockReader{rd: bufio.NewReaderSize(io.LimitReader(in, farAhead), maxLine)}
	for {
		raw, _, err := rd.next()
		if invalid(raw) >= 0 {
			break
		}
		w.lat.reset(norm.NFC.String(string(raw)))
		w.lat.keepNames()
		d.detect(w, d.r.Sources()[2:])
		if err != nil {
			break
		}
	}
	if _, err := file.Seek(start, io.SeekStart); err != nil {
		panic(err) // it could be done a moment ago
	}
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
	rd    *bufio.Reader
	carry []byte // of an overlong line
	lines bool   // each line is a block
}

// next reads lines up to and with the first empty ones, and returns how many
// bytes at the end these take.
func (b *blockReader) next() (raw []byte, gap int, err error) {
	for {
		line, err := b.line()
		raw = append(raw, line...)
		if len(bytes.TrimFunc(line, unicode.IsSpace)) == 0 {
			gap += len(line)
		} else {
			gap = 0
		}
		if err != nil || gap > 0 || b.lines || len(raw) >= MaxBlock {
			return raw, gap, err
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
	if cut == 0 {
		cut = len(line)
		for cut > len(line)-utf8.UTFMax && !utf8.RuneStart(line[cut-1]) {
			cut--
		}
		cut-- // the last character may go on in what follows
	}
	b.carry = bytes.Clone(line[cut:])
	return line[:cut], nil
}

// invalid returns where b stops being UTF-8, or -1.
func invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
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
