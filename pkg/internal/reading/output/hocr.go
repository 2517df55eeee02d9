package output

import (
	"bufio"
	"fmt"
	"html"
	"image"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// hocr writes hOCR 1.2 as well-formed XHTML.
type hocr struct {
	w    *bufio.Writer
	opts Options
	doc  string
}

func newHOCR(w io.Writer, opts Options) Writer { return &hocr{w: bufio.NewWriter(w), opts: opts} }

func (h *hocr) Begin(d *Document) error {
	h.doc = clean(d.Path)
	_, err := fmt.Fprintf(h.w, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi" lang="vi">
<head>
<meta charset="utf-8"/>
<title>%s</title>
<meta name="ocr-system" content="%s"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_table ocr_par ocr_line ocr_float ocr_separator ocr_pageno ocrx_word ocrp_wconf"/>
</head>
<body>
`, esc(h.doc), esc(h.opts.generator()))
	return err
}

func (h *hocr) End(*Document) error {
	h.w.WriteString("</body>\n</html>\n")
	return h.w.Flush()
}

func (h *hocr) Page(p *Page) error {
	n := p.Number
	// Quotes delimit the name inside the title, so it can't hold any.
	fmt.Fprintf(h.w, "<div class=\"ocr_page\" id=\"page_%d\" title=\"image &quot;%s&quot;; %s; ppageno %d%s\">\n",
		n, esc(unquote(h.doc)), bbox(image.Rectangle{Max: p.size()}), n-1, scanRes(p))
	if p.Page != nil {
		for i, r := range p.Regions {
			class := "ocr_float"
			if r.Kind == ocr.Rule {
				class = "ocr_separator"
			}
			fmt.Fprintf(h.w, "<div class=\"%s\" id=\"region_%d_%d\" title=\"%s; x_kind %s\"></div>\n", class, n, i+1, bbox(r.Box), r.Kind)
		}
	}
	line, word := 0, 0
	for b, block := range blocks(p.printed()) {
		fmt.Fprintf(h.w, "<div class=\"%s\" id=\"block_%d_%d\" title=\"%s\">\n", area(block), n, b+1, bbox(boxOfBlock(block)))
		for _, par := range block {
			fmt.Fprintf(h.w, "<p class=\"ocr_par\" title=\"%s\">\n", bbox(ocr.AroundLines(par)))
			for _, l := range par {
				line++
				fmt.Fprintf(h.w, "<span class=\"%s\" id=\"line_%d_%d\" title=\"%s%s%s\">", lineClass(l), n, line, bbox(l.Box), cell(l.Cell), role(l.Role))
				for i, w := range l.Words {
					word++
					if i > 0 {
						h.w.WriteByte(' ')
					}
					fmt.Fprintf(h.w, "<span class=\"ocrx_word\" id=\"word_%d_%d\" title=\"%s; x_wconf %.0f\">%s</span>",
						n, word, bbox(w.Box), 100*w.Confidence, esc(w.Text))
				}
				h.w.WriteString("</span>\n")
			}
			h.w.WriteString("</p>\n")
		}
		h.w.WriteString("</div>\n")
	}
	h.w.WriteString("</div>\n")
	return h.w.Flush()
}

// area is the class of a block.
func area(block [][]ocr.Line) string {
	if block[0][0].Cell != (ocr.Cell{}) {
		return "ocr_table"
	}
	return "ocr_carea"
}

// lineClass is the class of a line.
func lineClass(l ocr.Line) string {
	if l.Role == ocr.RoleNumber {
		return "ocr_pageno"
	}
	return "ocr_line"
}

// role is the property of a line that is no running text, of our own.
func role(r ocr.Role) string {
	if r == "" {
		return ""
	}
	return "; x_role " + string(r)
}

// cell is the property of a line in a table, of our own: row and column from 1.
func cell(c ocr.Cell) string {
	if c == (ocr.Cell{}) {
		return ""
	}
	return fmt.Sprintf("; x_cell %d %d", c.Row, c.Column)
}

func bbox(r image.Rectangle) string {
	return fmt.Sprintf("bbox %d %d %d %d", r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)
}

func scanRes(p *Page) string {
	if p.Page == nil || p.DPI <= 0 {
		return ""
	}
	return fmt.Sprintf("; scan_res %d %d", p.DPI, p.DPI)
}

func unquote(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c == '"' {
			b[i] = '\''
		}
	}
	return string(b)
}

// esc escapes cleaned text for HTML and XML alike.
func esc(s string) string { return html.EscapeString(s) }
