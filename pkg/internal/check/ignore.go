package check

import (
	"bytes"
	"slices"
	"strings"
)

// ignoreMarker drops findings of its line, of the next, or of the file.
const ignoreMarker, ofNextLine, ofFile = "congvan:ignore", "-next-line", "-file"

// unusedIgnore is the rule about markers that drop nothing.
const unusedIgnore = "CV020"

// markersOfFile are looked for in so many bytes at the start of a file.
const markersOfFile = 4 << 10

// ignoresFile reports a marker that drops all findings of a file.
func ignoresFile(d []byte) bool {
	return bytes.Contains(d[:min(len(d), markersOfFile)], []byte(ignoreMarker+ofFile))
}

// markers are the places of a file where it says what not to report, by line.
type markers struct{ own, next map[int]*marker }

// marker is what stands after congvan:ignore: the rules that it names, or none for all.
type marker struct {
	start, end int
	rules      []*Rule
	used       bool // it has dropped something
}

// marked are the markers of the file. Each line is looked at once.
func (c *Checker) marked() *markers {
	if c.markers != nil {
		return c.markers
	}
	m := &markers{map[int]*marker{}, map[int]*marker{}}
	c.markers = m
	for i := 0; ; {
		n := bytes.Index(c.data[i:], []byte(ignoreMarker))
		if n < 0 {
			return m
		}
		start := i + n
		i = start + len(ignoreMarker)
		rest := string(c.data[i:lineEnd(c.data, i)])
		line := c.line(start)
		if after, ok := strings.CutPrefix(rest, ofNextLine); ok && m.next[line] == nil {
			m.next[line] = newMarker(start, i+len(ofNextLine), after)
		} else if !strings.HasPrefix(rest, "-") && m.own[line] == nil {
			m.own[line] = newMarker(start, i, rest)
		}
		i += len(rest)
	}
}

func newMarker(start, end int, rest string) *marker {
	m := &marker{start: start, end: end}
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == ',' || r == ':' || r == '\t' || r == '\r' }) {
		r, ok := RuleByName(w)
		if !ok {
			break
		}
		m.rules = append(m.rules, r)
	}
	return m
}

// holds reports whether the marker drops findings of a rule, and remembers that it did.
func (m *marker) holds(r *Rule) bool {
	if m == nil || len(m.rules) > 0 && !slices.Contains(m.rules, r) {
		return false
	}
	m.used = true
	return true
}

// ignored tells whether a marker says that a rule does not hold at an offset.
func (c *Checker) ignored(at int, r *Rule) bool {
	m, line := c.marked(), c.line(at)
	return m.own[line].holds(r) || m.next[line-1].holds(r)
}

// applyMarkers drops the findings that markers say to drop, all of them where the
// whole file is ignored, and reports the markers that drop none.
func (c *Checker) applyMarkers(whole bool) {
	before := len(c.findings)
	if whole {
		c.findings = nil
		if before == 0 && c.looksVietnamese && c.judges(nil) {
			at := bytes.Index(c.data, []byte(ignoreMarker+ofFile))
			c.unused(at, at+len(ignoreMarker+ofFile))
		}
		return
	}
	c.findings = slices.DeleteFunc(c.findings, func(f Finding) bool { return c.ignored(f.start, f.Rule) })
	if !c.looksVietnamese || !c.on(unusedIgnore) {
		return
	}
	m := c.marked()
	for _, byLine := range []map[int]*marker{m.own, m.next} {
		for _, m := range byLine {
			if !m.used && c.judges(m.rules) {
				c.unused(m.start, m.end)
			}
		}
	}
}

// judges reports whether rules, or all of them, are looked at in this run, so that
// finding nothing tells something.
func (c *Checker) judges(rules []*Rule) bool {
	if len(rules) == 0 {
		return c.opt.LM != nil
	}
	return !slices.ContainsFunc(rules, func(r *Rule) bool { return !c.on(r.ID) || r.Model && c.opt.LM == nil })
}

func (c *Checker) unused(start, end int) {
	c.add(unusedIgnore, start, end, "nothing is ignored by "+string(c.data[start:end])+" here", "")
}
