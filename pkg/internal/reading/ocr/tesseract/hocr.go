package tesseract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// parseHOCR reads the hOCR that Tesseract writes for one page:
//
//	<div class='ocr_page' title='image ""; bbox 0 0 2548 3548; …'>
//	 <div class='ocr_carea' …>
//	  <p class='ocr_par' …>
//	   <span class='ocr_line' title="bbox 608 290 2336 371; …">
//	    <span class='ocrx_word' title='bbox 608 301 646 343; x_wconf 96'>3.</span>
//
// A line may also be an ocr_header, ocr_caption or ocr_textfloat. Words of
// white space only, which Tesseract makes of pictures and rules, are left out,
// and so are the lines that hold nothing else.
func parseHOCR(data []byte) (*ocr.Page, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(data, []byte("\uFFFD"))))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	h := hocrReader{page: &ocr.Page{}}
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("hOCR: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := h.start(t); err != nil {
				return nil, err
			}
		case xml.EndElement:
			h.end()
		case xml.CharData:
			if h.word != nil {
				h.text = append(h.text, t...)
			}
		}
	}
	h.flushLine()
	if h.pages == 0 {
		return nil, errors.New("hOCR: no page in it")
	}
	return h.page, nil
}

// hocrReader is the state of parseHOCR.
type hocrReader struct {
	page       *ocr.Page
	pages      int
	block, par int
	line       *ocr.Line
	word       *ocr.Word
	depth      int // of elements inside the word
	text       []byte
}

func (h *hocrReader) start(t xml.StartElement) error {
	if h.word != nil { // <strong>, <em>, or the alternatives of a symbol
		h.depth++
		return nil
	}
	var class, title string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		}
	}
	switch class {
	case "ocr_page":
		h.pages++
		box, err := hocrBox(title)
		if err != nil {
			return err
		}
		h.page.Size = box.Max
	case "ocr_carea":
		h.block++
		h.par = 0
	case "ocr_par":
		h.par++
	case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat":
		h.flushLine()
		box, err := hocrBox(title)
		if err != nil {
			return err
		}
		h.line = &ocr.Line{Box: box, Block: h.block, Par: h.par}
	case "ocrx_word":
		if h.line == nil {
			return errors.New("hOCR: a word outside a line")
		}
		box, err := hocrBox(title)
		if err != nil {
			return err
		}
		sure := hocrConf(title)
		h.word = &ocr.Word{Box: box, Sure: sure, Confidence: sure}
		h.depth, h.text = 0, h.text[:0]
	}
	return nil
}

func (h *hocrReader) end() {
	if h.word == nil {
		return
	}
	if h.depth > 0 {
		h.depth--
		return
	}
	if s := norm.NFC.String(strings.TrimSpace(string(h.text))); s != "" {
		h.word.Read, h.word.Text = s, s
		h.line.Words = append(h.line.Words, *h.word)
	}
	h.word = nil
}

func (h *hocrReader) flushLine() {
	if h.line != nil && len(h.line.Words) > 0 {
		h.page.Lines = append(h.page.Lines, *h.line)
	}
	h.line = nil
}

// property returns the values of a property of an hOCR title.
func property(title, name string) []string {
	for len(title) > 0 {
		var p string
		p, title, _ = strings.Cut(title, ";")
		f := strings.Fields(p)
		if len(f) > 0 && f[0] == name {
			return f[1:]
		}
	}
	return nil
}

func hocrBox(title string) (image.Rectangle, error) {
	f := property(title, "bbox")
	if len(f) != 4 {
		return image.Rectangle{}, fmt.Errorf("hOCR: no bbox in %q", title)
	}
	var v [4]int
	for i, s := range f {
		n, err := strconv.Atoi(s)
		if err != nil {
			return image.Rectangle{}, fmt.Errorf("hOCR: bbox: %w", err)
		}
		v[i] = n
	}
	return image.Rect(v[0], v[1], v[2], v[3]), nil
}

// hocrConf returns a word's confidence, which hOCR gives in percent.
func hocrConf(title string) float64 {
	f := property(title, "x_wconf")
	if len(f) != 1 {
		return 0
	}
	v, err := strconv.ParseFloat(f[0], 64)
	if err != nil || !(v >= 0) {
		return 0
	}
	return min(v, 100) / 100
}
