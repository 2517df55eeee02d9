package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"

	"github.com/congvan-cli/congvan/pkg/internal/ccitt"
	"github.com/congvan-cli/congvan/pkg/internal/deflate"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imagefile"
)

// Image is an image as a PDF holds it.
type Image struct {
	Width, Height int
	// Turn is how many degrees clockwise the image is to be turned for showing,
	// by its EXIF data.
	Turn int

	data       []byte
	filter     Name
	parms      Dict
	colorSpace Object
	bits       int
	invert     bool // Adobe's CMYK JPEG
}

// Len is the size of the data in bytes.
func (i *Image) Len() int { return len(i.data) }

// MayBeBilevel reports whether packing the pixels anew, as Encode does, may be
// smaller without loss: in grey PNG files of black and white.
func (i *Image) MayBeBilevel() bool {
	return i.filter == "FlateDecode" && i.colorSpace != Name("DeviceRGB")
}

// Printer reports whether the colours are a printer's: those of a PDF for an archive
// are a screen's.
func (i *Image) Printer() bool { return i.colorSpace == Name("DeviceCMYK") }

var errNoCopy = errors.New("this image can't be taken over as it is")

func (i *Image) dict() Dict {
	d := Dict{"Type": Name("XObject"), "Subtype": Name("Image"), "Width": Int(i.Width), "Height": Int(i.Height),
		"ColorSpace": i.colorSpace, "BitsPerComponent": Int(i.bits)}
	if i.filter != "" {
		d["Filter"] = i.filter
	}
	if i.parms != nil {
		d["DecodeParms"] = i.parms
	}
	if i.invert {
		d["Decode"] = Array{Int(1), Int(0), Int(1), Int(0), Int(1), Int(0), Int(1), Int(0)}
	}
	return d
}

// Copy takes the data of a JPEG or PNG file over as they are: not one pixel
// changes, and not one byte is added. It fails for other files and for images
// that a PDF can't hold like that (interlaced, transparent, mirrored).
func Copy(file []byte) (*Image, error) {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		return copyJPEG(file)
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return copyPNG(file)
	}
	return nil, errNoCopy
}

func copyJPEG(file []byte) (*Image, error) {
	turn, ok := turns[imagefile.JPEG(file).Orientation]
	if !ok {
		return nil, errNoCopy
	}
	img := &Image{Turn: turn, data: file, filter: "DCTDecode", bits: 8}
	adobe := false
	for marker, seg := range imagefile.Segments(file) {
		switch {
		case marker == 0xee && bytes.HasPrefix(seg, []byte("Adobe")):
			adobe = true
		case marker >= 0xc0 && marker <= 0xc2:
			if len(seg) < 6 || seg[0] != 8 {
				return nil, errNoCopy
			}
			img.Height, img.Width = int(binary.BigEndian.Uint16(seg[1:])), int(binary.BigEndian.Uint16(seg[3:]))
			switch seg[5] {
			case 1:
				img.colorSpace = Name("DeviceGray")
			case 3:
				img.colorSpace = Name("DeviceRGB")
			case 4:
				img.colorSpace, img.invert = Name("DeviceCMYK"), adobe
			default:
				return nil, errNoCopy
			}
		case marker >= 0xc3 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return nil, errNoCopy // lossless and arithmetic coding
		case marker == imagefile.Scan && img.Width > 0 && img.Height > 0:
			return img, nil
		}
	}
	return nil, errNoCopy
}

// turns are the degrees by the orientation of EXIF, without those that mirror.
var turns = map[int]int{0: 0, 1: 0, 3: 180, 6: 90, 8: 270}

func copyPNG(file []byte) (*Image, error) {
	img := &Image{filter: "FlateDecode"}
	colors := 1
	for kind, chunk := range imagefile.Chunks(file) {
		n := len(chunk)
		switch kind {
		case "IHDR":
			if n != 13 || chunk[12] != 0 { // interlaced
				return nil, errNoCopy
			}
			img.Width, img.Height = int(binary.BigEndian.Uint32(chunk)), int(binary.BigEndian.Uint32(chunk[4:]))
			img.bits = int(chunk[8])
			switch chunk[9] {
			case 0:
				img.colorSpace = Name("DeviceGray")
			case 2:
				img.colorSpace, colors = Name("DeviceRGB"), 3
			case 3:
			default: // alpha
				return nil, errNoCopy
			}
		case "PLTE":
			if img.colorSpace == nil {
				img.colorSpace = Array{Name("Indexed"), Name("DeviceRGB"), Int(n/3 - 1), String(chunk)}
			}
		case "tRNS":
			return nil, errNoCopy
		case "IDAT":
			img.data = append(img.data, chunk...)
		case "IEND":
			if img.Width == 0 || img.Height == 0 || img.colorSpace == nil || len(img.data) == 0 {
				return nil, errNoCopy
			}
			img.parms = Dict{"Predictor": Int(15), "Colors": Int(colors), "BitsPerComponent": Int(img.bits), "Columns": Int(img.Width)}
			return img, nil
		}
	}
	return nil, errNoCopy
}

// Encode packs pixels without loss: black and white as CCITT group 4, grey
// and colour as Flate with a predictor.
func Encode(src image.Image) *Image {
	b := src.Bounds()
	img := &Image{Width: b.Dx(), Height: b.Dy(), bits: 8, filter: "FlateDecode"}
	gray, isGray := src.(*image.Gray)
	if !isGray && colourless(src) {
		gray, isGray = toGray(src), true
	}
	if isGray && ccitt.Bilevel(gray) {
		img.bits, img.colorSpace, img.filter = 1, Name("DeviceGray"), "CCITTFaxDecode"
		img.parms = Dict{"K": Int(-1), "Columns": Int(img.Width), "Rows": Int(img.Height)}
		img.data = ccitt.Group4(gray)
		return img
	}
	colors := 3
	img.colorSpace = Name("DeviceRGB")
	if isGray {
		colors, img.colorSpace = 1, Name("DeviceGray")
	}
	img.parms = Dict{"Predictor": Int(15), "Colors": Int(colors), "BitsPerComponent": Int(8), "Columns": Int(img.Width)}
	img.data = deflate.Zlib(predict(src, gray, colors))
	return img
}

func colourless(src image.Image) bool {
	b := src.Bounds()
	rgba, fast := src.(*image.RGBA)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if fast {
			row := rgba.Pix[rgba.PixOffset(b.Min.X, y):][:4*b.Dx()]
			for i := 0; i < len(row); i += 4 {
				if row[i] != row[i+1] || row[i] != row[i+2] {
					return false
				}
			}
			continue
		}
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := src.At(x, y).RGBA(); r != g || r != bl {
				return false
			}
		}
	}
	return true
}

func toGray(src image.Image) *image.Gray {
	b := src.Bounds()
	g := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			g.Set(x, y, onWhite(src.At(x, y)))
		}
	}
	return g
}

// onWhite lays a colour on white paper.
func onWhite(c color.Color) color.Color {
	r, g, b, a := c.RGBA()
	paper := 0xffff - a
	return color.RGBA64{uint16(r + paper), uint16(g + paper), uint16(b + paper), 0xffff}
}

// predict returns the rows of an image with the PNG filter that leaves each
// row the smallest sum, before compression.
func predict(src image.Image, gray *image.Gray, colors int) []byte {
	b := src.Bounds()
	row := colors * b.Dx()
	out := make([]byte, 0, (row+1)*b.Dy())
	prev, cur := make([]byte, row), make([]byte, row)
	try := [3][]byte{make([]byte, row), make([]byte, row), make([]byte, row)}
	kinds := [3]byte{1, 2, 4}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		pixels(cur, src, gray, y)
		best, bestSum := 0, -1
		for k := range try {
			sum := 0
			for i := range cur {
				var left, upLeft byte
				if i >= colors {
					left, upLeft = cur[i-colors], prev[i-colors]
				}
				var v byte
				switch kinds[k] {
				case 1:
					v = cur[i] - left
				case 2:
					v = cur[i] - prev[i]
				case 4:
					v = cur[i] - paeth(left, prev[i], upLeft)
				}
				try[k][i] = v
				sum += abs(int(int8(v)))
			}
			if bestSum < 0 || sum < bestSum {
				best, bestSum = k, sum
			}
		}
		out = append(append(out, kinds[best]), try[best]...)
		prev, cur = cur, prev
	}
	return out
}

// pixels fills row with the samples of one row of an image.
func pixels(row []byte, src image.Image, gray *image.Gray, y int) {
	b := src.Bounds()
	if gray != nil {
		copy(row, gray.Pix[gray.PixOffset(gray.Rect.Min.X, y):])
		return
	}
	if rgba, ok := src.(*image.RGBA); ok && rgba.Opaque() {
		pix := rgba.Pix[rgba.PixOffset(b.Min.X, y):]
		for i, j := 0, 0; i < len(row); i, j = i+3, j+4 {
			row[i], row[i+1], row[i+2] = pix[j], pix[j+1], pix[j+2]
		}
		return
	}
	for i, x := 0, b.Min.X; x < b.Max.X; i, x = i+3, x+1 {
		c := color.RGBAModel.Convert(onWhite(src.At(x, y))).(color.RGBA)
		row[i], row[i+1], row[i+2] = c.R, c.G, c.B
	}
}
