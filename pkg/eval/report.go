package eval

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"text/tabwriter"
)

// Report is the evaluation of one or more files; its JSON is what
// `congvan eval --format json` writes and `congvan eval compare` reads. Fields
// are only ever added.
type Report struct {
	Tool      string              `json:"tool"`
	Schema    int                 `json:"schema"` // 1
	Fold      []string            `json:"fold"`
	Files     []*File             `json:"files"`
	Total     Scores              `json:"total"`
	Intervals map[string]Interval `json:"intervals"` // 95 %, of cer, wer, ser
	Units     string              `json:"units"`     // what was resampled: files or lines

	Characters []Frequent `json:"character_confusions"`
	Syllables  []Frequent `json:"syllable_confusions"`

	fold       Fold
	characters Confusions
	syllables  Confusions
}

// File is one compared file.
type File struct {
	Gold   string `json:"gold"`
	Pred   string `json:"pred"`
	Raw    string `json:"raw,omitempty"`
	Truth  string `json:"truth"` // hash of the truth as folded, so that two reports can be paired
	Scores Scores `json:"scores"`
	// Lines has [cer errors, clusters, wer errors, tokens, ser errors,
	// syllables] of each line of the truth that holds any.
	Lines [][6]int `json:"lines"`

	result *Result
}

// NewReport starts a report.
func NewReport(fold Fold) *Report {
	return &Report{
		Tool: "congvan eval", Schema: 1, Fold: fold.Names(), Files: []*File{}, fold: fold,
		characters: Confusions{}, syllables: Confusions{},
	}
}

// Compare compares one file; it can be called from several goroutines.
func (r *Report) Compare(goldName, predName, rawName, gold, pred string, raw *string) *File {
	res := Compare(gold, pred, raw, r.fold)
	h := fnv.New64a()
	for _, s := range res.gold.tokens {
		io.WriteString(h, s)
		h.Write([]byte{0})
	}
	f := &File{
		Gold: goldName, Pred: predName, Raw: rawName, Truth: fmt.Sprintf("%016x", h.Sum64()),
		Scores: res.Scores, Lines: [][6]int{}, result: res,
	}
	for _, l := range res.Lines {
		if row := [6]int{l.CER.Errors, l.CER.Total, l.WER.Errors, l.WER.Total, l.SER.Errors, l.SER.Total}; row != [6]int{} {
			f.Lines = append(f.Lines, row)
		}
	}
	return f
}

// Add takes a file into the sums. Unless keep is set its texts are forgotten,
// and HTML can't show them.
func (r *Report) Add(f *File, keep bool) {
	r.Files = append(r.Files, f)
	r.Total.add(f.Scores)
	r.characters.Add(f.result.Characters)
	r.syllables.Add(f.result.Syllables)
	if !keep {
		f.result = nil
	}
}

// minFiles is how many files must be there to resample files, not lines.
const minFiles = 20

// Finish computes intervals and the n most frequent confusions.
func (r *Report) Finish(n int) {
	r.Units = unitsOf(r.Files)
	r.Intervals = map[string]Interval{}
	for i, m := range metrics {
		var units []Count
		for _, f := range r.Files {
			units = append(units, f.units(r.Units, i)...)
		}
		r.Intervals[m] = Bootstrap(units)
	}
	r.Characters, r.Syllables = r.characters.Top(n), r.syllables.Top(n)
}

var metrics = []string{"cer", "wer", "ser"}

func unitsOf(files []*File) string {
	if len(files) >= minFiles {
		return "files"
	}
	return "lines"
}

// units returns the counts of a metric for each unit of the file.
func (f *File) units(kind string, metric int) []Count {
	if kind == "files" {
		return []Count{[]Count{f.Scores.CER, f.Scores.WER, f.Scores.SER}[metric]}
	}
	out := make([]Count, len(f.Lines))
	for i, l := range f.Lines {
		out[i] = Count{l[2*metric], l[2*metric+1]}
	}
	return out
}

// WriteJSON writes the report as indented JSON, a line of text a line.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// ReadReport reads what WriteJSON wrote.
func ReadReport(rd io.Reader) (*Report, error) {
	var r Report
	if err := json.NewDecoder(rd).Decode(&r); err != nil {
		return nil, fmt.Errorf("not a report of congvan eval: %w", err)
	}
	if r.Tool != "congvan eval" || r.Schema != 1 {
		return nil, fmt.Errorf("not a report of congvan eval (tool %q, schema %d)", r.Tool, r.Schema)
	}
	for _, f := range r.Files {
		if f == nil {
			return nil, fmt.Errorf("not a report of congvan eval: a file is null")
		}
	}
	return &r, nil
}

func percent(c Count) string { return fmt.Sprintf("%.2f", 100*c.Rate()) }

// WriteTable writes the report for people.
func (r *Report) WriteTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	harm := r.Total.Harm != nil
	fmt.Fprint(t, "syllables\tCER %\tWER %\tSER %\t")
	if harm {
		fmt.Fprint(t, "raw SER %\tharm %\t")
	}
	fmt.Fprint(t, " file\n")
	row := func(s Scores, name string) {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t", s.SER.Total, percent(s.CER), percent(s.WER), percent(s.SER))
		if harm {
			if s.Harm != nil {
				fmt.Fprintf(t, "%s\t%s\t", percent(*s.RawSER), percent(*s.Harm))
			} else {
				fmt.Fprint(t, "\t\t")
			}
		}
		fmt.Fprintf(t, " %s\n", name)
	}
	for _, f := range r.Files {
		row(f.Scores, f.Gold)
	}
	if len(r.Files) != 1 {
		row(r.Total, fmt.Sprintf("all %d files", len(r.Files)))
	}
	if err := t.Flush(); err != nil {
		return err
	}

	s := r.Total
	fmt.Fprintln(w)
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name string, c Count, of, extra string) {
		fmt.Fprintf(t, "%s\t%s %%\t%d of %d %s\t%s\n", name, percent(c), c.Errors, c.Total, of, extra)
	}
	within := func(m string) string {
		i := r.Intervals[m]
		return fmt.Sprintf("95 %%: %.2f to %.2f", 100*i.Low, 100*i.High)
	}
	line("character errors", s.CER, "grapheme clusters", within("cer"))
	line("word errors", s.WER, "words", within("wer"))
	line("syllable errors", s.SER, "syllables", within("ser"))
	line("wrong marks", s.Diacritic, "letters with the right base", "")
	line("wrong base letters", s.Base, "letters", "")
	line("wrong case", s.Case, "letters with the right base", "")
	line("wrong numbers, codes", s.Number, "with digits or signs", "")
	if harm {
		line("harm", *s.Harm, "syllables that were right", "")
		line("harm, numbers", *s.NumberHarm, "with digits or signs that were right", "")
		line("repair", *s.Repair, "syllables that were wrong", "")
		line("syllable errors, raw", *s.RawSER, "syllables", "")
		line("character errors, raw", *s.RawCER, "grapheme clusters", "")
	}
	if err := t.Flush(); err != nil {
		return err
	}
	k := s.Kinds
	fmt.Fprintf(w, "\nsyllable errors: %d marks, %d letters, %d case, %d number, %d missing, %d extra\n",
		k.Marks, k.Letters, k.Case, k.Number, k.Missing, k.Extra)
	for _, c := range []struct {
		name string
		list []Frequent
	}{{"characters", r.Characters}, {"syllables", r.Syllables}} {
		if len(c.list) == 0 {
			continue
		}
		fmt.Fprintf(w, "\nmost frequent confusions of %s (truth → read)\n", c.name)
		for _, f := range c.list {
			fmt.Fprintf(w, "%6d  %s → %s\n", f.Count, shown(f.Gold), shown(f.Pred))
		}
	}
	fmt.Fprintf(w, "\nfolded: %s; intervals from resampling %s\n", foldText(r.Fold), r.Units)
	return nil
}

func shown(s string) string {
	switch s {
	case "":
		return "∅"
	case " ":
		return "␣"
	}
	return s
}

func foldText(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	out := ""
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += map[string]string{"tone": "tone placement", "quotes": "quotes and dashes", "space": "white space", "case": "case"}[n]
	}
	return out
}

// Comparison says whether two reports on the same truth differ.
type Comparison struct {
	Tool    string                `json:"tool"`
	Units   string                `json:"units"`
	Files   int                   `json:"files"`   // in both
	Missing int                   `json:"missing"` // in one only, left out
	Metrics map[string]Difference `json:"metrics"` // cer, wer, ser
}

// CompareReports pairs two reports by their truth.
func CompareReports(a, b *Report) (*Comparison, error) {
	if !slices.Equal(a.Fold, b.Fold) {
		return nil, fmt.Errorf("the reports fold differently: %s against %s", foldText(a.Fold), foldText(b.Fold))
	}
	key := func(f *File) string { return f.Truth }
	left, right := slices.Clone(a.Files), slices.Clone(b.Files)
	for _, l := range [][]*File{left, right} {
		slices.SortStableFunc(l, func(x, y *File) int { return cmp.Compare(key(x), key(y)) })
	}
	c := &Comparison{Tool: "congvan eval compare", Metrics: map[string]Difference{}}
	var fa, fb []*File
	for len(left) > 0 && len(right) > 0 {
		switch o := cmp.Compare(key(left[0]), key(right[0])); {
		case o < 0:
			left, c.Missing = left[1:], c.Missing+1
		case o > 0:
			right, c.Missing = right[1:], c.Missing+1
		default:
			if len(left[0].Lines) != len(right[0].Lines) {
				return nil, fmt.Errorf("%s: the reports disagree on its lines", left[0].Gold)
			}
			fa, fb = append(fa, left[0]), append(fb, right[0])
			left, right = left[1:], right[1:]
		}
	}
	c.Missing += len(left) + len(right)
	c.Files = len(fa)
	if c.Files == 0 {
		return nil, fmt.Errorf("the reports have no truth in common")
	}
	c.Units = unitsOf(fa)
	for i, m := range metrics {
		var ua, ub []Count
		for k := range fa {
			ua = append(ua, fa[k].units(c.Units, i)...)
			ub = append(ub, fb[k].units(c.Units, i)...)
		}
		c.Metrics[m] = Compare2(ua, ub)
	}
	return c, nil
}

// WriteTable writes the comparison for people.
func (c *Comparison) WriteTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\tA %%\tB %%\tB−A\t95 %% of B−A\tp\tbetter/worse %s\t\n", c.Units)
	for _, m := range metrics {
		d := c.Metrics[m]
		verdict := "no significant difference"
		if d.Significant() {
			verdict = "B is better"
			if d.Delta > 0 {
				verdict = "A is better"
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%+.2f\t%+.2f to %+.2f\t%.4f\t%d/%d\t%s\n", map[string]string{"cer": "CER", "wer": "WER", "ser": "SER"}[m],
			percent(d.A), percent(d.B), 100*d.Delta, 100*d.Within.Low, 100*d.Within.High, d.P, d.Better, d.Worse, verdict)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nfiles in both reports: %d", c.Files)
	if c.Missing > 0 {
		fmt.Fprintf(w, "; in one of them only, left out: %d", c.Missing)
	}
	_, err := fmt.Fprintln(w)
	return err
}
