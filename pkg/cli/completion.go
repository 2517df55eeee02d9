package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/eval"
	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/check"
	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/reading"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// completion says what a flag may be, for the shell.
type completion struct {
	flag   string
	values []string
	list   bool // several, with commas
}

// completions are the flags that take a fixed set of values, by command.
func completions() map[string][]completion {
	read := []completion{
		{"format", output.Names(), true},
		{"lang", output.ReportLanguages, false},
		{"readers", []string{"vie", "eng"}, true},
		{"prepare", imaging.Names(), true},
		{"text-layer", reading.LayerModes, false},
		{"retry", []string{"retryable", "all", "none"}, false},
		{"log-format", []string{"text", "json"}, false},
		{"shards", []string{"auto"}, false},
	}
	var classes []string
	for _, c := range fault.Classes() {
		classes = append(classes, string(c))
	}
	var rules, off []string
	for _, r := range check.Rules {
		rules, off = append(rules, r.ID+"\t"+r.Summary), append(off, r.ID+"=off")
	}
	return map[string][]completion{
		"ocr":   read,
		"watch": read,
		"restore": {
			{"source", sources, false},
			{"tone", []string{"keep", "old", "new"}, false},
		},
		"check": {
			{"format", check.Formats, false},
			{"color", colours, false},
			{"fail-on", []string{"error", "warning", "note", "never"}, false},
			{"explain", rules, false},
			{"rule", off, true},
		},
		"convert": {
			{"from", append([]string{"auto"}, legacy.Names()...), false},
			{"to", legacy.Names(), false},
		},
		"eval": {
			{"format", []string{"table", "json", "html"}, false},
			{"fold", append([]string{"none"}, eval.FoldNames...), true},
		},
		"journal list": {
			{"state", []string{string(batch.Done), string(batch.Partial), string(batch.Failed)}, true},
			{"class", classes, true},
		},
		"eval compare":  {{"format", []string{"table", "json"}, false}},
		"index":         {{"format", indexFormats, true}},
		"search":        {{"color", colours, false}},
		"train channel": {{"readers", []string{"eng", "vie"}, true}},
		"train weights": {{"readers", []string{"eng", "vie"}, true}, {"features", featureNames(), true}},
		"synth": {
			{"readers", []string{"eng", "vie"}, true},
			{"fonts-only", synth.FamilyNames(), true},
			{"with", synth.Extras, true},
			{"fonts-exclude", synth.FamilyNames(), true},
		},
	}
}

// sources are what restore can be told of a text, with the channels built in.
var sources = []string{"auto", "clean", "strip", "toneless", "broken", "eng", "vie", "any"}

// complete gives the shell the values of all flags that take a fixed set, and
// folders where a flag wants one.
func complete(root *cobra.Command) {
	for name, list := range completions() {
		cmd, _, err := root.Find(strings.Fields(name))
		if err != nil {
			panic(err)
		}
		for _, c := range list {
			_ = cmd.RegisterFlagCompletionFunc(c.flag, c.complete) // fails for flags that are not there
		}
	}
	for _, cmd := range []string{"ocr", "watch", "synth", "synth letters", "serve"} {
		c, _, _ := root.Find(strings.Fields(cmd))
		for _, name := range []string{"tessdata", "keep-images", "font-dir", "scans"} {
			_ = c.MarkFlagDirname(name)
		}
	}
}

// complete proposes values that begin as what was typed; after a comma those
// that are not there yet.
func (c completion) complete(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if !c.list {
		return c.values, cobra.ShellCompDirectiveNoFileComp
	}
	var before []string
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before = strings.Split(typed[:i], ",")
	}
	var out []string
	for _, v := range c.values {
		if !slices.Contains(before, v) {
			out = append(out, strings.Join(append(slices.Clone(before), v), ","))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
