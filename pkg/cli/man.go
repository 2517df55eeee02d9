package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/pkg/internal/check"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// manDate stands in every man page, so that making them twice gives the same
// bytes.
const manDate = "Jan 2026"

// entry is a line of a FILES or ENVIRONMENT section.
type entry struct {
	name, text string
	commands   string // that use it, separated by blanks
}

var manFiles = []entry{
	{"journal.jsonl", "In the output folder: what became of each document, a JSON object a line. The next run goes by it.", "ocr watch journal journal-list journal-merge journal-verify"},
	{"DOCUMENT.json", "The output that apply corrects and makes the others of; see --format json.", "ocr watch apply"},
	{"DOCUMENT.corrections.json", "What was corrected on the review page that --report writes.", "ocr watch apply"},
	{check.ConfigName, "Settings of check, looked for in the working folder and above.", "check"},
	{".gitignore", "Files that it excludes are not checked, unless --no-ignore is given.", "check"},
	{"/usr/share/tesseract-ocr/5/tessdata", "Where Debian's packages put Tesseract's data; see --tessdata.", "ocr watch synth synth-letters"},
}

var manEnvironment = []entry{
	{"TESSDATA_PREFIX", "Folder with Tesseract's trained data, where --tessdata is not given.", "ocr watch synth synth-letters"},
	{"JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID, AWS_BATCH_JOB_ARRAY_INDEX", "Which part of the documents to do, where --shards is given.", "ocr watch"},
	{"TMPDIR", "Where pages are kept while they are read.", "ocr watch"},
	{"NO_COLOR", "If set, findings have no colour unless --color always is given.", "check"},
	{"SOURCE_DATE_EPOCH", "The date that the model records, in seconds since 1970.", "train-lm train-sense"},
}

// newManCmd writes the man pages; packagers call it.
func newManCmd() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the man pages into a folder",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return err
			}
			return eachCommand(cmd.Root(), func(c *cobra.Command) error {
				return whole.WriteBytes(filepath.Join(args[0], manName(c)+".1"), manPage(c))
			})
		},
	}
}

// eachCommand calls f for the commands of a tree that users see.
func eachCommand(c *cobra.Command, f func(*cobra.Command) error) error {
	if err := f(c); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if isPage(sub) {
			if err := eachCommand(sub, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// isPage reports whether users see a command.
func isPage(c *cobra.Command) bool {
	return c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand()
}

// manPage is the page of a command, in the macros of man(7).
func manPage(c *cobra.Command) []byte {
	c.InitDefaultHelpFlag()
	name := manName(c)
	long, status := cutStatus(cmp.Or(c.Long, c.Short))
	var b bytes.Buffer
	fmt.Fprintf(&b, ".nh\n.TH %q 1 %q congvan congvan\n", strings.ToUpper(name), manDate)
	section := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, ".SH %s\n%s\n", title, strings.TrimSuffix(text, "\n"))
		}
	}
	section("NAME", roff(name)+` \- `+roff(c.Short))
	section("SYNOPSIS", `\fB`+roff(c.UseLine())+`\fP`)
	section("DESCRIPTION", manText(long))
	section("OPTIONS", manFlags(c.NonInheritedFlags()))
	section("OPTIONS INHERITED FROM PARENT COMMANDS", manFlags(c.InheritedFlags()))
	if c.Example != "" {
		section("EXAMPLES", ".EX\n"+roff(c.Example)+"\n.EE")
	}
	section("EXIT STATUS", roff(status))
	used := strings.TrimPrefix(name, "congvan-")
	section("FILES", manEntries(manFiles, used))
	section("ENVIRONMENT", manEntries(manEnvironment, used))
	section("SEE ALSO", seeAlso(c))
	return b.Bytes()
}

// manName is the name of the page of a command.
func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manText is a text of paragraphs; those that are indented stay as they stand.
func manText(s string) string {
	paragraphs := strings.Split(strings.TrimSpace(s), "\n\n")
	for i, p := range paragraphs {
		heading, ok := strings.CutPrefix(p, "#### ") // in the help that cobra has for completions
		switch p = roff(p); {
		case ok:
			paragraphs[i] = ".SS " + roff(heading)
		case strings.HasPrefix(p, " "), strings.HasPrefix(p, "\t"):
			paragraphs[i] = ".EX\n" + p + "\n.EE"
		default:
			paragraphs[i] = ".PP\n" + p
		}
	}
	return strings.TrimPrefix(strings.Join(paragraphs, "\n"), ".PP\n")
}

// manFlags lists flags with their defaults.
func manFlags(flags *pflag.FlagSet) string {
	text := ""
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		names := roff("--" + f.Name)
		if f.Shorthand != "" {
			names = roff("-"+f.Shorthand) + `\fP, \fB` + names
		}
		value := f.DefValue
		if f.Value.Type() == "string" {
			value = strconv.Quote(value)
		}
		if f.NoOptDefVal != "" {
			value = "[" + value + "]"
		}
		text += manEntry(names, "="+roff(value), roff(strings.ReplaceAll(f.Usage, "`", "")))
	})
	return text
}

// manEntry is an item of a list: a name, what follows it, and what it is.
func manEntry(name, more, text string) string {
	return ".TP\n\\fB" + name + "\\fP" + more + "\n" + text + "\n"
}

// seeAlso names the pages above and below that of a command.
func seeAlso(c *cobra.Command) string {
	var pages []string
	add := func(c *cobra.Command) { pages = append(pages, `\fB`+roff(manName(c))+`\fP(1)`) }
	if c.HasParent() {
		add(c.Parent())
	}
	for _, sub := range c.Commands() {
		if isPage(sub) {
			add(sub)
		}
	}
	return strings.Join(pages, ", ")
}

// cutStatus parts what a command says of its exit status from the rest.
func cutStatus(long string) (rest, status string) {
	before, after, ok := strings.Cut(long, "Exit status: ")
	if !ok {
		return long, ""
	}
	status, tail, _ := strings.Cut(after, "\n\n")
	return strings.TrimSpace(before + tail), status
}

// manEntries lists the entries that a command uses; those of congvan itself are
// all.
func manEntries(entries []entry, command string) string {
	text := ""
	for _, e := range entries {
		if command == "congvan" || strings.Contains(" "+e.commands+" ", " "+command+" ") {
			text += manEntry(roff(e.name), "", roff(e.text))
		}
	}
	return text
}

// roff escapes what would be a command or a hyphen to break lines at.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
