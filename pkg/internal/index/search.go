package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
)

// Query is what to look for. Words must all stand on one page, in any order; "words in
// quotation marks" must follow each other, and a word that ends in * stands for all
// that begin so. The other fields narrow it down by the card of the document. Marks,
// case and the place of tones do not count, but pages that have words as they were
// typed come first.
type Query struct {
	Words                                 string
	Number, Issuer, Signer, Subject, Type string // words of these fields
	From, To                              string // dates of issue, both included: 2021-05-07, 2021-05 or 2021
	Limit                                 int    // documents wanted; 0 means 20
}

// DefaultLimit is how many documents Search returns where nothing is said.
const DefaultLimit = 20

// candidates is how many pages are looked at, the newest first. Of words that stand
// on more pages than this, older pages are not weighed; nor are any once there are
// enough documents that none can be better than.
const candidates = 500

// Result is what Search found.
type Result struct {
	Hits []Hit `json:"hits"`
	More bool  `json:"more"` // there are others
}

// Hit is a document with the pages that match.
type Hit struct {
	ID int64 `json:"id"` // of the document, in this index
	Card
	Matches []Match `json:"matches"`

	rank  rank
	pages []found
}

// Match is a page with the words found.
type Match struct {
	Page    int     `json:"page"`    // its number, from 1
	Snippet Snippet `json:"snippet"` // where the words stand
}

// ErrQuery is in the errors of Search on a query that asks for nothing.
var ErrQuery = fmt.Errorf("nothing to look for")

// Search returns the documents that match, best first: those that have all words in a
// row, as typed or else without their marks, then those that have them apart; among
// equals the newest.
func (x *Index) Search(ctx context.Context, q Query) (*Result, error) {
	w, err := q.compile()
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(q.Limit, DefaultLimit)
	pages, more, err := x.pages(ctx, w, limit)
	if err != nil {
		return nil, err
	}
	hits := append([]Hit{}, byDocument(pages)...) // not nil: [] in JSON
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.rank, b.rank) })
	if len(hits) > limit {
		hits, more = hits[:limit], true
	}
	for i := range hits {
		if err := x.fill(ctx, &hits[i]); err != nil {
			return nil, err
		}
	}
	return &Result{hits, more}, nil
}

// fill puts the card and the snippets into a hit.
func (x *Index) fill(ctx context.Context, h *Hit) error {
	c, err := x.Card(ctx, h.ID)
	if err != nil {
		return err
	}
	h.Card = *c
	if len(h.pages[0].groups) == 0 { // found by its card: its beginning tells what it is
		h.pages = h.pages[:1]
	}
	for _, p := range h.pages {
		text, err := p.text()
		if err != nil {
			return err
		}
		h.Matches = append(h.Matches, Match{p.number, snippet(text, p.groups)})
	}
	return nil
}

// wanted is a compiled query: what to ask for in turn, between two ids of pages.
type wanted struct {
	asks     []ask
	from, to int64 // from ≤ id < to
}

// ask is one query of FTS5, and how good what it finds is.
type ask struct {
	query  string // empty if every page will do
	groups []group
	rank   rank // of pages that do not have the words as typed; one better if they do
}

var phrase = lazy.Regexp(`"[^"]*"?|[^\s"]+`)

func (q *Query) compile() (*wanted, error) {
	filters, err := q.filters()
	if err != nil {
		return nil, err
	}
	var groups []group
	var row group
	for _, p := range phrase().FindAllString(q.Words, -1) {
		if g := typed(strings.Trim(p, `"`)); len(g) > 0 {
			groups = append(groups, group{g, strings.HasSuffix(p, "*")})
			row.words = append(row.words, g...)
			row.prefix = strings.HasSuffix(p, "*")
		}
	}
	if strings.TrimSpace(q.Words) != "" && len(groups) == 0 {
		return nil, fmt.Errorf("%w: %q has no letters or digits", ErrQuery, q.Words)
	}
	w := &wanted{to: 1 << 62}
	if err := w.span(q); err != nil {
		return nil, err
	}
	together, all := filters, filters
	for _, g := range groups {
		all = append(slices.Clip(all), g.match("text"))
	}
	if len(groups) > 0 {
		together = append(slices.Clip(together), row.match("text"))
	}
	w.asks = []ask{{strings.Join(together, " AND "), []group{row}, rowBare}}
	if len(groups) > 1 {
		w.asks = append(w.asks, ask{"(" + strings.Join(all, " AND ") + ") NOT (" + row.match("text") + ")", groups, apartBare})
	}
	if len(groups) == 0 {
		w.asks[0].groups = nil
		if len(filters) == 0 && q.From == "" && q.To == "" {
			return nil, ErrQuery
		}
	}
	return w, nil
}

// filters are FTS5's queries for the card.
func (q *Query) filters() (filters []string, err error) {
	for _, f := range []struct{ column, words string }{
		{"number", q.Number}, {"issuer", q.Issuer}, {"signer", q.Signer}, {"subject", q.Subject}, {"type", q.Type},
	} {
		switch g := (group{words: typed(f.words)}); {
		case len(g.words) > 0:
			filters = append(filters, g.match(f.column))
		case strings.TrimSpace(f.words) != "":
			return nil, fmt.Errorf("%w: %s %q has no letters or digits", ErrQuery, f.column, f.words)
		}
	}
	return filters, nil
}

// span finds the ids of pages between the dates of a query. What has no date is in
// no span.
func (w *wanted) span(q *Query) error {
	for _, d := range []string{q.From, q.To} {
		if d != "" && day(d) == 0 {
			return fmt.Errorf("%w: %q is no date: expected 2021-05-07, 2021-05 or 2021", ErrQuery, d)
		}
	}
	if q.From != "" || q.To != "" {
		w.from = max(day(q.From), 1) << dayBits
	}
	if q.To != "" {
		w.to = after(q.To) << dayBits
	}
	return nil
}

// match is FTS5's query for the words in a column.
func (g group) match(column string) string {
	m := column + ` : "` + strings.TrimSpace(g.pattern()) + `"` // letters and digits: nothing to escape
	if g.prefix {
		m += " *"
	}
	return m
}

// rank orders hits: smaller is better.
type rank int

const (
	rowTyped rank = iota
	rowBare
	apartTyped
	apartBare
)

// pages finds the pages that match, at most as many as candidates, and fewer once
// more documents than wanted are as good as any to come. A document's pages follow
// each other.
func (x *Index) pages(ctx context.Context, w *wanted, limit int) (pages []found, more bool, err error) {
	good := map[int64]bool{} // documents that are as good
	enough := func(p found, best rank) bool {
		if pages = append(pages, p); p.rank <= best {
			good[p.document] = true
		}
		return len(good) > limit || len(pages) >= candidates
	}
	for _, a := range w.asks {
		if len(pages) >= candidates || len(good) > limit {
			return pages, true, nil
		}
		if err := x.matching(ctx, a, w.from, w.to, func(p found) bool { return enough(p, a.rank-1) }); err != nil {
			return nil, false, err
		}
		for _, p := range pages {
			good[p.document] = true // none of the next can be better
		}
	}
	return pages, len(pages) >= candidates || len(good) > limit, nil
}

// found is a page that matches.
type found struct {
	document int64
	number   int
	rank     rank
	groups   []group
	packed   []byte // its text, deflated
}

// matching asks for the newest pages of a query, and ranks them by whether the words
// are as typed, which only matters where marks were. It gives them to take until that
// has enough.
func (x *Index) matching(ctx context.Context, a ask, from, to int64, take func(found) (enough bool)) error {
	statement, args := `SELECT p.document, p.number, p.text FROM words JOIN pages p ON p.id = words.rowid
		WHERE words MATCH ? AND words.rowid >= ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?`,
		[]any{a.query, from, to, candidates}
	if a.query == "" {
		statement, args = `SELECT document, number, text FROM pages WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`, args[1:]
	}
	rows, err := x.db.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	marked := slices.ContainsFunc(a.groups, func(g group) bool {
		return slices.ContainsFunc(g.words, func(t term) bool { return t.marked != "" })
	})
	for rows.Next() {
		f := found{rank: a.rank, groups: a.groups}
		if err := rows.Scan(&f.document, &f.number, &f.packed); err != nil {
			return err
		}
		typed := true
		if marked {
			text, err := f.text()
			if err != nil {
				return err
			}
			_, places := look(text, a.groups)
			typed = allTyped(places, a.groups)
		}
		if typed {
			f.rank--
		}
		if take(f) {
			return nil
		}
	}
	return rows.Err()
}

func (f *found) text() (string, error) {
	text, err := inflate(f.packed)
	if err != nil {
		return "", fmt.Errorf("page %d of document %d: %w", f.number, f.document, err)
	}
	return text, nil
}

// byDocument puts the pages of a document together, in their order; the best page ranks
// the document.
func byDocument(pages []found) []Hit {
	var hits []Hit
	at := map[int64]int{}
	for _, p := range pages {
		i, ok := at[p.document]
		if !ok {
			i = len(hits)
			at[p.document] = i
			hits = append(hits, Hit{ID: p.document, rank: p.rank})
		}
		h := &hits[i]
		h.rank = min(h.rank, p.rank)
		h.pages = append(h.pages, p)
	}
	for _, h := range hits {
		slices.SortFunc(h.pages, func(a, b found) int { return cmp.Compare(a.number, b.number) })
	}
	return hits
}

// Card returns the card of a document, or sql.ErrNoRows.
func (x *Index) Card(ctx context.Context, id int64) (*Card, error) {
	var c Card
	return &c, x.db.QueryRowContext(ctx, `SELECT `+cardColumns+` FROM documents WHERE id = ?`, id).Scan(c.fields()...)
}
