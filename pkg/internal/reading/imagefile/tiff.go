package imagefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A TIFF is a TIFF file, or EXIF data, which have its form: a header that holds the offset of the first directory; each
// directory describes one page and ends with the offset of the next:
//
//	header     "II" or "MM" (byte order), 42, offset of the first directory
//	directory  number of entries, 2 bytes
//	           entries of 12 bytes: tag, type, count, value or its offset
//	           offset of the next directory, 4 bytes; 0 ends the file
//
// BigTIFF has a header and entries of its own, of 16 and 20 bytes. The directories
// are walked here, to know the pages and what they say of themselves.
type TIFF struct {
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
	Width          = 256
	Height         = 257
	tagOrientation = 274
	tagXResolution = 282
	tagYResolution = 283
	tagUnit        = 296
)

// tiffTypeSize is the size of a value by its type, 0 for types unknown.
var tiffTypeSize = [19]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

const maxPages = 1 << 20

var ErrTIFF = errors.New("damaged TIFF")

func OpenTIFF(r io.ReaderAt, size int64) (*TIFF, error) {
	f := &TIFF{r: r, size: size}
	var h [16]byte
	if n, err := r.ReadAt(h[:], 0); n < 8 {
		return nil, fmt.Errorf("%w: header: %w", ErrTIFF, err)
	}
	switch string(h[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return nil, fmt.Errorf("%w: no byte order", ErrTIFF)
	}
	switch f.order.Uint16(h[2:]) {
	case 42:
		f.first = int64(f.order.Uint32(h[4:]))
	case 43:
		f.big = true
		f.first = int64(f.order.Uint64(h[8:]))
	default:
		return nil, fmt.Errorf("%w: no version", ErrTIFF)
	}
	return f, nil
}

// Dir is a directory: where it is, its numbers, and where the next is.
type Dir struct {
	Offset int64              // where it is in the file
	values map[uint16]uint64  // integers
	ratios map[uint16]float64 // rationals
	next   int64
}

func (t *Dir) Value(tag uint16, otherwise uint64) uint64 {
	if v, ok := t.values[tag]; ok {
		return v
	}
	return otherwise
}

// Meta is what the directory says of its image.
func (t *Dir) Meta() Meta {
	f := 1.0
	unit := t.Value(tagUnit, 2)
	if unit == 3 { // dots a centimetre
		f = 2.54
	}
	m := Meta{XDPI: f * t.ratios[tagXResolution], YDPI: f * t.ratios[tagYResolution], Ratio: unit == 1}
	if o := t.Value(tagOrientation, 1); o <= 8 {
		m.Orientation = int(o)
	}
	return m
}

// Reduced reports whether the image is a smaller one of a page, or a mask.
func (t *Dir) Reduced() bool {
	return t.Value(tagNewSubfile, 0)&0b101 != 0 || t.Value(tagOldSubfile, 0) == 2
}

func (f *TIFF) readDir(offset int64) (*Dir, error) {
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
		return nil, fmt.Errorf("%w: a directory of %d entries", ErrTIFF, n)
	}
	buf := make([]byte, n*entrySize+offSize)
	if err := f.readAt(buf, offset+countSize); err != nil {
		return nil, err
	}
	dir := &Dir{Offset: offset, values: map[uint16]uint64{}, ratios: map[uint16]float64{}}
	for i := range n {
		f.entry(dir, buf[i*entrySize:(i+1)*entrySize])
	}
	dir.next = f.uint(buf[n*entrySize:])
	return dir, nil
}

// uint reads an offset of this file's width.
func (f *TIFF) uint(b []byte) int64 {
	if f.big {
		return int64(f.order.Uint64(b))
	}
	return int64(f.order.Uint32(b))
}

// entry adds one entry to dir if it is a single number.
func (f *TIFF) entry(dir *Dir, e []byte) {
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

func (f *TIFF) readAt(b []byte, at int64) error {
	if at < 0 || at > f.size-int64(len(b)) {
		return fmt.Errorf("%w: it points past the end of the file, which may be cut off", ErrTIFF)
	}
	_, err := f.r.ReadAt(b, at)
	return err
}

// Walk goes through the directories.
func (f *TIFF) Walk(visit func(*Dir)) error {
	seen := map[int64]bool{}
	for at := f.first; at != 0; {
		if seen[at] || len(seen) >= maxPages {
			return fmt.Errorf("%w: its pages go round in a circle", ErrTIFF)
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
