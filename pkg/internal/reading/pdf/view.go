package pdf

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// A view is a PDF as poppler sees it: its pages, their sizes and what images they
// paint.
type view struct {
	path      string
	pages     int
	encrypted string
	sizes     map[int]pdftools.Size
	images    map[int]hash.Hash // of the rows of "pdfimages -list", by page from 1
}

func lookAt(ctx context.Context, path string) (*view, error) {
	v := &view{path: path, images: map[int]hash.Hash{}}
	info, err := pdftools.AskInfo(ctx, path, pdftools.Pages{}, 0)
	if err != nil {
		return nil, err
	}
	v.pages, v.encrypted = info.Pages, info.Encrypted
	all := pdftools.Pages{First: 1, Last: v.pages}
	if info, err = pdftools.AskInfo(ctx, path, all, 0); err != nil {
		return nil, err
	}
	v.sizes = info.Sizes
	return v, pdftools.AskImages(ctx, path, all, 0, func(page int, m pdftools.Image) {
		if v.images[page] == nil {
			v.images[page] = sha256.New()
		}
		fmt.Fprintln(v.images[page], m)
	})
}

func (v *view) all() []int {
	out := make([]int, v.pages)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

// compare reports an error unless the file at path has the same pages, and those
// that are to be drawn, in order, look the same to the last point.
func (v *view) compare(ctx context.Context, path string, drawn []int) error {
	other, err := lookAt(ctx, path)
	if err != nil {
		return err
	}
	switch {
	case other.pages != v.pages:
		return fmt.Errorf("%d pages became %d", v.pages, other.pages)
	case allowed(other.encrypted) != allowed(v.encrypted):
		return fmt.Errorf("encrypted: %q became %q", v.encrypted, other.encrypted)
	}
	for n := 1; n <= v.pages; n++ {
		if v.sizes[n] != other.sizes[n] {
			return fmt.Errorf("page %d has another size", n)
		}
		a, b := v.images[n], other.images[n]
		if (a == nil) != (b == nil) || a != nil && !slices.Equal(a.Sum(nil), b.Sum(nil)) {
			return fmt.Errorf("page %d has other images", n)
		}
	}
	for len(drawn) > 0 {
		run := 1
		for run < len(drawn) && run < drawRun && drawn[run] == drawn[run-1]+1 {
			run++
		}
		pages := pdftools.Pages{First: drawn[0], Last: drawn[run-1]}
		a, err := draw(ctx, v.path, pages)
		if err != nil {
			return err
		}
		b, err := draw(ctx, path, pages)
		if err != nil {
			return err
		}
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return fmt.Errorf("page %d looks different", pages.First+i)
			}
		}
		if len(a) != len(b) {
			return fmt.Errorf("%d pages can be drawn, not %d", len(b), len(a))
		}
		drawn = drawn[run:]
	}
	return nil
}

// allowed is what an encrypted file permits, as pdfinfo says it, without the
// algorithm: qpdf may take a better one.
func allowed(encrypted string) string {
	permissions, _, _ := strings.Cut(encrypted, " algorithm:")
	return permissions
}

// Pages are drawn this small, in points of the longer side, and this many in one
// go.
const (
	drawSide = 400
	drawRun  = 64
)

// draw returns a sum for each of the pages, drawn small.
func draw(ctx context.Context, path string, pages pdftools.Pages) (sums [][sha256.Size]byte, err error) {
	options := []string{"-cropbox", "-gray", "-scale-to", strconv.Itoa(drawSide), "-f", strconv.Itoa(pages.First), "-l", strconv.Itoa(pages.Last)}
	_, err = pdftools.Cmd{Program: "pdftoppm", Options: options, Use: func(r io.Reader) error {
		br := bufio.NewReader(r)
		for {
			page, err := readPGM(br)
			if err == io.EOF {
				return nil
			} else if err != nil {
				return fmt.Errorf("pdftoppm: %w", err)
			}
			sums = append(sums, sha256.Sum256(page))
		}
	}}.Run(ctx, path)
	return sums, err
}

// readPGM reads one of the images that pdftoppm writes one after the other, with
// its header. The error is io.EOF after the last.
func readPGM(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for range 3 {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		out = append(out, line...)
	}
	var w, h int
	if _, err := fmt.Sscanf(string(out), "P5\n%d %d\n255\n", &w, &h); err != nil || w < 0 || h < 0 || w > 2*drawSide || h > 2*drawSide {
		return nil, fmt.Errorf("bad header %q", out)
	}
	head := len(out)
	out = append(out, make([]byte, w*h)...)
	_, err := io.ReadFull(r, out[head:])
	return out, err
}
