package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// flagGroups parts the flags of commands that have many. Flags that no group
// names stand under "Flags".
var flagGroups = []struct {
	title string
	flags []string
}{
	{"What is written", []string{"output", "format", "layout", "paragraphs", "report", "lang", "keep-images", "pdfa"}},
	{"Reading", []string{"readers", "prepare", "text-layer", "no-witness", "pages", "no-restore", "tessdata", "model", "sense", "channel", "weights"}},
	{"Which documents", []string{"files-from", "null", "redo", "retry", "checksum", "dry-run", "shard", "shards", "interval", "settle"}},
	{"Time and memory", []string{"jobs", "page-timeout", "max-pages", "max-pixels"}},
	{"Messages", []string{"quiet", "log-format", "summary", "after", "help"}},
}

// grouped are the commands whose flags are shown in groups.
var grouped = []string{"ocr", "watch"}

// flagUsages is what help says of the flags of a command.
func flagUsages(c *cobra.Command) string {
	if !slices.Contains(grouped, c.Name()) {
		return "Flags:\n" + c.LocalFlags().FlagUsages()
	}
	var b strings.Builder
	rest := pflag.NewFlagSet("", pflag.ContinueOnError)
	rest.AddFlagSet(c.LocalFlags())
	show := func(title string, set *pflag.FlagSet) {
		if set.HasAvailableFlags() {
			fmt.Fprintf(&b, "%s:\n%s\n", title, set.FlagUsages())
		}
	}
	for _, g := range flagGroups {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		for _, name := range g.flags {
			if f := rest.Lookup(name); f != nil {
				set.AddFlag(f)
			}
		}
		rest = without(rest, set)
		show(g.title, set)
	}
	show("Flags", rest)
	return strings.TrimRight(b.String(), "\n")
}

func without(all, some *pflag.FlagSet) *pflag.FlagSet {
	rest := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.VisitAll(func(f *pflag.Flag) {
		if some.Lookup(f.Name) == nil {
			rest.AddFlag(f)
		}
	})
	return rest
}

// setHelp gives the tree its help: commands and flags in groups, and an unknown
// topic as a mistake.
func setHelp(root *cobra.Command) {
	cobra.AddTemplateFunc("flagUsages", flagUsages)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(),
		"Flags:\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}", "{{flagUsages . | trimTrailingWhitespaces}}"))
	for _, g := range []struct {
		title string
		names []string
	}{
		{"Scans and texts:", []string{"ocr", "watch", "restore", "convert", "apply", "index", "search", "serve", "journal"}},
		{"Quality:", []string{"check", "eval"}},
		{"The workshop, where models are made:", []string{"train", "lm", "synth"}},
		{"About congvan:", []string{"version", "completion", "help"}},
	} {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range root.Commands() {
			if slices.Contains(g.names, c.Name()) {
				c.GroupID = g.title
			}
		}
		if slices.Contains(g.names, "help") {
			root.SetHelpCommandGroupID(g.title)
			root.SetCompletionCommandGroupID(g.title)
		}
	}
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Run, c.RunE = nil, helpTopic
		}
	}
}

func helpTopic(c *cobra.Command, args []string) error {
	topic := c.Root()
	for _, arg := range args {
		i := slices.IndexFunc(topic.Commands(), func(s *cobra.Command) bool { return s.Name() == arg || s.HasAlias(arg) })
		if i < 0 {
			return unknownCommand(topic, []string{arg})
		}
		topic = topic.Commands()[i]
	}
	topic.InitDefaultHelpFlag()
	return topic.Help()
}

// flagMistake explains a mistyped flag.
func flagMistake(c *cobra.Command, err error) error {
	hint := fmt.Sprintf("see '%s --help'", c.CommandPath())
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		if near := nearFlag(c, name); near != "" {
			hint = fmt.Sprintf("did you mean --%s?", near)
		}
		hint = cmp.Or(habit(c, name), hint)
	}
	return &StatusError{Status: ExitUsage, Err: err, Hint: hint}
}

// nearFlag is the flag that looks most like name, if one does.
func nearFlag(c *cobra.Command, name string) (near string) {
	least := 1 + max(1, len(name)/3)
	c.Flags().VisitAll(func(f *pflag.Flag) {
		d := formula.Distance(f.Name, name)
		if len(name) > 2 && strings.HasPrefix(f.Name, name) {
			d = 1
		}
		if !f.Hidden && d < least {
			near, least = f.Name, d
		}
	})
	return near
}
