package cli

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// commands are those that users see, but for cobra's own.
func commands(t *testing.T) (all []*cobra.Command) {
	t.Helper()
	root := newRootCmd(&Streams{In: new(bytes.Buffer), Out: new(bytes.Buffer), Err: new(bytes.Buffer)})
	_ = eachCommand(root, func(c *cobra.Command) error {
		if !strings.Contains(c.CommandPath(), "completion") && c.Name() != "help" {
			all = append(all, c)
		}
		return nil
	})
	if len(all) < 15 {
		t.Fatalf("%d commands", len(all))
	}
	return all
}

// Every command has a man page with an example and its exit statuses, and pages
// name the files and variables that commands use.
func TestManPages(t *testing.T) {
	for _, c := range commands(t) {
		page := manPage(c)
		for _, section := range []string{".SH EXAMPLES", ".SH EXIT STATUS"} {
			if !bytes.Contains(page, []byte(section+"\n")) {
				t.Errorf("%s has no %s", c.CommandPath(), section)
			}
		}
		if c.Name() == "ocr" && (!bytes.Contains(page, []byte(".SH FILES\n")) || !bytes.Contains(page, []byte(`TESSDATA_PREFIX`))) {
			t.Error("ocr: files or environment are missing")
		}
	}
	for _, e := range slices.Concat(manFiles, manEnvironment) {
		for name := range strings.FieldsSeq(e.commands) {
			if !slices.ContainsFunc(commands(t), func(c *cobra.Command) bool {
				return strings.ReplaceAll(c.CommandPath(), " ", "-") == "congvan-"+name
			}) {
				t.Errorf("%s: there is no command %s", e.name, name)
			}
		}
	}
}

// freeText are the flags whose values the shell can't know.
var freeText = regexp.MustCompile(`^(shard|stdin-name|.*-suffix|max-size|weight|name|text|out|output|json|gold|pred|raw|` +
	`baseline|cache|write-baseline|config|summary|report|organization|files-from|after|pages|exclude|program|number|issuer|signer|subject|type|address)$`)

// Flags that take a fixed set of values have it completed.
func TestEveryFlagCompletes(t *testing.T) {
	for _, c := range commands(t) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if k := f.Value.Type(); k != "string" && !strings.HasPrefix(k, "string") || f.Hidden || freeText.MatchString(f.Name) {
				return
			}
			if name, _ := pflag.UnquoteUsage(f); name == "FILE" || name == "DIR" || name == "DATE" {
				return
			}
			_, known := c.GetFlagCompletionFunc(f.Name)
			if _, dir := f.Annotations[cobra.BashCompSubdirsInDir]; !known && !dir {
				t.Errorf("%s --%s: neither completed nor free text", c.CommandPath(), f.Name)
			}
		})
	}
	for name, list := range completions() {
		c, _, _ := commands(t)[0].Find(strings.Fields(name))
		for _, f := range list {
			if c.Flags().Lookup(f.flag) == nil {
				t.Errorf("%s has no flag --%s", name, f.flag)
			}
		}
	}
	r, err := models.Restorer(restore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Sources(); !slices.Equal(got, sources) {
		t.Errorf("--source may be %q, completed is %q", got, sources)
	}
}

func TestCompleteAfterComma(t *testing.T) {
	c := completion{"x", []string{"a", "b", "c"}, true}
	for typed, want := range map[string][]string{
		"":     {"a", "b", "c"},
		"b,":   {"b,a", "b,c"},
		"b,c,": {"b,c,a"},
		"b,x":  {"b,a", "b,c"}, // the shell drops what does not fit
	} {
		if got, _ := c.complete(nil, nil, typed); !slices.Equal(got, want) {
			t.Errorf("after %q: %q, want %q", typed, got, want)
		}
	}
}

// Commands with many flags show each in one group.
func TestFlagGroups(t *testing.T) {
	for _, c := range commands(t) {
		if !slices.Contains(grouped, c.Name()) {
			continue
		}
		usage := flagUsages(c)
		if strings.Contains(usage, "Flags:\n") {
			t.Errorf("%s: some flags have no group:\n%s", c.CommandPath(), usage)
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if n := len(regexp.MustCompile(`(?m)^ +(-\w, )?--`+f.Name+`\b[^-]`).FindAllString(usage, -1)); n != 1 && !f.Hidden {
				t.Errorf("%s --%s is shown %d times", c.CommandPath(), f.Name, n)
			}
		})
	}
}
