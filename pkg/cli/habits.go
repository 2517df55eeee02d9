package cli

import "github.com/spf13/cobra"

// habits say, to those who know OCRmyPDF and Tesseract, what stands here for a flag
// that they know from there.
var habits = map[string]string{
	"l":                 "congvan reads Vietnamese; --readers vie,eng has the English data read along, as a witness",
	"language":          "congvan reads Vietnamese; --readers vie,eng has the English data read along, as a witness",
	"psm":               "congvan finds columns, tables and paragraphs by itself; --layout keeps columns in the text",
	"oem":               "there is one engine, that of Tesseract 5 (LSTM)",
	"sidecar":           "--format pdf,txt writes the text beside the PDF",
	"deskew":            "pages are levelled without being asked, for reading; PDF copies look as before; --prepare chooses the steps",
	"clean":             "pages are cleaned without being asked, for reading; PDF copies look as before; --prepare chooses the steps",
	"clean-final":       "PDF copies look as before; pages are cleaned for reading alone",
	"rotate-pages":      "pages are turned upright without being asked, for reading; PDF copies look as before",
	"remove-background": "pages are made black on white without being asked, for reading; PDF copies look as before",
	"force-ocr":         "--text-layer ignore reads the image of every page",
	"redo-ocr":          "layers of an earlier OCR are read again without being asked; --text-layer redo does it for all pages",
	"skip-text":         "born-digital pages keep their text without being asked; --text-layer use takes any text that a page has",
	"skip-big":          "--max-pixels is the largest image that is decoded",
	"output-type":       "--format pdf writes PDF, --format pdf --pdfa PDF/A-2b",
	"image-dpi":         "the resolution is that of the file, or guessed",
	"dpi":               "the resolution is that of the file, or guessed",
	"tesseract-timeout": "--page-timeout is the time limit of a page",
	"tessdata-dir":      "--tessdata names the folder with Tesseract's data",
	"r":                 "folders are searched without being asked",
	"recursive":         "folders are searched without being asked",
	"title":             "the title of a PDF is that of the letter: its kind, number and subject",
	"optimize":          "images go into a PDF as they are",
}

// habit is what to do in place of a flag that c does not have.
func habit(c *cobra.Command, flag string) string {
	if c.Name() != "ocr" && c.Name() != "watch" {
		return ""
	}
	return habits[flag]
}
