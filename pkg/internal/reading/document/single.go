package document

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// single is a document of one image.
type single struct{ d *Document }

func (s *single) count() int   { return 1 }
func (s *single) close() error { return nil }

// codecs are Go's own decoders. Kinds that are not here go to Options.Decode.
var codecs = map[Kind]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	PNG:  {png.DecodeConfig, png.Decode},
	JPEG: {jpeg.DecodeConfig, jpeg.Decode},
	BMP:  {bmp.DecodeConfig, bmp.Decode},
	WebP: {webp.DecodeConfig, webp.Decode},
	GIF:  {gif.DecodeConfig, gif.Decode},
}

func (s *single) image(ctx context.Context, _ int) (*Image, error) {
	d := s.d
	data, err := os.ReadFile(d.path)
	if err != nil {
		return nil, plain(err)
	}
	meta := readMeta(d.kind, data)
	var m image.Image
	if d.kind == PNM {
		m, err = d.decodePNM(0, data)
		if err != nil && !errors.As(err, new(*fault.Error)) && d.opts.Decode != nil {
			m, err = d.decodeOutside(ctx, 0)
		}
	} else {
		m, err = d.decodeImage(ctx, data)
	}
	if err != nil {
		return nil, err
	}
	m = meta.orient.apply(normal(m))
	return &Image{Image: m, DPI: meta.dpi(m.Bounds())}, nil
}

// decodeImage decodes data with Go's decoder, or with Options.Decode where
// there is none or it does not know the variant.
func (d *Document) decodeImage(ctx context.Context, data []byte) (image.Image, error) {
	c, ok := codecs[d.kind]
	if !ok {
		return d.decodeOutside(ctx, 0)
	}
	cfg, err := c.config(bytes.NewReader(data))
	if err == nil {
		if err := d.checkSize(0, cfg.Width, cfg.Height); err != nil {
			return nil, err
		}
		var m image.Image
		if m, err = decodeSafely(c.decode, data); err == nil {
			return m, nil
		}
	}
	if d.opts.Decode != nil && unsupported(err) {
		return d.decodeOutside(ctx, 0)
	}
	return nil, d.decodeError(0, err)
}

// decodeSafely turns a panic of a decoder into an error: it is the file's
// fault, not ours.
func decodeSafely(decode func(io.Reader) (image.Image, error), data []byte) (m image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("decoder: %v", r)
		}
	}()
	return decode(bufio.NewReader(bytes.NewReader(data)))
}

// unsupported reports whether err is a decoder's word for a variant that it
// does not know.
func unsupported(err error) bool {
	var (
		j jpeg.UnsupportedError
		p png.UnsupportedError
		t tiff.UnsupportedError
	)
	return errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) || errors.Is(err, bmp.ErrUnsupported) || errors.Is(err, image.ErrFormat)
}

// cutOff knows the words of Go's decoders for data that end too early.
func cutOff(err error) bool {
	s := err.Error()
	return strings.Contains(s, "not enough pixel data") || strings.Contains(s, "short Huffman data")
}

func (d *Document) decodeError(page int, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), cutOff(err):
		return d.fail(page+1, fault.Damaged, fmt.Errorf("damaged %s: the file is cut off", d.kind), "copy or scan it again")
	case unsupported(err):
		return d.fail(page+1, fault.Unsupported, fmt.Errorf("a variant of %s that is not known: %w", d.kind, err), "convert it to PNG")
	}
	if !errors.Is(err, errTIFF) { // which says so itself
		err = fmt.Errorf("damaged %s: %w", d.kind, err)
	}
	return d.fail(page+1, fault.Damaged, err, "copy or scan it again")
}

// decodeOutside has Options.Decode decode a page in a process of its own.
func (d *Document) decodeOutside(ctx context.Context, page int) (image.Image, error) {
	if d.opts.Decode == nil {
		return nil, d.fail(page+1, fault.Unsupported, fmt.Errorf("a variant of %s that is not known", d.kind), "convert it to PNG")
	}
	ctx, cancel := context.WithTimeout(ctx, d.opts.Timeout)
	defer cancel()
	data, err := d.opts.Decode(ctx, d.path, page)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, d.fail(page+1, fault.Damaged, fmt.Errorf("damaged %s: %w", d.kind, err), "copy or scan it again")
	}
	return d.decodePNM(page, data)
}

func (d *Document) decodePNM(page int, data []byte) (image.Image, error) {
	return decodePNM(bytes.NewReader(data), func(w, h int) error { return d.checkSize(page, w, h) })
}
