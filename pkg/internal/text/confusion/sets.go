package confusion

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Sets are confusion sets made beforehand, of one channel with the vocabulary of one
// language model. They are read in place from the bytes of their file:
//
//	magic      "congvan sets 2\n"
//	4 bytes    CRC-32 (IEEE) of all that follows
//	8          the channel, see channel.Model.Sum
//	4          the language model, see ngram.Model.Sum
//	4 × 4      Limits: Most, Few, and MostWorse, FewWorse as 32-bit floats
//	4          n, the number of sets
//	4 × n + 4  where each set begins after this list, and where the last one ends
//	sets       sorted by token and case pattern
//
// A set is the length of the token, a byte, and its bytes; the case pattern, a byte; and
// of each word, best first, two bytes with its number in the lexicon and on top of them a
// bit that says whether a few are enough with it, and two with -channel.LogStep times log10
// of its chance. Numbers are little-endian.
type Sets struct {
	channel uint64
	model   uint32
	limits  Limits
	starts  []byte
	sets    []byte
}

// ErrSets is the error for a file that holds no sound sets.
var ErrSets = errors.New("not sound confusion sets")

const (
	setsMagic  = "congvan sets 2\n"
	setsHeader = len(setsMagic) + 4 + 8 + 4 + 4*4 + 4

	fewBit  = 1 << 15 // beside the number of a word
	wordLen = 4       // bytes of a word in a set
)

// LoadSets opens sets. Damage beyond their header is found by Verify; without it, sets
// that are damaged are not there.
func LoadSets(file []byte) (*Sets, error) {
	if len(file) < setsHeader || !bytes.HasPrefix(file, []byte(setsMagic)) {
		return nil, fmt.Errorf("%w: it does not begin like them", ErrSets)
	}
	h := file[len(setsMagic)+4:]
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(h[at:]) }
	worse := func(at int) float64 { return float64(math.Float32frombits(u32(at))) }
	s := &Sets{
		channel: binary.LittleEndian.Uint64(h), model: u32(8),
		limits: Limits{Most: int(u32(12)), Few: int(u32(16)), MostWorse: worse(20), FewWorse: worse(24)},
	}
	n, rest := uint64(u32(28)), file[setsHeader:]
	if 4*n+4 > uint64(len(rest)) {
		return nil, fmt.Errorf("%w: it is cut off", ErrSets)
	}
	s.starts, s.sets = rest[:4*n+4], rest[4*n+4:]
	return s, nil
}

// VerifySets reads a whole file and reports damage.
func VerifySets(file []byte) error {
	if _, err := LoadSets(file); err != nil {
		return err
	}
	if at := len(setsMagic); binary.LittleEndian.Uint32(file[at:]) != crc32.ChecksumIEEE(file[at+4:]) {
		return fmt.Errorf("%w: the checksum is wrong", ErrSets)
	}
	return nil
}

// Of reports whether the sets are of words of the language model.
func (s *Sets) Of(m *ngram.Model) bool { return s.model == m.Sum() }

// fits reports whether the sets are those that a search of the channel within the limits
// finds.
func (s *Sets) fits(ch *channel.Model, l Limits) bool {
	return s.channel == ch.Sum() && s.limits == l
}

// Len is how many sets there are.
func (s *Sets) Len() int { return len(s.starts)/4 - 1 }

// Token returns what set i is of.
func (s *Sets) Token(i int) (token string, c viet.Case) {
	at, c, _ := s.at(i)
	return string(at), c
}

// at returns set i; an empty token if it is damaged.
func (s *Sets) at(i int) (token []byte, c viet.Case, words []byte) {
	from, to := binary.LittleEndian.Uint32(s.starts[4*i:]), binary.LittleEndian.Uint32(s.starts[4*i+4:])
	if from >= to || int64(to) > int64(len(s.sets)) {
		return nil, 0, nil
	}
	set := s.sets[from:to]
	n := int(set[0])
	if len(set) < n+2 || (len(set)-n-2)%wordLen != 0 {
		return nil, 0, nil
	}
	return set[1 : n+1], viet.Case(set[n+1]), set[n+2:]
}

// Find returns the set of a token, folded (channel.Fold), in a case pattern; a few of its
// words where these are enough.
func (s *Sets) Find(token string, c viet.Case, few bool) ([]channel.Candidate, bool) {
	i := sort.Search(s.Len(), func(i int) bool {
		at, pattern, _ := s.at(i)
		return compareSets(string(at), pattern, token, c) >= 0
	})
	if i == s.Len() {
		return nil, false
	}
	at, pattern, words := s.at(i)
	if string(at) != token || pattern != c {
		return nil, false
	}
	out := make([]channel.Candidate, 0, len(words)/wordLen)
	for ; len(words) > 0; words = words[wordLen:] {
		word, log := binary.LittleEndian.Uint16(words), binary.LittleEndian.Uint16(words[2:])
		if !few || word&fewBit != 0 {
			out = append(out, channel.Candidate{Word: int32(word &^ fewBit), Case: c, Log10: -float32(log) / channel.LogStep})
		}
	}
	return out, true
}

func compareSets(a string, ac viet.Case, b string, bc viet.Case) int {
	return cmp.Or(strings.Compare(a, b), cmp.Compare(ac, bc))
}

// Make makes the sets of the tokens, for all case patterns in which each may have been
// printed, in the format of Sets. Sets that the format can't hold are left out.
func Make(ch *channel.Model, m *ngram.Model, limits Limits, tokens []string) []byte {
	lexicon := NewLexicon(m)
	f := NewStore(func() *Lexicon { return lexicon }, limits, nil, 0).NewFinder()
	type entry struct {
		token string
		c     viet.Case
		set   []byte
	}
	var all []entry
	for _, t := range tokens {
		t = channel.Fold(t)
		for _, loud := range []bool{false, true} {
			for _, p := range Patterns(t, loud) {
				all = append(all, entry{token: t, c: p.Case})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return compareSets(a.token, a.c, b.token, b.c) })
	all = slices.CompactFunc(all, func(a, b entry) bool { return a.token == b.token && a.c == b.c })
	for i := range all {
		e := &all[i]
		e.set = appendSet(nil, e.token, e.c, f.search(find{ch, e.token, e.c, false}), f.search(find{ch, e.token, e.c, true}))
	}
	all = slices.DeleteFunc(all, func(e entry) bool { return e.set == nil })

	le := binary.LittleEndian
	body := le.AppendUint32(le.AppendUint64(nil, ch.Sum()), m.Sum())
	body = le.AppendUint32(le.AppendUint32(body, uint32(limits.Most)), uint32(limits.Few))
	for _, worse := range []float64{limits.MostWorse, limits.FewWorse} {
		body = le.AppendUint32(body, math.Float32bits(float32(worse)))
	}
	body = le.AppendUint32(body, uint32(len(all)))
	at := uint32(0)
	for _, e := range all {
		body = le.AppendUint32(body, at)
		at += uint32(len(e.set))
	}
	body = le.AppendUint32(body, at)
	for _, e := range all {
		body = append(body, e.set...)
	}
	out := le.AppendUint32([]byte(setsMagic), crc32.ChecksumIEEE(body))
	return append(out, body...)
}

// appendSet appends a set, nothing if the format can't hold it: few must be the words of
// all that a search for a few finds, in their order.
func appendSet(dst []byte, token string, c viet.Case, all, few []channel.Candidate) []byte {
	if len(token) > math.MaxUint8 {
		return dst
	}
	set := append(append(append(dst, byte(len(token))), token...), byte(c))
	for _, cand := range all {
		word, log := uint16(cand.Word), math.Round(-channel.LogStep*float64(cand.Log10))
		if cand.Word >= fewBit || log < 0 || log > math.MaxUint16 {
			return dst
		}
		if len(few) > 0 && few[0] == cand {
			word |= fewBit
			few = few[1:]
		}
		set = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(set, word), uint16(log))
	}
	if len(few) > 0 {
		return dst
	}
	return set
}
