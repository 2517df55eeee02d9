package output

import (
	"bufio"
	"fmt"
	"image"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// tsv writes Tesseract's twelve columns and one more, the word as it was read,
// so that programs made for Tesseract's TSV take it. Levels: 1 page, 2 block, 3
// paragraph, 4 line, 5 word. Confidences are in percent.
type tsv struct{ w *bufio.Writer }

const tsvHeader = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\tread\n"

func newTSV(w io.Writer, _ Options) Writer { return &tsv{w: bufio.NewWriter(w)} }

func (t *tsv) Begin(*Document) error {
	_, err := t.w.WriteString(tsvHeader)
	return err
}

func (t *tsv) End(*Document) error { return t.w.Flush() }

func (t *tsv) Page(p *Page) error {
	t.row(1, [5]int{p.Number}, image.Rectangle{Max: p.size()})
	for b, block := range blocks(p.printed()) {
		t.row(2, [5]int{p.Number, b + 1}, boxOfBlock(block))
		for r, par := range block {
			t.row(3, [5]int{p.Number, b + 1, r + 1}, ocr.AroundLines(par))
			for l, line := range par {
				t.row(4, [5]int{p.Number, b + 1, r + 1, l + 1}, line.Box)
				for w, word := range line.Words {
					t.start(5, [5]int{p.Number, b + 1, r + 1, l + 1, w + 1}, word.Box)
					fmt.Fprintf(t.w, "%.2f\t%s\t%s\n", 100*word.Confidence, word.Text, word.Read)
				}
			}
		}
	}
	return t.w.Flush()
}

func (t *tsv) row(level int, at [5]int, box image.Rectangle) {
	t.start(level, at, box)
	t.w.WriteString("-1\t\t\n")
}

func (t *tsv) start(level int, at [5]int, box image.Rectangle) {
	fmt.Fprintf(t.w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t", level, at[0], at[1], at[2], at[3], at[4],
		box.Min.X, box.Min.Y, box.Dx(), box.Dy())
}

func boxOfBlock(block [][]ocr.Line) (b image.Rectangle) {
	for _, par := range block {
		b = b.Union(ocr.AroundLines(par))
	}
	return b
}
