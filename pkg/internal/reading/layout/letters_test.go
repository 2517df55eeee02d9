package layout_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
)

var update = flag.Bool("update", false, "rewrite the tables of counts")

const aboutOrder = `Lines of the test letters that are out of order: on the page as a reader that
makes no mistakes has it (rows), and after layout.Columns (order). Renew with
go test ./pkg/internal/reading/layout -run Letters -update`

// TestLettersInOrder: the columns of heads and feet are read one after the
// other, and nothing else is taken apart.
func TestLettersInOrder(t *testing.T) {
	table := lettertest.OpenTable(t, "order.txt", aboutOrder, *update)
	for _, l := range lettertest.Letters(t) {
		t.Run(l.Name, func(t *testing.T) {
			var rows, columns strings.Builder
			for _, p := range l.Pages(t) {
				rows.WriteString(p.Text())
				columns.WriteString(layout.Columns(p).Text())
			}
			for col, text := range map[string]string{"rows": rows.String(), "order": columns.String()} {
				lost := slices.DeleteFunc(lettertest.LostLines(l.Truth, text), func(line string) bool { return inRow(line, text) })
				table.Add(t, l.Name, col, len(lost), strings.Join(lost, "\n"))
			}
		})
	}
}

// inRow reports whether a line of the truth stands in a row of a table, whose cells
// are whole where the truth goes line by line.
func inRow(line, text string) bool {
	for row := range strings.Lines(text) {
		words := strings.Fields(row)
		if strings.Contains(row, "\t") && !slices.ContainsFunc(strings.Fields(line), func(w string) bool { return !slices.Contains(words, w) }) {
			return true
		}
	}
	return false
}
