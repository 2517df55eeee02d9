package channel

import (
	"math"
	"strings"
	"unicode/utf8"
)

// What the end of a token may at best come to is told beforehand, for every tail of the
// lexicon, by edits that do not look at their neighbours: a bound, which a search that
// goes by it never has to take back. Ends of tokens are few and recur.

// cost is a chance as steps of -1/costStep log2, rounded towards a better one.
type cost = uint8

const (
	costStep = 6
	noChance = math.MaxUint8 // less than 1e-12
)

// chances are what costs stand for, atMost the greatest that have a cost or more.
var chances, atMost = func() (p [noChance + 1]float32, most [noChance + 1]float64) {
	for c := range noChance {
		p[c] = float32(math.Exp2(-float64(c) / costStep))
		most[c] = math.Exp2(-(float64(c) + 1e-3) / costStep)
	}
	return p, most
}()

func costOf(p float32) cost {
	if p <= chances[noChance-1] {
		return noChance
	}
	halvings := 127 - int(math.Float32bits(p)>>23) // p is less than twice what they make of 1
	c := max(costStep*(halvings-1)-1, 0)
	for float64(p) <= atMost[c+1] {
		c++
	}
	return cost(c)
}

// rest is the least cost of one end of a token, by tail.
type rest struct {
	from  []cost // read from the letter of the tail on,
	after []cost // from the letter after it on,
	later []cost // from the second letter after it on
	none  bool   // nothing comes to it
}

// side is what a Search remembers of the letters of one case.
type side struct {
	model   *Model
	lex     *Lexicon
	codes   []code // of the letters of the tails
	letters []code // the same, each once
	columns map[key]*column
	rests   map[string]*rest // by the end of a token

	one  [maxCodes][maxRead + 1]cost // scratch, see readings
	some [maxCodes]several
}

// column holds the chance of one reading for every letter, by its code, without
// context.
type column struct {
	read  uint32    // the reading, as in a key
	alone []float32 // Model.alone
	seen  []bool
	one   []cost // bound of edits of the letter,
	some  []cost // and of those that begin with it and have more
}

// maxColumns and maxRests bound what a side remembers: 4 MB each.
const maxColumns, maxRests = 1 << 11, 1 << 12

// newSide returns the side of letters in a case.
func newSide(m *Model, lex *Lexicon, to func(rune) rune) *side {
	sd := &side{model: m, lex: lex, columns: map[key]*column{}, rests: map[string]*rest{}}
	known := make([]bool, len(m.alphabet.runes))
	for _, t := range lex.tails {
		c := m.alphabet.code(to(t.letter))
		if sd.codes = append(sd.codes, c); !known[c] {
			known[c] = true
			sd.letters = append(sd.letters, c)
		}
	}
	return sd
}

func (sd *side) column(read []code) *column {
	k := key(0).with(read)
	col, ok := sd.columns[k]
	if !ok {
		if len(sd.columns) >= maxColumns {
			clear(sd.columns)
		}
		codes := len(sd.model.alphabet.runes)
		costs := make([]cost, 2*codes)
		col = &column{uint32(k), make([]float32, codes), make([]bool, codes), costs[:codes], costs[codes:]}
		_, known := sd.model.begun.get(k)
		known = known || len(read) == 0 // some letter is read so
		for _, c := range sd.letters {
			some, most := float32(0), float32(0)
			if known {
				some, _ = sd.model.begun.get(makeKey(kindPair, none, c, none) | k)
			}
			col.alone[c], most, col.seen[c] = sd.model.everywhere(c, read, known)
			col.one[c], col.some[c] = costOf(max(col.alone[c], most)), costOf(some)
		}
		sd.columns[k] = col
	}
	return col
}

// lookAhead fetches what is known of the ends of the token, and of its parts, the last
// first. It reports whether any word may come to it.
func (s *Search) lookAhead() bool {
	n, sd := len(s.read), s.side(1)
	s.rests = append(s.rests[:0], make([]*rest, n+1)...)
	s.cols = append(s.cols[:0], make([][maxRead + 1]*column, n+1)...)
	at, dead := len(s.token), 0
	for j := n; j >= 0; j-- {
		if j < n {
			_, size := utf8.DecodeLastRuneInString(s.token[:at])
			at -= size
		}
		for k := 0; k <= maxRead && j+k <= n; k++ {
			s.cols[j][k] = sd.column(s.read[j : j+k])
		}
		r, ok := sd.rests[s.token[at:]]
		if !ok {
			if len(sd.rests) >= maxRests {
				clear(sd.rests)
			}
			r = s.restAt(j, sd)
			sd.rests[strings.Clone(s.token[at:])] = r
		}
		s.rests[j] = r
		if dead++; !r.none {
			dead = 0
		}
		if dead == maxRead { // no edit reads more
			return false
		}
	}
	first := s.side(0)
	for k := 0; k <= maxRead && k <= n; k++ {
		s.first[k] = first.column(s.read[:k])
	}
	return true
}

// restAt makes the rest of the token from position j on; those after it are there.
func (s *Search) restAt(j int, sd *side) *rest {
	n, all := len(s.lex.tails), min(maxRead, len(s.read)-j)
	costs := make([]cost, 3*n)
	r := &rest{from: costs[:n], after: costs[n : 2*n], later: costs[2*n:], none: true}
	ends := [maxRead + 1]*rest{r, r, r, r} // after so many characters; beyond the token no letter reads them
	for k := 1; k <= all; k++ {
		ends[k] = s.rests[j+k]
	}
	after0, after1, after2, after3 := r.after, ends[1].after[:n], ends[2].after[:n], ends[3].after[:n]
	one, some := sd.readings(s.cols[j][:all+1])
	for i := range s.lex.tails {
		t, c := &s.lex.tails[i], sd.codes[i]
		after, later := cost(noChance), cost(noChance)
		if t.word && j == len(s.read) {
			after = 0
		}
		for _, f := range s.lex.next[t.first : t.first+t.size] {
			after, later = min(after, r.from[f]), min(later, r.after[f])
		}
		r.after[i], r.later[i] = after, later
		o := &one[c]
		from := min(int(o[0])+int(after0[i]), int(o[1])+int(after1[i]), int(o[2])+int(after2[i]), int(o[3])+int(after3[i]), noChance)
		if m := &some[c]; m.any {
			for k := 1; k <= all; k++ {
				from = min(from, int(m.costs[k])+int(s.lex.beyond(ends[k], i)))
			}
		}
		r.from[i] = cost(from)
		r.none = r.none && min(after, later, cost(from)) == noChance
	}
	return r
}

// readings are the costs of the columns of a position, by letter and length.
func (sd *side) readings(cols []*column) (one *[maxCodes][maxRead + 1]cost, some *[maxCodes]several) {
	one, some = &sd.one, &sd.some
	for _, c := range sd.letters {
		one[c], some[c] = [...]cost{noChance, noChance, noChance, noChance}, several{}
		for k, col := range cols {
			one[c][k], some[c].costs[k] = col.one[c], col.some[c]
			some[c].any = some[c].any || col.some[c] < noChance
		}
	}
	return one, some
}

// several are the costs of edits of several letters that begin with one.
type several struct {
	any   bool // there are some
	costs [maxRead + 1]cost
}

func plus(a, b cost) cost { return cost(min(int(a)+int(b), noChance)) }

// beyond is the least cost of an end after an edit of two or three letters, the first
// of which is that of tail i.
func (l *Lexicon) beyond(end *rest, i int) cost {
	t, least := &l.tails[i], end.later[i]
	for _, f := range l.next[t.first : t.first+t.size] {
		least = min(least, end.later[f])
	}
	return least
}
