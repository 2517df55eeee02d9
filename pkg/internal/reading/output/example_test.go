package output_test

import (
	"image"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// A document is written page by page, in as many formats at once as there are
// writers.
func ExampleNew() {
	doc := &output.Document{Path: "letter.png", Pages: 1}
	page := &output.Page{Number: 1, Page: &ocr.Page{Size: image.Pt(800, 600), Lines: []ocr.Line{
		{Words: []ocr.Word{{Text: "Kính"}, {Text: "gửi:"}, {Text: "Sở"}, {Text: "Y"}, {Text: "tế"}}},
	}}}
	w, err := output.New("txt", os.Stdout, output.Options{})
	if err != nil {
		panic(err)
	}
	for _, err := range []error{w.Begin(doc), w.Page(page), w.End(doc)} {
		if err != nil {
			panic(err)
		}
	}
	// Output: Kính gửi: Sở Y tế
}
