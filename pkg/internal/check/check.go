// Package check finds what is wrong with the Vietnamese of a text: garbled or
// stripped by what read it, in an old encoding, with letters that only look
// right, misspelt, or not what the language model expects. Text without
// Vietnamese has no findings, except that it can't be decoded.
//
// The package sees bytes and gives findings; which files, how they are printed
// and what a build makes of them is the business of its callers.
package check

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/internal/text/source"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// A Finding is one thing that is wrong.
type Finding struct {
	Rule      *Rule `json:"-"`
	Severity  Severity
	Path      string `json:"-"`
	Line      int    // from 1
	Column    int    // from 1, in characters (code points)
	EndLine   int
	EndColumn int // of the character after the last
	Message   string
	Found     string  // the text in question, shortened
	Proposal  string  // what should stand there; empty if that is not known
	Fixes     []Edit  // what --fix does about it
	Places    []Place // of the fixes, one each; none where the file is not UTF-8

	start, end int // bytes
}

// Place is where a part of a file lies, counted as in a Finding.
type Place struct{ Line, Column, EndLine, EndColumn int }

// Edit replaces bytes of a file.
type Edit struct {
	Start, End int
	New        string
}

// LM judges words by their neighbours, for the rules CV010 and CV017. Suspects
// reports each word of a text that is likely wrong.
type LM interface {
	Suspects(text string, report Report)
}

// Report takes the rule against which a word is, its place, and what would fit.
type Report func(rule string, start, end int, propose string)

// Options tunes a Checker. The zero value checks all rules that need no model,
// at their own severity.
type Options struct {
	// Severities changes rules, by ID; Off turns one off.
	Severities map[string]Severity
	// LM enables the rules that need a language model, and sees glued words
	// that are not plain without one. It is used by one goroutine.
	LM LM
}

// Checker checks files. It is for one goroutine; it remembers the words that it
// has seen.
type Checker struct {
	opt   Options
	judge *source.Judge

	looked int // bytes gone through to count the columns of the last file
	file
}

// New returns a Checker.
func New(opt Options) *Checker { return &Checker{opt: opt, judge: source.New(nil)} }

// on reports whether a rule is not off.
func (c *Checker) on(id string) bool {
	_, s := c.severity(id)
	return s != Off
}

// severity is that of a rule under the options.
func (c *Checker) severity(id string) (*Rule, Severity) {
	r, _ := RuleByName(id)
	if s, ok := c.opt.Severities[id]; ok {
		return r, s
	}
	return r, r.Severity
}

// file is the state of one check.
type file struct {
	path            string
	data            []byte
	findings        []Finding
	starts          []int    // of lines
	markers         *markers // nil: not looked for yet
	looksVietnamese bool     // some of it, so that ignored findings can be told from none
}

// line is the number of the line at an offset, from 1.
func (f *file) line(at int) int {
	if f.starts == nil {
		f.starts = lineStarts(f.data)
	}
	return sort.SearchInts(f.starts, at+1)
}

// add notes a finding on data[start:end].
func (c *Checker) add(id string, start, end int, message, proposal string, fixes ...Edit) {
	r, sev := c.severity(id)
	if sev == Off {
		return
	}
	if !r.Fix {
		fixes = nil
	}
	c.findings = append(c.findings, Finding{
		Rule: r, Severity: sev, Path: c.path, Message: message, Proposal: proposal, Fixes: fixes,
		Found: shorten(string(c.data[start:end])), start: start, end: end,
	})
}

func shorten(s string) string {
	const most = 60
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// Check returns what is wrong with a file, in the order of its text. path is
// only for the findings.
func (c *Checker) Check(path string, data []byte) []Finding {
	c.file = file{path: path, data: data}
	whole := ignoresFile(data)
	if len(data) > 0 && (!whole || c.on(unusedIgnore)) {
		if c.encoding() {
			c.text()
		}
		c.applyMarkers(whole)
	}
	c.locate()
	found := c.findings
	c.file = file{}
	return found
}

// encoding checks how the bytes are to be read, and reports whether they are
// UTF-8 and the text can be checked.
func (c *Checker) encoding() bool {
	d := c.data
	if bytes.HasPrefix(d, []byte("\xEF\xBB\xBF")) {
		c.add("CV015", 0, 3, "byte order mark before UTF-8", "", Edit{0, 3, ""})
	}
	if utf8.Valid(d) && bytes.IndexByte(d, 0) < 0 {
		return true
	}
	det := legacy.Detect(d)
	switch det.Name {
	case legacy.NameUTF16LE, legacy.NameUTF16BE:
		text, _, err := transform.Bytes(det.Decoder(), d)
		var fix []Edit
		if err == nil && !bytes.ContainsRune(text, utf8.RuneError) {
			fix = []Edit{{0, len(d), string(text)}}
		}
		if c.vietnamese(text) {
			c.findings = nil
			c.add("CV004", 0, min(2, len(d)), fmt.Sprintf("the file is in UTF-16 (%s)", strings.ToUpper(det.Name[len("utf-16"):])), "UTF-8", fix...)
		}
		return false
	case legacy.NameUTF8, "":
		i := source.Invalid(d)
		if i < 0 { // zero bytes: a binary file, or text with damage
			return bytes.Count(d, []byte{0})*100 < len(d)
		}
		if bytes.IndexByte(d[:min(len(d), 8<<10)], 0) < 0 {
			n := countInvalid(d)
			c.add("CV006", i, i+1, fmt.Sprintf("%d byte%s that %s not UTF-8, first at offset %d", n, plural(n), be(n), i), "")
		}
		return false
	}
	c.findings = nil
	i := max(0, firstNonASCII(d))
	c.add("CV003", i, lineEnd(d, i), fmt.Sprintf("the file is in %s (%.0f %% sure)", encodingName(det), 100*det.Confidence),
		"congvan convert --from "+det.Name)
	return false
}

func encodingName(d legacy.Detection) string {
	s := map[string]string{
		legacy.NameTCVN3: "TCVN3 (ABC)", legacy.NameTCVN5712: "TCVN 5712", legacy.NameVNI: "VNI", legacy.NameVISCII: "VISCII",
		legacy.NameCP1258: "Windows code page 1258", legacy.NameVIQR: "VIQR",
	}[d.Name]
	if d.Wrapped {
		s += " stored as UTF-8"
	}
	return s
}

func countInvalid(d []byte) int {
	n := 0
	for i := 0; i < len(d); {
		r, size := utf8.DecodeRune(d[i:])
		if r == utf8.RuneError && size == 1 {
			n++
		}
		i += size
	}
	return n
}

func firstNonASCII(d []byte) int {
	return bytes.IndexFunc(d, func(r rune) bool { return r >= utf8.RuneSelf })
}

func lineEnd(d []byte, i int) int {
	if n := bytes.IndexByte(d[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(d)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// locate turns byte offsets into lines and columns, and sorts.
func (c *Checker) locate() {
	if len(c.findings) == 0 {
		return
	}
	sort.SliceStable(c.findings, func(i, j int) bool { return c.findings[i].start < c.findings[j].start })
	utf8 := utf8.Valid(c.data)
	var at []int
	for i := range c.findings {
		at = append(at, c.findings[i].start, c.findings[i].end)
		for _, e := range c.findings[i].Fixes {
			at = append(at, e.Start, e.End)
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	columns := c.columns(at)
	place := func(start, end int) Place {
		return Place{c.line(start), columns[start], c.line(end), columns[end]}
	}
	for i := range c.findings {
		f := &c.findings[i]
		p := place(f.start, f.end)
		f.Line, f.Column, f.EndLine, f.EndColumn = p.Line, p.Column, p.EndLine, p.EndColumn
		for _, e := range f.Fixes {
			if utf8 {
				f.Places = append(f.Places, place(e.Start, e.End))
			}
		}
	}
}

// columns are those of offsets in rising order, counted once along each line.
func (c *Checker) columns(at []int) map[int]int {
	columns := make(map[int]int, len(at))
	c.looked = 0
	from, column := 0, 1
	for _, i := range at {
		if start := c.starts[c.line(i)-1]; start > from {
			from, column = start, 1
		}
		column += utf8.RuneCount(c.data[from:i])
		c.looked += i - from
		from = i
		columns[i] = column
	}
	return columns
}

func lineStarts(d []byte) []int {
	starts := []int{0}
	for i := 0; ; {
		n := bytes.IndexByte(d[i:], '\n')
		if n < 0 {
			return starts
		}
		i += n + 1
		starts = append(starts, i)
	}
}

// Apply makes the edits that findings propose. Of two that overlap the first is
// made; checking the result again finds the other.
func Apply(data []byte, findings []Finding) []byte {
	var edits []Edit
	for _, f := range findings {
		edits = append(edits, f.Fixes...)
	}
	if len(edits) == 0 {
		return data
	}
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	out := make([]byte, 0, len(data))
	at := 0
	for _, e := range edits {
		if e.Start < at || e.Start == at && at > 0 && e.End == e.Start {
			continue
		}
		out = append(out, data[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, data[at:]...)
}
