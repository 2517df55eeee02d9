// Package ngram is a language model of syllables: how probable a word is after
// the words before it. Vietnamese is written syllable by syllable, so its words
// are syllables, with punctuation marks and classes of numbers between them
// (see token.Symbol). A model is opened with Load and asked with Model.Score;
// lab/lm makes it. The package knows nothing of OCR, files on disk or flags.
package ngram

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// ErrFormat is the error for a file that is no language model, or a damaged one.
var ErrFormat = errors.New("not a sound language model")

// Model is a language model, read in place from the bytes of its file. It is
// safe for use by several goroutines.
type Model struct {
	file         []byte
	summaryJSON  []byte
	order        int
	probBits     uint
	backBits     uint
	text         string   // the words, one after the other, each after a byte with its length
	starts       []uint32 // of the words in it
	slots        []ID     // open addressing by hash of the word
	caps         []byte
	unigram      []float32
	probs, backs [format.MaxOrder + 1][]float32
	numbered     []ID     // the words as the tree numbers them, those of a form side by side
	forms        []uint16 // the numbers of the first word of each form, if they are so
	number       []uint16 // of each word
	roots        []uint32
	tree         []byte
	byForm       func() *forms
	shares       func() []float32 // unigram probabilities, by word
	kinds        func() []Kind    // by word
}

// Load opens a model. It checks that the parts fit together, but does not read
// the tree, so that starting up costs next to nothing; see Verify.
func Load(file []byte) (*Model, error) {
	if len(file) < format.HeaderSize {
		return nil, fmt.Errorf("%w: it is cut off", ErrFormat)
	}
	magic := string(file[:len(format.Magic)])
	if magic != format.Magic && magic != format.Magic1 {
		return nil, fmt.Errorf("%w: it does not begin like one", ErrFormat)
	}
	m := &Model{file: file, order: int(file[12]), probBits: uint(file[13]), backBits: uint(file[14])}
	if m.order < 2 || m.order > format.MaxOrder || m.probBits < 1 || m.probBits > 16 || m.backBits < 1 || m.backBits > 16 {
		return nil, fmt.Errorf("%w: order %d with %d and %d bits", ErrFormat, m.order, m.probBits, m.backBits)
	}
	var sizes [4]int
	for i := range sizes {
		sizes[i] = int(binary.LittleEndian.Uint32(file[16+4*i:]))
	}
	vocab := sizes[0]
	if vocab < int(NumSpecial) || vocab > format.MaxVocab {
		return nil, fmt.Errorf("%w: vocabulary of %d words", ErrFormat, vocab)
	}
	rest := file[format.HeaderSize:]
	cut := func(n int) []byte {
		if n > len(rest) {
			rest = nil
			return nil
		}
		part := rest[:n:n]
		rest = rest[n:]
		return part
	}
	floats := func(n int) []float32 {
		b := cut(4 * n)
		if b == nil {
			return make([]float32, n)
		}
		v := make([]float32, n)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		return v
	}
	m.summaryJSON = cut(sizes[1])
	words := cut(sizes[2])
	m.caps = cut(2 * vocab)
	m.unigram = floats(vocab)
	for n := 2; n <= m.order; n++ {
		m.probs[n] = floats(1 << m.probBits)
		m.backs[n] = floats(1 << m.backBits)
	}
	var numbers []byte
	if magic == format.Magic {
		numbers = cut(2 * vocab)
	}
	roots := cut(4 * vocab)
	m.tree = cut(sizes[3])
	if m.tree == nil || len(rest) != 0 {
		return nil, fmt.Errorf("%w: it is cut off or too long", ErrFormat)
	}
	m.roots = make([]uint32, vocab)
	for i := range m.roots {
		m.roots[i] = binary.LittleEndian.Uint32(roots[4*i:])
	}
	if err := m.readWords(words, vocab); err != nil {
		return nil, err
	}
	if err := m.readNumbers(numbers); err != nil {
		return nil, err
	}
	m.byForm = sync.OnceValue(m.formIndex)
	m.shares, m.kinds = sync.OnceValue(m.findShares), sync.OnceValue(m.findKinds)
	return m, nil
}

func (m *Model) findShares() []float32 {
	known := map[float32]float32{} // a tenth are different
	shares := make([]float32, len(m.unigram))
	for i, p := range m.unigram {
		share, ok := known[p]
		if !ok {
			share = float32(math.Pow(10, float64(p)))
			known[p] = share
		}
		shares[i] = share
	}
	return shares
}

func (m *Model) findKinds() []Kind {
	kinds := make([]Kind, m.Len())
	for i := range kinds {
		kinds[i] = kindOf(m.Word(ID(i)))
	}
	return kinds
}

// readWords splits the vocabulary and builds the table that finds a word.
func (m *Model) readWords(b []byte, n int) error {
	m.text, m.starts = string(b), make([]uint32, n)
	at := 0
	for id := range m.starts {
		m.starts[id] = uint32(at)
		if at >= len(b) || len(b)-at < 1+int(b[at]) {
			return fmt.Errorf("%w: the vocabulary is cut off", ErrFormat)
		}
		at += 1 + int(b[at])
	}
	m.slots = make([]ID, 1<<bits.Len(uint(2*n)))
	for id := 1; id < n; id++ {
		i := hashWord(m.Word(ID(id))) & uint32(len(m.slots)-1)
		for m.slots[i] != None {
			i = (i + 1) & uint32(len(m.slots)-1)
		}
		m.slots[i] = ID(id)
	}
	return nil
}

// readNumbers reads how the tree numbers the words, as they come if there is no list.
func (m *Model) readNumbers(b []byte) error {
	m.numbered, m.number = make([]ID, m.Len()), make([]uint16, m.Len())
	for k := range m.numbered {
		v := uint16(k)
		if b != nil {
			v = binary.LittleEndian.Uint16(b[2*k:])
		}
		w := v &^ format.FirstOfForm
		if v != w {
			m.forms = append(m.forms, uint16(k))
		}
		if int(w) >= m.Len() || m.number[w] != 0 {
			return fmt.Errorf("%w: a word has no number, or two", ErrFormat)
		}
		m.numbered[k], m.number[w] = ID(w), uint16(k)
	}
	return nil
}

// key is the number of a word in the tree, that of no word if there is no such word.
func (m *Model) key(w ID) uint32 {
	if int(w) >= len(m.number) {
		return 0
	}
	return uint32(m.number[w])
}

func hashWord(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

// Verify reads the whole file and reports damage. A model that was not verified
// may give wrong scores when it is damaged, but does not panic.
func (m *Model) Verify() error {
	if m.Sum() != format.Checksum(m.file) {
		return fmt.Errorf("%w: the checksum is wrong", ErrFormat)
	}
	return nil
}

// Sum tells models apart: the checksum in the file.
func (m *Model) Sum() uint32 { return binary.LittleEndian.Uint32(m.file[len(format.Magic):]) }

// Summary tells how a model came about. It is part of the file.
type Summary struct {
	Order    int          `json:"order"`
	Vocab    int          `json:"vocab"`
	Grams    []int        `json:"ngrams"`   // of 1 word, of 2 words, …
	Contexts []int        `json:"contexts"` // of 1 word, …
	Options  string       `json:"options,omitempty"`
	Date     string       `json:"date,omitempty"`
	Sources  []SourceInfo `json:"sources,omitempty"`
}

// SourceInfo records what a model was trained on.
type SourceInfo struct {
	Name   string
	Weight int
	Bytes  int64
	Lines  int64
	Tokens int64
	SHA256 string
}

// Summary tells how the model was made.
func (m *Model) Summary() (Summary, error) {
	var s Summary
	if err := json.Unmarshal(m.summaryJSON, &s); err != nil {
		return s, fmt.Errorf("%w: summary: %v", ErrFormat, err)
	}
	return s, nil
}

// Size is the bytes of the file.
func (m *Model) Size() int { return len(m.file) }

// Order is the number of words of the longest n-grams.
func (m *Model) Order() int { return m.order }

// Len is the size of the vocabulary; IDs are below it.
func (m *Model) Len() int { return len(m.starts) }

// Word returns the word of an ID, empty when there is none.
func (m *Model) Word(id ID) string {
	if int(id) >= len(m.starts) {
		return ""
	}
	at := m.starts[id]
	return m.text[at+1:][:m.text[at]]
}

// Kind tells what the word of an ID is.
func (m *Model) Kind(id ID) Kind { return m.kinds()[id] }

// Share returns p(w) without any context.
func (m *Model) Share(w ID) float32 { return m.shares()[w] }

// ID returns the ID of a symbol (see token.Symbol). Words that the vocabulary
// lacks are Foreign or Unknown.
func (m *Model) ID(word string) ID {
	if id := m.Lookup(word); id != None {
		return id
	}
	return OutOfVocab(word)
}

// Lookup returns the ID of a symbol, None when the vocabulary lacks it.
func (m *Model) Lookup(word string) ID {
	mask := uint32(len(m.slots) - 1)
	for i := hashWord(word) & mask; m.slots[i] != None; i = (i + 1) & mask {
		if id := m.slots[i]; m.Word(id) == word {
			return id
		}
	}
	return None
}

// Unigram returns log10 p(w) without any context.
func (m *Model) Unigram(w ID) float32 {
	if int(w) >= len(m.unigram) {
		return -99
	}
	return m.unigram[w]
}

// State is the context carried from one word to the next: as many of the last
// words as can still make a difference. It is comparable, and states that are
// equal score alike from here on. The zero State has no context.
type State struct {
	words [format.MaxOrder - 1]ID // nearest first
	nodes [format.MaxOrder - 1]uint32
	n     uint8
}

// Begin is the state before the first word of a text.
func (m *Model) Begin() State { return m.Next(State{}, Start) }

// Key is a number that differs for different states of one model. Two states of
// different length may have the same words, but never the same key.
func (s State) Key() uint32 {
	if s.n == 0 {
		return format.NoNode
	}
	return s.nodes[s.n-1]
}

// list is a node, its head decoded.
type list struct {
	entries format.Table
	kids    format.Table
	back    uint32 // code of the back-off weight
}

// head decodes the node of a context of depth words, whose next shorter context
// lists parent words.
func (m *Model) head(depth int, node uint32, parent uint32) list {
	pos := uint64(node) * format.Unit
	w := format.Window(m.tree, pos)
	l := list{back: uint32(w & (1<<m.backBits - 1))}
	used := m.backBits
	n, size := format.Gamma(w >> used)
	used += size
	l.entries = format.NewTable(n, format.RankWidth(parent), m.probBits)
	kids, kidBits := uint32(0), uint(0)
	if depth < m.order-1 {
		if used > 16 {
			pos, used = pos+uint64(used), 0
			w = format.Window(m.tree, pos)
		}
		kids, size = format.Gamma(w >> used)
		used += size
		if kids = max(kids, 1) - 1; kids > 0 {
			if used > 40 {
				pos, used = pos+uint64(used), 0
				w = format.Window(m.tree, pos)
			}
			kidBits = uint(w >> used & 31)
			used += 5
		}
	}
	l.entries.At = pos + uint64(used)
	l.kids = format.NewTable(kids, format.IDBits, kidBits)
	l.kids.At = l.entries.End()
	return l
}

// kid finds the child of a node whose context has one more word at its start.
func (m *Model) kid(l *list, left ID) (node uint32, ok bool) {
	_, offset, ok := l.kids.Find(m.tree, m.key(left))
	return l.firstKid() + offset, ok
}

// firstKid is where the children of a node begin.
func (l *list) firstKid() uint32 { return uint32((l.kids.End() + format.Unit - 1) / format.Unit) }

// Score returns log10 p(w|s) and the state that follows w.
func (m *Model) Score(s State, w ID) (logp float32, next State) {
	return m.LogProb(s, w), m.Next(s, w)
}

// LogProb returns log10 p(w|s).
func (m *Model) LogProb(s State, w ID) float32 {
	if int(w) >= len(m.unigram) {
		w = Unknown
	}
	p := m.unigram[w]
	parent := uint32(m.Len())
	rank := m.key(w)
	for d := range int(min(s.n, format.MaxOrder-1)) {
		l := m.head(d+1, s.nodes[d], parent)
		place, code, ok := l.entries.Find(m.tree, rank)
		if !ok {
			p += m.backs[d+2][l.back]
			for d++; d < int(s.n); d++ {
				p += m.backoff(d+1, s.nodes[d])
			}
			return p
		}
		p = m.probs[d+2][code]
		rank, parent = place, l.entries.Len
	}
	return p
}

func (m *Model) backoff(depth int, node uint32) float32 {
	return m.backs[depth+1][format.Window(m.tree, uint64(node)*format.Unit)&(1<<m.backBits-1)]
}

// isContext reports whether anything is known of what follows w.
func (m *Model) isContext(w ID) bool { return int(w) < len(m.roots) && m.roots[w] != format.NoNode }

// Next returns the state that follows w.
func (m *Model) Next(s State, w ID) (next State) {
	if !m.isContext(w) {
		return State{}
	}
	next.words[0], next.nodes[0], next.n = w, m.roots[w], 1
	m.lengthen(&next, &s, uint32(m.Len()))
	return next
}

// lengthen adds to a state the words of the one before, as long as there are
// contexts for them. parent is how many words the context one shorter lists.
func (m *Model) lengthen(next, s *State, parent uint32) {
	for d := int(next.n); d <= int(s.n) && d < m.order-1; d++ {
		l := m.head(d, next.nodes[d-1], parent)
		node, ok := m.kid(&l, s.words[d-1])
		if !ok {
			return
		}
		next.words[d], next.nodes[d] = s.words[d-1], node
		next.n++
		parent = l.entries.Len
	}
}
