package check

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"path/filepath"
)

// Fingerprint identifies a finding when lines above it come and go: by rule,
// file and text, not by place.
func (f *Finding) Fingerprint() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", f.Rule.ID, filepath.ToSlash(f.Path), f.Found)
	return fmt.Sprintf("%016x", h.Sum64())
}

// A Baseline holds findings that are accepted. Where a file has the same finding
// several times it accepts as many.
type Baseline struct {
	Tool     string         `json:"tool"`
	Version  int            `json:"version"` // 1
	Accepted map[string]int `json:"accepted"`
}

// NewBaseline returns an empty baseline.
func NewBaseline() *Baseline {
	return &Baseline{Tool: "congvan check", Version: 1, Accepted: map[string]int{}}
}

// ReadBaseline reads what Write wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	var b Baseline
	if err := json.NewDecoder(r).Decode(&b); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if b.Tool != "congvan check" || b.Version != 1 {
		return nil, fmt.Errorf("not a baseline of congvan check (tool %q, version %d)", b.Tool, b.Version)
	}
	return &b, nil
}

// Add accepts a finding.
func (b *Baseline) Add(f *Finding) { b.Accepted[f.Fingerprint()]++ }

// Accept reports whether a finding is accepted, and takes it off.
func (b *Baseline) Accept(f *Finding) bool {
	p := f.Fingerprint()
	if b.Accepted[p] == 0 {
		return false
	}
	b.Accepted[p]--
	return true
}

// Write writes the baseline, in an order that makes for small differences.
func (b *Baseline) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(b)
}
