// Package lm makes language models: it counts the n-grams of a text (Count),
// makes a model of a given size of them (Counts.Train), and exchanges models with
// other programs (ImportARPA, WriteARPA). What a model is, and how it is asked,
// is in text/ngram.
package lm

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// A Source is one training text: a paragraph or sentence a line, in UTF-8.
type Source struct {
	Name   string
	Weight int // each n-gram counts this often; 0 means 1
	Text   io.Reader
}

// CountOptions say what is counted. The zero value is ready to use.
type CountOptions struct {
	Order int // longest n-gram, 3 to 5; 0 means 5
	Vocab int // most words of the vocabulary; 0 means 16384, which is also the most there can be
	Rare  int // words seen less often are not in it; 0 means 4

	// MinCount is how often n-grams of three words and more must occur to be
	// kept apart; the rest only count towards shorter ones. 0 means 2.
	MinCount int

	// Repeats is how often a run of twelve words is counted; what goes on
	// repeating is not. Official texts quote each other at length. 0 means 3,
	// negative means no limit.
	Repeats int

	// Progress is told how many bytes of text were read; it may be nil.
	Progress func(bytes int)
}

func (o CountOptions) withDefaults() (CountOptions, error) {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&o.Order, 5)
	set(&o.Vocab, format.MaxVocab)
	set(&o.Rare, 4)
	set(&o.MinCount, 2)
	set(&o.Repeats, 3)
	if o.Order < 3 || o.Order > format.MaxOrder {
		return o, fmt.Errorf("order %d: must be 3 to %d", o.Order, format.MaxOrder)
	}
	if o.Vocab < 64 || o.Vocab > format.MaxVocab {
		return o, fmt.Errorf("vocabulary of %d words: must be 64 to %d", o.Vocab, format.MaxVocab)
	}
	return o, nil
}

// ErrNoText is the error for sources that hold no words.
var ErrNoText = errors.New("no text to train on")

// Count reads the sources once and counts their n-grams. The result depends on
// the text and the options only.
func Count(sources []Source, opt CountOptions) (*Counts, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	var all corpus
	for _, src := range sources {
		if err := all.read(src, opt.Progress); err != nil {
			return nil, fmt.Errorf("reading %s: %w", src.Name, err)
		}
	}
	vocab := chooseVocab(all.words, all.counts, opt.Vocab, opt.Rare)
	stream, caps := all.encode(vocab)
	c := &Counts{Order: opt.Order, Vocab: vocab, Caps: caps, Sources: all.info}
	if all.words = nil; len(stream) == 0 {
		return nil, ErrNoText
	}
	positions := 0
	for _, ids := range stream {
		positions += len(ids)
	}
	seen := newRepeats(opt.Repeats, positions)
	c.addGrams(stream, all.bounds, sources, seen, opt.MinCount)
	return c, nil
}

// corpus is the text as provisional word numbers. The high bits of each hold
// how the word was written.
type corpus struct {
	words  []string
	counts []uint64
	ids    map[string]uint32
	stream [][]uint32 // one slice a block; lineBreak ends each line
	bounds []int      // number of blocks up to the end of each source
	info   []ngram.SourceInfo
}

const (
	lineBreak  = 1<<32 - 1
	capShift   = 29 // 3 bits of case evidence above 29 bits of word number
	wordMask   = 1<<capShift - 1
	capTitle   = 1
	capAfter   = 2
	capOwn     = 4
	blockBytes = 1 << 20
)

// block is a run of whole lines on its way through the tokenizer.
type block struct {
	text  []byte
	words []string
	ids   []uint32
	done  chan struct{}
}

// read tokenizes a source on all cores and numbers its words in order of
// appearance.
func (c *corpus) read(src Source, progress func(int)) error {
	if c.ids == nil {
		c.ids = map[string]uint32{}
	}
	info := ngram.SourceInfo{Name: src.Name, Weight: max(1, src.Weight)}
	sum := sha256.New()
	ordered := make(chan *block, 2*runtime.GOMAXPROCS(0))
	work := make(chan *block)
	var g errgroup.Group
	g.Go(func() error {
		defer close(ordered)
		defer close(work)
		return eachBlock(src.Text, func(text []byte) {
			b := &block{text: text, done: make(chan struct{})}
			ordered <- b
			work <- b
		})
	})
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			for b := range work {
				b.tokenize()
				close(b.done)
			}
			return nil
		})
	}
	for b := range ordered {
		<-b.done
		sum.Write(b.text)
		info.Bytes += int64(len(b.text))
		info.Lines += int64(bytes.Count(b.text, []byte{'\n'}))
		info.Tokens += int64(len(b.ids))
		if progress != nil {
			progress(len(b.text))
		}
		c.add(b)
	}
	info.Tokens -= info.Lines
	info.SHA256 = hex.EncodeToString(sum.Sum(nil))
	c.info = append(c.info, info)
	c.bounds = append(c.bounds, len(c.stream))
	return g.Wait()
}

// eachBlock cuts text into blocks of whole lines.
func eachBlock(r io.Reader, f func([]byte)) error {
	br := bufio.NewReaderSize(r, 1<<16)
	for {
		text := make([]byte, blockBytes, blockBytes+4096)
		n, err := io.ReadFull(br, text)
		text = text[:n]
		if err == nil {
			var rest []byte
			rest, err = br.ReadBytes('\n')
			text = append(text, rest...)
		}
		if len(text) > 0 {
			if text[len(text)-1] != '\n' {
				text = append(text, '\n')
			}
			f(text)
		}
		switch {
		case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (b *block) tokenize() {
	local := map[string]uint32{}
	var toks []token.Token
	for line := range bytes.Lines(b.text) {
		text := string(norm.NFC.Bytes(bytes.TrimSpace(line)))
		toks = token.Append(toks[:0], text)
		before := len(b.ids)
		var caps ngram.Capitals
		caps.Begin(text, toks)
		for _, t := range toks {
			s := text[t.Start:t.End]
			sym := token.Symbol(s, t.Class)
			own, title, after := caps.Next(s, sym, t.Class)
			if sym == "" {
				continue
			}
			id, ok := local[sym]
			if !ok {
				id = uint32(len(b.words))
				local[sym] = id
				b.words = append(b.words, sym)
			}
			if own {
				id |= capOwn << capShift
				if title {
					id |= capTitle << capShift
				}
				if after {
					id |= capAfter << capShift
				}
			}
			b.ids = append(b.ids, id)
		}
		if len(b.ids) > before {
			b.ids = append(b.ids, lineBreak)
		}
	}
}

// add appends a tokenized block, its word numbers made global.
func (c *corpus) add(b *block) {
	global := make([]uint32, len(b.words))
	for i, w := range b.words {
		id, ok := c.ids[w]
		if !ok {
			id = uint32(len(c.words))
			c.ids[w] = id
			c.words = append(c.words, w)
			c.counts = append(c.counts, 0)
		}
		global[i] = id
	}
	for i, id := range b.ids {
		if id == lineBreak {
			continue
		}
		g := global[id&wordMask]
		c.counts[g]++
		b.ids[i] = g | id&^wordMask
	}
	c.stream = append(c.stream, b.ids)
}

// encode turns provisional numbers into IDs, a slice a block. Each line begins
// with ngram.Start and ends with ngram.End.
func (c *corpus) encode(vocab []string) ([][]ngram.ID, []Caps) {
	final := make([]ngram.ID, len(c.words))
	inVocab := make(map[string]ngram.ID, len(vocab))
	for id, w := range vocab[ngram.NumSpecial:] {
		inVocab[w] = ngram.ID(id) + ngram.NumSpecial
	}
	for i, w := range c.words {
		id, ok := inVocab[w]
		if !ok {
			id = ngram.OutOfVocab(w)
		}
		final[i] = id
	}
	caps := make([]Caps, len(vocab))
	out := make([][]ngram.ID, len(c.stream))
	for bi, ids := range c.stream {
		line := make([]ngram.ID, 0, len(ids)+len(ids)/8)
		atStart := true
		for _, v := range ids {
			if v == lineBreak {
				line = append(line, ngram.End)
				atStart = true
				continue
			}
			if atStart {
				line = append(line, ngram.Start)
				atStart = false
			}
			id := final[v&wordMask]
			line = append(line, id)
			if flags := v >> capShift; flags&capOwn != 0 {
				caps[id].add(flags&capTitle != 0, flags&capAfter != 0)
			}
		}
		out[bi] = line
		c.stream[bi] = nil
	}
	return out, caps
}

// repeats counts how often each run of twelve words was seen, in four bits a
// hash. Runs that share a cell lose counts, which at a fifth of the cells in use
// and a limit of three befalls one position in a thousand.
type repeats struct {
	limit uint8
	bits  int // 2^bits cells, two a byte
	cells []uint8
}

const repeatRun = 12

func newRepeats(limit, positions int) *repeats {
	if limit < 0 {
		return nil
	}
	size := min(max(bits.Len(uint(positions))+3, 16), 30)
	return &repeats{limit: uint8(min(limit, 15)), bits: size, cells: make([]uint8, 1<<(size-1))}
}

// spent reports whether the run that ends at ids[i] was seen often enough, and
// counts it. Runs do not cross the start of a line.
func (r *repeats) spent(ids []ngram.ID) bool {
	if r == nil {
		return false
	}
	h := uint64(14695981039346656037)
	for _, id := range ids {
		h = (h ^ uint64(id)) * 1099511628211
	}
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h >>= 64 - r.bits
	cell, shift := &r.cells[h/2], h%2*4
	n := *cell >> shift & 15
	if n >= r.limit {
		return true
	}
	*cell += 1 << shift
	return false
}

// addGrams fills the levels of c from the stream.
func (c *Counts) addGrams(stream [][]ngram.ID, bounds []int, sources []Source, seen *repeats, minCount int) {
	// A bucket holds the n-grams whose last word of context is the same. All
	// that estimation adds up lies in one bucket.
	sizes := make([]int, len(c.Vocab)+1)
	skip := make([][]uint64, len(stream)) // positions not counted, a bit each
	for bi, ids := range stream {
		skip[bi] = make([]uint64, len(ids)/64+1)
		start := 0
		for i, id := range ids {
			if id == ngram.Start {
				start = i
				continue
			}
			if i-start >= repeatRun && seen.spent(ids[i-repeatRun+1:i+1]) {
				skip[bi][i/64] |= 1 << (i % 64)
				continue
			}
			sizes[ids[i-1]+1]++
		}
	}
	if seen != nil {
		seen.cells = nil
	}
	for x := range c.Vocab {
		sizes[x+1] += sizes[x]
	}
	keys := make([]uint64, sizes[len(c.Vocab)])
	next := slices.Clone(sizes)
	src := 0
	for bi, ids := range stream {
		for bi >= bounds[src] {
			src++
		}
		weight := uint64(min(max(1, sources[src].Weight), 255))
		ctx := uint64(0) // words before ids[i-1], the nearest in the highest bits
		for i, id := range ids {
			if id == ngram.Start {
				ctx = 0
				continue
			}
			x := ids[i-1]
			if skip[bi][i/64]>>(i%64)&1 == 0 {
				keys[next[x]] = (ctx<<format.IDBits|uint64(id))<<8 | weight
				next[x]++
			}
			ctx = ctx>>format.IDBits | uint64(x)<<(format.IDBits*(c.Order-3))
		}
		stream[bi], skip[bi] = nil, nil
	}
	parts := make([][]part, len(c.Vocab))
	coc := make([][format.MaxOrder + 1][5]uint64, len(c.Vocab))
	eachIndex(len(c.Vocab), func(x int) {
		bucket := keys[sizes[x]:sizes[x+1]]
		slices.Sort(bucket)
		parts[x], coc[x] = countBucket(bucket, c.Order, uint32(minCount))
	})
	for x := range coc {
		for n := range coc[x] {
			for k, v := range coc[x][n] {
				c.CountOfCounts[n][k] += v
			}
		}
	}
	c.join(parts)
}

// eachIndex calls f for 0 to n-1 on all cores, in no fixed order.
func eachIndex(n int, f func(int)) {
	var mu sync.Mutex
	next := 0
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1
	}
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := take(); i < n; i = take() {
				f(i)
			}
		})
	}
	wg.Wait()
}

// part holds the n-grams of one order in one bucket.
type part struct {
	ctx    []uint64 // contexts beyond the bucket's word, nearest word first
	start  []uint32
	total  []uint64
	word   []ngram.ID
	count  []uint32
	parent []uint32
	suf    []uint32
}

// gram is an n-gram on its way down the orders.
type gram struct {
	key   uint64
	count uint64
}

const idMask = format.MaxVocab - 1

// countBucket turns the sorted keys of one bucket into its n-grams of each
// order, and counts how many n-grams of each order have the count 1 to 4; below
// the longest order what counts is the number of different words before it.
func countBucket(keys []uint64, order int, minCount uint32) (parts []part, coc [format.MaxOrder + 1][5]uint64) {
	parts = make([]part, order+1)
	var grams []gram
	for _, k := range keys {
		if n := len(grams); n > 0 && grams[n-1].key == k>>8 {
			grams[n-1].count += k & 255
		} else {
			grams = append(grams, gram{k >> 8, k & 255})
		}
	}
	for _, g := range grams {
		if g.count <= 4 && (g.key>>format.IDBits&idMask) != 0 {
			coc[order][g.count]++
		}
	}
	var group []gram
	for n := order; ; n-- {
		least := minCount
		if n == 2 {
			least = 1
		}
		parts[n].fill(grams, n, least)
		if n == 2 {
			break
		}
		// Drop the farthest word of context. Grams that share the nearer ones
		// lie together; only the predicted words need sorting.
		shorter := grams[:0:0]
		for i := 0; i < len(grams); {
			ctx := grams[i].key >> (2 * format.IDBits)
			group = group[:0]
			for ; i < len(grams) && grams[i].key>>(2*format.IDBits) == ctx; i++ {
				g := grams[i]
				pad := uint64(0)
				if g.key>>format.IDBits&idMask == 0 {
					pad = 1
				}
				group = append(group, gram{g.key&idMask<<1 | pad, g.count})
			}
			slices.SortFunc(group, func(a, b gram) int { return int(a.key) - int(b.key) })
			for j := 0; j < len(group); {
				w := group[j].key >> 1
				g := gram{key: ctx<<format.IDBits | w}
				before := uint64(0)
				for ; j < len(group) && group[j].key>>1 == w; j++ {
					g.count += group[j].count
					if group[j].key&1 == 0 {
						before++
					} else {
						before += group[j].count
					}
				}
				shorter = append(shorter, g)
				if before <= 4 && (n == 3 || ctx&idMask != 0) {
					coc[n-1][before]++
				}
			}
		}
		grams = shorter
	}
	linkPart(parts, order)
	return parts, coc
}

// fill groups grams of order n by context. N-grams that reach over the start of
// the text are left out.
func (p *part) fill(grams []gram, n int, least uint32) {
	for i := 0; i < len(grams); {
		ctx := grams[i].key >> format.IDBits
		total, before := uint64(0), len(p.word)
		for ; i < len(grams) && grams[i].key>>format.IDBits == ctx; i++ {
			g := grams[i]
			total += g.count
			if g.count >= uint64(least) {
				p.word = append(p.word, ngram.ID(g.key&idMask))
				p.count = append(p.count, uint32(min(g.count, 1<<32-1)))
			}
		}
		if n > 2 && ctx&idMask == 0 {
			p.word, p.count = p.word[:before], p.count[:before]
		}
		if len(p.word) > before || n == 2 {
			p.ctx = append(p.ctx, ctx)
			p.start = append(p.start, uint32(before))
			p.total = append(p.total, total)
		}
	}
	if n == 2 && len(p.ctx) == 0 { // a word that nothing follows
		p.ctx, p.start, p.total = []uint64{0}, []uint32{0}, []uint64{0}
	}
	p.start = append(p.start, uint32(len(p.word)))
}

// linkPart finds for each context and n-gram the one without its first word.
func linkPart(parts []part, order int) {
	for n := 3; n <= order; n++ {
		p, q := &parts[n], &parts[n-1]
		p.parent = make([]uint32, len(p.ctx))
		p.suf = make([]uint32, len(p.word))
		j := 0
		for i, ctx := range p.ctx {
			for q.ctx[j] != ctx>>format.IDBits {
				j++
			}
			p.parent[i] = uint32(j)
			k := q.start[j]
			for e := p.start[i]; e < p.start[i+1]; e++ {
				for q.word[k] != p.word[e] {
					k++
				}
				p.suf[e] = k
			}
		}
	}
}
