package lattice

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

var (
	evalDir    = flag.String("eval", "", "folder of .txt files to strip and restore")
	evalModel  = flag.String("model", "", "model for -eval")
	evalBeam   = flag.Int("beam", 0, "beam of -eval; 0 is exact")
	evalMargin = flag.Float64("margin", 0, "margin of -eval; 0 is none")
	benchText  = flag.String("text", "", "text for benchmarks")
	evalShow   = flag.Bool("show", false, "print what is wrong")
	evalRecent = flag.Bool("recent", false, "remember the words of the text before")
	evalCaps   = flag.Float64("caps", 0.6, "weight of capitals")
)

// stripper restores stripped lines: the shortest use of this package there is.
type stripper struct {
	m      *ngram.Model
	dec    *Decoder
	toks   []token.Token // of the line; at each node one of them begins
	arcs   []Arc
	caps   float32       // weight of capitals
	recent *ngram.Recent // nil: each line for itself
	boosts []float32
}

// lattice builds the alternatives of a stripped line.
func (s *stripper) lattice(line string) (nodes int) {
	s.toks = slices.DeleteFunc(token.Append(s.toks[:0], line), func(t token.Token) bool {
		return token.Symbol(line[t.Start:t.End], t.Class) == ""
	})
	s.arcs = s.arcs[:0]
	var caps ngram.Capitals
	caps.Begin(line, s.toks)
	for i, t := range s.toks {
		text := line[t.Start:t.End]
		sym := token.Symbol(text, t.Class)
		own, title, after := caps.Next(text, sym, t.Class)
		var words []ngram.ID
		if t.Class == token.Word {
			words = s.m.ByStrip(strings.ToLower(text))
		}
		add := func(w ngram.ID, boost float32) {
			a := Arc{From: int32(i), To: int32(i + 1), Word: w, Cost: -boost}
			if own && s.caps != 0 {
				a.Cost -= s.caps * s.m.CapLogProb(w, title, after)
			}
			s.arcs = append(s.arcs, a)
		}
		if s.recent != nil {
			s.boosts = s.recent.Boosts(s.boosts[:0], words)
		} else {
			s.boosts = append(s.boosts[:0], make([]float32, len(words))...)
		}
		for i, w := range words {
			add(w, s.boosts[i])
		}
		if len(words) == 0 {
			add(s.m.ID(sym), 0)
		}
	}
	n := len(s.toks)
	s.arcs = append(s.arcs, Arc{From: int32(n), To: int32(n + 1), Word: ngram.End})
	return n + 1
}

// restore returns the line's words, folded.
func (s *stripper) restore(line string, dst []string) []string {
	n := s.lattice(line)
	res, ok := s.dec.Decode(n, s.arcs, s.m.Begin())
	if !ok {
		return dst
	}
	for i, t := range s.toks {
		if t.Class != token.Word {
			continue
		}
		arc := s.arcs[res.Path[i]]
		if s.recent != nil {
			s.recent.Add(arc.Word)
		}
		w := s.m.Word(arc.Word)
		if strings.HasPrefix(w, "<") {
			w = strings.ToLower(line[t.Start:t.End])
		}
		dst = append(dst, w)
	}
	return dst
}

// truth returns the words of a line, folded.
func truth(line string, dst []string) []string {
	for _, t := range token.Tokenize(line) {
		if t.Class == token.Word {
			dst = append(dst, viet.Fold(line[t.Start:t.End]))
		}
	}
	return dst
}

// TestEval prints how many words of stripped texts come back right, with a 95 %
// interval over lines.
func TestEval(t *testing.T) {
	if *evalDir == "" || *evalModel == "" {
		t.Skip("needs -eval and -model")
	}
	file, err := os.ReadFile(*evalModel)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	paths, _ := filepath.Glob(filepath.Join(*evalDir, "*.txt"))
	slices.Sort(paths)
	s := &stripper{m: m, dec: New(m, Options{Beam: *evalBeam, Margin: float32(*evalMargin)}), caps: float32(*evalCaps)}
	for _, path := range paths {
		if *evalRecent {
			s.recent = m.NewRecent()
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for sc := bufio.NewScanner(f); sc.Scan(); {
			lines = append(lines, strings.TrimSpace(sc.Text()))
		}
		f.Close()
		var right, all []int
		var got, want []string
		var spent time.Duration
		logp, tokens := 0.0, 0
		for _, line := range lines {
			stripped := viet.Strip(line)
			t0 := userTime()
			got = s.restore(stripped, got[:0])
			spent += userTime() - t0
			want = truth(line, want[:0])
			if len(got) != len(want) {
				t.Errorf("%d words became %d: %q", len(want), len(got), line)
				continue
			}
			n := 0
			for i := range want {
				if got[i] == want[i] {
					n++
				} else if *evalShow {
					fmt.Println(want[max(i-3, 0):min(i+4, len(got))], cased(line)[i], got[i], want[i])
				}
			}
			right, all = append(right, n), append(all, len(want))
			lp, nt := score(m, line)
			logp, tokens = logp+lp, tokens+nt
		}
		share, lo, hi := bootstrap(right, all)
		words := sum(all)
		t.Logf("%-30s %7d words  %.3f %% (%.3f-%.3f)  perplexity %.2f  %.0fk words/s", filepath.Base(path), words,
			100*share, 100*lo, 100*hi, math.Pow(10, -logp/float64(tokens)), float64(words)/spent.Seconds()/1e3)
	}
}

// userTime is the processor time this process has used.
func userTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func cased(line string) (w []string) {
	for _, t := range token.Tokenize(line) {
		if t.Class == token.Word {
			w = append(w, line[t.Start:t.End])
		}
	}
	return w
}

func score(m *ngram.Model, line string) (logp float64, n int) {
	s := m.Begin()
	syms := ngram.AppendSymbols(nil, line)
	if len(syms) == 0 {
		return 0, 0
	}
	for _, sym := range syms {
		lp, next := m.Score(s, m.ID(sym))
		logp += float64(lp)
		s = next
	}
	return logp + float64(m.LogProb(s, ngram.End)), len(syms) + 1
}

// bootstrap returns the share of right words and its 95 % interval, drawing
// whole lines.
func bootstrap(right, all []int) (share, lo, hi float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	draws := make([]float64, 500)
	for i := range draws {
		r, n := 0, 0
		for range all {
			k := rng.IntN(len(all))
			r, n = r+right[k], n+all[k]
		}
		draws[i] = float64(r) / float64(max(n, 1))
	}
	slices.Sort(draws)
	return float64(sum(right)) / float64(max(sum(all), 1)), draws[12], draws[487]
}

func sum(v []int) (s int) {
	for _, n := range v {
		s += n
	}
	return s
}
