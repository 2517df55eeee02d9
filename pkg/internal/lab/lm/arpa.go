package lm

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// The ARPA format is the exchange format of n-gram models: a header \data\ with
// the number of n-grams of each order, then for each order a line an n-gram,
//
//	log10 p(w3|w1 w2)	w1 w2 w3	log10 of the back-off weight of w1 w2 w3
//
// the weight left out where it is 0. SRILM, KenLM and others write and read it.

// WriteARPA writes a model in ARPA format, its probabilities as quantised.
func WriteARPA(w io.Writer, m *ngram.Model) error {
	bw := bufio.NewWriterSize(w, 1<<16)
	backs := make(map[[format.MaxOrder]ngram.ID]float32)
	key := func(words []ngram.ID) (k [format.MaxOrder]ngram.ID) {
		copy(k[:], words)
		return k
	}
	counts := make([]int, m.Order()+1)
	counts[1] = m.Len() - 1
	var grams [format.MaxOrder + 1][]arpaGram
	for n := 1; n < m.Order(); n++ {
		m.EachContext(n, func(words []ngram.ID, back float32) { backs[key(words)] = back })
	}
	for n := 2; n <= m.Order(); n++ {
		m.EachGram(n, func(words []ngram.ID, logp float32) {
			k := key(words)
			grams[n] = append(grams[n], arpaGram{words: k, logp: logp, back: backs[k]})
			delete(backs, k)
		})
	}
	// What is left are single words, and contexts that are no n-grams of their
	// own (see noGram); their probability is what backing off makes it.
	for k, back := range backs {
		if n := slices.Index(k[:], ngram.None); n > 1 {
			logp := m.LogProb(m.After(k[:n-1]), k[n-1])
			grams[n] = append(grams[n], arpaGram{words: k, logp: logp, back: back})
		}
	}
	fmt.Fprintf(bw, "\\data\\\nngram 1=%d\n", m.Len()-1)
	for n := 2; n <= m.Order(); n++ {
		slices.SortFunc(grams[n], func(a, b arpaGram) int { return slices.Compare(a.words[:], b.words[:]) })
		fmt.Fprintf(bw, "ngram %d=%d\n", n, len(grams[n]))
	}
	line := func(logp float32, back float32, words ...ngram.ID) {
		bw.WriteString(formatFloat(logp))
		sep := byte('\t')
		for _, id := range words {
			bw.WriteByte(sep)
			bw.WriteString(m.Word(id))
			sep = ' '
		}
		if back != 0 {
			bw.WriteByte('\t')
			bw.WriteString(formatFloat(back))
		}
		bw.WriteByte('\n')
	}
	fmt.Fprint(bw, "\n\\1-grams:\n")
	for id := 1; id < m.Len(); id++ {
		line(m.Unigram(ngram.ID(id)), backs[key([]ngram.ID{ngram.ID(id)})], ngram.ID(id))
	}
	for n := 2; n <= m.Order(); n++ {
		fmt.Fprintf(bw, "\n\\%d-grams:\n", n)
		for _, g := range grams[n] {
			line(g.logp, g.back, g.words[:n]...)
		}
	}
	fmt.Fprint(bw, "\n\\end\\\n")
	return bw.Flush()
}

func formatFloat(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }

type arpaGram struct {
	words [format.MaxOrder]ngram.ID // unused ones are ngram.None
	logp  float32
	back  float32
}

// ImportARPA reads a model in ARPA format and returns its file. The model must
// have at most 16,384 words. Where it lacks <foreign>, that is like <unk>; where
// it lacks <unk>, that is like the rarest word.
func ImportARPA(r io.Reader, q Quant, options string) ([]byte, error) {
	p := arpaParser{s: bufio.NewScanner(r)}
	p.s.Buffer(nil, 1<<20)
	t, err := p.parse()
	if err != nil {
		return nil, fmt.Errorf("ARPA file, line %d: %w", p.line, err)
	}
	t.summary.Options = options
	return t.pack(q)
}

type arpaParser struct {
	s     *bufio.Scanner
	line  int
	ids   map[string]ngram.ID
	tree  *tree
	grams [format.MaxOrder + 1][]arpaGram
}

// next returns the next line that is not empty; "" at the end.
func (p *arpaParser) next() (string, error) {
	for p.s.Scan() {
		p.line++
		if s := strings.TrimSpace(p.s.Text()); s != "" {
			return s, nil
		}
	}
	return "", p.s.Err()
}

var errARPA = errors.New("not what an ARPA file has here")

func (p *arpaParser) parse() (*tree, error) {
	s, err := p.next()
	for err == nil && s != "" && s != `\data\` {
		s, err = p.next()
	}
	if err != nil || s == "" {
		return nil, cmp.Or(err, errors.New(`no \data\`))
	}
	var sizes []int
	for {
		if s, err = p.next(); err != nil || !strings.HasPrefix(s, "ngram ") {
			break
		}
		var n, size int
		if _, err := fmt.Sscanf(s, "ngram %d=%d", &n, &size); err != nil || n != len(sizes)+1 || size < 0 {
			return nil, fmt.Errorf("%w: %.40q", errARPA, s)
		}
		sizes = append(sizes, size)
	}
	if err != nil {
		return nil, err
	}
	if len(sizes) < 2 || len(sizes) > format.MaxOrder {
		return nil, fmt.Errorf("order %d: must be 2 to %d", len(sizes), format.MaxOrder)
	}
	if sizes[0] > format.MaxVocab {
		return nil, fmt.Errorf("%d words: there can be %d", sizes[0], format.MaxVocab)
	}
	p.tree = &tree{order: len(sizes), vocab: slices.Clone(format.Specials[:]), unigram: make([]float32, ngram.NumSpecial)}
	p.ids = map[string]ngram.ID{}
	for id, w := range format.Specials {
		p.ids[w] = ngram.ID(id)
	}
	for n, size := range sizes {
		if s != fmt.Sprintf("\\%d-grams:", n+1) {
			return nil, fmt.Errorf("%w: %.40q", errARPA, s)
		}
		for range size {
			if s, err = p.next(); err != nil {
				return nil, err
			}
			if err := p.gram(s, n+1); err != nil {
				return nil, err
			}
		}
		if s, err = p.next(); err != nil {
			return nil, err
		}
	}
	if s != `\end\` {
		return nil, fmt.Errorf("%w: %.40q", errARPA, s)
	}
	return p.build()
}

func (p *arpaParser) gram(s string, n int) error {
	fields := strings.Fields(s)
	if len(fields) != n+1 && len(fields) != n+2 {
		return fmt.Errorf("%w: %.80q", errARPA, s)
	}
	var g arpaGram
	logp, err := strconv.ParseFloat(fields[0], 32)
	if err != nil || logp != logp {
		return fmt.Errorf("%w: %.80q", errARPA, s)
	}
	g.logp = max(float32(logp), -99)
	if len(fields) == n+2 {
		back, err := strconv.ParseFloat(fields[n+1], 32)
		if err != nil || back != back {
			return fmt.Errorf("%w: %.80q", errARPA, s)
		}
		g.back = min(max(float32(back), -99), 99)
	}
	for i, w := range fields[1 : n+1] {
		id, ok := p.ids[w]
		if !ok {
			if n > 1 {
				return fmt.Errorf("%q is not among the single words", w)
			}
			if len(p.tree.vocab) == format.MaxVocab {
				return fmt.Errorf("more than %d words", format.MaxVocab)
			}
			id = ngram.ID(len(p.tree.vocab))
			p.ids[w] = id
			p.tree.vocab = append(p.tree.vocab, w)
			p.tree.unigram = append(p.tree.unigram, 0)
		}
		g.words[i] = id
	}
	if n == 1 {
		p.tree.unigram[g.words[0]] = g.logp
	}
	p.grams[n] = append(p.grams[n], g)
	return nil
}

// build arranges the n-grams as a tree.
func (p *arpaParser) build() (*tree, error) {
	t := p.tree
	least := float32(0)
	for _, lp := range t.unigram[ngram.NumSpecial:] {
		least = min(least, lp)
	}
	if t.unigram[ngram.Unknown] == 0 {
		t.unigram[ngram.Unknown] = least
	}
	if t.unigram[ngram.Foreign] == 0 {
		t.unigram[ngram.Foreign] = t.unigram[ngram.Unknown]
	}
	t.unigram[ngram.None], t.unigram[ngram.Start] = -99, -99
	if err := p.close(); err != nil {
		return nil, err
	}
	parents := make([]arpaGram, len(t.vocab)) // contexts of the level below, words reversed
	for w := range parents {
		parents[w].words[0] = ngram.ID(w)
	}
	for _, g := range p.grams[1] {
		parents[g.words[0]].back = g.back
	}
	var places map[[format.MaxOrder]ngram.ID]uint32 // of the n-grams of the level below in their lists
	for n := 2; n <= t.order; n++ {
		l := &t.levels[n]
		grams := p.grams[n]
		slices.SortFunc(grams, func(a, b arpaGram) int { return compareTree(a.words[:n], b.words[:n]) })
		backs := map[[format.MaxOrder]ngram.ID]float32{}
		for _, g := range p.grams[n-1] {
			backs[g.words] = g.back
		}
		here := map[[format.MaxOrder]ngram.ID]uint32{}
		i := 0
		list := func(ctx []ngram.ID) {
			l.start = append(l.start, uint32(len(l.word)))
			k := [format.MaxOrder]ngram.ID{}
			copy(k[:], ctx)
			l.backoff = append(l.backoff, backs[k])
			for place := uint32(0); i < len(grams) && slices.Equal(grams[i].words[:n-1], ctx); i++ {
				g := grams[i]
				here[g.words] = place
				place++
				l.word = append(l.word, g.words[n-1])
				l.prob = append(l.prob, g.logp)
				if n > 2 {
					suffix := [format.MaxOrder]ngram.ID{}
					copy(suffix[:], g.words[1:n])
					l.rank = append(l.rank, places[suffix])
				}
			}
		}
		if n == 2 {
			for w := range t.vocab {
				list([]ngram.ID{ngram.ID(w)})
			}
		} else {
			// Contexts come in the order of the level below, so kids are runs.
			below := &t.levels[n-1]
			for _, parent := range parents {
				below.kids = append(below.kids, uint32(len(l.start)))
				ctx := make([]ngram.ID, n-1)
				for j := range n - 2 {
					ctx[n-2-j] = parent.words[j]
				}
				for i < len(grams) && slices.Equal(grams[i].words[1:n-1], ctx[1:]) {
					ctx[0] = grams[i].words[0]
					l.left = append(l.left, ctx[0])
					list(ctx)
				}
			}
			below.kids = append(below.kids, uint32(len(l.start)))
			var next []arpaGram
			for k, parent := range parents {
				for c := below.kids[k]; c < below.kids[k+1]; c++ {
					longer := parent
					longer.words[n-2] = l.left[c]
					next = append(next, longer)
				}
			}
			parents = next
		}
		l.start = append(l.start, uint32(len(l.word)))
		if i != len(grams) {
			return nil, errors.New("an n-gram lacks the context it extends")
		}
		places = here
	}
	return t, nil
}

// compareTree orders n-grams by context, read backwards, then by the last word.
func compareTree(a, b []ngram.ID) int {
	n := len(a)
	for i := n - 2; i >= 0; i-- {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(a[n-1], b[n-1])
}

// close adds the n-grams that the tree needs and pruning tools may have left
// out: what remains without the first word, with the probability that backing
// off gives it. Doubles are an error.
func (p *arpaParser) close() error {
	known := make([]map[[format.MaxOrder]ngram.ID]float32, format.MaxOrder+1)
	backs := make([]map[[format.MaxOrder]ngram.ID]float32, format.MaxOrder+1)
	for n := 1; n <= p.tree.order; n++ {
		known[n], backs[n] = map[[format.MaxOrder]ngram.ID]float32{}, map[[format.MaxOrder]ngram.ID]float32{}
		for _, g := range p.grams[n] {
			if _, ok := known[n][g.words]; ok {
				return fmt.Errorf("an n-gram of %d words is there twice", n)
			}
			known[n][g.words], backs[n][g.words] = g.logp, g.back
		}
	}
	var prob func(words []ngram.ID) float32
	prob = func(words []ngram.ID) float32 {
		n := len(words)
		var k, ctx [format.MaxOrder]ngram.ID
		copy(k[:], words)
		if lp, ok := known[n][k]; ok || n == 1 {
			return lp
		}
		copy(ctx[:], words[:n-1])
		return backs[n-1][ctx] + prob(words[1:])
	}
	for n := p.tree.order; n > 2; n-- {
		for _, g := range p.grams[n] {
			var suffix [format.MaxOrder]ngram.ID
			copy(suffix[:], g.words[1:n])
			if _, ok := known[n-1][suffix]; !ok {
				lp := prob(suffix[:n-1])
				known[n-1][suffix] = lp
				p.grams[n-1] = append(p.grams[n-1], arpaGram{words: suffix, logp: lp})
			}
		}
	}
	return nil
}
