//go:build cgo

package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A tiff is the tags of a page, and its strips, of which each holds all rows of
// one plane.
type tiff struct {
	tags   map[int][]int
	strips [][]byte
}

// side is that of the test images: black left, white right, and grey where there
// are levels, in the last column.
const side = 16

func (f tiff) bytes() []byte {
	le := binary.LittleEndian
	tags := map[int][]int{256: {side}, 257: {side}, 258: {8}, 259: {1}, 262: {1}, 277: {1}, 278: {side}}
	for k, v := range f.tags {
		tags[k] = v
	}
	b := append([]byte("II*\x00"), make([]byte, 4)...)
	for _, s := range f.strips {
		tags[273] = append(tags[273], len(b))
		tags[279] = append(tags[279], len(s))
		b = append(b, s...)
	}
	long := map[int]int{}
	for k, v := range tags {
		if len(v) > 2 || len(v) > 1 && (k == 273 || k == 279) {
			long[k] = len(b)
			for _, n := range v {
				if k == 273 || k == 279 {
					b = le.AppendUint32(b, uint32(n))
				} else {
					b = le.AppendUint16(b, uint16(n))
				}
			}
		}
	}
	le.PutUint32(b[4:], uint32(len(b)))
	b = le.AppendUint16(b, uint16(len(tags)))
	for k := range 400 {
		v, ok := tags[k]
		if !ok {
			continue
		}
		kind := 3
		switch k {
		case 0:
			kind = 0
		case 273, 279:
			kind = 4
		}
		b = le.AppendUint16(le.AppendUint16(b, uint16(k)), uint16(kind))
		b = le.AppendUint32(b, uint32(len(v)))
		switch at, far := long[k]; {
		case far:
			b = le.AppendUint32(b, uint32(at))
		case kind == 4:
			b = le.AppendUint32(b, uint32(v[0]))
		default:
			b = le.AppendUint16(b, uint16(v[0]))
			second := 0
			if len(v) > 1 {
				second = v[1]
			}
			b = le.AppendUint16(b, uint16(second))
		}
	}
	return le.AppendUint32(b, 0)
}

// rows repeats a row for every row of the image.
func rows(row ...byte) []byte { return bytes.Repeat(row, side) }

// pixels repeats samples: those of black eight times, of white seven times, of the
// last pixel once.
func pixels(black, white, last []byte) []byte {
	return rows(append(append(bytes.Repeat(black, 8), bytes.Repeat(white, 7)...), last...)...)
}

// oldLZW compresses as the first LZW writers did: codes with their lowest bit
// first. It clears the table often, so that codes stay 9 bits long.
func oldLZW(data []byte) []byte {
	var out []byte
	acc, n := uint(0), 0
	put := func(code uint) {
		acc |= code << n
		for n += 9; n >= 8; n -= 8 {
			out = append(out, byte(acc))
			acc >>= 8
		}
	}
	for i, v := range data {
		if i%100 == 0 {
			put(256)
		}
		put(uint(v))
	}
	put(257)
	return append(out, byte(acc))
}

// decodeFile decodes data as a file and returns its pixels as grey levels.
func decodeFile(t *testing.T, data []byte) (kind string, size image.Point, levels []byte, said string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if said, err = Decode(&b, path, 0, 1<<20); err != nil {
		return "", size, nil, said, err
	}
	var most int
	fmt.Fscan(&b, &kind, &size.X, &size.Y)
	if kind != "P4" {
		fmt.Fscan(&b, &most)
	}
	b.ReadByte()
	return kind, size, b.Bytes(), said, nil
}

// Every kind of TIFF that the field has shows black left, white right, and its
// last column as it is meant.
func TestTIFF(t *testing.T) {
	b, w := []byte{0}, []byte{255}
	for _, tt := range []struct {
		name string
		file tiff
		row  []byte // one of P4, or grey levels: the first, the ninth and the last pixel
	}{
		{"8 bits", tiff{nil, [][]byte{pixels(b, w, []byte{100})}}, []byte{0, 255, 100}},
		{"8 bits, white at 0", tiff{map[int][]int{262: {0}}, [][]byte{pixels(w, b, []byte{155})}}, []byte{0, 255, 100}},
		{"1 bit, white at 0", tiff{map[int][]int{258: {1}, 262: {0}}, [][]byte{rows(0xff, 0x01)}}, []byte{0xff, 0x01}},
		{"1 bit, black at 0", tiff{map[int][]int{258: {1}}, [][]byte{rows(0x00, 0xfe)}}, []byte{0xff, 0x01}},
		{"1 bit, lowest bit first", tiff{map[int][]int{258: {1}, 262: {0}, 266: {2}}, [][]byte{rows(0xff, 0x80)}}, []byte{0xff, 0x01}},
		{"2 bits", tiff{map[int][]int{258: {2}}, [][]byte{rows(0, 0, 0xff, 0xfd)}}, []byte{0, 255, 85}},
		{"4 bits", tiff{map[int][]int{258: {4}}, [][]byte{rows(0, 0, 0, 0, 0xff, 0xff, 0xff, 0xf6)}}, []byte{0, 255, 102}},
		{"16 bits", tiff{map[int][]int{258: {16}}, [][]byte{pixels([]byte{0, 0}, []byte{255, 255}, []byte{0, 100})}}, []byte{0, 255, 100}},
		{"grey with opacity", tiff{map[int][]int{258: {8, 8}, 277: {2}, 338: {2}}, [][]byte{pixels([]byte{0, 255}, []byte{255, 255}, []byte{0, 0})}}, []byte{0, 255, 255}},
		{"RGB", tiff{map[int][]int{258: {8, 8, 8}, 262: {2}, 277: {3}}, [][]byte{pixels([]byte{0, 0, 0}, []byte{255, 255, 255}, []byte{90, 90, 90})}}, []byte{0, 255, 90}},
		{"RGB with a byte of no meaning", tiff{map[int][]int{258: {8, 8, 8, 8}, 262: {2}, 277: {4}, 338: {0}}, [][]byte{pixels([]byte{0, 0, 0, 0}, []byte{255, 255, 255, 0}, []byte{90, 90, 90, 0})}}, []byte{0, 255, 90}},
		{"RGB with opacity", tiff{map[int][]int{258: {8, 8, 8, 8}, 262: {2}, 277: {4}, 338: {2}}, [][]byte{pixels([]byte{0, 0, 0, 255}, []byte{255, 255, 255, 255}, []byte{0, 0, 0, 0})}}, []byte{0, 255, 255}},
		{"CMYK", tiff{map[int][]int{258: {8, 8, 8, 8}, 262: {5}, 277: {4}}, [][]byte{pixels([]byte{0, 0, 0, 255}, []byte{0, 0, 0, 0}, []byte{0, 0, 0, 155})}}, []byte{0, 255, 100}},
		{"RGB in planes", tiff{map[int][]int{258: {8, 8, 8}, 262: {2}, 277: {3}, 284: {2}}, [][]byte{pixels(b, w, []byte{90}), pixels(b, w, []byte{90}), pixels(b, w, []byte{90})}}, []byte{0, 255, 90}},
		{"a tag that is none", tiff{map[int][]int{0: {0}}, [][]byte{pixels(b, w, []byte{100})}}, []byte{0, 255, 100}},
		{"LZW of old", tiff{map[int][]int{259: {5}}, [][]byte{oldLZW(pixels(b, w, []byte{100}))}}, []byte{0, 255, 100}},
	} {
		kind, size, got, said, err := decodeFile(t, tt.file.bytes())
		if err != nil || said != "" || size != image.Pt(side, side) {
			t.Errorf("%s: %v, %v, said %q", tt.name, err, size, said)
			continue
		}
		step := map[string]int{"P4": 0, "P5": 1, "P6": 3}[kind]
		row := []byte{got[0], got[8*step], got[15*step]}
		if kind == "P4" {
			row = got[:2]
		}
		if !bytes.Equal(row, tt.row) {
			t.Errorf("%s (%s): %v, want %v", tt.name, kind, row, tt.row)
		}
	}
}

// What can't be decoded is damaged or unsupported in the library's own words; what
// can be in part is there.
func TestTIFFFaults(t *testing.T) {
	whole := tiff{nil, [][]byte{pixels([]byte{0}, []byte{255}, []byte{9})}}
	for _, tt := range []struct {
		name string
		data []byte
		kind error
		say  string
	}{
		{"numbers of 32 bits", tiff{map[int][]int{258: {32}, 339: {3}}, [][]byte{make([]byte, 4*side*side)}}.bytes(), ErrUnsupported, "32-bit samples"},
		{"a compression of nobody", tiff{map[int][]int{259: {7777}}, whole.strips}.bytes(), ErrUnsupported, "compression 7777"},
		{"fax without a line", tiff{map[int][]int{258: {1}, 259: {3}, 262: {0}}, [][]byte{{0, 1, 0, 1}}}.bytes(), ErrDamaged, "EOL"}, // a warning is all that is said
		{"too large", tiff{map[int][]int{256: {5000}, 257: {5000}}, whole.strips}.bytes(), ErrUnsupported, "5000 x 5000"},
		{"no directory", []byte("II*\x00\xff\xff\x00\x00"), ErrDamaged, ""},
	} {
		_, _, _, _, err := decodeFile(t, tt.data)
		if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.say) {
			t.Errorf("%s: %v, want %v, %q", tt.name, err, tt.kind, tt.say)
		}
	}
	half := tiff{map[int][]int{278: {side / 2}}, [][]byte{whole.strips[0][:side*side/2], {1}}}
	if _, _, got, said, err := decodeFile(t, half.bytes()); err != nil || said == "" || got[0] != 0 || got[len(got)-3] != 255 {
		t.Errorf("half an image: %v, said %q", err, said)
	}
}

// Other kinds go to Leptonica.
func TestOtherKinds(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	kind, size, got, _, err := decodeFile(t, b.Bytes())
	if err != nil || kind != "P5" || size != image.Pt(40, 30) || got[0] > 3 {
		t.Errorf("%s, %v, %v", kind, size, err)
	}
	if _, _, _, _, err := decodeFile(t, []byte("no image at all")); !errors.Is(err, ErrDamaged) {
		t.Errorf("no image: %v", err)
	}
}
