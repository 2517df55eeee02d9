package channel

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Counts of pairs are whole, their shares over alignments are not; float32
// holds both.

// Trainer collects pairs of words and readings and estimates a Model from them.
type Trainer struct {
	// Several says that the pairs are of several readers. What they made of whole
	// words is not remembered then: it says little of another reader.
	Several bool

	pairs  map[Pair]int
	spaces struct{ kept, lost, words, added float64 }
}

// Pair is a word with its case, and what it was read as. Either may hold spaces
// where the reader lost or added some.
type Pair struct{ Word, Read string }

func comparePairs(a, b Pair) int {
	return cmp.Or(strings.Compare(a.Word, b.Word), strings.Compare(a.Read, b.Read))
}

// NewTrainer returns a Trainer without any pairs.
func NewTrainer() *Trainer { return &Trainer{pairs: map[Pair]int{}} }

// Len returns the number of words learned from.
func (t *Trainer) Len() (n int) {
	for _, c := range t.pairs {
		n += c
	}
	return n
}

// Lessons are the words learned from, as those of a document of which all is known.
func (t *Trainer) Lessons() *Lessons {
	l := &Lessons{}
	for _, p := range slices.SortedFunc(maps.Keys(t.pairs), comparePairs) {
		l.Add(p.Word, p.Read, float64(t.pairs[p]))
	}
	return l
}

// Add aligns the truth of a page or line with its reading, both NFC, and adds
// the words that it finds.
func (t *Trainer) Add(truth, read string) {
	for _, p := range alignWords(truth, read) {
		lost := strings.Count(p.Word, " ") - strings.Count(p.Read, " ")
		t.spaces.kept++
		t.spaces.lost += float64(max(lost, 0))
		t.spaces.words++
		t.spaces.added += float64(max(-lost, 0))
		if lost == 0 && !strings.Contains(p.Word, " ") {
			t.pairs[Pair{p.Word, Fold(p.Read)}]++
		}
	}
}

const (
	iterations   = 6
	memoryLeast  = 4    // times a word must be seen to be remembered
	memoryRest   = 0.1  // share that a remembered word leaves to its letters at the least
	memoryTwice  = 2    // times a reading must be seen to be remembered
	discount     = 0.75 // taken from each remembered reading for the unseen
	segmentLeast = 2    // expected times a segment must be read so
	segmentGain  = 3    // how much likelier than its letters one by one
)

// Train estimates the channel by expectation maximisation over the alignments
// of all pairs. progress, if not nil, is called after each of the passes.
func (t *Trainer) Train(name, summary string, progress func(done, all int)) *Model {
	m := &Model{Name: name, Summary: summary, alphabet: newAlphabet(t.rare())}
	m.set(newTable(0).edits())
	m.LostSpace = (t.spaces.lost + 0.5) / (t.spaces.kept + 1)
	m.AddedSpace = (t.spaces.added + 0.5) / (t.spaces.words + 1)
	pairs := slices.SortedFunc(maps.Keys(t.pairs), comparePairs)
	for pass := range iterations {
		c := newCounts(m)
		for _, p := range pairs {
			c.pair(m.alphabet.encode(p.Word), m.alphabet.encode(p.Read), float64(t.pairs[p]))
		}
		m.set(c.estimate(pass > 0).edits())
		if progress != nil {
			progress(pass+1, iterations)
		}
	}
	if !t.Several {
		m.setMemory(pairs, t.pairs)
	}
	m.index()
	return m
}

// rare returns the characters beyond every model's own that occur in the pairs,
// the frequent ones first.
func (t *Trainer) rare() []rune {
	n := map[rune]int{}
	for p, c := range t.pairs {
		for _, r := range p.Word + p.Read {
			n[r] += c
		}
	}
	return slices.SortedFunc(maps.Keys(n), func(a, b rune) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return int(a - b)
	})
}

// setMemory keeps what became of whole words. The order of the pairs decides how
// sums are rounded.
func (m *Model) setMemory(pairs []Pair, times map[Pair]int) {
	total := map[string]int{}
	for p, n := range times {
		total[p.Word] += n
	}
	m.memory = memory{}
	for _, p := range pairs {
		n := times[p]
		if n < memoryTwice || total[p.Word] < memoryLeast {
			continue
		}
		if k := len(m.memory.words); k == 0 || m.memory.words[k-1].word != p.Word {
			m.memory.add(p.Word, 1)
		}
		share := (float32(n) - discount) / float32(total[p.Word]) * (1 - memoryRest)
		m.memory.addRead(p.Read, share)
		m.memory.words[len(m.memory.words)-1].rest -= share
	}
}

// index derives what the search needs from the rest of the model.
func (m *Model) index() {
	m.memory.link()
	if m.marks == 0 {
		if m.marks = losesMarks; m.nearlyRight() {
			m.marks = keepsMarks
		}
	}
	m.bound()
}

// counts are the expected counts of edits under a model.
type counts struct {
	model   *Model
	edits   *table // expected counts
	visits  *table // times a segment could have been read as one
	types   *table // number of different readings of a context
	forward []float64
	back    []float64
}

func newCounts(m *Model) *counts {
	return &counts{model: m, edits: newTable(1 << 16), visits: newTable(1 << 12), types: newTable(1 << 12)}
}

// pair adds the alignments of one pair, each by its probability, n times in all.
func (c *counts) pair(word, read []code, n float64) {
	width, m := len(read)+1, c.model
	size := (len(word) + 1) * width
	c.forward = append(c.forward[:0], make([]float64, size)...)
	c.back = append(c.back[:0], make([]float64, size)...)
	c.forward[0], c.back[size-1] = 1, 1
	for i := range word {
		for j := range width {
			if p := c.forward[i*width+j]; p > 0 {
				m.each(word, i, read, j, func(di, dj int, q float32) {
					c.forward[(i+di)*width+j+dj] += p * float64(q)
				})
			}
		}
	}
	total := c.forward[size-1]
	if total < 1e-20*float64(len(word)) { // not a reading of this word at all
		return
	}
	for i := len(word) - 1; i >= 0; i-- {
		for j := range width {
			m.each(word, i, read, j, func(di, dj int, q float32) {
				c.back[i*width+j] += float64(q) * c.back[(i+di)*width+j+dj]
			})
		}
	}
	for i := range word {
		for j := range width {
			f := c.forward[i*width+j] / total * n
			if f == 0 {
				continue
			}
			m.each(word, i, read, j, func(di, dj int, q float32) {
				if p := f * float64(q) * c.back[(i+di)*width+j+dj]; p > 1e-4*n {
					c.count(word, i, di, read[j:j+dj], float32(p))
				}
			})
			c.spans(word, i, read, j, f)
		}
	}
}

// count adds one edit of word[i:i+di].
func (c *counts) count(word []code, i, di int, read []code, p float32) {
	if di > 1 {
		return // spans counts segments, however they were read
	}
	left, right := at(word, i-1), at(word, i+1)
	for depth := range contexts {
		k := contextKey(depth, left, word[i], right)
		c.edits.add(k.with(read), p)
		c.edits.add(k.with(anyRead), p)
	}
	if k, ok := c.model.alphabet.kinKey(word[i], read); ok {
		c.edits.add(k, p)
		k, _ = c.model.alphabet.kinKey(word[i], anyRead)
		c.edits.add(k, p)
	}
	kind := c.model.alphabet.kinds[word[i]]
	rel := c.model.alphabet.relation(word[i], read)
	c.edits.add(classKey(kind.cased(), rel), p)
	c.edits.add(classKey(kind.cased(), relations), p)
}

// spans adds the chance that word[i:i+2] and word[i:i+3] were read as what
// stands at read[j:], in one edit or in several. f is the chance to be here,
// over that of the whole pair.
func (c *counts) spans(word []code, i int, read []code, j int, f float64) {
	width := len(read) + 1
	for di := 2; di <= maxSegment && i+di <= len(word); di++ {
		seg := segmentKey(word[i : i+di])
		for dj := 0; j+dj <= len(read) && dj <= maxRead+1; dj++ {
			outside := f * c.back[(i+di)*width+j+dj]
			if outside < 1e-3 { // likely only by edits across its ends
				continue
			}
			p := outside * c.model.align(word, i, i+di, read[j:j+dj])
			c.visits.add(seg, float32(p))
			if dj > 0 && dj <= maxRead {
				c.edits.add(seg.with(read[j:j+dj]), float32(p))
			}
		}
	}
}

// estimate turns counts into shares. Each context keeps for itself what Witten
// and Bell (1991) give to events that were seen, and leaves the rest to the
// shorter context. Segments are kept where they were read so much more often
// than their letters one by one.
func (c *counts) estimate(segments bool) *table {
	for i, k := range c.edits.keys {
		if k != 0 && isContext(k) && !k.isTotal() && c.edits.values[i] > 0.05 {
			c.types.add(k&^readMask, 1)
		}
	}
	out := newTable(c.edits.n)
	for i, k := range c.edits.keys {
		if k == 0 {
			continue
		}
		n, context, read := c.edits.values[i], k&^readMask, k&readMask
		switch {
		case isContext(k):
			total, _ := c.edits.get(context.with(anyRead))
			types, _ := c.types.get(context)
			types = max(types, 1)
			rest := max(types/(total+types), least(k))
			if k.isTotal() {
				out.set(k, rest)
			} else if n > 0.05 {
				out.set(k, n/total*(1-rest))
			}
		case k>>54 == kindClass:
			c.class(out, context, n)
		case segments:
			c.segment(out, context, read, n)
		}
	}
	return out
}

// isContext reports whether a key holds a letter or its kin in some context.
func isContext(k key) bool { return k>>54 < contexts || k>>54 == kindKin }

// isSegment reports whether a key holds several letters.
func isSegment(k key) bool { return k>>54 == kindPair || k>>54 == kindTrio }

// least is what a context leaves to the shorter one at the least. Pages of one
// font and one scanner are not independent, so that counts promise more than they
// hold for the next scanner.
func least(k key) float32 {
	if k>>54 == 0 || k>>54 == kindKin {
		return 0.2
	}
	return 0.4
}

// class sets the share of a relation within its class.
func (c *counts) class(out *table, k key, n float32) {
	rel := int(k&relMask>>36) - 1
	if rel == relations {
		for r := range relations { // also those that were not seen
			kr := k&^relMask | key(r+1)<<36
			seen, _ := c.edits.get(kr)
			p := (1-noise)*(seen+prior[r]*0.1)/(n+priorSum*0.1) + noise*prior[r]/priorSum
			out.set(kr, p)
		}
	}
}

// segment keeps an edit of several letters if it is worth it.
func (c *counts) segment(out *table, seg, read key, n float32) {
	total, _ := c.visits.get(seg)
	if n < segmentLeast || total < segmentLeast {
		return
	}
	word, as := seg.segment(), read.read()
	apart := c.model.apart(word, as)
	p := (n - discount) / total
	if float64(p) < segmentGain*apart {
		return
	}
	p -= float32(apart)
	out.set(seg|read, p)
	out.add(seg.with(anyRead), p)
}

// apart is the chance of a segment's reading letter by letter.
func (m *Model) apart(word, read []code) float64 {
	bare := *m
	bare.lettersOnly = true
	return bare.align(word, 0, len(word), read)
}
