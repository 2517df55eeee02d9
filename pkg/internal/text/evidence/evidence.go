// Package evidence names all that speaks for or against a word in its place, and
// says how much each kind of evidence weighs. A word's score is
//
//	Σ weight · value
//
// over its features, a log-linear model (Och and Ney, ACL 2002). Values that are
// probabilities are log10 of them; others count how often something was the case.
//
// The weights are a file of their own, so that they can be fitted and read. What
// bounds the search stands apart, see Bounds: a bound loses readings, a weight
// chooses among them.
package evidence

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Feature is a kind of evidence.
type Feature uint8

// The features. None is no evidence at all.
const (
	None Feature = iota
	Language
	Channel
	Witness
	Spelling
	Memory
	Sense
	Agreement
	Capital
	OtherCase
	Shouted
	Miscased
	Acronym
	Space
	NumberAsWord
	NumberLost
	Formula
	Speck
	Dirt
	Odd
	MarkInside
	Mended
	Letter
	features
)

// table tells of each feature its name in files and what its value is.
var table = [features]struct{ name, about string }{
	None:         {"none", ""},
	Language:     {"language", "log10 of the chance of the word after those before it"},
	Channel:      {"channel", "log10 of the chance that the word is read as it was"},
	Witness:      {"witness", "the same of what another reader saw in its place"},
	Spelling:     {"spelling", "log10 of the chance that what the language model knows by its class alone is spelled so"},
	Memory:       {"memory", "log10 of how much likelier the document so far makes the word among those it may be"},
	Sense:        {"sense", "log10 of what the words around and like places in the block add"},
	Agreement:    {"agreement", "natural log of what a like place believes, for each neighbour that both share"},
	Capital:      {"capital", "log10 of the chance that the word has its capital, or none, where that tells names"},
	OtherCase:    {"other-case", "1 for a word in another case pattern than it was read in"},
	Shouted:      {"shouted", "1 for a short word that is in capitals where those around it are not"},
	Miscased:     {"miscased", "1 for a syllable left with capitals where nobody writes them: lỆ"},
	Acronym:      {"acronym", "1 for capitals among small letters taken for a word of other letters"},
	Space:        {"space", "log10 of the chance that a space was lost or added there"},
	NumberAsWord: {"number-as-word", "1 for a number taken for a word"},
	NumberLost:   {"number-lost", "1 for a word that takes in the number it is glued to"},
	Formula:      {"formula", "1 for the start of a line taken for a formula garbled"},
	Speck:        {"speck", "1 for a mark taken for dirt"},
	Dirt:         {"dirt", "1 for a mark left that texts do not have"},
	Odd:          {"odd", "1 for each place in a word left as read where a capital or a digit stands among small letters: nQp, h9c"},
	MarkInside:   {"mark-inside", "1 for a mark left between letters where texts have none: ho;1t"},
	Letter:       {"letter", "1 for a single consonant taken for a word of another letter"},
	Mended:       {"mended", "1 for each sign that was read wrong if this is the date or document number that its grammar says"},
}

// Features lists all that can be weighed.
func Features() []Feature {
	var all []Feature
	for f := None + 1; f < features; f++ {
		all = append(all, f)
	}
	return all
}

// String is the name of a feature in files.
func (f Feature) String() string { return table[f].name }

// About tells what the value of a feature is.
func (f Feature) About() string { return table[f].about }

// Part is one piece of evidence.
type Part struct {
	Feature Feature
	Value   float32
}

// Weights is how much each feature weighs, by Feature.
type Weights struct {
	Summary string // how they were found, for people
	of      [features]float32
}

// Of is the weight of a feature.
func (w *Weights) Of(f Feature) float32 { return w.of[f] }

// With returns a copy in which one feature weighs as much.
func (w *Weights) With(f Feature, weight float32) *Weights {
	c := *w
	c.of[f] = weight
	return &c
}

// Tally adds up the evidence for one word.
type Tally struct {
	Weights *Weights
	Cost    float32 // minus the score
	Parts   []Part  // what it was made of, if Keep
	Keep    bool
}

// Begin starts the tally of another word.
func (t *Tally) Begin() { t.Cost, t.Parts = 0, t.Parts[:0] }

// Add adds a piece of evidence.
func (t *Tally) Add(f Feature, value float32) {
	t.Cost -= t.Weights.of[f] * value
	if t.Keep && f != None && value != 0 {
		t.Parts = append(t.Parts, Part{f, value})
	}
}

// AddPart adds a piece of evidence made elsewhere.
func (t *Tally) AddPart(p Part) { t.Add(p.Feature, p.Value) }

// ErrFormat is the error for a file that holds no weights, or not all.
var ErrFormat = errors.New("not a table of weights")

const magic = "congvan weights 1"

// Parse reads weights: the magic line, the summary, each line after "# ", and then
// for each feature a line with its name, its weight and, after "#", what it is.
func Parse(r io.Reader) (*Weights, error) {
	in := bufio.NewScanner(r)
	if !in.Scan() || in.Text() != magic {
		return nil, fmt.Errorf("%w: it does not begin with %q", ErrFormat, magic)
	}
	w, seen := &Weights{}, [features]bool{None: true}
	for n := 2; in.Scan(); n++ {
		line := in.Text()
		if note, ok := strings.CutPrefix(line, "#"); ok {
			w.Summary += strings.TrimPrefix(note, " ") + "\n"
			continue
		}
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		f, err := parseWeight(w, fields)
		if err == nil && seen[f] {
			err = fmt.Errorf("%q is there twice", fields[0])
		}
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrFormat, n, err)
		}
		seen[f] = true
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	for _, f := range Features() {
		if !seen[f] {
			return nil, fmt.Errorf("%w: %q is missing", ErrFormat, f)
		}
	}
	return w, nil
}

func parseWeight(w *Weights, fields []string) (Feature, error) {
	if len(fields) != 2 {
		return None, fmt.Errorf("want a name and a weight, found %q", fields)
	}
	for _, f := range Features() {
		if f.String() != fields[0] {
			continue
		}
		x, err := strconv.ParseFloat(fields[1], 32)
		if err != nil || !(x > -100 && x < 100) {
			return None, fmt.Errorf("%q is no weight", fields[1])
		}
		w.of[f] = float32(x)
		return f, nil
	}
	return None, fmt.Errorf("there is no feature %q", fields[0])
}

// Write writes weights as Parse reads them.
func (w *Weights) Write(out io.Writer) error {
	var b strings.Builder
	b.WriteString(magic + "\n")
	for line := range strings.Lines(w.Summary) {
		b.WriteString("# " + line)
	}
	b.WriteString("\n")
	for _, f := range Features() {
		fmt.Fprintf(&b, "%-16s %-8s # %s\n", f, strconv.FormatFloat(float64(w.of[f]), 'g', -1, 32), f.About())
	}
	_, err := io.WriteString(out, b.String())
	return err
}

//go:embed weights.txt
var shipped string

// Default is the weights that are built in.
var Default = sync.OnceValue(func() *Weights {
	w, err := Parse(strings.NewReader(shipped))
	if err != nil {
		panic("evidence: built in weights: " + err.Error())
	}
	return w
})
