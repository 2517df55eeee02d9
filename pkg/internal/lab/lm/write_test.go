package lm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// The example in the description of the format.
func TestFormatExample(t *testing.T) {
	number := make([]uint32, 300)
	for i := range number {
		number[i] = uint32(i)
	}
	probs, backs := make([]float32, 32), make([]float32, 32)
	for i := range probs {
		probs[i], backs[i] = float32(i), float32(i)
	}
	tr := &tree{order: 3}
	l := &tr.levels[2]
	l.start, l.kids, l.backoff = []uint32{0, 2}, []uint32{0, 0}, []float32{9}
	l.word, l.prob = []ngram.ID{7, 290}, []float32{20, 3}
	w := nodeWriter{packer: &packer{tree: tr, q: Quant{Prob: 5, Backoff: 5}, number: number}}
	w.probs[2] = codebook{values: probs}.withLimits()
	w.backs[2] = codebook{values: backs}.withLimits()
	var out bitString
	w.node(2, 0, number, &out)
	if got, want := fmt.Sprintf("% X", out.buf), "49 0F 50 91 03"; got != want {
		t.Errorf("the node is %s, want %s", got, want)
	}
}

func TestTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2, 15, 16, 17, 100, 1000, 16384} {
		keys := rng.Perm(format.MaxVocab)[:n]
		slices.Sort(keys)
		var k, payload []uint32
		for _, key := range keys {
			k, payload = append(k, uint32(key)), append(payload, uint32(key)%32)
		}
		var b bitString
		b.put(5, 3) // tables begin at any bit
		b.putTable(k, payload, format.IDBits, 5)
		data := append(b.buf, make([]byte, format.Padding)...)
		tab := format.NewTable(uint32(n), format.IDBits, 5)
		tab.At = 3
		if got := tab.End(); got != uint64(b.size) {
			t.Errorf("%d numbers end at bit %d, want %d", n, got, b.size)
		}
		next := 0
		for key := range uint32(format.MaxVocab) {
			place, code, ok := tab.Find(data, key)
			want := next < n && k[next] == key
			if ok != want || ok && (place != uint32(next) || code != payload[next]) {
				t.Fatalf("%d numbers: find(%d) = %d, %d, %t", n, key, place, code, ok)
			}
			if want {
				next++
			}
		}
		for range 1000 {
			key, size := uint32(rng.IntN(format.MaxVocab)), 1+rng.IntN(64)
			from, _ := slices.BinarySearch(k, key)
			to, _ := slices.BinarySearch(k, key+uint32(size))
			want := uint64(0)
			for _, there := range k[from:to] {
				want |= 1 << (there - key)
			}
			if place, set := tab.Span(data, key, size); set != want || set != 0 && place != uint32(from) {
				t.Fatalf("%d numbers: of %d from %d on there are %b from place %d on, want %b from %d", n, size, key, set, place, want, from)
			}
			if from < n && tab.PayloadAt(data, uint32(from)) != payload[from] {
				t.Fatalf("%d numbers: at place %d is %d, want %d", n, from, tab.PayloadAt(data, uint32(from)), payload[from])
			}
		}
		var each []uint32
		tab.Each(data, func(key, _ uint32) { each = append(each, key) })
		if !slices.Equal(each, k) {
			t.Errorf("each goes through %v, want %v", each, k)
		}
	}
}

// A run of twelve words that was seen three times is not counted again.
func TestRepeatsAreNotCounted(t *testing.T) {
	line := "mot hai ba bon nam sau bay tam chin muoi a b c d e f\n"
	c, err := Count([]Source{{Name: "text", Text: strings.NewReader(strings.Repeat(line, 10))}}, CountOptions{MinCount: 1, Rare: 1})
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(line)
	for i, want := range []uint32{10, 10, 3} { // "mot hai", "chin muoi"; "e f" ends such a run
		pair := [][2]string{{words[0], words[1]}, {words[8], words[9]}, {words[14], words[15]}}[i]
		a, b := indexOf(c.Vocab, pair[0]), indexOf(c.Vocab, pair[1])
		at, ok := c.find([]ngram.ID{a, b})
		if !ok || c.levels[2].count[at] != want {
			t.Errorf("%v: found %v, counted %d times, want %d", pair, ok, c.levels[2].count[at], want)
		}
	}
}

func indexOf(vocab []string, w string) ngram.ID {
	for i, v := range vocab {
		if v == w {
			return ngram.ID(i)
		}
	}
	panic(fmt.Sprintf("%q is not in the vocabulary", w))
}
