package check

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
)

// gitlabWriter writes a report of GitLab's Code Quality, an array of issues as Code
// Climate has them: https://docs.gitlab.com/ci/testing/code_quality/.
type gitlabWriter struct {
	w      io.Writer
	issues []gitlabIssue
	seen   map[string]int // fingerprints, which must be unlike one another
}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

func (g *gitlabWriter) File(_ string, fs []Finding) error {
	for _, f := range fs {
		print := f.Fingerprint()
		if g.seen[print]++; g.seen[print] > 1 {
			print = fmt.Sprintf("%s-%d", print, g.seen[print])
		}
		g.issues = append(g.issues, gitlabIssue{
			Description: f.Rule.Name + ": " + printable(f.Message), CheckName: f.Rule.ID, Fingerprint: print,
			Severity: map[Severity]string{Error: "major", Warning: "minor", Note: "info"}[f.Severity],
			Location: gitlabLocation{filepath.ToSlash(f.Path), gitlabLines{f.Line, f.EndLine}},
		})
	}
	return nil
}

func (g *gitlabWriter) Close(Summary) error {
	e := json.NewEncoder(g.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(g.issues)
}
