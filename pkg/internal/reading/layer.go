package reading

import (
	"context"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// A LayerMode says what is done with the text that a PDF page holds already.
type LayerMode string

// The modes.
const (
	LayerAuto   LayerMode = "auto"   // taken if the page is born digital and its text sound
	LayerUse    LayerMode = "use"    // taken, and corrected, wherever there is one
	LayerRedo   LayerMode = "redo"   // the image is read all the same
	LayerIgnore LayerMode = "ignore" // not looked at
)

// LayerModes are all of them, by name.
var LayerModes = []string{string(LayerAuto), string(LayerUse), string(LayerRedo), string(LayerIgnore)}

// ownText is the text that a page holds, and what was decided about it.
type ownText struct {
	page  *ocr.Page // nil: there is none that counts
	taken bool      // as the text of the page; its image is left unread
	sound bool      // needs no correction; only known of what is taken
	scan  bool      // beside a scanned image
}

// layer looks at the text that page n holds already. A layer that can't be read is
// no reason not to read the image.
func (r *Reader) layer(ctx context.Context, doc *document.Document, n int) ownText {
	if r.TextLayer == LayerIgnore {
		return ownText{}
	}
	l, err := doc.TextLayer(ctx, n)
	if err != nil || !l.Counts() {
		return ownText{}
	}
	t := ownText{page: l.Page, scan: l.Scan}
	switch {
	case r.TextLayer == LayerUse:
		t.taken, t.sound = true, r.sound(l.Page.Text())
	case r.TextLayer != LayerRedo && !l.Scan: // that of a scan is an earlier reading, which ours betters
		t.sound = r.sound(l.Page.Text())
		t.taken = t.sound
	}
	return t
}

// sound reports whether the text of a layer needs nothing done to it.
func (r *Reader) sound(text string) bool { return isNumbers(text) || r.Restorer.Sound(text) }

// isNumbers reports whether a text is a page's number, or a table of figures: it has no
// words to judge by. Letters that a font gives no names come out with other signs among
// the digits.
func isNumbers(text string) bool {
	return strings.ContainsFunc(text, isDigit) && !strings.ContainsFunc(text, func(r rune) bool {
		return !isDigit(r) && !unicode.IsSpace(r) && !strings.ContainsRune(".,:/%()-–", r)
	})
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
