package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Fingerprint identifies a finding when lines above it come and go: by rule,
// file and text, not by place.
func (f *Finding) Fingerprint() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", f.Rule.ID, filepath.ToSlash(f.Path), f.Found)
	return fmt.Sprintf("%016x", h.Sum64())
}

// A Baseline holds findings that are accepted. It knows them by file, rule and text,
// not by place, and accepts as many as it was given.
type Baseline struct {
	dir      string // absolute; files are named from there
	accepted map[Accepted]int
	old      map[string]int // by fingerprint, as version 1 had them
}

// Accepted is what a baseline knows of a finding.
type Accepted struct {
	Path string `json:"path"` // from the folder of the baseline, with slashes
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// Entry is something accepted, and how many times.
type Entry struct {
	Accepted
	Count int `json:"count"`
}

// baselineFile is a baseline as it is written: in version 2 with a list of entries, in
// version 1 with an object of counts by fingerprint.
type baselineFile[T any] struct {
	Tool     string `json:"tool"`
	Version  int    `json:"version"`
	Accepted T      `json:"accepted"`
}

const baselineTool, baselineVersion = "congvan check", 2

// NewBaseline returns an empty baseline that is to be written to the file name.
func NewBaseline(name string) (*Baseline, error) {
	dir, err := filepath.Abs(filepath.Dir(name))
	return &Baseline{dir: dir, accepted: map[Accepted]int{}}, err
}

// ReadBaseline reads what Write wrote to the file name.
func ReadBaseline(name string) (*Baseline, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	b, err := NewBaseline(name)
	if err == nil {
		err = b.decode(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

func (b *Baseline) decode(data []byte) error {
	var f baselineFile[json.RawMessage]
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("not a baseline: %w", err)
	}
	if f.Tool != baselineTool || f.Version < 1 || f.Version > baselineVersion {
		return fmt.Errorf("not a baseline of congvan check (tool %q, version %d)", f.Tool, f.Version)
	}
	var entries []Entry
	to := any(&entries)
	if f.Version == 1 {
		to = &b.old
	}
	if err := json.Unmarshal(f.Accepted, to); err != nil {
		return fmt.Errorf("not a baseline: %w", err)
	}
	for _, e := range entries {
		b.accepted[e.Accepted] += e.Count
	}
	return nil
}

// key is what the baseline knows of a finding.
func (b *Baseline) key(f *Finding) Accepted {
	return Accepted{b.rel(f.Path), f.Rule.ID, f.Found}
}

func (b *Baseline) rel(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		if rel, err := filepath.Rel(b.dir, abs); err == nil {
			path = rel
		}
	}
	return filepath.ToSlash(path)
}

// Path is where the file of something accepted lies.
func (b *Baseline) Path(a Accepted) string {
	return filepath.Join(b.dir, filepath.FromSlash(a.Path))
}

// Add accepts a finding.
func (b *Baseline) Add(f *Finding) { b.accepted[b.key(f)]++ }

// Accept reports whether a finding is accepted, and takes it off.
func (b *Baseline) Accept(f *Finding) bool {
	if k := b.key(f); b.accepted[k] > 0 {
		b.accepted[k]--
		return true
	}
	if p := f.Fingerprint(); b.old[p] > 0 {
		b.old[p]--
		return true
	}
	return false
}

// Left is what is accepted and has not been found, in the order in which it is
// written: one that makes for small differences.
func (b *Baseline) Left() []Entry {
	list := []Entry{}
	for a, n := range b.accepted {
		if n > 0 {
			list = append(list, Entry{a, n})
		}
	}
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text))
	})
	return list
}

// Len is how many findings are accepted.
func (b *Baseline) Len() (n int) {
	for _, k := range b.accepted {
		n += k
	}
	return n
}

// Write writes the baseline.
func (b *Baseline) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(baselineFile[[]Entry]{baselineTool, baselineVersion, b.Left()})
}
