package output

import (
	"bufio"
	"fmt"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// tables writes the tables of a document alone: a row a line, its page, its table on
// the page and its number, then its cells, all parted by tabs.
type tables struct{ w *bufio.Writer }

func newTables(w io.Writer, _ Options) Writer { return &tables{w: bufio.NewWriter(w)} }

func (t *tables) Begin(*Document) error {
	_, err := t.w.WriteString("page\ttable\trow\tcells\n")
	return err
}

func (t *tables) End(*Document) error { return t.w.Flush() }

func (t *tables) Page(p *Page) error {
	var last ocr.Cell
	for _, l := range p.printed() {
		c := l.Cell
		if c.Table == 0 {
			continue
		}
		if c.Table != last.Table || c.Row != last.Row {
			if last.Table > 0 {
				t.w.WriteByte('\n')
			}
			fmt.Fprintf(t.w, "%d\t%d\t%d", p.Number, c.Table, c.Row)
			last = ocr.Cell{Table: c.Table, Row: c.Row}
		}
		if c.Column == last.Column {
			t.w.WriteByte(' ')
		}
		for ; last.Column < c.Column; last.Column++ { // empty cells, too
			t.w.WriteByte('\t')
		}
		for i, w := range l.Words {
			if i > 0 {
				t.w.WriteByte(' ')
			}
			t.w.WriteString(w.Text)
		}
	}
	if last.Table > 0 {
		t.w.WriteByte('\n')
	}
	return t.w.Flush()
}
