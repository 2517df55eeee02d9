package ngram

import (
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// EachGram calls f for all n-grams of n words, n at least 2, in the order of
// the tree. f must not keep words.
func (m *Model) EachGram(n int, f func(words []ID, logp float32)) {
	words := make([]ID, n)
	var lists [format.MaxOrder][]ID
	lists[0] = m.numbered
	var visit func(depth int, node, parent uint32)
	visit = func(depth int, node, parent uint32) {
		l := m.head(depth, node, parent)
		lists[depth] = lists[depth][:0]
		l.entries.Each(m.tree, func(rank, code uint32) {
			if int(rank) >= len(lists[depth-1]) {
				return // damaged
			}
			word := lists[depth-1][rank]
			lists[depth] = append(lists[depth], word)
			if depth == n-1 {
				words[n-1] = word
				f(words, m.probs[n][code])
			}
		})
		if depth < n-1 {
			l.kids.Each(m.tree, func(left, offset uint32) {
				if int(left) >= len(m.numbered) {
					return // damaged
				}
				words[n-2-depth] = m.numbered[left]
				visit(depth+1, l.firstKid()+offset, l.entries.Len)
			})
		}
	}
	for x, root := range m.roots {
		if root != format.NoNode {
			words[n-2] = ID(x)
			visit(1, root, uint32(m.Len()))
		}
	}
}

// EachContext calls f for all contexts of n words and log10 of their back-off
// weights. f must not keep words.
func (m *Model) EachContext(n int, f func(words []ID, back float32)) {
	var last []ID
	m.EachGram(n+1, func(words []ID, _ float32) {
		if ctx := words[:n]; !slices.Equal(ctx, last) {
			last = append(last[:0], ctx...)
			f(ctx, m.backoff(n, m.After(ctx).nodes[n-1]))
		}
	})
}

// After is the state after some words.
func (m *Model) After(words []ID) (s State) {
	for _, w := range words {
		s = m.Next(s, w)
	}
	return s
}
