package lm

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Quant is how many bits a probability and a back-off weight take in the file.
type Quant struct{ Prob, Backoff int }

// tree is a model before it is packed: for each order the contexts and what
// they list, in the arrangement of Counts.
type tree struct {
	vocab   []string
	caps    []Caps
	order   int
	unigram []float32 // log10 by word
	levels  [format.MaxOrder + 1]treeLevel
	summary ngram.Summary
}

type treeLevel struct {
	left    []ngram.ID
	start   []uint32
	kids    []uint32
	backoff []float32 // log10 by context

	word []ngram.ID
	rank []uint32  // place of the word in the list of the next shorter context
	prob []float32 // log10
}

// tree takes the kept n-grams out of an estimate.
func (e *estimate) tree() *tree {
	t := &tree{vocab: e.Vocab, caps: e.Caps, order: e.order}
	t.unigram = make([]float32, len(e.Vocab))
	for w, p := range e.prob[1] {
		t.unigram[w] = log10(p)
	}
	var place [format.MaxOrder + 1][]uint32 // of each kept n-gram in its list
	var number []uint32                     // of each kept context of the level below, +1
	for n := 2; n <= e.order; n++ {
		l, out := &e.levels[n], &t.levels[n]
		place[n] = make([]uint32, len(l.word))
		numbered := make([]uint32, len(l.total))
		kids := make([]uint32, 1, len(number)+1)
		for ctx := range l.total {
			before := len(out.word)
			for i := l.start[ctx]; i < l.start[ctx+1]; i++ {
				if !e.kept[n][i] {
					continue
				}
				place[n][i] = uint32(len(out.word) - before)
				out.word = append(out.word, l.word[i])
				out.prob = append(out.prob, log10(e.prob[n][i]))
				if n > 2 {
					out.rank = append(out.rank, place[n-1][l.suf[i]])
				}
			}
			if n > 2 && len(out.word) == before {
				continue
			}
			out.start = append(out.start, uint32(before))
			out.backoff = append(out.backoff, log10(e.gamma[n][ctx]))
			numbered[ctx] = uint32(len(out.start))
			if n > 2 {
				out.left = append(out.left, l.left[ctx])
				for uint32(len(kids)) < number[l.parent[ctx]] {
					kids = append(kids, uint32(len(out.start)-1))
				}
			}
		}
		out.start = append(out.start, uint32(len(out.word)))
		if n > 2 {
			below := &t.levels[n-1]
			for len(kids) < len(below.start) {
				kids = append(kids, uint32(len(out.start)-1))
			}
			below.kids = kids
		}
		number = numbered
	}
	return t
}

func log10(p float32) float32 {
	if p <= 0 {
		return -99
	}
	return float32(math.Log10(float64(p)))
}

// pack writes the file. Package format tells what it looks like.
func (t *tree) pack(q Quant) ([]byte, error) {
	if q.Prob < 1 || q.Prob > 16 || q.Backoff < 1 || q.Backoff > 16 {
		return nil, fmt.Errorf("%d and %d bits for probabilities and back-off weights: must be 1 to 16", q.Prob, q.Backoff)
	}
	t.summary.Order, t.summary.Vocab = t.order, len(t.vocab)
	t.summary.Grams, t.summary.Contexts = []int{len(t.vocab)}, nil
	p := packer{tree: t, q: q}
	for n := 2; n <= t.order; n++ {
		l := &t.levels[n]
		t.summary.Grams = append(t.summary.Grams, len(l.word))
		t.summary.Contexts = append(t.summary.Contexts, len(l.backoff))
		p.probs[n] = newCodebook(l.prob, q.Prob)
		p.backs[n] = newCodebook(l.backoff, q.Backoff)
	}
	summary, err := json.Marshal(t.summary)
	if err != nil {
		return nil, err
	}
	order := inOrder(t.vocab)
	p.number = make([]uint32, len(t.vocab))
	for k, w := range order {
		p.number[w] = uint32(k)
	}
	roots := make([]bitString, len(t.vocab))
	eachIndex(len(t.vocab), func(x int) {
		if l := &t.levels[2]; l.start[x] < l.start[x+1] {
			w := packers.Get().(*nodeWriter)
			w.packer = &p
			w.node(2, uint32(x), p.number, &roots[x])
			packers.Put(w)
		}
	})

	var out []byte
	u32 := func(v uint32) { out = binary.LittleEndian.AppendUint32(out, v) }
	f32 := func(v float32) { u32(math.Float32bits(v)) }
	words := []byte{}
	for _, w := range t.vocab {
		if len(w) > 255 {
			return nil, fmt.Errorf("word of %d bytes: the format holds 255", len(w))
		}
		words = append(append(words, byte(len(w))), w...)
	}
	size := 0
	for x := range roots {
		size += len(roots[x].buf)
	}
	if size > 1<<31-format.HeaderSize {
		return nil, fmt.Errorf("tree of %d bytes: the format holds 2 GB", size)
	}
	out = append(out, format.Magic...)
	u32(0) // checksum
	out = append(out, byte(t.order), byte(q.Prob), byte(q.Backoff), 0)
	for _, n := range []int{len(t.vocab), len(summary), len(words), size + format.Padding} {
		u32(uint32(n))
	}
	out = append(append(out, summary...), words...)
	for w := range t.vocab {
		c := Caps{}
		if w < len(t.caps) {
			c = t.caps[w]
		}
		out = append(out, c.code(0), c.code(1))
	}
	for _, p := range t.unigram {
		f32(p)
	}
	for n := 2; n <= t.order; n++ {
		for _, v := range p.probs[n].values {
			f32(v)
		}
		for _, v := range p.backs[n].values {
			f32(v)
		}
	}
	for k, w := range order {
		if k == 0 || viet.Strip(t.vocab[w]) != viet.Strip(t.vocab[order[k-1]]) {
			w |= format.FirstOfForm
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(w))
	}
	at := uint32(0)
	for x := range roots {
		if roots[x].size == 0 {
			u32(format.NoNode)
			continue
		}
		u32(at)
		at += uint32(len(roots[x].buf)) * 8 / format.Unit
	}
	for x := range roots {
		out = append(out, roots[x].buf...)
	}
	out = append(out, make([]byte, format.Padding)...)
	binary.LittleEndian.PutUint32(out[len(format.Magic):], format.Checksum(out))
	return out, nil
}

// inOrder returns the words of a vocabulary by their forms without marks.
func inOrder(vocab []string) []ngram.ID {
	order, forms := make([]ngram.ID, len(vocab)), make([]string, len(vocab))
	for w, s := range vocab {
		order[w], forms[w] = ngram.ID(w), viet.Strip(s)
	}
	slices.SortStableFunc(order[ngram.NumSpecial:], func(a, b ngram.ID) int { return strings.Compare(forms[a], forms[b]) })
	return order
}

type packer struct {
	*tree
	q            Quant
	number       []uint32 // of each word in the tree
	probs, backs [format.MaxOrder + 1]codebook
}

// nodeWriter holds the buffers for the nodes of one bucket: at each depth the
// children of the node being written.
type nodeWriter struct {
	*packer
	kids [format.MaxOrder + 1]bitString
}

var packers = sync.Pool{New: func() any { return new(nodeWriter) }}

// node appends a context of level n, with all below it. number is what the words
// are numbered as that the next shorter context lists, all words if there is none.
func (w *nodeWriter) node(n int, ctx uint32, number []uint32, out *bitString) {
	l := &w.levels[n]
	lo, hi := l.start[ctx], l.start[ctx+1]
	var listed, keys []uint32
	if n == 2 {
		listed, keys = sorted(l.word[lo:hi], number)
	} else {
		listed, keys = sorted(l.rank[lo:hi], number)
	}
	codes, places := make([]uint32, hi-lo), make([]uint32, hi-lo)
	for k, i := range listed {
		codes[k], places[i] = uint32(w.probs[n].code(l.prob[lo+i])), uint32(k)
	}

	kids := &w.kids[n]
	kids.reset()
	var children, lefts, offsets []uint32
	if n < w.order {
		children, lefts = sorted(w.levels[n+1].left[l.kids[ctx]:l.kids[ctx+1]], w.number)
		for _, k := range children {
			kids.align(format.Unit)
			offsets = append(offsets, uint32(kids.size/format.Unit))
			w.node(n+1, l.kids[ctx]+k, places, kids)
		}
	}

	out.put(uint64(w.backs[n].code(l.backoff[ctx])), w.q.Backoff)
	out.putGamma(uint64(hi - lo))
	offsetBits := 0
	if n < w.order {
		out.putGamma(uint64(len(lefts)) + 1)
		if len(lefts) > 0 {
			offsetBits = bits.Len32(offsets[len(offsets)-1])
			out.put(uint64(offsetBits), 5)
		}
	}
	out.putTable(keys, codes, format.RankWidth(uint32(len(number))), uint(w.q.Prob))
	if len(lefts) > 0 {
		out.putTable(lefts, offsets, format.IDBits, uint(offsetBits))
	}
	out.align(format.Unit)
	out.append(kids)
}

// sorted returns the indexes of words by what they are numbered as, and these numbers.
func sorted[W ngram.ID | uint32](words []W, number []uint32) (indexes, numbers []uint32) {
	for i, w := range words {
		indexes, numbers = append(indexes, uint32(i)), append(numbers, number[w])
	}
	slices.SortFunc(indexes, func(a, b uint32) int { return cmp.Compare(numbers[a], numbers[b]) })
	slices.Sort(numbers)
	return indexes, numbers
}

// codebook maps values to the nearest of 1<<bits.
type codebook struct {
	values []float32 // ascending
	limits []float32 // values up to limits[i] belong to values[i]
}

// newCodebook chooses the values that stand for a sample with the least squared
// error (Lloyd's algorithm). A sample with few enough different values is
// represented exactly.
func newCodebook(sample []float32, nbits int) codebook {
	size := 1 << nbits
	sorted := slices.Sorted(slices.Values(sample))
	distinct := slices.Compact(slices.Clone(sorted))
	if len(distinct) == 0 {
		distinct = []float32{0}
	}
	if len(distinct) <= size {
		for len(distinct) < size {
			distinct = append(distinct, distinct[len(distinct)-1])
		}
		return codebook{values: distinct}.withLimits()
	}
	// ngram.Start from cells of equal numbers, half way towards cells of equal width.
	sums := make([]float64, len(sorted)+1)
	for i, v := range sorted {
		sums[i+1] = sums[i] + float64(v)
	}
	lo, hi := sorted[0], sorted[len(sorted)-1]
	values := make([]float32, size)
	for i := range values {
		f := (float32(i) + 0.5) / float32(size)
		values[i] = (sorted[int(f*float32(len(sorted)-1))] + lo + f*(hi-lo)) / 2
	}
	c := codebook{values: values}.withLimits()
	for range 30 {
		from := 0
		for i := range c.values {
			to := len(sorted)
			if i < size-1 {
				to, _ = slices.BinarySearch(sorted, math.Nextafter32(c.limits[i], 99))
			}
			if to > from {
				c.values[i] = float32((sums[to] - sums[from]) / float64(to-from))
			}
			from = max(from, to)
		}
		c = c.withLimits()
	}
	return c
}

func (c codebook) withLimits() codebook {
	slices.Sort(c.values)
	c.limits = make([]float32, len(c.values)-1)
	for i := range c.limits {
		c.limits[i] = (c.values[i] + c.values[i+1]) / 2
	}
	return c
}

func (c codebook) code(v float32) int {
	i, _ := slices.BinarySearch(c.limits, v)
	return i
}
