package confusion_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lm"
	"github.com/congvan-cli/congvan/pkg/internal/lab/lm/lmtest"
	"github.com/congvan-cli/congvan/pkg/internal/lab/sets"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/viet"
)

var limits = confusion.LimitsOf(evidence.DefaultBounds())

func eng(t testing.TB) *channel.Model {
	t.Helper()
	return shipped(t, "eng")
}

func shipped(t testing.TB, name string) *channel.Model {
	t.Helper()
	data, err := os.ReadFile("../../../../models/" + name + ".channel")
	if err != nil {
		t.Fatal(err)
	}
	m, err := channel.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func language(t testing.TB) *ngram.Model {
	return lmtest.Model(t, lmtest.Text(1, 200), lm.CountOptions{Vocab: 100})
}

// stores are two: one searches, one has sets made beforehand, of tokens.
func stores(t testing.TB, tokens []string) (searched, made *confusion.Finder, file []byte) {
	m := language(t)
	file = confusion.Make(eng(t), m, limits, tokens)
	if err := confusion.VerifySets(file); err != nil {
		t.Fatal(err)
	}
	s, err := confusion.LoadSets(file)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Of(m) {
		t.Error("the sets are not of the model that they were made with")
	}
	lexicon := confusion.NewLexicon(m)
	store := func(s []*confusion.Sets) *confusion.Finder {
		return confusion.NewStore(func() *confusion.Lexicon { return lexicon }, limits, s, 1<<10).NewFinder()
	}
	return store(nil), store([]*confusion.Sets{s}), file
}

// Sets made beforehand are what a search finds, to the bit.
func TestSetsAreWhatASearchFinds(t *testing.T) {
	ch := eng(t)
	tokens := sets.Tokens(ch, language(t), 150)
	tokens = append(tokens, "can", "Nghj", "của", "’")
	searched, made, _ := stores(t, tokens)
	found := 0
	for _, token := range append(tokens, "cfin") { // the last one has none
		for _, p := range confusion.Patterns(token, false) {
			for _, few := range []bool{false, true} {
				want, got := searched.Find(ch, token, p.Case, few), made.Find(ch, token, p.Case, few)
				found += len(got)
				if !slices.Equal(got, want) {
					t.Errorf("%q, case %d, few %v: %v, a search finds %v", token, p.Case, few, got, want)
				}
			}
		}
	}
	if found < len(tokens) {
		t.Errorf("only %d candidates of %d tokens", found, len(tokens))
	}
}

// The shipped sets are what a search finds in the shipped models. Whoever changes the
// search or a model makes them anew: see models/README.md.
func TestShippedSets(t *testing.T) {
	shipped := func(name string) []byte {
		data, err := os.ReadFile("../../../../models/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	m, err := ngram.Load(shipped("vi.cvlm"))
	if err != nil {
		t.Fatal(err)
	}
	lexicon := confusion.NewLexicon(m)
	for name, least := range map[string]int{"eng": 10000, "vie": 10000, "any": 3000} {
		ch, err := channel.Load(shipped(name + ".channel"))
		if err != nil {
			t.Fatal(err)
		}
		s, err := confusion.LoadSets(shipped(name + ".sets"))
		if err != nil {
			t.Fatal(err)
		}
		store := func(made ...*confusion.Sets) *confusion.Finder {
			return confusion.NewStore(func() *confusion.Lexicon { return lexicon }, limits, made, 1<<10).NewFinder()
		}
		if !s.Of(m) || s.Len() < least {
			t.Errorf("%s: %d sets, of this language model: %v", name, s.Len(), s.Of(m))
		}
		searched, made := store(), store(s)
		for i := 0; i < s.Len(); i += 97 {
			token, c := s.Token(i)
			for _, few := range []bool{false, true} {
				if want, got := searched.Find(ch, token, c, few), made.Find(ch, token, c, few); !slices.Equal(got, want) {
					t.Errorf("%s: %q, case %d, few %v: %v, a search finds %v", name, token, c, few, got, want)
				}
			}
		}
	}
}

// Sets are used for the channel, the language model and the limits that they were made
// with, and for no others.
func TestSetsOfOthers(t *testing.T) {
	ch := eng(t)
	other := lmtest.Model(t, lmtest.Text(2, 300), lm.CountOptions{Vocab: 100})
	_, _, file := stores(t, []string{"can"})
	s, err := confusion.LoadSets(file)
	if err != nil {
		t.Fatal(err)
	}
	if s.Of(other) {
		t.Error("the sets are said to be of another language model")
	}
	var lessons channel.Lessons
	lessons.Add("căn", "can", 100)
	for name, tt := range map[string]struct {
		ch     *channel.Model
		limits confusion.Limits
		use    bool
	}{
		"the same":            {ch, limits, true},
		"under another name":  {ch.Named("mine"), limits, true},
		"adapted":             {ch.Adapt(&lessons), limits, false},
		"with another margin": {ch, confusion.Limits{Most: limits.Most, Few: limits.Few, MostWorse: 4, FewWorse: limits.FewWorse}, false},
	} {
		searched := false
		lexicon := confusion.NewLexicon(language(t))
		store := confusion.NewStore(func() *confusion.Lexicon { searched = true; return lexicon }, tt.limits, []*confusion.Sets{s}, 1<<10)
		store.NewFinder().Find(tt.ch, "can", viet.Lower, false)
		if searched == tt.use {
			t.Errorf("%s: sets used: %v, want %v", name, !searched, tt.use)
		}
	}
}

func TestDamagedSets(t *testing.T) {
	_, _, file := stores(t, []string{"can", "cu"})
	for name, data := range map[string][]byte{
		"empty":         nil,
		"another file":  []byte("congvan channel 1\n and so on, for long enough to be a header of sets"),
		"cut off":       file[:60],
		"one bit wrong": append(slices.Clone(file[:len(file)-3]), file[len(file)-3]^1, file[len(file)-2], file[len(file)-1]),
	} {
		if err := confusion.VerifySets(data); !errors.Is(err, confusion.ErrSets) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Damaged sets give candidates or none; they never panic.
func FuzzSets(f *testing.F) {
	_, _, file := stores(f, []string{"can", "cu", "Nghj"})
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Fuzz(func(t *testing.T, file []byte) {
		if at := len("congvan sets 2\n"); len(file) > at+4 && bytes.HasPrefix(file, []byte("congvan sets")) {
			binary.LittleEndian.PutUint32(file[at:], crc32.ChecksumIEEE(file[at+4:]))
		}
		s, err := confusion.LoadSets(file)
		if err != nil {
			return
		}
		for _, token := range []string{"can", "cu", "", "zz"} {
			s.Find(token, viet.Lower, false)
		}
	})
}

// What was found is remembered, and what was not asked for since is forgotten.
func TestRemembered(t *testing.T) {
	ch := eng(t)
	lexicon, searches := confusion.NewLexicon(language(t)), 0
	store := confusion.NewStore(func() *confusion.Lexicon { searches++; return lexicon }, limits, nil, 20)
	find := func(tokens ...string) {
		for _, token := range tokens {
			store.NewFinder().Find(ch, token, viet.Lower, false)
		}
	}
	find("can", "can", "can")
	if searches != 1 {
		t.Errorf("%d searches for one token asked three times", searches)
	}
	find("cu", "nghj", "djnh", "chinh", "phu", "can")
	if searches != 7 {
		t.Errorf("%d searches for seven tokens, of which a small memory has forgotten the first", searches)
	}
}

// Words of other languages are found where their letters were read, if without their
// marks, and not for what looks like them; a channel that keeps marks finds them only as
// they are.
func TestOtherWords(t *testing.T) {
	m := lmtest.Model(t, strings.Repeat("của website đắk lắk hưng\n", 200), lm.CountOptions{Vocab: 100})
	lexicon := confusion.NewLexicon(m)
	f := confusion.NewStore(func() *confusion.Lexicon { return lexicon }, limits, nil, 1<<10).NewFinder()
	for _, tt := range []struct {
		channel, token, word string
		c                    viet.Case
		want                 bool
	}{
		{"eng", "website", "website", viet.Lower, true},
		{"eng", "Dak", "đắk", viet.Title, true},
		{"eng", "LAK", "lắk", viet.Upper, true},
		{"eng", "wcbsite", "website", viet.Lower, false},
		{"eng", "Dik", "đắk", viet.Title, false},
		{"vie", "Đắk", "đắk", viet.Title, true},
		{"vie", "Đăk", "đắk", viet.Title, false},
		{"eng", "ctia", "của", viet.Lower, true},
	} {
		found := false
		for _, cand := range f.Find(shipped(t, tt.channel), tt.token, tt.c, false) {
			found = found || lexicon.Word(cand) == tt.word
		}
		if found != tt.want {
			t.Errorf("%s: %q may be %q: %v", tt.channel, tt.token, tt.word, found)
		}
	}
}
