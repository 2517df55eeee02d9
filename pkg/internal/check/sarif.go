package check

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

// sarifWriter writes SARIF 2.1.0.
type sarifWriter struct {
	w       io.Writer
	o       WriterOptions
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

// sarifPlace is a region as a replacement has it: where text is, or, in a file that is
// no UTF-8, where bytes are.
type sarifPlace struct {
	StartLine   int  `json:"startLine,omitempty"`
	StartColumn int  `json:"startColumn,omitempty"`
	EndLine     int  `json:"endLine,omitempty"`
	EndColumn   int  `json:"endColumn,omitempty"`
	ByteOffset  *int `json:"byteOffset,omitempty"`
	ByteLength  *int `json:"byteLength,omitempty"`
}

type sarifReplacement struct {
	DeletedRegion   sarifPlace `json:"deletedRegion"`
	InsertedContent sarifText  `json:"insertedContent"`
}

type sarifChange struct {
	ArtifactLocation sarifArtifact      `json:"artifactLocation"`
	Replacements     []sarifReplacement `json:"replacements"`
}

type sarifFix struct {
	Description     sarifText     `json:"description"`
	ArtifactChanges []sarifChange `json:"artifactChanges"`
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
	Fixes               []sarifFix        `json:"fixes,omitempty"`
	Properties          map[string]string `json:"properties,omitempty"`
}

type sarifRule struct {
	ID                   string            `json:"id"`
	Name                 string            `json:"name"`
	ShortDescription     sarifText         `json:"shortDescription"`
	HelpURI              string            `json:"helpUri"`
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
				s.artifact(f.Path),
				sarifRegion{f.Line, f.Column, f.EndLine, f.EndColumn, &sarifText{Text: f.Found}},
			}}},
			PartialFingerprints: map[string]string{"congvan/v1": f.Fingerprint()},
		}
		if len(f.Fixes) > 0 {
			r.Fixes = []sarifFix{s.fix(&f)}
		}
		if f.Proposal != "" {
			r.Properties = map[string]string{"proposal": f.Proposal}
		}
		s.results = append(s.results, r)
	}
	return nil
}

// fix is what --fix does about a finding.
func (s *sarifWriter) fix(f *Finding) sarifFix {
	change := sarifChange{ArtifactLocation: s.artifact(f.Path)}
	for i, e := range f.Fixes {
		length := e.End - e.Start
		at := sarifPlace{ByteOffset: &e.Start, ByteLength: &length}
		if len(f.Places) > 0 {
			p := f.Places[i]
			at = sarifPlace{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn}
		}
		change.Replacements = append(change.Replacements, sarifReplacement{at, sarifText{Text: e.New}})
	}
	return sarifFix{sarifText{Text: "as congvan check --fix repairs it"}, []sarifChange{change}}
}

// sourceRoot names, in URIs, the folder that relative paths are below.
const sourceRoot = "SRCROOT"

// artifact names a file as a URI, relative to the root of the sources where it
// can be.
func (s *sarifWriter) artifact(path string) sarifArtifact {
	if filepath.IsAbs(path) {
		rel, err := filepath.Rel(s.o.Base, path)
		if err != nil || !filepath.IsLocal(rel) {
			return sarifArtifact{URI: fileURI(path)}
		}
		path = rel
	}
	u := (&url.URL{Path: filepath.ToSlash(path)}).String()
	return sarifArtifact{URI: strings.TrimPrefix(u, "./"), URIBaseID: sourceRoot}
}

// fileURI is the URI of an absolute path.
func fileURI(path string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") { // C:/…
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: p}).String()
}

func (s *sarifWriter) Close(Summary) error {
	rules := make([]sarifRule, len(Rules))
	for i := range Rules {
		r := &Rules[i]
		rules[i] = sarifRule{
			r.ID, r.Name, sarifText{Text: r.Summary + "."}, r.URL(),
			sarifText{Text: r.Explain(), Markdown: r.Explain()},
			map[string]string{"level": r.Severity.String()},
		}
	}
	if s.results == nil {
		s.results = []sarifResult{}
	}
	driver := map[string]any{"name": "congvan check", "informationUri": projectURL, "rules": rules}
	if s.o.Version != "" {
		driver["version"] = s.o.Version
	}
	run := map[string]any{
		"tool":       map[string]any{"driver": driver},
		"columnKind": "unicodeCodePoints",
		"results":    s.results,
	}
	if s.o.Base != "" {
		run["originalUriBaseIds"] = map[string]any{sourceRoot: map[string]any{"uri": strings.TrimSuffix(fileURI(s.o.Base), "/") + "/"}}
	}
	e := json.NewEncoder(s.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs":    []any{run},
	})
}
