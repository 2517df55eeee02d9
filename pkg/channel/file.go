package channel

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
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
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	e := encoder{z}
	e.string(m.Name)
	e.string(m.Summary)
	e.share(float32(m.LostSpace))
	e.share(float32(m.AddedSpace))
	extra := m.alphabet.runes[len(newAlphabet(nil).runes):]
	e.string(string(extra))

	var keys []key
	for _, k := range m.edits.keys {
		if k != 0 {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	e.number(uint64(len(keys)))
	last := key(0)
	for _, k := range keys {
		p, _ := m.edits.get(k)
		e.number(uint64(k - last))
		e.share(p)
		last = k
	}

	e.number(uint64(len(m.memory)))
	for _, word := range slices.Sorted(maps.Keys(m.memory)) {
		mem := m.memory[word]
		e.string(word)
		e.share(mem.rest)
		e.number(uint64(len(mem.seen)))
		for _, read := range slices.Sorted(maps.Keys(mem.seen)) {
			e.string(read)
			e.share(mem.seen[read])
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
	d := decoder{}
	d.rest, d.err = io.ReadAll(io.LimitReader(z, maxBody))
	m := &Model{Name: d.string(), Summary: d.string(), LostSpace: float64(d.share()), AddedSpace: float64(d.share())}
	m.alphabet = newAlphabet([]rune(d.string()))

	n := d.count()
	m.edits = newTable(min(n, 1<<18))
	k := key(0)
	for range n {
		k += key(d.number())
		p := d.share()
		if d.err != nil {
			break
		}
		if k == 0 || !m.alphabet.has(k) {
			d.fail(errDamaged)
			break
		}
		m.edits.set(k, p)
	}
	m.memory = map[string]memory{}
	for range d.count() {
		word := d.string()
		mem := memory{rest: d.share(), seen: map[string]float32{}}
		for range d.count() {
			read := d.string()
			mem.seen[read] = d.share()
		}
		if d.err != nil {
			break
		}
		m.memory[word] = mem
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
	rest []byte
	err  error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// take returns the next n bytes, nil if there are not so many.
func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.rest) {
		d.fail(io.ErrUnexpectedEOF)
	}
	if d.err != nil {
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.fail(errDamaged)
	}
	if d.take(max(size, 0)) == nil {
		return 0
	}
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

func (d *decoder) string() string {
	n := d.number()
	if n > maxString {
		d.fail(errDamaged)
		return ""
	}
	b := d.take(int(n))
	if !utf8.Valid(b) {
		d.fail(errDamaged)
	}
	return string(b)
}

func (d *decoder) share() float32 {
	b := d.take(2)
	if b == nil {
		return 0
	}
	q := binary.LittleEndian.Uint16(b)
	return float32(math.Ldexp(fractions[q%shareStep], -int(q/shareStep)))
}

// shareStep is how many steps of a stored share halve it.
const shareStep = 2048

// fractions are the powers of two that a part of one halving stands for.
var fractions = func() (f [shareStep]float64) {
	for i := range f {
		f[i] = math.Exp2(-float64(i) / shareStep)
	}
	return f
}()
