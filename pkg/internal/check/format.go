package check

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
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
var Formats = []string{"human", "json", "sarif", "junit", "github"}

// NewWriter returns the writer of a format. colour is for people.
func NewWriter(format string, w io.Writer, colour bool, version string) (Writer, error) {
	switch format {
	case "human":
		return &humanWriter{w, colour}, nil
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return &jsonWriter{e}, nil
	case "github":
		return &githubWriter{w}, nil
	case "sarif":
		return &sarifWriter{w: w, version: version}, nil
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

// sarifWriter writes SARIF 2.1.0.
type sarifWriter struct {
	w       io.Writer
	version string
	results []sarifResult
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifRegion struct {
	StartLine   int        `json:"startLine"`
	StartColumn int        `json:"startColumn"`
	EndLine     int        `json:"endLine"`
	EndColumn   int        `json:"endColumn"`
	Snippet     *sarifText `json:"snippet,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId,omitempty"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           sarifRegion   `json:"region"`
}

type sarifLocation struct {
	PhysicalLocation sarifPhysical `json:"physicalLocation"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Level               string            `json:"level"`
	Message             sarifText         `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	Properties          map[string]string `json:"properties,omitempty"`
}

type sarifRule struct {
	ID                   string            `json:"id"`
	Name                 string            `json:"name"`
	ShortDescription     sarifText         `json:"shortDescription"`
	Help                 sarifText         `json:"help"`
	DefaultConfiguration map[string]string `json:"defaultConfiguration"`
}

func (s *sarifWriter) File(_ string, fs []Finding) error {
	for _, f := range fs {
		index := 0
		for i := range Rules {
			if &Rules[i] == f.Rule {
				index = i
			}
		}
		r := sarifResult{
			RuleID: f.Rule.ID, RuleIndex: index, Level: f.Severity.String(), Message: sarifText{Text: printable(f.Message)},
			Locations: []sarifLocation{{sarifPhysical{
				artifact(f.Path),
				sarifRegion{f.Line, f.Column, f.EndLine, f.EndColumn, &sarifText{Text: f.Found}},
			}}},
			PartialFingerprints: map[string]string{"congvan/v1": f.Fingerprint()},
		}
		if f.Proposal != "" {
			r.Properties = map[string]string{"proposal": f.Proposal}
		}
		s.results = append(s.results, r)
	}
	return nil
}

// artifact names a file as a URI, relative to the root of the sources where it
// can be.
func artifact(path string) sarifArtifact {
	p := filepath.ToSlash(path)
	u := (&url.URL{Path: p}).String()
	if filepath.IsAbs(path) {
		return sarifArtifact{URI: "file://" + u}
	}
	return sarifArtifact{URI: strings.TrimPrefix(u, "./"), URIBaseID: "SRCROOT"}
}

func (s *sarifWriter) Close(Summary) error {
	rules := make([]sarifRule, len(Rules))
	for i := range Rules {
		r := &Rules[i]
		rules[i] = sarifRule{
			r.ID, r.Name, sarifText{Text: r.Summary + "."},
			sarifText{Text: r.Explain(), Markdown: r.Explain()},
			map[string]string{"level": r.Severity.String()},
		}
	}
	if s.results == nil {
		s.results = []sarifResult{}
	}
	driver := map[string]any{"name": "congvan check", "rules": rules}
	if s.version != "" {
		driver["version"] = s.version
	}
	e := json.NewEncoder(s.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":       map[string]any{"driver": driver},
			"columnKind": "unicodeCodePoints",
			"results":    s.results,
		}},
	})
}
