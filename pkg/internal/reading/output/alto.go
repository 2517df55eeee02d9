package output

import (
	"bufio"
	"fmt"
	"image"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// alto writes ALTO 4.4 (Library of Congress), measured in pixels.
type alto struct {
	w    *bufio.Writer
	opts Options
}

func newALTO(w io.Writer, opts Options) Writer { return &alto{w: bufio.NewWriter(w), opts: opts} }

func (a *alto) Begin(d *Document) error {
	_, err := fmt.Fprintf(a.w, `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>%s</fileName></sourceImageInformation>
<Processing ID="ocr"><processingStepDescription>%s</processingStepDescription><processingSoftware><softwareName>%s</softwareName></processingSoftware></Processing>
</Description>
<Layout>
`, esc(clean(d.Path)), esc(step(d)), esc(a.opts.generator()))
	return err
}

// step describes what was done to a document.
func step(d *Document) string {
	s := "text recognition"
	if d.Reader != "" {
		s += " (" + clean(d.Reader) + ")"
	}
	if d.Model != "" {
		s += ", corrected with " + clean(d.Model)
	}
	return s
}

func (a *alto) End(*Document) error {
	a.w.WriteString("</Layout>\n</alto>\n")
	return a.w.Flush()
}

func (a *alto) Page(p *Page) error {
	n, size := p.Number, p.size()
	fmt.Fprintf(a.w, "<Page ID=\"p%d\" PHYSICAL_IMG_NR=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\" LANG=\"vi\">\n<PrintSpace %s>\n", n, n, size.X, size.Y, place(image.Rectangle{Max: size}))
	line := 0
	for b, block := range blocks(p.printed()) {
		// ALTO has no paragraphs inside a block: each is a TextBlock of the
		// ComposedBlock that stands for the area.
		fmt.Fprintf(a.w, "<ComposedBlock ID=\"p%d_b%d\" %s>\n", n, b+1, place(boxOfBlock(block)))
		for r, par := range block {
			fmt.Fprintf(a.w, "<TextBlock ID=\"p%d_b%d_%d\" %s>\n", n, b+1, r+1, place(ocr.AroundLines(par)))
			for _, l := range par {
				line++
				fmt.Fprintf(a.w, "<TextLine ID=\"p%d_l%d\" %s>\n", n, line, place(l.Box))
				a.words(l.Words)
				a.w.WriteString("</TextLine>\n")
			}
			a.w.WriteString("</TextBlock>\n")
		}
		a.w.WriteString("</ComposedBlock>\n")
	}
	a.w.WriteString("</PrintSpace>\n</Page>\n")
	return a.w.Flush()
}

func (a *alto) words(words []ocr.Word) {
	for i, w := range words {
		if i > 0 {
			a.w.WriteString("<SP/>\n")
		}
		fmt.Fprintf(a.w, "<String %s CONTENT=\"%s\" WC=\"%.4f\"/>\n", place(w.Box), esc(w.Text), w.Confidence)
	}
}

func place(r image.Rectangle) string {
	return fmt.Sprintf(`HPOS="%d" VPOS="%d" WIDTH="%d" HEIGHT="%d"`, r.Min.X, r.Min.Y, r.Dx(), r.Dy())
}
