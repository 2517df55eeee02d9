package channel

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"sync"
	"unicode/utf8"
)

// A channel file is the line magic and a gzip stream (whose checksum guards it)
// of, in this order: name, summary, the two chances of spaces, the alphabet
// beyond every model's own, the edits, the remembered words. Numbers are unsigned
// varints, strings and lists are preceded by their length, probabilities are
// stored as the 16-bit whole part of -2048·log2(p). Edits are sorted by key and
// store the difference to the key before: the key 5 with p = 1/4, then the key 9
// with p = 1/2, are the bytes 02 | 05 00 10 | 04 00 08. Words are sorted, and so
// are the readings of each.
//
// The header of the gzip stream has what can be found out from all that, and takes time:
// an extra field "cv" of a byte, which is keepsMarks or losesMarks, the CRC-32 of the
// rest, and the bounds of Model.most as 32-bit floats. Files without it are older.
const magic = "congvan channel 1\n"

// Limits that no model reaches and no damaged file may pass.
const (
	maxString = 1 << 12
	maxCount  = 1 << 22
	maxBody   = 16 << 20 // bytes, unpacked
)

var errDamaged = errors.New("damaged channel file")

// WriteTo writes the model in its file format.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	m.ready()
	var b bytes.Buffer
	b.WriteString(magic)
	z, _ := gzip.NewWriterLevel(&b, gzip.NoCompression) // unpacking takes longer than half a megabyte is worth
	z.Extra = m.extra()
	e := encoder{z}
	e.string(m.Name)
	e.string(m.Summary)
	e.share(float32(m.LostSpace))
	e.share(float32(m.AddedSpace))
	extra := m.alphabet.runes[len(newAlphabet(nil).runes):]
	e.string(string(extra))

	e.number(uint64(len(m.edits.reads)))
	last := key(0)
	m.edits.all(func(k key, p float32) {
		e.number(uint64(k - last))
		e.share(p)
		last = k
	})

	e.number(uint64(len(m.memory.words)))
	for _, w := range m.memory.words {
		e.string(w.word)
		e.share(w.rest)
		e.number(uint64(w.to - w.from))
		for _, r := range m.memory.reads[w.from:w.to] {
			e.string(r.read)
			e.share(r.share)
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return b.WriteTo(w)
}

// Load reads a model in its file format. Damaged input is an error.
func Load(data []byte) (*Model, error) {
	m, d, err := begin(data)
	if err == nil {
		err = m.finish(d)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Open is Load for a file that is known to be sound, of which it reads the rest when that
// is asked for first.
func Open(data []byte) (*Model, error) {
	m, d, err := begin(data)
	if err != nil {
		return nil, err
	}
	m.rest = sync.OnceFunc(func() {
		if err := m.finish(d); err != nil {
			panic(err)
		}
	})
	return m, nil
}

// begin reads what a model says of itself.
func begin(data []byte) (*Model, *decoder, error) {
	body, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, nil, fmt.Errorf("not a channel file of this version (it should start with %q)", magic)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %v", errDamaged, err)
	}
	d := &decoder{from: io.LimitReader(z, maxBody), size: unpackedSize(body), fractions: fractions()}
	m := &Model{sum: trailer(body), Name: d.string(), Summary: d.string(), LostSpace: float64(d.share()), AddedSpace: float64(d.share())}
	if !m.setExtra(z.Extra) {
		d.fail(errDamaged)
	}
	return m, d, d.damage()
}

const extraHeader = "cv" + "\x00\x00" // and its size

// extra returns what stands in the header of the gzip stream.
func (m *Model) extra() []byte {
	most := make([]byte, 0, 4*len(m.most))
	for _, p := range m.most {
		most = binary.LittleEndian.AppendUint32(most, math.Float32bits(p))
	}
	x := binary.LittleEndian.AppendUint32(append([]byte(extraHeader), m.marks), crc32.ChecksumIEEE(most))
	x = append(x, most...)
	if len(x) > math.MaxUint16 {
		return nil
	}
	binary.LittleEndian.PutUint16(x[2:], uint16(len(x)-len(extraHeader)))
	return x
}

// setExtra takes over what extra made, and reports whether that is sound, if it is there.
func (m *Model) setExtra(x []byte) bool {
	if len(x) == 0 {
		return true
	}
	const head = len(extraHeader) + 1 + 4
	if len(x) < head || len(x)%4 != head%4 || crc32.ChecksumIEEE(x[head:]) != binary.LittleEndian.Uint32(x[head-4:]) {
		return false
	}
	m.marks = x[len(extraHeader)]
	m.most = make([]float32, 0, len(x[head:])/4)
	for x = x[head:]; len(x) > 0; x = x[4:] {
		m.most = append(m.most, math.Float32frombits(binary.LittleEndian.Uint32(x)))
	}
	return true
}

// finish reads the rest.
func (m *Model) finish(d *decoder) error {
	m.alphabet = newAlphabet([]rune(d.string()))
	m.set(d.edits(m.alphabet))
	d.memory(&m.memory)
	if len(d.ahead(1)) > 0 {
		d.fail(errDamaged)
	}
	if d.err == nil {
		m.index()
	}
	return d.damage()
}

// edits reads edits of an alphabet.
func (d *decoder) edits(a *alphabet) *edits {
	n := d.count()
	e := newEdits(min(n, d.size/3)) // bytes that an edit takes at the least
	k := key(0)
	for range n {
		b := d.ahead(binary.MaxVarintLen64 + 2)
		step, size := binary.Uvarint(b)
		next := k + key(step)
		if size <= 0 || len(b) < size+2 || next <= k || !a.has(next) ||
			next>>27 != k>>27 && (!a.has(next>>27) || next>>54 > kindKin) {
			d.fail(errDamaged)
			break
		}
		k = next
		e.add(k, d.shareOf(b[size:]))
		d.rest = b[size+2:]
	}
	e.link()
	return e
}

// memory reads remembered words.
func (d *decoder) memory(m *memory) {
	n := d.count()
	if n == 0 {
		return
	}
	m.grow(min(n, 1<<13))
	d.text.Grow(d.size)
	for range n {
		m.add(d.name(), d.share())
		for range d.count() {
			m.addRead(d.name(), d.share())
		}
		if d.err != nil {
			break
		}
	}
}

// unpackedSize is what the end of a gzip stream says of the size of its content,
// if that may be true.
func unpackedSize(gz []byte) int {
	if len(gz) < 4 {
		return 0
	}
	size := binary.LittleEndian.Uint32(gz[len(gz)-4:])
	return int(min(size, maxBody, 1032*uint32(len(gz)))) // deflate does no better
}

// trailer is the end of a gzip stream, the checksum and the size of its content.
func trailer(gz []byte) uint64 {
	if len(gz) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(gz[len(gz)-8:])
}

// has reports whether the last three characters of k are in the alphabet.
func (a *alphabet) has(k key) bool {
	n := key(len(a.runes))
	return k>>18%maxCodes < n && k>>9%maxCodes < n && k%maxCodes < n
}

type encoder struct{ w io.Writer }

func (e encoder) number(n uint64) { e.w.Write(binary.AppendUvarint(nil, n)) }

func (e encoder) string(s string) {
	e.number(uint64(len(s)))
	io.WriteString(e.w, s)
}

func (e encoder) share(p float32) {
	q := min(math.Round(-shareStep*math.Log2(float64(p))), math.MaxUint16)
	e.w.Write(binary.LittleEndian.AppendUint16(nil, uint16(max(q, 0))))
}

// decoder takes a file apart until the first error, and gives zeros after it.
type decoder struct {
	from io.Reader
	size int // of all, if the file is sound
	buf  [1 << 14]byte
	rest []byte // of buf
	err  error

	text      strings.Builder // of names
	fractions *[shareStep]float32
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
	d.rest = nil
}

// damage is the first error.
func (d *decoder) damage() error {
	if d.err == nil {
		return nil
	}
	return fmt.Errorf("%w: %v", errDamaged, d.err)
}

// ahead returns the next n bytes, and more that are there; fewer at the end of the file.
func (d *decoder) ahead(n int) []byte {
	if len(d.rest) >= n {
		return d.rest
	}
	return d.fill(n)
}

func (d *decoder) fill(n int) []byte {
	for len(d.rest) < n && d.err == nil {
		have := copy(d.buf[:], d.rest)
		more, err := d.from.Read(d.buf[have:])
		d.rest = d.buf[:have+more]
		if err == io.EOF {
			break
		}
		if err != nil {
			d.fail(err)
		}
	}
	return d.rest
}

// take returns the next n bytes, none if there are not so many.
func (d *decoder) take(n int) []byte {
	b := d.ahead(n)
	if len(b) < n {
		d.fail(io.ErrUnexpectedEOF)
		return nil
	}
	d.rest = b[n:]
	return b[:n]
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.ahead(binary.MaxVarintLen64))
	if size <= 0 {
		d.fail(errDamaged)
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) count() int {
	n := d.number()
	if n > maxCount {
		d.fail(errDamaged)
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if n > maxString {
		d.fail(errDamaged)
		return nil
	}
	b := d.take(int(n))
	if !utf8.Valid(b) {
		d.fail(errDamaged)
	}
	return b
}

func (d *decoder) string() string { return string(d.bytes()) }

// name returns a string that is part of one text, as all names are.
func (d *decoder) name() string {
	at := d.text.Len()
	d.text.Write(d.bytes())
	return d.text.String()[at:]
}

func (d *decoder) share() float32 {
	b := d.take(2)
	if b == nil {
		return 0
	}
	return d.shareOf(b)
}

func (d *decoder) shareOf(b []byte) float32 {
	q := binary.LittleEndian.Uint16(b)
	return d.fractions[q%shareStep] * halves[q/shareStep]
}

// shareStep is how many steps of a stored share halve it.
const shareStep = 2048

// fractions are the powers of two that a part of one halving stands for, halves those
// that whole ones do.
var (
	fractions = sync.OnceValue(func() *[shareStep]float32 {
		var f [shareStep]float32
		for i := range f {
			f[i] = float32(math.Exp2(-float64(i) / shareStep))
		}
		return &f
	})
	halves = func() (h [1 << 16 / shareStep]float32) {
		for i := range h {
			h[i] = float32(math.Ldexp(1, -i))
		}
		return h
	}()
)
