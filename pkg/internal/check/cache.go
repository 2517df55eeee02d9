package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// Cache keeps from one run to the next what was found in texts, by their bytes: a text
// that is as it was is not checked again, wherever it lies now. It is a file of JSON,
// a line that says who made it and one with the findings. What another program or
// model found is forgotten, and so is what was not asked for in so many days.
type Cache struct {
	path  string
	maker string

	mu      sync.Mutex
	texts   map[string]*cachedText // by key
	changed bool
}

const (
	cacheMagic = "congvan check cache 1"
	cacheDays  = 30
)

// ErrNoCache is the error for a file that is something else.
var ErrNoCache = errors.New("it is there, and no cache of congvan check")

type cacheHead struct {
	Magic string `json:"magic"`
	Maker string `json:"maker"`
}

// cachedText is what was found in a text.
type cachedText struct {
	Day      int64           `json:"day"` // when it was asked for last, since 1970
	Findings []cachedFinding `json:"findings,omitempty"`
}

// cachedFinding is a Finding without its path, the rule by its ID.
type cachedFinding struct {
	ID string `json:"id"`
	Finding
}

func today() int64 { return time.Now().Unix() / (24 * 60 * 60) }

// OpenCache reads a cache, which need not be there yet. maker tells one program and
// language model from another.
func OpenCache(path, maker string) (*Cache, error) {
	c := &Cache{path: path, maker: maker, texts: map[string]*cachedText{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	var head cacheHead
	if json.Unmarshal(line, &head) != nil || head.Magic != cacheMagic {
		return nil, fmt.Errorf("%s: %w", path, ErrNoCache)
	}
	if head.Maker != maker || json.Unmarshal(rest, &c.texts) != nil || c.texts == nil {
		c.texts, c.changed = map[string]*cachedText{}, true
	}
	for key, t := range c.texts {
		if t == nil || today()-t.Day > cacheDays {
			delete(c.texts, key)
			c.changed = true
		}
	}
	return c, nil
}

// Check is what the checker's Check is, remembered. variant tells one set of options
// from another. Without a cache, nil, it is not remembered.
func (c *Cache) Check(checker *Checker, variant, path string, data []byte) []Finding {
	if c == nil {
		return checker.Check(path, data)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d %s", len(variant), variant)
	h.Write(data)
	key := hex.EncodeToString(h.Sum(nil)[:16])
	if fs, ok := c.get(key, path); ok {
		return fs
	}
	fs := checker.Check(path, data)
	t := &cachedText{Day: today()}
	for _, f := range fs {
		t.Findings = append(t.Findings, cachedFinding{ID: f.Rule.ID, Finding: f})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts[key], c.changed = t, true
	return fs
}

// get returns the findings in a text.
func (c *Cache) get(key, path string) ([]Finding, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.texts[key]
	if !ok {
		return nil, false
	}
	if day := today(); t.Day != day {
		t.Day, c.changed = day, true
	}
	var fs []Finding
	for _, kept := range t.Findings {
		f := kept.Finding
		if f.Rule, ok = RuleByName(kept.ID); !ok {
			return nil, false
		}
		f.Path = path
		fs = append(fs, f)
	}
	return fs, true
}

// Close writes the cache, if there is one and it has changed.
func (c *Cache) Close() error {
	if c == nil || !c.changed {
		return nil
	}
	head, err := json.Marshal(cacheHead{cacheMagic, c.maker})
	if err != nil {
		return err
	}
	texts, err := json.Marshal(c.texts)
	if err != nil {
		return err
	}
	return whole.WriteBytes(c.path, append(append(head, '\n'), texts...))
}
