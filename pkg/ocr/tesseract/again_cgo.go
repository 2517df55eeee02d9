//go:build cgo

package tesseract

// #include <leptonica/allheaders.h>
import "C"

import (
	"context"
	"errors"
	"image"
	"slices"
	"unicode/utf8"
	"unsafe"

	"github.com/otiai10/gosseract/v2"

	"github.com/congvan-cli/congvan/pkg/ocr"
)

// Tesseract makes nonsense now and then of a line that it reads well when it is
// shown alone: a short line among others, the first one of a column, one whose
// neighbours reach into it. It does not trust such a reading itself. So these
// lines are read again, alone, and the reading it trusts more is kept.
const (
	doubtfulLine = 0.75 // confidence of a line below which it is read again
	doubtfulWord = 0.40 // the same of one of its words, from two letters on
	maxAgain     = 20   // lines a page: of one that holds no text, all are doubtful
)

// readAgain reads the doubtful lines of p again.
func (c *client) readAgain(ctx context.Context, img ocr.Image, p *ocr.Page) error {
	var lines []*ocr.Line
	for i := range p.Lines {
		if l := &p.Lines[i]; doubtful(l) {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 || len(lines) > maxAgain {
		return nil
	}
	pix := decode(img.Data)
	if pix == nil {
		return errors.New("Leptonica could not decode the image")
	}
	defer C.pixDestroy(&pix)
	if err := c.setMode(gosseract.PSM_SINGLE_LINE); err != nil {
		return err
	}
	defer c.setMode(gosseract.PSM_AUTO)
	for _, l := range lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		box := surroundings(p, l)
		data, err := clip(pix, box)
		if err != nil {
			return err
		}
		q, err := c.read(data)
		if err != nil {
			return err
		}
		if words := moved(q, box.Min); confidence(words) > confidence(l.Words)+0.05 {
			l.Words = words
			for _, w := range words {
				l.Box = l.Box.Union(w.Box)
			}
		}
	}
	return nil
}

// surroundings returns the box of a line with some of the paper around it, up
// to the lines next to it: marks may have been left out of the box.
func surroundings(p *ocr.Page, l *ocr.Line) image.Rectangle {
	h := l.Box.Dy()
	r := l.Box.Inset(-max(h/2, 4)).Intersect(image.Rectangle{Max: p.Size})
	for i := range p.Lines {
		o := p.Lines[i].Box
		if &p.Lines[i] == l || !o.Overlaps(r) {
			continue
		}
		switch {
		case o.Max.X <= l.Box.Min.X:
			r.Min.X = max(r.Min.X, o.Max.X)
		case o.Min.X >= l.Box.Max.X:
			r.Max.X = min(r.Max.X, o.Min.X)
		case o.Min.Y+o.Max.Y < l.Box.Min.Y+l.Box.Max.Y:
			r.Min.Y = max(r.Min.Y, min(o.Max.Y, l.Box.Min.Y))
		default:
			r.Max.Y = min(r.Max.Y, max(o.Min.Y, l.Box.Max.Y))
		}
	}
	return r
}

func doubtful(l *ocr.Line) bool {
	return confidence(l.Words) < doubtfulLine || slices.ContainsFunc(l.Words, func(w ocr.Word) bool {
		return w.Confidence < doubtfulWord && utf8.RuneCountInString(w.Read) > 1
	})
}

// confidence is that of the words, weighted by their length; 0 without words.
func confidence(words []ocr.Word) float64 {
	sum, n := 0.0, 0
	for _, w := range words {
		k := utf8.RuneCountInString(w.Read)
		sum, n = sum+float64(k)*w.Confidence, n+k
	}
	return sum / float64(max(n, 1))
}

// moved returns the words of a page that begins at a point of another.
func moved(p *ocr.Page, by image.Point) []ocr.Word {
	var words []ocr.Word
	for _, l := range p.Lines {
		words = slices.Concat(words, l.Words)
	}
	for i := range words {
		words[i].Box = words[i].Box.Add(by)
	}
	return words
}

func decode(data []byte) *C.PIX {
	return C.pixReadMem((*C.l_uint8)(unsafe.Pointer(&data[0])), C.size_t(len(data)))
}

// clip returns a part of an image as a file.
func clip(pix *C.PIX, box image.Rectangle) ([]byte, error) {
	b := C.boxCreate(C.l_int32(box.Min.X), C.l_int32(box.Min.Y), C.l_int32(box.Dx()), C.l_int32(box.Dy()))
	defer C.boxDestroy(&b)
	part := C.pixClipRectangle(pix, b, nil)
	if part == nil {
		return nil, errors.New("Leptonica could not cut the image")
	}
	defer C.pixDestroy(&part)
	return writePNM(part)
}
