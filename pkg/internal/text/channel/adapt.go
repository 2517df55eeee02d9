package channel

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lessons are words of a document and what they were read as, each as sure as
// whoever restored it was: fractional counts. Their memory has a bound.
type Lessons struct {
	pairs   map[Pair]float64
	letters float64 // of the words, weighted
}

// maxLessons bounds the different pairs that Lessons hold: more teach little.
const maxLessons = 1 << 13

// Add adds a word with its case and its reading, both NFC, which belong together
// with probability p.
func (l *Lessons) Add(word, read string, p float64) {
	pair := Pair{word, Fold(read)}
	if l.pairs == nil {
		l.pairs = map[Pair]float64{}
	}
	if _, known := l.pairs[pair]; !known {
		if len(l.pairs) >= maxLessons {
			return
		}
		pair = Pair{strings.Clone(pair.Word), strings.Clone(pair.Read)}
	}
	l.pairs[pair] += p
	l.letters += p * float64(utf8.RuneCountInString(word))
}

// Letters is how many letters the words have, by their weight.
func (l *Lessons) Letters() float64 { return l.letters }

// Likeness is log10 of the chance that m gives a letter of the lessons: how well
// it knows their reader. It is 0 without lessons.
func (m *Model) Likeness(l *Lessons) float64 {
	sum := 0.0
	for _, p := range l.sorted() {
		sum += l.pairs[p] * m.Log10(p.Word, p.Read)
	}
	return sum / max(l.letters, 1)
}

func (l *Lessons) sorted() []Pair { return slices.SortedFunc(maps.Keys(l.pairs), comparePairs) }

// How much a document says against the channel that it adapts, in counts that
// the channel weighs: of a letter, of its class, of a segment; and how soon
// letters seen in the document make the channel's longer contexts matter less.
const (
	adaptRounds  = 2
	adaptLetter  = 2
	adaptClass   = 15
	adaptSegment = 10
	adaptContext = 8
)

// Adapt returns a channel for the document that the lessons are from: m, with
// its chances mixed with those of the lessons, context by context, as Kolak and
// Resnik, "OCR error correction using a noisy channel model" (HLT 2002), and
// before them Tong and Evans (1996), re-estimate a channel from a first pass. It
// has no memory of whole words, which would be that of other readers.
func (m *Model) Adapt(l *Lessons) *Model {
	m.ready()
	pairs := l.sorted()
	now := m.withSigns(pairs)
	base := now.edits
	for range adaptRounds {
		c := newCounts(now)
		for _, p := range pairs {
			c.pair(now.alphabet.encode(p.Word), now.alphabet.encode(p.Read), l.pairs[p])
		}
		next := *now
		next.set(c.mix(base).edits())
		now = &next
	}
	now.Summary = fmt.Sprintf("%s, adapted to %.0f letters", m.Name, l.letters)
	now.index()
	return now
}

// Named returns m under another name.
func (m *Model) Named(name string) *Model {
	m.ready()
	out := *m
	out.Name = name
	return &out
}

// withSigns returns m without its memory, and with an alphabet that holds what
// is in the pairs.
func (m *Model) withSigns(pairs []Pair) *Model {
	own := len(newAlphabet(nil).runes)
	extra := slices.Clone(m.alphabet.runes[own:])
	for _, p := range pairs {
		for _, r := range p.Word + p.Read {
			if m.alphabet.code(r) == unknown && !slices.Contains(extra, r) {
				extra = append(extra, r)
			}
		}
	}
	out := *m
	out.sum, out.memory, out.marks, out.most = 0, memory{}, 0, nil
	out.alphabet = newAlphabet(extra)
	out.set(m.edits)
	return &out
}

// mix joins the counts of a document with the shares of the channel that it
// began with.
func (c *counts) mix(base *edits) *table {
	out := newTable(len(base.reads) + c.edits.n)
	base.all(func(k key, share float32) {
		if isContext(k) {
			m := c.mixed(base, k)
			if share *= m.keep; k.isTotal() {
				share = m.rest
			}
		}
		out.set(k, share)
	})
	for i, k := range c.edits.keys {
		n := c.edits.values[i]
		switch {
		case k == 0:
		case isContext(k) && k.isTotal():
			out.set(k, c.mixed(base, k).rest)
		case isContext(k):
			out.add(k, n/(c.total(k)+adaptLetter))
		case k>>54 == kindClass:
			c.mixClass(out, k)
		}
	}
	c.mixSegments(out, base)
	return out
}

// total is how often the document had the context of k.
func (c *counts) total(k key) float32 {
	n, _ := c.edits.get((k &^ readMask).with(anyRead))
	return n
}

// mixture is what becomes of a context: the part of its shares that the channel
// keeps, and what the context leaves to the shorter one.
type mixture struct{ keep, rest float32 }

func (c *counts) mixed(base *edits, k key) mixture {
	n := c.total(k)
	old, _ := base.rest(k)
	m := mixture{keep: adaptLetter / (n + adaptLetter)}
	document := 1 - m.keep
	if kind := k >> 54; kind > 0 && kind < contexts {
		letter := makeKey(0, none, code(k>>36)%maxCodes, none)
		m.keep *= adaptContext / (c.total(letter) + adaptContext)
	}
	m.rest = 1 - document - m.keep*(1-old)
	return m
}

// mixClass sets the share of a relation within its class.
func (c *counts) mixClass(out *table, k key) {
	rel := int(k&relMask>>36) - 1
	if rel != relations {
		return
	}
	n := c.edits.values[c.edits.slot(k)]
	for r := range relations {
		kr := k&^relMask | key(r+1)<<36
		seen, _ := c.edits.get(kr)
		p := out.at(kr)
		if *p == 0 {
			*p = prior[r] / priorSum
		}
		*p = (seen + adaptClass**p) / (n + adaptClass)
	}
}

// mixSegments sets the shares of segments, those of the channel and those that
// the document had often enough: what they say beyond their letters one by one.
func (c *counts) mixSegments(out *table, base *edits) {
	rest := newTable(64)
	mix := func(k key, old, n float32) {
		visits, _ := c.visits.get(k &^ readMask)
		apart := c.model.apart(k.segment(), k.read())
		if old > 0 {
			old += float32(apart)
		}
		p := (n + adaptSegment*old) / (visits + adaptSegment)
		if float64(p) < segmentGain*apart {
			out.set(k, 0)
			return
		}
		out.set(k, p-float32(apart))
		rest.add((k &^ readMask).with(anyRead), p-float32(apart))
	}
	base.all(func(k key, old float32) {
		if isSegment(k) && !k.isTotal() {
			n, _ := c.edits.get(k)
			mix(k, old, n)
		}
	})
	for i, k := range c.edits.keys {
		if _, known := base.get(k); isSegment(k) && !known && c.edits.values[i] >= segmentLeast {
			mix(k, 0, c.edits.values[i])
		}
	}
	base.all(func(k key, _ float32) {
		if isSegment(k) && k.isTotal() {
			out.set(k, 0)
		}
	})
	for i, k := range rest.keys {
		if k != 0 {
			out.set(k, rest.values[i])
		}
	}
}
