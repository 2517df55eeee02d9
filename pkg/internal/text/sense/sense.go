// Package sense tells words apart that look alike without their marks, by the
// words around them: between "lòng" and "lồng" the word "chim" three places on
// decides, which an n-gram model does not see. It is a log-linear model (Berger,
// Della Pietra and Della Pietra 1996) whose features are those of Yarowsky's
// accent restoration (1994): single words at a distance, pairs of words close
// by, and the words anywhere near. What the n-gram model believes is one more
// feature, so that the weights only hold what it lacks.
//
// The package knows nothing of OCR, files or flags.
package sense

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// The file of a model, little-endian:
//
//	8 bytes  "cvanSN01"; the last two digits are the version
//	4        CRC-32C of all that follows
//	4        log2 of the number of cells; 0, 0, 0
//	4        weight of the n-gram model's log probability, float32
//	4 × 16   the weights that a cell can have, in nats, float32; the first is 0
//	4        bytes of the summary, then the summary, text
//	         the cells, two a byte, the first in the low half
//
// A feature's cell is found by hashing it together with the word it speaks for
// (Weinberger et al. 2009); features that fall into one cell share its weight.
// The high bits of a cell's number are those of the hash of the word's letters
// without their marks, so that words that never meet in a choice are apart.
const (
	magic      = "cvanSN01"
	headerSize = len(magic) + 4 + 4 + 4 + 4*Levels + 4
	shardBits  = 2

	// Levels is how many weights a model tells apart.
	Levels = 16
	// Shards is how many parts the cells fall into; words that may stand in one
	// place have theirs in the same part.
	Shards = 1 << shardBits
)

// Limits of the log2 of the number of cells.
const (
	MinBits = 8
	MaxBits = 28
)

// ErrFormat is the error for a file that is no model, or a damaged one.
var ErrFormat = errors.New("not a sound sense model")

func checksum(file []byte) uint32 {
	return crc32.Checksum(file[len(magic)+4:], crc32.MakeTable(crc32.Castagnoli))
}

// Model is a sense model, read in place from the bytes of its file. It is safe
// for use by several goroutines.
type Model struct {
	Summary string

	file  []byte
	cells []byte
	bits  int
	trust float32         // in the n-gram model
	level [Levels]float32 // nats
}

// Load opens a model. It does not read the cells; see Verify.
func Load(file []byte) (*Model, error) {
	if len(file) < headerSize || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: it does not begin like one", ErrFormat)
	}
	m := &Model{file: file, bits: int(file[12])}
	number := func(at int) uint32 { return binary.LittleEndian.Uint32(file[at:]) }
	m.trust = math.Float32frombits(number(16))
	sound := m.trust > 0 && m.trust < 10
	for i := range m.level {
		m.level[i] = math.Float32frombits(number(20 + 4*i))
		sound = sound && m.level[i] > -10 && m.level[i] < 10
	}
	summary := uint64(number(20 + 4*Levels))
	if m.bits < MinBits || m.bits > MaxBits || !sound {
		return nil, fmt.Errorf("%w: 2^%d cells, trust %g, weights %g", ErrFormat, m.bits, m.trust, m.level)
	}
	if uint64(len(file)) != uint64(headerSize)+summary+1<<(m.bits-1) {
		return nil, fmt.Errorf("%w: it is cut off or too long", ErrFormat)
	}
	m.Summary = string(file[headerSize:][:summary])
	m.cells = file[uint64(headerSize)+summary:]
	return m, nil
}

// Content is what the file of a model holds.
type Content struct {
	Bits    int // log2 of the number of cells
	Trust   float32
	Levels  [Levels]float32 // nats; the first is 0
	Summary string
	Cells   []byte // places in Levels, two a byte, the first in the low half
}

// File returns the bytes that Load reads.
func (c *Content) File() []byte {
	file := append([]byte(magic), 0, 0, 0, 0, byte(c.Bits), 0, 0, 0)
	number := func(v uint32) { file = binary.LittleEndian.AppendUint32(file, v) }
	number(math.Float32bits(c.Trust))
	for _, w := range c.Levels {
		number(math.Float32bits(w))
	}
	number(uint32(len(c.Summary)))
	file = append(append(file, c.Summary...), c.Cells...)
	binary.LittleEndian.PutUint32(file[len(magic):], checksum(file))
	return file
}

// Verify reads the whole file and reports damage.
func (m *Model) Verify() error {
	if binary.LittleEndian.Uint32(m.file[len(magic):]) != checksum(m.file) {
		return fmt.Errorf("%w: the checksum is wrong", ErrFormat)
	}
	return nil
}

// Size is the bytes of the file.
func (m *Model) Size() int { return len(m.file) }

// Word is a word of a text as the words around it see it, its marks included as
// far as they are known.
type Word struct {
	ID   ngram.ID
	Case viet.Case
}

// Choice is a place in a text where several words may stand.
type Choice struct {
	At    int        // index of the place in the text
	Words []ngram.ID // that may stand there, alike without their marks
	Logs  []float32  // what the n-gram model says of each, natural logarithm
}

// Weigher applies a model to words of a vocabulary. It is for one goroutine.
type Weigher struct {
	model    *Model
	vocab    *Vocab
	features []uint64
	keys     []key // of the words of a choice
}

// NewWeigher returns a Weigher.
func NewWeigher(m *Model, v *Vocab) *Weigher { return &Weigher{model: m, vocab: v} }

// Weigh replaces c.Logs by what remains to believe of each word after a look at
// the words around: natural logarithms of probabilities that add up to one.
func (w *Weigher) Weigh(text []Word, c Choice) {
	w.features = w.vocab.AppendFeatures(w.features[:0], text, c.At)
	w.keys = w.keys[:0]
	for k, id := range c.Words {
		w.keys = append(w.keys, w.vocab.key(id))
		c.Logs[k] *= w.model.trust
	}
	m, logs := w.model, c.Logs[:len(w.keys)]
	for _, f := range w.features { // cells are far apart in memory: those of all words are asked at once
		for k, key := range w.keys {
			cell := cellOf(f, key, m.bits)
			logs[k] += m.level[m.cells[cell/2]>>(cell%2*4)&(Levels-1)]
		}
	}
	Normalise(c.Logs)
}

// Normalise makes probabilities of scores, both natural logarithms.
func Normalise(logs []float32) {
	best := float32(math.Inf(-1))
	for _, l := range logs {
		best = max(best, l)
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(float64(l - best))
	}
	for k := range logs {
		logs[k] -= best + float32(math.Log(sum))
	}
}

// Vocab tells how the words of a language model hash.
type Vocab struct {
	words []uint32 // by ID: hash of the word,
	bare  []uint32 // and of its letters without marks
}

// key is a word that a feature speaks for.
type key struct {
	word uint64 // hash of the word
	bare uint32 // hash of its letters without marks
}

// NewVocab hashes the words of a language model.
func NewVocab(m *ngram.Model) *Vocab {
	v := &Vocab{words: make([]uint32, m.Len()), bare: make([]uint32, m.Len())}
	for id := range v.words {
		full, bare := uint32(2166136261), uint32(2166136261) // FNV-1a
		for _, r := range m.Word(ngram.ID(id)) {
			full = (full ^ uint32(r)) * 16777619
			bare = (bare ^ uint32(viet.StripRune(r))) * 16777619
		}
		v.words[id], v.bare[id] = full, uint32(Mix(uint64(bare)))
	}
	return v
}

// key is that of a word.
func (v *Vocab) key(w ngram.ID) key { return key{Mix(uint64(v.words[w])), v.bare[w]} }

func (k key) shard() uint32 { return k.bare & (Shards - 1) }

// Shard is the part of the cells that speak for a word.
func (v *Vocab) Shard(w ngram.ID) int { return int(v.key(w).shard()) }

// Cell is the cell, of 2^bits, of a feature that speaks for a word.
func (v *Vocab) Cell(feature uint64, w ngram.ID, bits int) uint32 {
	return cellOf(feature, v.key(w), bits)
}

// Form is a number for the letters of a word without their marks.
func (v *Vocab) Form(w ngram.ID) uint32 { return v.bare[w] }

// Alike reports whether two words have the same letters without their marks.
func (v *Vocab) Alike(a, b ngram.ID) bool { return v.Form(a) == v.Form(b) }

// cellOf is the cell of a feature that speaks for a word.
func cellOf(feature uint64, k key, cellBits int) uint32 {
	return k.shard()<<(cellBits-shardBits) | uint32(Mix(feature+k.word)>>(64-cellBits+shardBits))
}

// Mix spreads the bits of a number over all of it.
func Mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
	return hi ^ lo
}
