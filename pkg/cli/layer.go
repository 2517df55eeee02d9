package cli

import (
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// What is done with the text that a PDF page holds already.
const (
	layerAuto   = "auto"   // taken if the page is born digital and its text sound
	layerUse    = "use"    // taken, and corrected, wherever there is one
	layerRedo   = "redo"   // the image is read all the same, with the layer as a witness
	layerIgnore = "ignore" // not looked at
)

var layerModes = []string{layerAuto, layerUse, layerRedo, layerIgnore}

// layerTaker returns the pipeline's takeLayer for a mode. The restorer tells
// sound text from garbled.
func layerTaker(mode string, r *restore.Restorer) func(*document.TextLayer) bool {
	switch mode {
	case layerUse:
		return func(*document.TextLayer) bool { return true }
	case layerRedo:
		return func(*document.TextLayer) bool { return false }
	case layerIgnore:
		return nil
	}
	return func(l *document.TextLayer) bool {
		if l.Scan {
			return false // an earlier reading of the image, which ours betters
		}
		return sound(r, l.Page)
	}
}

// sound reports whether nearly all of a page's text is correct Vietnamese or
// no Vietnamese at all. Text in a font of an old encoding is neither.
func sound(r *restore.Restorer, p *ocr.Page) bool {
	doc := r.Document()
	good, all := 0, 0
	for _, b := range blocks(p) {
		all += len(b)
		if src := doc.Block(b).Source; src == restore.Clean || src == restore.Foreign {
			good += len(b)
		}
	}
	return good*10 >= all*9
}

// blocks returns the text of a page's paragraphs.
func blocks(p *ocr.Page) []string {
	var out []string
	for par := range strings.SplitSeq(p.Text(), "\n\n") {
		out = append(out, par)
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}
