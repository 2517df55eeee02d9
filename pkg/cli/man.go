package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/congvan-cli/congvan/pkg/internal/check"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// manDate stands in every man page, so that making them twice gives the same
// bytes.
var manDate = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

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
			root := cmd.Root()
			root.DisableAutoGenTag = true
			return eachCommand(root, func(c *cobra.Command) error {
				page, err := manPage(c)
				if err != nil {
					return fmt.Errorf("man page of %s: %w", c.CommandPath(), err)
				}
				return whole.WriteBytes(filepath.Join(args[0], strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"), page)
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
		if sub.IsAvailableCommand() && !sub.IsAdditionalHelpTopicCommand() {
			if err := eachCommand(sub, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// manPage is the page that cobra makes, with the sections that it does not know.
func manPage(c *cobra.Command) ([]byte, error) {
	long, status := cutStatus(c.Long)
	defer func(long string) { c.Long = long }(c.Long)
	c.Long = long
	var b bytes.Buffer
	header := &doc.GenManHeader{Title: strings.ToUpper(strings.ReplaceAll(c.CommandPath(), " ", "-")), Section: "1", Date: &manDate, Source: "congvan", Manual: "congvan"}
	if err := doc.GenMan(c, header, &b); err != nil {
		return nil, err
	}
	name := strings.ReplaceAll(strings.TrimPrefix(c.CommandPath(), "congvan "), " ", "-")
	more := ""
	if status != "" {
		more += ".SH EXIT STATUS\n" + roff(status) + "\n"
	}
	more += manSection("FILES", manFiles, name) + manSection("ENVIRONMENT", manEnvironment, name)
	page := strings.Replace(b.String(), ".SH EXAMPLE\n", ".SH EXAMPLES\n", 1)
	if at := strings.Index(page, ".SH SEE ALSO"); at >= 0 {
		return []byte(page[:at] + more + page[at:]), nil
	}
	return []byte(page + more), nil
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

// manSection lists the entries that a command uses; those of congvan itself are
// all.
func manSection(title string, entries []entry, command string) string {
	text := ""
	for _, e := range entries {
		if command == "congvan" || strings.Contains(" "+e.commands+" ", " "+command+" ") {
			text += fmt.Sprintf(".TP\n\\fB%s\\fP\n%s\n", roff(e.name), roff(e.text))
		}
	}
	if text == "" {
		return ""
	}
	return ".SH " + title + "\n" + text
}

// roff escapes what would be a command or a hyphen to break lines at.
func roff(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\e`), "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return strings.ReplaceAll(s, "\n.", "\n\\&.")
}
