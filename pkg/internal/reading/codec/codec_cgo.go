//go:build cgo

package codec

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
)

// Available reports whether this binary holds the libraries.
const Available = true

// Decode writes the image in a file as raw PNM, and returns what the library said
// of damage that it got over. at is the offset of the directory of a TIFF page, 0
// for its first and for other kinds.
func Decode(out io.Writer, path string, at int64, maxPixels int) (said string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if len(data) > 4 && (bytes.HasPrefix(data, []byte("II")) || bytes.HasPrefix(data, []byte("MM"))) {
		return decodeTIFF(out, path, at, maxPixels)
	}
	pix, err := leptonica.Decode(data, maxPixels)
	if errors.Is(err, leptonica.ErrTooLarge) {
		return "", errorf(ErrUnsupported, "%v", err)
	}
	if err != nil {
		return "", errorf(ErrDamaged, "Leptonica: %v", err)
	}
	defer pix.Free()
	w := bufio.NewWriterSize(out, 1<<16)
	if err := writePNM(w, pix); err != nil {
		return "", err
	}
	return "", w.Flush()
}

func writePNM(w io.Writer, pix *leptonica.Pix) error {
	width := pix.Width()
	kind, row := "P5\n%d %d\n255\n", make([]byte, width)
	switch pix.Depth() {
	case 1:
		kind, row = "P4\n%d %d\n", make([]byte, (width+7)/8)
	case 32:
		kind, row = "P6\n%d %d\n255\n", make([]byte, 4*width)
	}
	fmt.Fprintf(w, kind, width, pix.Height())
	for y := range pix.Height() {
		out := row
		pix.Row(y, row)
		if pix.Depth() == 32 {
			for x := range width {
				copy(row[3*x:3*x+3], row[4*x:])
			}
			out = row[:3*width]
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	return nil
}
