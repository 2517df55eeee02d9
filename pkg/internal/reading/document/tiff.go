package document

import (
	"context"
	"fmt"
	"os"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imagefile"
)

// tiffPage is what is kept of a page.
type tiffPage struct {
	offset        int64 // of its directory
	width, height int
	meta          meta
}

// pagesOf walks the directories and returns those that are pages: not the
// thumbnails and masks that may accompany them, unless there is nothing else. A
// chain that breaks off after some pages yields these and the error.
func pagesOf(f *imagefile.TIFF) ([]tiffPage, error) {
	var full, reduced []tiffPage
	err := f.Walk(func(dir *imagefile.Dir) {
		p := tiffPage{offset: dir.Offset, width: clampInt(dir.Value(imagefile.Width, 0)), height: clampInt(dir.Value(imagefile.Height, 0)), meta: meta(dir.Meta())}
		if dir.Reduced() {
			reduced = append(reduced, p)
		} else {
			full = append(full, p)
		}
	})
	if len(full) == 0 {
		full = reduced
	}
	return full, err
}

func clampInt(v uint64) int { return int(min(v, 1<<31-1)) }

// tiffPages are the pages of an open TIFF file.
type tiffPages struct {
	d     *Document
	f     *os.File
	tiff  *imagefile.TIFF
	pages []tiffPage
	rest  error // why the pages after the last could not be found
}

func openTIFF(d *Document) (pages, error) {
	f, err := os.Open(d.path)
	if err != nil {
		return nil, plain(err)
	}
	t := &tiffPages{d: d, f: f}
	fi, err := f.Stat()
	if err == nil {
		t.tiff, err = imagefile.OpenTIFF(f, fi.Size())
	}
	if err == nil {
		t.pages, t.rest = pagesOf(t.tiff)
	}
	if err == nil && len(t.pages) == 0 {
		err = t.rest
	}
	if err != nil {
		f.Close()
		return nil, d.decodeError(-1, err)
	}
	if t.rest != nil { // one more page, which is the error
		t.pages = append(t.pages, tiffPage{})
	}
	return t, nil
}

func (t *tiffPages) count() int   { return len(t.pages) }
func (t *tiffPages) close() error { return t.f.Close() }

func (t *tiffPages) image(ctx context.Context, page int) (*Image, error) {
	if t.rest != nil && page == len(t.pages)-1 {
		return nil, t.d.decodeError(page, fmt.Errorf("this page and those after it cannot be found: %w", t.rest))
	}
	p := t.pages[page]
	if err := t.d.checkSize(page, p.width, p.height); err != nil {
		return nil, err
	}
	m, damage, err := t.d.decodeOutside(ctx, page, p.offset)
	if err != nil {
		return nil, err
	}
	img := &Image{Damage: damage}
	img.Image, img.DPI = p.meta.upright(m)
	return img, nil
}
