package channel

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Lexicon is the trie of the words that a token may stand for, folded.
type Lexicon struct {
	Words []string
	share []float32 // weight of the probability of each word by itself
	nodes []node
}

// node is a letter after the letters above it. Children stand in a row.
type node struct {
	letter      rune
	first, size int32   // children
	word        int32   // that ends here, or -1
	best        float32 // probability of the most frequent word from here on
	short, long int8    // letters of words from here on, at least and at most; maxRest is that or more
}

// below is how many letters words have after that of the node, at least and at most.
func (n *node) below() (short, long int8) {
	if n.long == maxRest {
		return n.short - 1, maxRest
	}
	return n.short - 1, n.long - 1
}

// NewLexicon makes a trie of words in their folded form (viet.Fold), all
// different, with their log10 probabilities.
func NewLexicon(words []string, log10 []float32) *Lexicon {
	l := &Lexicon{Words: words, share: make([]float32, len(words))}
	for i := range words {
		l.share[i] = weight(float32(math.Pow(10, float64(log10[i]))))
	}
	l.nodes = append(make([]node, 0, 2*len(words)), node{word: -1})
	l.grow(0, sorted(words), 0)
	return l
}

// sorted returns the numbers of the words in alphabetical order. Most words
// differ in their first eight bytes, and numbers are compared faster.
func sorted(words []string) []int32 {
	type item struct {
		first uint64
		word  int32
	}
	items := make([]item, len(words))
	for i, w := range words {
		var b [8]byte
		copy(b[:], w)
		items[i] = item{binary.BigEndian.Uint64(b[:]), int32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return strings.Compare(words[a.word], words[b.word])
	})
	order := make([]int32, len(words))
	for i, it := range items {
		order[i] = it.word
	}
	return order
}

// grow hangs the words in order, which share their first depth bytes, under
// node n.
func (l *Lexicon) grow(n int32, order []int32, depth int) {
	if len(order) > 0 && len(l.Words[order[0]]) == depth {
		l.nodes[n].word = order[0]
		l.nodes[n].best = l.share[order[0]]
		order = order[1:]
	} else {
		l.nodes[n].short = maxRest
	}
	first := int32(len(l.nodes))
	for i, word := range order {
		letter, _ := utf8.DecodeRuneInString(l.Words[word][depth:])
		if last := len(l.nodes) - 1; i > 0 && l.nodes[last].letter == letter {
			l.nodes[last].size++ // words from here on, until they grow
		} else {
			l.nodes = append(l.nodes, node{letter: letter, size: 1, word: -1})
		}
	}
	end := int32(len(l.nodes))
	l.nodes[n].first, l.nodes[n].size = first, end-first
	for child := first; child < end; child++ {
		words := l.nodes[child].size
		l.grow(child, order[:words], depth+utf8.RuneLen(l.nodes[child].letter))
		order = order[words:]
		nd, below := &l.nodes[n], &l.nodes[child]
		nd.best, nd.short, nd.long = max(nd.best, below.best), min(nd.short, below.short), max(nd.long, below.long)
	}
	if n > 0 { // its own letter
		nd := &l.nodes[n]
		nd.short, nd.long = min(nd.short+1, maxRest), min(nd.long+1, maxRest)
	}
}

// find returns the number of a word, -1 if the lexicon lacks it.
func (l *Lexicon) find(word string) int32 {
	nd := &l.nodes[0]
	for _, r := range word {
		below := l.nodes[nd.first : nd.first+nd.size]
		i, ok := slices.BinarySearchFunc(below, r, func(nd node, r rune) int { return cmp.Compare(nd.letter, r) })
		if !ok {
			return -1
		}
		nd = &below[i]
	}
	return nd.word
}

// Candidate is a word that a token may stand for.
type Candidate struct {
	Word  int32     // index in the lexicon
	Case  viet.Case // in which the word was taken to be printed
	Log10 float32   // of the probability of the token, given the word, in steps of 1/LogStep
}

// LogStep is how finely chances of candidates are told apart, so that they can be kept
// in two bytes.
const LogStep = 5000

// Search finds candidates. It keeps scratch space and is not safe for
// concurrent use; any number of them share a model and a lexicon.
type Search struct {
	model   *Model
	lex     *Lexicon
	limit   int
	margin  float32
	edges   [3][]edge3 // by case pattern, by node; see open
	columns map[key]*column

	// of the token at hand
	read    []code
	cols    [][maxRead + 1]*column // by position and length of the reading
	ahead   []float32              // what the rest of the token may come to, by position
	enter   [][maxCodes]float32    // the same if the next letter is given, by its code
	rest    []spans                // the same by the number of letters, by position
	top     []float32              // the best bound so far, by position
	best    float32                // and of a whole word
	queue   []partial
	alone   [maxRead + 1]reach // see reaches
	seen    visits
	results []Candidate
}

// edge3 is what the model says of the letters around a node, looked up once:
// the letter of the node above, in the context of its neighbours.
type edge3 struct {
	code  code
	above code // of the node above
	open  bool // edges below are filled in
	pair  bool // segments: the letter above and this one,
	trio  bool // two above and this one,
	trios bool // one above, this one and perhaps one below

	asked bool    // what follows is filled in, see ask
	stay  float32 // share of readings letter by letter
	rows  around  // node as right neighbour

	ended bool   // end is filled in
	end   around // of the node's letter at the end of a word
}

// around holds the rows of a letter in the context of its neighbours: of the
// right one, and of both.
type around struct{ right, both int32 }

// column holds the chance of one reading for every letter, by its code, without
// context.
type column struct {
	read  uint32    // the reading, as in a key
	alone []float32 // Model.alone
	seen  []bool
	most  []float32 // bound of any edit that begins with the letter,
	one   []float32 // of the letter alone,
	some  []float32 // of more
}

// maxRest is how many letters to the end of a word are told from more.
const maxRest = 9

// spans bounds the chance of the rest of a token, had it from so many up to so
// many letters.
type spans [maxRest + 1][maxRest + 1]float32

// maxColumns bounds what a Search remembers of readings: 4 MB. Four times as many
// save no time that could be measured on news.
const maxColumns = 1 << 10

// partial is a prefix of a word, up to but without the letter of its node, read
// as the token up to pos. bound is what it may at best come to. A whole word has
// node -1-word.
type partial struct {
	node, pos int32
	p, bound  float32
}

// NewSearch returns a Search without limits; see Limit.
func NewSearch(m *Model, lex *Lexicon) *Search {
	return &Search{model: m, lex: lex, limit: len(lex.Words), columns: map[key]*column{}}
}

// Limit makes Find give at most limit candidates, of which none is worse than the
// best by more than margin in log10, the frequency of the words taken into account.
func (s *Search) Limit(limit int, margin float64) *Search {
	s.limit, s.margin = limit, float32(math.Pow(10, -margin))
	return s
}

// open fills in the edges right below node n. Most of the trie is never seen.
func (s *Search) open(c viet.Case, n int32) {
	if s.edges[c] == nil {
		s.edges[c] = make([]edge3, len(s.lex.nodes))
		s.edges[c][0].code = edge
	}
	edges, nodes, codes := s.edges[c], s.lex.nodes, len(s.model.alphabet.runes)
	above := &edges[n]
	if above.open {
		return
	}
	above.open = true
	for child := nodes[n].first; child < nodes[n].first+nodes[n].size; child++ {
		r := nodes[child].letter
		if c == viet.Upper || c == viet.Title && n == 0 {
			r = unicode.ToUpper(r)
		}
		e := &edges[child]
		e.code, e.above = s.model.alphabet.code(r), above.code
		begins := s.model.begins[int(e.above)*codes+int(e.code)]
		e.pair, e.trios = begins&beginsPair != 0, begins&beginsTrio != 0
		if above.trios {
			e.trio = s.model.edits.row(segmentKey([]code{above.above, above.code, e.code})) != noRow
		}
	}
}

// ask fills in what is needed to go on to the node of edge e, which few partials
// do.
func (s *Search) ask(above, e *edge3) {
	e.asked, e.stay = true, 1
	e.rows = s.around(above.above, above.code, e.code)
	if e.pair {
		total, _ := s.model.edits.rest(segmentKey([]code{above.code, e.code}))
		e.stay = 1 - total
	}
}

func (s *Search) around(left, c, right code) around {
	return around{s.model.edits.row(contextKey(1, left, c, right)), s.model.edits.row(contextKey(2, left, c, right))}
}

// Find returns the words that token may stand for when printed in the given
// case pattern (not Mixed), best first. The result is valid until the
// next call.
func (s *Search) Find(token string, c viet.Case) []Candidate {
	token = Fold(token)
	s.read = s.model.alphabet.encode(token)
	s.results = s.results[:0]
	if len(s.read) > maxToken || inOtherWriting(token) {
		return nil
	}
	s.lookAhead()
	s.walk(c)
	s.recall(token, c)
	slices.SortStableFunc(s.results, func(a, b Candidate) int { return cmp.Compare(b.Log10, a.Log10) })
	return s.results
}

// inOtherWriting reports whether a token is in another writing than Latin. Readers take
// a letter for a Greek or Cyrillic one now and then, but for no other, and not most of
// those of a word.
func inOtherWriting(token string) bool {
	latin, alike := 0, 0
	for _, r := range token {
		switch {
		case r < 0x80 && unicode.IsLetter(r) || unicode.Is(unicode.Latin, r):
			latin++
		case unicode.In(r, unicode.Greek, unicode.Cyrillic):
			alike++
		case r >= 0x80 && unicode.IsLetter(r) && !unicode.Is(unicode.Common, r):
			return true
		}
	}
	return alike > latin
}

// Limits of a search: tokens that resemble no word end at one of them.
const (
	maxSteps = 6000
	hopeless = 1e-11 // bound of a partial that is not followed
	beam     = 1e-6  // of the best bound at the same position
)

// maxToken is the longest token that is looked at, in characters.
const maxToken = 24

// lookAhead fetches the columns of the token and bounds the rest of it from
// every position on.
func (s *Search) lookAhead() {
	n, codes := len(s.read), len(s.model.alphabet.runes)
	s.cols = append(s.cols[:0], make([][maxRead + 1]*column, n+1)...)
	s.ahead = s.model.ahead(s.ahead, s.read)
	s.lengths()
	s.top = append(s.top[:0], make([]float32, n+1)...)
	s.enter = slices.Grow(s.enter[:0], n+1)[:n+1]
	for j := n; j >= 0; j-- {
		enter := s.enter[j][:codes]
		clear(enter)
		for k := 0; k <= maxRead && j+k <= n; k++ {
			col := s.column(s.read[j : j+k])
			s.cols[j][k] = col
			for c, p := range col.most {
				enter[c] = max(enter[c], p*s.ahead[j+k])
			}
		}
	}
}

// lengths fills in rest.
func (s *Search) lengths() {
	n := len(s.read)
	s.rest = slices.Grow(s.rest[:0], n+1)[:n+1]
	for j := n; j >= 0; j-- {
		at := &s.rest[j]
		for r := range at {
			p := float32(0)
			switch {
			case r == maxRest:
				p = s.ahead[j]
			case r > 0:
				p = s.model.lost * at[r-1][r-1]
				for k := 1; k <= maxRead && j+k <= n; k++ {
					read, next := s.read[j:j+k], &s.rest[j+k]
					p = max(p, s.model.bestOf(read)*next[r-1][r-1])
					if r > 1 {
						some, _ := s.model.most.get(makeKey(kindPair, none, none, none).with(read))
						p = max(p, some*next[max(r-3, 0)][r-2])
					}
				}
			case j == n:
				p = 1
			}
			at[r][r] = p
			for lo := r - 1; lo >= 0; lo-- {
				at[lo][r] = max(p, at[lo][r-1])
			}
		}
	}
}

func (s *Search) column(read []code) *column {
	k := key(0).with(read)
	col, ok := s.columns[k]
	if !ok {
		if len(s.columns) >= maxColumns {
			clear(s.columns)
		}
		codes := len(s.model.alphabet.runes)
		floats := func() []float32 { return make([]float32, codes) }
		col = &column{uint32(k), floats(), make([]bool, codes), floats(), floats(), floats()}
		for c := firstCode; int(c) < codes; c++ {
			col.alone[c], col.seen[c] = s.model.alone(c, read)
			most, _ := s.model.most.get(makeKey(0, none, c, none).with(read))
			col.one[c] = max(col.alone[c], most)
			col.some[c], _ = s.model.most.get(makeKey(kindPair, none, c, none).with(read))
			col.most[c] = max(col.one[c], col.some[c])
		}
		s.columns[k] = col
	}
	return col
}

// walk is a best-first search over the trie.
func (s *Search) walk(c viet.Case) {
	s.seen.reset()
	s.queue, s.best = s.queue[:0], 0
	s.open(c, 0)
	root := &s.lex.nodes[0]
	for child := root.first; child < root.first+root.size; child++ {
		s.push(child, 0, 1, s.edges[c][child].code)
	}
	for range maxSteps {
		if len(s.queue) == 0 || len(s.results) == s.limit {
			return
		}
		top := s.pop()
		switch {
		case top.bound < s.best*s.margin:
			return
		case top.node >= 0 && top.bound < s.top[top.pos]*beam:
		case top.node < 0:
			s.results = append(s.results, Candidate{Word: -top.node - 1, Case: c, Log10: top.p})
		case s.seen.get(top.node, top.pos) <= top.p:
			s.expand(top, c)
		}
	}
}

// expand reads the letter of a partial's node, alone or with the letters below.
func (s *Search) expand(top partial, c viet.Case) {
	s.open(c, top.node)
	edges := s.edges[c]
	nd, e := &s.lex.nodes[top.node], &edges[top.node]
	pos := int(top.pos)
	if k := len(s.read) - pos; nd.word >= 0 && k <= maxRead && !s.tooLittle(top.p*s.cols[pos][k].most[e.code]*s.lex.share[nd.word]) {
		if !e.ended {
			e.ended, e.end = true, s.around(e.above, e.code, edge)
		}
		s.finish(nd.word, top.p*s.single(e.code, e.end, pos, k))
	}
	if nd.size == 0 {
		return
	}
	alone := s.reaches(top, nd, e.code)
	segments := s.mayRead(top, nd, e.code)
	scale := top.bound / nd.best // of the bounds of all that follows
	for child := nd.first; child < nd.first+nd.size; child++ {
		next, below := &s.lex.nodes[child], &edges[child]
		if s.tooLittle(scale * next.best) {
			continue
		}
		for _, to := range alone {
			if to.p*min(s.enter[to.pos][below.code], s.rest[to.pos][next.short][next.long])*next.best < to.least {
				continue
			}
			if !below.asked {
				s.ask(e, below)
			}
			q := s.single(e.code, below.rows, pos, int(to.pos)-pos)
			s.push(child, to.pos, top.p*below.stay*q, below.code)
		}
		if segments {
			s.segments(top, child, e, c)
		}
	}
}

// reach is a letter read alone: the position after it, what the partial may then come
// to, and the least bound that is worth following there.
type reach struct {
	pos      int32
	p, least float32
}

// reaches are the readings of letter c, that of node nd, after which some child may be
// worth following.
func (s *Search) reaches(top partial, nd *node, c code) []reach {
	out := s.alone[:0]
	lo, hi := nd.below()
	for k := 0; k <= maxRead && int(top.pos)+k <= len(s.read); k++ {
		pos := int(top.pos) + k
		to := reach{int32(pos), top.p * s.cols[top.pos][k].most[c], max(s.best*s.margin, hopeless, s.top[pos]*beam)}
		if to.p*s.rest[pos][lo][hi]*nd.best >= to.least {
			out = append(out, to)
		}
	}
	return out
}

// mayRead reports whether any segment that begins with letter c, that of node nd, may
// be worth following.
func (s *Search) mayRead(top partial, nd *node, c code) bool {
	_, hi := nd.below()
	for w := 1; w <= maxRead && int(top.pos)+w <= len(s.read); w++ {
		most := top.p * s.cols[top.pos][w].some[c] * s.rest[int(top.pos)+w][0][hi] * nd.best
		if most > 0 && most >= s.best*s.margin {
			return true
		}
	}
	return false
}

// segments reads the letter of edge e with that of a child, and with one below it.
func (s *Search) segments(top partial, child int32, e *edge3, c viet.Case) {
	edges, below := s.edges[c], &s.edges[c][child]
	if below.pair {
		s.segment(top, child, []code{e.code, below.code}, c)
	}
	if !below.trios {
		return
	}
	s.open(c, child)
	nb := &s.lex.nodes[child]
	scale := top.bound / s.lex.nodes[top.node].best
	for g := nb.first; g < nb.first+nb.size; g++ {
		if edges[g].trio && !s.tooLittle(scale*s.lex.nodes[g].best) {
			s.segment(top, g, []code{e.code, below.code, edges[g].code}, c)
		}
	}
}

// single is the chance that c is read as the k characters at pos, as
// Model.letter has it.
func (s *Search) single(c code, at around, pos, k int) float32 {
	col, edits := s.cols[pos][k], s.model.edits
	p := col.alone[c]
	right, both := edits.rows[at.right].rest, edits.rows[at.both].rest
	if !col.seen[c] { // then no longer context has seen it either
		return both * right * p
	}
	one, _ := edits.in(at.right, col.read)
	two, _ := edits.in(at.both, col.read)
	return two + both*(one+right*p)
}

// segment reads the letters of seg, which end at node n, in one edit.
func (s *Search) segment(top partial, n int32, seg []code, c viet.Case) {
	s.open(c, n)
	nd, pos, row := &s.lex.nodes[n], int(top.pos), s.model.edits.row(segmentKey(seg))
	for w := 1; w <= maxRead && pos+w <= len(s.read); w++ {
		q, ok := s.model.edits.in(row, s.cols[pos][w].read)
		if !ok {
			continue
		}
		if nd.word >= 0 && pos+w == len(s.read) {
			s.finish(nd.word, top.p*q)
		}
		for child := nd.first; child < nd.first+nd.size; child++ {
			s.push(child, int32(pos+w), top.p*q, s.edges[c][child].code)
		}
	}
}

func (s *Search) finish(word int32, p float32) {
	bound := p * s.lex.share[word]
	if bound >= s.best*s.margin && p > 1e-20 {
		s.best = max(s.best, bound)
		s.enqueue(partial{-word - 1, 0, p, bound})
	}
}

// bound is what a partial of chance p before node n, whose letter is c, may at best
// come to. It is quick; through is tighter.
func (s *Search) bound(n, pos int32, p float32, c code) float32 {
	nd := &s.lex.nodes[n]
	return p * min(s.enter[pos][c], s.rest[pos][nd.short][nd.long]) * nd.best
}

// lost reports whether what comes to a bound is too little to go on from a position.
func (s *Search) lost(bound float32, pos int) bool {
	return s.tooLittle(bound) || bound < s.top[pos]*beam
}

// tooLittle reports whether what comes to a bound is not worth following.
func (s *Search) tooLittle(bound float32) bool { return bound < s.best*s.margin || bound < hopeless }

func (s *Search) push(n, pos int32, p float32, c code) {
	if s.lost(s.bound(n, pos, p, c), int(pos)) {
		return
	}
	bound := p * s.lex.nodes[n].best * s.through(n, pos, c)
	if s.lost(bound, int(pos)) {
		return
	}
	if s.seen.raise(n, pos, p) {
		s.top[pos] = max(s.top[pos], bound)
		s.enqueue(partial{n, pos, p, bound})
	}
}

// through bounds the chance of the rest of the token from pos on, read from letter
// c on of the words below node n.
func (s *Search) through(n, pos int32, c code) (most float32) {
	lo, hi := s.lex.nodes[n].below()
	for k := 0; k <= maxRead && int(pos)+k <= len(s.read); k++ {
		col, rest := s.cols[pos][k], &s.rest[int(pos)+k]
		most = max(most, col.one[c]*rest[lo][hi], col.some[c]*rest[max(lo-2, 0)][hi])
	}
	return most
}

// weight tempers the frequency of a word: the context will say more.
func weight(p float32) float32 { return float32(math.Sqrt(float64(p))) }

// recall drops words found twice, turns chances into logarithms, joins them with
// the memory of whole words, and adds remembered words that the walk missed.
func (s *Search) recall(token string, c viet.Case) {
	out := s.results[:0]
	has := func(word int32) bool {
		return slices.ContainsFunc(out, func(o Candidate) bool { return o.Word == word })
	}
	add := func(word int32, p float32) {
		cased := c.Apply(s.lex.Words[word])
		if q := s.model.recalled(cased, token, float64(p)); q > 0 {
			out = append(out, Candidate{word, c, float32(math.Round(math.Log10(q)*LogStep)) / LogStep})
		}
	}
	for _, r := range s.results {
		if !has(r.Word) {
			add(r.Word, r.Log10) // still a chance
		}
	}
	for cased := range s.model.memory.recall(token) {
		word := s.lex.find(viet.Fold(cased))
		if word >= 0 && !has(word) && c.Apply(s.lex.Words[word]) == cased {
			add(word, 0)
		}
	}
	s.results = out
}

// enqueue and pop keep the queue a binary heap, the highest bound on top.
func (s *Search) enqueue(x partial) {
	q := append(s.queue, x)
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 2
		if q[up].bound >= x.bound {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = x
	s.queue = q
}

func (s *Search) pop() partial {
	q := s.queue
	top, x := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	i := 0
	for {
		down := 2*i + 1
		if down >= len(q) {
			break
		}
		if down+1 < len(q) && q[down+1].bound > q[down].bound {
			down++
		}
		if q[down].bound <= x.bound {
			break
		}
		q[i] = q[down]
		i = down
	}
	if len(q) > 0 {
		q[i] = x
	}
	s.queue = q
	return top
}

// visits is a hash table of the best chance at each node and position, emptied
// at no cost.
type visits struct {
	slots []slot
	turn  uint32
	n     int
}

type slot struct {
	where uint64
	turn  uint32
	p     float32
}

func (v *visits) reset() {
	if v.slots == nil {
		v.slots = make([]slot, 1<<12)
	}
	v.turn++
	v.n = 0
}

func (v *visits) find(n, pos int32) *slot {
	where := uint64(n)<<8 | uint64(pos)
	mask := len(v.slots) - 1
	i := int(where*0x9E3779B97F4A7C15>>32) & mask
	for v.slots[i].turn == v.turn && v.slots[i].where != where {
		i = (i + 1) & mask
	}
	if v.slots[i].turn != v.turn {
		v.slots[i] = slot{where: where}
	}
	return &v.slots[i]
}

func (v *visits) get(n, pos int32) float32 { return v.find(n, pos).p }

// raise sets the chance at a place if it is higher than before.
func (v *visits) raise(n, pos int32, p float32) bool {
	s := v.find(n, pos)
	if s.p >= p {
		return false
	}
	if s.turn != v.turn {
		s.turn = v.turn
		if v.n++; 2*v.n > len(v.slots) {
			s.p = p
			v.grow()
			return true
		}
	}
	s.p = p
	return true
}

func (v *visits) grow() {
	old := v.slots
	v.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.turn == v.turn {
			*v.find(int32(s.where>>8), int32(s.where&0xff)) = s
		}
	}
}
