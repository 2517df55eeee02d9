package check

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Summary is what a run found.
type Summary struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
	Fixable  int `json:"fixable"`
	Accepted int `json:"accepted"` // by the baseline, not counted above
	Stale    int `json:"stale"`    // accepted by the baseline, and not there any more
	Failed   int `json:"failed"`   // files that could not be read
}

// Count adds a finding.
func (s *Summary) Count(f *Finding) {
	switch f.Severity {
	case Error:
		s.Errors++
	case Warning:
		s.Warnings++
	case Note:
		s.Notes++
	}
	if len(f.Fixes) > 0 {
		s.Fixable++
	}
}

// A Writer writes findings in one format. File is called for every file, with
// its findings or none, and Close at the end.
type Writer interface {
	File(path string, findings []Finding) error
	Close(Summary) error
}

// Formats are the names that NewWriter knows.
var Formats = []string{"human", "json", "sarif", "junit", "github", "gitlab"}

// WriterOptions are what some formats want to know besides.
type WriterOptions struct {
	Colour  bool   // human
	Version string // sarif: of the program
	// Statistics asks for how many findings each rule has, in place of the findings;
	// human and json know them.
	Statistics bool
	Base       string // sarif: the folder, absolute, that relative paths are below; may be empty
}

// NewWriter returns the writer of a format.
func NewWriter(format string, w io.Writer, o WriterOptions) (Writer, error) {
	switch format {
	case "human", "json":
		if o.Statistics {
			return &statisticsWriter{w: w, json: format == "json", counts: make([]ruleCount, len(Rules))}, nil
		}
	default:
		if o.Statistics && slices.Contains(Formats, format) {
			return nil, fmt.Errorf("%s has no statistics; human and json have", format)
		}
	}
	switch format {
	case "human":
		return &humanWriter{w, o.Colour}, nil
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return &jsonWriter{e}, nil
	case "github":
		return &githubWriter{w}, nil
	case "gitlab":
		return &gitlabWriter{w: w, issues: []gitlabIssue{}, seen: map[string]int{}}, nil
	case "sarif":
		return &sarifWriter{w: w, o: o}, nil
	case "junit":
		return &junitWriter{w: w}, nil
	}
	return nil, fmt.Errorf("unknown format %q: know %s", format, strings.Join(Formats, ", "))
}

type humanWriter struct {
	w      io.Writer
	colour bool
}

func (h *humanWriter) paint(code, s string) string {
	if !h.colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (h *humanWriter) File(_ string, fs []Finding) error {
	for _, f := range fs {
		sev := h.paint(map[Severity]string{Error: "1;31", Warning: "1;33", Note: "1;36"}[f.Severity], f.Severity.String())
		if _, err := fmt.Fprintf(h.w, "%s: %s %s %s: %s\n",
			h.paint("1", fmt.Sprintf("%s:%d:%d", f.Path, f.Line, f.Column)), sev, f.Rule.ID, f.Rule.Name, printable(f.Message)); err != nil {
			return err
		}
	}
	return nil
}

func (h *humanWriter) Close(Summary) error { return nil }

// printable keeps what a text holds from steering a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 || invisible(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

type jsonWriter struct{ e *json.Encoder }

// jsonFinding is a line of --format json. Fields are only ever added.
type jsonFinding struct {
	Type        string   `json:"type"` // finding
	Rule        string   `json:"rule"`
	Name        string   `json:"name"`
	Severity    Severity `json:"severity"`
	Path        string   `json:"path"`
	Line        int      `json:"line"`
	Column      int      `json:"column"`
	EndLine     int      `json:"end_line"`
	EndColumn   int      `json:"end_column"`
	Message     string   `json:"message"`
	Found       string   `json:"found"`
	Proposal    string   `json:"proposal,omitempty"`
	Fixable     bool     `json:"fixable"`
	Fingerprint string   `json:"fingerprint"`
}

func (j *jsonWriter) File(_ string, fs []Finding) error {
	for _, f := range fs {
		if err := j.e.Encode(jsonFinding{
			"finding", f.Rule.ID, f.Rule.Name, f.Severity, f.Path, f.Line, f.Column, f.EndLine, f.EndColumn,
			f.Message, f.Found, f.Proposal, len(f.Fixes) > 0, f.Fingerprint(),
		}); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonWriter) Close(s Summary) error {
	return j.e.Encode(struct {
		Type string `json:"type"`
		Summary
	}{"summary", s})
}

// githubWriter writes workflow commands, which GitHub shows beside the lines of
// a change.
type githubWriter struct{ w io.Writer }

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (g *githubWriter) File(_ string, fs []Finding) error {
	for _, f := range fs {
		level := map[Severity]string{Error: "error", Warning: "warning", Note: "notice"}[f.Severity]
		if _, err := fmt.Fprintf(g.w, "::%s file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,title=%s::%s\n", level,
			githubProperty.Replace(filepath.ToSlash(f.Path)), f.Line, f.Column, f.EndLine, f.EndColumn,
			githubProperty.Replace("congvan "+f.Rule.ID+" "+f.Rule.Name), githubData.Replace(printable(f.Message))); err != nil {
			return err
		}
	}
	return nil
}

func (g *githubWriter) Close(Summary) error { return nil }

// junitWriter has a test case for each file, which fails if there are findings.
type junitWriter struct {
	w     io.Writer
	cases []junitCase
	fails int
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func (j *junitWriter) File(path string, fs []Finding) error {
	c := junitCase{Name: path, Class: "congvan.check", File: path, Time: "0"}
	if len(fs) > 0 {
		var text strings.Builder
		worst := fs[0]
		for _, f := range fs {
			if f.Severity > worst.Severity {
				worst = f
			}
			fmt.Fprintf(&text, "%s:%d:%d: %s %s %s: %s\n", f.Path, f.Line, f.Column, f.Severity, f.Rule.ID, f.Rule.Name, printable(f.Message))
		}
		message := printable(worst.Message)
		if len(fs) > 1 {
			message = fmt.Sprintf("%d findings, among them: %s", len(fs), message)
		}
		c.Failure = &junitFailure{message, worst.Rule.ID, text.String()}
		j.fails++
	}
	j.cases = append(j.cases, c)
	return nil
}

func (j *junitWriter) Close(s Summary) error {
	type suite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	doc := struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Suites   []suite  `xml:"testsuite"`
	}{Name: "congvan check", Tests: len(j.cases), Failures: j.fails,
		Suites: []suite{{"congvan check", len(j.cases), j.fails, 0, 0, "0", j.cases}}}
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(j.w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}
