package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// statisticsWriter counts findings by rule and writes the counts, the most first.
type statisticsWriter struct {
	w      io.Writer
	json   bool
	counts []ruleCount // in the order of Rules
}

// ruleCount is a line of --statistics --format json. Fields are only ever added.
type ruleCount struct {
	Type    string `json:"type"` // statistic
	Rule    string `json:"rule"`
	Name    string `json:"name"`
	Count   int    `json:"count"`
	Files   int    `json:"files"`
	Fixable int    `json:"fixable"`
}

func (s *statisticsWriter) File(_ string, fs []Finding) error {
	for i := range Rules {
		c, before := &s.counts[i], s.counts[i].Count
		for _, f := range fs {
			if f.Rule != &Rules[i] {
				continue
			}
			c.Count++
			if len(f.Fixes) > 0 {
				c.Fixable++
			}
		}
		if c.Count > before {
			c.Files++
		}
	}
	return nil
}

func (s *statisticsWriter) Close(sum Summary) error {
	for i := range s.counts {
		s.counts[i].Type, s.counts[i].Rule, s.counts[i].Name = "statistic", Rules[i].ID, Rules[i].Name
	}
	list := slices.DeleteFunc(s.counts, func(c ruleCount) bool { return c.Count == 0 })
	slices.SortStableFunc(list, func(a, b ruleCount) int { return cmp.Compare(b.Count, a.Count) })
	if s.json {
		out := jsonWriter{json.NewEncoder(s.w)}
		for _, c := range list {
			if err := out.e.Encode(c); err != nil {
				return err
			}
		}
		return out.Close(sum)
	}
	for _, c := range list {
		fixable := ""
		if c.Fixable > 0 {
			fixable = fmt.Sprintf(" (--fix repairs %d)", c.Fixable)
		}
		if _, err := fmt.Fprintf(s.w, "%6d  %s  %s, %s%s\n", c.Count, c.Rule, c.Name, inFiles(c.Files), fixable); err != nil {
			return err
		}
	}
	return nil
}

func inFiles(n int) string {
	return fmt.Sprintf("in %d file%s", n, plural(n))
}
