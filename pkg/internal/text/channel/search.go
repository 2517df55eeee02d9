package channel

import (
	"cmp"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Candidate is a word that a token may stand for.
type Candidate struct {
	Word  int32     // index in the lexicon
	Case  viet.Case // in which the word was taken to be printed
	Log10 float32   // of the probability of the token, given the word, in steps of 1/LogStep
}

// LogStep is how finely chances of candidates are told apart, so that they can be kept
// in two bytes.
const LogStep = 5000

// Rounded returns log10 of a chance as candidates have it.
func Rounded(log float64) float32 { return float32(math.Round(log*LogStep)) / LogStep }

// Search finds candidates: it walks down the trie, keeps the chances of what was read of
// the letters so far, a row of the alignment's table for each, and turns back where the
// rest can't make up for what they lack (Oflazer, "Error-tolerant finite-state
// recognition", 1996, with chances for distances and a bound of the rest). It keeps scratch
// space and is not safe for concurrent use; any number of them share a model and a lexicon.
type Search struct {
	model  *Model
	lex    *Lexicon
	limit  int
	margin float32
	edges  [3][]edge3 // by case pattern, by node; see open
	sides  [2]*side   // of small letters and of capitals

	// of the token at hand
	token   string
	c       viet.Case
	read    []code
	cols    [][maxRead + 1]*column // by position and length of the reading
	first   [maxRead + 1]*column   // of the first letter, by length
	rests   []*rest                // by position
	roots   []branch
	levels  []level // of the letters down to the one at hand
	found   []match // best first
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

// level is what is known at a letter, by the position up to which the token was read.
type level struct {
	code     code
	before   chancesAt // chance of the letters above it, this one their neighbour
	ended    chancesAt // of all down to it, by an edit of several letters that ends with it
	upTo     chancesAt // bound of all down to it, in any way
	begun    chancesAt // bound of those above it and of an edit of several letters that begins with it
	open     bool      // there is such an edit
	lo, hi   int       // upTo and begun are 0 at other positions: from lo, below hi
	branches []branch
}

type chancesAt [maxToken + 1]float32

// branch is a node to go on to, and what the words below it may come to.
type branch struct {
	node  int32
	bound float32
}

// match is a word that was found.
type match struct {
	word     int32
	p, bound float32 // its chance, and that with its frequency
}

// NewSearch returns a Search without limits; see Limit.
func NewSearch(m *Model, lex *Lexicon) *Search {
	m.ready()
	s := &Search{model: m, lex: lex, limit: len(lex.Words)}
	s.levels = make([]level, lex.longest+1)
	s.sides = [2]*side{newSide(m, lex, unicode.ToLower), newSide(m, lex, unicode.ToUpper)}
	return s
}

// Limit makes Find give at most limit candidates, of which none is worse than the
// best by more than margin in log10, the frequency of the words taken into account.
func (s *Search) Limit(limit int, margin float64) *Search {
	s.limit, s.margin = limit, float32(math.Pow(10, -margin))
	return s
}

// open fills in the edges right below node n. Most of the trie is never seen.
func (s *Search) open(n int32) []edge3 {
	if s.edges[s.c] == nil {
		s.edges[s.c] = make([]edge3, len(s.lex.nodes))
		s.edges[s.c][0].code = edge
	}
	edges, nodes, codes := s.edges[s.c], s.lex.nodes, len(s.model.alphabet.runes)
	above := &edges[n]
	if above.open {
		return edges
	}
	above.open = true
	for child := nodes[n].first; child < nodes[n].first+nodes[n].size; child++ {
		r := nodes[child].letter
		if s.c == viet.Upper || s.c == viet.Title && n == 0 {
			r = unicode.ToUpper(r)
		}
		e := &edges[child]
		e.code, e.above = s.model.alphabet.code(r), above.code
		if n == 0 {
			continue
		}
		begins := s.model.begins[int(e.above)*codes+int(e.code)]
		e.pair, e.trios = begins&beginsPair != 0, begins&beginsTrio != 0
		if above.trios {
			e.trio = s.model.edits.row(segmentKey([]code{above.above, above.code, e.code})) != noRow
		}
	}
	return edges
}

// ask fills in what is needed to go on to the node of edge e, which few nodes are.
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

// maxToken is the longest token that is looked at, in characters.
const maxToken = 24

// hopeless is a chance, with the frequency of the word, that is not followed.
const hopeless = 1e-11

// Find returns the words that token may stand for when printed in the given
// case pattern (not Mixed), best first. The result is valid until the
// next call.
func (s *Search) Find(token string, c viet.Case) []Candidate {
	token = Fold(token)
	if utf8.RuneCountInString(token) > maxToken || inOtherWriting(token) {
		return nil
	}
	s.token, s.c, s.read = token, c, s.model.alphabet.encode(token)
	s.found = s.found[:0]
	if s.lookAhead() {
		s.walk()
	}
	return s.recall()
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

// least is what a word must come to from here on.
func (s *Search) least() float32 {
	switch {
	case len(s.found) == 0:
		return hopeless
	case len(s.found) == s.limit:
		return max(s.found[0].bound*s.margin, s.found[s.limit-1].bound, hopeless)
	}
	return max(s.found[0].bound*s.margin, hopeless)
}

// side is what is remembered of letters as the one at a depth is printed.
func (s *Search) side(depth int) *side {
	if s.c == viet.Upper || s.c == viet.Title && depth == 0 {
		return s.sides[1]
	}
	return s.sides[0]
}

// column is that of a letter, read as the k characters at pos.
func (s *Search) column(depth, pos, k int) *column {
	if depth == 0 { // pos is 0
		return s.first[k]
	}
	return s.cols[pos][k]
}

// walk finds the words of the trie.
func (s *Search) walk() {
	s.open(0)
	root := &s.lex.nodes[0]
	s.levels[0].before = chancesAt{1}
	s.roots = s.roots[:0]
	for child := root.first; child < root.first+root.size; child++ {
		s.roots = append(s.roots, branch{child, s.lex.nodes[child].best * s.begin(child)})
	}
	for _, br := range likeliestFirst(s.roots) {
		if br.bound < s.least() {
			return
		}
		s.visit(br.node, 0)
	}
}

func likeliestFirst(b []branch) []branch {
	slices.SortFunc(b, func(a, b branch) int { return cmp.Compare(b.bound, a.bound) })
	return b
}

// begin bounds the chance of the whole token, had it from a child of the root on.
func (s *Search) begin(child int32) float32 {
	least, c, t := cost(noChance), s.edges[s.c][child].code, int(s.lex.nodes[child].tail)
	for k := 0; k <= maxRead && k <= len(s.read); k++ {
		col, end := s.first[k], s.rests[k]
		least = min(least, plus(col.one[c], end.after[t]))
		if col.some[c] < noChance {
			least = min(least, plus(col.some[c], s.lex.beyond(end, t)))
		}
	}
	return chances[least]
}

// visit goes on to a node, whose letter has so many above it.
func (s *Search) visit(n int32, depth int) {
	edges := s.open(n)
	nd, e, l, end := &s.lex.nodes[n], &edges[n], &s.levels[depth], len(s.read)
	l.code = e.code
	s.segments(e, depth)
	s.reach(l, depth)
	if nd.word >= 0 && l.upTo[end]*s.lex.share[nd.word] >= s.least() {
		if !e.ended {
			e.ended, e.end = true, s.around(e.above, e.code, edge)
		}
		s.find(nd.word, s.exact(l, depth, end, 1, e.end, 0))
	}
	l.branches = l.branches[:0]
	for child := nd.first; child < nd.first+nd.size; child++ {
		if bound := s.lex.nodes[child].best * s.bound(child, depth); bound >= s.least() {
			l.branches = append(l.branches, branch{child, bound})
		}
	}
	for _, br := range likeliestFirst(l.branches) {
		if br.bound < s.least() {
			return
		}
		s.enter(e, br.node, depth)
		s.visit(br.node, depth+1)
	}
}

// segments fills in ended of the level of edge e.
func (s *Search) segments(e *edge3, depth int) {
	l := &s.levels[depth]
	clear(l.ended[:len(s.read)+1])
	if e.pair {
		s.segment(&l.ended, &s.levels[depth-1].before, []code{e.above, e.code})
	}
	if e.trio {
		s.segment(&l.ended, &s.levels[depth-2].before, []code{s.levels[depth-2].code, e.above, e.code})
	}
}

// segment raises the chances in to by those of letters that are read in one edit.
func (s *Search) segment(to, before *chancesAt, letters []code) {
	row := s.model.edits.row(segmentKey(letters))
	for pos := range s.read {
		p := before[pos]
		for k := 1; p > 0 && k <= maxRead && pos+k <= len(s.read); k++ {
			if q, ok := s.model.edits.in(row, s.cols[pos][k].read); ok {
				to[pos+k] = max(to[pos+k], p*q)
			}
		}
	}
}

// reach fills in the bounds of a level.
func (s *Search) reach(l *level, depth int) {
	end := len(s.read)
	copy(l.upTo[:end+1], l.ended[:end+1])
	clear(l.begun[:end+1])
	l.open = false
	for pos, p := range l.before[:end+1] {
		for k := 0; p > 0 && k <= maxRead && pos+k <= end; k++ {
			col := s.column(depth, pos, k)
			l.upTo[pos+k] = max(l.upTo[pos+k], p*chances[col.one[l.code]])
			if some := col.some[l.code]; some < noChance {
				l.begun[pos+k], l.open = max(l.begun[pos+k], p*chances[some]), true
			}
		}
	}
	l.lo, l.hi = 0, end+1
	for l.lo < l.hi && max(l.upTo[l.lo], l.begun[l.lo]) == 0 {
		l.lo++
	}
	for l.lo < l.hi && max(l.upTo[l.hi-1], l.begun[l.hi-1]) == 0 {
		l.hi--
	}
}

// bound is the chance that the token may come to with the words below a child of the node
// at a depth, were they as frequent as can be.
func (s *Search) bound(child int32, depth int) (most float32) {
	l, e, t := &s.levels[depth], &s.edges[s.c][child], s.lex.nodes[child].tail
	for pos := l.lo; pos < l.hi; pos++ {
		most = max(most, l.upTo[pos]*chances[s.rests[pos].from[t]])
	}
	if l.open && (e.pair || e.trios) {
		for pos := l.lo; pos < l.hi; pos++ {
			end := s.rests[pos]
			if e.pair {
				most = max(most, l.begun[pos]*chances[end.after[t]])
			}
			if e.trios {
				most = max(most, l.begun[pos]*chances[end.later[t]])
			}
		}
	}
	if e.trio && s.levels[depth-1].open {
		above := &s.levels[depth-1]
		for pos := above.lo; pos < above.hi; pos++ {
			most = max(most, above.begun[pos]*chances[s.rests[pos].after[t]])
		}
	}
	return most
}

// enter fills in before of the level of a child, where that may be worth it.
func (s *Search) enter(e *edge3, child int32, depth int) {
	nd, below, l := &s.lex.nodes[child], &s.edges[s.c][child], &s.levels[depth]
	if !below.asked {
		s.ask(e, below)
	}
	to := &s.levels[depth+1].before
	for pos, end := range s.rests {
		to[pos] = 0
		rest := chances[end.from[nd.tail]] * nd.best
		if rest > 0 && l.upTo[pos]*rest >= s.least() {
			to[pos] = s.exact(l, depth, pos, below.stay, below.rows, s.least()/rest)
		}
	}
}

// exact is the chance of the letters down to a level, read up to a position, where that
// is not below least. at is for the letter's neighbours, stay how often it is not read
// together with the next.
func (s *Search) exact(l *level, depth, pos int, stay float32, at around, least float32) float32 {
	most := l.ended[pos]
	for k := 0; k <= maxRead && k <= pos; k++ {
		p := l.before[pos-k]
		if p > 0 && p*chances[s.column(depth, pos-k, k).one[l.code]] >= max(least, most) {
			most = max(most, p*stay*s.single(l.code, at, s.column(depth, pos-k, k)))
		}
	}
	return most
}

// single is the chance that c is read as in a column, as Model.letter has it.
func (s *Search) single(c code, at around, col *column) float32 {
	edits := s.model.edits
	p := col.alone[c]
	right, both := edits.rows[at.right].rest, edits.rows[at.both].rest
	if !col.seen[c] { // then no longer context has seen it either
		return both * right * p
	}
	one, _ := edits.in(at.right, col.read)
	two, _ := edits.in(at.both, col.read)
	return two + both*(one+right*p)
}

// find adds a word, if it is not too bad, and drops what is then. Of words that are as
// good the first of the lexicon comes first, in whatever order they are found.
func (s *Search) find(word int32, p float32) {
	m := match{word, p, p * s.lex.share[word]}
	if m.bound < s.least() {
		return
	}
	i, _ := slices.BinarySearchFunc(s.found, m, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(a.word, b.word))
	})
	s.found = slices.Insert(s.found, i, m)
	s.found = s.found[:min(len(s.found), s.limit)]
}

// recall turns what was found into candidates, joins their chances with the memory of
// whole words, and adds remembered words that the walk missed.
func (s *Search) recall() []Candidate {
	s.results = s.results[:0]
	add := func(word int32, p float32) {
		cased := s.c.Apply(s.lex.Words[word])
		if q := s.model.recalled(cased, s.token, float64(p)); q > 0 {
			s.results = append(s.results, Candidate{word, s.c, Rounded(math.Log10(q))})
		}
	}
	least := s.least()
	for _, m := range s.found {
		if m.bound >= least {
			add(m.word, m.p)
		}
	}
	for cased := range s.model.memory.recall(s.token) {
		word := s.lex.find(viet.Fold(cased))
		known := func(c Candidate) bool { return c.Word == word }
		if word >= 0 && !slices.ContainsFunc(s.results, known) && s.c.Apply(s.lex.Words[word]) == cased {
			add(word, 0)
		}
	}
	slices.SortStableFunc(s.results, func(a, b Candidate) int { return cmp.Compare(b.Log10, a.Log10) })
	return s.results
}
