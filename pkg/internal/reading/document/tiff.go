package document

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A TIFF file is a header that holds the offset of the first directory; each
// directory describes one page and ends with the offset of the next:
//
//	header     "II" or "MM" (byte order), 42, offset of the first directory
//	directory  number of entries, 2 bytes
//	           entries of 12 bytes: tag, type, count, value or its offset
//	           offset of the next directory, 4 bytes; 0 ends the file
//
// BigTIFF has a header and entries of its own, of 16 and 20 bytes. The directories
// are walked here, to know the pages and what they say of themselves; the pages
// are decoded by libtiff (package codec).
type tiffFile struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	big   bool
	first int64
}

// Tags and types of entries that concern us.
const (
	tagNewSubfile  = 254
	tagOldSubfile  = 255
	tagWidth       = 256
	tagHeight      = 257
	tagOrientation = 274
	tagXResolution = 282
	tagYResolution = 283
	tagUnit        = 296
)

// tiffTypeSize is the size of a value by its type, 0 for types unknown.
var tiffTypeSize = [19]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

const maxTIFFPages = 1 << 20

var errTIFF = errors.New("damaged TIFF")

func parseTIFFHeader(r io.ReaderAt, size int64) (*tiffFile, error) {
	f := &tiffFile{r: r, size: size}
	var h [16]byte
	if n, err := r.ReadAt(h[:], 0); n < 8 {
		return nil, fmt.Errorf("%w: header: %w", errTIFF, err)
	}
	switch string(h[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return nil, fmt.Errorf("%w: no byte order", errTIFF)
	}
	switch f.order.Uint16(h[2:]) {
	case 42:
		f.first = int64(f.order.Uint32(h[4:]))
	case 43:
		f.big = true
		f.first = int64(f.order.Uint64(h[8:]))
	default:
		return nil, fmt.Errorf("%w: no version", errTIFF)
	}
	return f, nil
}

// tiffDir is a directory: where it is, its numbers, and where the next is.
type tiffDir struct {
	offset int64
	values map[uint16]uint64  // integers
	ratios map[uint16]float64 // rationals
	next   int64
}

func (t *tiffDir) value(tag uint16, otherwise uint64) uint64 {
	if v, ok := t.values[tag]; ok {
		return v
	}
	return otherwise
}

// resolution is what the directory says of it.
func (t *tiffDir) resolution() meta {
	f := 1.0
	unit := t.value(tagUnit, 2)
	if unit == 3 { // dots a centimetre
		f = 2.54
	}
	return meta{xdpi: f * t.ratios[tagXResolution], ydpi: f * t.ratios[tagYResolution], ratio: unit == 1}
}

// reduced reports whether the image is a smaller one of a page, or a mask.
func (t *tiffDir) reduced() bool {
	return t.value(tagNewSubfile, 0)&0b101 != 0 || t.value(tagOldSubfile, 0) == 2
}

func (f *tiffFile) readDir(offset int64) (*tiffDir, error) {
	countSize, entrySize, offSize := int64(2), int64(12), int64(4)
	if f.big {
		countSize, entrySize, offSize = 8, 20, 8
	}
	var cnt [8]byte
	if err := f.readAt(cnt[:countSize], offset); err != nil {
		return nil, err
	}
	n := int64(f.order.Uint16(cnt[:]))
	if f.big {
		n = int64(f.order.Uint64(cnt[:]))
	}
	if n == 0 || n > 4096 {
		return nil, fmt.Errorf("%w: a directory of %d entries", errTIFF, n)
	}
	buf := make([]byte, n*entrySize+offSize)
	if err := f.readAt(buf, offset+countSize); err != nil {
		return nil, err
	}
	dir := &tiffDir{offset: offset, values: map[uint16]uint64{}, ratios: map[uint16]float64{}}
	for i := range n {
		f.entry(dir, buf[i*entrySize:(i+1)*entrySize])
	}
	dir.next = f.uint(buf[n*entrySize:])
	return dir, nil
}

// uint reads an offset of this file's width.
func (f *tiffFile) uint(b []byte) int64 {
	if f.big {
		return int64(f.order.Uint64(b))
	}
	return int64(f.order.Uint32(b))
}

// entry adds one entry to dir if it is a single number.
func (f *tiffFile) entry(dir *tiffDir, e []byte) {
	tag, typ := f.order.Uint16(e), f.order.Uint16(e[2:])
	count, field := uint64(f.order.Uint32(e[4:])), e[8:]
	if f.big {
		count, field = f.order.Uint64(e[4:]), e[12:]
	}
	if int(typ) >= len(tiffTypeSize) || count != 1 {
		return
	}
	if size := tiffTypeSize[typ]; size > int64(len(field)) {
		at := f.uint(field)
		field = make([]byte, size)
		if f.readAt(field, at) != nil {
			return
		}
	}
	switch typ {
	case 1:
		dir.values[tag] = uint64(field[0])
	case 3:
		dir.values[tag] = uint64(f.order.Uint16(field))
	case 4, 13:
		dir.values[tag] = uint64(f.order.Uint32(field))
	case 16, 18:
		dir.values[tag] = f.order.Uint64(field)
	case 5:
		if den := f.order.Uint32(field[4:]); den != 0 {
			dir.ratios[tag] = float64(f.order.Uint32(field)) / float64(den)
		}
	}
}

func (f *tiffFile) readAt(b []byte, at int64) error {
	if at < 0 || at > f.size-int64(len(b)) {
		return fmt.Errorf("%w: it points past the end of the file, which may be cut off", errTIFF)
	}
	_, err := f.r.ReadAt(b, at)
	return err
}

// tiffPage is what is kept of a page.
type tiffPage struct {
	offset        int64 // of its directory
	width, height int
	meta          meta
}

// pages walks the directories and returns those that are pages: not the
// thumbnails and masks that may accompany them, unless there is nothing else. A
// chain that breaks off after some pages yields these and the error.
func (f *tiffFile) pages() ([]tiffPage, error) {
	var full, reduced []tiffPage
	err := f.walk(func(dir *tiffDir) {
		p := tiffPage{offset: dir.offset, width: clampInt(dir.value(tagWidth, 0)), height: clampInt(dir.value(tagHeight, 0)), meta: dir.resolution()}
		if o := dir.value(tagOrientation, 1); o <= 8 {
			p.meta.orient = exifOrientations[o]
		}
		if dir.reduced() {
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

// walk goes through the directories.
func (f *tiffFile) walk(visit func(*tiffDir)) error {
	seen := map[int64]bool{}
	for at := f.first; at != 0; {
		if seen[at] || len(seen) >= maxTIFFPages {
			return fmt.Errorf("%w: its pages go round in a circle", errTIFF)
		}
		seen[at] = true
		dir, err := f.readDir(at)
		if err != nil {
			return err
		}
		visit(dir)
		at = dir.next
	}
	return nil
}

func clampInt(v uint64) int { return int(min(v, 1<<31-1)) }

// tiffPages are the pages of an open TIFF file.
type tiffPages struct {
	d     *Document
	f     *os.File
	tiff  *tiffFile
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
		t.tiff, err = parseTIFFHeader(f, fi.Size())
	}
	if err == nil {
		t.pages, t.rest = t.tiff.pages()
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
