package channel

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
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
	var b bytes.Buffer
	b.WriteString(magic)
	z, _ := gzip.NewWriterLevel(&b, gzip.NoCompression) // unpacking takes longer than half a megabyte is worth
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
	body, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("not a channel file of this version (it should start with %q)", magic)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errDamaged, err)
	}
	var b strings.Builder
	b.Grow(unpackedSize(body))
	_, err = io.Copy(&b, io.LimitReader(z, maxBody))
	d := decoder{rest: b.String(), err: err, fractions: fractions()}
	m := &Model{sum: trailer(body), Name: d.string(), Summary: d.string(), LostSpace: float64(d.share()), AddedSpace: float64(d.share())}
	m.alphabet = newAlphabet([]rune(d.string()))

	n := d.count()
	e := newEdits(min(n, len(d.rest)/3)) // bytes that an edit takes at the least
	k := key(0)
	for range n {
		next := k + key(d.number())
		p := d.share()
		if d.err != nil {
			break
		}
		if next <= k || !m.alphabet.has(next) {
			d.fail(errDamaged)
			break
		}
		k = next
		e.add(k, p)
	}
	e.link()
	m.set(e)
	d.rest = strings.Clone(d.rest) // memory keeps it: this is all that has to stay
	n = d.count()
	m.memory.grow(min(n, 1<<13))
	for range n {
		m.memory.add(d.string(), d.share())
		for range d.count() {
			m.memory.addRead(d.string(), d.share())
		}
		if d.err != nil {
			break
		}
	}
	if len(d.rest) > 0 {
		d.fail(errDamaged)
	}
	if d.err != nil {
		return nil, fmt.Errorf("%w: %v", errDamaged, d.err)
	}
	m.index()
	return m, nil
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

// has reports whether k is an edit of characters in the alphabet.
func (a *alphabet) has(k key) bool {
	for shift := 0; shift < 54; shift += 9 {
		if int(k>>shift)%maxCodes >= len(a.runes) {
			return false
		}
	}
	return k>>54 <= kindKin
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
	rest string
	err  error

	fractions *[shareStep]float64
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// take returns the next n bytes, none if there are not so many.
func (d *decoder) take(n int) string {
	if d.err == nil && n > len(d.rest) {
		d.fail(io.ErrUnexpectedEOF)
	}
	if d.err != nil {
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) number() (n uint64) {
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64 && d.err == nil; i++ {
		b := d.rest[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return n
		}
	}
	d.fail(errDamaged)
	return 0
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

func (d *decoder) string() string {
	n := d.number()
	if n > maxString {
		d.fail(errDamaged)
		return ""
	}
	s := d.take(int(n))
	if !utf8.ValidString(s) {
		d.fail(errDamaged)
	}
	return s
}

func (d *decoder) share() float32 {
	s := d.take(2)
	if s == "" {
		return 0
	}
	q := uint16(s[0]) | uint16(s[1])<<8
	return float32(d.fractions[q%shareStep] / float64(uint64(1)<<(q/shareStep)))
}

// shareStep is how many steps of a stored share halve it.
const shareStep = 2048

// fractions are the powers of two that a part of one halving stands for.
var fractions = sync.OnceValue(func() *[shareStep]float64 {
	var f [shareStep]float64
	for i := range f {
		f[i] = math.Exp2(-float64(i) / shareStep)
	}
	return &f
})
