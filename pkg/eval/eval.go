// Package eval compares text with the truth: error rates of characters, words
// and syllables, what kinds of errors there are, what a correction repaired and
// what it harmed, and how far such figures can be trusted. It knows texts and
// nothing of files.
package eval

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Count is a number of errors among a number of things that could be wrong.
type Count struct {
	Errors int `json:"errors"`
	Total  int `json:"total"`
}

// Rate is Errors by Total, and 0 where there was nothing to get wrong and
// nothing was.
func (c Count) Rate() float64 {
	if c.Total == 0 {
		if c.Errors > 0 {
			return 1
		}
		return 0
	}
	return float64(c.Errors) / float64(c.Total)
}

func (c *Count) add(d Count) { c.Errors += d.Errors; c.Total += d.Total }

// Scores are the figures of one file or of many. Rates of edit distances can
// pass 1.
type Scores struct {
	CER Count `json:"cer"` // edits of grapheme clusters
	WER Count `json:"wer"` // edits of tokens between white space
	SER Count `json:"ser"` // the same without punctuation at their edges

	// Of the letters whose base was read right, those with wrong marks.
	Diacritic Count `json:"diacritic"`
	// Of the letters, those with another letter or nothing in their place.
	Base Count `json:"base"`
	// Of the letters whose base was read right, those in the wrong case.
	Case Count `json:"case"`
	// Of the syllables that hold a digit or are document numbers, the wrong ones.
	Number Count `json:"number"`

	// Kinds of the errors in SER; they add up to it.
	Kinds Kinds `json:"syllable_errors"`

	// Against the raw text, where there is one.
	Harm   *Count `json:"harm,omitempty"`   // of the syllables right in it, those now wrong
	Repair *Count `json:"repair,omitempty"` // of those wrong in it, those now right
	// Of the numbers, codes, dates and addresses right in it, those now wrong.
	NumberHarm *Count `json:"number_harm,omitempty"`
	RawCER     *Count `json:"raw_cer,omitempty"`
	RawWER     *Count `json:"raw_wer,omitempty"`
	RawSER     *Count `json:"raw_ser,omitempty"`
}

// Kinds divides syllable errors.
type Kinds struct {
	Marks   int `json:"marks"`   // nothing but marks differs, case perhaps
	Case    int `json:"case"`    // nothing but case differs
	Number  int `json:"number"`  // with digits, or a document number
	Letters int `json:"letters"` // base letters differ
	Missing int `json:"missing"`
	Extra   int `json:"extra"`
}

func (k *Kinds) add(l Kinds) {
	k.Marks += l.Marks
	k.Case += l.Case
	k.Number += l.Number
	k.Letters += l.Letters
	k.Missing += l.Missing
	k.Extra += l.Extra
}

func (s *Scores) add(t Scores) {
	s.CER.add(t.CER)
	s.WER.add(t.WER)
	s.SER.add(t.SER)
	s.Diacritic.add(t.Diacritic)
	s.Base.add(t.Base)
	s.Case.add(t.Case)
	s.Number.add(t.Number)
	s.Kinds.add(t.Kinds)
	for _, c := range []struct {
		sum **Count
		c   *Count
	}{{&s.Harm, t.Harm}, {&s.Repair, t.Repair}, {&s.NumberHarm, t.NumberHarm}, {&s.RawCER, t.RawCER}, {&s.RawWER, t.RawWER}, {&s.RawSER, t.RawSER}} {
		if c.c != nil {
			if *c.sum == nil {
				*c.sum = &Count{}
			}
			(*c.sum).add(*c.c)
		}
	}
}

// Result is the comparison of one text with its truth.
type Result struct {
	Scores Scores
	// Lines has the errors of each line of the truth, for intervals.
	Lines []LineCounts
	// Confusions counts what was read for what.
	Characters, Syllables Confusions

	gold, pred *text
	pairs      []pair // of clusters
}

// LineCounts are the counts that belong to one line of the truth. What was
// inserted belongs to the line before it.
type LineCounts struct{ CER, WER, SER Count }

// Confusions counts pairs of truth and reading; one of them may be empty.
type Confusions map[Confusion]int

// Confusion is a piece of the truth and what was read in its place.
type Confusion struct{ Gold, Pred string }

// Frequent is a Confusion with its number.
type Frequent struct {
	Gold  string `json:"gold"`
	Pred  string `json:"pred"`
	Count int    `json:"count"`
}

// Top returns the n most frequent confusions, ties in the order of the text.
func (c Confusions) Top(n int) []Frequent {
	all := make([]Frequent, 0, len(c))
	for k, v := range c {
		all = append(all, Frequent{k.Gold, k.Pred, v})
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		if a.Gold != b.Gold {
			return a.Gold < b.Gold
		}
		return a.Pred < b.Pred
	})
	return all[:min(n, len(all))]
}

// Add adds the counts of d.
func (c Confusions) Add(d Confusions) {
	for k, v := range d {
		c[k] += v
	}
}

// Compare compares pred with the truth. raw is the text before it was
// corrected; nil if there is none.
func Compare(gold, pred string, raw *string, fold Fold) *Result {
	g, p := newText(gold, fold), newText(pred, fold)
	r := &Result{gold: g, pred: p, Lines: make([]LineCounts, max(g.lines, 1)), Characters: Confusions{}, Syllables: Confusions{}}

	syms := symbols{}
	gs, ps := syms.of(g.clusters), syms.of(p.clusters)
	r.pairs, r.Scores.CER.Errors = align(gs, ps)
	r.Scores.CER.Total = len(gs)
	perLine(r, r.pairs, gs, ps, g.clusterLine, func(l *LineCounts) *Count { return &l.CER })
	r.letters()
	r.confuse()

	syms = symbols{}
	gs, ps = syms.of(g.tokens), syms.of(p.tokens)
	pairs, edits := align(gs, ps)
	r.Scores.WER = Count{edits, len(gs)}
	perLine(r, pairs, gs, ps, g.tokenLine, func(l *LineCounts) *Count { return &l.WER })

	syms = symbols{}
	gs, ps = syms.of(g.syllables), syms.of(p.syllables)
	pairs, edits = align(gs, ps)
	r.Scores.SER = Count{edits, len(gs)}
	perLine(r, pairs, gs, ps, g.syllableLine, func(l *LineCounts) *Count { return &l.SER })
	right := r.syllables(pairs)

	if raw != nil {
		w := newText(*raw, fold)
		rs := syms.of(w.syllables)
		rawPairs, rawEdits := align(gs, rs)
		r.Scores.RawSER = &Count{rawEdits, len(gs)}
		var harm, repair, numbers Count
		for _, q := range rawPairs {
			if q.Gold < 0 {
				continue
			}
			if q.Pred >= 0 && gs[q.Gold] == rs[q.Pred] {
				wrong := 0
				if !right[q.Gold] {
					wrong = 1
				}
				harm.add(Count{wrong, 1})
				if isNumber(g.syllables[q.Gold]) {
					numbers.add(Count{wrong, 1})
				}
			} else {
				repair.Total++
				if right[q.Gold] {
					repair.Errors++
				}
			}
		}
		r.Scores.Harm, r.Scores.Repair, r.Scores.NumberHarm = &harm, &repair, &numbers
		r.Scores.RawCER = plain(g.clusters, w.clusters)
		r.Scores.RawWER = plain(g.tokens, w.tokens)
	}
	return r
}

// plain counts edits and nothing else.
func plain(gold, pred []string) *Count {
	syms := symbols{}
	_, edits := align(syms.of(gold), syms.of(pred))
	return &Count{edits, len(gold)}
}

// perLine gives each line of the truth its share of an alignment.
func perLine(r *Result, pairs []pair, gs, ps []symbol, line []int32, of func(*LineCounts) *Count) {
	at := int32(0)
	for _, q := range pairs {
		if q.Gold >= 0 {
			at = line[q.Gold]
			of(&r.Lines[at]).Total++
		}
		if q.Gold < 0 || q.Pred < 0 || gs[q.Gold] != ps[q.Pred] {
			of(&r.Lines[at]).Errors++
		}
	}
}

// letters fills the counts of letters from the alignment of clusters.
func (r *Result) letters() {
	s := &r.Scores
	for _, q := range r.pairs {
		if q.Gold < 0 {
			continue
		}
		g, ok := letter(r.gold.clusters[q.Gold])
		if !ok {
			continue
		}
		s.Base.Total++
		var p rune
		if q.Pred >= 0 {
			p, _ = letter(r.pred.clusters[q.Pred])
		}
		if p == 0 || base(g) != base(p) {
			s.Base.Errors++
			continue
		}
		s.Diacritic.Total++
		s.Case.Total++
		if unicode.ToLower(g) != unicode.ToLower(p) {
			s.Diacritic.Errors++
		}
		if unicode.IsUpper(g) != unicode.IsUpper(p) {
			s.Case.Errors++
		}
	}
}

// letter returns the letter that a cluster is.
func letter(c string) (rune, bool) {
	r, n := utf8.DecodeRuneInString(c)
	return r, n == len(c) && unicode.IsLetter(r)
}

func base(r rune) rune { return unicode.ToLower(viet.StripRune(r)) }

// confuse counts the runs of differing clusters that are short enough to mean
// something, one for one where a run is as long on both sides.
func (r *Result) confuse() {
	const longest = 4
	for i := 0; i < len(r.pairs); {
		if r.same(i) {
			i++
			continue
		}
		end := i
		var g, p []string
		for end < len(r.pairs) && !r.same(end) {
			if q := r.pairs[end]; q.Gold >= 0 {
				g = append(g, r.gold.clusters[q.Gold])
			}
			if q := r.pairs[end]; q.Pred >= 0 {
				p = append(p, r.pred.clusters[q.Pred])
			}
			end++
		}
		if len(g) == len(p) {
			for k := range g {
				r.Characters[Confusion{g[k], p[k]}]++
			}
		} else if len(g) <= longest && len(p) <= longest {
			r.Characters[Confusion{strings.Join(g, ""), strings.Join(p, "")}]++
		}
		i = end
	}
}

func (r *Result) same(i int) bool {
	q := r.pairs[i]
	return q.Gold >= 0 && q.Pred >= 0 && r.gold.clusters[q.Gold] == r.pred.clusters[q.Pred]
}

// syllables sorts the syllable errors by kind and tells which syllables of the
// truth are right.
func (r *Result) syllables(pairs []pair) (right []bool) {
	s := &r.Scores
	right = make([]bool, len(r.gold.syllables))
	for _, q := range pairs {
		var g, p string
		if q.Gold >= 0 {
			g = r.gold.syllables[q.Gold]
		}
		if q.Pred >= 0 {
			p = r.pred.syllables[q.Pred]
		}
		number := g != "" && isNumber(g)
		if number {
			s.Number.Total++
		}
		if g == p {
			right[q.Gold] = true
			continue
		}
		r.Syllables[Confusion{g, p}]++
		if number {
			s.Number.Errors++
		}
		switch {
		case g == "":
			s.Kinds.Extra++
		case number:
			s.Kinds.Number++
		case p == "":
			s.Kinds.Missing++
		case strings.EqualFold(g, p):
			s.Kinds.Case++
		case strings.EqualFold(viet.Strip(g), viet.Strip(p)):
			s.Kinds.Marks++
		default:
			s.Kinds.Letters++
		}
	}
	return right
}

// isNumber reports whether a syllable holds digits or is a document number.
func isNumber(s string) bool {
	if strings.ContainsFunc(s, unicode.IsDigit) {
		return true
	}
	if !strings.ContainsAny(s, "/-.@") {
		return false
	}
	for _, t := range token.Tokenize(s) {
		switch t.Class {
		case token.Code, token.Email, token.URL, token.Date:
			return true
		}
	}
	return false
}
